"""What one mentor, on his own, can earn at given prices: exact, by sorting (and counting hours where they bind).

Used by the certificate only; the solvers have their own code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps

IntArray = NDArray[np.int64]
NEVER = -(2**60)


def best_bundle_values(
    problem: PairingProblem, worth: IntArray, group_gain: IntArray, step_points: IntArray, refund: IntArray
) -> IntArray:
    """Return the value of every mentor's best bundle, shape (num_mentors,).

    ``worth`` (num_options,) is what an option earns at the prices, ``group_gain`` (num_groups,) what opening earns,
    ``step_points`` (num_steps,) the points of ``load_steps``, ``refund`` (num_options,) the minutes that links may
    give back. A bundle keeps the mentor's numbers of pairs, groups and places, group sizes, one slot for a
    group, and his minutes.
    """
    p = problem
    group_value = _group_values(p, worth, group_gain)
    alone = np.flatnonzero(p.group < 0)
    steps = _step_totals(p.load_steps, step_points, p.num_mentors, int(p.max_places.max(initial=0)))
    tight = _minutes_may_bind(p, alone, refund)
    pairs = _best_sums(p.mentor[alone], worth[alone], p.max_individual, p.num_mentors, steps)
    groups = _best_sums(p.group_mentor, group_value, p.max_groups, p.num_mentors, steps)
    best = _combine(pairs, groups, p.max_places, steps)
    for mentor in np.flatnonzero(tight).tolist():
        best[mentor] = _best_with_minutes(p, mentor, alone, worth, group_value, steps, refund)
    return best


def _group_values(p: PairingProblem, worth: IntArray, gain: IntArray) -> IntArray:
    """Return per group: opening gain + the least size of best seats, whatever their sign, + further positive ones."""
    value = np.full(p.num_groups, NEVER, dtype=np.int64)
    seats = np.flatnonzero(p.group >= 0)
    if not len(seats):
        return value
    if p.slots is None:
        _raise_to(value, p, seats, worth)
    else:
        for slot in range(64 * p.slots.shape[1]):
            word, bit = divmod(slot, 64)
            free = seats[(p.slots[seats, word] >> np.uint64(bit)) & np.uint64(1) > 0]
            _raise_to(value, p, free, worth)
    return np.where(value > NEVER, value + gain, NEVER)


def _raise_to(value: IntArray, p: PairingProblem, seats: IntArray, worth: IntArray) -> None:
    """Raise ``value`` to the best seats among ``seats``, in place, for groups that reach their least size."""
    if not len(seats):
        return
    order = seats[np.lexsort((-worth[seats], p.group[seats]))]
    group = p.group[order]
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    size = np.diff(np.r_[first, len(group)])
    rank = np.arange(len(group)) - np.repeat(first, size)
    least, most = p.group_min_size[group], p.group_max_size[group]
    counted = np.where(rank < least, worth[order], np.maximum(0, worth[order])) * (rank < most)
    total = np.add.reduceat(counted, first)
    which = group[first]
    enough = size >= p.group_min_size[which]
    value[which[enough]] = np.maximum(value[which[enough]], total[enough])


def _step_totals(steps: Steps, points: IntArray, num_mentors: int, most: int) -> IntArray:
    """Return the gain of a load of 0…most places, shape (num_mentors, most + 1); loads beyond the steps never occur."""
    total = np.zeros((num_mentors, most + 1), dtype=np.int64)
    if not len(steps.owner):
        return total
    width = np.minimum(steps.width, most)
    unit_owner = np.repeat(steps.owner, width)
    unit_points = np.repeat(points, width)
    first = np.searchsorted(unit_owner, unit_owner)
    place = np.arange(len(unit_owner)) - first
    kept = place < most
    total[unit_owner[kept], place[kept] + 1] = unit_points[kept]
    return np.cumsum(total, axis=1)


def _best_sums(owner: IntArray, worth: IntArray, most: IntArray, num_mentors: int, steps: IntArray) -> IntArray:
    """Return the best sum of exactly k items, shape (num_mentors, k_max + 1); NEVER where there are fewer.

    Items that cannot pay even with the best step are left out: they never stand in a best bundle.
    """
    hope = np.diff(steps, axis=1).max(axis=1, initial=0)
    useful = np.flatnonzero((worth + hope[owner] > 0) & (worth > NEVER // 2))
    useful = useful[np.lexsort((-worth[useful], owner[useful]))]
    mine = owner[useful]
    rank = np.arange(len(mine)) - np.searchsorted(mine, mine)
    kept = rank < most[mine]
    useful, mine, rank = useful[kept], mine[kept], rank[kept]
    k_max = int(rank.max(initial=-1)) + 1
    table = np.full((num_mentors, k_max + 1), NEVER, dtype=np.int64)
    table[:, 0] = 0
    table[mine, rank + 1] = worth[useful]
    counted = np.minimum.accumulate(table > NEVER, axis=1)
    return np.where(counted, np.cumsum(np.where(counted, table, 0), axis=1), NEVER)


def _combine(pairs: IntArray, groups: IntArray, max_places: IntArray, steps: IntArray) -> IntArray:
    """Return the best of j pairs and k groups within the places, steps counted."""
    best = np.zeros(len(pairs), dtype=np.int64)
    for j in range(pairs.shape[1]):
        for k in range(groups.shape[1]):
            if j + k >= steps.shape[1]:
                continue
            value = pairs[:, j] + groups[:, k] + steps[:, j + k]
            possible = (pairs[:, j] > NEVER) & (groups[:, k] > NEVER) & (j + k <= max_places)
            best = np.where(possible, np.maximum(best, value), best)
    return best


def _minutes_may_bind(p: PairingProblem, alone: IntArray, refund: IntArray) -> NDArray[np.bool_]:
    """Return per mentor whether the longest pairs and groups he may take exceed his minutes."""
    longest = np.zeros(p.num_mentors, dtype=np.int64)
    for owner, minutes, most in (
        (p.mentor[alone], p.mentor_minutes[alone], p.max_individual),
        (p.group_mentor, p.group_minutes, p.max_groups),
    ):
        order = np.lexsort((-minutes, owner))
        rank = np.arange(len(order)) - np.searchsorted(owner[order], owner[order])
        kept = order[rank < most[owner[order]]]
        np.add.at(longest, owner[kept], minutes[kept])
    return (p.max_minutes < NO_LIMIT) & (longest > p.max_minutes)


def _best_with_minutes(
    p: PairingProblem,
    mentor: int,
    alone: IntArray,
    worth: IntArray,
    group_value: IntArray,
    steps: IntArray,
    refund: IntArray,
) -> int:
    """Return the best bundle of one mentor whose minutes bind: dynamic programming over minutes, exact.

    Minutes that links may give back are added to his limit.
    """
    mine = alone[p.mentor[alone] == mentor]
    groups = np.flatnonzero((p.group_mentor == mentor) & (group_value > NEVER))
    limit = int(p.max_minutes[mentor] + refund[mine].sum())
    amounts = np.r_[p.mentor_minutes[mine], p.group_minutes[groups]]
    unit = int(np.gcd.reduce(amounts[amounts > 0])) if (amounts > 0).any() else 1
    room = limit // unit
    most = (int(p.max_individual[mentor]), int(p.max_groups[mentor]), int(p.max_places[mentor]))
    most_pairs, most_groups = min(most[0], most[2], len(mine)), min(most[1], most[2], len(groups))
    table = np.full((most_pairs + 1, most_groups + 1, room + 1), NEVER, dtype=np.int64)
    table[0, 0, :] = 0
    for axis, items, values, minutes in (
        (0, mine, worth, p.mentor_minutes),
        (1, groups, group_value, p.group_minutes),
    ):
        for item in items.tolist():
            _take(table, axis, int(values[item]), int(minutes[item]) // unit)
    best = 0
    for j, k in np.ndindex(most_pairs + 1, most_groups + 1):
        if j + k <= most[2] and table[j, k, room] > NEVER // 2:
            best = max(best, int(table[j, k, room] + steps[mentor, j + k]))
    return best


def _take(table: IntArray, axis: int, value: int, amount: int) -> None:
    """Offer one more item to the table (pairs, groups, minutes), in place."""
    room = table.shape[2]
    if amount >= room or table.shape[axis] == 1:
        return
    view = table if axis == 0 else table.swapaxes(0, 1)
    before = view[:-1, :, : room - amount] + value
    view[1:, :, amount:] = np.maximum(view[1:, :, amount:], before)
