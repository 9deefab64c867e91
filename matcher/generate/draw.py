"""Random draws that come out the same on every computer.

Everything is derived from uniform doubles by additions, multiplications and comparisons: no logarithm or power,
whose last digit may differ between systems.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
T = TypeVar("T")


class Draw:
    """A stream of draws that depends on the seed alone."""

    def __init__(self, *seed: int) -> None:
        self._rng = np.random.Generator(np.random.PCG64(list(seed)))

    def unit(self, *shape: int) -> FloatArray:
        """Return numbers from [0, 1)."""
        return self._rng.random(shape)

    def whole(self, low: int, high: int, size: int) -> IntArray:
        """Return whole numbers from ``low`` to ``high``, both included."""
        return low + np.floor(self._rng.random(size) * (high - low + 1)).astype(np.int64)

    def flag(self, chance: float, size: int) -> BoolArray:
        """Return flags that are true with probability ``chance``."""
        found: BoolArray = self._rng.random(size) < chance
        return found

    def index(self, weights: Sequence[float], *shape: int) -> IntArray:
        """Return indices drawn in proportion to ``weights``."""
        upper = np.cumsum(np.asarray(weights, dtype=np.float64))
        found = np.searchsorted(upper, self._rng.random(shape) * upper[-1], side="right")
        drawn: IntArray = np.minimum(found, len(upper) - 1).astype(np.int64)
        return drawn

    def pick(self, values: Sequence[T], size: int, weights: Sequence[float] | None = None) -> list[T]:
        """Return ``size`` of the values, drawn in proportion to ``weights`` (evenly without)."""
        index = self.index(weights if weights is not None else [1.0] * len(values), size)
        return [values[i] for i in index.tolist()]

    def order(self, size: int) -> IntArray:
        """Return the indices 0 … size − 1 in random order."""
        return np.argsort(self._rng.random(size), kind="stable")


def spread(total: int, weights: Sequence[float] | FloatArray) -> IntArray:
    """Return whole parts of ``total`` in proportion to ``weights`` (largest remainders first).

    >>> spread(7, [2, 1, 1]).tolist()
    [3, 2, 2]
    """
    weight = np.asarray(weights, dtype=np.float64)
    exact = weight * (total / weight.sum())
    part: IntArray = np.floor(exact).astype(np.int64)
    first = np.argsort(-(exact - part), kind="stable")
    part[first[: total - int(part.sum())]] += 1
    return part


def words(line: str) -> tuple[str, ...]:
    """Return the words of a line."""
    return tuple(line.split())
