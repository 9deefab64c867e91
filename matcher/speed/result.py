"""What was found for a speed event: who meets whom in which round at which table, the levels, and the prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.outcome import SolveStatus
from matcher.pairing.result import LevelResult
from matcher.speed.certificate import SpeedPrices

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schedule:
    """The meetings of an event, by round and table: ``pair`` (index of the problem), ``round``, ``table``, all from 0.

    Shapes (num_meetings,).
    """

    pair: IntArray
    round: IntArray
    table: IntArray

    @classmethod
    def of(cls, pair: ArrayLike, round_: ArrayLike, table: ArrayLike) -> Self:
        """Return the schedule in canonical order."""
        pairs, rounds, tables = (np.asarray(a, dtype=np.int64) for a in (pair, round_, table))
        order = np.lexsort((pairs, tables, rounds))
        return cls(pair=pairs[order], round=rounds[order], table=tables[order])

    def __len__(self) -> int:
        """Return the number of meetings."""
        return len(self.pair)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeedResult:
    """The answer of :func:`matcher.speed.solve.solve_speed`; ``seconds`` is wall-clock time."""

    status: SolveStatus
    schedule: Schedule
    levels: tuple[LevelResult, ...]
    prices: SpeedPrices
    seconds: float
