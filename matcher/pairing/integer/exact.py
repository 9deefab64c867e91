"""Level by level with HiGHS on the whole model: for problems small enough to hand over as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.pairing.integer.certify import row_prices, whole_prices
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.highs import Program, relax, search
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.model import Model, column_values, pairing_of
from matcher.pairing.integer.openings import all_openings, usable_options
from matcher.pairing.integer.rules import build_model

FloatArray = NDArray[np.float64]


def solve_exact(best: Incumbent, effort: Effort, *, seed: int = 0) -> None:
    """Improve ``best`` and its prices level by level until everything is proved or the effort is spent."""
    p = best.problem
    usable = usable_options(p)
    option, openings = np.flatnonzero(usable), all_openings(p, usable)
    model = build_model(p, option, openings)
    plain = build_model(p, option, openings, relaxed=True)
    for level in range(p.num_levels):
        if effort.is_over():
            return
        if best.is_proved(level):
            continue
        price_level(best, plain, level, effort)
        if not best.is_proved(level):
            search_level(best, model, level, effort, seed=seed)
            price_level(best, plain, level, effort)


def level_program(model: Model, level: int, values: tuple[int, ...]) -> Program:
    """Return the program that maximises one level while the levels above keep ``values``."""
    above = [k for k in range(level) if model.columns.gain[k].any()]
    extra = csr_array(model.columns.gain[above].astype(np.float64))
    return Program(
        gain=model.columns.gain[level].astype(np.float64),
        lower=np.zeros(model.columns.num_columns),
        upper=model.columns.upper,
        integer=model.integer,
        matrix=csr_array(vstack([model.matrix, extra])) if above else model.matrix,
        row_lower=np.r_[model.row_lower, [values[k] for k in above]],
        row_upper=np.r_[model.row_upper, np.full(len(above), np.inf)],
    )


def price_level(best: Incumbent, plain: Model, level: int, effort: Effort) -> None:
    """Find prices for one level by its linear relaxation."""
    program = level_program(plain, level, best.values)
    found = effort.wait_for(lambda: relax(program, seconds=effort.left()))
    effort.spend()
    if found is None:
        return
    weight = np.zeros(level + 1)
    weight[level] = 1
    above = [k for k in range(level) if plain.columns.gain[k].any()]
    weight[above] = np.maximum(0, -found.price[len(plain.row_lower) :])
    prices = whole_prices(best.problem, row_prices(plain, found.price, weight), plain.columns)
    best.offer_prices(level, prices)


def search_level(best: Incumbent, model: Model, level: int, effort: Effort, *, seed: int) -> None:
    """Search the best value of one level by branch and bound."""
    program = level_program(model, level, best.values)
    hint = column_values(model.columns, best.pairing)
    nodes = effort.work_left() if effort.is_counted else None
    found = effort.wait_for(lambda: search(program, seconds=effort.left(), nodes=nodes, hint=hint, seed=seed))
    effort.spend()
    if found is None or found.x is None:
        return
    best.offer(pairing_of(model.columns, found.x))
    if found.is_proved:
        best.searched[level] = True
