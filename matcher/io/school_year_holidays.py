"""Public holidays of a country as days of a school year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from matcher.school_year import Span

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDays:
    """Holidays with their names, transferred ones included, and days of weekends that became working days."""

    holidays: Mapping[date, str]
    working: tuple[date, ...]


def public_days(country: str, first_day: date, last_day: date) -> PublicDays:
    """Return what is known of the days between two, both included."""
    found = holidays.country_holidays(country, years=range(first_day.year, last_day.year + 1), language="ru")
    return PublicDays(
        holidays={day: name for day, name in found.items() if first_day <= day <= last_day},
        working=tuple(sorted(day for day in found.weekend_workdays if first_day <= day <= last_day)),
    )


def as_spans(days: Mapping[date, str]) -> tuple[Span, ...]:
    """Return named days in order; those in a row under one name are one span."""
    spans: list[Span] = []
    for day in sorted(days):
        if spans and spans[-1].name == days[day] and spans[-1].last_day + _ONE_DAY == day:
            spans[-1] = Span(name=days[day], first_day=spans[-1].first_day, last_day=day)
        else:
            spans.append(Span(name=days[day], first_day=day, last_day=day))
    return tuple(spans)
