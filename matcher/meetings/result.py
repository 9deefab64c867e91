"""What was found: start and room of every meeting, and value, bound and proof of the three levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.meetings.problem import Level, Rule
from matcher.outcome import Proof, SolveStatus

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeetingPlan:
    """``start`` (num_meetings,) is the first grain of each meeting, ``room`` (num_meetings,) its room."""

    start: IntArray
    room: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MediumCertificate:
    """Prices that prove a bound of the medium level: ``price`` (num_meetings,) per grain, in ``1/scale`` of a point."""

    price: IntArray
    scale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelScore:
    """One level: the value reached (0 is perfect, below is worse) and what no plan exceeds.

    ``bound`` speaks of plans that lose nothing on the levels above.
    """

    level: Level
    value: int
    bound: int
    proof: Proof | None

    @property
    def gap(self) -> float:
        """Return (bound − value) / max(1, |value|)."""
        return (self.bound - self.value) / max(1, abs(self.value))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeetingsResult:
    """The answer of :func:`matcher.meetings.solve.solve_meetings`.

    ``costs`` is what each rule takes away, weights included. ``moves`` counts draws of the search.
    """

    status: SolveStatus
    plan: MeetingPlan
    levels: tuple[LevelScore, LevelScore, LevelScore]
    costs: Mapping[Rule, int]
    certificate: MediumCertificate | None
    moves: int
    seconds: float

    @property
    def hard(self) -> LevelScore:
        """Return the score of the hard rules."""
        return self.levels[0]

    @property
    def medium(self) -> LevelScore:
        """Return the score of the medium rules."""
        return self.levels[1]

    @property
    def soft(self) -> LevelScore:
        """Return the score of the soft rules."""
        return self.levels[2]
