"""Where runs are computed: worker processes of this machine, or a Dask cluster that is already there, by the same code.

Everything a run needs travels once (``shared``) and is held so that it can be sent anew when the worker that has it
dies. A run whose worker died is tried again; only one that has outlived ``MOST_DEATHS`` workers is given up, so that a
run is never blamed for the death of a worker, and one that kills every worker it gets does not hold up the rest.
"""

from __future__ import annotations

import logging
import os
import warnings
from asyncio import CancelledError
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, Security, as_completed

from matcher.errors import Fault, InputError
from matcher.texts import text
from scenarios.program import program_hash

T = TypeVar("T")

ALLOWED_FAILURES = 3
"""Deaths of workers after which the scheduler hands a run back to us; that of Dask, so that all clusters do alike."""
MOST_DEATHS = 24
"""Deaths of workers after which a run is given up: no run of seconds meets so many by chance."""
AHEAD = 2
"""Runs handed over for each thread: one that is computed and one that waits for it. It bounds memory."""
_CONNECT_SECONDS = "15s"
_SETTINGS = {
    "distributed.scheduler.allowed-failures": ALLOWED_FAILURES,
    # A solver may hold the interpreter for minutes: its worker is not dead.
    "distributed.scheduler.worker-ttl": "2h",
    "distributed.comm.timeouts.tcp": "300s",
    # On a busy machine a worker that died may be long in coming back: it is not given up.
    "distributed.deploy.lost-worker-timeout": "2h",
    "distributed.admin.tick.limit": "1h",
    "distributed.nanny.pre-spawn-environ": {
        # One thread a run: what a run may use is its worker's core.
        **{f"{name}_NUM_THREADS": 1 for name in ("OMP", "MKL", "OPENBLAS")},
        "MALLOC_TRIM_THRESHOLD_": 65536,
        "DASK_LOGGING__DISTRIBUTED": "critical",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work: ``function(argument, *values of shared)`` is computed under the name ``key``.

    ``argument`` is small and travels each time; ``shared`` names what travels once.
    """

    key: str
    argument: object
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Generic[T]):
    """What became of a job: its ``value``, or the ``error`` it raised. ``deaths`` counts the workers lost meanwhile.

    ``deaths`` counts only what the scheduler tells: it is 0 where a run was moved to another worker at once.
    """

    key: str
    value: T | None = None
    error: BaseException | None = None
    deaths: int = 0


@dataclass(frozen=True, slots=True)
class _Attempt:
    job: Job
    number: int = 0


@contextmanager
def open_cluster(
    address: str | None = None, jobs: int | None = None, *, memory_limit: str | float = "auto"
) -> Iterator[Client]:
    """Connect to a Dask cluster, or start worker processes of one thread here, and close what was opened.

    Parameters
    ----------
    address
        Address of the scheduler of a cluster; certificates of a ``tls://`` one are taken from Dask's own settings.
        Without it the work is done by processes of this machine, which only this process can talk to.
    jobs
        Number of worker processes on this machine; by default one for each core this process may use.
    memory_limit
        What one worker process may use; a worker above it is started anew. By default its share of the memory.

    Raises
    ------
    InputError
        When there is no such cluster, or its workers have another version of this program.

    Examples
    --------
    ::

        with open_cluster(jobs=2) as client:
            jobs = [Job(key="1", argument=7, shared=("roster",))]
            for done in run_all(client, work, jobs, shared={"roster": roster}):
                ...
    """
    with ExitStack() as opened:
        opened.enter_context(dask.config.set(_SETTINGS))
        opened.enter_context(_quiet())
        if address is not None:
            client = opened.enter_context(_connect(address))
            _check_program(client, address)
        else:
            security = Security.temporary()
            cluster = opened.enter_context(
                LocalCluster(
                    n_workers=jobs or num_cores(),
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    security=security,
                    memory_limit=memory_limit,
                    silence_logs=logging.CRITICAL,
                )
            )
            client = opened.enter_context(Client(cluster, security=security))
        yield client


def run_all(
    client: Client,
    function: Callable[..., T],
    jobs: Iterable[Job],
    *,
    shared: Mapping[str, object] | None = None,
    most_at_once: int | None = None,
) -> Generator[Finished[T], None, None]:
    """Compute all jobs and yield each once, as soon as it is finished; an error of a job ends that job alone.

    Jobs are taken from ``jobs`` only as workers become free, and results are let go when they have been yielded, so
    neither may fill the memory. The order is that of finishing.

    Parameters
    ----------
    function
        A function of a module (it travels by name): it gets the argument of the job and the shared values it names.
    shared
        Values that travel once. They should be pickled easily: bytes, arrays, rosters.
    most_at_once
        Jobs handed over at most; by default ``AHEAD`` for each thread of the cluster.
    """
    held = {name: _Held(client, name, value) for name, value in (shared or {}).items()}
    waiting = iter(jobs)
    running: dict[Future[T], _Attempt] = {}
    done = as_completed(raise_errors=False)

    def start(attempt: _Attempt) -> None:
        job = attempt.job
        values = [held[name].future() for name in job.shared]
        # A name of its own for each attempt: the scheduler remembers the deaths of a name.
        key = f"{job.key}#{attempt.number}-{id(done)}"
        future = client.submit(function, job.argument, *values, key=key, pure=False)
        running[future] = attempt
        done.add(future)

    def fill() -> None:
        most = most_at_once or max(AHEAD, AHEAD * sum(client.nthreads().values()))
        while len(running) < most and (job := next(waiting, None)) is not None:
            start(_Attempt(job))

    try:
        fill()
        for future in done:
            attempt = running.pop(future)
            finished = _finished(client, future, attempt)
            future.release()
            if finished is None:
                start(replace(attempt, number=attempt.number + 1))
                continue
            fill()
            yield finished
    finally:
        for future in running:
            future.cancel()


def num_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _finished(client: Client, future: Future[T], attempt: _Attempt) -> Finished[T] | None:
    """Return what became of a job; None where its workers died or it was called off, and it is to be tried again."""
    key, deaths = attempt.job.key, attempt.number * (ALLOWED_FAILURES + 1)
    try:
        # A result lost with its worker is computed anew here.
        return Finished(key=key, value=future.result(), deaths=deaths)
    except (KilledWorker, CancelledError) as error:
        if client.status != "running":
            raise ConnectionError("the connection to the cluster is lost") from error
        deaths += ALLOWED_FAILURES + 1
        return None if deaths < MOST_DEATHS else Finished(key=key, error=error, deaths=deaths)
    except Exception as error:
        return Finished(key=key, error=error, deaths=deaths)


class _Held:
    """A shared value as a task of the scheduler: it can be computed anew wherever the worker that has it dies."""

    def __init__(self, client: Client, name: str, value: object) -> None:
        self._client, self._name, self._value, self._times = client, name, value, 0
        self._future = self._submit()

    def future(self) -> Future[Any]:
        if self._future.status in ("error", "cancelled", "lost"):
            self._future = self._submit()
        return self._future

    def _submit(self) -> Future[Any]:
        self._times += 1
        key = f"shared-{self._name}-{self._times}-{id(self)}"
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")
            return self._client.submit(_hold, self._value, key=key, pure=False)


def _hold(value: T) -> T:
    return value


def _connect(address: str) -> Client:
    try:
        return Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError, TypeError) as error:
        fault = Fault(
            f"--cluster {address}",
            text("no cluster answers there"),
            text("name the address the scheduler printed when it started, as tcp://HOST:8786"),
        )
        raise InputError([fault]) from error


def _check_program(client: Client, address: str) -> None:
    """Refuse workers that would compute something else.

    Raises
    ------
    InputError
        When a worker has no program or another version of it.
    """
    own = program_hash()
    try:
        found = client.run(program_hash)
    except Exception as error:
        found = {"": str(error)}
    strange = sorted(worker for worker, other in found.items() if other != own)
    if strange:
        fault = Fault(
            f"--cluster {address}",
            text("workers have another version of this program, or none: {workers}", workers=", ".join(strange[:3])),
            text("install the same version with the extra “batch” on every machine"),
        )
        raise InputError([fault])


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask says of dying workers from the screen: they are retried."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
