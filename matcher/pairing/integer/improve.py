"""Improve one level of a plan within a core while the levels above keep their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.core import Core
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.highs import Program
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.model import Model, column_values, pairing_of
from matcher.pairing.integer.polish import Polisher
from matcher.pairing.integer.programs import level_program, search_free

FloatArray = NDArray[np.float64]

FEW_COLUMNS = 15_000
"""Up to so many columns the core is first searched as a whole."""
MOST_FAILURES = 60


def improve_level(
    best: Incumbent,
    core: Core,
    model: Model,
    level: int,
    weight: FloatArray,
    loss: FloatArray,
    effort: Effort,
    *,
    seconds: float,
    seed: int,
    tell: Callable[[], None],
) -> None:
    """Search for a plan better on ``level`` (and, with less weight, below), for some seconds at most."""
    ends = effort.seconds + seconds
    program = blended_program(model, level, best.values, weight)
    if model.columns.num_columns <= FEW_COLUMNS:
        pairing = core.inward(best.pairing)
        hint = None if pairing is None else column_values(model.columns, pairing)
        free = np.ones(model.columns.num_columns, dtype=bool)
        found = search_free(program, free, None, effort, hint=hint, seconds=0.6 * seconds, seed=seed)
        if found is not None and found.x is not None:
            best.offer(core.outward(pairing_of(model.columns, found.x)))
            tell()
        if found is None or found.is_proved:
            return
    polisher = Polisher(model, program, loss, seed)
    failures = 0
    while effort.seconds < ends and not effort.is_over() and not best.is_proved(level) and failures < MOST_FAILURES:
        pairing = core.inward(best.pairing)
        if pairing is None:
            return
        found_pairing = polisher.step(pairing, effort)
        is_better = found_pairing is not None and best.offer(core.outward(found_pairing))
        failures = 0 if is_better else failures + 1
        tell()


def blended_program(model: Model, level: int, values: tuple[int, ...], weight: FloatArray) -> Program:
    """Return the program of one level with the levels below mixed in by their weights."""
    program = level_program(model, level, values)
    blend = np.where(np.arange(len(weight)) >= level, weight, 0)
    gain = blend @ model.columns.gain
    positive = blend[blend > 0]
    return replace(program, gain=gain / positive.min(initial=1.0))
