"""Meetings for pairs that stand: what is told of or past stays, drafts of others go, what is missing is placed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from matcher.given_pairs import plan_meetings
from matcher.judge.schedule.verdict import schedule_violations
from matcher.plan import Plan, PlannedPair
from matcher.roster import Absence
from matcher.sessions.schedule import PlannedSession, SessionState
from tests.unit.repair.year import FIRST, LAST, TODAY, planned_year

LATE = date(2026, 11, 16)
"""From this day on meetings are drafts."""


def year() -> Plan:
    """Return the year with all meetings from November on not told of yet."""
    plan = planned_year()
    assert plan.schedule is not None
    return with_sessions(
        plan,
        [replace(s, state=SessionState.DRAFT) if s.day >= LATE else s for s in plan.schedule.sessions],
    )


def with_sessions(plan: Plan, sessions: list[PlannedSession]) -> Plan:
    assert plan.schedule is not None
    return replace(plan, schedule=replace(plan.schedule, sessions=tuple(sessions)))


def planned(plan: Plan, pairs: list[PlannedPair]) -> Plan:
    assert plan.timetables is not None
    return plan_meetings(
        plan, pairs, plan.roster, plan.timetables, term=(FIRST, LAST), begins=TODAY, time_limit=5, work_limit=200
    )


def sessions_of(plan: Plan, *states: SessionState) -> dict[str, PlannedSession]:
    assert plan.schedule is not None
    found = {one.id: replace(one, checkpoint=False) for one in plan.schedule.sessions}
    return {id_: one for id_, one in found.items() if one.state in (states or tuple(SessionState))}


def activity_of(pair: PlannedPair) -> str:
    return f"{pair.mentor}:{pair.mentee}"


def test_meetings_that_are_told_of_stay_and_the_pairs_too() -> None:
    before = year()
    after = planned(before, list(before.pairs))
    firm = (SessionState.HELD, SessionState.PUBLISHED)
    assert sessions_of(after, *firm) == sessions_of(before, *firm) != {}
    assert after.pairs == before.pairs
    assert schedule_violations(after) == ()
    assert sessions_of(after).keys() == sessions_of(before).keys()


def test_drafts_of_a_pair_that_ended_go_and_the_rest_of_its_meetings_stay() -> None:
    before = year()
    gone, *stand = before.pairs
    after = sessions_of(planned(before, stand))
    left = {id_: one for id_, one in sessions_of(before).items() if one.activity.startswith(activity_of(gone))}
    assert any(one.state is SessionState.DRAFT for one in left.values())
    assert {id_ for id_ in left if id_ in after} == {
        id_ for id_, one in left.items() if one.state is not SessionState.DRAFT
    }


def test_a_new_pair_meets_from_the_day_on_beside_what_stands() -> None:
    before = year()
    first, second, third = before.pairs
    new = replace(first, mentor=second.mentor, locked=False)
    stand = [replace(second, mentor=first.mentor), third]  # two mentors change places
    drafts_gone = [one for one in sessions_of(before).values() if one.state is not SessionState.DRAFT]
    after = sessions_of(planned(with_sessions(before, drafts_gone), [new, *stand]))
    mine = [one for one in after.values() if one.activity == activity_of(new)]
    assert mine
    assert min(one.day for one in mine) >= TODAY
    times = [(one.day, one.start_minute, one.room) for one in after.values() if one.room is not None]
    assert len(times) == len(set(times)), "one room holds one meeting at a time"


def test_who_is_called_off_or_gone_is_not_planned_again() -> None:
    before = year()
    assert before.schedule is not None
    last = max(before.schedule.sessions, key=lambda one: one.day)
    called_off = replace(last, state=SessionState.CANCELLED)
    changed = with_sessions(before, [called_off if one is last else one for one in before.schedule.sessions])
    assert sessions_of(planned(changed, list(before.pairs)))[last.id].state is SessionState.CANCELLED
    mentee = before.pairs[0].mentee
    roster = replace(before.roster, mentees=tuple(one for one in before.roster.mentees if one.person != mentee))
    assert before.timetables is not None
    found = plan_meetings(
        before, before.pairs, roster, before.timetables, term=(FIRST, LAST), begins=TODAY, work_limit=200
    )
    assert found.schedule is not None
    assert any(activity_of(before.pairs[0]) in str(note) for note in found.schedule.notes)
    assert {one.activity.partition("/")[0] for one in sessions_of(found, SessionState.DRAFT).values()} == {
        activity_of(pair) for pair in before.pairs[1:]
    }


def test_who_cannot_meet_is_listed_with_reasons() -> None:
    before = year()
    pair = before.pairs[0]
    away = Absence(person=pair.mentee, start_day=LATE, end_day=LAST)
    roster = replace(before.roster, absences=(away,))
    assert before.timetables is not None
    found = plan_meetings(
        before, before.pairs, roster, before.timetables, term=(FIRST, LAST), begins=TODAY, work_limit=200
    ).schedule
    assert found is not None
    missing = {one.activity: one for one in found.unplaced}
    assert missing[activity_of(pair)].reasons
    assert not any(one.activity == activity_of(pair) and one.day >= LATE for one in found.sessions)
