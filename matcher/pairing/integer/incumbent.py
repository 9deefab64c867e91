"""The best pairing so far and the prices that bound every level of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.certificate import LevelPrices, level_bound
from matcher.pairing.engine import EngineAnswer
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values, violations

IntArray = NDArray[np.int64]

WISHES = ("HR-22", "least")
"""Rules that are levels: a plan may break them."""


class Incumbent:
    """Keeps the lexicographically best valid pairing and, per level, the prices with the least bound.

    A bound of a level speaks of the plans that keep the values above it: when those values change, it is evaluated
    again before it is compared.
    """

    def __init__(self, problem: PairingProblem) -> None:
        self.problem = problem
        self.pairing = Pairing.of(problem, [])
        self.values = level_values(problem, self.pairing)
        self.prices = [LevelPrices.zero(problem, k) for k in range(problem.num_levels)]
        self.searched = [False] * problem.num_levels
        self._bounds: list[int | None] = [None] * problem.num_levels

    def offer(self, pairing: Pairing) -> bool:
        """Take the pairing if it is valid and better; return whether it was."""
        values = level_values(self.problem, pairing)
        if values <= self.values or not is_valid(self.problem, pairing):
            return False
        changed = next(k for k, (new, old) in enumerate(zip(values, self.values, strict=True)) if new != old)
        self.pairing, self.values = pairing, values
        self._bounds[changed + 1 :] = [None] * (len(values) - changed - 1)
        self.searched[changed:] = [False] * (len(values) - changed)
        return True

    def offer_prices(self, level: int, prices: LevelPrices) -> int:
        """Keep the prices if their bound is better; return the best bound of the level."""
        try:
            bound = level_bound(self.problem, prices, level, self.values)
        except ValueError:
            return self.bound(level)
        if bound < self.bound(level):
            self.prices[level], self._bounds[level] = prices, bound
        return self.bound(level)

    def bound(self, level: int) -> int:
        """Return the certified bound of a level."""
        known = self._bounds[level]
        if known is None:
            known = self._bounds[level] = level_bound(self.problem, self.prices[level], level, self.values)
        return known

    def is_proved(self, level: int) -> bool:
        """Return whether the value of the level is proved best, given the values above."""
        return self.searched[level] or self.bound(level) <= self.values[level]

    def answer(self, engine: str) -> EngineAnswer:
        """Return what the engine hands back."""
        return EngineAnswer(pairing=self.pairing, prices=tuple(self.prices), proved=tuple(self.searched), engine=engine)


def is_valid(problem: PairingProblem, pairing: Pairing) -> bool:
    """Return whether the pairing keeps every rule that is not a wish."""
    return all(violation.rule in WISHES for violation in violations(problem, pairing))
