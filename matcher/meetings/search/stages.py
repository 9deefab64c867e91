"""The two stages of the search: explore for the hard and medium level, then settle for the soft one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matcher.meetings.problem import MeetingsProblem
from matcher.meetings.search.rooms import Rooms
from matcher.meetings.search.tables import Score, Tables, build_tables
from matcher.meetings.search.tempering import Prices, Tempering

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MOST_COPIES, LEAST_COPIES = 48, 4
COPY_CELLS = 1_500_000
"""Copies × meetings × grains that a sweep may touch before it takes longer than exchanging is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage: what for, from which starts, how long. ``until`` is a score that cannot or need not be bettered.

    ``moves`` and ``seconds`` are limits, None: none.
    """

    aim: Literal["explore", "settle"]
    number: int
    start: IntArray | None
    until: Score
    moves: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best starts of a stage, their score, and the moves made."""

    score: Score
    start: IntArray
    moves: int


class Searcher:
    """One chain of copies for one problem, with its own random numbers for each worker and stage."""

    def __init__(self, problem: MeetingsProblem, *, seed: int, worker: int) -> None:
        self.tables = build_tables(problem)
        self.rooms = Rooms(problem)
        self._seed, self._worker = seed, worker

    def run(self, stage: Stage, *, stop: Callable[[], bool], on_better: Callable[[Found], None]) -> Found:
        """Return the best starts met; ``on_better`` hears of each better one after a sweep."""
        ends_at = None if stage.seconds is None else time.monotonic() + stage.seconds

        def over() -> bool:
            return stop() or (ends_at is not None and time.monotonic() >= ends_at)

        copies = Tempering(
            self.tables,
            prices=_prices(self.tables, stage.aim),
            ladder=_ladder(self.tables, stage.aim),
            rng=np.random.default_rng([self._seed, self._worker, stage.number]),
            unseated=self.rooms.unseated,
            start=stage.start,
        )
        found = Found(score=copies.best, start=copies.best_start, moves=copies.moves)
        on_better(found)
        while found.score > stage.until and not over():
            if stage.moves is not None and copies.moves >= stage.moves:
                break
            copies.sweep(over)
            if copies.best < found.score:
                found = Found(score=copies.best, start=copies.best_start, moves=copies.moves)
                on_better(found)
        return replace(found, moves=copies.moves)


def _unit(tables: Tables) -> float:
    """Return what two meetings that disturb each other on the medium level lose per grain, on average."""
    lost = tables.medium_pair[tables.medium_pair > 0]
    return float(lost.mean()) if lost.size else 1.0


def _prices(tables: Tables, aim: str) -> Prices:
    """Return first prices: high enough to keep the levels apart at low temperature, low enough to pass barriers."""
    unit = _unit(tables)
    if aim == "explore":
        return Prices(hard=10.0 * unit, medium=1.0, soft=0.0)
    soft = _soft_unit(tables)
    return Prices(hard=1000.0 * soft, medium=100.0 * soft / unit, soft=1.0)


def _soft_unit(tables: Tables) -> float:
    return max(1.0, float(tables.overlap_weight), tables.break_weight / 10.0, float(tables.soon_weight))


def _ladder(tables: Tables, aim: str) -> FloatArray:
    """Return temperatures: geometric, and below them one so cold that its copy only descends.

    With more meetings the same temperature disturbs more of them at once, so the ladder goes down.
    """
    cells = tables.num_meetings * (tables.num_grains + 1)
    copies = int(np.clip(COPY_CELLS // max(1, cells), LEAST_COPIES, MOST_COPIES))
    cooler = (50.0 / max(50, tables.num_meetings)) ** 0.5
    unit = _unit(tables) if aim == "explore" else _soft_unit(tables)
    low, high = (0.17, 2.8) if aim == "explore" else (0.5, 30.0)
    rungs = np.geomspace(low * cooler, high * cooler**1.5, copies - 1)
    return unit * np.append(rungs[0] / 4, rungs)
