"""The words in which every solver room answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from matcher.texts import Text


class SolveStatus(StrEnum):
    """How a solve ended. Only `OPTIMAL` claims that nothing better exists."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


class Proof(StrEnum):
    """Who vouches for optimality: a certificate anyone can re-check, or the search of a solver."""

    CERTIFICATE = "certificate"
    SOLVER = "solver"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its id, the indices or ids it concerns, and the sentence a person reads."""

    rule: str
    subjects: tuple[int | str, ...]
    message: Text


@dataclass(frozen=True, slots=True)
class Progress:
    """A glance at a running solve: what is being done, the level worked on, its value and bound so far."""

    stage: str
    level: str
    value: float | None
    bound: float | None
    seconds: float

    @property
    def gap(self) -> float | None:
        """Return (bound − value) / max(1, |value|), or None while one of them is unknown."""
        if self.value is None or self.bound is None:
            return None
        return (self.bound - self.value) / max(1.0, abs(self.value))


OnProgress = Callable[[Progress], None]
Stop = Callable[[], bool]
