"""Days of the law: working days of the country, with transferred days off."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

_ONE_DAY = timedelta(days=1)


@cache
def _days(year: int) -> tuple[frozenset[date], frozenset[date]]:
    found = holidays.country_holidays("RU", years=year)
    return frozenset(found), frozenset(found.weekend_workdays)


def is_working_day(day: date) -> bool:
    """Say whether people work on a day in a week of five days."""
    off, working = _days(day.year)
    return day in working or (day.weekday() < 5 and day not in off)


def after_working_days(day: date, count: int) -> date:
    """Return the last of ``count`` working days after a day; the day itself does not count (Civil Code, 191).

    >>> after_working_days(date(2026, 12, 30), 3).isoformat()  # 31 December 2026 is a day off, as are 1 to 8 January
    '2027-01-13'
    """
    found = day
    for _ in range(count):
        found += _ONE_DAY
        while not is_working_day(found):
            found += _ONE_DAY
    return found
