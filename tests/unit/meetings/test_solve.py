"""The whole way from a meetings problem to a judged result."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.meetings.certificate import medium_bound
from matcher.meetings.problem import Rule
from matcher.meetings.solve import solve_meetings
from matcher.meetings.verify import level_values, rule_costs, violations
from matcher.outcome import Progress, Proof, SolveStatus
from tests.meeting_problems import meeting_plan, meetings_problem


def councils(num_meetings: int = 12):
    """Return meetings of a dozen people in pairs and threes over two days."""
    rng = np.random.default_rng(5)
    members = [rng.permutation(12)[: 2 + m % 4].tolist() for m in range(num_meetings)]
    return meetings_problem(
        duration=[1 + m % 3 for m in range(num_meetings)],
        required=[people[:2] for people in members],
        preferred=[people[2:] for people in members],
        days=[6, 6],
        rooms=[6, 4, 3],
        num_people=12,
    )


def test_a_lone_meeting_is_proved_best() -> None:
    result = solve_meetings(meetings_problem(duration=[3], required=[[0]]), work_limit=200)
    assert result.status is SolveStatus.OPTIMAL
    assert [level.proof for level in result.levels] == [Proof.CERTIFICATE] * 3
    assert (result.plan.start.tolist(), result.plan.room.tolist()) == ([0], [0])


def test_no_meetings_are_planned_at_once() -> None:
    result = solve_meetings(meetings_problem(duration=[], required=[]), work_limit=200)
    assert result.status is SolveStatus.OPTIMAL
    assert result.plan.start.tolist() == []


def test_a_medium_loss_is_proved_by_prices() -> None:
    problem = meetings_problem(duration=[5, 5], required=[[0], [1]], preferred=[[2, 3], [2, 3]])
    result = solve_meetings(problem, work_limit=2000)
    assert (result.hard.value, result.medium.value, result.medium.bound) == (0, -4, -4)
    assert result.medium.proof is Proof.CERTIFICATE
    assert medium_bound(problem, result.certificate) == -4


def test_the_result_is_what_the_judge_says() -> None:
    problem = councils()
    result = solve_meetings(problem, work_limit=20_000)
    assert tuple(level.value for level in result.levels) == level_values(problem, result.plan)
    assert result.costs == rule_costs(problem, result.plan)
    assert result.hard.value == 0
    assert violations(problem, result.plan) == ()


def test_what_cannot_be_seated_is_infeasible_with_a_proof() -> None:
    problem = meetings_problem(duration=[3, 1], required=[[0, 1, 2], [3]], days=[2, 2], rooms=[2])
    result = solve_meetings(problem, work_limit=2000)
    assert result.status is SolveStatus.INFEASIBLE
    assert (result.hard.value, result.hard.bound) == (-2, -2)
    assert {v.rule for v in violations(problem, result.plan)} == {Rule.SAME_DAY, Rule.ROOM_CAPACITY}


def test_a_conflict_that_is_not_refuted_stays_unknown() -> None:
    problem = meetings_problem(duration=[5, 5], required=[[0], [0]])
    result = solve_meetings(problem, work_limit=2000)
    assert result.status is SolveStatus.UNKNOWN
    assert result.hard.value == -2


def test_engagements_elsewhere_are_kept_clear() -> None:
    busy = [(0, grain) for grain in range(8) if grain not in (5, 6)]
    result = solve_meetings(meetings_problem(duration=[2], required=[[0]], busy=busy), work_limit=200)
    assert result.hard.value == 0
    assert result.plan.start.tolist() == [5]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_seed_and_work_give_the_same_plan(workers: int) -> None:
    results = [solve_meetings(councils(), work_limit=12_000, workers=workers, seed=3) for _ in range(2)]
    assert results[0].moves == results[1].moves
    assert results[0].plan.start.tolist() == results[1].plan.start.tolist()
    assert results[0].plan.room.tolist() == results[1].plan.room.tolist()


def test_a_stopped_run_keeps_the_best() -> None:
    problem = councils()
    heard: list[Progress] = []
    result = solve_meetings(problem, on_progress=heard.append, stop=lambda: len(heard) > 0)
    assert heard
    assert tuple(level.value for level in result.levels) == level_values(problem, result.plan)
    assert result.moves < 20_000


def test_progress_never_gets_worse() -> None:
    heard: list[Progress] = []
    solve_meetings(councils(), work_limit=20_000, on_progress=heard.append)
    explored = [(p.level == "medium", p.value) for p in heard if p.stage == "explore" and p.level != "soft"]
    assert {p.stage for p in heard} == {"explore", "settle"}
    assert all(p.bound is not None and p.value is not None and p.value <= p.bound for p in heard)
    assert explored


def test_a_hint_comes_back_unless_bettered() -> None:
    problem = councils()
    good = solve_meetings(problem, work_limit=40_000, seed=1)
    again = solve_meetings(problem, work_limit=600, seed=2, hint=good.plan)
    assert level_values(problem, again.plan) >= level_values(problem, good.plan)


def test_a_hint_outside_the_days_is_no_burden() -> None:
    problem = meetings_problem(duration=[2, 2], required=[[0], [0]], days=[3, 3])
    result = solve_meetings(problem, work_limit=1000, hint=meeting_plan([2, 2], [0, 0]))
    assert result.hard.value == 0


def test_a_hint_without_form_is_refused() -> None:
    with pytest.raises(ValueError, match="per meeting"):
        solve_meetings(meetings_problem(duration=[2], required=[[0]]), hint=meeting_plan([9], [0]))
