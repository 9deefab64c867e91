"""The judge: a valid plan passes, and each crafted mutant of it breaks exactly the rules its row names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values, violations
from tests.unit.pairing.building import build, ints, steps

# Options by number: who, with whom, in which group.
PAIRS = [
    (0, 0),  # 0 individual, locked
    (0, 1),  # 1 in conflict with 2
    (1, 2),  # 2 individual, in the quota
    (1, 3),  # 3 seat in group 0
    (1, 4),  # 4 seat in group 0
    (2, 5),  # 5 individual, in the quota
    (2, 0),  # 6 a second mentor for mentee 0
    (1, 5),  # 7 only together with 5
    (1, 3),  # 8 the couple of 3 as an individual pair
    (2, 4),  # 9 seat in group 1
    (2, 3),  # 10 seat in group 1
    (1, 2),  # 11 seat in group 2, theme of group 0
    (1, 5),  # 12 seat in group 2
    (2, 1),  # 13 in the quota
    (1, 1),  # 14 seat in group 0
    (2, 2),  # 15 a second mentor, mentee 2
]
GROUP = [-1, -1, -1, 0, 0, -1, -1, -1, -1, 1, 1, 2, 2, -1, 0, -1]


def school() -> PairingProblem:
    return build(
        PAIRS,
        list(range(1, 17)),
        group=GROUP,
        groups=[(1, 7, 2, 2), (2, 7, 2, 3), (1, 7, 2, 3)],
        max_individual=[1, 2, 2],
        max_groups=[0, 2, 1],
        max_places=[1, 3, 3],
        max_minutes=[60, 300, 300],
        mentor_minutes=[60, 60, 60, 0, 0, 60, 60, 60, 60, 0, 0, 0, 0, 60, 0, 60],
        group_minutes=[60, 60, 60],
        max_mentors=[2, 1, 2, 2, 2, 2],
        mentee_minutes=[30] * 16,
        max_mentee_minutes=[60, 30, 60, 60, 60, 60],
        slots=np.array([[0b110]] * 16, dtype=np.uint64),
        quota_option=[2, 5, 13],
        quota_owner=[0, 0, 0],
        quota_steps=steps([(0, 2, [0])]),
        conflict_first=[1],
        conflict_second=[2],
        extra=np.isin(np.arange(16), [6, 15]),
        companion=np.where(np.arange(16) == 7, 5, -1),
        locked=np.arange(16) == 0,
    )


def plan(problem: PairingProblem, option: list[int], slots: dict[int, int]) -> Pairing:
    return Pairing.of(problem, option, list(slots), list(slots.values()))


VALID = [0, 2, 3, 4, 5, 6]


def test_the_plan_the_mutants_come_from_is_valid() -> None:
    problem = school()
    assert violations(problem, plan(problem, VALID, {0: 1})) == ()


def test_an_empty_plan_breaks_only_the_lock() -> None:
    problem = school()
    assert [v.rule for v in violations(problem, plan(problem, [], {}))] == ["HR-22"]


Mutant = Callable[[PairingProblem], Pairing]
MUTANTS: dict[str, tuple[Mutant, list[tuple[str, tuple[int, ...]]]]] = {
    "a locked pair left out": (lambda p: plan(p, [2, 3, 4, 5], {0: 1}), [("HR-22", (0,))]),
    "one couple twice": (lambda p: plan(p, [*VALID, 8], {0: 1}), [("HR-01", (1, 3))]),
    "too many pairs of a mentor": (lambda p: plan(p, [0, 1, 3, 4, 5], {0: 1}), [("HR-06", (0,))] * 3),
    "too many mentors of a mentee": (lambda p: plan(p, [0, 5, 9, 10, 13, 14, 3], {0: 1, 1: 2}), [("HR-06", (1,))] * 2),
    "a seat in a group that is not open": (lambda p: plan(p, [*VALID, 9, 10], {0: 1}), [("HR-07", (1,))]),
    "a group too small": (lambda p: plan(p, [0, 2, 3, 5], {0: 1}), [("HR-07", (0,))]),
    "a group too large": (lambda p: plan(p, [*VALID, 14], {0: 1}), [("HR-07", (0,))]),
    "an open group with nobody": (lambda p: plan(p, VALID, {0: 1, 1: 2}), [("HR-07", (1,))]),
    "two groups on one theme": (lambda p: plan(p, [0, 3, 4, 11, 12], {0: 1, 2: 2}), [("HR-06", (1, 7))]),
    "two groups of a mentor in one slot": (
        lambda p: plan(p, [0, 3, 4, 11, 12], {0: 1, 2: 1}),
        [("HR-06", (1, 7)), ("HR-20", (2,))],
    ),
    "a group without a slot": (lambda p: plan(p, VALID, {0: -1}), [("HR-20", (0,))]),
    "a slot nobody has free": (lambda p: plan(p, VALID, {0: 5}), [("HR-20", (0,))]),
    "a quota exceeded": (lambda p: plan(p, [0, 2, 5, 13], {}), [("quota", (0,))]),
    "two in conflict": (
        lambda p: plan(p, [1, 2, 5], {}),
        [("HR-01", (1, 2)), ("HR-22", (0,))],
    ),
    "a second mentor without a first": (lambda p: plan(p, [0, 5, 15], {}), [("HR-04", (2,))]),
    "a counter-assignment alone": (lambda p: plan(p, [0, 7], {}), [("HR-08", (7,))]),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_breaks_the_rules_it_was_made_to_break_and_no_others(name: str) -> None:
    problem = school()
    mutate, expected = MUTANTS[name]
    found = violations(problem, mutate(problem))
    assert sorted((v.rule, v.subjects) for v in found) == sorted(expected)


def test_a_second_mentor_who_excludes_the_first_breaks_hr04() -> None:
    problem = replace(school(), conflict_first=ints([0]), conflict_second=ints([6]))
    found = violations(problem, plan(problem, VALID, {0: 1}))
    assert [(v.rule, v.subjects, str(v.message)) for v in found] == [
        ("HR-04", (0, 6), "two chosen options exclude each other")
    ]


def test_a_mentee_keeps_his_hours() -> None:
    problem = replace(school(), max_mentee_minutes=ints([59, 30, 60, 60, 60, 60]))
    assert [(v.rule, v.subjects) for v in violations(problem, plan(problem, VALID, {0: 1}))] == [("HR-06", (0,))]


def test_a_mentor_keeps_his_hours_over_pairs_and_groups() -> None:
    problem = replace(school(), max_minutes=ints([60, 119, 300]))
    assert [(v.rule, v.subjects) for v in violations(problem, plan(problem, VALID, {0: 1}))] == [("HR-06", (1,))]


def test_a_least_load_that_is_missed_is_named() -> None:
    problem = replace(school(), required_min_load=ints([1, 2, 3]))
    assert [(v.rule, v.subjects) for v in violations(problem, plan(problem, VALID, {0: 1}))] == [("least", (2,))]


def test_linked_pairs_give_minutes_back_on_all_four_sides() -> None:
    problem = build(
        [(0, 0), (1, 1)],
        [1, 1],
        mentor_minutes=[60, 60],
        mentee_minutes=[60, 60],
        max_minutes=[40, 40],
        max_mentee_minutes=[40, 40],
        link_first=[0],
        link_second=[1],
        link_refund_minutes=[20],
        link_points=ints([[5]]),
    )
    both = Pairing.of(problem, [0, 1])
    assert violations(problem, both) == ()
    assert level_values(problem, both) == (7,)
    assert [(v.rule, v.subjects) for v in violations(problem, Pairing.of(problem, [0]))] == [("HR-06", (0,))] * 2


def test_a_member_who_is_busy_in_the_slot_is_seen() -> None:
    problem = school()
    slots = problem.slots
    assert slots is not None
    busy = slots.copy()
    busy[3] = 0b100
    changed = replace(problem, slots=busy)
    assert [(v.rule, v.subjects) for v in violations(changed, plan(changed, VALID, {0: 1}))] == [("HR-20", (0,))]
    assert violations(changed, plan(changed, VALID, {0: 2})) == ()


@pytest.mark.parametrize(
    "broken",
    [
        {"option": ints([0, 99])},
        {"option": ints([0, 0])},
        {"mentor": ints([1, 1, 1, 1, 1, 1])},
        {"mentee": ints([1, 1, 1, 1, 1, 1])},
        {"group": ints([-1, -1, -1, -1, -1, -1])},
        {"open_group": ints([9])},
        {"slot": ints([1, 2])},
    ],
)
def test_an_ill_formed_answer_is_refused_before_anything_else(broken: dict[str, np.ndarray]) -> None:
    problem = school()
    found = violations(problem, replace(plan(problem, VALID, {0: 1}), **broken))
    assert found
    assert {v.rule for v in found} == {"form"}


def test_values_count_points_items_once_services_once_and_steps_in_order() -> None:
    problem = build(
        [(0, 0), (1, 0), (0, 1)],
        [[1, 2, 4], [10, 20, 40]],
        num_levels=2,
        max_individual=[2, 1],
        max_places=[2, 1],
        max_mentors=[2, 1],
        served_points=ints([[100, 0], [0, 1000]]),
        item_mentee=[0],
        item_points=ints([[7], [0]]),
        cover_option=[0, 1],
        cover_item=[0, 0],
        load_steps=steps([(0, 1, [5, 0]), (0, 1, [-3, 0])], 2),
        quota_option=[0, 1, 2],
        quota_owner=[0, 0, 0],
        quota_steps=steps([(0, 2, [0, 6]), (0, 9, [0, 1])], 2),
    )
    everything = Pairing.of(problem, [0, 1, 2])
    assert level_values(problem, everything) == (1 + 2 + 4 + 100 + 7 + 5 - 3, 70 + 1000 + 6 + 6 + 1)
    assert level_values(problem, Pairing.of(problem, [])) == (0, 0)


@pytest.mark.parametrize(("served_only", "value"), [(False, 0), (True, 3)])
def test_the_worst_off_are_the_served_or_all(served_only: bool, value: int) -> None:
    problem = build(
        [(0, 0), (1, 1)],
        [0, 0],
        worst_off_level=0,
        floor_points=ints([3, 8]),
        floor_mentee=np.array([True, True]),
        floor_served_only=served_only,
    )
    assert level_values(problem, Pairing.of(problem, [0])) == (value,)
