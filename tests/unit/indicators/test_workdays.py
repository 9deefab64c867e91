"""Terms in working days, on the calendar of Russia."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.indicators.workdays import add_working_days, earliest_last_day, last_working_day
from matcher.io.working_days import working_days
from matcher.policy_words import EndReason
from tests.unit.indicators.town import DAL

IS_WORKING_DAY = working_days()


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),  # Monday → Thursday
        (date(2026, 11, 19), 3, date(2026, 11, 24)),  # over a weekend
        (date(2026, 11, 21), 3, date(2026, 11, 25)),  # from a Saturday
        (date(2026, 11, 2), 3, date(2026, 11, 6)),  # 4 November is a holiday
        (date(2026, 12, 30), 1, date(2027, 1, 11)),  # 31 December is a transferred day off, then the New Year holidays
        (date(2026, 4, 30), 1, date(2026, 5, 4)),
        (date(2026, 5, 8), 3, date(2026, 5, 14)),  # 9 May is a Saturday, 11 May a transferred day off
    ],
)
def test_working_days_are_counted_from_the_next_day(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count, IS_WORKING_DAY) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 20), date(2026, 10, 20)),
        (date(2026, 11, 1), date(2026, 10, 30)),
        (date(2027, 1, 3), date(2026, 12, 30)),
    ],
)
def test_the_last_working_day_not_later(day: date, expected: date) -> None:
    assert last_working_day(day, IS_WORKING_DAY) == expected


def test_without_the_labour_law_no_notice_is_due() -> None:
    monday = date(2026, 11, 16)
    free = replace(DAL, legal_overlay=())
    assert earliest_last_day(free, monday, EndReason.MENTOR, IS_WORKING_DAY) == monday
    assert earliest_last_day(DAL, monday, EndReason.MENTOR, IS_WORKING_DAY) == date(2026, 11, 19)


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        add_working_days(date(2026, 11, 16), 3, lambda _: False)
    with pytest.raises(ValueError, match="no working day"):
        last_working_day(date(2026, 11, 16), lambda _: False)
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 11, 16), 0, lambda _: True)
