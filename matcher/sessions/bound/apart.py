"""Bounds from a process of their own: a search in this process and the climb of prices do not wait for one another."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import IO, Any, Self

from matcher.outcome import Stop
from matcher.sessions.bound.solve import MissingBound, OnRhythm, RhythmBound
from matcher.sessions.problem import SessionProblem

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 2.0
"""So long after a stop the process may take to tell what it has."""


class Stopped(Exception):
    """The process was stopped before it had a bound."""


class ApartBounds:
    """The same as :class:`matcher.sessions.bound.solve.SessionBounds`, computed elsewhere. Close it after use."""

    def __init__(self, problem: SessionProblem) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "matcher.sessions.bound.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._commands: IO[bytes] = self._process.stdin
        self._answers: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True).start()
        self._say(problem)

    def missing(self, seconds: float, stop: Stop | None = None) -> MissingBound:
        """Return the least weighted sessions missing in any plan.

        Raises
        ------
        Stopped
            When it was told to stop, or the process was closed, before it had any.
        """
        found: MissingBound = self._ask(("missing", seconds), stop, None)
        return found

    def rhythm(
        self,
        missing: int,
        seconds: float,
        stop: Stop | None = None,
        *,
        enough: int | None = None,
        on_better: OnRhythm | None = None,
    ) -> RhythmBound:
        """Return the least rhythm of plans that miss at most ``missing``.

        Raises
        ------
        Stopped
            When it was told to stop, or the process was closed, before it had any.
        """
        found: RhythmBound = self._ask(("rhythm", missing, seconds, enough), stop, on_better)
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._commands.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()

    def _say(self, message: object) -> None:
        # To a process that has ended nothing can be said: its last answer tells why.
        with suppress(OSError, ValueError):
            pickle.dump(message, self._commands)
            self._commands.flush()

    def _ask(self, command: tuple[object, ...], stop: Stop | None, on_better: OnRhythm | None) -> Any:
        self._say(command)
        waits = None
        while waits is None or waits > 0:
            try:
                kind, content = self._answers.get(timeout=LOOK_SECONDS)
            except Empty:
                if waits is not None:
                    waits -= LOOK_SECONDS
                elif stop is not None and stop():
                    self._say(("stop",))
                    waits = PATIENCE_SECONDS
                continue
            if kind == "found":
                return content
            if kind == "better" and on_better is not None:
                on_better(content)
            if kind == "trouble":
                raise RuntimeError(content)
            if kind == "end":
                raise Stopped
        self.close()
        raise Stopped


def _listen(stream: IO[bytes], answers: SimpleQueue[tuple[str, Any]]) -> None:
    """Pass on what the process says, until it says no more."""
    with stream, suppress(EOFError, pickle.UnpicklingError):
        while True:
            answers.put(pickle.load(stream))
    answers.put(("end", None))
