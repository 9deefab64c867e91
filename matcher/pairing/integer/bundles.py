"""What every mentor would choose on his own at given worths: vectorised, in floating point, with the choice itself.

The certificate has its own exact version; this one is called hundreds of times to find good prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.openings import Openings, openings_of_seats
from matcher.pairing.integer.padded import Padded
from matcher.pairing.integer.timed import TimedMentors
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """The bundles chosen: ``value`` of every mentor, the ``option`` and ``opening`` indices, ascending by mentor."""

    value: FloatArray
    option: IntArray
    opening: IntArray


class Bundles:
    """Finds the best bundle of every mentor among some options and openings.

    A mentor's pairs, groups, places, group sizes, concave steps and minutes are kept; so are, nearly always
    best, different slots and one slot per group where ``openings`` have slots.
    """

    def __init__(self, p: PairingProblem, option: IntArray, openings: Openings) -> None:
        self.p, self.option, self.openings = p, option, openings
        self.alone = option[p.group[option] < 0]
        seat = option[p.group[option] >= 0]
        self.most_pairs = np.minimum(p.max_individual, p.max_places)
        self.pairs = Padded(p.mentor[self.alone], self.alone, p.num_mentors, p.num_options)
        which, member = openings_of_seats(p, seat, openings)
        self.members = Padded(which, seat[member], len(openings), p.num_options)
        self.least, self.most = p.group_min_size[openings.group], p.group_max_size[openings.group]
        self.opener = p.group_mentor[openings.group]
        self.of_mentor = Padded(self.opener, np.arange(len(openings)), p.num_mentors, len(openings))
        self.most_groups = np.minimum(np.minimum(p.max_groups, p.max_places), self.of_mentor.size)
        self.wide_pairs = int(np.minimum(self.most_pairs, self.pairs.size).max(initial=0))
        self.wide_groups = int(self.most_groups.max(initial=0))
        self.has_rivals = bool(len(openings) and openings.slot.max() >= 0)
        self.timed = TimedMentors(p, self.alone, openings)

    def choose(self, worth: FloatArray, opening_gain: FloatArray, step_gain: FloatArray | None) -> Choice:
        """Return the best bundles.

        ``worth`` (num_options,), ``opening_gain`` (num_openings,), ``step_gain`` (num_mentors, places) of each further
        place, None where loads earn nothing.
        """
        pair, pair_worth = self._best_pairs(worth)
        return self._choice(worth, pair, pair_worth, self.opening_values(worth) + opening_gain, step_gain)

    def _choice(
        self, worth: FloatArray, pair: IntArray, pair_worth: FloatArray, value: FloatArray, step_gain: FloatArray | None
    ) -> Choice:
        """Return the best bundles when the openings have these values."""
        group, group_worth = self._best_groups(value)
        j, k, total = combine(pair_worth, group_worth, self.p.max_places, step_gain)
        if len(self.timed):
            j[self.timed.mentor] = k[self.timed.mentor] = 0
        taken = pair[np.arange(pair.shape[1])[None, :] < j[:, None]]
        opened = group[np.arange(group.shape[1])[None, :] < k[:, None]]
        if len(self.timed):
            total[self.timed.mentor], option, opening = self.timed.choose(worth, value, step_gain)
            taken, opened = np.r_[taken, option], np.r_[opened, opening]
        return Choice(value=total, option=np.r_[taken, self.seats_of(opened, worth)], opening=opened)

    def offers(self, worth: FloatArray, opening_gain: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the worths of every mentor's best pairs and of his best groups, falling."""
        groups = self._best_groups(self.opening_values(worth) + opening_gain)[1]
        return self._best_pairs(worth)[1], groups

    def opening_values(self, worth: FloatArray) -> FloatArray:
        """Return the best sum of members of every opening: the least size whatever their sign, more while they pay."""
        most = int(self.most.max(initial=0))
        best = self.members.best(worth, most)
        rank = np.arange(most)[None, :]
        counted = np.where(rank < self.least[:, None], best, np.maximum(0, best))
        counted[rank >= self.most[:, None]] = 0
        total: FloatArray = counted.sum(axis=1)
        return total

    def seats_of(self, opening: IntArray, worth: FloatArray) -> IntArray:
        """Return the seats that these openings choose."""
        if not len(opening):
            return opening
        member = self.members.entries_of(opening)
        value = np.append(worth, -np.inf)[member]
        order = np.argsort(-value, axis=1, kind="stable")[:, : int(self.most[opening].max())]
        value, member = np.take_along_axis(value, order, 1), np.take_along_axis(member, order, 1)
        rank = np.arange(member.shape[1])[None, :]
        kept = (rank < self.least[opening][:, None]) | ((value > 0) & (rank < self.most[opening][:, None]))
        chosen: IntArray = member[kept & np.isfinite(value)]
        return chosen

    def _best_pairs(self, worth: FloatArray) -> tuple[IntArray, FloatArray]:
        pair, pair_worth = self.pairs.best_entries(worth, self.wide_pairs)
        pair_worth[np.arange(self.wide_pairs)[None, :] >= self.most_pairs[:, None]] = -np.inf
        return pair, pair_worth

    def _best_groups(self, value: FloatArray) -> tuple[IntArray, FloatArray]:
        wide = self.wide_groups
        if not self.has_rivals or wide < 2:
            group, group_worth = self.of_mentor.best_entries(value, wide)
        else:
            group, group_worth = self._best_compatible(value)
        group_worth[np.arange(wide)[None, :] >= self.most_groups[:, None]] = -np.inf
        return group, group_worth

    def _best_compatible(self, value: FloatArray) -> tuple[IntArray, FloatArray]:
        """Return openings best first, each compatible with those before it: another group in another slot.

        Each of the three best is tried as the first; the best start is kept.
        """
        openings, mentors = self.openings, np.arange(self.p.num_mentors)
        group_of = np.append(openings.group, -1)
        slot_of = np.append(openings.slot, -1)
        starts, _ = self.of_mentor.best_entries(value, 3)
        best: tuple[IntArray, FloatArray] | None = None
        padded_value = np.append(value, -np.inf)
        for start in range(starts.shape[1]):
            chosen = np.full((len(mentors), self.wide_groups), len(openings), dtype=np.int64)
            chosen[:, 0] = starts[:, start]
            left = value.copy()
            for place in range(1, self.wide_groups):
                last = chosen[self.opener, place - 1]
                left[(openings.group == group_of[last]) | (openings.slot == slot_of[last])] = -np.inf
                chosen[:, place] = self.of_mentor.best_entries(left, 1)[0][:, 0]
                left_at = np.append(left, -np.inf)[chosen[:, place]]
                chosen[~np.isfinite(left_at), place] = len(openings)
            worth = padded_value[chosen]
            if best is None:
                best = (chosen, worth)
            else:
                better = np.maximum(worth, 0).sum(axis=1) > np.maximum(best[1], 0).sum(axis=1)
                best[0][better], best[1][better] = chosen[better], worth[better]
        assert best is not None
        order = np.argsort(-best[1], axis=1, kind="stable")
        return np.take_along_axis(best[0], order, 1), np.take_along_axis(best[1], order, 1)


def combine(
    pairs: FloatArray, groups: FloatArray, places: IntArray, step_gain: FloatArray | None
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return per mentor how many of his best pairs and groups to take, and their worth.

    ``pairs`` and ``groups`` are worths falling along each row, −inf beyond their number.
    """
    num_mentors = len(pairs)
    if step_gain is None:
        # Without steps everything that pays is taken, as far as the places go.
        both = np.concatenate([pairs, groups], axis=1)
        if not groups.shape[1] or not pairs.shape[1]:
            kept = (both > 0) & (np.arange(both.shape[1])[None, :] < places[:, None])
        else:
            order = np.argsort(-both, axis=1, kind="stable")
            rank = np.empty_like(order)
            np.put_along_axis(rank, order, np.broadcast_to(np.arange(both.shape[1]), both.shape), 1)
            kept = (both > 0) & (rank < places[:, None])
        wide = pairs.shape[1]
        total = np.where(kept, both, 0).sum(axis=1)
        return kept[:, :wide].sum(axis=1), kept[:, wide:].sum(axis=1), total
    zero = np.zeros((num_mentors, 1))
    pair_sum = np.concatenate([zero, np.cumsum(pairs, axis=1)], axis=1)
    group_sum = np.concatenate([zero, np.cumsum(groups, axis=1)], axis=1)
    load_gain = np.concatenate([zero, np.cumsum(step_gain, axis=1)], axis=1)
    best = np.zeros(num_mentors)
    best_j, best_k = np.zeros(num_mentors, dtype=np.int64), np.zeros(num_mentors, dtype=np.int64)
    for j, k in np.ndindex(pair_sum.shape[1], group_sum.shape[1]):
        if j + k >= load_gain.shape[1]:
            continue
        value = np.where(j + k <= places, pair_sum[:, j] + group_sum[:, k] + load_gain[:, j + k], -np.inf)
        better = value > best
        best[better], best_j[better], best_k[better] = value[better], j, k
    return best_j, best_k, best
