"""Files and explanations of a plan, made while somebody waits: by a process of its own, with little memory and time."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from matcher.errors import InputError
from matcher.texts import Text, text
from service.core import Core
from service.errors import Problem, wrong_input
from service.jobs.folders import read_result, work_folder, write_plan, write_task
from service.jobs.process import GO_ON, run_child
from service.jobs.tasks import fault_of

MOST_AT_ONCE = 2
SECONDS = 60.0
MEMORY = 2**30
_WAIT_SECONDS = 20.0
_WAITING = threading.BoundedSemaphore(4 * MOST_AT_ONCE)
_TURNS = threading.BoundedSemaphore(MOST_AT_ONCE)
_OLD_SECONDS = 10 * SECONDS


@contextmanager
def rendered(core: Core, plan: bytes, task: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Path]]:
    """Give what a process has answered, and the folder with what it wrote, which goes with the block.

    Raises
    ------
    Problem
        422 when the plan does not have what is asked for; 503 when too much of this is under way, or it took too much.
    """
    with _turn():
        place = core.settings.folder / "rendering"
        _clear(place)
        with work_folder(place, secrets.token_hex(16), str(os.getpid())) as folder:
            write_plan(folder, plan)
            memory = min(MEMORY, core.settings.solve_memory)
            write_task(folder, {"time_limit": 3.0, "memory": memory, "nice": 2, **task})
            ended = run_child(folder, seconds=SECONDS, look=lambda _: GO_ON)
            result = None if ended.reason else read_result(folder)
            if result is None:
                raise _busy(text("This took too much time or memory. Please try again later."))
            if result.get("faults"):
                raise wrong_input(InputError([fault_of(fault) for fault in result["faults"]]).faults)
            yield result, folder


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for a turn; few may wait, since each who does holds one of the threads that answer everybody."""
    too_much = text("Too much of this is under way. Please try again in a moment.")
    if not _WAITING.acquire(blocking=False):
        raise _busy(too_much)
    try:
        if not _TURNS.acquire(timeout=_WAIT_SECONDS):
            raise _busy(too_much)
        try:
            yield
        finally:
            _TURNS.release()
    finally:
        _WAITING.release()


def _clear(place: Path) -> None:
    """Remove the folders that a server left which died."""
    for folder in place.iterdir() if place.is_dir() else ():
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - _OLD_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _busy(title: Text) -> Problem:
    return Problem(503, "busy", title, headers={"Retry-After": "10"})
