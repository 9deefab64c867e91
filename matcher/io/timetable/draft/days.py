"""Which week and weekday each day of a cycle is; what the names do not tell is guessed from their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.io.timetable.school import CycleDay

_LONGEST_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDay:
    """A day of the draft: ``week`` "" is every week; ``is_guessed`` where only the order of the days speaks."""

    name: str
    week: str
    weekday: int
    is_afternoon: bool
    is_guessed: bool


def draft_days(days: Sequence[CycleDay]) -> tuple[DraftDay, ...]:
    """Return the days with week and weekday.

    A cycle of up to seven days is one week that begins with Monday; one of up to fourteen, in equal halves, two.
    """
    halves = 2 if any(day.is_afternoon for day in days) else 1
    length = -(-len(days) // halves)
    per_week = length if length <= _LONGEST_WEEK else -(-length // 2)
    found = []
    for at, day in enumerate(days):
        week, weekday = divmod(at // halves, per_week)
        is_guessed = day.weekday is None
        if is_guessed and length > _LONGEST_WEEK and week <= 1 and day.week is None:
            letter = "AB"[week]
        else:
            letter = "" if day.week is None else "AB"[day.week]
        found.append(
            DraftDay(
                name=day.name,
                week=letter,
                weekday=day.weekday or min(weekday, _LONGEST_WEEK - 1) + 1,
                is_afternoon=day.is_afternoon,
                is_guessed=is_guessed,
            )
        )
    return tuple(found)
