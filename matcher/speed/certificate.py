"""Why no event can be better: prices of places, mentors and mentees, and the bound they give in whole numbers.

For any prices, what a plan gains on all levels weighed together is at most

    places · p  +  Σ_mentor most · p_mentor  +  Σ_pair max(0, weight · want − p_mentor − p_mentee − p)
                +  Σ_mentee max over k ≤ most of (what k meetings of the mentee gain + k · p_mentee),

since each meeting takes one place, one meeting of its mentor, and counts as one of its mentee (weak duality). The price
of a mentee may have any sign, all others are at least 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.speed.problem import COVER, FILL, WANTS, SpeedProblem

IntArray = NDArray[np.int64]
_SAFE = 2**50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeedPrices:
    """Prices: ``weight`` of each level, ``place`` of one meeting's place, ``mentor`` and ``mentee`` of a meeting."""

    weight: tuple[int, ...]
    place: int
    mentor: IntArray
    mentee: IntArray

    def faults(self, problem: SpeedProblem) -> list[str]:
        """Return the names of the parts that do not fit the problem, or are negative where they must not be."""
        found = []
        if len(self.weight) != len(problem.level_names) or min(self.weight, default=1) < 1:
            found.append("weight")
        if self.place < 0:
            found.append("place")
        if self.mentor.shape != (problem.num_mentors,) or self.mentor.min(initial=0) < 0:
            found.append("mentor")
        if self.mentee.shape != (problem.num_mentees,):
            found.append("mentee")
        return found


def level_bounds(problem: SpeedProblem, prices: SpeedPrices, values: Sequence[int]) -> tuple[int, ...]:
    """Return per level what no plan exceeds that keeps ``values`` on the levels above it.

    Raises
    ------
    ValueError
        When the prices do not fit the problem.
    """
    if found := prices.faults(problem):
        raise ValueError(f"prices do not fit: {', '.join(found)}")
    left = total_bound(problem, prices)
    bounds = []
    for weight, value in zip(prices.weight, values, strict=True):
        # The levels below gain nothing negative, so what is left is this level's at most.
        bounds.append(left // weight)
        left -= weight * value
    return tuple(bounds)


def total_bound(problem: SpeedProblem, prices: SpeedPrices) -> int:
    """Return what no plan exceeds on all levels weighed together, in exact whole numbers."""
    p = problem
    weight = dict(zip(p.level_names, prices.weight, strict=True))
    largest = max(prices.place, *(int(np.abs(a).max(initial=0)) for a in (prices.mentor, prices.mentee)))
    largest = max(largest, *weight.values(), weight[WANTS] * int(p.want.max(initial=0)))
    kind: Any = np.int64 if largest * (p.num_rounds + 4) ** 2 < _SAFE else object
    mentor, mentee = prices.mentor.astype(kind), prices.mentee.astype(kind)
    over = p.want.astype(kind) * weight[WANTS] - mentor[p.mentor] - mentee[p.mentee] - prices.place
    total = p.num_places * prices.place + sum(np.maximum(over, 0).tolist())
    heads = np.minimum(p.max_mentor_meetings, p.num_rounds).tolist()
    total += sum(most * price for most, price in zip(heads, mentor.tolist(), strict=True))
    best = np.zeros(p.num_mentees, dtype=kind)
    gain = 0
    for meetings in range(1, p.num_rounds + 1):
        gain += weight.get(COVER, 0) * max(0, p.least + 1 - meetings)
        gain += weight.get(FILL, 0) * (p.num_rounds + 1 - meetings)
        allowed = p.max_mentee_meetings >= meetings
        best = np.where(allowed, np.maximum(best, gain + meetings * mentee), best)
    return int(total + sum(best.tolist()))
