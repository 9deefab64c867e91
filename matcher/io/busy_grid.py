"""One grid of the week for organisations with different bells and clocks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from matcher.io.busy_csv import BusyTable
from matcher.io.busy_map import BusyMap
from matcher.timegrid import BusyTime, Grid, Slot, Words, disjoint_slots, standard_grid

_DAY_MINUTES = 24 * 60
# Any year will do: clocks that shift against one another do so every year.
_CONTROL_DAYS = tuple(datetime(2026, month, 15, 12) for month in range(1, 13))


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A map with its table, its zone, and the person behind each teacher."""

    map: BusyMap
    table: BusyTable
    zone: str
    people: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonGrid:
    """The grid; ``outside`` gives each organisation the slots that do not lie in the time it works.

    ``strange`` are the organisations that have hours which are no slots of the grid.
    """

    grid: Grid
    outside: Mapping[str, Words]
    strange: tuple[str, ...]


@cache
def minutes_ahead(zone: str, own: str) -> int | None:
    """Return how far the clock of ``zone`` is ahead of ``own``; None where that changes in the course of a year.

    >>> minutes_ahead("Asia/Vladivostok", "Europe/Moscow")
    420
    """
    found = {_offset(zone, day) - _offset(own, day) for day in _CONTROL_DAYS}
    return min(found) // timedelta(minutes=1) if len(found) == 1 else None


def _offset(zone: str, day: datetime) -> timedelta:
    return day.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()


def common_zone(weeks: Iterable[Week], otherwise: Iterable[str]) -> str:
    """Return the zone most people of the timetables live in; without timetables the most frequent of ``otherwise``."""
    counts: Counter[str] = Counter()
    for week in weeks:
        counts[week.zone] += len(week.people)
    counts = counts or Counter(otherwise)
    return min(counts, key=lambda zone: (-counts[zone], zone), default=Grid(slots=()).time_zone)


def build_grid(weeks: Iterable[Week], zone: str, *, num_weeks: int) -> CommonGrid:
    """Return the grid in the clock of ``zone``: hours of the timetables that do not overlap, for as many as possible.

    Where all bells agree these are all hours. Elsewhere hours of different organisations overlap, and two meetings of
    one person in two such slots would clash; so of those that overlap only one becomes a slot.
    """
    people: Counter[Slot] = Counter()
    hours: dict[str, set[Slot]] = defaultdict(set)
    for week in weeks:
        for slot in slots_of_map(week.map, minutes_ahead(zone, week.zone) or 0, num_weeks):
            people[slot] += max(1, len(week.people))
            hours[week.map.organisation].add(slot)
    if not people:
        grid = standard_grid(num_weeks=num_weeks, time_zone=zone)
        return CommonGrid(grid=grid, outside={}, strange=())
    grid = Grid(slots=disjoint_slots(people), num_weeks=num_weeks, time_zone=zone)
    return CommonGrid(
        grid=grid,
        outside={organisation: _outside(grid, slots) for organisation, slots in hours.items()},
        strange=tuple(organisation for organisation, slots in hours.items() if not slots <= set(grid.slots)),
    )


def slots_of_map(found: BusyMap, ahead: int, num_weeks: int) -> set[Slot]:
    """Return the hours of a map as slots; those that another clock spreads over two days are no slots."""
    slots = set()
    for day in found.days.values():
        for hour in found.hours_of(day).values():
            days, start = divmod(hour.start_minute + ahead, _DAY_MINUTES)
            end = start + hour.end_minute - hour.start_minute
            if end > _DAY_MINUTES:
                continue
            further, weekday = divmod(day.weekday - 1 + days, 7)
            for week in range(num_weeks) if day.week is None else (day.week,):
                at = (week + further) % num_weeks
                slots.add(Slot(week=at, weekday=weekday + 1, start_minute=start, end_minute=end))
    return slots


def slots_within(grid: Grid, time: BusyTime) -> list[int]:
    """Return the slots that lie wholly in a time, which may run past midnight."""
    begin = time.start_minute % _DAY_MINUTES
    end = begin + time.end_minute - time.start_minute
    return [
        at
        for at in grid.touched(time.week, time.weekday, time.start_minute, time.end_minute)
        if (begin <= grid.slots[at].start_minute and grid.slots[at].end_minute <= end)
        or grid.slots[at].end_minute <= end - _DAY_MINUTES
    ]


def _outside(grid: Grid, hours: Iterable[Slot]) -> Words:
    """Return the slots that do not lie between the first and the last hour of their day."""
    first: dict[tuple[int, int], int] = {}
    last: dict[tuple[int, int], int] = {}
    for hour in hours:
        day = (hour.week, hour.weekday)
        first[day] = min(first.get(day, hour.start_minute), hour.start_minute)
        last[day] = max(last.get(day, hour.end_minute), hour.end_minute)
    return grid.words(
        at
        for at, slot in enumerate(grid.slots)
        for day in [(slot.week, slot.weekday)]
        if day not in first or slot.start_minute < first[day] or last[day] < slot.end_minute
    )
