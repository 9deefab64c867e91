"""Every rule once with and once without a plan that keeps it, and what is wanted in its order."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.outcome import SolveStatus
from matcher.sessions.problem import SessionProblem
from matcher.sessions.result import SessionResult, Sessions
from matcher.sessions.solve import solve_sessions
from matcher.sessions.verify import violations
from tests.session_problems import problem_of

ONE_SLOT = {
    "slot_weekday": [0],
    "slot_start": [540],
    "slot_end": [585],
    "slot_rhythm": [0],
    "choice_slot": [0, 0],
    "choice_activity": [0, 1],
    "choice_venue": [0, 0],
    "choice_cost": [0, 0],
    "choice_minutes": [45, 45],
    "choice_cell_start": [0, 1, 2],
    "choice_cell": [0, 0],
    "cell_pool": [0],
}


def one_slot(**changes: object) -> SessionProblem:
    """Return two activities that have Monday 9:00 only, with two rooms and different mentors unless changed."""
    days = np.zeros((2, 10), dtype=np.bool_)
    days[:, [0, 5]] = True
    values = ONE_SLOT | {
        "choice_days": days,
        "cell_size": np.full((1, 10), 2),
        "num_people": 4,
        "member_person": [0, 1, 3, 2],
        "lead": [0, 3],
        "week_minutes": [-1, -1, -1, -1],
    }
    return problem_of(**(values | changes))


def solved(problem: SessionProblem) -> SessionResult:
    """Return the result of so much work that it is proved."""
    result = solve_sessions(problem, work_limit=5_000)
    assert not violations(problem, result.sessions)
    return result


def values(result: SessionResult) -> dict[str, int]:
    """Return the values of the levels."""
    return {level.name: level.value for level in result.levels}


def test_two_pairs_of_one_mentor_take_two_times() -> None:
    result = solved(problem_of())
    assert values(result) == {"missing": 0, "rhythm": 2, "cost": 0}
    assert result.status is SolveStatus.OPTIMAL


def test_nobody_is_at_two_sessions_at_once() -> None:
    assert values(solved(one_slot()))["missing"] == 0
    assert values(solved(one_slot(member_person=[0, 1, 0, 2], lead=[0, 0])))["missing"] == 2


def test_a_room_is_not_used_twice() -> None:
    assert values(solved(one_slot(cell_size=np.ones((1, 10), dtype=np.int64))))["missing"] == 2


def test_a_week_limit_is_kept() -> None:
    assert values(solved(problem_of(week_minutes=[90, -1, -1])))["missing"] == 0
    assert values(solved(problem_of(week_minutes=[89, -1, -1])))["missing"] == 2


def test_sessions_keep_their_distance() -> None:
    near = np.tile(np.minimum(10, np.arange(10) + 6), (2, 1))
    assert values(solved(problem_of(next_day=near)))["missing"] == 2


@pytest.mark.parametrize(("minutes", "missing"), [(15, 0), (16, 2)])
def test_the_way_between_two_sites_needs_time(minutes: int, missing: int) -> None:
    problem = problem_of(
        num_sites=2,
        travel=[[0, minutes], [minutes, 0]],
        venue_site=[0, 1],
        choice_venue=[0, 0, 1, 1],
        choice_days=np.array([[True] + [False] * 4 + [True] + [False] * 4] * 4) & np.array([[1], [0], [0], [1]], bool),
    )
    assert values(solved(problem))["missing"] == missing


def test_online_there_is_no_way() -> None:
    problem = problem_of(venue_site=[-1], travel=[[0]])
    assert values(solved(problem))["missing"] == 0


def test_the_heavier_activity_is_served_first() -> None:
    problem = one_slot(cell_size=np.ones((1, 10), dtype=np.int64), weight=[1, 3])
    assert solved(problem).missing.tolist() == [2, 0]


def test_fixed_sessions_stay() -> None:
    result = solved(problem_of(fixed_choice=[1], fixed_day=[0]))
    assert (1, 0) in set(zip(result.sessions.choice.tolist(), result.sessions.day.tolist(), strict=True))
    assert values(result) == {"missing": 0, "rhythm": 2, "cost": 0}


def test_published_sessions_stay_although_another_rhythm_were_better() -> None:
    problem = problem_of(hint_choice=[0, 1, 3, 2], hint_day=[0, 5, 0, 5], move_price=[1, 1, 1, 1])
    assert values(solved(problem)) == {"missing": 0, "moved": 0, "rhythm": 4, "cost": 0}


def test_a_published_session_moves_when_one_would_be_missing() -> None:
    days = np.zeros((4, 10), dtype=np.bool_)
    days[:2, [0, 5]] = days[2, [0, 5]] = True
    problem = problem_of(choice_days=days, hint_choice=[0, 0], hint_day=[0, 5], move_price=[2, 3])
    assert values(solved(problem)) == {"missing": 0, "moved": 5, "rhythm": 2, "cost": 0}


def test_the_cheaper_choice_is_taken() -> None:
    problem = problem_of(wanted=[2, 0], choice_cost=[4, 1, 0, 0])
    assert values(solved(problem)) == {"missing": 0, "rhythm": 1, "cost": 2}


def test_sessions_are_spread_over_their_windows() -> None:
    days = np.ones((4, 20), dtype=np.bool_)
    problem = problem_of(
        num_days=20,
        choice_days=days,
        next_day=np.tile(np.minimum(20, np.arange(20) + 1), (2, 1)),
        wanted=[4, 0],
        week=np.arange(20) // 5,
        cell_size=np.ones((2, 20), dtype=np.int64),
    )
    assert np.diff(solved(problem).sessions.day).tolist() == [5, 5, 5]


def test_a_stopped_run_still_has_a_legal_plan() -> None:
    problem = problem_of()
    result = solve_sessions(problem, stop=lambda: True)
    assert not violations(problem, result.sessions)
    assert values(result)["missing"] == 4


def test_a_hint_is_where_the_search_starts() -> None:
    best = solved(problem_of())
    again = solve_sessions(problem_of(), work_limit=0, hint=best.sessions)
    assert values(again)["missing"] == 0


def test_a_hint_that_breaks_rules_is_used_as_far_as_it_can_be() -> None:
    problem = one_slot(member_person=[0, 1, 0, 2], lead=[0, 0])
    hint = Sessions(choice=np.array([0, 1, 1]), day=np.array([0, 0, 5]))
    result = solve_sessions(problem, work_limit=0, hint=hint)
    assert not violations(problem, result.sessions)
    assert values(result)["missing"] == 2


def test_without_activities_there_is_nothing_to_plan() -> None:
    result = solved(
        problem_of(
            wanted=[],
            weight=[],
            lead=[],
            next_day=np.zeros((0, 10), dtype=np.int64),
            member_activity=[],
            member_person=[],
            choice_activity=[],
            choice_slot=[],
            choice_venue=[],
            choice_cost=[],
            choice_minutes=[],
            choice_days=np.zeros((0, 10), dtype=np.bool_),
            choice_cell_start=[0],
            choice_cell=[],
        )
    )
    assert result.status is SolveStatus.OPTIMAL
    assert len(result.sessions.day) == 0


def test_a_bound_of_the_whole_plan_is_found_where_those_of_activities_do_not_meet_it() -> None:
    # Each of the two could have both Mondays at 9:00 alone; together one of them misses both.
    result = solve_sessions(one_slot(member_person=[0, 1, 0, 2], lead=[0, 0]), time_limit=10.0)
    assert result.least_missing.tolist() == [0, 0]
    assert (result.levels[0].value, result.levels[0].bound) == (2, 2)
    assert result.levels[0].proof is not None
