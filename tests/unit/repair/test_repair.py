"""What a repair does to a planned year: makes good what was lost, and moves nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import InputError
from matcher.judge.schedule.levels import schedule_checks, stated_otherwise
from matcher.judge.schedule.verdict import schedule_violations
from matcher.plan import Plan
from matcher.repair.changes import Budget, Changes, Ending, NewPair, NewTerm, RoomLoss
from matcher.repair.repair import RepairOption, RepairWay, repair_plan
from matcher.roster import Absence, MentoringKind
from matcher.sessions.schedule import PlannedSession, SessionState
from tests.unit.repair.year import LAST, TODAY, planned_year

TWO_WEEKS = (TODAY, TODAY + timedelta(days=13))


def live(plan: Plan) -> dict[str, PlannedSession]:
    assert plan.schedule is not None
    return {s.id: s for s in plan.schedule.sessions if s.state is not SessionState.CANCELLED}


def away(person: str, days: tuple[date, date] = TWO_WEEKS) -> Changes:
    return Changes(today=TODAY, absences=(Absence(person=person, start_day=days[0], end_day=days[1]),))


def mentor_of_first() -> str:
    return planned_year().pairs[0].mentor


def test_the_year_itself_is_right() -> None:
    assert schedule_violations(planned_year()) == ()
    assert live(planned_year())


def test_an_absence_loses_the_sessions_of_its_days_and_finds_them_others() -> None:
    mentor = mentor_of_first()
    repair = repair_plan(planned_year(), away(mentor))
    assert repair.lost
    assert all(TWO_WEEKS[0] <= session.day <= TWO_WEEKS[1] for session in repair.lost)
    assert all(session.activity.startswith(f"{mentor}:") for session in repair.lost)
    best = repair.options[0]
    assert not best.left_out
    assert len(best.replaced) == len(repair.lost)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([f"{side}-{number}" for side in "MN" for number in (1, 2, 3)]),
    st.integers(0, 70),
    st.integers(0, 30),
)
def test_whatever_happens_no_rule_is_broken_and_nobody_else_moves(person: str, start: int, length: int) -> None:
    plan = planned_year()
    first = TODAY + timedelta(days=start)
    repair = repair_plan(plan, away(person, (first, first + timedelta(days=length))))
    touched = {session.activity for session in repair.lost}
    for option in repair.options:
        assert schedule_violations(option.plan) == ()
        before, after = live(plan), live(option.plan)
        assert all(after[id_] == session for id_, session in before.items() if session.activity not in touched)
        assert all(after[id_] == session for id_, session in before.items() if session.day < TODAY)
        if option.way is RepairWay.REPLACE:
            assert not option.moved


def test_leaving_out_calls_off_and_grows_the_sequence() -> None:
    repair = repair_plan(planned_year(), away(mentor_of_first()))
    option = next(option for option in repair.options if option.way is RepairWay.LEAVE_OUT)
    assert option.plan.schedule is not None
    called_off = {s.id: s for s in option.plan.schedule.sessions if s.state is SessionState.CANCELLED}
    assert called_off.keys() == {session.id for session in repair.lost}
    assert all(session.sequence == 1 for session in called_off.values())
    assert {id_ for found in option.plan.schedule.unplaced for id_ in found.numbers}


def test_a_session_placed_anew_keeps_its_id_and_grows_its_sequence() -> None:
    option = repair_plan(planned_year(), away(mentor_of_first())).options[0]
    after = live(option.plan)
    assert all(after[session.id].sequence == 1 for session in option.replaced)
    assert all(after[session.id].state is SessionState.PUBLISHED for session in option.replaced)


def test_a_lost_room_loses_what_was_in_it() -> None:
    loss = RoomLoss(room="R", first_day=TODAY, last_day=TODAY + timedelta(days=11))
    repair = repair_plan(planned_year(), Changes(today=TODAY, rooms=(loss,)))
    due = {s.id for s in live(planned_year()).values() if s.room == "R" and loss.first_day <= s.day <= loss.last_day}
    assert {session.id for session in repair.lost} == due
    assert due
    assert all(schedule_violations(option.plan) == () for option in repair.options)


def test_an_ended_pair_has_no_sessions_afterwards() -> None:
    pair = planned_year().pairs[0]
    id_, day = f"{pair.mentor}:{pair.mentee}", date(2026, 11, 16)
    changes = Changes(today=TODAY, ends=(Ending(activity=id_, day=day, reason="mutual"),))
    option = repair_plan(planned_year(), changes).options[0]
    mine = [session for session in live(option.plan).values() if session.activity.partition("/")[0] == id_]
    assert mine
    assert max(session.day for session in mine) <= day
    assert schedule_violations(option.plan) == ()


def test_a_prolonged_pair_gets_more_sessions() -> None:
    pair = planned_year().pairs[0]
    id_ = f"{pair.mentor}:{pair.mentee}"
    changes = Changes(today=TODAY, terms=(NewTerm(activity=id_, last_day=date(2027, 3, 1)),))
    repair = repair_plan(planned_year(), changes)
    best = repair.options[0]
    assert max(session.day for session in live(best.plan).values()) > LAST
    assert repair.lost == ()
    assert schedule_violations(best.plan) == ()


def test_a_new_pair_gets_sessions_of_its_own() -> None:
    plan = planned_year()
    taken = {(pair.mentor, pair.mentee) for pair in plan.pairs}
    mentor, mentee = next((m, n) for m in ("M-1", "M-2") for n in ("N-1", "N-2") if (m, n) not in taken)
    new = NewPair(mentor=mentor, mentee=mentee, kind=MentoringKind.TRADITIONAL, day=TODAY)
    best = repair_plan(plan, Changes(today=TODAY, pairs=(new,))).options[0]
    fresh = [session for session in live(best.plan).values() if session.activity == f"{mentor}:{mentee}"]
    assert fresh
    assert min(session.day for session in fresh) >= TODAY
    assert schedule_violations(best.plan) == ()


def test_sessions_of_a_pair_that_ends_are_not_left_out() -> None:
    pair = planned_year().pairs[0]
    ending = Ending(activity=f"{pair.mentor}:{pair.mentee}", day=TODAY)
    repair = repair_plan(planned_year(), Changes(today=TODAY, ends=(ending,)))
    best = repair.options[0]
    assert repair.lost
    assert (best.ended, best.left_out) == (repair.lost, ())


def test_nobody_meets_after_the_day_a_pair_ends() -> None:
    pair = planned_year().pairs[0]
    id_ = f"{pair.mentor}:{pair.mentee}"
    days = sorted(s.day for s in live(planned_year()).values() if s.activity == id_ and s.day >= TODAY)
    ends = days[1] - timedelta(days=1)  # inside the two weeks of the second meeting
    for option in repair_plan(planned_year(), Changes(today=TODAY, ends=(Ending(activity=id_, day=ends),))).options:
        left = [s.day for s in live(option.plan).values() if s.activity.partition("/")[0] == id_]
        assert max(left) <= ends


def test_a_new_pair_does_not_meet_before_its_day() -> None:
    mentor, mentee = planned_year().pairs[0].mentor, planned_year().pairs[1].mentee
    begins = TODAY + timedelta(days=30)
    new = NewPair(mentor=mentor, mentee=mentee, kind=MentoringKind.TRADITIONAL, day=begins)
    repair = repair_plan(planned_year(), Changes(today=TODAY, pairs=(new,)))
    days = [s.day for s in live(repair.options[0].plan).values() if s.activity == f"{mentor}:{mentee}"]
    assert days
    assert min(days) >= begins


def test_a_new_pair_that_breaks_a_rule_is_refused_with_it() -> None:
    new = NewPair(mentor="M-1", mentee="M-2", kind=MentoringKind.TRADITIONAL, day=TODAY)
    with pytest.raises(InputError) as error:
        repair_plan(planned_year(), Changes(today=TODAY, pairs=(new,)))
    assert "register of mentees" in str(error.value)


def test_a_budget_leaves_out_what_moves_more() -> None:
    budget = Budget(people=0, dates=0)
    changes = replace(away(mentor_of_first()), budget=budget)
    assert [option.way for option in repair_plan(planned_year(), changes).options] == [RepairWay.LEAVE_OUT]


def test_options_are_ordered_by_what_they_lack_then_by_movement() -> None:
    def cost(option: RepairOption) -> tuple[int, int, int]:
        return option.missing, len(option.moved), len(option.people)

    options = repair_plan(planned_year(), away(mentor_of_first())).options
    assert list(options) == sorted(options, key=cost)


def test_changes_to_unknown_pairs_are_named() -> None:
    with pytest.raises(InputError) as error:
        repair_plan(planned_year(), Changes(today=TODAY, ends=(Ending(activity="X:Y", day=TODAY),)))
    assert error.value.faults[0].place == "X:Y"


def test_a_proof_of_the_plan_before_is_none_of_the_plan_after() -> None:
    plan = planned_year()
    assert plan.schedule is not None
    assert plan.schedule.certificates
    for option in repair_plan(plan, away(mentor_of_first())).options:
        schedule = option.plan.schedule
        assert schedule is not None
        assert (schedule.certificates, schedule.held) == ((), ())
        assert [(level.bound, level.proof) for level in schedule.levels] == [(None, None)] * 2
        checks = schedule_checks(option.plan)
        assert [check.certified_bound for check in checks] == [None, None]
        assert all(check.bound <= check.value for check in checks)
        assert list(stated_otherwise(checks)) == []
