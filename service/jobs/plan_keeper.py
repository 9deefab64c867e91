"""Questions about a plan that people wait for: each of a few processes keeps one plan open and answers at once."""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from matcher.explain.again.standing import Standing
from matcher.texts import text
from service.core import Core
from service.errors import Problem, not_found
from service.rounds.plan_files import open_plan_bytes
from service.tables.rounds import PlanFileRow

_LOG = logging.getLogger("service.jobs")
MOST_OPEN = 2
"""Plans that may be open at once, however large they are."""
MOST_SMALL = 5
SMALL_BYTES = 2 * 2**20
"""So many may be open where they are not larger than this together: they take no more memory than two large ones."""
MEMORY = 2**30
IDLE_SECONDS = 600.0
RESTING_SECONDS = 60.0
"""A plan that nobody has asked about for so long gives way to one that is only looked at."""
ANSWER_SECONDS = 30.0
_WAIT_SECONDS = 20.0
_PAUSE_SECONDS = 0.05
_KEPT = frozenset({"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV"})


class Keeper:
    """One process with one plan; it answers one question at a time, the first once it has read the plan."""

    def __init__(self, content: bytes, memory: int, lang: str) -> None:
        self.lock = threading.Lock()
        self.asked_at = time.monotonic()
        self.num_bytes = len(content)
        self._has_read = False
        self._read = b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "service.jobs.plan_child", str(memory), str(IDLE_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a library prints may name people
            env={name: value for name, value in os.environ.items() if name in _KEPT}
            | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        head = json.dumps({"bytes": len(content), "lang": lang}).encode() + b"\n"
        threading.Thread(target=self._send_plan, args=(head + content,), daemon=True).start()

    @property
    def is_open(self) -> bool:
        """Say whether the process is there to be asked."""
        return self._process.poll() is None

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer; the process ends where it gives none in time."""
        self.asked_at = time.monotonic()
        try:
            if not self._has_read:
                self._checked(self._line())
                self._has_read = True
            self._send(json.dumps(question, ensure_ascii=False).encode() + b"\n")
            return self._checked(self._line())
        except OSError:
            self.end()
            raise _busy() from None

    def end(self) -> None:
        """End the process."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _send_plan(self, content: bytes) -> None:
        """Send the plan; nothing else is sent before the process has said that it has read it."""
        with suppress(OSError, ValueError):  # it has ended: whoever asks finds that out
            self._send(content)

    def _send(self, content: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(content)
        self._process.stdin.flush()

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        last = time.monotonic() + ANSWER_SECONDS
        handle = self._process.stdout.fileno()
        while b"\n" not in self._read:
            left = last - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                self.end()
                raise _busy()
            part = os.read(handle, 2**20)
            if not part:
                self.end()
                raise _busy()
            self._read += part
        line, _, self._read = self._read.partition(b"\n")
        return line

    def _checked(self, line: bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(line)
        if "crash" in found:
            _LOG.error("a plan that is kept open broke: %s", json.dumps(found))
            self.end()
            raise _busy()
        return found


class _Keepers:
    """The processes that are open, the one asked last at the end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Keeper] = OrderedDict()

    def ask(self, core: Core, row_id: str, sealed: PlanFileRow, question: Mapping[str, Any]) -> dict[str, Any]:
        last = time.monotonic() + _WAIT_SECONDS
        while True:
            keeper, is_held = self._keeper(core, row_id, sealed, last, hold=True)
            if not is_held and not keeper.lock.acquire(timeout=max(0.0, last - time.monotonic())):
                raise _busy()
            try:
                if self._open.get(row_id) is keeper:  # else it had to give way while one waited
                    return keeper.ask(question)
            finally:
                keeper.lock.release()

    def ready(self, core: Core, sealed: PlanFileRow) -> None:
        """Begin to open a plan before anybody asks, unless others are being asked now."""
        content = b""
        with self._lock:
            if sealed.id not in self._open:
                busy = [one for one in self._open.values() if time.monotonic() - one.asked_at < RESTING_SECONDS]
                if len(busy) >= MOST_SMALL:
                    return
                content = open_plan_bytes(core.vault, sealed)
                if not _has_room(busy, len(content)):
                    return
        self._keeper(core, sealed.id, sealed, time.monotonic(), hold=False, content=content)

    def _keeper(
        self, core: Core, row_id: str, sealed: PlanFileRow, last: float, *, hold: bool, content: bytes = b""
    ) -> tuple[Keeper, bool]:
        """Return the process that has a plan open, and whether its lock is held for who asks.

        Where others are asked, one waits until the moment ``last``. A process begun by somebody who asks (``hold``) is
        his at once: were it to give way before it has answered anything, processes would only begin and end.
        """
        while True:
            with self._lock:
                found = self._open.get(row_id)
                if found is not None and found.is_open:
                    self._open.move_to_end(row_id)
                    return found, False
                if found is not None:
                    self._open.pop(row_id).end()
                content = content or open_plan_bytes(core.vault, sealed)
                if self._make_room(len(content)):
                    memory = min(MEMORY, core.settings.solve_memory)
                    made = Keeper(content, memory, core.settings.language)
                    if hold:
                        made.lock.acquire()
                    self._open[row_id] = made
                    return made, hold
            if time.monotonic() >= last:
                raise _busy()
            time.sleep(_PAUSE_SECONDS)

    def _make_room(self, num_bytes: int) -> bool:
        """End those that were asked longest ago until a plan of a size has room; say whether it has."""
        while not _has_room(list(self._open.values()), num_bytes):
            if not self._end_one():
                return False
        return True

    def _end_one(self) -> bool:
        """End the process that was asked longest ago and is not being asked now; say whether there was one."""
        for row_id, keeper in self._open.items():
            if keeper.lock.acquire(blocking=False):
                try:
                    del self._open[row_id]
                    keeper.end()
                finally:
                    keeper.lock.release()
                return True
        return False

    def end(self) -> None:
        """End all processes."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].end()


def _has_room(beside: Sequence[Keeper], num_bytes: int) -> bool:
    """Say whether a plan of a size may be open beside others."""
    are_small = num_bytes + sum(one.num_bytes for one in beside) <= SMALL_BYTES
    return len(beside) < (MOST_SMALL if are_small else MOST_OPEN)


_KEEPERS = _Keepers()
atexit.register(_KEEPERS.end)


def ask_plan(core: Core, row: PlanFileRow, standing: Standing, question: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a plan with what stands now answers.

    Raises
    ------
    Problem
        404 when it does not know the people; 503 when too much is asked at once.
    """
    told = {name: sorted(getattr(standing, name)) for name in ("couples", "locked", "forbidden")}
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    found = _KEEPERS.ask(core, row.id, row, {**question, **told, "standing": digest})
    if found.get("unknown"):
        raise not_found()
    return found


def open_ahead(core: Core, row: PlanFileRow) -> None:
    """Begin to open a plan about which somebody is likely to ask soon; it is read while he looks at the board."""
    _KEEPERS.ready(core, row)


def _busy() -> Problem:
    title = text("Too much of this is under way. Please try again in a moment.")
    return Problem(503, "busy", title, headers={"Retry-After": "5"})
