"""A house whose jobs are run: the real queue, and workers in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from service.core import Core
from service.jobs.library import prepare_tables
from service.jobs.port import UNFINISHED
from service.jobs.process import COMMAND
from service.jobs.queue import QueuedJobs
from service.jobs.worker import Worker
from service.tables.rounds import Run
from tests.service.conftest import House, build_house
from tests.service.jobs.made import run_of

Workers = Callable[..., AbstractContextManager[Worker]]


def queueing(house: House) -> House:
    """Return the house with a real queue in place of the one that only remembers."""
    prepare_tables(house.core.database.url)
    house.core = replace(house.core, jobs=QueuedJobs(house.core.database))
    house.client.app.state.core = house.core  # type: ignore[attr-defined]
    return house


@pytest.fixture
def busy_house(any_url: str, tmp_path: Path) -> Iterator[House]:
    """A house with a queue, on both databases."""
    yield from opened(queueing(build_house(any_url, tmp_path)))


@pytest.fixture
def busy_sqlite_house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """A house with a queue, on SQLite."""
    yield from opened(queueing(build_house(sqlite_url, tmp_path)))


def opened(house: House) -> Iterator[House]:
    """Give a house and close its connections afterwards."""
    jobs = house.core.jobs
    yield house
    assert isinstance(jobs, QueuedJobs)
    for job in jobs.list():  # or threads of the library would wait for their end for ever
        jobs.cancel(job.id)
    jobs.close()
    house.core.database.close()


@contextmanager
def working(core: Core, *, command: Sequence[str] = COMMAND, drain: float = 0.0) -> Iterator[Worker]:
    """Be a worker for a while."""
    worker = Worker(core, command=command, care_seconds=0.3)
    worker.start()
    try:
        yield worker
    finally:
        worker.end(drain)


def ended(core: Core, run_id: str, *, seconds: float = 60.0) -> Run:
    """Wait until a run has ended and return it."""
    last = time.monotonic() + seconds
    while (run := run_of(core, run_id)).status in UNFINISHED:
        assert time.monotonic() < last, f"still {run.status} after {run.attempts} attempts"
        time.sleep(0.1)
    return run
