"""Several searchers side by side, each in a process of its own, all with the same stage; the best answer counts."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Self

from matcher.meetings.problem import MeetingsProblem
from matcher.meetings.search.stages import Found, Searcher, Stage


class Team:
    """``workers`` searchers: the first in this process, the others in fresh ones that end with the team.

    Processes are spawned, so a script that plans with more than one worker needs the usual
    ``if __name__ == "__main__":``.
    """

    def __init__(self, problem: MeetingsProblem, *, seed: int, workers: int) -> None:
        self.own = Searcher(problem, seed=seed, worker=0)
        self.workers = max(1, workers)
        self._processes: list[BaseProcess] = []
        self._others: list[Connection] = []
        self._ready: list[Connection] = []
        if self.workers == 1:
            return
        context = multiprocessing.get_context("spawn")
        self._halt: Event = context.Event()
        for worker in range(1, self.workers):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(there, self._halt, problem, seed, worker), daemon=True)
            process.start()
            there.close()
            self._processes.append(process)
            self._others.append(here)

    def run(self, stage: Stage, *, stop: Callable[[], bool], on_better: Callable[[Found], None]) -> Found:
        """Return the best that all searchers found in ``stage``; equal scores: of the first of them.

        ``stage.moves`` is shared out. Without such a limit those take part who are ready, and they are halted when the
        own searcher has ended.
        """
        by_moves = stage.moves is not None
        share = stage if stage.moves is None else replace(stage, moves=-(-stage.moves // self.workers))
        taking_part = [connection for connection in self._others if by_moves or self._is_ready(connection)]
        for connection in taking_part:
            self._wait_ready(connection)
            connection.send(share)
        found = [self.own.run(share, stop=stop, on_better=on_better)]
        if taking_part:
            if not by_moves or stop():
                self._halt.set()
            answers = [_receive(connection) for connection in taking_part]
            found += [answer for answer in answers if answer is not None]
            self._halt.clear()
        best = min(found, key=lambda f: f.score)
        return replace(best, moves=sum(f.moves for f in found))

    def _is_ready(self, connection: Connection) -> bool:
        return connection in self._ready or connection.poll()

    def _wait_ready(self, connection: Connection) -> None:
        if connection not in self._ready:
            _receive(connection)
            self._ready.append(connection)

    def __enter__(self) -> Self:
        """Return the team."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the other processes."""
        for connection in self._others:
            connection.close()
        for process in self._processes:
            process.terminate()
            process.join()


def _receive(connection: Connection) -> Found | None:
    """Return the next answer; None says that the searcher is ready."""
    try:
        answer = connection.recv()
    except EOFError:
        raise RuntimeError("a process of the search has ended before its answer") from None
    assert answer is None or isinstance(answer, Found)
    return answer


def _serve(connection: Connection, halt: Event, problem: MeetingsProblem, seed: int, worker: int) -> None:
    """Run stages as they are asked for, until the other side closes."""
    searcher = Searcher(problem, seed=seed, worker=worker)
    connection.send(None)
    while True:
        try:
            stage = connection.recv()
        except EOFError:
            return
        connection.send(searcher.run(stage, stop=halt.is_set, on_better=lambda found: None))
