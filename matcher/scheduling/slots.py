"""Candidate times of the day: the bells of an organisation and hours after the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.school_year import Bell, SchoolYear
from matcher.sessions.problem import BoolArray, IntArray

DAY_MINUTES = 24 * 60
_BREAK = 10
_ROUND = 15
_STEP = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A minute at which sessions may begin; ``bell_end`` and ``next_start`` bound a short one, None after the bells."""

    minute: int
    bell_end: int | None = None
    next_start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slots:
    """Times of the week, one entry each: weekday 0 is Monday, minutes after midnight of the common clock."""

    weekday: IntArray
    start: IntArray
    end: IntArray

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self.start)

    @property
    def week_start(self) -> IntArray:
        """Return the starts in minutes after Monday's midnight."""
        return self.weekday * DAY_MINUTES + self.start

    @property
    def week_end(self) -> IntArray:
        """Return the ends in minutes after Monday's midnight."""
        return self.weekday * DAY_MINUTES + self.end

    def take(self, at: BoolArray | IntArray) -> Slots:
        """Return some of the times."""
        return Slots(weekday=self.weekday[at], start=self.start[at], end=self.end[at])


def starts_of(year: SchoolYear, bells: Sequence[Bell], ahead: int) -> tuple[Start, ...]:
    """Return the starts of an organisation in the common clock: its bells, then every hour to the end of the day.

    Where it has no bells these are the hours of its day.
    """
    begins, over = year.day_start_minute + ahead, year.day_end_minute + ahead
    end_of: dict[int, int] = {}
    for bell in bells:
        if begins <= bell.start_minute and bell.end_minute <= over:
            end_of[bell.start_minute] = max(bell.end_minute, end_of.get(bell.start_minute, 0))
    ordered = sorted(end_of)
    following = [*ordered[1:], None][: len(ordered)]
    found = [
        Start(minute=minute, bell_end=end_of[minute], next_start=after)
        for minute, after in zip(ordered, following, strict=True)
    ]
    free = -(-(max(end_of.values()) + _BREAK) // _ROUND) * _ROUND if end_of else begins
    found += [Start(minute=minute) for minute in range(free, over, _STEP)]
    return tuple(found)


def slots_of(
    starts: Sequence[Start], weekdays: Sequence[int], *, minutes: int, min_minutes: int, earliest: int, latest: int
) -> tuple[Slots, Slots, IntArray]:
    """Return the slots of full length, those cut short, and for each of these the full one of its start (−1: none).

    A short one lasts as long as the bell, or the least length where it ends before the next bell begins; at the end of
    the day it lasts to the end.
    """
    full: list[tuple[int, int, int]] = []
    short: list[tuple[int, int, int]] = []
    full_of: list[int] = []
    for weekday in weekdays:
        for start in starts:
            if start.minute < max(0, earliest):
                continue
            end = start.minute + minutes
            is_full = end <= min(latest, DAY_MINUTES)
            cut = _short_end(start, minutes, min_minutes, min(latest, DAY_MINUTES))
            if cut is not None:
                short.append((weekday, start.minute, cut))
                full_of.append(len(full) if is_full else -1)
            if is_full:
                full.append((weekday, start.minute, end))
    return _as_slots(full), _as_slots(short), np.array(full_of, dtype=np.int64)


def _short_end(start: Start, minutes: int, min_minutes: int, latest: int) -> int | None:
    least = start.minute + min_minutes
    if start.bell_end is not None and start.bell_end >= least:
        end = start.bell_end
    elif start.bell_end is not None and start.next_start is not None and start.next_start >= least:
        end = least
    else:
        end = latest
    end = min(end, latest)
    return end if least <= end < start.minute + minutes else None


def _as_slots(found: Sequence[tuple[int, int, int]]) -> Slots:
    array = np.array(found, dtype=np.int64).reshape(-1, 3)
    return Slots(weekday=array[:, 0], start=array[:, 1], end=array[:, 2])
