"""The dated options of a problem and the rows of what they compete for: people's time, weeks, rooms and licences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.sessions.beside import Left, build_left
from matcher.sessions.problem import NO_LIMIT, SessionProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MEETING, WEEK, CELL, WANTED = range(4)
"""Kinds of rows: a person at a minute of a day, a person's week, a cell on a day, the sessions an activity wants."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DatedRows:
    """Every session that could be held beside the fixed ones, and ``matrix @ x <= limit`` for any plan x.

    Attributes
    ----------
    choice, day, activity : (num_options,)
        Ordered by activity, rhythm key, day.
    key : (num_options,)
        Number of the option's rhythm key; ``key_activity`` (num_keys,) ascends, ``key_rhythm`` is its value.
    need : (num_activities,)
        Sessions wanted beside the fixed ones.
    kind, name : (num_rows,), (num_rows, 3)
        What a row is about: (person, day, minute), (person, week, 0), (cell, day, 0) or (activity, 0, 0).
    """

    problem: SessionProblem
    choice: IntArray
    day: IntArray
    activity: IntArray
    key: IntArray
    key_activity: IntArray
    key_rhythm: IntArray
    need: IntArray
    matrix: csr_array
    limit: IntArray
    kind: IntArray
    name: IntArray

    @property
    def num_options(self) -> int:
        """Return the number of dated options."""
        return len(self.choice)


def build_rows(problem: SessionProblem) -> DatedRows:
    """Return the dated options and the rows in which at least two of them compete for too little."""
    p = problem
    left = build_left(p)
    choice, day = np.nonzero(left.days)
    rhythm = p.slot_rhythm[p.choice_slot[choice]]
    activity = p.choice_activity[choice]
    order = np.lexsort((choice, day, rhythm, activity))
    choice, day, activity, rhythm = choice[order], day[order], activity[order], rhythm[order]
    pairs, key = np.unique(np.stack([activity, rhythm], axis=1), axis=0, return_inverse=True)
    options = _Options(p, left, choice, day, activity)
    parts = [options.meetings(), options.weeks(), options.cells(), options.wanted()]
    rows = np.repeat(np.cumsum([0] + [len(part.limit) for part in parts[:-1]]), [len(part.row) for part in parts])
    rows += np.concatenate([part.row for part in parts])
    column = np.concatenate([part.column for part in parts])
    limit = np.concatenate([part.limit for part in parts])
    amount = np.concatenate([part.amount for part in parts])
    return DatedRows(
        problem=p,
        choice=choice,
        day=day,
        activity=activity,
        key=key.ravel().astype(np.int64),
        key_activity=pairs[:, 0],
        key_rhythm=pairs[:, 1],
        need=left.need,
        matrix=csr_array((amount, (rows, column)), shape=(len(limit), len(choice))),
        limit=limit,
        kind=np.repeat(np.arange(len(parts)), [len(part.limit) for part in parts]),
        name=np.concatenate([part.name for part in parts]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Rows of one kind: an entry is a row, an option (column) and how much it takes."""

    row: IntArray
    column: IntArray
    amount: IntArray
    limit: IntArray
    name: IntArray


class _Options:
    def __init__(
        self, problem: SessionProblem, left: Left, choice: IntArray, day: IntArray, activity: IntArray
    ) -> None:
        self.p, self.left, self.choice, self.day, self.activity = problem, left, choice, day, activity
        member = np.unique(np.stack([problem.member_activity, problem.member_person], axis=1), axis=0)
        start = np.searchsorted(member[:, 0], np.arange(problem.num_activities + 1))
        self.column, at = _spread(start[activity], start[activity + 1])
        self.person = member[at, 1]

    def meetings(self) -> _Part:
        """Return the rows of people: of the sessions that are on at a minute of a day at most one is theirs.

        Sessions that overlap in pairs are all on when the last of them starts, so minutes of starts are enough.
        """
        p = self.p
        starts = np.unique(p.slot_start)
        slot = p.choice_slot[self.choice]
        first = np.searchsorted(starts, p.slot_start[slot])
        last = np.searchsorted(starts, p.slot_end[slot])
        entry, point = _spread(first[self.column], last[self.column])
        column = self.column[entry]
        names = np.stack([self.person[entry], self.day[column], starts[point]], axis=1)
        ones = np.ones(len(column), dtype=np.int64)
        return self._part(names, column, ones, lambda name: np.ones(len(name), dtype=np.int64))

    def weeks(self) -> _Part:
        """Return the rows of weeks, counted in the unit of all minutes of the person."""
        p = self.p
        limited = p.week_minutes[self.person] != NO_LIMIT
        column, person = self.column[limited], self.person[limited]
        names = np.stack([person, p.week[self.day[column]], np.zeros_like(person)], axis=1)
        amount = p.choice_minutes[self.choice[column]] // self.left.unit[person]
        return self._part(names, column, amount, lambda name: self.left.week[name[:, 0], name[:, 1]])

    def cells(self) -> _Part:
        """Return the rows of rooms and licences on a day."""
        p = self.p
        column, at = _spread(p.choice_cell_start[self.choice], p.choice_cell_start[self.choice + 1])
        cell, day = p.choice_cell[at], self.day[column]
        names = np.stack([cell, day, np.zeros_like(cell)], axis=1)
        ones = np.ones(len(column), dtype=np.int64)
        return self._part(names, column, ones, lambda name: self.left.cell[name[:, 0], name[:, 1]])

    def wanted(self) -> _Part:
        """Return the rows of activities that have room for more sessions than they want."""
        column = np.arange(len(self.choice), dtype=np.int64)
        zeros = np.zeros_like(column)
        names = np.stack([self.activity, zeros, zeros], axis=1)
        return self._part(names, column, zeros + 1, lambda name: self.left.need[name[:, 0]])

    def _part(
        self, names: IntArray, column: IntArray, amount: IntArray, limit_of: Callable[[IntArray], IntArray]
    ) -> _Part:
        """Return the rows that could be broken by options of which no two come from one activity and window."""
        if not len(column):
            none = np.zeros(0, dtype=np.int64)
            return _Part(none, none, none, none, np.zeros((0, 3), dtype=np.int64))
        span = names.max(axis=0) + 1
        name_code = (names[:, 0] * span[1] + names[:, 1]) * span[2] + names[:, 2]
        known, first, row = np.unique(name_code, return_index=True, return_inverse=True)
        name = names[first]
        limit = limit_of(name)
        used = self._most_used(row, column, amount, len(known)) > limit
        number = np.cumsum(used) - 1
        kept = used[row]
        return _Part(number[row[kept]], column[kept], amount[kept], limit[used], name[used])

    def _most_used(self, row: IntArray, column: IntArray, amount: IntArray, num_rows: int) -> IntArray:
        """Return a bound of what all activities together could use of each row: each has its walk of days."""
        p = self.p
        order = np.lexsort((self.day[column], self.activity[column], row))
        r, a, d = row[order], self.activity[column[order]], self.day[column[order]]
        most = np.zeros(num_rows, dtype=np.int64)
        opens = np.r_[True, (r[1:] != r[:-1]) | (a[1:] != a[:-1])]
        head = np.flatnonzero(opens)
        group = np.cumsum(opens) - 1
        largest = np.maximum.reduceat(amount[order], head)
        free = d[head].copy()
        # One step of all walks at a time: the next session is on the first day that may follow.
        while True:
            ready = np.where(d >= free[group], d, p.num_days)
            on = np.minimum.reduceat(ready, head)
            live = on < p.num_days
            if not live.any():
                return most
            np.add.at(most, r[head[live]], largest[live])
            free = np.where(live, p.next_day[a[head], np.minimum(on, p.num_days - 1)], p.num_days)


def _spread(first: IntArray, last: IntArray) -> tuple[IntArray, IntArray]:
    """Return owner and member of the ranges first[i] … last[i] − 1."""
    length = last - first
    owner = np.repeat(np.arange(len(first)), length)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    return owner, first[owner] + within
