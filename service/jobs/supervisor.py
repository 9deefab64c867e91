"""Keeps worker processes running: starts them, starts anew those that die, ends them all within a time."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from service.jobs.main import environment_of
from service.settings import Settings

_LOG = logging.getLogger("service.jobs")
COMMAND = (sys.executable, "-m", "service.jobs.main")
_LOOK_SECONDS = 0.3
_STEADY_SECONDS = 10.0
"""A worker that lived so long did not die of its start."""
_LEAST_WAIT_SECONDS, _MOST_WAIT_SECONDS = 0.5, 15.0
_END_SECONDS = 7.0


@dataclass
class _Place:
    """Where one worker runs, and when the next one may start there."""

    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)


class Supervisor:
    """The worker processes of one machine."""

    def __init__(self, settings: Settings, count: int, *, command: Sequence[str] = COMMAND) -> None:
        self._settings, self._command = settings, command
        self._places = [_Place() for _ in range(count)]
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the workers, and watch over them."""
        self._thread.start()

    @property
    def pids(self) -> list[int]:
        """Return the ids of the workers that run."""
        with self._lock:
            return [p.process.pid for p in self._places if p.process is not None and p.process.poll() is None]

    def end(self) -> None:
        """Tell all workers to end, wait until they have handed back what they do, and end the rest hard."""
        self._ending.set()
        self._thread.join()
        processes = [place.process for place in self._places if place.process is not None]
        for process in processes:
            with suppress(ProcessLookupError):
                process.terminate()
        last = time.monotonic() + self._settings.drain_seconds + _END_SECONDS
        for process in processes:
            try:
                process.wait(max(0.0, last - time.monotonic()))
            except subprocess.TimeoutExpired:
                _LOG.warning("worker process %s does not end; it is ended", process.pid)
                process.kill()
                process.wait()

    def _watch(self) -> None:
        while not self._ending.is_set():
            for place in self._places:
                with self._lock:
                    self._look_after(place)
            self._ending.wait(_LOOK_SECONDS)

    def _look_after(self, place: _Place) -> None:
        moment = time.monotonic()
        if place.process is not None and place.process.poll() is None:
            return
        if place.process is not None:
            lived = moment - place.started
            place.failures = 0 if lived > _STEADY_SECONDS else place.failures + 1
            wait = min(_LEAST_WAIT_SECONDS * 2**place.failures, _MOST_WAIT_SECONDS) if place.failures > 1 else 0.0
            _LOG.warning("worker process %s ended with code %s", place.process.pid, place.process.returncode)
            place.process, place.not_before = None, moment + wait
        if moment >= place.not_before:
            place.started = moment
            place.process = subprocess.Popen(
                [*self._command, str(os.getpid())],
                stdin=subprocess.DEVNULL,
                env=environment_of(self._settings),
                start_new_session=True,
            )
