"""Working days of a country, for terms that the law counts in them."""

from __future__ import annotations

from datetime import date
from functools import cache

from matcher.indicators.workdays import IsWorkingDay
from matcher.io.school_year_holidays import PublicDays, public_days

_DAYS_A_WEEK = 5


def working_days(country: str = "RU") -> IsWorkingDay:
    """Return whether people work on a day: five days a week but for holidays, and transferred working days.

    >>> is_working_day = working_days()
    >>> is_working_day(date(2026, 11, 3)), is_working_day(date(2026, 11, 4))
    (True, False)
    """

    @cache
    def known(year: int) -> PublicDays:
        return public_days(country, date(year, 1, 1), date(year, 12, 31))

    def is_working_day(day: date) -> bool:
        days = known(day.year)
        return day in days.working or (day.isoweekday() <= _DAYS_A_WEEK and day not in days.holidays)

    return is_working_day
