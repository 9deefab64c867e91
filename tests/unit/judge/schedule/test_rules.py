"""One faulty schedule for every rule, each made from the same good one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from matcher.io.policy_toml import read_policy
from matcher.judge.schedule.days import on_open_days, within_hours
from matcher.judge.schedule.diary import Diary
from matcher.judge.schedule.patterns import counted_once, has_an_allowed_mode, has_its_length, in_its_window, spaced
from matcher.judge.schedule.people import are_free, one_place_at_a_time, weeks_within_limits
from matcher.judge.schedule.places import fits_its_place, licences_suffice, rooms_not_shared
from matcher.outcome import SolveStatus, Violation
from matcher.roster import (
    Absence,
    Licence,
    Mentee,
    Mentor,
    MentoringForm,
    MentoringKind,
    Person,
    PersonKind,
    Room,
    Roster,
    SessionMode,
    Site,
    Travel,
)
from matcher.school_year import ExamWindow, SchoolYear, Span
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession, Schedule, Unplaced, Window
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables

POLICY = read_policy("dalnerechensk")
YEAR = SchoolYear(id="y", title="y", first_day=date(2026, 9, 1), last_day=date(2027, 5, 31))
ROSTER = Roster(
    sites=(Site(id="A", organisation="O"), Site(id="B", organisation="O")),
    travel=(Travel(from_site="A", to_site="B", minutes=30),),
    people=(
        Person(id="M", organisation="O", subjects=("physics",)),
        Person(id="N", organisation="O"),
        Person(id="P", organisation="O", person_kind=PersonKind.PUPIL, grade=9),
    ),
    mentors=(Mentor(person="M", hours_per_week=2),),
    mentees=(Mentee(person="N"), Mentee(person="P")),
    rooms=(Room(id="R", site="A", capacity=2), Room(id="S", site="B", capacity=9)),
    licences=(Licence(id="L", count=1),),
)
WINDOWS = (
    Window(first_day=date(2026, 9, 1), last_day=date(2026, 9, 14)),
    Window(first_day=date(2026, 9, 15), last_day=date(2026, 9, 30)),
)
PAIR = Activity(
    id="M:N",
    purpose=ActivityPurpose.MEETING,
    kind=MentoringKind.TRADITIONAL,
    form=MentoringForm.TEACHER_TEACHER,
    mentor="M",
    mentees=("N",),
    windows=WINDOWS,
    gap_days=10,
    modes=(SessionMode.IN_PERSON, SessionMode.ONLINE),
)
PUPIL = replace(PAIR, id="M:P", mentees=("P",), min_minutes=30)


def session(activity: str, number: int, day: date, start: int, end: int, **more: object) -> PlannedSession:
    place = {"mode": SessionMode.IN_PERSON, "site": "A", "room": "R"} | more
    return PlannedSession(
        id=f"{activity}/{number}",
        activity=activity,
        number=number,
        day=day,
        start_minute=start,
        end_minute=end,
        **place,
    )  # type: ignore[arg-type]


MONDAY, LATER = date(2026, 9, 7), date(2026, 9, 21)
GOOD = Schedule(
    time_zone="Europe/Moscow",
    first_day=date(2026, 9, 1),
    last_day=date(2027, 5, 31),
    status=SolveStatus.FEASIBLE,
    activities=(PAIR, PUPIL),
    sessions=(
        session("M:N", 1, MONDAY, 840, 900),
        session("M:N", 2, LATER, 840, 900),
        session("M:P", 1, MONDAY, 900, 945),
    ),
    unplaced=(Unplaced(activity="M:P", numbers=(2,)),),
)


def lesson(
    subject: str, start: int, end: int, state: BusyState = BusyState.LESSON, site: str | None = "A"
) -> TakenTime:
    return TakenTime(subject=subject, week=None, weekday=1, start_minute=start, end_minute=end, state=state, site=site)


def judged(
    rule: Callable[..., object],
    schedule: Schedule = GOOD,
    *,
    roster: Roster = ROSTER,
    year: SchoolYear = YEAR,
    people: tuple[TakenTime, ...] = (),
    rooms: tuple[TakenTime, ...] = (),
) -> list[Violation]:
    diary = Diary.of(schedule, roster, POLICY, Timetables(people=people, rooms=rooms, years={"": year}))
    of_one = (on_open_days, within_hours, are_free, fits_its_place, in_its_window, has_its_length, has_an_allowed_mode)
    if rule in of_one:
        return [found for meeting in diary.meetings for found in rule(diary, meeting)]  # type: ignore[attr-defined]
    return list(rule(diary))  # type: ignore[call-overload]


def with_session(position: int, **change: object) -> Schedule:
    sessions = list(GOOD.sessions)
    sessions[position] = replace(sessions[position], **change)  # type: ignore[arg-type]
    return replace(GOOD, sessions=tuple(sessions))


EVERY_RULE = [
    on_open_days,
    within_hours,
    are_free,
    one_place_at_a_time,
    weeks_within_limits,
    fits_its_place,
    rooms_not_shared,
    licences_suffice,
    in_its_window,
    has_its_length,
    has_an_allowed_mode,
    spaced,
    counted_once,
]


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_a_good_schedule_breaks_no_rule(rule: Callable[..., object]) -> None:
    assert judged(rule) == []


@pytest.mark.parametrize(
    "year",
    [
        replace(YEAR, holidays=(Span(name="h", first_day=MONDAY, last_day=MONDAY),)),
        replace(YEAR, vacations=(Span(name="v", first_day=MONDAY, last_day=MONDAY),)),
        replace(YEAR, first_day=date(2026, 9, 8)),
        replace(YEAR, exams=(ExamWindow(name="e", first_day=MONDAY, last_day=MONDAY),)),
        replace(YEAR, exams=(ExamWindow(name="e", first_day=MONDAY, last_day=MONDAY, subjects=("physics",)),)),
        replace(YEAR, exams=(ExamWindow(name="e", first_day=MONDAY, last_day=MONDAY, grades=(9,)),)),
    ],
)
def test_a_closed_day_is_seen(year: SchoolYear) -> None:
    assert {found.rule for found in judged(on_open_days, year=year)} == {"HR-17"}


def test_an_exam_of_others_takes_nobody() -> None:
    exam = ExamWindow(name="e", first_day=MONDAY, last_day=MONDAY, subjects=("chemistry",), grades=(11,))
    assert judged(on_open_days, year=replace(YEAR, exams=(exam,))) == []


def test_a_saturday_is_a_day_off_in_a_week_of_five_days() -> None:
    schedule = with_session(0, day=date(2026, 9, 5))
    assert judged(on_open_days, schedule)
    assert judged(on_open_days, schedule, year=replace(YEAR, weekdays=6)) == []


def test_a_vacation_is_open_where_the_activity_allows_it() -> None:
    year = replace(YEAR, vacations=(Span(name="v", first_day=LATER, last_day=LATER),))
    schedule = replace(GOOD, activities=(replace(PAIR, vacations=True), PUPIL))
    assert judged(on_open_days, year=year)
    assert judged(on_open_days, schedule, year=year) == []


def test_an_absence_is_seen() -> None:
    roster = replace(ROSTER, absences=(Absence(person="N", start_day=MONDAY, end_day=MONDAY),))
    assert [found.subjects for found in judged(on_open_days, roster=roster)] == [("M:N/1", "N")]


def test_a_session_after_the_day_is_seen() -> None:
    assert [f.rule for f in judged(within_hours, with_session(1, start_minute=1110, end_minute=1170))] == ["HR-17"] * 2


def test_pupils_go_home_in_time() -> None:
    found = judged(within_hours, with_session(2, start_minute=1050, end_minute=1095))
    assert [(f.rule, f.subjects[1]) for f in found] == [("HR-18", "P")]


@pytest.mark.parametrize(
    ("state", "is_wrong_in_person", "is_wrong_online"),
    [
        (BusyState.LESSON, True, True),
        (BusyState.NOT_IN_BUILDING, True, False),
        (BusyState.NOT_REACHABLE, True, True),
        (BusyState.PREFERRED, False, False),
    ],
)
def test_taken_times(state: BusyState, is_wrong_in_person: bool, is_wrong_online: bool) -> None:
    taken = (lesson("N", 850, 890, state),)
    assert bool(judged(are_free, people=taken)) is is_wrong_in_person
    sessions = tuple(replace(s, mode=SessionMode.ONLINE, site=None, room=None, licence="L") for s in GOOD.sessions)
    assert bool(judged(are_free, replace(GOOD, sessions=sessions), people=taken)) is is_wrong_online


def test_a_timetable_counts_only_in_its_weeks_and_days() -> None:
    other_week = replace(lesson("N", 850, 890), week=0)
    year = replace(YEAR, num_weeks=2, week_a_day=date(2026, 8, 31))
    assert judged(are_free, people=(other_week,), year=year) == []
    assert judged(are_free, people=(replace(other_week, week=1),), year=year)
    assert judged(are_free, people=(replace(lesson("N", 850, 890), first_day=date(2027, 1, 1)),)) == []


def test_a_lesson_visit_needs_a_lesson() -> None:
    visit = replace(PAIR, purpose=ActivityPurpose.LESSON_VISIT, windows=WINDOWS[:1])
    schedule = replace(GOOD, activities=(visit,), sessions=GOOD.sessions[:1])
    assert judged(are_free, schedule)
    assert judged(are_free, schedule, people=(lesson("N", 840, 900),)) == []
    assert judged(are_free, schedule, people=(lesson("N", 840, 900), lesson("M", 840, 900)))


def test_nobody_is_in_two_sessions_at_once() -> None:
    found = judged(one_place_at_a_time, with_session(2, start_minute=880, end_minute=925))
    assert [(f.rule, f.subjects) for f in found] == [("HR-17", ("M:P/1", "M"))]


def test_travel_takes_time() -> None:
    away = {"site": "B", "room": "S"}
    found = judged(one_place_at_a_time, with_session(2, **away))
    assert [(f.rule, f.subjects) for f in found] == [("HR-19", ("M:P/1", "M"))]
    assert judged(one_place_at_a_time, with_session(2, start_minute=930, end_minute=975, **away)) == []


def test_travel_from_a_lesson_takes_time() -> None:
    assert [f.rule for f in judged(one_place_at_a_time, people=(lesson("N", 780, 825, site="B"),))] == ["HR-19"] * 2
    assert judged(one_place_at_a_time, people=(lesson("N", 765, 810, site="B"),)) == []


def test_a_full_week_is_seen() -> None:
    mentors = (Mentor(person="M", hours_per_week=1.5),)
    assert [f.rule for f in judged(weeks_within_limits, roster=replace(ROSTER, mentors=mentors))] == ["HR-06"]


@pytest.mark.parametrize(
    "change",
    [{"room": None}, {"room": "S"}, {"room": "X"}, {"mode": SessionMode.ONLINE}, {"mode": SessionMode.MIXED}],
)
def test_a_wrong_place_is_seen(change: dict[str, object]) -> None:
    assert "HR-19" in {found.rule for found in judged(fits_its_place, with_session(0, **change))}


def test_a_room_that_is_too_small_is_seen() -> None:
    schedule = replace(GOOD, activities=(replace(PAIR, size=3), PUPIL))
    assert {found.rule for found in judged(fits_its_place, schedule)} == {"HR-19"}


def test_a_lesson_in_the_room_is_seen() -> None:
    assert [found.subjects for found in judged(fits_its_place, rooms=(lesson("R", 930, 975),))] == [("M:P/1",)]


def test_a_room_taken_twice_is_seen() -> None:
    assert [f.rule for f in judged(rooms_not_shared, with_session(2, start_minute=870, end_minute=915))] == ["HR-19"]


def test_licences_are_counted_at_every_moment() -> None:
    online = {"mode": SessionMode.ONLINE, "site": None, "room": None}
    sessions = tuple(replace(found, licence="L", **online) for found in GOOD.sessions)
    assert judged(licences_suffice, replace(GOOD, sessions=sessions)) == []
    overlapping = (sessions[0], sessions[1], replace(sessions[2], start_minute=890, end_minute=935))
    assert [f.rule for f in judged(licences_suffice, replace(GOOD, sessions=overlapping))] == ["HR-19"]
    assert judged(licences_suffice, with_session(0, **online))


def test_a_session_outside_its_window_is_seen() -> None:
    assert [f.rule for f in judged(in_its_window, with_session(1, day=date(2026, 9, 14)))] == ["HR-16"]
    assert [f.rule for f in judged(in_its_window, with_session(1, number=3))] == ["HR-16"]


def test_a_session_outside_the_term_is_seen() -> None:
    assert judged(in_its_window, replace(GOOD, first_day=date(2026, 9, 8)))


@pytest.mark.parametrize("end", [880, 905])
def test_a_wrong_length_is_seen(end: int) -> None:
    assert [f.rule for f in judged(has_its_length, with_session(0, end_minute=end))] == ["9.6"]


def test_a_wrong_mode_is_seen() -> None:
    schedule = replace(GOOD, activities=(replace(PAIR, modes=(SessionMode.ONLINE,)), PUPIL))
    assert {f.subjects for f in judged(has_an_allowed_mode, schedule)} == {("M:N/1",), ("M:N/2",)}


def test_sessions_too_close_are_seen() -> None:
    schedule = with_session(1, day=date(2026, 9, 16))
    assert [f.rule for f in judged(spaced, schedule)] == ["9.6"]
    goals = replace(PAIR, kind=MentoringKind.SHORT_TERM)
    assert [f.rule for f in judged(spaced, replace(schedule, activities=(goals, PUPIL)))] == ["HR-21"]


def test_directions_take_turns() -> None:
    both = replace(GOOD, activities=(replace(PAIR, both_ways=True), PUPIL))
    assert [f.subjects for f in judged(spaced, both)] == [("M:N/2",)]
    turned = replace(GOOD.sessions[1], reversed=True)
    assert judged(spaced, replace(both, sessions=(GOOD.sessions[0], turned, GOOD.sessions[2]))) == []


def test_what_is_missing_must_be_listed() -> None:
    assert [f.subjects for f in judged(counted_once, replace(GOOD, unplaced=()))] == [("M:P",)]


def test_a_number_used_twice_is_seen() -> None:
    twice = replace(GOOD, sessions=(*GOOD.sessions, GOOD.sessions[0]))
    assert [f.rule for f in judged(counted_once, twice)] == ["9.6"]


def test_a_speed_meeting_is_one() -> None:
    schedule = replace(GOOD, activities=(replace(PAIR, kind=MentoringKind.SPEED), PUPIL))
    assert [f.rule for f in judged(counted_once, schedule)] == ["HR-09"]
