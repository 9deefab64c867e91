"""What the service asks of a queue of jobs: six functions, so that the library behind them can be replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How a job stands: "queued", "running", "succeeded", "failed" or "cancelled", and how often it was begun."""

    id: str
    status: str
    attempts: int = 0


class Jobs(Protocol):
    """A durable queue. A job is known by the id of its run; nothing else is ever handed over (no personal data)."""

    def enqueue(self, run_id: str, area_id: str) -> None:
        """Queue a run of an area; asking twice for one run queues it once."""

    def status(self, run_id: str) -> JobState | None:
        """Return how a job stands, None where there is none."""

    def progress(self, run_id: str, value: float | None, bound: float | None, seconds: float) -> None:
        """Write down how far a running job is."""

    def cancel(self, run_id: str) -> None:
        """Ask a job to end with the best it has; a queued one never starts."""

    def result(self, run_id: str, timeout_seconds: float) -> JobState:
        """Wait until a job has ended, at most so long, and return how it stands."""

    def list(self, *, area_id: str | None = None, status: str | None = None) -> Sequence[JobState]:
        """Return the jobs, the newest first."""
