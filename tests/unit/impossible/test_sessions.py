"""Why a session is when it is, the next best time, and what stands against the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.impossible.explain_session import explain_session, is_wanted
from matcher.impossible.session_reasons import BlockedTime, SessionReasons
from matcher.impossible.unplaced import explain_unplaced, with_reasons
from matcher.io.console.session_answers import print_session
from matcher.plan import Plan
from matcher.roster import Absence
from matcher.sessions.schedule import SessionState, Unplaced
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime
from tests.schedules import scheduled_plan

WEEK = range(1, 7)


@pytest.fixture(name="plan", scope="module")
def _plan() -> Plan:
    return scheduled_plan()


def with_lessons(plan: Plan, person: str, *weekdays: int, state: BusyState = BusyState.LESSON) -> Plan:
    """Return a plan in which a person is taken all day on some weekdays."""
    assert plan.timetables is not None
    taken = tuple(
        TakenTime(subject=person, week=None, weekday=day, start_minute=0, end_minute=1440, state=state)
        for day in weekdays
    )
    return replace(plan, timetables=replace(plan.timetables, people=(*plan.timetables.people, *taken)))


def ids(plan: Plan) -> tuple[str, str]:
    assert plan.schedule is not None
    first, second = (activity.id for activity in plan.schedule.activities)
    return first, second


def at(found: SessionReasons, weekday: int, minute: int) -> list[BlockedTime]:
    return [time for time in found.times if (time.weekday, time.start_minute) == (weekday, minute)]


def test_the_usual_time_is_the_reason(plan: Plan) -> None:
    found = explain_session(plan, f"{ids(plan)[0]}/4")
    assert found.usual is not None
    assert (found.usual.weekday, found.usual.start_minute, found.usual.num_sessions) == (3, 840, 4)
    assert any("usual time" in str(reason) for reason in found.why)


def test_a_session_away_from_the_usual_time_says_what_is_there(plan: Plan) -> None:
    first, _ = ids(plan)
    assert plan.schedule is not None
    sessions = tuple(
        replace(s, day=date(2026, 9, 24), state=SessionState.DRAFT) if s.id == f"{first}/4" else s
        for s in plan.schedule.sessions
    )
    moved = replace(plan, schedule=replace(plan.schedule, sessions=sessions))
    mentor = first.partition(":")[0]
    away = Absence(person=mentor, start_day=date(2026, 9, 23), end_day=date(2026, 9, 23))
    moved = replace(moved, roster=replace(moved.roster, absences=(away,)))
    why = [str(reason) for reason in explain_session(moved, f"{first}/4").why]
    assert any("is not free" in reason and f"{mentor} is away" in reason for reason in why), why


def test_what_blocks_a_time_is_told_by_person_and_day(plan: Plan) -> None:
    first, _ = ids(plan)
    mentee = first.partition(":")[2]
    busy = with_lessons(plan, mentee, 2)
    found = explain_session(busy, f"{first}/4")
    (time,) = at(found, 2, 840)
    assert [str(block) for block in time.blocks] == [f"{mentee} has a lesson"]
    assert time.days == (date(2026, 9, 22),)
    assert at(found, 4, 840)[0].blocks == ()
    assert found.num_free < found.num_times


def test_the_next_best_time_keeps_the_rhythm_if_it_can(plan: Plan) -> None:
    first, _ = ids(plan)
    found = explain_session(plan, f"{first}/4")
    assert found.next_best is not None
    assert found.next_best.more_times == 1
    assert found.window.first_day <= found.next_best.day <= found.window.last_day


def test_the_gap_to_neighbours_stands_against_a_time(plan: Plan) -> None:
    first, _ = ids(plan)
    assert plan.schedule is not None
    activities = tuple(replace(a, gap_days=7) for a in plan.schedule.activities)
    found = explain_session(replace(plan, schedule=replace(plan.schedule, activities=activities)), f"{first}/3")
    (time,) = at(found, 2, 840)
    assert [str(block) for block in time.blocks] == ["too close to the meeting before or after"]


def test_a_missing_session_tells_why_and_what_would_place_it(plan: Plan) -> None:
    _, second = ids(plan)
    mentor = second.partition(":")[0]
    busy = with_lessons(plan, mentor, *WEEK)
    found = explain_session(busy, f"{second}/4")
    assert found.session is None
    assert found.unplaced is not None
    assert found.unplaced.is_proved
    assert f"{mentor} has lessons" in str(found.unplaced.reasons[0])


def test_sessions_the_plan_does_not_want_are_not_explained(plan: Plan) -> None:
    assert plan.schedule is not None
    first, _ = ids(plan)
    assert is_wanted(plan.schedule, f"{first}/4")
    for id_ in (f"{first}/5", f"{first}/0", f"{first}/x", "M-9:N-9/1", "nothing"):
        assert not is_wanted(plan.schedule, id_)
        with pytest.raises(KeyError):
            explain_session(plan, id_)


def test_a_plan_without_a_schedule_has_nothing_to_explain(plan: Plan) -> None:
    bare = replace(plan, schedule=None)
    with pytest.raises(ValueError, match="no schedule"):
        explain_session(bare, "M-1:N-1/1")
    assert with_reasons(bare) is bare


def test_reasons_are_put_into_the_plan(plan: Plan) -> None:
    _, second = ids(plan)
    told = with_reasons(plan, time_limit=20.0)
    assert told.schedule is not None
    (unplaced,) = told.schedule.unplaced
    assert unplaced == replace(explain_unplaced(plan, [second])[0], is_proved=unplaced.is_proved)
    assert unplaced.numbers == (3, 4)
    assert unplaced.concessions[0].gain == 2


def test_those_beyond_the_time_say_how_to_ask(plan: Plan) -> None:
    told = with_reasons(plan, time_limit=0.0)
    assert told.schedule is not None
    (unplaced,) = told.schedule.unplaced
    assert isinstance(unplaced, Unplaced)
    assert f"matcher explain --session {unplaced.activity}/3" in str(unplaced.reasons[-1])
    assert str(unplaced.reasons[0]) == "nobody is free"


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_console_tells_it(plan: Plan, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = ids(plan)
    for id_ in (f"{first}/4", f"{second}/4"):
        print_session(plan, explain_session(plan, id_), "ru" if lang == "ru" else "en")
    told = capsys.readouterr().out
    expected = {"ru": ("обычное время", "не нашла места"), "en": ("usual time", "has no place")}
    assert all(words in told for words in expected[lang]), told
