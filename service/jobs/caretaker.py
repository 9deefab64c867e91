"""What every worker does beside its runs: keeps its lease, takes over from the dead, makes good what was forgotten."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from sqlmodel import col, select

from service.core import Core
from service.jobs.child import crash_of
from service.jobs.folders import place_of_work, remove_orphans
from service.jobs.lease import Lease
from service.jobs.library import put_back
from service.jobs.port import UNFINISHED, Reason, RunStatus
from service.jobs.queue import STATUS, QueuedJobs
from service.jobs.results import give_up
from service.jobs.retention import remove_old
from service.tables.columns import now
from service.tables.rounds import Run

_LOG = logging.getLogger("service.jobs")
_FORGOTTEN = timedelta(seconds=5)
"""A run that waits so long and is not in the queue was forgotten: whoever asked for it died between the two."""
_CLEAR_SECONDS = 3600.0
_MOST = 500


class Caretaker:
    """A thread of a worker."""

    def __init__(self, core: Core, jobs: QueuedJobs, lease: Lease, *, seconds: float) -> None:
        self._core, self._jobs, self._lease, self._seconds = core, jobs, lease, seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="caretaker", daemon=True)
        self._cleared = -_CLEAR_SECONDS

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """End after the present round."""
        self._ended.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception as error:
                # Whatever it was (mostly the database being away): the next round tries again.
                _LOG.warning("a round of the caretaker broke: %s", crash_of(error))
            if self._ended.wait(self._seconds):
                return

    def look(self) -> None:
        """Do everything once."""
        if not self._lease.keep():
            return
        with self._lease.alone("caretaker") as is_alone:
            if not is_alone:
                return
            self.take_over()
            self.remember()
        remove_orphans(place_of_work(self._core.settings.folder), self._lease)
        if time.monotonic() - self._cleared > _CLEAR_SECONDS:
            remove_old(self._core, self._jobs)
            _of_the_day(self._core)
            self._cleared = time.monotonic()

    def take_over(self) -> None:
        """Put the runs of dead workers back into the queue."""
        found = self._jobs.client.list_workflows(status="PENDING", load_input=False, load_output=False)
        for executor_id in sorted({one.executor_id for one in found if one.executor_id}):
            with self._lease.dead(executor_id) as is_dead:
                if is_dead:
                    _LOG.warning("worker %s is dead; its runs go on elsewhere", executor_id)
                    put_back([executor_id])

    def remember(self) -> None:
        """Bring the queue into line with the rows of the runs, which hold what is true."""
        with self._core.database.reading() as session:
            unfinished = (
                select(Run.id, Run.area_id, Run.created_at)
                .where(col(Run.status).in_(UNFINISHED))
                .order_by(col(Run.created_at))
                .limit(_MOST)
            )
            runs = session.exec(unfinished).all()
        if not runs:
            return
        ids = [run_id for run_id, _, _ in runs]
        jobs = self._jobs.client.list_workflows(workflow_ids=ids, load_input=False, load_output=False)
        status = {job.workflow_id: job.status for job in jobs}
        for run_id, area_id, created_at in runs:
            word = status.get(run_id)
            if word is None and created_at > now() - _FORGOTTEN:
                continue
            if word is None:
                _LOG.warning("run %s was not in the queue", run_id)
                self._jobs.enqueue(run_id, area_id)
            elif word == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
                self._give_up(run_id)
            elif STATUS[word] not in (RunStatus.QUEUED, RunStatus.RUNNING):
                self._begin_again(run_id, area_id)

    def _give_up(self, run_id: str) -> None:
        with self._core.database.writing() as session:
            run = session.get(Run, run_id, with_for_update=True)
            if run is not None and run.status in UNFINISHED:
                give_up(session, self._core, run, Reason(run.reason or Reason.WORKER_LOST))

    def _begin_again(self, run_id: str, area_id: str) -> None:
        """Queue a run anew, behind the others, whose job has ended without it; unless it has ended meanwhile."""
        with self._core.database.reading() as session:
            run = session.get(Run, run_id)
            if run is None or run.status not in UNFINISHED:
                return
        _LOG.info("run %s waits for another attempt", run_id)
        self._jobs.client.delete_workflow(run_id)
        self._jobs.enqueue(run_id, area_id)


def _of_the_day(core: Core) -> None:
    """Do the work of the day where it has not been done."""
    from service.privacy.daily import run_daily  # loads much that a worker else does not need

    run_daily(core)
