"""What a level costs the next one: the best rate at which giving way on a level lets the next one gain.

References
----------
.. [1] W. Dinkelbach, "On nonlinear fractional programming", Management Science 13 (1967).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.flow.network import Network, best_circulation

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Above this size of the network (arcs times levels) the rates are left out: each takes a few more flows.
LARGEST = 1_000_000


def level_rates(network: Network, flow: IntArray, faces: Sequence[BoolArray | None]) -> tuple[float | None, ...]:
    """Return per level the most that the next one gains for each unit this one gives way, upper ones kept.

    ``flow`` is lexicographically best; ``faces[k]`` (num_arcs,) are the arcs that the levels above *k* fix. None for
    the last level, and where the rates are left out or too large for exact arithmetic.
    """
    num_levels = len(network.gain)
    if num_levels * len(network.tail) > LARGEST:
        return (None,) * num_levels
    return (*(_rate(network, flow, faces[k], k) for k in range(num_levels - 1)), None)


def _rate(network: Network, flow: IntArray, face: BoolArray | None, level: int) -> float | None:
    here, below = network.gain[level], network.gain[level + 1]
    rate = Fraction(0)
    while True:
        weighted = _weighted(here, rate.numerator, below, rate.denominator, network.room)
        if weighted is None:
            return None
        other = best_circulation(network, weighted, face, flow)
        gained, given = _total(below, other - flow), _total(here, flow - other)
        if rate.denominator * gained <= rate.numerator * given:
            return float(rate)
        rate = Fraction(gained, given)


def _weighted(here: IntArray, weight: int, below: IntArray, weight_below: int, room: int) -> IntArray | None:
    """Return the weighted sum, None where an arc would exceed ``room``."""
    largest = weight * int(np.abs(here).max(initial=0)) + weight_below * int(np.abs(below).max(initial=0))
    return None if largest > room else weight * here + weight_below * below


def _total(gain: IntArray, flow: IntArray) -> int:
    """Return the total gain in whole numbers of any size."""
    moved = np.flatnonzero(flow)
    return sum(g * f for g, f in zip(gain[moved].tolist(), flow[moved].tolist(), strict=True))
