"""How many sessions a pattern asks for, and the windows of equally many school days that hold one each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from matcher.policy_parts import Pattern
from matcher.sessions.schedule import Window

FIRST_MONTH_DAYS = 28
"""The first month of a novice: four weeks from the first day of his first window (A-33)."""

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often an activity meets. ``every_days`` may be a fraction, None where the pattern counts its sessions.

    ``first_every_days`` is that of the first month, ``least`` and ``most`` bound the number of sessions.
    """

    every_days: Fraction | None
    gap_days: int = 1
    first_every_days: int | None = None
    first_gap_days: int | None = None
    least: int = 0
    most: int | None = None


def cadence_of(
    pattern: Pattern,
    *,
    is_novice: bool = False,
    instead: bool = False,
    both_ways: bool = False,
    hours_per_month: float | None = None,
    keeps_gap: bool = True,
) -> Cadence:
    """Return how often a pattern meets.

    Parameters
    ----------
    is_novice
        Whether the first month is denser, where the pattern says so (A-33).
    instead
        Whether a group takes the place of individual work.
    both_ways
        Whether the two directions of a reverse pair take turns: each keeps the pattern, together they meet twice as
        often (A-31).
    hours_per_month
        The pair's own hours in four weeks: they take the place of the pattern's spacing (SMO 2.3); a least gap that
        would not leave room for them shrinks with the spacing.
    keeps_gap
        False where HR-21 is off and the gap of short-term work is only advice.
    """
    gap = pattern.gap_days[0] if pattern.gap_days is not None and keeps_gap else 1
    least, most = pattern.sessions or (0, None)
    if pattern.every_days is None:
        return Cadence(every_days=None, gap_days=gap, least=least, most=most)
    usual = Fraction(pattern.instead_every_days if instead and pattern.instead_every_days else pattern.every_days)
    if both_ways:
        usual, gap = usual / 2, max(1, gap // 2)
    if hours_per_month is not None:
        asked = Fraction(hours_per_month).limit_denominator(1000) * 60
        if asked <= 0:
            return Cadence(every_days=None, gap_days=gap, most=0)
        own = Fraction(FIRST_MONTH_DAYS * pattern.minutes) / asked
        return Cadence(every_days=own, gap_days=_shrunk(gap, own, usual))
    first = pattern.first_month_every_days if is_novice else None
    if first is None or first >= usual:
        return Cadence(every_days=usual, gap_days=gap, least=least, most=most)
    return Cadence(
        every_days=usual, gap_days=gap, first_every_days=first, first_gap_days=_shrunk(gap, Fraction(first), usual),
        least=least, most=most,
    )  # fmt: skip


def _shrunk(gap: int, every: Fraction, usual: Fraction) -> int:
    return gap if every >= usual else max(1, int(gap * every / usual))


def windows_of(
    cadence: Cadence, open_days: Sequence[date], *, weekdays: int, vacations: bool = False
) -> tuple[Window, ...]:
    """Return the windows of an activity, one session in each.

    Parameters
    ----------
    open_days
        The school days of the term on which everybody's organisation works, ascending.
    weekdays
        School days in a week: what the spacing in days means in school days.
    vacations
        Whether the days between two windows belong to the earlier one.
    """
    if not open_days or cadence.most == 0:
        return ()
    if cadence.every_days is None:
        parts = [*_cut(open_days, max(1, cadence.least))]
    else:
        early: list[date] = []
        if cadence.first_every_days is not None:
            month_over = open_days[0] + timedelta(days=FIRST_MONTH_DAYS)
            early = [day for day in open_days if day < month_over]
        rest = open_days[len(early) :]
        count = _count(len(rest), cadence.every_days, weekdays)
        if not early:
            count = max(1, cadence.least, count if cadence.most is None else min(cadence.most, count))
        parts = [*_cut(rest, count)]
        if early and cadence.first_every_days is not None:
            dense = max(1, _count(len(early), Fraction(cadence.first_every_days), weekdays, is_rounded=True))
            parts = [*_cut(early, dense), *parts]
    windows = [Window(first_day=part[0], last_day=part[-1]) for part in parts if part]
    return _joined(windows) if vacations else tuple(windows)


def _count(num_days: int, every: Fraction, weekdays: int, *, is_rounded: bool = False) -> int:
    """Return how often a spacing goes into school days."""
    times = num_days * _WEEK / (every * weekdays)
    return min(num_days, round(times) if is_rounded else int(times))


def _cut(days: Sequence[date], count: int) -> list[Sequence[date]]:
    """Return the days in ``count`` runs whose lengths differ by one at most."""
    count = min(count, len(days))
    return [days[len(days) * at // count : len(days) * (at + 1) // count] for at in range(count)]


def _joined(windows: Sequence[Window]) -> tuple[Window, ...]:
    ends = [later.first_day - timedelta(days=1) for later in windows[1:]] + [window.last_day for window in windows[-1:]]
    return tuple(Window(first_day=window.first_day, last_day=last) for window, last in zip(windows, ends, strict=True))
