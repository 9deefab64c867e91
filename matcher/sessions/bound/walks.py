"""Best walks through the days, one activity or thousands side by side.

A walk is what one activity does by itself: sessions on days that may follow one another. Its profit is what its
sessions earn at the current prices. The best walk of a set of rhythm keys comes from one pass over the days, last day
first.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.bound.rows import DatedRows

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NEVER = -1e12
"""The profit of a key on a day it cannot have."""
BLOCK = 8192
"""So many walks at a time stay in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Walkers:
    """Walks to be found side by side: the activity of each, and the columns of the profit table it may use.

    ``second`` may repeat ``first``. Walkers are ordered so that activities whose days follow one another alike lie
    together; ``stretches`` are these runs: first, last + 1, and the position of the day that may follow each day.
    """

    activity: IntArray
    first: IntArray
    second: IntArray
    stretches: tuple[tuple[int, int, list[int]], ...]

    def __len__(self) -> int:
        """Return the number of walks."""
        return len(self.activity)


class Walks:
    """The walks of all activities of a problem."""

    def __init__(self, rows: DatedRows) -> None:
        p = rows.problem
        self.rows = rows
        self.days = np.unique(rows.day)
        follow = np.searchsorted(self.days, p.next_day[:, self.days])
        self._follow, group = np.unique(follow, axis=0, return_inverse=True)
        self._group = group.ravel()
        self._following = [row.tolist() for row in self._follow]
        self.position = np.searchsorted(self.days, rows.day)
        cell = rows.key * len(self.days) + self.position
        self._cell, self._start = np.unique(cell, return_index=True)
        self._option_cell = cell
        self.num_keys = len(rows.key_activity)
        start = np.searchsorted(rows.key_activity, np.arange(p.num_activities))
        self._busy = np.flatnonzero(np.diff(np.r_[start, self.num_keys]) > 0)
        self._key_start = start[self._busy]
        everybody = np.arange(p.num_activities)
        self.everybody = self.walkers(everybody, everybody, everybody)

    def walkers(self, activity: IntArray, first: IntArray, second: IntArray) -> Walkers:
        """Return walks in their order of work."""
        order = self.order(activity)
        group = self._group[activity[order]]
        edge = np.searchsorted(group, np.arange(len(self._following) + 1)).tolist()
        stretches = tuple((lo, hi, self._following[g]) for g, (lo, hi) in enumerate(pairwise(edge)) if lo < hi)
        one = first[order]
        return Walkers(activity[order], one, one if second is first else second[order], stretches)

    def order(self, activity: IntArray) -> IntArray:
        """Return the order of work of walks of these activities."""
        return np.argsort(self._group[activity], kind="stable")

    def part(self, walkers: Walkers, chosen: IntArray) -> Walkers:
        """Return some of the walkers (ascending positions)."""
        first = walkers.first[chosen]
        second = first if walkers.second is walkers.first else walkers.second[chosen]
        return self.walkers(walkers.activity[chosen], first, second)

    def table(self, profit: FloatArray) -> FloatArray:
        """Return (days, keys): the best option of each key on each day, from the profit of every option."""
        table = np.full(self.num_keys * len(self.days), NEVER)
        if len(self._start):
            table[self._cell] = np.maximum.reduceat(profit, self._start)
        return np.ascontiguousarray(table.reshape(self.num_keys, len(self.days)).T)

    def of_all_keys(self, table: FloatArray) -> FloatArray:
        """Return (days, activities): the best of all keys of an activity."""
        best = np.full((len(self.days), self.rows.problem.num_activities), NEVER)
        if len(self._key_start):
            best[:, self._busy] = np.maximum.reduceat(table, self._key_start, axis=1)
        return best

    def reach(self, table: FloatArray, walkers: Walkers) -> FloatArray:
        """Return (days + 1, walks): the best profit from each day on."""
        reach = np.zeros((len(self.days) + 1, len(walkers)))
        profit, other = np.empty(len(walkers)), np.empty(len(walkers))
        for day in range(len(self.days) - 1, -1, -1):
            table[day].take(walkers.first, out=profit, mode="clip")
            if walkers.second is not walkers.first:
                table[day].take(walkers.second, out=other, mode="clip")
                np.maximum(profit, other, out=profit)
            here = reach[day]
            for lo, hi, following in walkers.stretches:
                np.add(profit[lo:hi], reach[following[day], lo:hi], out=here[lo:hi])
            np.maximum(here, reach[day + 1], out=here)
        return reach

    def best(self, table: FloatArray, walkers: Walkers) -> FloatArray:
        """Return the best profit of each walk, block by block."""
        if len(walkers) <= BLOCK:
            only: FloatArray = self.reach(table, walkers)[0].copy()
            return only
        parts = [
            self.reach(table, self.part(walkers, np.arange(lo, min(lo + BLOCK, len(walkers)))))[0]
            for lo in range(0, len(walkers), BLOCK)
        ]
        return np.concatenate(parts)

    def trace(self, reach: FloatArray, activity: IntArray) -> tuple[IntArray, IntArray]:
        """Return position of the day and column of every session of the walks in ``reach``."""
        follow = self._follow[self._group[activity]]
        free = np.zeros(len(activity), dtype=np.int64)
        days: list[IntArray] = []
        columns: list[IntArray] = []
        for day in range(len(self.days)):
            column = np.flatnonzero((free <= day) & (reach[day] > reach[day + 1]))
            if len(column):
                free[column] = follow[column, day]
                days.append(np.full(len(column), day))
                columns.append(column)
        none = np.zeros(0, dtype=np.int64)
        return np.concatenate([none, *days]), np.concatenate([none, *columns])

    def options(self, profit: FloatArray, key: IntArray, day: IntArray) -> IntArray:
        """Return the best option of each key on each day (positions)."""
        wanted = np.zeros(self.num_keys * len(self.days), dtype=np.bool_)
        wanted[key * len(self.days) + day] = True
        option = np.flatnonzero(wanted[self._option_cell])
        order = option[np.lexsort((-profit[option], self._option_cell[option]))]
        cell = self._option_cell[order]
        first: IntArray = order[np.r_[True, cell[1:] != cell[:-1]]] if len(order) else order
        return first
