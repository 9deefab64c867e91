"""Which openings of one mentor cannot open together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.openings import Openings
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def clashes(p: PairingProblem, openings: Openings, others: IntArray, opening: int) -> BoolArray:
    """Return which of the other openings of the same mentor share its theme or its slot."""
    theme = p.group_theme
    same_theme = theme[openings.group[others]] == theme[openings.group[opening]]
    same_slot = (openings.slot[others] == openings.slot[opening]) & (openings.slot[opening] >= 0)
    clash: BoolArray = same_theme | same_slot
    return clash


def compatible(p: PairingProblem, openings: Openings, liking: FloatArray) -> IntArray:
    """Return those of the openings that can all open at once, the most liked first."""
    most = np.minimum(p.max_groups, p.max_places)
    kept: dict[int, list[int]] = {}
    for opening in np.argsort(-liking, kind="stable").tolist():
        mentor = int(p.group_mentor[openings.group[opening]])
        others = kept.setdefault(mentor, [])
        if len(others) >= most[mentor]:
            continue
        if not clashes(p, openings, np.array(others, dtype=np.int64), opening).any():
            others.append(opening)
    return np.sort(np.array([o for others in kept.values() for o in others], dtype=np.int64))
