"""The judge: each of the twelve rules with a plan that keeps it and one that breaks it."""

from __future__ import annotations

import pytest

from matcher.meetings.problem import Level, MeetingsProblem, Rule
from matcher.meetings.verify import level_values, rule_costs, violations
from tests.meeting_problems import meeting_plan, meetings_problem

# Rule, problem, a plan that keeps it, a plan that breaks it, what the breach costs.
CASES = {
    Rule.ROOM_CONFLICT: (
        meetings_problem(duration=[3, 2], required=[[0], [1]]),
        ([0, 1], [0, 1]),
        ([0, 1], [0, 0]),
        2,
    ),
    Rule.OVERTIME: (meetings_problem(duration=[3], required=[[0]]), ([5], [0]), ([6], [0]), 8),
    Rule.REQUIRED_CONFLICT: (
        meetings_problem(duration=[3, 3], required=[[0, 1, 2], [1, 2, 3]]),
        ([0, 3], [0, 1]),
        ([0, 2], [0, 1]),
        2,
    ),
    Rule.ROOM_CAPACITY: (
        meetings_problem(duration=[1], required=[[0, 1]], preferred=[[2, 3]], rooms=[4, 3]),
        ([0], [0]),
        ([0], [1]),
        1,
    ),
    Rule.SAME_DAY: (meetings_problem(duration=[2], required=[[0]], days=[4, 4]), ([2], [0]), ([3], [0]), 1),
    Rule.REQUIRED_PREFERRED_CONFLICT: (
        meetings_problem(duration=[3, 3], required=[[0], [1]], preferred=[[1], [0]]),
        ([0, 3], [0, 1]),
        ([0, 0], [0, 1]),
        6,
    ),
    Rule.PREFERRED_CONFLICT: (
        meetings_problem(duration=[3, 3], required=[[0], [1]], preferred=[[2], [2]]),
        ([0, 3], [0, 1]),
        ([1, 0], [0, 1]),
        2,
    ),
    Rule.AS_SOON_AS_POSSIBLE: (meetings_problem(duration=[1], required=[[0]]), ([0], [0]), ([4], [0]), 4),
    Rule.BREAK: (meetings_problem(duration=[2, 2], required=[[0], [1]]), ([0, 3], [0, 1]), ([0, 2], [0, 1]), 100),
    Rule.OVERLAP: (meetings_problem(duration=[2, 2], required=[[0], [1]]), ([0, 2], [0, 1]), ([0, 1], [0, 1]), 10),
    Rule.LARGER_ROOMS: (
        meetings_problem(duration=[1], required=[[0]], rooms=[9, 7, 4]),
        ([0], [0]),
        ([0], [2]),
        8,
    ),
    Rule.ROOM_STABILITY: (
        meetings_problem(duration=[2, 2], required=[[0, 1], [0]], preferred=[[], [1]]),
        ([0, 5], [0, 1]),
        ([0, 4], [0, 1]),
        2,
    ),
}


def test_there_is_a_case_for_every_rule() -> None:
    assert set(CASES) == set(Rule)


@pytest.mark.parametrize("rule", list(Rule))
def test_a_rule_is_kept_or_costs_what_it_says(rule: Rule) -> None:
    problem, kept, broken, cost = CASES[rule]
    assert rule_costs(problem, meeting_plan(*kept))[rule] == 0
    assert rule_costs(problem, meeting_plan(*broken))[rule] == cost


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule.level is Level.HARD])
def test_a_broken_hard_rule_is_named(rule: Rule) -> None:
    problem, kept, broken, _ = CASES[rule]
    assert violations(problem, meeting_plan(*kept)) == ()
    assert {violation.rule for violation in violations(problem, meeting_plan(*broken))} == {rule}


def test_a_hard_rule_of_weight_zero_is_off() -> None:
    problem = meetings_problem(duration=[3, 2], required=[[0], [1]], weights={Rule.ROOM_CONFLICT: 0})
    plan = meeting_plan([0, 1], [0, 0])
    assert violations(problem, plan) == ()
    assert level_values(problem, plan)[0] == 0


def test_rooms_need_not_be_kept_by_people_who_have_time_to_walk() -> None:
    problem, _, _, _ = CASES[Rule.ROOM_STABILITY]
    assert rule_costs(problem, meeting_plan([0, 4], [0, 0]))[Rule.ROOM_STABILITY] == 0
    # Both start together: nobody goes from one to the other.
    assert rule_costs(problem, meeting_plan([0, 0], [0, 1]))[Rule.ROOM_STABILITY] == 0


def test_the_day_after_follows_without_a_break() -> None:
    problem = meetings_problem(duration=[1, 1], required=[[0], [1]], days=[2, 2])
    assert rule_costs(problem, meeting_plan([1, 2], [0, 0]))[Rule.BREAK] == 100


def test_other_engagements_count_as_conflicts() -> None:
    problem = meetings_problem(duration=[3], required=[[0]], preferred=[[1]], busy=[(0, 1), (0, 2), (1, 2), (2, 0)])
    costs = rule_costs(problem, meeting_plan([0], [0]))
    assert (costs[Rule.REQUIRED_CONFLICT], costs[Rule.REQUIRED_PREFERRED_CONFLICT]) == (2, 1)
    assert [v.subjects for v in violations(problem, meeting_plan([0], [0]))] == [(0, 0)]


@pytest.mark.parametrize(("start", "room"), [([8], [0]), ([-1], [0]), ([0], [2]), ([0, 1], [0, 0])])
def test_a_plan_without_form_is_refused(start: list[int], room: list[int]) -> None:
    problem: MeetingsProblem = meetings_problem(duration=[1], required=[[0]])
    with pytest.raises(ValueError, match="per meeting"):
        rule_costs(problem, meeting_plan(start, room))
