"""Best bundles of mentors whose minutes bind: knapsacks by dynamic programming, all such mentors side by side.

References
----------
.. [1] H. Kellerer, U. Pferschy, D. Pisinger, "Knapsack Problems", Springer (2004), chapter 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.openings import Openings
from matcher.pairing.problem import NO_LIMIT, PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MOST_CELLS = 3_000_000
"""Where the tables would be larger, minutes are left to the certificate."""


class TimedMentors:
    """The mentors whose pairs and groups may exceed their minutes.

    Things are numbered: first options, then openings. Numbers of pairs, groups and places are kept, and minutes that
    links may give back are added to the mentor's own.
    """

    def __init__(self, p: PairingProblem, alone: IntArray, openings: Openings) -> None:
        self.p = p
        refund = np.zeros(p.num_mentors, dtype=np.int64)
        for side in (p.link_first, p.link_second):
            np.add.at(refund, p.mentor[side], p.link_refund_minutes)
        most_minutes = np.where(p.max_minutes < NO_LIMIT, p.max_minutes + refund, NO_LIMIT)
        self.owner = np.r_[p.mentor[alone], p.group_mentor[openings.group]]
        self.amount = np.r_[p.mentor_minutes[alone], p.group_minutes[openings.group]]
        self.is_group = np.arange(len(self.owner)) >= len(alone)
        self.thing = np.r_[alone, np.arange(len(openings))]
        most = np.where(self.is_group, p.max_groups[self.owner], p.max_individual[self.owner])
        longest = _sum_of_longest(self.owner, self.is_group, self.amount, most, p.num_mentors)
        tight = (most_minutes < NO_LIMIT) & (longest > most_minutes)
        self.mentor = np.flatnonzero(tight)
        mine = np.flatnonzero(tight[self.owner] & (self.amount <= most_minutes[self.owner]))
        mine = mine[np.argsort(self.owner[mine], kind="stable")]
        self.owner, self.amount, self.is_group, self.thing = (
            array[mine] for array in (self.owner, self.amount, self.is_group, self.thing)
        )
        self.place = np.full(p.num_mentors, -1, dtype=np.int64)
        self.place[self.mentor] = np.arange(len(self.mentor))
        unit = max(1, int(np.gcd.reduce(self.amount, initial=0)))
        self.amount //= unit
        self.room = most_minutes[self.mentor] // unit
        self._count_heads()

    def _count_heads(self) -> None:
        """Find out how many pairs and groups the tables have to tell apart: none where the minutes are stricter."""
        p, mentor = self.p, self.mentor
        shortest = np.full(len(mentor), NO_LIMIT, dtype=np.int64)
        np.minimum.at(shortest, self.place[self.owner], self.amount)
        fit = np.where(shortest > 0, self.room // np.maximum(1, shortest), NO_LIMIT)
        number = np.bincount(self.place[self.owner], minlength=len(mentor)) if len(mentor) else np.zeros(0, np.int64)
        fit = np.minimum(fit, number)
        pairs, groups = np.minimum(p.max_individual[mentor], fit), np.minimum(p.max_groups[mentor], fit)
        self.counts = bool((fit > np.minimum(pairs, p.max_places[mentor])).any() or (groups < fit).any())
        if not self.is_group.any():
            self.counts = bool((fit > np.minimum(p.max_individual, p.max_places)[mentor]).any())
        self.most_pairs, self.most_groups = int(pairs.max(initial=0)), int(groups.max(initial=0))
        cells = (int(self.room.max(initial=0)) + 1) * len(mentor) * int(number.max(initial=0))
        if self.counts:
            cells *= (self.most_pairs + 1) * (self.most_groups + 1)
        self.is_small = cells <= MOST_CELLS

    def __len__(self) -> int:
        """Return the number of mentors that are looked at."""
        return len(self.mentor) if self.is_small else 0

    def choose(
        self, worth: FloatArray, group_worth: FloatArray, step_gain: FloatArray | None
    ) -> tuple[FloatArray, IntArray, IntArray]:
        """Return the value of the best bundle of each of these mentors, the options and the openings chosen."""
        value = np.where(self.is_group, 0.0, worth[np.where(self.is_group, 0, self.thing)])
        value[self.is_group] = group_worth[self.thing[self.is_group]]
        hope = 0.0 if step_gain is None else np.maximum(0, step_gain.max(axis=1, initial=0))[self.owner]
        paying = np.flatnonzero(value + hope > 0)
        row = self.place[self.owner[paying]]
        column = np.arange(len(row)) - np.searchsorted(row, row)
        wide = int(column.max(initial=-1)) + 1
        item = np.full((len(self.mentor), wide), -1, dtype=np.int64)
        item[row, column] = paying
        gain = None if step_gain is None else np.cumsum(step_gain[self.mentor], axis=1)
        total, taken = self._fill(item, value, gain)
        chosen = item[taken]
        groups = self.is_group[chosen]
        return total, self.thing[chosen[~groups]], self.thing[chosen[groups]]

    def _fill(self, item: IntArray, value: FloatArray, gain: FloatArray | None) -> tuple[FloatArray, BoolArray]:
        """Return the best sums and which items make them, shapes (mentors,) and that of ``item``."""
        num, wide = item.shape
        most_room = int(self.room.max(initial=0))
        count = gain is not None or self.counts
        shape = (num, self.most_pairs + 1 if count else 1, self.most_groups + 1 if count else 1, most_room + 1)
        table = np.full(shape, -np.inf) if count else np.zeros(shape)
        table[:, 0, 0, :] = 0
        taken = np.zeros((wide, *shape), dtype=bool)
        amount = np.where(item >= 0, self.amount[item], most_room + 1)
        worth = np.where(item >= 0, value[item], 0.0)
        group = (item >= 0) & self.is_group[item]
        minutes = np.arange(most_room + 1)
        for place in range(wide):
            source = minutes[None, :] - amount[:, place, None]
            held = np.take_along_axis(table, np.maximum(source, 0)[:, None, None, :], 3)
            held = np.where((source < 0)[:, None, None, :], -np.inf, held) + worth[:, place, None, None, None]
            if count:
                held = _one_more(held, group[:, place])
            taken[place] = held > table
            table = np.where(taken[place], held, table)
        return self._read(table, taken, amount, group, gain, count)

    def _read(
        self,
        table: FloatArray,
        taken: BoolArray,
        amount: IntArray,
        group: BoolArray,
        gain: FloatArray | None,
        count: bool,
    ) -> tuple[FloatArray, BoolArray]:
        """Read the best entry of every table and trace back what it is made of."""
        num, wide = amount.shape
        mentor = np.arange(num)
        last = table[mentor, :, :, self.room]
        pairs: IntArray = np.zeros(num, dtype=np.int64)
        groups: IntArray = np.zeros(num, dtype=np.int64)
        if count:
            j, k = np.arange(last.shape[1])[:, None], np.arange(last.shape[2])[None, :]
            p, who = self.p, self.mentor
            allowed = (j + k)[None] <= p.max_places[who][:, None, None]
            allowed &= (j[None] <= p.max_individual[who][:, None, None]) & (k[None] <= p.max_groups[who][:, None, None])
            if gain is not None:
                load = np.concatenate([np.zeros((num, 1)), gain], axis=1)
                last = last + load[:, np.minimum(j + k, load.shape[1] - 1)]
            last = np.where(allowed, last, -np.inf)
            best: IntArray = last.reshape(num, -1).argmax(axis=1)
            pairs, groups = best // last.shape[2], best % last.shape[2]
        total: FloatArray = last[mentor, pairs, groups] if num else np.zeros(0)
        chosen = np.zeros((num, wide), dtype=bool)
        left = self.room.copy()
        for place in reversed(range(wide)):
            takes = taken[place][mentor, pairs, groups, left]
            chosen[:, place] = takes
            left = left - np.where(takes, amount[:, place], 0)
            if count:
                pairs, groups = pairs - (takes & ~group[:, place]), groups - (takes & group[:, place])
        return total, chosen


def timed_losses(timed: TimedMentors, worth: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the pairs of these mentors and what each mentor loses if he must take the pair.

    Numbers of pairs are disregarded, groups too. One table from the front and one from the back of the list tell what
    the others are worth without the pair.
    """
    pairs, lost = [], []
    for place in range(len(timed)):
        mine = np.flatnonzero((timed.place[timed.owner] == place) & ~timed.is_group)
        amount, value = timed.amount[mine], worth[timed.thing[mine]]
        room = int(timed.room[place])
        front, back = _tables(amount, value, room), _tables(amount[::-1], value[::-1], room)[::-1]
        for index, size in enumerate(amount.tolist()):
            others = (front[index, : room - size + 1] + back[index + 1, : room - size + 1][::-1]).max()
            lost.append(float(front[-1, room] - others - value[index]))
        pairs.append(timed.thing[mine])
    return np.concatenate([np.zeros(0, dtype=np.int64), *pairs]), np.maximum(0, np.array(lost))


def _tables(amount: IntArray, value: FloatArray, room: int) -> FloatArray:
    """Return the best sums of the first things within each amount, shape (things + 1, room + 1)."""
    table = np.zeros((len(amount) + 1, room + 1))
    for index, (size, gain) in enumerate(zip(amount.tolist(), value.tolist(), strict=True)):
        table[index + 1] = table[index]
        if gain > 0:
            table[index + 1, size:] = np.maximum(table[index, size:], table[index, : room + 1 - size] + gain)
    return table


def _one_more(held: FloatArray, is_group: BoolArray) -> FloatArray:
    """Move every table on by one pair, or by one group."""
    moved = np.full_like(held, -np.inf)
    pair, group = ~is_group, is_group
    moved[pair, 1:] = held[pair, :-1]
    moved[group, :, 1:] = held[group, :, :-1]
    return moved


def _sum_of_longest(
    owner: IntArray, is_group: BoolArray, amount: IntArray, most: IntArray, num_mentors: int
) -> IntArray:
    """Return the minutes of each mentor's longest pairs and groups, as many as he may have."""
    order = np.lexsort((-amount, is_group, owner))
    key = owner[order] * 2 + is_group[order]
    rank = np.arange(len(order)) - np.searchsorted(key, key)
    kept = order[rank < most[order]]
    return np.bincount(owner[kept], amount[kept], num_mentors).astype(np.int64)
