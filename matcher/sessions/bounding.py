"""Bounds of the whole plan, computed beside the search."""

from __future__ import annotations

from importlib.util import find_spec
from threading import Thread
from time import sleep

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.problem import SessionProblem
from matcher.sessions.search import Search

FloatArray = NDArray[np.float64]
PATIENCE = 0.4
"""The bound of rhythm waits for the least number missing for this share of the time."""
GRACE_SECONDS = 1.0
LOOK_SECONDS = 0.05


def simple_rhythm_bound(search: Search, missing: int) -> int:
    """Return a bound of rhythm for plans with at most ``missing`` (weighted) sessions missing.

    Each activity uses its least number of keys as long as it misses no more than by itself; every session missing
    beyond can spoil this for one activity, at worst for those with most keys.
    """
    beyond = missing - sum(least for least, _ in search.least)
    keys = sorted((least for _, least in search.least), reverse=True)
    return sum(keys[max(0, beyond) :])


class Bounds:
    """Computes the bounds in a thread while the search goes on, and tells them to it.

    First the least number of sessions missing in any plan; then the least rhythm of plans that miss no more than the
    best plan known by then, which holds for fewer, too. Where work is counted, all is computed after the search, so
    that the clock decides nothing.
    """

    def __init__(self, problem: SessionProblem, search: Search) -> None:
        self.problem = problem
        self.search = search
        self.pool_price: FloatArray = np.zeros(int(problem.cell_pool.max(initial=-1)) + 1)
        self._missing = search.total[0]
        self._rhythm = (0, 0)
        """A number of sessions missing, and the least rhythm of plans that miss no more."""
        self._is_ended = False
        self._trouble: list[BaseException] = []
        self._thread: Thread | None = None
        if not search.effort.is_counted and not search.is_settled():
            self._thread = Thread(target=self._run, daemon=True)
            self._thread.start()

    def look(self) -> None:
        """Note the plan as it is now, and raise what went wrong in the thread."""
        self.search.remember()
        self._missing = self.search.total[0]
        if self._trouble:
            raise self._trouble[0]

    def finish(self) -> None:
        """Wait for what is under way as long as the time allows; where work is counted, compute all now."""
        self._missing = self.search.total[0]
        if self._thread is not None:
            self._is_ended = self.search.is_settled()
            self._thread.join(max(0.0, self.search.effort.left()) + GRACE_SECONDS)
            self._is_ended = True
        elif self.search.effort.is_counted and not self.search.is_settled():
            self._run()
        if self._trouble:
            raise self._trouble[0]
        missing = self.search.total[0]
        least = simple_rhythm_bound(self.search, missing)
        self.search.bound_rhythm = max(least, self._rhythm[1]) if missing <= self._rhythm[0] else least

    def _run(self) -> None:
        if find_spec("matcher.sessions.bound") is None or find_spec("matcher.sessions.bound.solve") is None:
            return
        # Read here, so that a plan that needs no bound needs no linear programme.
        from matcher.sessions.bound.solve import bound_missing, bound_rhythm

        search = self.search
        try:
            found = bound_missing(self.problem, deadline_seconds=self._left(), stop=self._stop)
            self.pool_price = found.pool_price
            search.bound_rhythm = simple_rhythm_bound(search, max(found.value, search.bound_missing))
            search.bound_missing = max(found.value, search.bound_missing)
            while self._is_waiting():
                sleep(LOOK_SECONDS)
            missing = max(self._missing, search.bound_missing)
            rhythm = bound_rhythm(self.problem, missing=missing, deadline_seconds=self._left(), stop=self._stop)
            self._rhythm = missing, rhythm
            if missing == search.bound_missing:
                search.bound_rhythm = max(rhythm, search.bound_rhythm)
        except BaseException as error:
            self._trouble.append(error)

    def _is_waiting(self) -> bool:
        effort = self.search.effort
        if effort.is_counted or self._stop() or self._missing <= self.search.bound_missing:
            return False
        return effort.seconds < PATIENCE * effort.time_limit

    def _left(self) -> float:
        effort = self.search.effort
        return effort.time_limit if effort.is_counted else max(0.0, effort.left())

    def _stop(self) -> bool:
        return self._is_ended or self.search.effort.is_stopped()
