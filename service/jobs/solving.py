"""One run from its start to its end: claimed, given to a solver process, watched, ended, once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from matcher.errors import InputError
from service.core import Core
from service.jobs.changes import change_files
from service.jobs.child import crash_of
from service.jobs.folders import place_of_work, read_result, work_folder, write_inputs
from service.jobs.given import told_pairs
from service.jobs.names import PLAN
from service.jobs.port import UNFINISHED, Outcome, Reason, RunStatus
from service.jobs.process import ABANDON, COMMAND, GO_ON, STOP, Ended, run_child
from service.jobs.results import Found, end, end_with, give_up, held_run, read_found
from service.jobs.tasks import fault_part
from service.rounds.inputs import SolveInputs, build_inputs
from service.tables.columns import now
from service.tables.rounds import Round, Run

_LOG = logging.getLogger("service.jobs")
MAX_FAILURES, MAX_ATTEMPTS = 5, 20
"""How often the solver of a run may break, and how often it is begun at all, before it is given up.

A worker that is killed says little of the run it had; one that its runs kill, time and again, has to be spared too.
"""
PROGRESS_SECONDS = 0.5
"""The least time between two steps of progress that are written down, and two looks whether to stop."""
_MOST_WAIT_SECONDS = 5.0
Answer = TypeVar("Answer")


class HandedBack(Exception):
    """The worker ends: the run goes back into the queue as if it had not been begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A run this worker has begun, and the number of the attempt."""

    run_id: str
    attempt: int
    time_limit: float


class Solver:
    """Solves runs in processes of their own.

    A database that is away is waited for: a worker can do nothing without it.
    """

    def __init__(self, core: Core, executor_id: str, *, command: Sequence[str] = COMMAND) -> None:
        self._core, self._executor_id, self._command = core, executor_id, command
        self._ends_at: float | None = None

    def drain(self, seconds: float) -> None:
        """Go on for so long, then hand back what has not ended."""
        self._ends_at = time.monotonic() + seconds

    def solve(self, run_id: str) -> None:
        """Bring a run to its end, or write down why this attempt came to nothing: then it waits for the next one.

        Raises
        ------
        HandedBack
            When the worker was told to end meanwhile; the row of the run says "queued" again.
        """
        if self._is_over():
            raise HandedBack(run_id)
        claim = self._patiently(lambda: self._claim(run_id))
        if claim is not None:
            self._attempt(claim)

    def _claim(self, run_id: str) -> Claim | None:
        """Begin a run; None where it has ended, also by this very look at it."""
        with self._core.database.writing() as session:
            run = session.get(Run, run_id, with_for_update=True)
            if run is None or run.status not in UNFINISHED:
                return None
            if run.stop_asked_at is not None:
                end(session, self._core, run, RunStatus.CANCELLED)
                return None
            if run.attempts >= MAX_ATTEMPTS:
                give_up(session, self._core, run, Reason(run.reason or Reason.WORKER_LOST))
                return None
            run.status, run.executor = RunStatus.RUNNING, self._executor_id
            run.attempts += 1
            run.number += 1
            run.started_at = run.started_at or now()
            run.stage = run.level = run.value = run.bound = None
            session.add(run)
            limit = float(run.options.get("time_limit") or self._core.settings.solve_seconds)
            return Claim(run_id=run.id, attempt=run.attempts, time_limit=limit)

    def _attempt(self, claim: Claim) -> None:
        """Solve a run once."""
        place = place_of_work(self._core.settings.folder)
        try:
            with work_folder(place, claim.run_id, self._executor_id) as folder:
                self._patiently(lambda: self._prepare(claim, folder))
                ended = self._run(claim, folder)
                found = None if ended.abandoned or ended.reason else self._read(folder)
            self._keep(claim, ended, found)
        except HandedBack:
            raise
        except InputError as error:
            faults = [fault_part(fault) for fault in error.faults]
            self._keep(claim, Ended(), Found(outcome=Outcome.WRONG_INPUT, summary={}, faults=faults))
        except Exception as error:
            _LOG.error("an attempt at run %s broke: %s", claim.run_id, crash_of(error))
            self._patiently(lambda: self._note(claim, Reason.CRASHED))

    def _keep(self, claim: Claim, ended: Ended, found: Found | None) -> None:
        """Write down what an attempt came to."""
        if ended.abandoned:
            if self._is_over():
                self._patiently(lambda: self._hand_back(claim))
                raise HandedBack(claim.run_id)
        elif found is None:
            self._patiently(lambda: self._note(claim, ended.reason or Reason.CRASHED))
        else:
            self._patiently(lambda: end_with(self._core, claim.run_id, claim.attempt, found))

    def _prepare(self, claim: Claim, folder: Path) -> None:
        with self._core.database.reading() as session:
            run = session.get_one(Run, claim.run_id)
            round_ = session.get_one(Round, run.round_id)
            strict = self._core.settings.consent_before_solve
            inputs = build_inputs(session, self._core.vault, round_, strict=strict)
            changes = change_files(session, self._core.vault, run) if run.what == "repair" else None
            task = self._task(claim, run, inputs)
            if run.what == "sessions":
                task["pairs"] = told_pairs(session, round_)
        write_inputs(folder, inputs, task, changes)

    def _task(self, claim: Claim, run: Run, inputs: SolveInputs) -> dict[str, Any]:
        days = {name: getattr(inputs, name) for name in ("reference_day", "first_day", "last_day")}
        return {
            "what": run.what,
            "time_limit": claim.time_limit,
            "work_limit": run.options.get("work_limit"),
            "seed": run.options.get("seed", 0),
            "memory": self._core.settings.solve_memory,
            "nice": self._core.settings.solve_nice,
            "today": now().date().isoformat(),
            **{name: None if day is None else day.isoformat() for name, day in days.items()},
        }

    def _run(self, claim: Claim, folder: Path) -> Ended:
        seconds = 2 * claim.time_limit + self._core.settings.solve_grace_seconds
        return run_child(folder, seconds=seconds, look=_Watch(self._core, claim, self._is_over), command=self._command)

    def _read(self, folder: Path) -> Found | None:
        result = read_result(folder)
        return None if result is None else read_found(result, folder / PLAN)

    def _note(self, claim: Claim, reason: Reason) -> None:
        """Write down why an attempt came to nothing: the run waits behind the others, or is given up."""
        with self._core.database.writing() as session:
            run = held_run(session, claim.run_id, claim.attempt)
            if run is None:
                return
            run.reason = reason
            run.faults = [*run.faults, {"attempt": str(claim.attempt), "reason": reason}]
            session.add(run)
            if run.stop_asked_at is not None:
                end(session, self._core, run, RunStatus.CANCELLED)
            elif len(run.faults) >= MAX_FAILURES:
                give_up(session, self._core, run, reason)
            else:
                run.status, run.executor = RunStatus.QUEUED, None
                run.number += 1

    def _hand_back(self, claim: Claim) -> None:
        with self._core.database.writing() as session:
            run = held_run(session, claim.run_id, claim.attempt)
            if run is not None:
                run.status, run.executor = RunStatus.QUEUED, None
                run.attempts -= 1
                run.number += 1
                session.add(run)

    def _is_over(self) -> bool:
        return self._ends_at is not None and time.monotonic() > self._ends_at

    def _patiently(self, work: Callable[[], Answer]) -> Answer:
        """Do some work on the database, again and again while that is away."""
        wait = 0.2
        while True:
            try:
                return work()
            except (DBAPIError, PoolTimeout) as error:
                if not is_passing(error):
                    raise
                _LOG.warning("the database does not answer (%s); trying again", type(error.__cause__ or error).__name__)
                if self._is_over():
                    raise HandedBack from None
                time.sleep(wait)
                wait = min(2 * wait, _MOST_WAIT_SECONDS)


def is_passing(error: Exception) -> bool:
    """Say whether an error of the database may pass: away, busy, full; not a fault of what was asked."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or type(error).__name__ in ("OperationalError", "InterfaceError")


class _Watch:
    """Writes down the progress of a run and looks whether it shall end."""

    def __init__(self, core: Core, claim: Claim, is_over: Callable[[], bool]) -> None:
        self._core, self._claim, self._is_over = core, claim, is_over
        self._began = self._looked = time.monotonic()
        self._newest: dict[str, Any] | None = None

    def __call__(self, progress: dict[str, Any] | None) -> str:
        if self._is_over():
            return ABANDON
        self._newest = progress or self._newest
        if time.monotonic() < self._looked + PROGRESS_SECONDS:
            return GO_ON
        self._looked = time.monotonic()
        try:
            return self._write()
        except (DBAPIError, PoolTimeout) as error:
            if not is_passing(error):
                raise
            return GO_ON  # progress may wait until the database is back

    def _write(self) -> str:
        if self._newest is None:
            return self._look()
        with self._core.database.writing() as session:
            run = held_run(session, self._claim.run_id, self._claim.attempt)
            if run is None:
                return ABANDON
            run.seconds = round(time.monotonic() - self._began, 3)
            for name in ("stage", "level", "value", "bound"):
                setattr(run, name, self._newest.get(name))
            run.number += 1
            self._newest = None
            session.add(run)
            return GO_ON if run.stop_asked_at is None else STOP

    def _look(self) -> str:
        with self._core.database.reading() as session:
            run = session.get(Run, self._claim.run_id)
            if run is None or run.status != RunStatus.RUNNING or run.attempts != self._claim.attempt:
                return ABANDON
            return GO_ON if run.stop_asked_at is None else STOP
