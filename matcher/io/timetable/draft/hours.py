"""When the hours of a timetable begin and end: as the file says, else by the times in their names, else by custom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matcher.io.timetable.clock import clock_minutes
from matcher.io.timetable.school import CycleHour

_FIRST_MINUTE = (8 * 60 + 30, 14 * 60, 18 * 60)
"""When shifts begin by custom where a file tells no time at all."""
_LESSON_MINUTES, _BREAK_MINUTES = 45, 10
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftHour:
    """An hour of the draft; ``is_guessed`` where somebody should look at its times."""

    name: str
    start_minute: int
    end_minute: int
    shift: int
    is_guessed: bool


def draft_hours(hours: Sequence[CycleHour], *, shift: int | None = None) -> tuple[DraftHour, ...]:
    """Return the hours with beginning and end.

    A beginning may stand in the name ("08:30", "1ª 08:15"); the end is then guessed from the distance to the next
    beginning, less a break. Hours without any time follow one another from the usual beginning of their shift.

    Parameters
    ----------
    hours
        In the order of the day.
    shift
        The shift that all hours belong to, whatever they say: those of an afternoon that is a day of the cycle.
    """
    known = [hour for hour in hours if _start(hour) is not None]
    if shift is not None and shift > 1 and not any(hour.start_minute is not None for hour in hours):
        known = []
    if len(known) < len(hours):
        return _by_custom(hours, shift)
    length = _length(sorted({start for hour in hours if (start := _start(hour)) is not None}))
    return tuple(_draft(hour, length, shift) for hour in hours)


def _start(hour: CycleHour) -> int | None:
    """Return the beginning of an hour: the earliest time that its name holds, where the file gives none."""
    if hour.start_minute is not None:
        return hour.start_minute
    return min(clock_minutes(hour.name), default=None)


def _length(starts: Sequence[int]) -> int:
    """Return the usual length of a lesson whose beginnings are known: the shortest distance without its break."""
    distance = min((after - before for before, after in pairwise(starts)), default=_LESSON_MINUTES + _BREAK_MINUTES)
    if distance >= _LESSON_MINUTES + _BREAK_MINUTES:
        return distance - _BREAK_MINUTES
    return max(1, distance - 5 if distance >= _LESSON_MINUTES else distance)


def _draft(hour: CycleHour, length: int, shift: int | None) -> DraftHour:
    start = _start(hour) or 0
    end = hour.end_minute
    is_guessed = hour.start_minute is None or end is None
    times = sorted(set(clock_minutes(hour.name)))
    if end is None and len(times) == 2 and length // 2 <= times[1] - times[0] <= 120:
        end = times[1]
    if end is None:
        end = start + length
    end = min(max(end, start + 1), _DAY_MINUTES)
    return DraftHour(
        name=hour.name, start_minute=start, end_minute=end, shift=shift or hour.shift, is_guessed=is_guessed
    )


def _by_custom(hours: Sequence[CycleHour], shift: int | None) -> tuple[DraftHour, ...]:
    found: list[DraftHour] = []
    next_start = dict(enumerate(_FIRST_MINUTE, start=1))
    for hour in hours:
        turn = shift or hour.shift
        start = next_start[turn]
        length = min(_LESSON_MINUTES, _DAY_MINUTES - start)
        end = hour.end_minute or 0
        is_told = hour.start_minute is not None and end > hour.start_minute
        if is_told and hour.start_minute is not None:
            start, length = hour.start_minute, end - hour.start_minute
        next_start[turn] = min(start + length + _BREAK_MINUTES, _DAY_MINUTES - 1)
        found.append(
            DraftHour(name=hour.name, start_minute=start, end_minute=start + length, shift=turn, is_guessed=not is_told)
        )
    return tuple(found)


def has_no_times(hours: Sequence[CycleHour]) -> bool:
    """Return whether neither the file nor a name tells when an hour begins."""
    return all(_start(hour) is None for hour in hours)
