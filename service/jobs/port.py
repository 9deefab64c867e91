"""What the service asks of a queue of jobs: six functions, so that the library behind them can be replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class RunStatus(StrEnum):
    """How a run stands, apart from what it found."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (RunStatus.QUEUED, RunStatus.RUNNING)


class Outcome(StrEnum):
    """What a run found."""

    PLANNED = "planned"
    NOTHING_PLACED = "nothing_placed"
    NOTHING_LOST = "nothing_lost"
    WRONG_INPUT = "wrong_input"
    GAVE_UP = "gave_up"


class Reason(StrEnum):
    """Why nothing came of a run, or why its plan was not taken."""

    CRASHED = "crashed"
    MEMORY = "memory"
    TIME = "time"
    WORKER_LOST = "worker_lost"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How a job stands, in the words of :class:`RunStatus`, and how often it was begun."""

    id: str
    status: str
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """How far a job is: what is being done, the level worked on, its value and bound; ``number`` grows with it."""

    number: int
    stage: str | None
    level: str | None
    value: float | None
    bound: float | None
    seconds: float


class Jobs(Protocol):
    """A durable queue. A job is known by the id of its run; nothing else is ever handed over (no personal data)."""

    def enqueue(self, run_id: str, area_id: str) -> None:
        """Queue a run of an area; asking twice for one run queues it once."""

    def status(self, run_id: str) -> JobState | None:
        """Return how a job stands, None where there is none."""

    def progress(self, run_id: str) -> JobProgress | None:
        """Return how far a job is, None where there is none."""

    def cancel(self, run_id: str) -> None:
        """Ask a job to end with the best it has; a queued one never starts."""

    def result(self, run_id: str, timeout_seconds: float) -> JobState:
        """Wait until a job has ended, at most so long, and return how it stands."""

    def list(self, *, area_id: str | None = None, status: str | None = None) -> Sequence[JobState]:
        """Return the jobs, the newest first."""
