"""Runs a solver process: reads its progress, ends it when told or when its time is over, says how it ended."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.jobs.child import OUT_OF_MEMORY
from service.jobs.port import Reason

_LOG = logging.getLogger("service.jobs")
COMMAND = (sys.executable, "-m", "service.jobs.child")
"""What a solver process is started with; tests put poison in its place."""
STOP_SECONDS = 30.0
"""How long a process that was asked to stop may take to hand over the best it has."""
_STEP_SECONDS = 0.1
_MOST_LINE = 10_000

GO_ON, STOP, ABANDON = "go_on", "stop", "abandon"
Look = Callable[[dict[str, Any] | None], str]
"""Called a few times a second with new progress, if any; says whether to go on, to stop with the best, to abandon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: well (``reason`` None), badly, or abandoned because nobody wants its answer any more."""

    reason: Reason | None = None
    abandoned: bool = False


def run_child(folder: Path, *, seconds: float, look: Look, command: Sequence[str] = COMMAND) -> Ended:
    """Run a process over a work folder until it ends, at most ``seconds``; no process is left behind."""
    folder = folder.absolute()  # the process does its work there, so that any other path would mean another place
    process = subprocess.Popen(
        [*command, str(folder), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a library prints may name people
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )
    lines = _Lines(process)
    try:
        return _watch(process, lines, seconds, look)
    finally:
        if process.poll() is None:
            _signal(process, signal.SIGKILL)
        process.wait()
        lines.close()


def _watch(process: subprocess.Popen[bytes], lines: _Lines, seconds: float, look: Look) -> Ended:
    last = time.monotonic() + seconds
    is_late, stop_by = False, None
    while process.poll() is None:
        time.sleep(_STEP_SECONDS)
        said = look(lines.take())
        moment = time.monotonic()
        if said == ABANDON:
            return Ended(abandoned=True)
        if stop_by is None and (said == STOP or moment > last):
            is_late = said != STOP
            stop_by = moment + STOP_SECONDS
            _signal(process, signal.SIGTERM)
        if stop_by is not None and moment > stop_by:
            return Ended(reason=Reason.TIME if is_late else None)
    look(lines.take())
    if process.returncode == 0:
        return Ended()
    if lines.crash is not None:
        _LOG.error("a solver process broke: %s", json.dumps(lines.crash))
    else:
        _LOG.error("a solver process ended with code %s", process.returncode)
    return Ended(reason=Reason.MEMORY if process.returncode == OUT_OF_MEMORY else Reason.CRASHED)


class _Lines:
    """Reads what a process prints in a thread of its own, and keeps the newest progress."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self._out = process.stdout
        self._lock = threading.Lock()
        self._newest: dict[str, Any] | None = None
        self.crash: dict[str, Any] | None = None
        self._input = process.stdin
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def take(self) -> dict[str, Any] | None:
        """Return the newest progress since the last time, None where there is none."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def close(self) -> None:
        """Wait for the thread and close the pipes."""
        self._thread.join(timeout=5)
        self._out.close()
        if self._input is not None:
            self._input.close()

    def _read(self) -> None:
        while line := self._out.readline(_MOST_LINE):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if not isinstance(found, dict):
                continue
            with self._lock:
                if "crash" in found:
                    self.crash = {key: found[key] for key in ("crash", "places") if key in found}
                else:
                    self._newest = found


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the process and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of a solver process: nothing of ours that is secret."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": str(folder), "HOME": str(folder)}


_KEPT = frozenset({"PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV"})
