"""Rooms and video licences as counted cells: how many sessions may use a pool at a time of the cycle, day by day.

Sessions that overlap share a minute, and among them the latest begins at it; so it is enough to count at the minutes at
which some session or lesson begins. Rooms of a site are counted in nested classes: a session for five uses the class of
rooms for five and all classes of smaller ones, which is exact for rooms that are free alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from matcher.roster import Room
from matcher.scheduling.case import Case
from matcher.scheduling.free import ONLINE, Weeks
from matcher.scheduling.slots import DAY_MINUTES, Slots
from matcher.sessions.problem import BoolArray, IntArray

LICENCES = "licences"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Users:
    """All choices: ``activity``, ``slots``, ``site``, ``size`` of each, and whether it ``needs_room``."""

    activity: IntArray
    slots: Slots
    site: IntArray
    size: IntArray
    needs_room: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Cells in the form of :class:`matcher.sessions.problem.SessionProblem`; ``pools`` names the pools.

    ``minute`` (num_cells,) is the minute of the week at which a cell is counted.
    """

    choice_start: IntArray
    choice_cell: IntArray
    size: IntArray
    pool: IntArray
    minute: IntArray
    pools: tuple[str, ...]


def build_cells(users: Users, case: Case, days: BoolArray) -> Cells:
    """Return the cells of rooms and licences, and take days out of ``days`` on which no single room is free throughout.

    Parameters
    ----------
    days
        (num_choices, num_days), changed in place.
    """
    counting = _Counting(case.calendar.num_days, len(users.site))
    if case.policy.rule("HR-19").on:
        rooms = [room for room in case.roster.rooms if room.site in case.places.index]
        for site in np.unique(users.site[users.needs_room]).tolist():
            mine = [room for room in rooms if case.places.index[room.site] == site]
            if mine:
                _count_rooms(counting, users, case, site, mine, days)
        if case.roster.licences:
            count = sum(licence.count for licence in case.roster.licences)
            online = np.flatnonzero(users.site == ONLINE)
            counting.add(LICENCES, users, online, case.calendar.weekday, lambda points: _constant(count, points, case))
    return counting.cells()


def room_fits(room: Room, size: int) -> bool:
    """Return whether so many people find room; a room of unknown capacity holds everybody."""
    return room.capacity is None or room.capacity >= size


def _constant(count: int, points: Slots, case: Case) -> IntArray:
    return np.full((len(points), case.calendar.num_days), count, dtype=np.int64)


def _count_rooms(
    counting: _Counting, users: Users, case: Case, site: int, rooms: Sequence[Room], days: BoolArray
) -> None:
    """Count the rooms of a site in nested classes of capacity."""
    organisation = case.places.site[site].organisation
    weeks = [case.free.of_room(room.id, organisation) for room in rooms]
    mine = np.flatnonzero(users.needs_room & (users.site == site))
    classes: dict[tuple[bool, ...], int] = {}
    for size in np.unique(users.size[mine]).tolist():
        classes.setdefault(tuple(room_fits(room, size) for room in rooms), size)
    begins = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(week.start for week in weeks)]))
    for held, least in classes.items():
        of_class = mine[users.size[mine] >= least]
        inside = [week for week, is_in in zip(weeks, held, strict=True) if is_in]
        name = f"{rooms[0].site}" if len(classes) == 1 else f"{rooms[0].site} ({least}+)"
        counting.add(name, users, of_class, case.calendar.weekday, partial(_free_rooms, inside), also=begins)
        _need_one_room(users, of_class, inside, days)


def _free_rooms(weeks: Sequence[Weeks], slots: Slots) -> IntArray:
    """Return how many rooms are free all through a time, shape (num_slots, num_days)."""
    none = np.zeros((0, 0), dtype=np.int64)
    free = [week.days(~week.taken(slots, ONLINE, none)) for week in weeks]
    found: IntArray = np.sum(free, axis=0, dtype=np.int64) if free else np.zeros((len(slots), 1), dtype=np.int64)
    return found


def _need_one_room(users: Users, choices: IntArray, weeks: Sequence[Weeks], days: BoolArray) -> None:
    """Take out days on which every room is taken for a part of the session."""
    slots = users.slots.take(choices)
    keys = np.stack([slots.weekday, slots.start, slots.end])
    _, first, back = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    days[choices] &= (_free_rooms(weeks, slots.take(first)) > 0)[back.reshape(-1)]


class _Counting:
    """Gathers cells pool by pool; those that can never be full are left out."""

    def __init__(self, num_days: int, num_choices: int) -> None:
        self._num_days, self._num_choices = num_days, num_choices
        self._choice: list[IntArray] = []
        self._cell: list[IntArray] = []
        self._size: list[IntArray] = []
        self._pool: list[IntArray] = []
        self._minute: list[IntArray] = []
        self._pools: list[str] = []
        self._num_cells = 0

    def add(
        self, name: str, users: Users, choices: IntArray, weekday: IntArray, capacity: Callable[[Slots], IntArray],
        also: IntArray | None = None,
    ) -> None:  # fmt: skip
        """Count a pool that ``choices`` use; ``capacity`` tells how many it holds at minutes, day by day."""
        slots = users.slots.take(choices)
        minutes = slots.week_start if also is None else np.concatenate([slots.week_start, also])
        minute = np.unique(minutes)
        low = np.searchsorted(minute, slots.week_start)
        num = np.searchsorted(minute, slots.week_end) - low
        entry = np.repeat(np.arange(len(choices)), num)
        point = np.arange(len(entry)) - np.repeat(np.cumsum(num) - num, num) + low[entry]
        points = Slots(weekday=minute // DAY_MINUTES, start=minute % DAY_MINUTES, end=minute % DAY_MINUTES + 1)
        size = np.broadcast_to(capacity(points), (len(points), self._num_days))
        pairs = np.unique(np.stack([point, users.activity[choices[entry]]]), axis=1)
        wanting = np.bincount(pairs[0], minlength=len(points))
        on_day = points.weekday[:, None] == weekday
        binding = wanting > np.where(on_day, size, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
        number = np.cumsum(binding) - 1 + self._num_cells
        kept = binding[point]
        self._choice.append(choices[entry][kept])
        self._cell.append(number[point[kept]])
        self._size.append(size[binding].astype(np.int64))
        self._pool.append(np.full(int(binding.sum()), len(self._pools), dtype=np.int64))
        self._minute.append(minute[binding])
        self._pools.append(name)
        self._num_cells += int(binding.sum())

    def cells(self) -> Cells:
        """Return what was gathered."""
        none = np.zeros(0, dtype=np.int64)
        choice, cell = np.concatenate([none, *self._choice]), np.concatenate([none, *self._cell])
        order = np.lexsort((cell, choice))
        counts = np.bincount(choice, minlength=self._num_choices)
        return Cells(
            choice_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            choice_cell=cell[order],
            size=np.concatenate([np.zeros((0, self._num_days), dtype=np.int64), *self._size]),
            pool=np.concatenate([none, *self._pool]),
            minute=np.concatenate([none, *self._minute]),
            pools=tuple(self._pools),
        )
