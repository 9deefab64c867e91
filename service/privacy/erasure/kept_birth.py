"""A birthday reduced to what figures need: how many full years somebody was on the days that were counted on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def reduced(born: date, days: Iterable[date]) -> date:
    """Return a day that gives the same age in full years on all ``days``, and tells no more of the birthday than that.

    >>> reduced(date(1987, 3, 14), [date(2026, 9, 1)]).isoformat()
    '1987-01-01'
    >>> reduced(date(1987, 11, 30), [date(2026, 9, 1)]).isoformat()
    '1988-01-01'
    """
    wanted = [(day, _years(born, day)) for day in days]
    for guess in (date(born.year, 1, 1), date(born.year + 1, 1, 1), date(born.year, 7, 1)):
        if all(_years(guess, day) == years for day, years in wanted):
            return guess
    return min(_latest(day, years) for day, years in wanted)


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _latest(day: date, years: int) -> date:
    """Return the latest birthday of somebody who is ``years`` old on a day."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)
