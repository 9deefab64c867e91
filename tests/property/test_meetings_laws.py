"""Laws of meetings on small generated problems."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.meetings.bound import price_medium
from matcher.meetings.certificate import level_bounds
from matcher.meetings.problem import Level, MeetingsProblem, Rule
from matcher.meetings.result import MeetingPlan
from matcher.meetings.search.rooms import Rooms
from matcher.meetings.search.tables import build_tables
from matcher.meetings.search.tempering import Prices, Tempering
from matcher.meetings.solve import solve_meetings
from matcher.meetings.verify import level_values, rule_costs, violations
from matcher.outcome import SolveStatus
from tests.meeting_problems import levels_of, meeting_plan, meetings_problems, planned_problems, scored_by_grain

few = settings(max_examples=60, deadline=None)
ROOM_RULES = (Rule.ROOM_CONFLICT, Rule.ROOM_CAPACITY, Rule.LARGER_ROOMS, Rule.ROOM_STABILITY)


@given(planned_problems())
@settings(max_examples=300, deadline=None)
def test_the_judge_agrees_with_a_wall_calendar(planned: tuple[MeetingsProblem, MeetingPlan]) -> None:
    problem, plan = planned
    expected = scored_by_grain(problem, plan)
    assert rule_costs(problem, plan) == expected
    assert level_values(problem, plan) == levels_of(expected)
    assert bool(violations(problem, plan)) == (levels_of(expected)[0] < 0)


@given(meetings_problems(), st.integers(0, 5))
@few
def test_a_plan_is_judged_and_never_above_its_bounds(problem: MeetingsProblem, seed: int) -> None:
    result = solve_meetings(problem, work_limit=1500, seed=seed)
    values = levels_of(scored_by_grain(problem, result.plan))
    assert tuple(level.value for level in result.levels) == values
    assert all(level.value <= level.bound for level in result.levels)
    assert rule_costs(problem, result.plan)[Rule.OVERTIME] == 0
    if result.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
        assert values[0] == 0


@given(meetings_problems(max_meetings=3))
@settings(max_examples=40, deadline=None)
def test_no_plan_at_all_beats_the_bounds(problem: MeetingsProblem) -> None:
    certificate = price_medium(problem, max_steps=1000)
    bounds = level_bounds(problem, certificate, hard_kept=True)
    loose = level_bounds(problem, certificate, hard_kept=False)
    ends = [range(problem.num_grains - d + 1) for d in problem.duration.tolist()]
    for start in product(*ends):
        for room in product(range(problem.num_rooms), repeat=problem.num_meetings):
            values = level_values(problem, meeting_plan(list(start), list(room)))
            assert all(v <= b for v, b in zip(values, bounds if values[0] == 0 else loose, strict=True))


@given(planned_problems())
@few
def test_tables_count_what_the_judge_counts(planned: tuple[MeetingsProblem, MeetingPlan]) -> None:
    problem, plan = planned
    tables = build_tables(problem)
    start = np.array([s[g % len(s)] for s, g in zip(tables.starts, plan.start.tolist(), strict=True)])
    moved = MeetingPlan(start=start, room=plan.room)
    costs = rule_costs(problem, moved)
    by_level = {
        level: sum(c for rule, c in costs.items() if rule.level is level and rule not in ROOM_RULES) for level in Level
    }
    hard, medium, soft = tables.score(start)
    assert (medium, soft) == (by_level[Level.MEDIUM], by_level[Level.SOFT])
    # Days that are too short cost the same at every start; the tables count rooms by excess only.
    excess = hard - (by_level[Level.HARD] - costs[Rule.SAME_DAY])
    assert excess >= 0
    best = Rooms(problem).best_rooms(start)
    seated = rule_costs(problem, meeting_plan(start.tolist(), [best[m] for m in range(problem.num_meetings)]))
    if excess:
        least = problem.weights[Rule.ROOM_CAPACITY] * int(
            np.maximum(0, problem.attendance - problem.room_capacity.max()).sum()
        )
        assert seated[Rule.ROOM_CONFLICT] + seated[Rule.ROOM_CAPACITY] > least


@given(planned_problems())
@few
def test_walked_rooms_are_the_best_there_are(planned: tuple[MeetingsProblem, MeetingPlan]) -> None:
    problem, plan = planned
    found = Rooms(problem).best_rooms(plan.start)
    mine = level_values(problem, meeting_plan(plan.start.tolist(), [found[m] for m in range(problem.num_meetings)]))
    best = max(
        level_values(problem, meeting_plan(plan.start.tolist(), list(room)))
        for room in product(range(problem.num_rooms), repeat=problem.num_meetings)
    )
    if best[0] == level_values_without_rooms(problem, plan):
        assert mine == best


def level_values_without_rooms(problem: MeetingsProblem, plan: MeetingPlan) -> int:
    """Return the hard value if rooms cost nothing they need not."""
    costs = rule_costs(problem, plan)
    least = np.maximum(0, problem.attendance - problem.room_capacity.max()).sum()
    others = sum(c for rule, c in costs.items() if rule.level is Level.HARD and rule not in ROOM_RULES)
    return -others - problem.weights[Rule.ROOM_CAPACITY] * int(least)


@given(meetings_problems(), st.integers(0, 3))
@few
def test_energies_are_carried_without_drift(problem: MeetingsProblem, seed: int) -> None:
    tables = build_tables(problem)
    prices = Prices(hard=50.0, medium=3.0, soft=1.0)
    copies = Tempering(
        tables,
        prices=prices,
        ladder=np.array([0.5, 2.0, 9.0]),
        rng=np.random.default_rng(seed),
        unseated=Rooms(problem).unseated,
    )
    for _ in range(3):
        copies.sweep(lambda: False)
        carried = copies.energy
        assert carried.tolist() == [copies.prices.of(tables.score(start)) for start in copies.starts()]
    hard, medium, soft = tables.score(copies.best_start)
    assert copies.best[1:] == (medium, soft)
    assert copies.best[0] >= hard
