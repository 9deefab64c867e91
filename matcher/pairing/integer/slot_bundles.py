"""Best bundles where every group needs a weekly slot: the slot is chosen inside the group's own maximum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Bundles, Choice, combine
from matcher.pairing.integer.openings import NO_SLOT, Openings, free_table
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


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
        group, group_worth = self._best_groups(self._exact_values(worth, opening_gain, pair_worth, step_gain))
        j, k, total = combine(pair_worth, group_worth, self.p.max_places, step_gain)
        taken = pair[np.arange(pair.shape[1])[None, :] < j[:, None]]
        opened = group[np.arange(group.shape[1])[None, :] < k[:, None]]
        return Choice(value=total, option=np.r_[taken, self.seats_of(opened, worth)], opening=opened)

    def offers(self, worth: FloatArray, opening_gain: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the worths of every mentor's best pairs and of his best groups, falling."""
        pairs = self._best_pairs(worth)[1]
        every = np.arange(len(self.openings))
        return pairs, self._best_groups(self._slot_values(every, worth)[0] + opening_gain)[1]

    def _exact_values(
        self, worth: FloatArray, opening_gain: FloatArray, pair_worth: FloatArray, step_gain: FloatArray | None
    ) -> FloatArray:
        """Return the value of every group in its best slot; −inf for groups that no bundle could use."""
        value = self.opening_values(worth) + opening_gain
        places = self.p.max_places
        if step_gain is not None:
            value += np.maximum(0, step_gain.max(axis=1, initial=0))[self.opener]
        rival = np.zeros(self.p.num_mentors)
        if step_gain is None and pair_worth.shape[1]:
            last = np.clip(places - 1, 0, pair_worth.shape[1] - 1)
            worst = pair_worth[np.arange(len(last)), last]
            rival = np.where(places <= pair_worth.shape[1], np.maximum(0, worst), 0)
        hopeful = np.flatnonzero(value > rival[self.opener])
        exact = np.full(len(value), -np.inf)
        exact[hopeful], self.slot[hopeful] = self._slot_values(hopeful, worth)
        return exact + opening_gain

    def opening_values(self, worth: FloatArray) -> FloatArray:
        """Return what every group would be worth if its best members were all free at once."""
        most = int(self.most.max(initial=0))
        best = np.maximum(0, self.members.best(worth, most))
        best[np.arange(most)[None, :] >= self.most[:, None]] = 0
        total: FloatArray = best.sum(axis=1)
        return total

    def _slot_values(self, opening: IntArray, worth: FloatArray) -> tuple[FloatArray, IntArray]:
        """Return the best sum of positive members free in one slot, and that slot."""
        if not len(opening):
            return np.zeros(0), opening
        member, value = self._paying_members(opening, worth)
        free = self.free[member]
        seated = free & (np.cumsum(free, axis=1, dtype=np.int16) <= self.most[opening][:, None, None])
        total = np.einsum("gms,gm->gs", seated, value)
        slot = total.argmax(axis=1)
        return total[np.arange(len(opening)), slot], slot

    def _paying_members(self, opening: IntArray, worth: FloatArray) -> tuple[IntArray, FloatArray]:
        member = self.members.entries_of(opening)
        value = np.append(worth, -np.inf)[member]
        order = np.argsort(-value, axis=1, kind="stable")
        value = np.take_along_axis(value, order, 1)
        wide = max(1, int((value > 0).sum(axis=1).max(initial=0)))
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
