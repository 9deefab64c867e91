"""Prices: any give a bound, good ones meet the value, wrong ones are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.pairing.certificate import Certificate, LevelPrices, is_exact, level_bound
from matcher.pairing.problem import PairingProblem
from matcher.pairing.solve import solve_pairing
from tests.brute_force import best_values
from tests.unit.pairing.building import build, ints, steps


def table() -> PairingProblem:
    return PairingProblem.from_scores([[3, 1], [2, 4]])


def zero(problem: PairingProblem, level: int = 0, **fields: Any) -> LevelPrices:
    return replace(LevelPrices.zero(problem, level), **fields)


def test_prices_of_nothing_let_every_mentor_take_his_best() -> None:
    assert level_bound(table(), zero(table()), 0, (7,)) == 3 + 4


def test_prices_move_the_bound_by_hand() -> None:
    problem = PairingProblem.from_scores([[5, 0], [4, 0]], forbidden=[[0, 1], [0, 1]])
    assert level_bound(problem, zero(problem), 0, (5,)) == 9
    assert level_bound(problem, zero(problem, mentee=ints([4, 0])), 0, (5,)) == 4 + 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"mentee": ints([-1, 0])}, "negative"),
        ({"mentee": ints([1])}, "2 whole numbers"),
        ({"mentee": np.array([1.0, 2.0])}, "2 whole numbers"),
        ({"weight": ints([0])}, "positive"),
        ({"minute": ints([1, 0])}, "no limit"),
        ({"floor": ints([1, 0])}, "does not have"),
        ({"mentee": ints([2**60, 0])}, "64-bit"),
    ],
)
def test_wrong_prices_are_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        level_bound(table(), zero(table(), **changes), 0, (7,))
    assert not Certificate(values=(7,), prices=(zero(table(), **changes),)).holds(table())


def test_a_certificate_speaks_for_its_values_only() -> None:
    found = solve_pairing(table()).certificate
    assert found.holds(table())
    assert found.bound(table()) == 7
    assert not replace(found, values=(6,)).holds(table())


def test_a_certificate_of_another_problem_does_not_hold() -> None:
    found = solve_pairing(table()).certificate
    assert not found.holds(PairingProblem.from_scores([[3, 1], [2, 5]]))
    assert not found.holds(PairingProblem.from_scores([[3, 1]]))


def test_a_weight_above_proves_the_level_below() -> None:
    problem = build([(0, 0), (0, 1)], [[1, 0], [2, 9]], num_levels=2)
    strict, loose = zero(problem, 1, weight=ints([7, 1])), zero(problem, 1)
    assert level_bound(problem, loose, 1, (1, 2)) == 9
    assert level_bound(problem, strict, 1, (1, 2)) == 2


def test_a_bound_in_units_of_the_scores() -> None:
    problem = PairingProblem.from_scores([[0.5]])
    assert Certificate(values=(500_000,), prices=(zero(problem),)).bound(problem) == 0.5


def guarded(**fields: Any) -> PairingProblem:
    return build(
        [(0, 0), (0, 1), (1, 0), (1, 1)],
        [[0] * 4, [5, 1, 5, 1]],
        num_levels=2,
        worst_off_level=0,
        floor_points=ints([4, 1, 3, 2]),
        floor_mentee=np.array([True, True]),
        **fields,
    )


def test_the_level_of_the_worst_off_is_bounded_by_what_the_points_allow() -> None:
    assert level_bound(guarded(), zero(guarded()), 0, (0, 0)) == 2
    only_served = guarded(floor_served_only=True)
    assert level_bound(only_served, zero(only_served), 0, (0, 0)) == 4


def test_floor_prices_refute_a_threshold() -> None:
    # With one place for two mentees, not both can have 2: at prices 1 and 3 it earns at most 4, against 2 · 1 + 2 · 3.
    single = replace(guarded(), max_places=ints([1, 0]))
    assert level_bound(single, zero(single, 0, floor=ints([1, 3]), threshold=2), 0, (0, 0)) == 1
    assert level_bound(single, zero(single, 0, floor=ints([1, 1]), threshold=2), 0, (0, 0)) == 2


def test_a_floor_above_the_one_that_is_reached_proves_nothing() -> None:
    problem = guarded()
    reached = best_values(problem)
    assert reached == (2, 6)
    fair = zero(problem, 1, floor=ints([0, 1]), threshold=2)
    assert level_bound(problem, fair, 1, reached) >= reached[1]
    with pytest.raises(ValueError, match="above the one that is reached"):
        level_bound(problem, replace(fair, threshold=3), 1, reached)


def test_a_floor_is_no_argument_above_its_level() -> None:
    problem = replace(guarded(), points=ints([[5, 1, 5, 1], [0] * 4]), worst_off_level=1)
    with pytest.raises(ValueError, match="does not have"):
        level_bound(problem, zero(problem, 0, floor=ints([1, 0]), threshold=1), 0, (6, 2))


def test_a_weight_on_the_worst_off_changes_nothing() -> None:
    problem = guarded()
    reached = best_values(problem)
    plain, heavy = zero(problem, 1), zero(problem, 1, weight=ints([9, 1]))
    assert level_bound(problem, heavy, 1, reached) == level_bound(problem, plain, 1, reached)


def test_minutes_of_a_mentee_have_a_price() -> None:
    problem = build([(0, 0), (1, 0)], [4, 4], mentee_minutes=[60, 60], max_mentee_minutes=[100], max_mentors=[2])
    assert level_bound(problem, zero(problem), 0, (4,)) == 8
    # At 4 a head, and one head in 100 minutes, the bound is met.
    assert level_bound(problem, zero(problem, mentee=ints([4])), 0, (4,)) == 4
    uneven = replace(problem, mentee_minutes=ints([50, 60]))
    priced = zero(uneven, minute=ints([1]))
    assert level_bound(uneven, priced, 0, (4,)) == 100


def test_hours_of_a_mentor_are_counted_exactly() -> None:
    problem = build(
        [(0, 0), (0, 1), (0, 2)],
        [6, 5, 4],
        mentor_minutes=[30, 20, 20],
        max_minutes=[45],
        max_individual=[3],
        max_places=[3],
    )
    assert level_bound(problem, zero(problem), 0, (9,)) == 9


def test_hours_pairs_groups_and_steps_together() -> None:
    problem = build(
        [(0, 0), (0, 1), (0, 2), (0, 3), (0, 2)],
        [6, 5, 4, 4, 3],
        group=[-1, -1, 0, 0, -1],
        groups=[(0, 0, 2, 2)],
        mentor_minutes=[30, 20, 0, 0, 10],
        group_minutes=[40],
        max_minutes=[60],
        max_individual=[2],
        max_places=[3],
        load_steps=steps([(0, 1, [3]), (0, 2, [-2])]),
    )
    assert best_values(problem) == (14,)
    assert level_bound(problem, zero(problem), 0, (14,)) == 14


def test_a_table_of_hours_too_large_still_gives_a_bound() -> None:
    random = np.random.default_rng(1)
    minutes = random.integers(10**9, 2 * 10**9, 8)
    problem = build(
        [(0, n) for n in range(8)],
        random.integers(1, 9, 8),
        mentor_minutes=minutes,
        max_minutes=ints([2 * 10**9]),
        max_individual=[8],
        max_places=[8],
    )
    bound = level_bound(problem, zero(problem), 0, (0,))
    assert best_values(problem)[0] <= bound < problem.points.sum()


def test_a_group_takes_its_best_seats_in_one_slot() -> None:
    problem = build(
        [(0, 0), (0, 1), (0, 2)],
        [9, 8, 1],
        group=[0, 0, 0],
        groups=[(0, 0, 2, 3)],
        slots=np.array([[0b01], [0b10], [0b11]], dtype=np.uint64),
    )
    assert level_bound(problem, zero(problem), 0, (10,)) == 10
    assert best_values(problem) == (10,)


def test_links_are_paid_half_to_each_side_and_only_where_both_can_be() -> None:
    fields: dict[str, Any] = {"link_first": [0], "link_second": [1], "link_refund_minutes": [0]}
    problem = build([(0, 0), (1, 1)], [1, 1], link_points=ints([[5]]), **fields)
    assert level_bound(problem, zero(problem), 0, (7,)) == 1 + 3 + 1 + 3
    assert level_bound(replace(problem, max_places=ints([1, 0])), zero(problem), 0, (1,)) == 1


def test_exactness_depends_on_one_mentor_not_on_all() -> None:
    problem = PairingProblem.from_scores(np.full((200, 200), 2**38))
    result = solve_pairing(problem)
    assert result.certificate.holds(problem)
    assert result.value == 200 * 2**38
    assert not is_exact(problem, zero(problem, weight=ints([2**24])))


def test_what_is_out_of_reach_is_not_counted() -> None:
    problem = build(
        [(0, 0)],
        [1],
        max_places=[0],
        num_mentees=2,
        served_points=ints([[3, 3]]),
        item_mentee=[0],
        item_points=ints([[4]]),
        cover_option=[0],
        cover_item=[0],
    )
    assert level_bound(problem, zero(problem), 0, (0,)) == 0
