"""What single options are worth, level by level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]


def option_gains(problem: PairingProblem, options: IntArray) -> IntArray:
    """Return what each option alone brings somebody without a mentor, shape (num_levels, len(options)).

    Being served, the points of the option and the items it covers; loads and quotas are left out.
    """
    p = problem
    gains: IntArray = p.points[:, options] + p.served_points[:, p.mentee[options]]
    place = np.full(p.num_options, -1, dtype=np.int64)
    place[options] = np.arange(len(options))
    mine = place[p.cover_option] >= 0
    where, item = place[p.cover_option[mine]], p.cover_item[mine]
    for level in np.flatnonzero(p.item_points.any(axis=1)).tolist():
        gains[level] += np.bincount(where, p.item_points[level, item], len(options)).astype(np.int64)
    return gains


def best_first(gains: IntArray) -> IntArray:
    """Return the order of options by their gains, the lexicographically greatest first, the first of equals first."""
    order: IntArray = np.lexsort((np.arange(gains.shape[1]), *(-gains[::-1])))
    return order
