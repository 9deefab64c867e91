"""A worker: takes runs from the queue and brings them to their end, looks after those of workers that died."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections.abc import Sequence

from dbos import DBOS

from service.core import Core
from service.jobs.caretaker import Caretaker
from service.jobs.folders import place_of_work, remove_orphans
from service.jobs.lease import open_lease
from service.jobs.library import MAX_RECOVERIES, POLLING_SECONDS, QUEUE, WORKFLOW, configure, prepare_tables
from service.jobs.process import COMMAND
from service.jobs.queue import QueuedJobs
from service.jobs.solving import HandedBack, Solver

_LOG = logging.getLogger("service.jobs")
_LEASE_SECONDS = 0.2
_CONNECTIONS = 5
_END_SECONDS = 5


class Worker:
    """One worker process: there is one of it in a process, since the job library keeps one state."""

    def __init__(self, core: Core, *, command: Sequence[str] = COMMAND, care_seconds: float = 2.0) -> None:
        self.executor_id = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._core = core
        self._jobs = QueuedJobs(core.database)
        self._lease = open_lease(core.database.url, self.executor_id)
        self._solver = Solver(core, self.executor_id, command=command)
        self._caretaker = Caretaker(core, self._jobs, self._lease, seconds=care_seconds)

    def start(self) -> None:
        """Take the lease, clear up after the dead, and begin to take runs."""
        while not self._lease.keep():
            time.sleep(_LEASE_SECONDS)
        remove_orphans(place_of_work(self._core.settings.folder), self._lease)
        prepare_tables(self._core.database.url)
        settings = self._core.settings
        DBOS(config=configure(self._core.database.url, self.executor_id, connections=_CONNECTIONS))
        _WORK[0] = self._work
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=max(settings.runs_per_area, 1),
            worker_concurrency=settings.jobs_per_worker,
            partition_worker_concurrency=min(settings.runs_per_area, settings.jobs_per_worker),
            polling_interval_sec=POLLING_SECONDS,
            on_conflict="always_update",
        )
        self._caretaker.start()
        _LOG.info("worker %s takes runs", self.executor_id)

    def end(self, drain_seconds: float | None = None) -> None:
        """Take no more runs, go on for a while with those begun, hand back the rest, and give up the lease."""
        seconds = self._core.settings.drain_seconds if drain_seconds is None else drain_seconds
        self._solver.drain(seconds)
        self._caretaker.end()
        DBOS.destroy(workflow_completion_timeout_sec=int(seconds) + _END_SECONDS)
        _WORK[0] = None
        self._jobs.close()
        self._lease.release()
        _LOG.info("worker %s has ended", self.executor_id)

    def _work(self, run_id: str) -> str:
        try:
            self._solver.solve(run_id)
        except HandedBack:
            self._jobs.enqueue_again(run_id)
            return "handed back"
        return "ended"


_WORK: list[object] = [None]


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MAX_RECOVERIES)
def solve(run_id: str) -> str:
    """Bring a run to its end; begun again from the start wherever it was broken off."""
    work = _WORK[0]
    if not callable(work):
        raise RuntimeError("this process is no worker")
    return str(work(run_id))


def run_until(stop: threading.Event, core: Core, *, parent: int | None = None) -> None:
    """Be a worker until told to stop, or until the parent process is gone."""
    worker = Worker(core)
    worker.start()
    while not stop.wait(0.5):
        if parent is not None and os.getppid() != parent:
            _LOG.warning("the server is gone; this worker ends")
            break
    worker.end()
