"""Weights that put the levels into one sum: near enough to their order to find plans, small enough to price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.model import level_grid
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MARGIN, STEP = 1.5, 1.2
"""How much more one step on a level weighs than what it usually costs below, and than one step on the next level."""


def level_weights(p: PairingProblem, option: IntArray) -> FloatArray:
    """Return one weight per level; zero where nothing can be gained. The last that counts weighs one.

    A level outweighs the spread of what most mentees' options earn below it, and every level the one below. The order
    is not kept strictly: what is found is compared level by level.
    """
    weight = np.zeros(p.num_levels)
    below = 0.0
    for level in reversed(range(p.num_levels)):
        grid = _grid(p, level)
        if grid is None or level == p.worst_off_level:
            continue
        weight[level] = max(MARGIN * _spread(p, option, weight), STEP * below, 1.0 if below == 0 else 0.0) / grid
        below = weight[level] * grid
    smallest = weight[weight > 0].min(initial=np.inf)
    return weight / smallest if np.isfinite(smallest) else weight


def _grid(p: PairingProblem, level: int) -> int | None:
    """Return the least step of a level, None where nothing can be gained or lost on it."""
    steps = np.r_[p.load_steps.points[level], p.quota_steps.points[level]]
    other = np.r_[p.group_points[level], p.served_points[level], p.item_points[level], p.link_points[level]]
    grids = [level_grid(a) for a in (p.points[level], other, steps) if a.any()]
    return int(np.gcd.reduce(grids)) if grids else None


def _spread(p: PairingProblem, option: IntArray, weight: FloatArray) -> float:
    """Return how far the options of one mentee usually differ in what they earn under these weights."""
    if not weight.any() or not len(option):
        return 0.0
    gain = weight @ p.points
    gain += np.bincount(p.cover_option, (weight @ p.item_points)[p.cover_item], p.num_options)
    who = p.mentee[option]
    most, least = np.zeros(p.num_mentees), np.zeros(p.num_mentees)
    np.maximum.at(most, who, gain[option])
    np.minimum.at(least, who, gain[option])
    span = (most - least)[np.unique(who)]
    load = float(np.abs(weight @ p.load_steps.points).max(initial=0)) / 2
    quota = float(np.abs(weight @ p.quota_steps.points).max(initial=0)) / 2
    return float(np.quantile(span, 0.9)) + load + quota
