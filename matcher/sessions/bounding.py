"""Bounds of the whole plan, computed beside the search."""

from __future__ import annotations

import logging
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.certificate import SessionCertificate, free_certificate
from matcher.sessions.problem import SessionProblem
from matcher.sessions.search import Search

if TYPE_CHECKING:
    from matcher.sessions.bound.apart import ApartBounds
    from matcher.sessions.bound.solve import MissingBound, RhythmBound, SessionBounds

FloatArray = NDArray[np.float64]
PATIENCE = 0.4
"""The bound of rhythm waits for the least number missing for this share of the time."""
GRACE_SECONDS = 2.0
PROOF_SECONDS = 1.0
"""So long a plan that the search has proved best waits for a proof that anyone can re-check."""
LEAST_APART = 5_000
"""With so many dated choices a process of its own is worth its start."""
LOOK_SECONDS = 0.05
_log = logging.getLogger(__name__)


def simple_rhythm_bound(search: Search, missing: int) -> int:
    """Return a bound of rhythm for plans with at most ``missing`` (weighted) sessions missing.

    Each activity uses its least number of keys as long as it misses no more than by itself; every session missing
    beyond can spoil this for one activity, at worst for those with most keys.
    """
    keys, beyond = _keys_and_beyond(search, missing)
    return sum(keys[beyond:])


def _keys_and_beyond(search: Search, missing: int) -> tuple[list[int], int]:
    """Return the least keys of activities, most first, and how many sessions go missing beyond the least."""
    beyond = missing - sum(least for least, _ in search.least)
    return sorted((least for _, least in search.least), reverse=True), max(0, beyond)


class Bounds:
    """Has the bounds computed while the search goes on, in a process of their own if large, and tells them to it.

    First the least number of sessions missing in any plan; then the least rhythm of plans that miss no more than the
    best plan known by then, which holds for fewer, too. Where work is counted, all is computed after the search, so
    that the clock decides nothing. Where they are not asked for, the bounds of single activities are all there is.
    A fault in them is logged and costs no plan: what was found before it counts.

    After :meth:`finish`, ``certificates`` prove the bounds ``certified`` (level → bound), recomputed from their prices.
    """

    def __init__(self, problem: SessionProblem, search: Search, *, is_asked: bool = True) -> None:
        self.problem = problem
        self.search = search
        self.is_asked = is_asked
        self.pool_price: FloatArray = np.zeros(int(problem.cell_pool.max(initial=-1)) + 1)
        self.certificates: tuple[SessionCertificate, ...] = ()
        self.certified: dict[str, int] = {}
        self._total = search.total
        self._missing: MissingBound | None = None
        self._rhythm: RhythmBound | None = None
        self._is_ended = False
        self._thread: Thread | None = None
        if is_asked and not search.effort.is_counted and not search.is_settled():
            self._thread = Thread(target=self._run, daemon=True)
            self._thread.start()

    def look(self) -> None:
        """Note the plan as it is now."""
        self.search.remember()
        self._total = self.search.total

    def finish(self) -> None:
        """End what is under way and take what it has; where work is counted, compute all now."""
        self._total = self.search.total
        if self._thread is not None:
            if self.search.is_settled():
                self._thread.join(min(PROOF_SECONDS, self._left()))
            self._is_ended = True
            self._thread.join(GRACE_SECONDS)
        elif self.is_asked and self.search.effort.is_counted and not self._is_free():
            self._run()
        missing = self.search.total[0]
        least = simple_rhythm_bound(self.search, missing)
        if self._rhythm is not None and missing <= self._rhythm.missing:
            least = max(least, self._rhythm.value)
        self.search.bound_rhythm = least
        if self.is_asked:
            try:
                self._certify(missing, self._missing, self._rhythm)
            except Exception:
                _log.exception("the bounds of the plan cannot be proved: they are unknown")

    def _certify(self, missing: int, fewest: MissingBound | None, rhythm: RhythmBound | None) -> None:
        """Take the best certificate of each level: of the prices found, or of none where activities alone do it."""
        own = sum(least for least, _ in self.search.least)
        keys, beyond = _keys_and_beyond(self.search, missing)
        # At the keys of the last activity that misses one session more, to miss it or not comes to the same.
        price = max([1, *keys[beyond : beyond + 1]])
        found = [
            self._better(fewest, own, free_certificate("missing")),
            self._better(
                rhythm if rhythm is not None and missing <= rhythm.missing else None,
                sum(keys[beyond:]),
                free_certificate("rhythm", missed=price, allowed=missing),
            ),
        ]
        self.certificates = tuple(certificate for _, certificate in found)
        self.certified = {certificate.level: bound for bound, certificate in found}

    def _is_free(self) -> bool:
        """Return whether all activities do as well as each by itself: then no prices are needed to prove it."""
        missing, _, rhythm = self.search.total
        own = sum(least for least, _ in self.search.least)
        return missing == own and rhythm == simple_rhythm_bound(self.search, own)

    def _better(
        self, priced: MissingBound | RhythmBound | None, enough: int, free: SessionCertificate
    ) -> tuple[int, SessionCertificate]:
        """Return the better of two certificates and its bound; the second is looked at where it may be."""
        found = [] if priced is None else [(priced.value, priced.certificate)]
        if priced is None or priced.value < enough:
            found.append((free.bound(self.problem), free))
        return max(found, key=lambda one: one[0])

    def _run(self) -> None:
        try:
            self._climb()
        except Exception:
            _log.exception("no more bounds of the plan: computing them failed")

    def _climb(self) -> None:
        # Read here, so that a plan that needs no bound needs no linear programme.
        from matcher.sessions.bound.apart import ApartBounds, Stopped
        from matcher.sessions.bound.solve import SessionBounds

        if self.search.effort.is_counted or int(self.problem.choice_days.sum()) < LEAST_APART:
            self._ask(SessionBounds(self.problem))
            return
        with ApartBounds(self.problem) as bounds:
            try:
                self._ask(bounds)
            except Stopped:
                if not self._stop() and self._left() > 0:
                    _log.warning("no more bounds of the plan: the process that computed them has ended")

    def _ask(self, bounds: SessionBounds | ApartBounds) -> None:
        search = self.search
        found = bounds.missing(self._left(), self._stop)
        self._missing = found
        self.pool_price = found.pool_price
        least = max(found.value, search.bound_missing)
        search.bound_rhythm = simple_rhythm_bound(search, least)
        search.bound_missing = least
        while not self._stop():
            while self._is_waiting():
                sleep(LOOK_SECONDS)
            missing, rhythm = max(self._total[0], least), self._total[2]
            self._note(bounds.rhythm(missing, self._left(), self._stop, enough=rhythm, on_better=self._note))
            if missing == least or search.effort.is_counted or self._left() <= 0:
                return
            while not self._stop() and self._total[0] >= missing:
                sleep(LOOK_SECONDS)

    def _note(self, found: RhythmBound) -> None:
        """Keep the bound of the fewest sessions missing, of these the greatest."""
        if self._rhythm is None or (-found.missing, found.value) > (-self._rhythm.missing, self._rhythm.value):
            self._rhythm = found
        if found.missing == self.search.bound_missing:
            self.search.bound_rhythm = max(found.value, self.search.bound_rhythm or 0)

    def _is_waiting(self) -> bool:
        effort = self.search.effort
        if effort.is_counted or self._stop() or self._total[0] <= self.search.bound_missing:
            return False
        return effort.seconds < PATIENCE * effort.time_limit

    def _left(self) -> float:
        effort = self.search.effort
        return effort.time_limit if effort.is_counted else max(0.0, effort.left())

    def _stop(self) -> bool:
        return self._is_ended or self.search.effort.is_stopped()
