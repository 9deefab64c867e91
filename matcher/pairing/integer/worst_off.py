"""The worst-off first: the highest threshold that everybody can reach, found exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, hstack

from matcher.pairing.integer.certify import row_prices, whole_prices
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.exact import price_level, search_level
from matcher.pairing.integer.highs import Program, relax
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.model import Model, level_grid
from matcher.pairing.integer.openings import IntArray, Openings
from matcher.pairing.integer.programs import level_program, levels_above
from matcher.pairing.integer.rules import build_model


def raise_worst_off(best: Incumbent, option: IntArray, openings: Openings, effort: Effort, *, seed: int) -> None:
    """Raise the least sum as high as it goes while the levels above keep their values.

    The linear relaxation gives a threshold that cannot be promised to all, and the prices that refute it. The highest
    threshold below it is tried first, then halves of what remains.
    """
    p, level = best.problem, best.problem.worst_off_level
    assert level is not None
    assert p.floor_points is not None
    grid = level_grid(p.floor_points)
    if not p.floor_served_only:
        _price_threshold(best, build_model(p, option, openings, threshold=0, relaxed=True), effort)
    too_high = best.bound(level) // grid + 1
    threshold = too_high - 1
    while best.values[level] < threshold * grid and not effort.is_over():
        if _has_plan(best, option, openings, threshold * grid, effort, seed=seed):
            if best.values[level] < threshold * grid:
                return
        elif effort.is_over():
            return
        else:
            too_high = threshold
        threshold = (best.values[level] // grid + too_high) // 2
    best.searched[level] = best.values[level] // grid + 1 >= too_high


def _has_plan(
    best: Incumbent, option: IntArray, openings: Openings, threshold: int, effort: Effort, *, seed: int
) -> bool:
    """Look for a plan that reaches the threshold, and at once for the best one on the next level."""
    p, level = best.problem, best.problem.worst_off_level
    assert level is not None
    model = build_model(p, option, openings, threshold=threshold)
    if level + 1 == p.num_levels:
        return search_level(best, model, level, None, effort, seed=seed)
    plain = build_model(p, option, openings, threshold=threshold, relaxed=True)
    relaxation = price_level(best, plain, level + 1, effort, threshold=threshold)
    is_possible = search_level(best, model, level + 1, relaxation, effort, seed=seed)
    if relaxation is not None:
        best.offer_prices(level + 1, relaxation.prices)
    return is_possible


def _price_threshold(best: Incumbent, plain: Model, effort: Effort) -> None:
    """Find prices that refute the least threshold beyond the linear relaxation."""
    p, level = best.problem, best.problem.worst_off_level
    assert level is not None
    assert p.floor_points is not None
    if "floor" not in plain.blocks:
        return
    program = _highest_floor(plain, level_program(plain, level, best.values))
    found = effort.wait_for(lambda: relax(program, seconds=effort.left()))
    effort.spend()
    if found is None:
        return
    weight = np.zeros(level + 1)
    for row, k in enumerate(levels_above(plain, level), start=len(plain.row_lower)):
        weight[k] = max(0.0, -found.price[row]) / level_grid(plain.columns.gain[k])
    grid = level_grid(p.floor_points)
    # The floor prices add up to one per grid unit of the threshold.
    refuted = int(np.floor(found.value + 1e-6)) + 1
    prices = row_prices(plain, found.price, weight, refuted * grid)
    best.offer_prices(level, whole_prices(p, prices, plain.columns))


def _highest_floor(plain: Model, program: Program) -> Program:
    """Return the program whose one gain is the least sum of floor points, in grid units."""
    first, owner = plain.blocks["floor"]
    rows = np.arange(first, first + len(owner))
    shape = (len(program.row_lower), 1)
    column = csr_array((np.full(len(rows), -1.0), (rows, np.zeros(len(rows), dtype=np.int64))), shape=shape)
    size = len(program.gain)
    return replace(
        program,
        gain=np.r_[np.zeros(size), 1.0],
        lower=np.r_[program.lower, -1e9],
        upper=np.r_[program.upper, 1e9],
        integer=np.r_[program.integer, False],
        matrix=csr_array(hstack([program.matrix, column])),
    )
