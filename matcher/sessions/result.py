"""What session planning found: the sessions, the levels with their bounds, and what pools are worth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.outcome import Proof, SolveStatus
from matcher.sessions.certificate import SessionCertificate

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sessions:
    """The sessions of a plan: a choice and a day each, ordered by (activity, day). Shapes (num_sessions,)."""

    choice: IntArray
    day: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLevel:
    """A want in its order, less being better: value, bound below it, and the proof where both agree."""

    name: str
    value: int
    bound: int | None
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionResult:
    """The answer of :func:`matcher.sessions.solve.solve_sessions`.

    ``levels``: "missing" (weighted sessions not placed), "moved" (only with hints), "rhythm" (its bound holds for plans
    that miss no more than this one), "cost". ``missing`` (num_activities,) sessions not placed; ``least_missing`` and
    ``least_rhythm`` (num_activities,) bounds of each activity by itself. ``pool_price`` (num_pools,) is what one more
    unit of a pool, on every day and time, would be worth in sessions at most. ``certificates`` prove the bounds of
    "missing" and "rhythm" (not those that an exhaustive search has proved), where they were asked for.
    """

    status: SolveStatus
    sessions: Sessions
    levels: tuple[SessionLevel, ...]
    missing: IntArray
    least_missing: IntArray
    least_rhythm: IntArray
    pool_price: FloatArray = field(default_factory=lambda: np.zeros(0))
    certificates: tuple[SessionCertificate, ...] = ()
    engine: str = ""
    seconds: float = 0.0
    first_seconds: float = 0.0

    @property
    def value(self) -> int:
        """Return the value of the first level: sessions missing, weighted."""
        return self.levels[0].value

    @property
    def bound(self) -> int | None:
        """Return the bound of the first level."""
        return self.levels[0].bound
