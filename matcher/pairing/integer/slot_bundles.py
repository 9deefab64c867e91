"""Best bundles where every group needs a weekly slot: the slot is chosen inside the group's own maximum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Bundles, Choice
from matcher.pairing.integer.openings import NO_SLOT, Openings, free_table
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


WIDEST = 4
"""Members looked at, in sizes of a group: those further down hardly ever sit in the best slot."""


class SlotBundles(Bundles):
    """Finds best bundles with the best slot of every group, slots of other groups disregarded.

    A group is looked at slot by slot only where it could enter a bundle if all its members were free at once.
    """

    def __init__(self, p: PairingProblem, option: IntArray) -> None:
        groups = np.unique(p.group[option[p.group[option] >= 0]])
        super().__init__(p, option, Openings(group=groups, slot=np.full(len(groups), NO_SLOT, dtype=np.int64)))
        free = free_table(p, np.arange(p.num_options))
        self.num_slots = 1 + int(np.flatnonzero(free.any(axis=0)).max(initial=0))
        self.free = np.concatenate([free[:, : self.num_slots], np.zeros((1, self.num_slots), dtype=bool)])
        self.slot = np.zeros(len(groups), dtype=np.int64)

    def choose(self, worth: FloatArray, opening_gain: FloatArray, step_gain: FloatArray | None) -> Choice:
        """Return the best bundles; see :meth:`Bundles.choose`. ``slot`` then holds the slots of the openings."""
        pair, pair_worth = self._best_pairs(worth)
        value = self._exact_values(worth, opening_gain, pair_worth, step_gain)
        return self._choice(worth, pair, pair_worth, value, step_gain)

    def offers(self, worth: FloatArray, opening_gain: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the worths of every mentor's best pairs and of his best groups, falling."""
        member, value = self._paying_members(np.arange(len(self.openings)), worth)
        exact, _ = self._best_slots(member, value, self.most)
        return self._best_pairs(worth)[1], self._best_groups(exact + opening_gain)[1]

    def _exact_values(
        self, worth: FloatArray, opening_gain: FloatArray, pair_worth: FloatArray, step_gain: FloatArray | None
    ) -> FloatArray:
        """Return the value of every group in its best slot, or less where no bundle could use it.

        What a group is worth in its last best slot is known at once. Only groups that all slots together could lift
        above the groups and pairs already worth a place are looked at again.
        """
        hope = np.zeros(self.p.num_mentors) if step_gain is None else np.maximum(0, step_gain.max(axis=1, initial=0))
        most = self.opening_values(worth) + opening_gain
        some = np.flatnonzero(most + hope[self.opener] > 0)
        exact = np.full(len(most), -np.inf)
        member, value = self._paying_members(some, worth)
        free = self.free[member, self.slot[some][:, None]]
        seated = free & (np.cumsum(free, axis=1, dtype=np.int16) <= self.most[some][:, None])
        exact[some] = np.where(seated, value, 0).sum(axis=1) + opening_gain[some]
        rival = self._rivals(pair_worth, exact) - hope
        again = np.flatnonzero(most[some] > np.maximum(exact[some], rival[self.opener[some]]))
        found, self.slot[some[again]] = self._best_slots(member[again], value[again], self.most[some[again]])
        exact[some[again]] = found + opening_gain[some[again]]
        return exact

    def _rivals(self, pair_worth: FloatArray, group_worth: FloatArray) -> FloatArray:
        """Return what a group must exceed to enter the bundle of each mentor: his last place, his last group."""
        groups = self.of_mentor.best(group_worth, self.wide_groups)
        mentors = np.arange(self.p.num_mentors)
        groups[np.arange(groups.shape[1])[None, :] >= self.most_groups[:, None]] = -np.inf
        last_group = groups[mentors, np.maximum(self.most_groups - 1, 0)]
        both = np.sort(np.concatenate([pair_worth, groups], axis=1), axis=1)[:, ::-1]
        last = np.clip(self.p.max_places - 1, 0, both.shape[1] - 1)
        last_place = np.where(self.p.max_places <= both.shape[1], both[mentors, last], -np.inf)
        rivals: FloatArray = np.maximum(0, np.maximum(last_group, last_place))
        return rivals

    def opening_values(self, worth: FloatArray) -> FloatArray:
        """Return what every group would be worth if its best members were all free at once."""
        most = int(self.most.max(initial=0))
        best = np.maximum(0, self.members.best(worth, most))
        best[np.arange(most)[None, :] >= self.most[:, None]] = 0
        total: FloatArray = best.sum(axis=1)
        return total

    def _best_slots(self, member: IntArray, value: FloatArray, most: IntArray) -> tuple[FloatArray, IntArray]:
        """Return the best sum of ``most`` members free in one slot, and that slot; members come best first."""
        total = np.zeros((len(member), self.num_slots), dtype=np.float32)
        seated = np.zeros(total.shape, dtype=np.int8)
        room = np.minimum(most, 127).astype(np.int8)[:, None]
        for place in range(member.shape[1]):
            sits = self.free[member[:, place]] & (seated < room)
            seated += sits
            total += sits * value[:, place, None].astype(np.float32)
        slot = total.argmax(axis=1)
        return total[np.arange(len(member)), slot].astype(np.float64), slot

    def _paying_members(self, opening: IntArray, worth: FloatArray) -> tuple[IntArray, FloatArray]:
        member = self.members.entries_of(opening)
        value = np.append(worth, -np.inf)[member]
        order = np.argsort(-value, axis=1, kind="stable")
        value = np.take_along_axis(value, order, 1)
        wide = int((value > 0).sum(axis=1).max(initial=0))
        wide = max(1, min(wide, WIDEST * int(self.most.max(initial=1))))
        return np.take_along_axis(member, order, 1)[:, :wide], np.maximum(0, value[:, :wide])

    def seats_of(self, opening: IntArray, worth: FloatArray) -> IntArray:
        """Return the seats that these groups choose in their best slots."""
        if not len(opening):
            return opening
        member, value = self._paying_members(opening, worth)
        free = self.free[member, self.slot[opening][:, None]] & (value > 0)
        seated = free & (np.cumsum(free, axis=1) <= self.most[opening][:, None])
        chosen: IntArray = member[seated]
        return chosen
