"""The least rhythm of plans that miss no more than so many sessions, from prices of rows and of a session missing.

At given prices each activity chooses by itself: which keys to use (one each) and which days, what its sessions pay and
what it misses. All sets of up to two keys are considered; with three an activity may as well use every key. All sets
are looked at now and then only: between, those that were nearly best stand for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.bound.rows import DatedRows
from matcher.sessions.bound.walks import NEVER, Walkers, Walks

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MOST_KEYS = 150
"""An activity with more keys is not asked for pairs of them: with two it may use every key."""
NEARLY = 0.1
"""A set this much worse than the best (in rhythm keys) is looked at between full looks."""
MOST_KEPT = 24
"""So many pairs of keys of an activity are looked at between full looks."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sets:
    """Sets of rhythm keys, a walk each, with the number of keys to be paid."""

    walkers: Walkers
    size: FloatArray

    def part(self, walks: Walks, chosen: IntArray) -> _Sets:
        return _Sets(walks.part(self.walkers, chosen), self.size[chosen])


class RhythmPrices:
    """The bound of rhythm for plans that miss at most ``missing`` (weighted) sessions.

    Prices are those of the rows and, last, the price of a session missing that weighs most. The profit table has a
    column for each key, then for each activity one of the keys of its fixed sessions, which are paid for anyhow, and
    one of all its keys.
    """

    def __init__(self, rows: DatedRows, walks: Walks, missing: int) -> None:
        p = rows.problem
        self.rows, self.walks = rows, walks
        unit = max(1, int(p.weight.max(initial=1)))
        self.missing = missing / unit
        self._weight = p.weight / unit
        self._need = rows.need.astype(np.float64)
        self._turned = rows.matrix.T.tocsr()
        self._count_fixed()
        self._few, self._pairs = _sets(rows, walks, self._is_free)
        ones = self._table(np.ones(rows.num_options))
        self._most_of_pair = walks.best(ones, self._pairs.walkers)
        self._few_of_pair = self._find_keys()
        self._kept = self._few

    def _count_fixed(self) -> None:
        p, rows = self.rows.problem, self.rows
        fixed = {(int(p.choice_activity[c]), int(p.slot_rhythm[p.choice_slot[c]])) for c in p.fixed_choice.tolist()}
        self.num_paid = len(fixed)
        named = zip(rows.key_activity.tolist(), rows.key_rhythm.tolist(), strict=True)
        self._is_free = np.array([name in fixed for name in named], dtype=np.bool_)

    def _find_keys(self) -> tuple[IntArray, IntArray]:
        """Return where each pair finds its two keys among the few."""
        place = np.zeros(len(self.rows.key_activity), dtype=np.int64)
        is_key = self._few.size == 1
        place[self._few.walkers.first[is_key]] = np.flatnonzero(is_key)
        return place[self._pairs.walkers.first], place[self._pairs.walkers.second]

    def look(self, prices: FloatArray, *, is_full: bool) -> tuple[float, FloatArray]:
        """Return value and slope; the value is a bound where all sets are looked at, else it may be too high."""
        rows = self.rows
        worth = prices[-1] * self._weight
        profit = worth[rows.activity] - self._turned @ prices[:-1]
        table = self._table(profit)
        base = worth * self._need
        if is_full:
            self._choose(table, worth, base)
        sets = self._kept
        reach = self.walks.reach(table, sets.walkers)
        cost = sets.size + base[sets.walkers.activity] - reach[0]
        best = self._least(cost, sets)
        winner = self._winners(cost, best, sets)
        paid = (rows.limit * prices[:-1]).sum() + prices[-1] * self.missing
        value = float(best.sum() + self.num_paid - paid)
        used = self._options(profit, table, reach, sets.walkers, winner)
        taken = np.zeros(rows.num_options)
        taken[used] = 1.0
        missed = (self._weight * (self._need - np.bincount(rows.activity[used], minlength=len(base)))).sum()
        return value, np.append(rows.matrix @ taken - rows.limit, missed - self.missing)

    def _table(self, profit: FloatArray) -> FloatArray:
        """Return (days, keys + 2 activities): what each column of the class earns on each day."""
        keys = self.walks.table(profit)
        every = self.walks.of_all_keys(keys)
        free = np.full_like(every, NEVER)
        if self._is_free.any():
            free = self.walks.of_all_keys(np.where(self._is_free, keys, NEVER))
            np.maximum(keys, free[:, self.rows.key_activity], out=keys)
        return np.concatenate([keys, free, every], axis=1)

    def _least(self, cost: FloatArray, sets: _Sets) -> FloatArray:
        best = np.full(len(self._need), np.inf)
        np.minimum.at(best, sets.walkers.activity, cost)
        return best

    def _choose(self, table: FloatArray, worth: FloatArray, base: FloatArray) -> None:
        """Look at all sets and keep those that are nearly best, and all of at most one key that are."""
        walks, few, pairs = self.walks, self._few, self._pairs
        few_profit = walks.best(table, few.walkers)
        few_cost = few.size + base[few.walkers.activity] - few_profit
        best = self._least(few_cost, few)
        if len(self._kept.size) < len(few.size):
            kept = self._kept
            best = np.minimum(
                best, self._least(kept.size + base[kept.walkers.activity] - walks.best(table, kept.walkers), kept)
            )
        a = pairs.walkers.activity
        one, other = self._few_of_pair
        most = np.minimum(worth[a] * self._most_of_pair, few_profit[one] + few_profit[other])
        hopeful = np.flatnonzero(pairs.size + base[a] - most < best[a] + NEARLY)
        chosen = pairs.part(walks, hopeful)
        a = a[hopeful]
        cost = chosen.size + base[a] - walks.best(table, chosen.walkers)
        best = np.minimum(best, self._least(cost, chosen))
        near_few = np.flatnonzero(few_cost <= best[few.walkers.activity] + NEARLY)
        near_pair = np.flatnonzero(cost <= best[a] + NEARLY)
        order = near_pair[np.lexsort((cost[near_pair], a[near_pair]))]
        rank = np.arange(len(order)) - np.searchsorted(a[order], a[order])
        near_pair = np.sort(order[rank < MOST_KEPT])
        self._kept = _joined(walks, few.part(walks, near_few), chosen.part(walks, near_pair))

    def _winners(self, cost: FloatArray, best: FloatArray, sets: _Sets) -> IntArray:
        """Return one best set of each activity."""
        at = np.flatnonzero(cost <= best[sets.walkers.activity])
        _, first = np.unique(sets.walkers.activity[at], return_index=True)
        winner: IntArray = at[first]
        return winner

    def _options(
        self, profit: FloatArray, table: FloatArray, reach: FloatArray, walkers: Walkers, winner: IntArray
    ) -> IntArray:
        """Return the options of the sessions of the winners' walks."""
        rows, num_keys = self.rows, len(self.rows.key_activity)
        day, column = self.walks.trace(reach[:, winner], walkers.activity[winner])
        first, second = walkers.first[winner], walkers.second[winner]
        allowed = self._is_free.copy()
        for keys in (first, second):
            allowed[keys[keys < num_keys]] = True
        allowed |= np.isin(rows.key_activity, walkers.activity[winner][first >= num_keys + len(self._need)])
        worth = np.full((len(table), len(self._need)), np.inf)
        worth[day, walkers.activity[winner][column]] = np.maximum(table[day, first[column]], table[day, second[column]])
        at = self.walks.position
        option = np.flatnonzero(allowed[rows.key] & (profit >= worth[at, rows.activity]))
        _, one = np.unique(rows.activity[option] * len(table) + at[option], return_index=True)
        found: IntArray = option[one]
        return found


def _sets(rows: DatedRows, walks: Walks, is_free: NDArray[np.bool_]) -> tuple[_Sets, _Sets]:
    """Return the sets of no key, one key and any keys, and those of two keys."""
    num_keys, num_activities = len(rows.key_activity), rows.problem.num_activities
    everybody = np.arange(num_activities)
    start = np.searchsorted(rows.key_activity, np.arange(num_activities + 1))
    paid = np.flatnonzero(~is_free)
    first: list[IntArray] = []
    second: list[IntArray] = []
    rest = np.full(num_activities, 3.0)
    for a in range(num_activities):
        keys = np.arange(start[a], start[a + 1])
        keys = keys[~is_free[keys]]
        if len(keys) > MOST_KEYS:
            rest[a] = 2.0
            continue
        one, other = np.triu_indices(len(keys), 1)
        first.append(keys[one])
        second.append(keys[other])
    none = np.zeros(0, dtype=np.int64)
    one, other = np.concatenate([none, *first]), np.concatenate([none, *second])
    column = np.concatenate([num_keys + everybody, paid, num_keys + num_activities + everybody])
    owner = np.concatenate([everybody, rows.key_activity[paid], everybody])
    size = np.concatenate([np.zeros(num_activities), np.ones(len(paid)), rest])
    return _ordered(walks, owner, column, column, size), _ordered(
        walks, rows.key_activity[one], one, other, np.full(len(one), 2.0)
    )


def _ordered(walks: Walks, owner: IntArray, first: IntArray, second: IntArray, size: FloatArray) -> _Sets:
    order = walks.order(owner)
    return _Sets(walks.walkers(owner, first, second), size[order])


def _joined(walks: Walks, one: _Sets, other: _Sets) -> _Sets:
    a, b = one.walkers, other.walkers
    return _ordered(
        walks,
        np.concatenate([a.activity, b.activity]),
        np.concatenate([a.first, b.first]),
        np.concatenate([a.second, b.second]),
        np.concatenate([one.size, other.size]),
    )
