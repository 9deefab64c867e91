"""Level by level with HiGHS: linear relaxation for prices, then branch and bound on what can still matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.certificate import LevelPrices
from matcher.pairing.integer.blocks import Blocks, has_only_hours
from matcher.pairing.integer.certify import row_prices, whole_prices
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.highs import Program, relax
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.model import Columns, Model, column_values, level_grid, pairing_of
from matcher.pairing.integer.polish import Polisher
from matcher.pairing.integer.programs import level_program, levels_above, search_free

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

MIN_COLUMNS = 3000
UNITS_OF_A_STEP = 5
"""Counted work of one step of a walk: it takes about as long as so many nodes."""
TOLERANCE = 1e-6
"""Relative room left for the rounding of a solver."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxation:
    """The linear relaxation of one level: ``value``, ``x``, dual ``prices``; per column the ``loss`` off its bound.

    ``at`` is the bound, 0 or 1, that the column should keep; ``row_price`` are the duals of the program's rows. Value,
    loss and these count in grid units of the level.
    """

    value: float
    x: FloatArray
    loss: FloatArray
    at: FloatArray
    row_price: FloatArray
    prices: LevelPrices


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
    loss = np.abs(reduced)
    return Relaxation(value=found.value, x=found.x, loss=loss, at=at, row_price=found.price, prices=prices)


def search_level(
    best: Incumbent,
    model: Model,
    level: int,
    relaxation: Relaxation | None,
    effort: Effort,
    *,
    loss: FloatArray | None = None,
    seed: int = 0,
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
    if loss is None and relaxation is not None:
        loss = _losses(model, relaxation)
    walk = polish = None
    if loss is not None and relaxation is not None and has_only_hours(model):
        walk = _walking(best, Blocks(model, program, relaxation.row_price, relaxation.value, loss, seed), effort)
    elif loss is not None:
        polish = _polishing(best, model, program, loss, effort, seed)
    while not effort.is_over():
        free = np.ones(model.columns.num_columns, dtype=bool)
        fixed = hint
        if relaxation is not None and np.isfinite(room):
            free = relaxation.loss <= room
            fixed = relaxation.at
            if hint is not None:
                free |= hint != relaxation.at
        found = search_free(program, free, fixed, effort, hint=hint, seed=seed, meanwhile=walk or polish)
        if found is None:
            return True
        if found.x is not None:
            best.offer(pairing_of(model.columns, found.x))
            hint = column_values(model.columns, best.pairing)
        if not (found.is_proved or found.is_infeasible):
            if effort.is_counted and walk is not None:
                _walk_on(best, level, walk, effort)
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


def _losses(model: Model, relaxation: Relaxation) -> FloatArray:
    """Return the losses of the options by the relaxation, shape (num_options,)."""
    count = len(model.columns.option)
    loss = np.zeros(model.columns.problem.num_options)
    loss[model.columns.option] = np.where(relaxation.at[:count] > 0, 0, relaxation.loss[:count])
    return loss


def _polishing(
    best: Incumbent, model: Model, program: Program, loss: FloatArray, effort: Effort, seed: int
) -> Callable[[], None]:
    """Return what can be done beside a long search: one step of a search in small neighbourhoods."""
    polisher = Polisher(model, program, loss, seed)

    def step() -> None:
        found = polisher.step(best.pairing, effort) if _reaches(best, model) else None
        if found is not None:
            best.offer(found)

    return step


def _walking(best: Incumbent, blocks: Blocks, effort: Effort) -> Callable[[], None]:
    """Return what can be done beside a long search where there are only hours: one step of a walk."""

    def step() -> None:
        effort.spend(UNITS_OF_A_STEP)
        found = blocks.step(best.pairing)
        if found is not None:
            best.offer(found)

    return step


def _walk_on(best: Incumbent, level: int, walk: Callable[[], None], effort: Effort) -> None:
    """Spend what the search has left of counted work: there nothing is done beside it."""
    while not (effort.is_over() or best.is_proved(level)):
        walk()


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
