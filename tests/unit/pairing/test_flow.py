"""What is read as a flow, feature by feature, and what the flow then decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.pairing.flow import potentials as potentials_module
from matcher.pairing.flow.form import is_flow
from matcher.pairing.flow.potentials import shortest_distances
from matcher.pairing.flow.solve import solve_flow
from matcher.pairing.levels import chunk_levels, safe_weights
from matcher.pairing.problem import NO_LIMIT, PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.solve import solve_pairing
from matcher.pairing.verify import level_values
from tests.brute_force import best_values
from tests.unit.pairing.building import build, ints, rows, steps

SQUARE = [(0, 0), (0, 1), (1, 0), (1, 1)]


def square(points: Any = (5, 4, 4, 1), **fields: Any) -> PairingProblem:
    return build(SQUARE, list(points), **fields)


def chosen(problem: PairingProblem) -> list[int]:
    result = solve_pairing(problem)
    assert result.engine == "flow"
    assert result.certificate.holds(problem)
    return result.pairing.option.tolist()


WIDE = {"max_individual": [2, 2], "max_places": [2, 2]}
TWO_EACH = {"max_mentors": [2, 2]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"group": [-1, -1, -1, 0], "groups": [(1, 0, 1, 2)]}, False),
        ({"group": [-1, -1, -1, 0], "groups": [(1, 0, 2, 2)]}, True),
        ({"group": [-1, -1, -1, 0], "groups": [(1, 0, 1, 2)], "max_groups": [1, 0]}, True),
        ({"mentor_minutes": [60] * 4, "max_minutes": [60, 60], **WIDE}, True),
        ({"mentor_minutes": [60, 30, 60, 60], "max_minutes": [60, 60], **WIDE}, False),
        ({"mentor_minutes": [60, 30, 60, 60], "max_minutes": [90, NO_LIMIT], **WIDE}, True),
        ({"mentor_minutes": [60, 99, 60, 60], "max_minutes": [60, 60], **WIDE}, True),
        ({"mentee_minutes": [30, 30, 60, 30], "max_mentee_minutes": [80, 80], **TWO_EACH}, False),
        ({"mentee_minutes": [30, 30, 30, 30], "max_mentee_minutes": [45, 45], **TWO_EACH}, True),
        ({"item_mentee": [0], "cover_option": [0, 2], "cover_item": [0, 0]}, True),
        ({"item_mentee": [0], "cover_option": [0, 2], "cover_item": [0, 0], **TWO_EACH}, False),
        ({"item_mentee": [0], "cover_option": [0], "cover_item": [0], **TWO_EACH}, True),
        ({"quota_option": [0, 1], "quota_owner": [0, 0], "quota_steps": steps([(0, 1, [0])])}, True),
        ({"quota_option": [0, 2], "quota_owner": [0, 0], "quota_steps": steps([(0, 1, [0])])}, True),
        ({"quota_option": [0, 3], "quota_owner": [0, 0], "quota_steps": steps([(0, 1, [0])])}, False),
        ({"link_first": [0], "link_second": [3], "link_refund_minutes": [0]}, False),
        ({"conflict_first": [0], "conflict_second": [3]}, False),
        ({"extra": np.array([True, False, False, False]), **TWO_EACH}, False),
        ({"extra": np.array([True, False, False, False])}, True),
        ({"companion": [3, -1, -1, -1]}, False),
    ],
)
def test_the_structure_alone_decides(fields: dict[str, Any], expected: bool) -> None:
    assert is_flow(square(**fields)) is expected


def test_twins_are_a_flow_only_where_they_cannot_both_be_chosen() -> None:
    twins = build([(0, 0), (0, 0)], [1, 2], max_individual=[2], max_places=[2], max_mentors=[2])
    assert not is_flow(twins)
    assert is_flow(replace(twins, max_mentors=ints([1])))
    assert is_flow(replace(twins, max_places=ints([1])))


def test_quotas_that_cross_are_not_a_flow_and_nested_ones_are() -> None:
    line = [(m, m) for m in range(4)]
    crossing = {"quota_option": [0, 1, 1, 2], "quota_owner": [0, 0, 1, 1]}
    both = {"quota_steps": steps([(0, 1, [0]), (1, 1, [0])])}
    # Whole mentors cross, whole mentees cross too: one quota may stand on each side.
    assert is_flow(build(line, [1] * 4, **crossing, **both))
    wide = [(0, 0), (1, 0), (1, 1), (2, 1)]
    assert not is_flow(build(wide, [1] * 4, quota_option=[0, 1, 2, 1, 2, 3], quota_owner=[0, 0, 0, 1, 1, 1], **both))
    assert is_flow(build(line, [1] * 4, quota_option=[0, 1, 2, 1], quota_owner=[0, 0, 0, 1], **both))


def test_what_is_no_flow_is_refused() -> None:
    with pytest.raises(ValueError, match="not a flow"):
        solve_flow(square(conflict_first=[0], conflict_second=[3]))


def test_the_best_total_not_the_best_pair() -> None:
    assert chosen(square()) == [1, 2]


def test_nobody_is_forced_into_a_pair_that_costs_points() -> None:
    assert chosen(square([-1, -2, -3, -4])) == []
    assert chosen(square([-1, 2, -3, -4])) == [1]


def test_several_mentors_for_one_mentee_each_once() -> None:
    problem = build([(0, 0), (1, 0), (2, 0)], [3, 2, 1], max_mentors=[2], max_individual=[5] * 3, max_places=[5] * 3)
    assert chosen(problem) == [0, 1]


def test_being_served_counts_once() -> None:
    problem = square([1, 0, 1, 0], served_points=ints([[3, 2]]), **TWO_EACH)
    assert chosen(problem) in ([0, 3], [1, 2])


def test_nested_quotas_all_bind() -> None:
    problem = build(
        [(0, 0), (1, 1), (2, 2), (3, 3)],
        [4, 3, 2, 1],
        quota_option=[0, 1, 0, 1, 2],
        quota_owner=[0, 0, 1, 1, 1],
        quota_steps=steps([(0, 1, [0]), (1, 2, [0])]),
    )
    assert chosen(problem) == [0, 2, 3]


def test_quotas_of_both_sides_at_once() -> None:
    problem = build(
        [(0, 0), (0, 1), (1, 0), (1, 1)],
        [9, 9, 1, 1],
        **WIDE,
        quota_option=[0, 1, 0, 2],
        quota_owner=[0, 0, 1, 1],
        quota_steps=steps([(0, 1, [0]), (1, 1, [0])]),
    )
    assert solve_pairing(problem).value == 10


def test_falling_steps_spread_the_load() -> None:
    even = steps([(m, 1, [0]) for m in (0,)] + [(0, 1, [-3])] + [(1, 1, [0]), (1, 1, [-3])])
    problem = build([(0, 0), (0, 1), (1, 0), (1, 1)], [5, 5, 4, 4], **WIDE, load_steps=even)
    loads = np.bincount(solve_pairing(problem).pairing.mentor, minlength=2)
    assert loads.tolist() == [1, 1]


def test_steps_between_organisations_are_quotas_with_points() -> None:
    fair = steps([(0, 1, [4]), (0, 9, [0]), (1, 1, [4]), (1, 9, [0])])
    problem = build(
        [(0, 0), (1, 1), (2, 0), (2, 1)],
        [5, 5, 3, 2],
        quota_option=[0, 1, 2, 3],
        quota_owner=[0, 0, 1, 1],
        quota_steps=fair,
    )
    assert chosen(problem) == [1, 2]


def test_hours_alike_are_heads() -> None:
    fields = {"mentor_minutes": [60] * 3, "max_minutes": [150], "max_individual": [9], "max_places": [9]}
    assert chosen(build([(0, 0), (0, 1), (0, 2)], [1, 2, 3], **fields)) == [1, 2]
    mentee = {"mentee_minutes": [60] * 3, "max_mentee_minutes": [150], "max_mentors": [9]}
    assert chosen(build([(0, 0), (1, 0), (2, 0)], [1, 2, 3], **mentee)) == [1, 2]


def test_items_of_the_one_mentor_count_with_him() -> None:
    items = {"item_mentee": [0, 0], "item_points": ints([[3, 2]]), "cover_option": [0, 1, 1], "cover_item": [0, 0, 1]}
    assert chosen(build([(0, 0), (1, 0)], [1, 0], **items)) == [1]


def test_a_level_above_outweighs_any_points_below() -> None:
    points = [[1, 0, 0, 1], [0, 2**39, 2**39, 0]]
    assert chosen(build(SQUARE, points, num_levels=2)) == [0, 3]


def test_many_deep_levels_are_decided_one_after_the_other_where_64_bits_end() -> None:
    random = np.random.default_rng(3)
    num_levels = 9
    # Few different points, so that ties reach the lowest levels.
    points = random.integers(0, 2, (num_levels, 12)) * 2**36
    problem = build([(m, n) for m in range(3) for n in range(4)], points, num_levels=num_levels)
    answer = solve_flow(problem)
    assert len(chunk_levels([2**38] * num_levels, [2**36] * num_levels, 2**57)) > 1
    assert level_values(problem, answer.pairing) == best_values(problem)
    result = solve_pairing(problem)
    assert result.status.value == "optimal"
    assert result.proof is not None


def test_a_person_of_no_places_no_wishes_or_no_options_does_no_harm() -> None:
    problem = square(max_individual=[0, 1], max_places=[1, 0], max_mentors=[0, 1], served_points=ints([[4, 4]]))
    assert chosen(problem) == []
    assert chosen(build([], [], num_mentors=2, num_mentees=3, served_points=ints([[1, 1, 1]]))) == []


def test_weights_outweigh_all_below() -> None:
    assert safe_weights([5, 0, 3]) == (4, 4, 1)
    assert [chunk.first for chunk in chunk_levels([9, 9, 9], [1, 1, 1], 11)] == [0, 2]


def test_near_arcs_first_gives_the_same_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(8)
    num_nodes, num_arcs = 60, 900
    tail, head = random.integers(0, num_nodes, (2, num_arcs))
    height = random.integers(-50, 50, num_nodes)
    # Lengths from heights: no cycle is negative.
    length = random.integers(0, 40, num_arcs) + height[head] - height[tail]
    at_once = shortest_distances(num_nodes, tail, head, length)
    assert (at_once[head] <= at_once[tail] + length).all()
    assert (at_once < 0).any()
    monkeypatch.setattr(potentials_module, "SMALL", 0)
    monkeypatch.setattr(potentials_module, "SAMPLE", 50)
    assert np.array_equal(shortest_distances(num_nodes, tail, head, length), at_once)


def test_a_cycle_that_could_be_improved_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="not optimal"):
        shortest_distances(2, ints([0, 1]), ints([1, 0]), ints([1, -2]))


def test_the_row_order_does_not_matter_even_for_twins_and_ties() -> None:
    pairs, points = [(0, 0), (0, 0), (1, 0), (1, 1), (0, 1)], [3, 3, 3, 3, 3]
    minutes = ints([1, 2, 3, 4, 5])
    straight = build(pairs, points, mentee_minutes=minutes)
    turned = build(pairs[::-1], points, mentee_minutes=minutes[::-1])
    first, second = (solve_pairing(p).pairing for p in (straight, turned))
    # The minutes tell every option apart.
    assert set(minutes[first.option].tolist()) == set(minutes[::-1][second.option].tolist())


def test_values_are_those_of_the_judge() -> None:
    problem = build(SQUARE, rows([5, 4, 4, 1, 0, 1, 2, 3], 2, 4), num_levels=2)
    result = solve_pairing(problem)
    again = Pairing.of(problem, result.pairing.option)
    assert tuple(level.value for level in result.levels) == level_values(problem, again)
