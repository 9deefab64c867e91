"""A queue that only remembers: for tests of everything but solving."""

from __future__ import annotations

from collections.abc import Sequence

from service.jobs.port import JobProgress, JobState, RunStatus


class RememberedJobs:
    """Keeps what it was asked, in order, and runs nothing."""

    def __init__(self) -> None:
        self.queued: dict[str, JobState] = {}
        self.area: dict[str, str] = {}

    def enqueue(self, run_id: str, area_id: str) -> None:
        """Remember a run."""
        self.queued.setdefault(run_id, JobState(id=run_id, status=RunStatus.QUEUED))
        self.area[run_id] = area_id

    def status(self, run_id: str) -> JobState | None:
        """Return how a job stands."""
        return self.queued.get(run_id)

    def progress(self, run_id: str) -> JobProgress | None:
        """Return that nothing was done yet."""
        if run_id not in self.queued:
            return None
        return JobProgress(number=0, stage=None, level=None, value=None, bound=None, seconds=0.0)

    def cancel(self, run_id: str) -> None:
        """Remember that a run was cancelled."""
        if run_id in self.queued:
            self.queued[run_id] = JobState(id=run_id, status=RunStatus.CANCELLED)

    def result(self, run_id: str, timeout_seconds: float) -> JobState:
        """Return how a job stands, at once."""
        return self.queued[run_id]

    def list(self, *, area_id: str | None = None, status: str | None = None) -> Sequence[JobState]:
        """Return the jobs, the newest first."""
        found = [job for id_, job in self.queued.items() if area_id in (None, self.area[id_])]
        return [job for job in reversed(found) if status in (None, job.status)]
