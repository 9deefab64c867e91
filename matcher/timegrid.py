"""Time of the week as a grid of slots, and when each person is taken, as bit sets over it.

Three things are kept apart: a *lesson*, *not in the building* (no meeting in person) and *not reachable* (no meeting at
all). A meeting online only minds the first and the last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.roster import AvailabilityState, Roster

Words = NDArray[np.uint64]
_DAY_MINUTES = 24 * 60


class BusyState(StrEnum):
    """What a person does in a slot."""

    LESSON = "lesson"
    NOT_IN_BUILDING = "not_in_building"
    NOT_REACHABLE = "not_reachable"
    PREFERRED = "preferred"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Slot:
    """A time of the week: ``week`` 0 or 1 (A, B), ``weekday`` 1 = Monday, minutes after midnight."""

    week: int
    weekday: int
    start_minute: int
    end_minute: int

    @property
    def start(self) -> time:
        """Return the clock time at which the slot begins."""
        return time(*divmod(self.start_minute, 60))

    @property
    def end(self) -> time:
        """Return the clock time at which the slot ends."""
        return time(*divmod(self.end_minute % _DAY_MINUTES, 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The slots of one week, or of two alternating ones, in order of time; all in the zone ``time_zone``."""

    slots: tuple[Slot, ...]
    num_weeks: int = 1
    time_zone: str = "Europe/Moscow"

    @property
    def num_words(self) -> int:
        """Return how many 64-bit words a bit set over the grid has."""
        return max(1, -(-len(self.slots) // 64))

    def every_slot(self) -> Words:
        """Return the bit set of all slots, shape (num_words,)."""
        return self.words(range(len(self.slots)))

    def words(self, slots: Iterable[int]) -> Words:
        """Return the bit set of some slots."""
        found = np.zeros(self.num_words, dtype=np.uint64)
        for slot in slots:
            found[slot // 64] |= np.uint64(1 << (slot % 64))
        return found

    def touched(self, week: int | None, weekday: int, start_minute: int, end_minute: int) -> list[int]:
        """Return the slots that overlap a time; week None is every week. A time may run past midnight."""
        day = weekday - 1 + start_minute // _DAY_MINUTES
        shift = start_minute // _DAY_MINUTES * _DAY_MINUTES
        begin, end = start_minute - shift, end_minute - shift
        parts = [(day, begin, min(end, _DAY_MINUTES)), (day + 1, 0, end - _DAY_MINUTES)]
        return [
            at
            for at, slot in enumerate(self.slots)
            for offset, low, high in parts
            if _falls_on(slot, week, offset, self.num_weeks) and slot.start_minute < high and low < slot.end_minute
        ]


def _falls_on(slot: Slot, week: int | None, day: int, num_weeks: int) -> bool:
    """Return whether a slot lies on day 0 (Monday) … of a week; days before or after belong to the next weeks."""
    if slot.weekday - 1 != day % 7:
        return False
    return week is None or num_weeks == 1 or slot.week == (week + day // 7) % num_weeks


def standard_grid(*, num_weeks: int = 1, time_zone: str = "Europe/Moscow") -> Grid:
    """Return hours from 8 to 20 o'clock on Monday to Saturday: for organisations whose bells differ.

    >>> len(standard_grid().slots)
    72
    """
    slots = [
        Slot(week=week, weekday=weekday, start_minute=60 * hour, end_minute=60 * (hour + 1))
        for week in range(num_weeks)
        for weekday in range(1, 7)
        for hour in range(8, 20)
    ]
    return Grid(slots=tuple(slots), num_weeks=num_weeks, time_zone=time_zone)


def disjoint_slots(weights: Mapping[Slot, int]) -> tuple[Slot, ...]:
    """Return slots that do not overlap, in order of time, with the greatest total weight; then as many as possible.

    Weighted interval scheduling by dynamic programming: the slots are taken in order of their ends, and each either
    follows the best choice that ends before it begins, or is left out.

    >>> times = ((480, 525), (535, 580), (510, 555))
    >>> first, second, across = (Slot(week=0, weekday=1, start_minute=a, end_minute=b) for a, b in times)
    >>> disjoint_slots({first: 2, second: 2, across: 3}) == (first, second)
    True
    """
    slots = sorted(weights, key=lambda slot: (slot.week, slot.weekday, slot.end_minute, slot.start_minute))
    ends = [(slot.week, slot.weekday, slot.end_minute) for slot in slots]
    best = [(0, 0)]
    before = []
    for at, slot in enumerate(slots):
        before.append(bisect_right(ends, (slot.week, slot.weekday, slot.start_minute), hi=at))
        weight, count = best[before[at]]
        best.append(max(best[at], (weight + weights[slot], count + 1)))
    chosen = []
    at = len(slots)
    while at:
        if best[at] == best[at - 1]:
            at -= 1
        else:
            chosen.append(slots[at - 1])
            at = before[at - 1]
    return tuple(reversed(chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyTime:
    """A time of the week at which a person is taken (or prefers to meet); week None is every week."""

    person: str
    week: int | None
    weekday: int
    start_minute: int
    end_minute: int
    state: BusyState


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Busy:
    """When people are taken. Bit sets of shape (num_people, num_words); ``person_id`` ascending.

    People who are not listed have no known times: nothing is assumed about them.
    """

    grid: Grid
    person_id: tuple[str, ...]
    lesson: Words
    not_in_building: Words
    not_reachable: Words
    preferred: Words

    @classmethod
    def of(cls, grid: Grid, times: Iterable[BusyTime], people: Iterable[str] = ()) -> Self:
        """Return the busy times of everybody in ``times``, and of ``people`` who are known to be free otherwise."""
        listed = list(times)
        ids = tuple(sorted({*people, *(entry.person for entry in listed)}))
        row = {id_: at for at, id_ in enumerate(ids)}
        sets = {state: np.zeros((len(ids), grid.num_words), dtype=np.uint64) for state in BusyState}
        slots: dict[tuple[int | None, int, int, int], Words] = {}
        for entry in listed:
            when = (entry.week, entry.weekday, entry.start_minute, entry.end_minute)
            if when not in slots:
                slots[when] = grid.words(grid.touched(*when))
            sets[entry.state][row[entry.person]] |= slots[when]
        return cls(
            grid=grid,
            person_id=ids,
            lesson=sets[BusyState.LESSON],
            not_in_building=sets[BusyState.NOT_IN_BUILDING],
            not_reachable=sets[BusyState.NOT_REACHABLE],
            preferred=sets[BusyState.PREFERRED],
        )

    def rows(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of every id, −1 where its times are unknown."""
        row = {id_: at for at, id_ in enumerate(self.person_id)}
        return np.array([row.get(id_, -1) for id_ in ids], dtype=np.int64)

    def free(self, ids: Sequence[str], *, online: bool) -> tuple[Words, NDArray[np.bool_]]:
        """Return (bit sets of free slots, "times are known") for people; all slots are free where nothing is known."""
        rows = self.rows(ids)
        taken = self.lesson | self.not_reachable
        if not online:
            taken = taken | self.not_in_building
        free = np.tile(self.grid.every_slot(), (len(rows), 1))
        known = rows >= 0
        free[known] &= ~taken[rows[known]]
        return free, known


def count_bits(sets: Words) -> NDArray[np.int64]:
    """Return how many bits each set has: the last axis holds its words."""
    counted: NDArray[np.int64] = np.bitwise_count(sets).sum(axis=-1).astype(np.int64)
    return counted


def slots_of(words: Words) -> list[int]:
    """Return the slots of one bit set."""
    bits = np.unpackbits(words.view(np.uint8), bitorder="little")
    found: list[int] = np.flatnonzero(bits).tolist()
    return found


def availability_times(roster: Roster) -> list[BusyTime]:
    """Return what people said of their week in the roster; "possible" says nothing new."""
    states = {
        AvailabilityState.NOT_IN_BUILDING: BusyState.NOT_IN_BUILDING,
        AvailabilityState.NOT_REACHABLE: BusyState.NOT_REACHABLE,
        AvailabilityState.PREFERRED: BusyState.PREFERRED,
    }
    return [
        BusyTime(
            person=entry.person,
            week={"A": 0, "B": 1}.get(entry.week.upper()),
            weekday=entry.weekday,
            start_minute=entry.start.hour * 60 + entry.start.minute,
            end_minute=entry.end.hour * 60 + entry.end.minute,
            state=states[entry.state],
        )
        for entry in roster.availability
        if entry.state in states
    ]
