"""Laws of session planning on small generated problems."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.outcome import Proof
from matcher.sessions.certificate import free_certificate
from matcher.sessions.count import least_alone
from matcher.sessions.problem import NO_LIMIT, SessionProblem
from matcher.sessions.result import SessionResult
from matcher.sessions.solve import solve_sessions
from tests.session_problems import best_levels, broken_rules, level_values, session_problems

few = settings(max_examples=60, deadline=None)


def lists(problem: SessionProblem, result: SessionResult) -> tuple[list[int], list[int]]:
    """Return choices and days, fixed sessions first."""
    fixed = list(zip(problem.fixed_choice.tolist(), problem.fixed_day.tolist(), strict=True))
    plan = list(zip(result.sessions.choice.tolist(), result.sessions.day.tolist(), strict=True))
    assert set(fixed) <= set(plan)
    plan = [*fixed, *(one for one in plan if one not in fixed)]
    return [c for c, _ in plan], [d for _, d in plan]


@given(session_problems(has_hints=True))
@few
def test_no_plan_breaks_a_rule_and_levels_are_what_they_say(problem: SessionProblem) -> None:
    result = solve_sessions(problem, work_limit=200)
    choice, day = lists(problem, result)
    assert not broken_rules(problem, choice, day, sure=len(problem.fixed_choice))
    missing, moved, rhythm = level_values(problem, choice, day)
    said = {level.name: level.value for level in result.levels}
    assert said["missing"] == missing
    assert said.get("moved", 0) == moved
    assert said["rhythm"] == rhythm


@given(session_problems(), st.integers(0, 5))
@few
def test_the_same_seed_and_work_give_the_same_plan(problem: SessionProblem, seed: int) -> None:
    one, other = (solve_sessions(problem, work_limit=150, seed=seed) for _ in range(2))
    assert one.sessions.choice.tolist() == other.sessions.choice.tolist()
    assert one.sessions.day.tolist() == other.sessions.day.tolist()
    assert one.levels == other.levels


@given(session_problems())
@few
def test_bounds_lie_below_the_best_plan(problem: SessionProblem) -> None:
    result = solve_sessions(problem, work_limit=200)
    best = best_levels(problem)
    assert result.bound is not None
    assert result.bound <= best[0]
    assert (result.least_missing * problem.weight).sum() <= best[0]


@given(session_problems(has_hints=True))
@few
def test_small_problems_are_proved_and_the_proof_is_right(problem: SessionProblem) -> None:
    result = solve_sessions(problem, work_limit=3_000)
    found = {level.name: level for level in result.levels}
    best = best_levels(problem)
    assert (found["missing"].value, found["rhythm"].value) == (best[0], best[2])
    assert found["missing"].proof is not None
    assert found["rhythm"].proof is not None
    if "moved" in found:
        assert found["moved"].value == best[1]


@given(session_problems(has_hints=True), st.sampled_from([0, 20, 3_000]))
@few
def test_bounds_are_those_of_the_certificates_or_of_the_search(problem: SessionProblem, work_limit: int) -> None:
    result = solve_sessions(problem, work_limit=work_limit)
    levels = {level.name: level for level in result.levels}
    assert [certificate.level for certificate in result.certificates] == ["missing", "rhythm"]
    for certificate in result.certificates:
        level, bound = levels[certificate.level], certificate.bound(problem)
        assert (level.proof is Proof.CERTIFICATE) <= (bound == level.value)
        if level.proof is Proof.SOLVER:
            assert level.bound == level.value >= bound
        else:
            assert level.bound == bound
    assert result.certificates[1].allowed >= levels["missing"].value


@given(session_problems())
@few
def test_what_activities_reach_alone_needs_no_prices(problem: SessionProblem) -> None:
    problem = replace(problem, week_minutes=np.full(problem.num_people, NO_LIMIT), weight=np.ones_like(problem.weight))
    missing, rhythm = least_alone(problem)
    assert free_certificate("missing").bound(problem) == missing.sum()
    keys = sorted(rhythm.tolist(), reverse=True)
    for beyond in range(len(keys)):
        allowed = int(missing.sum()) + beyond
        free = free_certificate("rhythm", missed=max(1, keys[beyond]), allowed=allowed)
        assert free.bound(problem) >= sum(keys[beyond:])


@given(session_problems(has_fixed=False), st.data())
@few
def test_a_free_day_more_never_costs_a_session(problem: SessionProblem, data: st.DataObject) -> None:
    if not problem.num_choices:
        return
    choice = data.draw(st.integers(0, problem.num_choices - 1))
    weekday = int(problem.slot_weekday[problem.choice_slot[choice]])
    day = data.draw(st.sampled_from(range(weekday, problem.num_days, 2)))
    days = problem.choice_days.copy()
    days[choice, day] = True
    wider = replace(problem, choice_days=days)
    assert solve_sessions(wider, work_limit=3_000).value <= solve_sessions(problem, work_limit=3_000).value


@given(session_problems(has_fixed=False), st.data())
@few
def test_fixing_the_best_plan_keeps_its_value(problem: SessionProblem, data: st.DataObject) -> None:
    best = solve_sessions(problem, work_limit=3_000)
    number = data.draw(st.integers(0, len(best.sessions.choice)))
    fixed = replace(problem, fixed_choice=best.sessions.choice[:number], fixed_day=best.sessions.day[:number])
    again = solve_sessions(fixed, work_limit=3_000)
    assert [level.value for level in again.levels][:2] == [level.value for level in best.levels][:2]


@given(session_problems(has_fixed=False))
@few
def test_publishing_the_best_plan_moves_nothing(problem: SessionProblem) -> None:
    best = solve_sessions(problem, work_limit=3_000).sessions
    price = np.ones(len(best.choice), dtype=np.int64)
    published = replace(problem, hint_choice=best.choice, hint_day=best.day, move_price=price)
    again = solve_sessions(published, work_limit=3_000).sessions
    assert again.choice.tolist() == best.choice.tolist()
    assert again.day.tolist() == best.day.tolist()
