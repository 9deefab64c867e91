"""Days of a school year file as dates of one school year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from matcher.io.school_year_document import WEEKDAYS

#: School years are told apart in July: from then on a day belongs to the coming one.
_FIRST_MONTH = 7


def school_year_of(day: date) -> int:
    """Return the year in which the school year of a day begins.

    >>> school_year_of(date(2027, 3, 5)), school_year_of(date(2027, 7, 1))
    (2026, 2027)
    """
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


@dataclass(frozen=True, slots=True)
class YearDays:
    """The days of the school year that begins in ``year``."""

    year: int

    def date_of(self, word: date | str) -> date | None:
        """Return the date a word of the file stands for; None where the year has no such day (29 February).

        >>> YearDays(2026).date_of("sat 10-22"), YearDays(2026).date_of("01-09"), YearDays(2026).date_of("02-29")
        (datetime.date(2026, 10, 24), datetime.date(2027, 1, 9), None)
        """
        if isinstance(word, date):
            return word
        weekday, month, day = word[:-6], int(word[-5:-3]), int(word[-2:])
        try:
            found = date(self.year if month >= _FIRST_MONTH else self.year + 1, month, day)
        except ValueError:
            return None
        return found + timedelta(days=(WEEKDAYS.index(weekday) - found.weekday()) % 7) if weekday else found
