"""Working days of the country, for every term of the service that the law counts in them."""

from __future__ import annotations

from datetime import date

from matcher.indicators.workdays import add_working_days
from matcher.io.working_days import working_days

IS_WORKING_DAY = working_days("RU")
"""Says whether people work on a day; one for all, so that a year's holidays are looked up once."""


def working_day_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after a day, which itself is not counted (Civil Code, 191).

    >>> working_day_after(date(2026, 11, 16), 3)  # notice on a Monday
    datetime.date(2026, 11, 19)
    >>> working_day_after(date(2026, 12, 30), 3)  # 31 December 2026 is a day off, as are 1 to 8 January
    datetime.date(2027, 1, 13)
    """
    return add_working_days(day, count, IS_WORKING_DAY)
