"""The integer engine: pairing with groups, several mentors, hours, links and thresholds."""

from __future__ import annotations

import numpy as np

from matcher.outcome import OnProgress, Stop
from matcher.pairing.engine import EngineAnswer
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.exact import price_level, search_level
from matcher.pairing.integer.exchange import fill_free_places
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.large import is_large, solve_large
from matcher.pairing.integer.model import Model
from matcher.pairing.integer.openings import all_openings, usable_options
from matcher.pairing.integer.rules import build_model
from matcher.pairing.integer.sharpen import sharpen_prices
from matcher.pairing.integer.tidy import tidied
from matcher.pairing.integer.wide import is_wide, solve_wide
from matcher.pairing.integer.worst_off import raise_worst_off
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

FEW_COLUMNS = 400
"""Problems of so few columns are searched at once, without better prices."""
LEVEL_SHARE = 0.6


def solve_integer(
    problem: PairingProblem,
    *,
    time_limit: float,
    work_limit: int | None = None,
    seed: int = 0,
    hint: Pairing | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> EngineAnswer:
    """Return the best pairing found, with prices that bound every level."""
    effort = Effort(time_limit, work_limit, on_progress, stop)
    best = Incumbent(problem)
    if hint is not None:
        best.offer(hint)
    try:
        if is_wide(problem):
            solve_wide(best, effort, seed=seed)
        elif is_large(problem):
            solve_large(best, effort, seed=seed)
        else:
            solve_exact(best, effort, seed=seed)
    except KeyboardInterrupt:
        effort.stopped = True
    fill_free_places(best)
    best.offer(tidied(problem, best.pairing))
    return best.answer("integer")


def solve_exact(best: Incumbent, effort: Effort, *, seed: int = 0) -> None:
    """Improve ``best`` and its prices level by level until everything is proved or the effort is spent."""
    p = best.problem
    usable = usable_options(p)
    option, openings = np.flatnonzero(usable), all_openings(p, usable)
    models = {relaxed: build_model(p, option, openings, relaxed=relaxed) for relaxed in (True, False)}
    threshold = 0
    for level in range(p.num_levels):
        if effort.is_over():
            return
        if level == p.worst_off_level:
            raise_worst_off(best, option, openings, effort, seed=seed)
            threshold = best.values[level]
            for relaxed in models:
                models[relaxed] = build_model(p, option, openings, threshold=threshold, relaxed=relaxed)
        elif not best.is_proved(level):
            _settle(best, level, models, effort, threshold=threshold, seed=seed)


def _settle(
    best: Incumbent, level: int, models: dict[bool, Model], effort: Effort, *, threshold: int, seed: int
) -> None:
    """Price one level and search it; a level that is not the last in need may spend a part of the effort only."""
    relaxation = price_level(best, models[True], level, effort, threshold=threshold)
    if best.is_proved(level):
        return
    columns = models[True].columns
    loss = None
    if relaxation is not None and columns.num_columns > FEW_COLUMNS:
        loss = sharpen_prices(best, level, relaxation.prices, columns.option, columns.openings, effort)
    is_last = all(best.is_proved(k) for k in range(level + 1, best.problem.num_levels))
    part = effort if is_last else effort.part(LEVEL_SHARE, effort.work_left())
    search_level(best, models[False], level, relaxation, part, loss=loss, seed=seed)
    if part is not effort:
        effort.spend(part.work)
    if relaxation is not None:
        best.offer_prices(level, relaxation.prices)
