"""Prices that climb: subgradient steps towards a target, for a bound that rises with good prices.

References
----------
.. [1] B. T. Polyak, "Minimization of unsmooth functionals", USSR Computational Mathematics 9 (1969), 14-29.
.. [2] P. Camerini, L. Fratta, F. Maffioli, "On improving relaxation methods by modified gradient techniques",
   Mathematical Programming Study 3 (1975), 26-34.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

FRESH = 0.4
"""Share of the newest direction in the step; the rest remembers the steps before."""
PATIENCE = 15
SHRINK = 0.7
LEAST_SHARE = 1e-3
"""A direction that has all but cancelled out is given up for the newest slope."""


class Ascent:
    """Prices at least 0 and the best ones met so far.

    ``reach`` is how far above the best bound a step aims; it shrinks while nothing better is met.
    """

    def __init__(self, prices: FloatArray, reach: float) -> None:
        self.prices = prices.copy()
        self.best_prices = prices.copy()
        self.best = -np.inf
        self.reach = reach
        self._direction: FloatArray | None = None
        self._idle = 0

    def note(self, value: float) -> bool:
        """Take the bound at the current prices; return whether it is the best."""
        if value > self.best + 1e-7:
            is_much = value > self.best + 1e-3 * self.reach
            self.best, self.best_prices = value, self.prices.copy()
            self._idle = 0 if is_much else self._idle + 1
            return True
        self._idle += 1
        return False

    def move(self, slope: FloatArray, value: float) -> bool:
        """Move along ``slope``, a subgradient at the current prices; return False where it says that they are best."""
        newest = self._inside(slope)
        if not newest.any():
            return False
        if self._idle >= PATIENCE:
            self.reach *= SHRINK
            self._idle = 0
        step = newest
        if self._direction is not None:
            remembered = FRESH * slope + (1 - FRESH) * self._direction
            step = self._inside(remembered)
            if _square(step) > LEAST_SHARE * _square(newest):
                slope = remembered
            else:
                step = newest
        self._direction = slope
        length = min(self.best + self.reach - value, 4 * self.reach) / _square(step)
        self.prices = np.maximum(0.0, self.prices + length * step)
        return True

    def _inside(self, direction: FloatArray) -> FloatArray:
        """Return the direction without what would take a price below 0."""
        return np.where((self.prices <= 0) & (direction < 0), 0.0, direction)


def _square(vector: FloatArray) -> float:
    # Not a product of matrices, which would call upon several threads for a trifle.
    return float((vector * vector).sum())
