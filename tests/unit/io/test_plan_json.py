"""Plan files: lossless, the same bytes for the same plan, and every damage named with its place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.errors import InputError
from matcher.generate.roster import generate_roster
from matcher.io.plan_file import PlanFile
from matcher.io.plan_json import plan_lines, read_plan_json, write_plan_json
from matcher.io.plan_prices import ScheduleCertificatePart
from matcher.io.plan_sessions import SchedulePart, TakenRow, TimetablesPart
from matcher.io.policy_toml import read_policy
from matcher.outcome import Proof, SolveStatus
from matcher.pairing.certificate import Certificate, LevelPrices
from matcher.pairing.result import LevelResult
from matcher.plan import Conflict, Plan, PlannedGroup, PlannedPair
from matcher.roster import Contour, MentoringForm, MentoringKind, RoleModel, Room, Roster, SessionMode, Topic
from matcher.school_year import Bell, ExamWindow, SchoolYear, Span
from matcher.sessions.schedule import (
    Activity,
    ActivityPurpose,
    Concession,
    PlannedSession,
    Reserve,
    Schedule,
    ScheduleCertificate,
    ScheduleLevel,
    SessionState,
    Unplaced,
    Window,
)
from matcher.texts import Text, text, text_n
from matcher.timegrid import Busy, BusyState, BusyTime, standard_grid
from matcher.timetables import TakenTime, Timetables

WORDS = st.text(min_size=1, max_size=8)
NUMBERS = st.integers(min_value=-(2**40), max_value=2**40)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
MINUTES = st.integers(0, 3000)
MAYBE_WORDS = st.none() | WORDS


def prices(num_mentees: int, num_items: int, num_quotas: int, level: int, draw: Any) -> LevelPrices:
    def array(length: int) -> Any:
        return np.array(draw(st.lists(NUMBERS, min_size=length, max_size=length)), dtype=np.int64)

    return LevelPrices(
        weight=array(level + 1),
        mentee=array(num_mentees),
        minute=array(num_mentees),
        served=array(num_mentees),
        item=array(num_items),
        quota=array(num_quotas),
        floor=array(num_mentees),
        threshold=draw(NUMBERS),
    )


@st.composite
def texts(draw: st.DrawFn, depth: int = 1) -> Text:
    plain = st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(allow_nan=False, allow_infinity=False), WORDS)
    values = st.one_of(plain, texts(depth=0)) if depth else plain
    params = draw(st.dictionaries(WORDS, values, max_size=3))
    if draw(st.booleans()):
        return Text(draw(WORDS), params, draw(WORDS), draw(NUMBERS))
    return Text(draw(WORDS), params)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of made-up people: whatever the types allow, whether or not a regulation would."""
    policy_id = draw(st.sampled_from(["kalmykia", "dalnerechensk", "smolensk_school_23"]))
    roster = generate_roster(
        num_mentees=draw(st.integers(6, 12)),
        num_mentors=draw(st.integers(5, 9)),
        num_organisations=2,
        num_municipalities=1,
        seed=draw(st.integers(0, 30)),
        policy_id=policy_id,
    )
    roster = replace(roster, rooms=(Room(id="R-1", site="S-1"), Room(id="R-2", site="S-1")))
    mentors, mentees = [m.person for m in roster.mentors], sorted(n.person for n in roster.mentees)
    names = draw(st.lists(WORDS, max_size=3, unique=True))
    items, quotas = draw(st.lists(WORDS, max_size=4, unique=True)), draw(st.lists(WORDS, max_size=2, unique=True))
    pairs = st.builds(
        PlannedPair,
        mentor=st.sampled_from(mentors),
        mentee=st.sampled_from(mentees),
        form=st.sampled_from(MentoringForm),
        model=st.none() | st.sampled_from(RoleModel),
        kind=st.sampled_from(MentoringKind),
        contour=st.sampled_from(Contour),
        group=st.none() | WORDS,
        minutes=st.integers(0, 500),
        points=st.dictionaries(WORDS, NUMBERS, max_size=3),
        covers=st.lists(WORDS, max_size=3).map(tuple),
        common_slots=st.none() | st.integers(0, 72),
        locked=st.booleans(),
        counter=st.booleans(),
        clauses=st.lists(WORDS, max_size=2).map(tuple),
        warnings=st.lists(texts(), max_size=2).map(tuple),
    )
    groups = st.builds(
        PlannedGroup,
        id=WORDS,
        mentor=st.sampled_from(mentors),
        topic=st.sampled_from(Topic),
        subject=st.none() | WORDS,
        slot=st.none() | st.integers(0, 71),
        minutes=st.integers(0, 200),
        members=st.lists(st.sampled_from(mentees), max_size=3).map(tuple),
    )
    levels = st.builds(
        LevelResult,
        name=WORDS,
        value=NUMBERS,
        bound=NUMBERS,
        proof=st.none() | st.sampled_from(Proof),
        price=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    )
    found_levels = tuple(draw(st.lists(levels, max_size=3)))
    kinds = st.sampled_from([str(kind) for kind in MentoringKind])
    couples = st.tuples(st.sampled_from(mentors), st.sampled_from(mentees))
    return Plan(
        policy=read_policy(policy_id),
        roster=roster,
        busy=draw(st.none() | busy_times(mentees)),
        reference_day=draw(st.dates(date(2020, 1, 1), date(2030, 1, 1))),
        previous=draw(st.dictionaries(couples, kinds, max_size=3)),
        status=draw(st.sampled_from(SolveStatus)),
        levels=found_levels,
        certificate=Certificate(
            values=tuple(level.value for level in found_levels),
            prices=tuple(prices(len(mentees), len(items), len(quotas), k, draw) for k in range(len(found_levels))),
        ),
        items=tuple(items),
        quotas=tuple(quotas),
        engine=draw(WORDS),
        seed=draw(st.integers(0, 2**31)),
        seconds=draw(st.floats(0, 1e6)),
        options=tuple(draw(st.lists(st.integers(0, 10**6), max_size=5))),
        open_groups=tuple(draw(st.lists(st.tuples(st.integers(0, 99), st.integers(-1, 71)), max_size=3))),
        pairs=tuple(draw(st.lists(pairs, max_size=4))),
        groups=tuple(draw(st.lists(groups, max_size=2))),
        unmatched=tuple(names),
        conflicts=tuple(
            Conflict(mentor=m, mentee=n, message=message)
            for (m, n), message in draw(st.lists(st.tuples(couples, texts()), max_size=2))
        ),
        notes=tuple(draw(st.lists(texts(), max_size=2))),
        timetables=draw(st.none() | timetables(roster)),
        schedule=draw(st.none() | schedules(roster)),
        apart=tuple(draw(st.lists(activities(roster), max_size=2))),
    )


def several(values: st.SearchStrategy[Any], most: int = 3, **settings: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=most, **settings).map(tuple)


def school_years() -> st.SearchStrategy[SchoolYear]:
    spans = several(st.builds(Span, name=WORDS, first_day=DAYS, last_day=DAYS), 2)
    exams = st.builds(
        ExamWindow,
        name=WORDS,
        first_day=DAYS,
        last_day=DAYS,
        grades=several(st.integers(1, 11)),
        subjects=several(WORDS),
        people=several(WORDS),
    )
    return st.builds(
        SchoolYear,
        id=WORDS,
        title=WORDS,
        title_en=WORDS,
        first_day=DAYS,
        last_day=DAYS,
        weekdays=st.integers(5, 6),
        num_weeks=st.integers(1, 2),
        week_a_day=st.none() | DAYS,
        terms=spans,
        vacations=spans,
        holidays=spans,
        working_days=several(DAYS),
        exams=several(exams, 2),
        report_weeks=spans,
        bells=bells(),
        day_start_minute=MINUTES,
    )


def bells() -> st.SearchStrategy[tuple[Bell, ...]]:
    return several(
        st.builds(Bell, name=WORDS, start_minute=MINUTES, end_minute=MINUTES, shift=st.integers(1, 3)),
    )


def taken_times(subjects: list[str]) -> st.SearchStrategy[tuple[TakenTime, ...]]:
    """Times in any order, so that nobody need trust in their being sorted."""
    return several(
        st.builds(
            TakenTime,
            subject=st.sampled_from(subjects),
            week=st.none() | st.integers(0, 1),
            weekday=st.integers(1, 7),
            start_minute=MINUTES,
            end_minute=MINUTES,
            state=st.sampled_from(BusyState),
            site=MAYBE_WORDS,
            first_day=st.none() | DAYS,
            last_day=st.none() | DAYS,
        ),
        6,
    )


def timetables(roster: Roster) -> st.SearchStrategy[Timetables]:
    people = sorted(person.id for person in roster.people)[:4]
    organisations = st.sampled_from(["", *(found.id for found in roster.organisations)])
    return st.builds(
        Timetables,
        time_zone=WORDS,
        people=taken_times(people),
        rooms=taken_times(["R-1", "R-2"]),
        known=several(st.sampled_from(people), unique=True),
        bells=st.dictionaries(organisations, bells()),
        years=st.dictionaries(organisations, school_years()),
        ahead=st.dictionaries(organisations, st.integers(-600, 600)),
    )


@st.composite
def activities(draw: st.DrawFn, roster: Roster, id_: str = "A-1") -> Activity:
    people = sorted(person.id for person in roster.people)
    windows = several(st.builds(Window, first_day=DAYS, last_day=DAYS))
    return Activity(
        id=id_,
        purpose=draw(st.sampled_from(ActivityPurpose)),
        kind=draw(st.sampled_from(MentoringKind)),
        form=draw(st.sampled_from(MentoringForm)),
        mentor=draw(st.sampled_from(people)),
        mentees=draw(several(st.sampled_from(people))),
        school_class=draw(st.sampled_from([None, *(found.id for found in roster.classes)])),
        group=draw(MAYBE_WORDS),
        size=draw(st.integers(1, 30)),
        windows=draw(windows),
        gap_days=draw(st.integers(1, 30)),
        first_gap_days=draw(st.none() | st.integers(1, 9)),
        modes=draw(several(st.sampled_from(SessionMode))),
        site=draw(MAYBE_WORDS),
        goal_in_each=draw(st.booleans()),
        vacations=draw(st.booleans()),
        latest_minute=draw(st.none() | MINUTES),
        reserve_minutes=draw(MINUTES),
    )


def in_order(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sorted(rows))


@st.composite
def schedules(draw: st.DrawFn, roster: Roster) -> Schedule:
    planned = tuple(draw(activities(roster, id_)) for id_ in draw(st.lists(WORDS, max_size=3, unique=True)))
    ids = st.sampled_from([activity.id for activity in planned]) if planned else st.nothing()
    number = st.integers(1, 99)
    sessions = st.builds(
        PlannedSession,
        id=WORDS,
        activity=ids,
        number=number,
        day=DAYS,
        start_minute=MINUTES,
        end_minute=MINUTES,
        mode=st.sampled_from(SessionMode),
        site=MAYBE_WORDS,
        room=st.sampled_from([None, "R-1"]),
        licence=MAYBE_WORDS,
        reversed=st.booleans(),
        state=st.sampled_from(SessionState),
        sequence=number,
        checkpoint=st.booleans(),
    )
    reserves = st.builds(Reserve, activity=ids, num_days=number, num_answered=number)
    concessions = st.builds(Concession, element=WORDS, message=texts(), gain=number, weight=number)
    unplaced = st.builds(
        Unplaced,
        activity=ids,
        numbers=several(number),
        reasons=several(texts(), 2),
        concessions=several(concessions, 2),
        is_proved=st.booleans(),
    )
    proofs = st.none() | st.sampled_from(Proof)
    dated = st.tuples(WORDS, MINUTES, MINUTES, NUMBERS)
    certificates = st.builds(
        ScheduleCertificate,
        level=WORDS,
        scale=NUMBERS,
        people=several(dated, 4).map(in_order),
        weeks=several(st.tuples(WORDS, MINUTES, NUMBERS), 4).map(in_order),
        pools=several(dated, 4).map(in_order),
        activities=several(st.tuples(WORDS, NUMBERS), 3, unique_by=lambda row: row[0]),
        missed=NUMBERS,
        allowed=NUMBERS,
    )
    levels = st.builds(ScheduleLevel, name=WORDS, value=NUMBERS, bound=st.none() | NUMBERS, proof=proofs)
    return Schedule(
        time_zone=draw(WORDS),
        first_day=draw(DAYS),
        last_day=draw(DAYS),
        status=draw(st.sampled_from(SolveStatus)),
        activities=planned,
        sessions=draw(several(sessions, 4, unique_by=lambda session: session.id)) if planned else (),
        unplaced=draw(several(unplaced, 2)) if planned else (),
        reserves=draw(several(reserves, 2)) if planned else (),
        levels=draw(several(levels)),
        prices=draw(several(st.tuples(WORDS, FLOATS))),
        certificates=draw(several(certificates, 2)),
        held=draw(several(WORDS)),
        notes=draw(several(texts(), 2)),
        engine=draw(WORDS),
        seconds=draw(FLOATS),
    )


@st.composite
def busy_times(draw: st.DrawFn, people: list[str]) -> Busy:
    grid = standard_grid(num_weeks=draw(st.integers(1, 2)), time_zone=draw(st.sampled_from(["Europe/Moscow", "UTC"])))
    times = st.builds(
        BusyTime,
        person=st.sampled_from(people),
        week=st.none() | st.integers(0, 1),
        weekday=st.integers(1, 6),
        start_minute=st.integers(480, 900),
        end_minute=st.integers(901, 1200),
        state=st.sampled_from(BusyState),
    )
    return Busy.of(grid, draw(st.lists(times, max_size=6)), people=people[:2])


def same(left: Any, right: Any) -> bool:
    """Return whether two parts of plans are equal, arrays included."""
    if isinstance(left, Plan | Busy | Certificate | LevelPrices):
        return type(left) is type(right) and all(
            same(getattr(left, field.name), getattr(right, field.name)) for field in fields(left)
        )
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and np.array_equal(left, right)
    if isinstance(left, tuple) and left and isinstance(left[0], LevelPrices):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


@given(plan=plans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_plan_is_read_back_as_it_was_written(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("plans") / "plan.json"
    write_plan_json(plan, file)
    back = read_plan_json(file)
    assert same(back, plan)
    assert list(back.policy.forms) == list(plan.policy.forms)  # the first that fits is taken
    assert "".join(plan_lines(plan)) == file.read_text(encoding="utf-8")


def small_plan(**changes: Any) -> Plan:
    roster = generate_roster(
        num_mentees=6, num_mentors=5, num_organisations=2, num_municipalities=1, seed=4, policy_id="kalmykia"
    )
    mentor, mentee = roster.mentors[0].person, roster.mentees[0].person
    num = len(roster.mentees)
    level_prices = some_prices(num)
    due: dict[str, Any] = {
        "policy": read_policy("kalmykia"),
        "roster": roster,
        "busy": Busy.of(standard_grid(), [], people=(mentor,)),
        "reference_day": date(2026, 9, 1),
        "previous": {(mentor, mentee): "traditional"},
        "status": SolveStatus.OPTIMAL,
        "levels": (LevelResult(name="points", value=7, bound=7, proof=Proof.CERTIFICATE),),
        "certificate": Certificate(values=(7,), prices=(level_prices,)),
        "items": ("a", "b"),
        "engine": "flow",
        "seed": 0,
        "seconds": 1.5,
        "options": (0,),
        "open_groups": (),
        "pairs": (
            PlannedPair(
                mentor=mentor,
                mentee=mentee,
                form=MentoringForm.TEACHER_TEACHER,
                kind=MentoringKind.TRADITIONAL,
                contour=Contour.ORGANISATION,
                warnings=(text_n("{count} place", "{count} places", count=2),),
            ),
        ),
        "groups": (),
        "unmatched": tuple(n.person for n in roster.mentees[1:]),
        "notes": (text("outer {inner}", inner=text("inner")),),
    }
    return Plan(**{**due, **changes})


def some_prices(num: int) -> LevelPrices:
    zero = np.zeros(num, dtype=np.int64)
    dear = zero.copy()
    dear[2] = 5
    return LevelPrices(
        weight=np.array([1]),
        mentee=dear,
        minute=zero,
        served=zero,
        item=np.array([0, 3]),
        quota=np.zeros(0, dtype=np.int64),
        floor=zero,
    )


YEAR = SchoolYear(id="quarters", title="Четверти", first_day=date(2026, 9, 1), last_day=date(2027, 5, 31))


def full_plan() -> Plan:
    """A plan with timetables of two organisations that share a year, and one session of two wanted."""
    plan = small_plan()
    roster = replace(plan.roster, rooms=(Room(id="R-1", site="S-1"),))
    mentor, mentee = sorted((roster.mentors[0].person, roster.mentees[0].person))
    lesson = TakenTime(
        subject=mentor, week=None, weekday=1, start_minute=480, end_minute=525, state=BusyState.LESSON, site="S-1"
    )
    away = replace(lesson, subject=mentee, week=1, state=BusyState.NOT_IN_BUILDING, site=None)
    first, second = (found.id for found in roster.organisations)
    windows = tuple(Window(first_day=date(2026, n, 1), last_day=date(2026, n, 14)) for n in (9, 10))
    activity = Activity(
        id=f"{mentor}:{mentee}",
        purpose=ActivityPurpose.MEETING,
        kind=MentoringKind.TRADITIONAL,
        form=MentoringForm.TEACHER_TEACHER,
        mentor=mentor,
        mentees=(mentee,),
        windows=windows,
    )
    session = PlannedSession(
        id=f"{activity.id}/1",
        activity=activity.id,
        number=1,
        day=date(2026, 9, 7),
        start_minute=900,
        end_minute=960,
        mode=SessionMode.IN_PERSON,
        room="R-1",
    )
    concession = Concession(element="HR-19 R-1", message=text("no {what}", what="room"), gain=1)
    left = Unplaced(activity=activity.id, numbers=(2,), reasons=(text("inner"),), concessions=(concession,))
    return replace(
        plan,
        roster=roster,
        timetables=Timetables(
            people=tuple(sorted((lesson, replace(lesson, weekday=2), away), key=lambda time: time.subject)),
            rooms=(replace(lesson, subject="R-1"),),
            known=(mentor,),
            bells={first: (Bell(name="1", start_minute=480, end_minute=525),)},
            years={first: YEAR, second: replace(YEAR)},
            ahead={second: 60},
        ),
        schedule=Schedule(
            time_zone="Europe/Moscow",
            first_day=YEAR.first_day,
            last_day=YEAR.last_day,
            status=SolveStatus.FEASIBLE,
            activities=(activity,),
            sessions=(session,),
            unplaced=(left,),
            reserves=(Reserve(activity=activity.id, num_days=9, num_answered=8),),
            levels=(ScheduleLevel(name="missing", value=1, bound=0),),
            seconds=0.5,
        ),
        apart=(replace(activity, id="A-2"),),
    )


def test_sessions_and_timetables_are_read_back(tmp_path: Path) -> None:
    assert same(read_plan_json(written(tmp_path, full_plan())), full_plan())


@pytest.mark.parametrize(
    ("core", "part", "elsewhere"),
    [
        (Plan, PlanFile, {"seconds", "items", "quotas"}),
        (Schedule, SchedulePart, {"seconds"}),
        (ScheduleCertificate, ScheduleCertificatePart, set()),
        (Timetables, TimetablesPart, set()),
        (TakenTime, TakenRow, {"subject"}),
    ],
)
def test_the_file_has_a_place_for_everything(core: Any, part: Any, elsewhere: set[str]) -> None:
    own = set(part._fields if hasattr(part, "_fields") else part.model_fields)
    assert {field.name for field in fields(core)} - elsewhere <= own


def test_a_year_that_organisations_share_stands_once(tmp_path: Path) -> None:
    file = written(tmp_path, full_plan())
    document = json.loads(file.read_text(encoding="utf-8"))["timetables"]
    assert document["years"] == {"O-1": 0, "O-2": 0}
    assert len(document["school_years"]) == 1
    years = read_plan_json(file).timetables.years  # type: ignore[union-attr]
    assert years["O-1"] is years["O-2"]


def test_taken_times_are_short_rows(tmp_path: Path) -> None:
    document = json.loads(written(tmp_path, full_plan()).read_text(encoding="utf-8"))["timetables"]
    assert document["rooms"] == [{"subject": "R-1", "times": [[None, 1, 480, 525, "lesson", "S-1"]]}]
    rows = [row for part in document["people"] for row in part["times"]]
    assert [1, 1, 480, 525, "not_in_building"] in rows


def test_a_plan_without_sessions_does_not_speak_of_them(tmp_path: Path) -> None:
    document = json.loads(written(tmp_path).read_text(encoding="utf-8"))
    assert not {"timetables", "schedule", "apart"} & set(document)
    assert document["timings"] == {"seconds": 1.5}


def written(tmp_path: Path, plan: Plan | None = None) -> Path:
    file = tmp_path / "plan.json"
    write_plan_json(plan or small_plan(), file)
    return file


def test_two_runs_differ_in_their_timings_only(tmp_path: Path) -> None:
    first, second = (json.loads(written(tmp_path, small_plan(seconds=s)).read_text()) for s in (1.0, 2.0))
    assert first.pop("timings") != second.pop("timings")
    assert json.dumps(first) == json.dumps(second)


def test_the_file_speaks_of_prices_by_id(tmp_path: Path) -> None:
    document = json.loads(written(tmp_path).read_text())
    mentees = sorted(n["person"] for n in document["roster"]["mentees"])
    assert document["certificate"]["prices"] == [
        {"level": "points", "weight": [1], "mentee": {mentees[2]: 5}, "item": {"b": 3}}
    ]
    assert (document["format"], document["version"]) == ("matcher-plan", 2)


def test_prices_of_meetings_are_short_rows_by_id(tmp_path: Path) -> None:
    named = ScheduleCertificate(
        level="rhythm",
        scale=8,
        people=(("P-1", 3, 540, 5), ("P-1", 4, 540, 6), ("P-2", 3, 600, 7)),
        weeks=(("P-1", 2, 9),),
        pools=(("licences", 3, 540, 1),),
        activities=(("P-1:P-2", 4),),
        missed=11,
        allowed=2,
    )
    plan = full_plan()
    assert plan.schedule is not None
    plan = replace(plan, schedule=replace(plan.schedule, certificates=(named,), held=("P-1:P-2/1",)))
    file = written(tmp_path, plan)
    assert json.loads(file.read_text(encoding="utf-8"))["schedule"]["certificates"] == [
        {
            "level": "rhythm",
            "scale": 8,
            "people": {"P-1": [[3, 540, 5], [4, 540, 6]], "P-2": [[3, 600, 7]]},
            "weeks": {"P-1": [[2, 9]]},
            "pools": {"licences": [[3, 540, 1]]},
            "activities": {"P-1:P-2": 4},
            "missed": 11,
            "allowed": 2,
        }
    ]
    assert same(read_plan_json(file), plan)


@pytest.mark.parametrize("plan", [small_plan, full_plan])
def test_a_file_of_version_1_is_read_as_a_plan_without_prices(tmp_path: Path, plan: Callable[[], Plan]) -> None:
    file = written(tmp_path, plan())
    document = json.loads(file.read_text(encoding="utf-8"))
    document["version"] = 1
    assert not {"certificates", "held"} & set(document.get("schedule", {}))
    file.write_text(json.dumps(document), encoding="utf-8")
    assert same(read_plan_json(file), plan())


def test_explanations_ride_along(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Reason:
        mentee: str
        message: Text
        kinds: tuple[MentoringKind, ...]

    file = tmp_path / "plan.json"
    write_plan_json(small_plan(), file, {"N-1": Reason("N-1", text("no {what}", what="place"), (MentoringKind.GROUP,))})
    reason = json.loads(file.read_text())["explanations"]["N-1"]
    assert reason == {
        "mentee": "N-1",
        "message": {"msgid": "no {what}", "params": {"what": "place"}},
        "kinds": ["group"],
    }
    assert same(read_plan_json(file), small_plan())


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    file = written(tmp_path)
    before = file.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        write_plan_json(small_plan(seconds=float("nan")), file)
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["plan.json"]


def at(*steps: str | int) -> Callable[[Any], Any]:
    def find(document: Any) -> Any:
        for step in steps:
            document = document[step]
        return document

    return find


def put(steps: tuple[str | int, ...], value: Any) -> Callable[[Any], None]:
    return lambda document: at(*steps[:-1])(document).__setitem__(steps[-1], value)


def drop(*steps: str | int) -> Callable[[Any], None]:
    return lambda document: at(*steps[:-1])(document).__delitem__(steps[-1])


DAMAGE: dict[str, tuple[Callable[[Any], None], str, str]] = {
    "other_format": (put(("format",), "recipe"), "", "this is not a plan file"),
    "no_format": (drop("format"), "", "this is not a plan file"),
    "later_version": (put(("version",), 3), "", "version 3 of a plan file is unknown"),
    "version_in_words": (put(("version",), "2"), "", "version 2 of a plan file is unknown"),
    "version_nought": (put(("version",), 0), "", "version 0 of a plan file is unknown"),
    "no_version": (drop("version"), "", "this is not a plan file"),
    "wrong_type": (put(("pairs", 0, "minutes"), "many"), ": $.pairs[0].minutes", '"many" is wrong here'),
    "unknown_word": (put(("pairs", 0, "kind"), "chat"), ": $.pairs[0].kind", '"chat" is wrong here'),
    "missing_key": (drop("pairs", 0, "mentor"), ": $.pairs[0].mentor", "the key is missing"),
    "unknown_key": (put(("pairs", 0, "colour"), 1), ": $.pairs[0].colour", "the key is unknown"),
    "unknown_key_of_a_person": (put(("roster", "people", 0, "shoe"), 1), ": $.roster.people[0].shoe", "unknown"),
    "wrong_date": (put(("reference_day",), "2026-13-01"), ": $.reference_day", "wrong here"),
    "unknown_policy_rule_type": (put(("policy", "rules", "HR-04", "on"), "no"), ": $.policy.rules.HR-04.on", "wrong"),
    "price_of_a_stranger": (
        put(("certificate", "prices", 0, "mentee"), {"nobody": 1}),
        ": $.certificate.prices[0].mentee",
        "nobody has the code nobody",
    ),
    "prices_missing": (put(("certificate", "prices"), []), ": $.certificate", "differ in number"),
    "price_beyond_whole_numbers": (
        put(("certificate", "prices", 0, "item"), {"b": 10**30}),
        ": $.certificate.prices[0].item.b",
        "wrong here",
    ),
    "mentor_without_a_person": (drop("roster", "people"), ": $.roster.mentors[*].person", "nobody has the code"),
    "bits_beyond_the_grid": (
        lambda document: next(iter(document["busy"]["people"].values())).update(lesson="f" * 40),
        ": $.busy.people.",
        "a time outside the grid",
    ),
    "no_digits": (
        lambda document: next(iter(document["busy"]["people"].values())).update(lesson="xyz"),
        ": $.busy.people.",
        "wrong here",
    ),
}


SESSION_DAMAGE: dict[str, tuple[Callable[[Any], None], str, str]] = {
    "stranger_in_a_timetable": (
        put(("timetables", "people", 0, "subject"), "nobody"),
        ": $.timetables.people[0]",
        "nobody has the code nobody",
    ),
    "stranger_is_known": (put(("timetables", "known", 0), "P-?"), ": $.timetables.known[0]", "nobody has the code P-?"),
    "strange_room": (put(("timetables", "rooms", 0, "subject"), "R-9"), ": $.timetables.rooms[0]", "the code R-9"),
    "strange_organisation": (put(("timetables", "ahead"), {"O-9": 1}), ": $.timetables.ahead", "the code O-9"),
    "no_such_year": (put(("timetables", "years", "O-1"), 1), ": $.timetables.years.O-1", "no such school year"),
    "a_row_too_short": (
        put(("timetables", "rooms", 0, "times", 0), [None, 1, 480]),
        ": $.timetables.rooms[0].times[0][3]",
        "the key is missing",
    ),
    "a_row_too_long": (
        put(("timetables", "rooms", 0, "times", 0), [None, 1, 480, 525, "lesson", "S-1", None, None, 1]),
        ": $.timetables.rooms[0].times[0]",
        "wrong here",
    ),
    "weekday_eight": (
        put(("timetables", "rooms", 0, "times", 0, 1), 8),
        ": $.timetables.rooms[0].times[0][1]",
        "8 is wrong here",
    ),
    "unknown_state": (
        put(("timetables", "rooms", 0, "times", 0, 4), "asleep"),
        ": $.timetables.rooms[0].times[0][4]",
        '"asleep" is wrong here',
    ),
    "unknown_key_of_a_year": (
        put(("timetables", "school_years", 0, "moon"), 1),
        ": $.timetables.school_years[0].moon",
        "the key is unknown",
    ),
    "stranger_in_an_activity": (
        put(("schedule", "activities", 0, "mentor"), "nobody"),
        ": $.schedule.activities[0]",
        "nobody has the code nobody",
    ),
    "session_of_no_activity": (
        put(("schedule", "sessions", 0, "activity"), "A-9"),
        ": $.schedule.sessions[0].activity",
        "the code A-9",
    ),
    "session_in_no_room": (put(("schedule", "sessions", 0, "room"), "R-9"), ": $.schedule.sessions[0].room", "R-9"),
    "unplaced_of_no_activity": (
        put(("schedule", "unplaced", 0, "activity"), "A-9"),
        ": $.schedule.unplaced[0].activity",
        "the code A-9",
    ),
    "reserve_of_no_activity": (
        put(("schedule", "reserves", 0, "activity"), "A-9"),
        ": $.schedule.reserves[0].activity",
        "the code A-9",
    ),
    "session_twice": (
        lambda document: document["schedule"]["sessions"].append(document["schedule"]["sessions"][0]),
        ": $.schedule.sessions",
        "the same code stands twice",
    ),
    "day_of_no_month": (
        put(("schedule", "sessions", 0, "day"), "2026-02-30"),
        ": $.schedule.sessions[0].day",
        "wrong here",
    ),
    "stranger_apart": (put(("apart", 0, "mentees"), ["nobody"]), ": $.apart[0]", "nobody has the code nobody"),
}


@pytest.mark.parametrize("name", SESSION_DAMAGE)
def test_damage_in_sessions_is_named_with_its_place(name: str, tmp_path: Path) -> None:
    change, place, message = SESSION_DAMAGE[name]
    file = written(tmp_path, full_plan())
    document = json.loads(file.read_text(encoding="utf-8"))
    change(document)
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan_json(file)
    fault = caught.value.faults[0]
    assert fault.place.startswith(f"{file}{place}")
    assert message in str(fault.message)


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_with_its_place(name: str, tmp_path: Path) -> None:
    change, place, message = DAMAGE[name]
    file = written(tmp_path)
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))
    with pytest.raises(InputError) as caught:
        read_plan_json(file)
    fault = caught.value.faults[0]
    assert fault.place.startswith(f"{file}{place}")
    assert message in str(fault.message)
    assert fault.cure is not None


def test_all_damage_at_once(tmp_path: Path) -> None:
    file = written(tmp_path)
    document = json.loads(file.read_text())
    document["seed"], document["pairs"][0]["locked"] = "x", "perhaps"
    file.write_text(json.dumps(document))
    with pytest.raises(InputError) as caught:
        read_plan_json(file)
    assert {fault.place.split("$")[1] for fault in caught.value.faults} == {".seed", ".pairs[0].locked"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"PK\x03\x04", b'{"format": "matcher-plan"'])
def test_what_is_no_plan_file(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    with pytest.raises(InputError):
        read_plan_json(file)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_plan_json(tmp_path / "absent.json")
    assert "absent.json" in caught.value.faults[0].place
