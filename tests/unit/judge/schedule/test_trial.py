"""A session tried elsewhere: what is told is what two verdicts on the whole schedule tell, compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from matcher.judge.schedule.trial import Trials
from matcher.judge.schedule.verdict import schedule_violations
from matcher.plan import Plan
from matcher.roster import SessionMode
from matcher.sessions.schedule import PlannedSession, SessionState
from tests.unit.repair.year import planned_year


def by_whole_verdicts(plan: Plan, wanted: PlannedSession) -> set[tuple[str, str, str]]:
    """Return what a session breaks where it is wanted, told by the verdicts on two whole schedules."""

    def told(after: Plan) -> set[tuple[str, str, str]]:
        rules = schedule_violations(after)
        return {(one.rule, str(one.subjects), str(one.message)) for one in rules if one.rule not in ("value", "bound")}

    assert plan.schedule is not None
    sessions = tuple(wanted if old.id == wanted.id else old for old in plan.schedule.sessions)
    return told(replace(plan, schedule=replace(plan.schedule, sessions=sessions))) - told(plan)


@pytest.mark.parametrize("seed", range(4))
def test_a_trial_tells_what_the_verdict_on_the_whole_schedule_tells(seed: int) -> None:
    plan, random = planned_year(), Random(seed)
    assert plan.schedule is not None
    sessions = [one for one in plan.schedule.sessions if one.state is SessionState.PUBLISHED]
    free = broken = 0
    for _ in range(25):
        session = random.choice(sessions)
        start = random.randrange(480, 960, 20)
        wanted = replace(
            session,
            day=session.day + timedelta(days=random.randrange(-14, 15)),
            start_minute=start,
            end_minute=start + session.end_minute - session.start_minute,
        )
        if random.random() < 0.3:
            wanted = replace(wanted, mode=SessionMode.ONLINE, site=None, room=None)
        if random.random() < 0.3:
            other = random.choice(sessions)
            wanted = replace(wanted, day=other.day, start_minute=other.start_minute, end_minute=other.end_minute)
        found = Trials.of(plan, session.id).against(wanted)
        assert {(one.rule, str(one.subjects), str(one.message)) for one in found} == by_whole_verdicts(plan, wanted)
        free, broken = free + (not found), broken + bool(found)
    assert free
    assert broken


def test_a_session_stays_where_it_is_without_a_word() -> None:
    plan = planned_year()
    assert plan.schedule is not None
    session = plan.schedule.sessions[0]
    assert Trials.of(plan, session.id).against(session) == ()
    with pytest.raises(ValueError, match="no such session"):
        Trials.of(plan, "nobody/1")
