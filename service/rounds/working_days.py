"""Working days, as labour law counts them: Monday to Friday without public holidays, with days transferred."""

from __future__ import annotations

from datetime import date, timedelta

from matcher.io.school_year_holidays import public_days

_MOST_DAYS_OFF = 21
_FRIDAY = 5


def working_day_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after a day, which itself is not counted.

    >>> working_day_after(date(2026, 11, 16), 3)  # notice on a Monday
    datetime.date(2026, 11, 19)
    """
    last = day + timedelta(days=2 * count + _MOST_DAYS_OFF)
    known = public_days("RU", day, last)
    found = day
    while count:
        found += timedelta(days=1)
        weekday = found.isoweekday() <= _FRIDAY and found not in known.holidays
        count -= weekday or found in known.working
    return found
