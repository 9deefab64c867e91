"""On tiny problems with every feature, the engine agrees with the enumeration of all plans."""

from __future__ import annotations

import pytest

from matcher.pairing.certificate import Certificate
from matcher.pairing.integer.solve import solve_integer
from matcher.pairing.verify import level_values, violations
from tests.brute_force import best_values
from tests.unit.pairing.integer.tiny import tiny_problem


@pytest.mark.parametrize("with_floor", [False, True])
@pytest.mark.parametrize("block", range(10))
def test_finds_and_proves_the_best_values(block: int, with_floor: bool) -> None:
    for seed in range(20 * block, 20 * block + 20):
        problem = tiny_problem(seed, with_floor=with_floor)
        answer = solve_integer(problem, time_limit=60)
        values = level_values(problem, answer.pairing)
        bounds = Certificate(values=values, prices=answer.prices).bounds(problem)
        assert violations(problem, answer.pairing) == ()
        assert values == best_values(problem), seed
        assert all(bound >= value for bound, value in zip(bounds, values, strict=True))
        assert all(
            searched or bound == value for searched, bound, value in zip(answer.proved, bounds, values, strict=True)
        )
