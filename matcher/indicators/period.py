"""The days a report is about: school years from 1 September to 31 August (A-15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_SEPTEMBER = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from one to another, both included."""

    first_day: date
    last_day: date

    def __contains__(self, day: object) -> bool:
        """Return whether a day lies in the period; None does not."""
        return isinstance(day, date) and self.first_day <= day <= self.last_day

    def overlaps(self, first_day: date, last_day: date | None) -> bool:
        """Return whether days from one to another, open at the end where None, touch the period."""
        return first_day <= self.last_day and (last_day is None or last_day >= self.first_day)

    @property
    def school_years(self) -> range:
        """Return the school years the period touches, each by the calendar year in which it begins."""
        return range(school_year_of(self.first_day), school_year_of(self.last_day) + 1)

    @property
    def years_before(self) -> range:
        """Return as many school years before those of the period: what a change is measured from."""
        years = self.school_years
        return range(years.start - len(years), years.start)


def school_year_of(day: date) -> int:
    """Return the calendar year in which the school year of a day begins.

    >>> school_year_of(date(2026, 8, 31)), school_year_of(date(2026, 9, 1))
    (2025, 2026)
    """
    return day.year if day.month >= _SEPTEMBER else day.year - 1


def school_year_period(year: int) -> Period:
    """Return the days of the school year that begins in ``year``."""
    return Period(first_day=date(year, _SEPTEMBER, 1), last_day=date(year + 1, _SEPTEMBER - 1, 31))


def reporting_periods(year: int) -> tuple[Period, Period]:
    """Return what is reported in the school year ``year``: the year before, and this one as the current round (A-15).

    Monitoring is due on 20 October and 1 November, when the register of the new round is still being made (DAL 5.2).
    """
    return school_year_period(year - 1), school_year_period(year)


def on(year: int, month_day: str) -> date:
    """Return the day "MM-DD" of a calendar year; 29 February is the 28th where there is none.

    >>> on(2027, "02-29")
    datetime.date(2027, 2, 28)
    """
    month, day = (int(part) for part in month_day.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def in_school_year(year: int, month_day: str) -> date:
    """Return the day "MM-DD" as it falls in the school year that begins in ``year``."""
    first = on(year, month_day)
    return first if first.month >= _SEPTEMBER else on(year + 1, month_day)
