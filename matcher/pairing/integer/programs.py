"""Programs of single levels, and the search over some of their columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.highs import Found, Program, search
from matcher.pairing.integer.model import Model, level_grid

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


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
    meanwhile: Callable[[], None] | None = None,
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
    found = effort.wait_for(lambda: search(part, seconds=limit, nodes=nodes, hint=start, seed=seed), meanwhile)
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
