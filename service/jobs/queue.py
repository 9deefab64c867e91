"""The queue of the service on DBOS Transact: the six functions of the port."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from dbos import DBOSClient
from dbos import WorkflowStatus as Found
from sqlmodel import select

from service.core import Core, open_core
from service.database import Database
from service.jobs.library import APPLICATION, QUEUE, VERSION, WORKFLOW, open_client
from service.jobs.none import RememberedJobs
from service.jobs.port import JobProgress, JobState, RunStatus
from service.settings import Settings
from service.tables.rounds import Run

STATUS = {
    "ENQUEUED": RunStatus.QUEUED,
    "DELAYED": RunStatus.QUEUED,
    "PENDING": RunStatus.RUNNING,
    "SUCCESS": RunStatus.SUCCEEDED,
    "ERROR": RunStatus.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": RunStatus.FAILED,
    "CANCELLED": RunStatus.CANCELLED,
}
_LOOK_SECONDS = 0.2


class QueuedJobs:
    """The queue as the web server and the workers see it; connects when it is first used."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._client: DBOSClient | None = None
        self._lock = Lock()

    def enqueue(self, run_id: str, area_id: str) -> None:
        """Queue a run; areas have their turn alike, whatever one of them queues."""
        self._open().enqueue(
            {
                "workflow_name": WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": run_id,
                "app_version": VERSION,
                "queue_partition_key": area_id,
                "application_name": APPLICATION,
            },
            run_id,
        )

    def enqueue_again(self, run_id: str) -> None:
        """Put a job back into the queue that was begun and could not be finished here."""
        self._open().resume_workflow(run_id, queue_name=QUEUE)

    def status(self, run_id: str) -> JobState | None:
        """Return how a job stands."""
        found = self._open().list_workflows(workflow_ids=[run_id], load_input=False, load_output=False)
        return _state(found[0]) if found else None

    def progress(self, run_id: str) -> JobProgress | None:
        """Return how far a run is; its row holds it."""
        with self._database.reading() as session:
            run = session.get(Run, run_id)
            return None if run is None else progress_of(run)

    def cancel(self, run_id: str) -> None:
        """Take a job that waits out of the queue; one that runs reads in the row of its run that it shall end."""
        found = self.status(run_id)
        if found is not None and found.status == RunStatus.QUEUED:
            self._open().cancel_workflow(run_id)

    def result(self, run_id: str, timeout_seconds: float) -> JobState:
        """Wait until a job has ended, at most so long."""
        ends = time.monotonic() + timeout_seconds
        while True:
            found = self.status(run_id) or JobState(id=run_id, status=RunStatus.QUEUED)
            if found.status not in (RunStatus.QUEUED, RunStatus.RUNNING) or time.monotonic() > ends:
                return found
            time.sleep(_LOOK_SECONDS)

    def list(self, *, area_id: str | None = None, status: str | None = None) -> Sequence[JobState]:
        """Return the jobs, the newest first."""
        words = [word for word, ours in STATUS.items() if status in (None, ours)]
        found = self._open().list_workflows(status=words, sort_desc=True, load_input=False, load_output=False)
        if area_id is None:
            return [_state(one) for one in found]
        with self._database.reading() as session:
            mine = set(session.exec(select(Run.id).where(Run.area_id == area_id)))
        return [_state(one) for one in found if one.workflow_id in mine]

    def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            self._client.destroy()
            self._client = None

    @property
    def client(self) -> DBOSClient:
        """Return the client of the library."""
        return self._open()

    def _open(self) -> DBOSClient:
        with self._lock:
            if self._client is None:
                self._client = open_client(self._database.url)
            return self._client


def open_working_core(settings: Settings, *, create_key: bool) -> Core:
    """Return the parts of the service with this queue."""
    core = open_core(settings, RememberedJobs(), create_key=create_key)
    return replace(core, jobs=QueuedJobs(core.database))


def progress_of(run: Run) -> JobProgress:
    """Return how far a run is."""
    return JobProgress(
        number=run.number, stage=run.stage, level=run.level, value=run.value, bound=run.bound, seconds=run.seconds
    )


def _state(found: Found) -> JobState:
    return JobState(id=found.workflow_id, status=STATUS[found.status], attempts=found.recovery_attempts or 0)
