"""Bounds of the whole plan: prices are searched for, the certificate turns them into a bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from matcher.outcome import Stop
from matcher.sessions.bound.ascent import Ascent
from matcher.sessions.bound.linear import linear_prices
from matcher.sessions.bound.missing import MissingPrices
from matcher.sessions.bound.rhythm import RhythmPrices
from matcher.sessions.bound.rows import CELL, MEETING, WANTED, WEEK, DatedRows, build_rows
from matcher.sessions.bound.walks import Walks
from matcher.sessions.certificate import SessionCertificate, SessionPrices
from matcher.sessions.problem import SessionProblem

FloatArray = NDArray[np.float64]

SCALE = 1 << 20
LINEAR_SHARE = 0.7
"""Share of the time for the linear programme; the rest is left to climb without it."""
FIRST_PRICE = 1.5
"""Price of a session missing to start from, in rhythm keys."""
FIRST_REACH = 10.0
LEAST_REACH = 0.01
FULL_EVERY = 20
MISSING_STEPS = 300
LEAST_SCALE = 1 << 10
SURE = 1e-3
"""Prices in floating point promise a whole number only when they lie this much above the one before."""
TELL_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MissingBound:
    """The least weighted sessions missing in any plan.

    ``pool_price`` (num_pools,) is what one more place of a pool, on every day and time, could add at most, in sessions
    of the largest weight.
    """

    value: int
    pool_price: FloatArray
    certificate: SessionCertificate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RhythmBound:
    """The least rhythm of plans that miss no more than ``missing``."""

    value: int
    missing: int
    certificate: SessionCertificate


OnRhythm = Callable[[RhythmBound], None]


def bound_missing(problem: SessionProblem, *, deadline_seconds: float, stop: Stop | None = None) -> MissingBound:
    """Return the least weighted sessions missing in any plan, as far as it is proved within the time."""
    return SessionBounds(problem).missing(deadline_seconds, stop)


def bound_rhythm(
    problem: SessionProblem, *, missing: int, deadline_seconds: float, stop: Stop | None = None
) -> RhythmBound:
    """Return the least rhythm of plans that miss at most ``missing`` (weighted), as far as it is proved in time."""
    end = monotonic() + deadline_seconds
    bounds = SessionBounds(problem)
    bounds.missing(deadline_seconds / 3, stop)
    return bounds.rhythm(missing, max(0.0, end - monotonic()), stop)


class SessionBounds:
    """The bounds of one problem; what is found for the first helps with the second."""

    def __init__(self, problem: SessionProblem) -> None:
        self.problem = problem
        self.rows = build_rows(problem)
        self.walks = Walks(self.rows)
        self._unit = max(1, int(problem.weight.max(initial=1)))
        self._prices = np.zeros(len(self.rows.limit))
        """The best prices for sessions missing, in units of the largest weight."""

    def missing(self, seconds: float, stop: Stop | None = None) -> MissingBound:
        """Return the least weighted sessions missing in any plan."""
        end = monotonic() + seconds
        relaxed = MissingPrices(self.rows, self.walks)
        prices = linear_prices(self.rows, LINEAR_SHARE * seconds)
        if prices is None:
            prices = _climb(relaxed, FIRST_REACH * self._unit, end, stop)
        if relaxed.value(prices) < relaxed.value(np.zeros_like(prices)):
            prices = np.zeros_like(prices)
        at_most = (relaxed.value(prices) - relaxed.value(np.zeros_like(prices))) / self._unit
        self._prices = prices / self._unit
        named = _named(self.rows, prices, max(LEAST_SCALE, SCALE // self._unit))
        certificate = SessionCertificate(level="missing", prices=named)
        return MissingBound(
            value=certificate.bound(self.problem),
            pool_price=np.minimum(at_most, _pool_prices(self.rows, self._prices)),
            certificate=certificate,
        )

    def rhythm(
        self,
        missing: int,
        seconds: float,
        stop: Stop | None = None,
        *,
        enough: int | None = None,
        on_better: OnRhythm | None = None,
    ) -> RhythmBound:
        """Return the least rhythm of plans that miss at most ``missing``; ``enough`` is a bound as good as any.

        ``on_better`` hears of bounds on the way.
        """
        end = monotonic() + seconds
        relaxed = RhythmPrices(self.rows, self.walks, missing)
        ascent = Ascent(np.append(FIRST_PRICE * self._prices, FIRST_PRICE), FIRST_REACH)
        # No plan has a rhythm above all keys there are: a bound beyond says that none misses so few.
        most = len(self.rows.key_activity) + relaxed.num_paid + 1 if enough is None else enough
        found = self._proved(ascent.prices, missing)
        told_at = monotonic()
        for step in count():
            value, slope = relaxed.look(ascent.prices, is_full=step % FULL_EVERY == 0)
            if step % FULL_EVERY and (value > ascent.best or not slope.any()):
                value, slope = relaxed.look(ascent.prices, is_full=True)
            ascent.note(value)
            is_over = monotonic() > end or (stop is not None and stop()) or ascent.reach < LEAST_REACH
            is_over |= ascent.best > most - 1 + SURE
            if is_over or not ascent.move(slope, value):
                break
            if on_better and ascent.best > found.value + SURE and monotonic() > told_at + TELL_SECONDS:
                found = max(found, self._proved(ascent.best_prices, missing), key=lambda bound: bound.value)
                on_better(found)
                told_at = monotonic()
        return max(found, self._proved(ascent.best_prices, missing), key=lambda bound: bound.value)

    def _proved(self, prices: FloatArray, missing: int) -> RhythmBound:
        named = _named(self.rows, prices[:-1], SCALE, int(prices[-1] * SCALE / self._unit))
        certificate = SessionCertificate(level="rhythm", prices=named, allowed=missing)
        return RhythmBound(value=certificate.bound(self.problem), missing=missing, certificate=certificate)


def _climb(relaxed: MissingPrices, reach: float, end: float, stop: Stop | None) -> FloatArray:
    """Return prices from a climb that starts at nothing."""
    ascent = Ascent(np.zeros(len(relaxed.rows.limit)), reach)
    for _ in range(MISSING_STEPS):
        value, slope = relaxed.look(ascent.prices)
        ascent.note(value)
        if monotonic() > end or (stop is not None and stop()) or not ascent.move(slope, value):
            break
    return ascent.best_prices


def _named(rows: DatedRows, prices: FloatArray, scale: int, missed: int = 0) -> SessionPrices:
    """Return the prices in whole numbers, with the names of their rows."""
    whole = np.floor(prices * scale).astype(np.int64)

    def of(kind: int, width: int) -> NDArray[np.int64]:
        chosen = (rows.kind == kind) & (whole > 0)
        return np.column_stack([rows.name[chosen, :width], whole[chosen]])

    return SessionPrices(
        scale=scale,
        meeting=of(MEETING, 3),
        week=of(WEEK, 2),
        cell=of(CELL, 2),
        wanted=of(WANTED, 1),
        missed=missed,
    )


def _pool_prices(rows: DatedRows, prices: FloatArray) -> FloatArray:
    """Return the sum of the prices of each pool's cells."""
    p = rows.problem
    is_cell = rows.kind == CELL
    pool = p.cell_pool[rows.name[is_cell, 0]]
    worth = np.zeros(int(p.cell_pool.max(initial=-1)) + 1)
    np.add.at(worth, pool, prices[is_cell])
    return worth
