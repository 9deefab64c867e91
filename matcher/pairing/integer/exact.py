"""Level by level with HiGHS: linear relaxation for prices, then branch and bound on what can still matter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.pairing.certificate import LevelPrices
from matcher.pairing.integer.certify import row_prices, whole_prices
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.highs import Found, Program, relax, search
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.model import Columns, Model, column_values, level_grid, pairing_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

MIN_COLUMNS = 3000
TOLERANCE = 1e-6
"""Relative room left for the rounding of a solver."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxation:
    """The linear relaxation of one level: ``value``, ``x``, dual ``prices``; per column the ``loss`` off its bound.

    ``at`` is the bound, 0 or 1, that the column should keep. Value and loss count in grid units of the level.
    """

    value: float
    x: FloatArray
    loss: FloatArray
    at: FloatArray
    prices: LevelPrices


def level_program(model: Model, level: int, values: tuple[int, ...]) -> Program:
    """Return the program that maximises one level, in grid units, while the levels above keep ``values``."""
    gain = model.columns.gain
    above = levels_above(model, level)
    grids = [level_grid(gain[k]) for k in above]
    rows = [gain[k] // grid for k, grid in zip(above, grids, strict=True)]
    wanted = [values[k] / grid for k, grid in zip(above, grids, strict=True)]
    matrix = model.matrix
    if rows:
        matrix = csr_array(vstack([matrix, csr_array(np.array(rows, dtype=np.float64))]))
    return Program(
        gain=(gain[level] // level_grid(gain[level])).astype(np.float64),
        lower=np.zeros(model.columns.num_columns),
        upper=model.columns.upper,
        integer=model.integer,
        matrix=matrix,
        row_lower=np.r_[model.row_lower, wanted],
        row_upper=np.r_[model.row_upper, np.full(len(rows), np.inf)],
    )


def levels_above(model: Model, level: int) -> list[int]:
    """Return the levels above ``level`` on which anything can be gained."""
    return [k for k in range(level) if model.columns.gain[k].any()]


def price_level(
    best: Incumbent, plain: Model, level: int, effort: Effort, *, threshold: int = 0, interior: bool = False
) -> Relaxation | None:
    """Find prices for one level by its linear relaxation, offer them to ``best`` and return the relaxation."""
    program = level_program(plain, level, best.values)
    found = effort.wait_for(lambda: relax(program, seconds=effort.left(), interior=interior))
    effort.spend()
    if found is None:
        return None
    weight = np.zeros(level + 1)
    weight[level] = 1
    scale = level_grid(plain.columns.gain[level])
    price = found.price * scale
    for row, k in enumerate(levels_above(plain, level), start=len(plain.row_lower)):
        weight[k] = max(0.0, -price[row]) / level_grid(plain.columns.gain[k])
    prices = whole_prices(best.problem, row_prices(plain, price, weight, threshold), plain.columns)
    best.offer_prices(level, prices)
    reduced = program.gain - program.matrix.T @ found.price
    at = (reduced > 0) * plain.columns.upper
    whole = np.rint(found.x)
    if np.abs(found.x - whole)[plain.integer].max(initial=0) < TOLERANCE:
        best.offer(pairing_of(plain.columns, whole))
    return Relaxation(value=found.value, x=found.x, loss=np.abs(reduced), at=at, prices=prices)


def search_level(
    best: Incumbent, model: Model, level: int, relaxation: Relaxation | None, effort: Effort, *, seed: int = 0
) -> bool:
    """Search the best value of one level; return whether a plan exists at all.

    Columns whose loss exceeds the distance between relaxation and plan cannot be in a better plan. The search starts
    with few columns and widens until that is so.
    """
    program = level_program(model, level, best.values)
    grid = level_grid(model.columns.gain[level])
    room = _first_room(relaxation, model)
    if relaxation is not None:
        round_relaxation(best, model, program, relaxation, room, effort, seed=seed)
        best.offer_prices(level, relaxation.prices)
        if best.is_proved(level) and _reaches(best, model):
            return True
    hint = column_values(model.columns, best.pairing)
    while not effort.is_over():
        free = np.ones(model.columns.num_columns, dtype=bool)
        fixed = hint
        if relaxation is not None and np.isfinite(room):
            free = relaxation.loss <= room
            fixed = relaxation.at
            if hint is not None:
                free |= hint != relaxation.at
        found = search_free(program, free, fixed, effort, hint=hint, seed=seed)
        if found is None:
            return True
        if found.x is not None:
            best.offer(pairing_of(model.columns, found.x))
            hint = column_values(model.columns, best.pairing)
        if not (found.is_proved or found.is_infeasible):
            return True
        if free.all() or relaxation is None:
            best.searched[level] = found.x is not None
            return found.x is not None
        missing = np.inf if found.x is None else relaxation.value - best.values[level] / grid
        if missing <= room * (1 - TOLERANCE):
            best.searched[level] = True
            return True
        room = _next_room(relaxation, room, missing)
    return True


def _reaches(best: Incumbent, model: Model) -> bool:
    """Return whether the plan keeps the threshold of the model."""
    worst_off = best.problem.worst_off_level
    return model.threshold is None or worst_off is None or best.values[worst_off] >= model.threshold


def round_relaxation(
    best: Incumbent, model: Model, program: Program, relaxation: Relaxation, room: float, effort: Effort, *, seed: int
) -> None:
    """Look for a whole plan near the relaxation: free the mentees it splits, then ever more of those in their way.

    Mentees that are not free keep what the relaxation gives them.
    """
    columns = model.columns
    whole = np.rint(relaxation.x)
    split = np.abs(relaxation.x - whole) > TOLERANCE
    mentee = columns.problem.mentee[columns.option]
    near = relaxation.loss <= room
    order, count = _in_the_way(columns, split[: len(mentee)], near[: len(mentee)], whole[: len(mentee)] > 0)
    while 2 * count <= len(order) and not effort.is_over():
        free = near | split
        free[: len(mentee)] &= np.isin(mentee, order[:count])
        free |= split | ~program.integer
        found = search_free(program, free, whole, effort, seconds=2.0, seed=seed, nodes=100)
        if found is None or (found.x is None and not found.is_infeasible):
            return
        if found.x is not None:
            best.offer(pairing_of(columns, found.x))
            if found.x @ program.gain > relaxation.value - 1 + TOLERANCE:
                return
        count *= 3


def _in_the_way(columns: Columns, split: BoolArray, near: BoolArray, taken: BoolArray) -> tuple[IntArray, int]:
    """Return the mentees, first those that are split (and their number), then by how much they hold what these want."""
    p = columns.problem
    mentor, mentee = p.mentor[columns.option], p.mentee[columns.option]
    is_split = np.bincount(mentee[split], minlength=p.num_mentees) > 0
    wanted = np.bincount(mentor[near & is_split[mentee]], minlength=p.num_mentors)
    held = np.bincount(mentee[taken], wanted[mentor[taken]], p.num_mentees)
    return np.lexsort((-held, ~is_split)), max(1, int(is_split.sum()))


def _first_room(relaxation: Relaxation | None, model: Model) -> float:
    """Return the loss within which the search begins: about two columns for every row that has to be met."""
    if relaxation is None:
        return np.inf
    return _room_of(relaxation, max(MIN_COLUMNS, 2 * len(model.row_lower)))


def _room_of(relaxation: Relaxation, count: int) -> float:
    if count >= len(relaxation.loss):
        return np.inf
    return float(np.partition(relaxation.loss, count)[count]) + TOLERANCE


def _next_room(relaxation: Relaxation, room: float, missing: float) -> float:
    """Return the loss that settles the question if it is known, twice as many columns otherwise."""
    if np.isfinite(missing):
        return missing * (1 + TOLERANCE) + TOLERANCE
    return _room_of(relaxation, 2 * int((relaxation.loss <= room).sum()))


def search_free(
    program: Program,
    free: BoolArray,
    fixed: FloatArray | None,
    effort: Effort,
    *,
    hint: FloatArray | None = None,
    seed: int = 0,
    seconds: float | None = None,
    nodes: int | None = None,
    gap: float = 0.9,
) -> Found | None:
    """Search over the free columns while the others keep their value in ``fixed``; None when given up."""
    if free.all():
        part, start = program, hint
    else:
        assert fixed is not None
        part, start = part_of(program, free, fixed), None if hint is None else hint[free]
    if effort.is_counted:
        nodes = min(nodes or effort.work_left(), effort.work_left())
    limit = effort.left() if seconds is None or effort.is_counted else min(seconds, effort.left())
    found = effort.wait_for(lambda: search(part, seconds=limit, nodes=nodes, hint=start, seed=seed, gap=gap))
    effort.spend()
    if found is None or found.x is None or free.all():
        return found
    assert fixed is not None
    x = fixed.copy()
    x[free] = found.x
    return replace(found, x=x)


def part_of(program: Program, free: BoolArray, fixed: FloatArray) -> Program:
    """Return the program of the free columns alone; rows that they do not touch are left out."""
    columns = np.flatnonzero(free)
    held = np.where(free, 0.0, fixed)
    done = program.matrix @ held
    matrix = csr_array(program.matrix[:, columns])
    touched = np.diff(matrix.indptr) > 0
    return Program(
        gain=program.gain[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        integer=program.integer[columns],
        matrix=csr_array(matrix[touched]),
        row_lower=(program.row_lower - done)[touched],
        row_upper=(program.row_upper - done)[touched],
    )
