"""A short list of options that grows by pricing: what is left out is looked at again with every new set of prices.

References
----------
.. [1] G. Desaulniers, J. Desrosiers, M. M. Solomon (eds.), "Column Generation", Springer (2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.certificate import LevelPrices
from matcher.pairing.integer.bundles import Bundles, combine
from matcher.pairing.integer.core import Core, core_of
from matcher.pairing.integer.losses import losses
from matcher.pairing.integer.openings import Openings, all_openings, usable_options
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

PAIRS_PER_MENTEE = 8
PAIRS_PER_ITEM = 3
NEW_PAIRS = 6
"""New pairs per mentee and round."""
NEW_OPENINGS = 2
"""New openings per mentor and round."""
SPARE_SEATS = 3
"""Seats listed for an opening beyond its greatest size."""
MOST_AT_ONCE = 20_000
"""New options listed for a proof; where more would be needed, the proof is given up."""
TOLERANCE = 1e-6


class Shortlist:
    """The options and openings of a problem that are looked at; the others are only priced."""

    def __init__(self, p: PairingProblem, gain: IntArray) -> None:
        """Begin with each mentee's best pairs and the best pairs for each item by ``gain`` (num_options,)."""
        usable = usable_options(p)
        self.p, self.option, self.openings = p, np.flatnonzero(usable), all_openings(p, usable)
        self.bundles = Bundles(p, self.option, self.openings)
        self.listed = usable & p.locked
        self.open = np.zeros(len(self.openings), dtype=bool)
        pair = usable & (p.group < 0)
        main = np.flatnonzero(pair if p.extra is None else pair & ~p.extra)
        self.listed[_best(main, p.mentee[main], gain[main], PAIRS_PER_MENTEE)] = True
        cover = np.flatnonzero(pair[p.cover_option])
        best = _best(cover, p.cover_item[cover], gain[p.cover_option[cover]], PAIRS_PER_ITEM)
        self.listed[p.cover_option[best]] = True
        self._open_for(np.flatnonzero(self.listed & (p.group >= 0)))

    def admit(self, pairing: Pairing) -> None:
        """List what a pairing uses."""
        self.listed[pairing.option] = True
        chosen = set(zip(pairing.open_group.tolist(), pairing.slot.tolist(), strict=True))
        pairs = zip(self.openings.group.tolist(), self.openings.slot.tolist(), strict=True)
        self.open |= np.fromiter((pair in chosen for pair in pairs), dtype=bool, count=len(self.openings))

    def core(self, problem: PairingProblem) -> tuple[Core, Openings]:
        """Return the listed part of ``problem``, which has the same options as the one the list was made for."""
        core = core_of(problem, np.flatnonzero(self.listed))
        return core, self.openings.pick(self.open)

    def grow(self, relaxed: Relaxed, price: FloatArray) -> int:
        """List options and openings that would pay at these prices; return how many are new."""
        bundles, p = self.bundles, self.p
        worth = relaxed.worth(price)
        pair_room, group_room = self._rooms(relaxed, worth)
        margin = worth - pair_room[p.mentor]
        paying = bundles.alone[(margin[bundles.alone] > TOLERANCE) & ~self.listed[bundles.alone]]
        new = _best(paying, p.mentee[paying], margin[paying], NEW_PAIRS)
        profit = bundles.opening_values(worth) + relaxed.opening_gain - group_room[bundles.opener]
        opening = np.flatnonzero(profit > TOLERANCE)
        opening = _best(opening, bundles.opener[opening], profit[opening], NEW_OPENINGS)
        seat = self._seats_of(opening, worth)
        before = int(self.listed.sum()) + int(self.open.sum())
        self.listed[new] = self.listed[seat] = True
        self.open[opening] = True
        return int(self.listed.sum()) + int(self.open.sum()) - before

    def _rooms(self, relaxed: Relaxed, worth: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what every mentor gives up, of what is listed, for one more pair and for one more group."""
        p, gain = self.p, relaxed.step_gain
        held = Bundles(p, np.flatnonzero(self.listed), self.openings.pick(self.open))
        pairs, groups = held.offers(worth, relaxed.opening_gain[self.open])
        *_, full = combine(pairs, groups, p.max_places, gain)
        fewer = np.maximum(0, p.max_places - 1)
        # The new one fills the first step, so the others begin at the second.
        first = 0.0 if gain is None else gain[:, 0]
        further = None if gain is None else np.concatenate([gain[:, 1:], np.zeros((p.num_mentors, 1))], axis=1)

        def given_up(pairs: FloatArray, groups: FloatArray) -> FloatArray:
            *_, rest = combine(pairs, groups, fewer, further)
            lost: FloatArray = full - rest - first
            return lost

        fewer_pairs, fewer_groups = _without_last(pairs, p.max_individual), _without_last(groups, p.max_groups)
        return given_up(fewer_pairs, groups), given_up(pairs, fewer_groups)

    def _seats_of(self, opening: IntArray, worth: FloatArray) -> IntArray:
        """Return the best seats of these openings, a few more than they hold."""
        if not len(opening):
            return opening
        member = self.bundles.members.entries_of(opening)
        value = np.append(worth, -np.inf)[member]
        order = np.argsort(-value, axis=1, kind="stable")[:, : int(self.bundles.most[opening].max()) + SPARE_SEATS]
        chosen = np.take_along_axis(member, order, 1).ravel()
        return np.unique(chosen[chosen < self.p.num_options])

    def _open_for(self, seat: IntArray) -> None:
        """Open every slot of the groups of these seats."""
        self.open |= np.isin(self.openings.group, self.p.group[seat])

    def is_enough(self, relaxed: Relaxed, price: FloatArray, value: float) -> bool:
        """Return whether no unlisted option can be in a plan worth ``value`` or more, by these prices.

        Otherwise list those that can, if they are not too many.
        """
        bound = relaxed.evaluate(price).bound
        lost = losses(relaxed, price, self.openings)
        hope = 0.0 if relaxed.step_gain is None else np.maximum(0, relaxed.step_gain).max(axis=1, initial=0)
        hopes = np.broadcast_to(hope, self.p.num_mentors)
        near = ~self.listed & (bound - lost.option + hopes[self.p.mentor] >= value)
        near_open = ~self.open & (bound - lost.opening + hopes[self.bundles.opener] >= value)
        if near.sum() <= MOST_AT_ONCE and near_open.sum() <= MOST_AT_ONCE:
            self.listed |= near
            self.open |= near_open
        return not (near.any() or near_open.any())


def _without_last(offers: FloatArray, most: IntArray) -> FloatArray:
    """Return the offers with room for one fewer than ``most``."""
    left = offers.copy()
    left[np.arange(offers.shape[1])[None, :] >= (most - 1)[:, None]] = -np.inf
    return left


def _best(index: IntArray, owner: IntArray, score: IntArray | FloatArray, most: int) -> IntArray:
    """Return the ``most`` best of every owner among ``index``."""
    order = np.lexsort((-score, owner))
    owner = owner[order]
    rank = np.arange(len(order)) - np.searchsorted(owner, owner)
    return index[order[rank < most]]


def price_vector(relaxed: Relaxed, prices: LevelPrices) -> FloatArray:
    """Return the prices of a certificate as the price vector of a relaxation whose lowest level weighs one."""
    scale = float(prices.weight[-1])
    price = np.zeros(len(relaxed.least))
    part = relaxed.part
    price[part["mentee"]] = prices.mentee / scale
    price[part["minute"]] = prices.minute / scale * relaxed.minute_scale
    price[part["served"]] = np.where(relaxed.folded_mentee, 0, prices.served / scale)
    price[part["item"]] = np.where(relaxed.folded_item, 0, prices.item / scale)
    price[part["quota"]] = prices.quota / scale
    return price
