"""What one mentor, on his own, can earn at given prices: exact, by sorting (and counting hours where they bind).

Used by the certificate only; the solvers have their own code.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
NEVER = -(2**60)
MOST_CELLS = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Offer:
    """Things a mentor may take, best first: ``owner`` ascending, ``worth`` not rising, ``rank`` among his own."""

    owner: IntArray
    worth: IntArray
    rank: IntArray

    def of(self, mentor: BoolArray) -> _Offer:
        """Return the part that concerns these mentors."""
        kept = mentor[self.owner]
        return _Offer(owner=self.owner[kept], worth=self.worth[kept], rank=self.rank[kept])


def best_bundle_values(
    problem: PairingProblem, worth: IntArray, group_gain: IntArray, step_points: IntArray, refund: IntArray
) -> IntArray:
    """Return the value of every mentor's best bundle, shape (num_mentors,).

    ``worth`` (num_options,) is what an option earns at the prices, `NEVER` where it cannot be chosen; ``group_gain``
    (num_groups,) what opening earns, ``step_points`` (num_steps,) the points of ``load_steps``, ``refund``
    (num_options,) the minutes that links may give back: they are added to the mentor's own. A bundle keeps the
    mentor's numbers of pairs, groups and places, group sizes, one slot for a group, and his minutes.
    """
    p = problem
    room = p.max_minutes.copy()
    if refund.any():
        np.add.at(room, p.mentor, refund)
    hope = np.zeros(p.num_mentors, dtype=np.int64)
    np.maximum.at(hope, p.load_steps.owner, step_points)
    group_value = _group_values(p, worth, group_gain, hope)
    group_value[p.group_minutes > room[p.group_mentor]] = NEVER
    alone = _paying(p.group < 0, p.mentor, worth, hope)
    groups = _paying(None, p.group_mentor, group_value, hope)
    most_pairs = _heads_within(p, alone, room)
    most_groups = np.minimum(p.max_groups, p.max_places)
    pairs = _offer(p.mentor[alone], worth[alone], most_pairs)
    meetings = _offer(p.group_mentor[groups], group_value[groups], most_groups)
    mixed = np.bincount(meetings.owner, minlength=p.num_mentors) > 0
    best = _only_pairs(p, pairs.of(~mixed) if mixed.any() else pairs, step_points)
    if mixed.any():
        best[mixed] = _pairs_and_groups(p, mixed, pairs.of(mixed), meetings, step_points)[mixed]
    for mentor in np.flatnonzero(_minutes_may_bind(p, alone, groups, most_pairs, most_groups, room)).tolist():
        mine, his_groups = alone[p.mentor[alone] == mentor], groups[p.group_mentor[groups] == mentor]
        things = _Timed(
            pair_worth=worth[mine],
            pair_minutes=p.mentor_minutes[mine],
            group_worth=group_value[his_groups],
            group_minutes=p.group_minutes[his_groups],
        )
        best[mentor] = _best_with_minutes(p, mentor, things, step_points, int(room[mentor]))
    return best


def _paying(which: BoolArray | None, owner: IntArray, worth: IntArray, hope: IntArray) -> IntArray:
    """Return what can pay with the best step: nothing else ever stands in a best bundle."""
    paying = (worth > NEVER // 2) & (worth + hope[owner] > 0 if hope.any() else worth > 0)
    return np.flatnonzero(paying if which is None else paying & which)


def _offer(owner: IntArray, worth: IntArray, most: IntArray) -> _Offer:
    """Return the best ``most`` of each owner, best first."""
    order = _by_owner_and_worth(owner, worth)
    owner, worth = owner[order], worth[order]
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    kept = rank < most[owner]
    return _Offer(owner=owner[kept], worth=worth[kept], rank=rank[kept])


def _by_owner_and_worth(owner: IntArray, worth: IntArray) -> IntArray:
    """Return the order by owner and falling worth, through one key where that fits 64 bits."""
    low, top = int(worth.min(initial=0)), int(worth.max(initial=0))
    if (int(owner.max(initial=0)) + 1) * (top - low + 1) < 2**62:
        return np.argsort(owner * (top - low + 1) + (top - worth))
    return np.lexsort((-worth, owner))


def _only_pairs(p: PairingProblem, offer: _Offer, step_points: IntArray) -> IntArray:
    """Return the best sums: both the worth and the steps fall, so each further pair is taken while it pays."""
    gain = np.maximum(0, offer.worth + _step_of(p.load_steps, step_points, offer.owner, offer.rank))
    best = np.zeros(p.num_mentors, dtype=np.int64)
    np.add.at(best, offer.owner, gain)
    return best


def _step_of(steps: Steps, points: IntArray, owner: IntArray, place: IntArray) -> IntArray:
    """Return the points of each owner's place number ``place`` (from 0); nothing where he has no steps."""
    if not len(steps.owner) or not len(owner):
        return np.zeros(len(owner), dtype=np.int64)
    far = int(place.max()) + 1
    total = np.cumsum(np.minimum(steps.width, far))
    first = np.searchsorted(steps.owner, steps.owner)
    end = np.minimum(total - (total - np.minimum(steps.width, far))[first], far)
    index = np.searchsorted(steps.owner * (far + 1) + end, owner * (far + 1) + place, side="right")
    index = np.minimum(index, len(steps.owner) - 1)
    return np.where(steps.owner[index] == owner, points[index], 0)


def _pairs_and_groups(
    p: PairingProblem, mixed: BoolArray, pairs: _Offer, groups: _Offer, step_points: IntArray
) -> IntArray:
    """Return the best of j pairs and k groups within the places, steps counted, for mentors who may have both."""
    place = np.cumsum(mixed) - 1
    who = np.flatnonzero(mixed)
    pair_sums, group_sums = (_sums(place, offer, len(who)) for offer in (pairs, groups))
    width = pair_sums.shape[1] + group_sums.shape[1] - 1
    owner, load = np.repeat(who, width - 1), np.tile(np.arange(width - 1), len(who))
    gain = np.zeros((len(who), width), dtype=np.int64)
    gain[:, 1:] = _step_of(p.load_steps, step_points, owner, load).reshape(len(who), width - 1)
    gain = np.cumsum(gain, axis=1)
    best = np.zeros(p.num_mentors, dtype=np.int64)
    for j, k in np.ndindex(pair_sums.shape[1], group_sums.shape[1]):
        possible = (pair_sums[:, j] > NEVER) & (group_sums[:, k] > NEVER) & (j + k <= p.max_places[who])
        value = np.where(possible, pair_sums[:, j] + group_sums[:, k] + gain[:, j + k], 0)
        best[who] = np.maximum(best[who], value)
    return best


def _sums(place: IntArray, offer: _Offer, length: int) -> IntArray:
    """Return the best sum of exactly k things, shape (length, k_max + 1); NEVER where there are fewer."""
    table = np.full((length, int(offer.rank.max(initial=-1)) + 2), NEVER, dtype=np.int64)
    table[:, 0] = 0
    table[place[offer.owner], offer.rank + 1] = offer.worth
    exists = table > NEVER
    return np.where(exists, np.cumsum(np.where(exists, table, 0), axis=1), NEVER)


def _group_values(p: PairingProblem, worth: IntArray, gain: IntArray, hope: IntArray) -> IntArray:
    """Return per group: opening gain + the least size of best seats, whatever their sign, + further positive ones.

    With slots, the best slot counts; only groups that would pay without them are looked at slot by slot, since a slot
    never makes a group worth more.
    """
    value = np.full(p.num_groups, NEVER, dtype=np.int64)
    seats = np.flatnonzero((p.group >= 0) & (worth > NEVER // 2))
    if not len(seats):
        return value
    seats = seats[np.lexsort((-worth[seats], p.group[seats]))]
    _raise_to(value, p, seats, worth)
    if p.slots is not None:
        paying = (value > NEVER) & (value + gain + hope[p.group_mentor] > 0)
        value[:] = NEVER
        seats = seats[paying[p.group[seats]]]
        bits = p.slots[seats]
        for word, present in enumerate(np.bitwise_or.reduce(bits, axis=0).tolist()):
            for bit in range(64):
                if present >> bit & 1:
                    _raise_to(value, p, seats[bits[:, word] >> np.uint64(bit) & np.uint64(1) > 0], worth)
    return np.where(value > NEVER, value + gain, NEVER)


def _raise_to(value: IntArray, p: PairingProblem, seats: IntArray, worth: IntArray) -> None:
    """Raise ``value`` to the best of ``seats`` (by group, best first), in place, for groups that reach their size."""
    if not len(seats):
        return
    group = p.group[seats]
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    size = np.diff(np.r_[first, len(group)])
    rank = np.arange(len(group)) - np.repeat(first, size)
    least, most = p.group_min_size[group], p.group_max_size[group]
    counted = np.where(rank < least, worth[seats], np.maximum(0, worth[seats])) * (rank < most)
    total = np.add.reduceat(counted, first)
    which = group[first]
    enough = size >= p.group_min_size[which]
    value[which[enough]] = np.maximum(value[which[enough]], total[enough])


def _heads_within(p: PairingProblem, alone: IntArray, room: IntArray) -> IntArray:
    """Return the most pairs of each mentor; his minutes allow no more than if all were as short as the shortest."""
    most = np.minimum(p.max_individual, p.max_places)
    if not p.mentor_minutes.any():
        return most
    shortest = np.full(p.num_mentors, NO_LIMIT, dtype=np.int64)
    np.minimum.at(shortest, p.mentor[alone], p.mentor_minutes[alone])
    return np.where(shortest > 0, np.minimum(most, room // np.maximum(1, shortest)), most)


def _minutes_may_bind(
    p: PairingProblem, alone: IntArray, groups: IntArray, most_pairs: IntArray, most_groups: IntArray, room: IntArray
) -> BoolArray:
    """Return per mentor whether the longest pairs and groups he may take exceed his minutes."""
    longest = np.zeros(p.num_mentors, dtype=np.int64)
    if not (p.mentor_minutes.any() or p.group_minutes.any()):
        return longest > 0
    for owner, minutes, most in (
        (p.mentor[alone], p.mentor_minutes[alone], most_pairs),
        (p.group_mentor[groups], p.group_minutes[groups], most_groups),
    ):
        offer = _offer(owner, minutes, most)
        np.add.at(longest, offer.owner, offer.worth)
    return (p.max_minutes < NO_LIMIT) & (longest > room)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Timed:
    """What one mentor may take, with the minutes each thing costs him."""

    pair_worth: IntArray
    pair_minutes: IntArray
    group_worth: IntArray
    group_minutes: IntArray


def _best_with_minutes(p: PairingProblem, mentor: int, things: _Timed, step_points: IntArray, limit: int) -> int:
    """Return the best bundle of one mentor whose minutes bind: dynamic programming over minutes, exact.

    Where the table would be too large, a part of one thing may be taken: a bound still, and hardly above.
    """
    worth, minutes = np.r_[things.pair_worth, things.group_worth], np.r_[things.pair_minutes, things.group_minutes]
    num_pairs, num_groups = len(things.pair_worth), len(things.group_worth)
    has_steps = mentor in p.load_steps.owner
    most = min(int(p.max_places[mentor]), num_pairs + num_groups)
    most_pairs = min(int(p.max_individual[mentor]), most, num_pairs)
    most_groups = min(int(p.max_groups[mentor]), most, num_groups)
    gain = np.zeros(most + 1, dtype=np.int64)
    gain[1:] = np.cumsum(_step_of(p.load_steps, step_points, np.full(most, mentor), np.arange(most)))
    unit = int(np.gcd.reduce(minutes))
    room = limit // unit
    fit = int(np.searchsorted(np.cumsum(np.sort(minutes)), limit, side="right"))
    loose = min(fit, num_pairs) <= most_pairs and min(fit, num_groups) <= most_groups and fit <= most
    if (room + 1) * (1 if loose and not has_steps else (most_pairs + 1) * (most_groups + 1)) > MOST_CELLS:
        return _fractional(worth + int(np.diff(gain).max(initial=0)), minutes, limit)
    if loose and not has_steps:
        return _knapsack(worth, minutes // unit, room)
    table = np.full((most_pairs + 1, most_groups + 1, room + 1), NEVER, dtype=np.int64)
    table[0, 0, :] = 0
    for axis, worths, amounts in (
        (0, things.pair_worth, things.pair_minutes),
        (1, things.group_worth, things.group_minutes),
    ):
        for value, amount in zip(worths.tolist(), (amounts // unit).tolist(), strict=True):
            _take(table, axis, value, amount)
    best = 0
    for j, k in np.ndindex(most_pairs + 1, most_groups + 1):
        if j + k <= most and table[j, k, room] > NEVER // 2:
            best = max(best, int(table[j, k, room] + gain[j + k]))
    return best


def _fractional(worth: IntArray, minutes: IntArray, limit: int) -> int:
    """Return the best sum where one thing may be taken in part (Dantzig 1957), rounded up."""
    total, left = 0, limit
    paying = [(w, m) for w, m in zip(worth.tolist(), minutes.tolist(), strict=True) if w > 0]
    for value, amount in sorted(paying, key=lambda thing: Fraction(thing[1], thing[0])):
        if amount > left:
            return int(total + -(-value * left // amount))
        total, left = total + value, left - amount
    return int(total)


def _knapsack(worth: IntArray, amount: IntArray, room: int) -> int:
    """Return the best sum of worths within the room, however many they are."""
    best = np.zeros(room + 1, dtype=np.int64)
    for value, size in zip(worth.tolist(), amount.tolist(), strict=True):
        if size <= room:
            best[size:] = np.maximum(best[size:], best[: room + 1 - size] + value)
    return int(best[room])


def _take(table: IntArray, axis: int, value: int, amount: int) -> None:
    """Offer one more thing to the table (pairs, groups, minutes), in place."""
    room = table.shape[2]
    if amount >= room or table.shape[axis] == 1:
        return
    view = table if axis == 0 else table.swapaxes(0, 1)
    before = view[:-1, :, : room - amount] + value
    view[1:, :, amount:] = np.maximum(view[1:, :, amount:], before)
