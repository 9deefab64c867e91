"""The best answer of one activity to everybody else's sessions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from matcher.sessions.count import count, key_masks, walk
from matcher.sessions.layout import ActivityLayout, days_of
from matcher.sessions.state import Placing, State, Weeks

BEAM = 6
PAIRS_OF = 28
"""Pairs of rhythm keys are tried among so many of the best."""
Score = tuple[int, int, int]
"""Weighted sessions missing, prices of hints not kept, rhythm: what is compared everywhere."""


def respond(state: State, activity: int, load: Sequence[float]) -> Placing:
    """Return the sessions of an activity (not placed now): the most, of these the fewest keys, of least ``load``.

    Hints stand between: the most sessions first, then the least price of hints not kept, then the fewest keys.
    """
    a = state.layout.activities[activity]
    usable = state.usable(activity)
    masks = key_masks(a, usable)
    weeks = state.weeks(activity) if a.is_weekly else None
    if a.hints:
        return _respond_to_hints(a, usable, masks, weeks)
    chosen = fewest_keys(a, masks, load, weeks)
    mask = 0
    for k in chosen:
        mask |= masks[k]
    return spread(a, walk(mask, a, weeks), usable, chosen)


def score(activity: ActivityLayout, placing: Placing) -> Score:
    """Return what an activity's sessions count on the levels."""
    if len(placing) == 1:
        number, keys = next(iter(placing.values())).bit_count(), 1
        if activity.fixed_keys:
            keys = len({activity.key_of[i] for i in placing}.union(activity.fixed_keys))
    else:
        number = sum(mask.bit_count() for mask in placing.values())
        keys = len({activity.key_of[i] for i in placing}.union(activity.fixed_keys))
    moved = activity.lost_price
    for day, (i, price) in activity.hints.items():
        if not placing.get(i, 0) >> day & 1:
            moved += price
    return activity.weight * max(0, activity.need - number), moved, keys


def fewest_keys(
    a: ActivityLayout, masks: Sequence[int], load: Sequence[float], weeks: Weeks | None = None
) -> tuple[int, ...]:
    """Return the smallest set of rhythm keys found that holds as many sessions as all keys together.

    Exact for one key and, among the best :data:`PAIRS_OF`, for two; a beam beyond. Keys of fixed sessions are in it.
    """
    base = every = 0
    for k in a.fixed_keys:
        base |= masks[k]
    for mask in masks:
        every |= mask
    target = count(every, a, weeks)
    if target == 0:
        return ()
    if a.fixed_keys and count(base, a, weeks) >= target:
        return a.fixed_keys
    counts = [count(base | mask, a, weeks) if mask else 0 for mask in masks]
    best = max(counts)
    if best >= target:
        key = min((k for k, n in enumerate(counts) if n >= target), key=lambda k: (load[k], k))
        return (*a.fixed_keys, key)
    order = sorted((k for k, n in enumerate(counts) if n), key=lambda k: (-counts[k], load[k], k))
    found = _best_pair(a, base, masks, counts, order[:PAIRS_OF], target, load, weeks)
    if found is not None:
        return (*a.fixed_keys, *found)
    return (*a.fixed_keys, *_by_beam(a, base, masks, order, target, load, weeks))


def _best_pair(
    a: ActivityLayout,
    base: int,
    masks: Sequence[int],
    counts: Sequence[int],
    order: Sequence[int],
    target: int,
    load: Sequence[float],
    weeks: Weeks | None,
) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    least = float("inf")
    for i, k in enumerate(order):
        if 2 * counts[k] < target:
            break
        for other in order[i + 1 :]:
            # Two sets together hold at most what each of them holds.
            if counts[k] + counts[other] < target:
                break
            both = load[k] + load[other]
            if both < least and count(base | masks[k] | masks[other], a, weeks) >= target:
                best, least = (k, other), both
    return best


def _by_beam(
    a: ActivityLayout,
    base: int,
    masks: Sequence[int],
    order: Sequence[int],
    target: int,
    load: Sequence[float],
    weeks: Weeks | None,
) -> tuple[int, ...]:
    sets: list[tuple[int, float, tuple[int, ...], int]] = [(0, 0.0, (), base)]
    while True:
        longer: dict[tuple[int, ...], tuple[int, float, tuple[int, ...], int]] = {}
        for _, weight, keys, mask in sets:
            for k in order:
                name = tuple(sorted((*keys, k)))
                if k in keys or name in longer or not masks[k] & ~mask:
                    continue
                wider = mask | masks[k]
                longer[name] = (-count(wider, a, weeks), weight + load[k], name, wider)
        sets = sorted(longer.values())[:BEAM]
        if -sets[0][0] >= target:
            return sets[0][2]


def spread(a: ActivityLayout, days: Sequence[int], usable: Sequence[int], keys: Sequence[int]) -> Placing:
    """Return a choice for each day: the cheapest of these keys that is free then."""
    placing: dict[int, int] = {}
    if len(keys) == 1:
        members: Sequence[int] = a.keys[keys[0]]
    else:
        members = sorted((i for k in set(keys) for i in a.keys[k]), key=a.rank.__getitem__)
    for day in days:
        for i in members:
            if usable[i] >> day & 1:
                placing[i] = placing.get(i, 0) | 1 << day
                break
    return placing


def _respond_to_hints(a: ActivityLayout, usable: Sequence[int], masks: Sequence[int], weeks: Weeks | None) -> Placing:
    """Return the most sessions with the dearest hints kept, in few keys."""
    prices = {day: price for day, (i, price) in a.hints.items() if usable[i] >> day & 1}
    every = 0
    for mask in masks:
        every |= mask
    target = _kept_walk(a, every, prices, weeks)
    kept = [day for day in target if day in prices]
    goal = (len(target), sum(prices[day] for day in kept))
    keys = list(dict.fromkeys([*a.fixed_keys, *(a.key_of[a.hints[day][0]] for day in kept)]))

    def reach(chosen: Sequence[int]) -> tuple[tuple[int, int], list[int]]:
        mask = 0
        for k in chosen:
            mask |= masks[k]
        days = _kept_walk(a, mask, prices, weeks)
        return (len(days), sum(prices.get(day, 0) for day in days)), days

    reached, days = reach(keys)
    while reached < goal:
        others = [k for k in range(len(masks)) if k not in keys]
        (reached, days), key = max(((reach([*keys, k]), k) for k in others), key=lambda found: (found[0][0], -found[1]))
        keys.append(key)
    placing = dict(spread(a, [day for day in days if day not in prices], usable, keys))
    for day in days:
        if day in prices:
            i = a.hints[day][0]
            placing[i] = placing.get(i, 0) | 1 << day
    return placing


def _kept_walk(a: ActivityLayout, mask: int, prices: dict[int, int], weeks: Weeks | None) -> list[int]:
    """Return the most days, of these the dearest hints: a dynamic programme from the last day to the first.

    A week limit between sessions of this activity is kept by leaving out what comes after the week is full.
    """
    days = days_of(mask)
    following = [(a.after[day] & -a.after[day]).bit_length() - 1 if a.after[day] else -1 for day in days]
    jump = [len(days) if nd < 0 else bisect_left(days, nd) for nd in following]
    big = 1 + sum(prices.values())
    worth = [big + prices.get(day, 0) for day in days]
    # value[r][i]: the best of days i, i + 1, … with r sessions left to place
    value = [[0] * (len(days) + 1)]
    for _ in range(min(a.need, len(days))):
        less, row = value[-1], [0] * (len(days) + 1)
        for i in range(len(days) - 1, -1, -1):
            row[i] = max(row[i + 1], worth[i] + less[jump[i]])
        value.append(row)
        if row[0] == less[0]:
            break
    chosen: list[int] = []
    i, r = 0, len(value) - 1
    while i < len(days) and r > 0:
        if value[r][i] > value[r][i + 1]:
            if weeks is None or not chosen or weeks.left_after(chosen) >> days[i] & 1:
                chosen.append(days[i])
            i, r = jump[i], r - 1
        else:
            i += 1
    return chosen
