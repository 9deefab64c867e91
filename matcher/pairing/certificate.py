r"""Prices that prove a bound: re-checkable in exact integers by anyone, without a solver.

Rules that bind several mentors (a mentee's number of mentors and hours, gains counted once, quotas) are given
a price. At these prices every mentor, on his own, takes the bundle of pairs and groups that is worth most to
him. The sum of the bundles and of the prices cannot be exceeded by any plan: Lagrangian duality. *Any* prices
give a valid bound; good prices give a tight one.

A level is proved on top of the levels above it: with whole weights :math:`\mu_j \ge 0` on them, no plan that keeps
their values :math:`v_j` exceeds :math:`(L - \sum_{j<k} \mu_j v_j) / \mu_k` on level *k*, where *L* bounds
:math:`\sum_{j \le k} \mu_j c_j`.

Some rules are left out of a mentor's own problem where they would make it hard (one option of one person, one group of
a theme, different slots of his groups, conflicts). Leaving out a rule can only raise the bound, so it stays valid.

References
----------
.. [1] A. M. Geoffrion, "Lagrangean relaxation for integer programming", Mathematical Programming Study 2 (1974).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.bundles import NEVER, best_bundle_values
from matcher.pairing.problem import NO_LIMIT, PairingProblem

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelPrices:
    """The prices that bound one level, whole numbers in units of the weighted points.

    ``weight`` (level + 1,): weights of the levels down to this one, the last positive, the others not negative.
    ``mentee`` (num_mentees,) ≥ 0: price of one place with a mentee; ``minute`` (num_mentees,) ≥ 0: of one of his
    minutes; ``served`` (num_mentees,) ≥ 0 and ``item`` (num_items,) ≥ 0: what an option is paid for serving or
    covering; ``quota`` (num_quotas,): price of one member of a quota; ``floor`` (num_mentees,) ≥ 0: of one point of
    the worst-off threshold ``threshold``. On the level of the worst-off, the prices show that ``threshold`` cannot
    be reached.
    """

    weight: IntArray
    mentee: IntArray
    minute: IntArray
    served: IntArray
    item: IntArray
    quota: IntArray
    floor: IntArray
    threshold: int = 0

    @classmethod
    def zero(cls, problem: PairingProblem, level: int) -> LevelPrices:
        """Return prices of nothing: valid, and as a rule weak."""
        weight = np.zeros(level + 1, dtype=np.int64)
        weight[level] = 1

        def none(length: int) -> IntArray:
            return np.zeros(length, dtype=np.int64)

        return cls(
            weight=weight,
            mentee=none(problem.num_mentees),
            minute=none(problem.num_mentees),
            served=none(problem.num_mentees),
            item=none(problem.num_items),
            quota=none(problem.num_quotas),
            floor=none(problem.num_mentees),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Certificate:
    """Prices for every level and the values reached, from which all bounds follow.

    ``values`` (num_levels,) are the values of the plan; the bound of a level holds for all plans that keep the values
    above it. ``status`` claims nothing: compare :meth:`bounds` with ``values``.
    """

    values: tuple[int, ...]
    prices: tuple[LevelPrices, ...]

    def bounds(self, problem: PairingProblem) -> tuple[int, ...]:
        """Return the bound of every level, recomputed in exact integers.

        Raises
        ------
        ValueError
            When the prices do not belong to this problem or have a wrong sign.
        """
        return tuple(level_bound(problem, self.prices[k], k, self.values) for k in range(problem.num_levels))

    def bound(self, problem: PairingProblem) -> float:
        """Return the bound of the headline level in units of the scores."""
        points = self.bounds(problem)[problem.headline]
        return points if problem.unit == 1 else points / problem.unit

    def holds(self, problem: PairingProblem) -> bool:
        """Return whether the prices prove every level: bound equals value throughout."""
        try:
            return self.bounds(problem) == self.values
        except ValueError:
            return False


def level_bound(problem: PairingProblem, prices: LevelPrices, level: int, values: tuple[int, ...]) -> int:
    """Return what no plan can exceed on ``level`` while it keeps ``values`` on the levels above.

    On the level of the worst-off this is one less than a threshold the prices refute, or the best the points allow.

    Raises
    ------
    ValueError
        When the prices do not belong to this problem, have a wrong sign, or are too large for exact arithmetic.
    """
    _check(problem, prices, level, values)
    weight = prices.weight
    # The worst-off have no points of their own: they enter through the floor prices only.
    kept = sum(int(weight[j]) * values[j] for j in range(level) if j != problem.worst_off_level)
    total = lagrangian_bound(problem, prices)
    if level != problem.worst_off_level:
        return (total - kept) // int(weight[level])
    if total < kept:
        return prices.threshold - 1
    return _most_floor(problem)


def lagrangian_bound(problem: PairingProblem, prices: LevelPrices) -> int:
    """Return the bound L of the weighted points at these prices (an exact integer)."""
    p, levels = problem, len(prices.weight)
    weight = prices.weight.copy()
    if p.worst_off_level is not None:
        weight[p.worst_off_level : p.worst_off_level + 1] = 0

    def weighted(points: IntArray) -> IntArray:
        return weight @ points[:levels]

    refund = _refunds(p)
    usable = _usable(p, refund)
    worth = weighted(p.points) + (prices.served - prices.mentee)[p.mentee]
    if p.extra is not None:
        # An extra option serves nobody by itself: it comes after one that does.
        worth[p.extra] -= prices.served[p.mentee[p.extra]]
    if prices.minute.any():
        worth -= prices.minute[p.mentee] * p.mentee_minutes
    np.add.at(worth, p.cover_option, prices.item[p.cover_item])
    np.subtract.at(worth, p.quota_option, prices.quota[p.quota_owner])
    _pay_links(p, weighted(p.link_points), usable, worth)
    floor_total = 0
    if prices.floor.any():
        assert p.floor_points is not None
        worth += prices.floor[p.mentee] * p.floor_points
        floor_total = prices.threshold * int(prices.floor.sum())

    # The gain of serving a mentee: where the floor binds only the served, serving costs the threshold.
    served = weighted(p.served_points) - prices.served
    if p.floor_served_only and floor_total:
        served = served - prices.threshold * prices.floor
        floor_total = 0
    worth[~usable] = NEVER
    bundles = best_bundle_values(p, worth, weighted(p.group_points), weighted(p.load_steps.points), refund)
    heads = _most_heads(p, usable, refund)
    coverable = np.bincount(p.cover_item[usable[p.cover_option]], minlength=p.num_items) > 0
    parts = (
        prices.mentee * heads,
        prices.minute * np.where(prices.minute > 0, _most_minutes(p, refund), 0),
        np.maximum(0, served) * (heads > 0),
        np.maximum(0, weighted(p.item_points) - prices.item) * coverable,
        _steps_value(p, usable, weighted(p.quota_steps.points), prices.quota),
        bundles,
    )
    return sum(_exact_sum(part) for part in parts) - floor_total


def _exact_sum(amounts: IntArray) -> int:
    """Return the sum as a whole number of any size."""
    return (int((amounts >> 31).sum()) << 31) + int((amounts & (2**31 - 1)).sum())


def _refunds(p: PairingProblem) -> IntArray:
    """Return per option the minutes that its links may give back."""
    refund = np.zeros(p.num_options, dtype=np.int64)
    for side in (p.link_first, p.link_second):
        np.add.at(refund, side, p.link_refund_minutes)
    return refund


def _most_minutes(p: PairingProblem, refund: IntArray) -> IntArray:
    """Return the minutes of each mentee with all that his links may give back."""
    most = p.max_mentee_minutes.copy()
    if refund.any():
        np.add.at(most, p.mentee, refund)
    return most


def _usable(p: PairingProblem, refund: IntArray) -> NDArray[np.bool_]:
    """Return which options the limits of mentor, group and mentee, each on its own, allow at all."""
    usable = np.ones(p.num_options, dtype=bool)
    if p.mentee_minutes.any():
        usable &= p.mentee_minutes <= _most_minutes(p, refund)[p.mentee]
    if p.mentor_minutes.any():
        most = p.max_minutes.copy()
        np.add.at(most, p.mentor, refund)
        usable &= p.mentor_minutes <= most[p.mentor]
    if not p.max_mentors.all():
        usable &= p.max_mentors[p.mentee] > 0
    alone, together = np.minimum(p.max_individual, p.max_places), np.minimum(p.max_groups, p.max_places)
    if not alone.all():
        usable &= (p.group >= 0) | (alone[p.mentor] > 0)
    if p.num_groups and not together.all():
        usable &= (p.group < 0) | (together[p.mentor] > 0)
    while (kept := usable & _has_what_it_needs(p, usable, refund)).sum() < usable.sum():
        usable = kept
    return usable


def _has_what_it_needs(p: PairingProblem, usable: NDArray[np.bool_], refund: IntArray) -> NDArray[np.bool_]:
    """Return which options have the others they need: enough seats, a first mentor, their companion."""
    found = np.ones(p.num_options, dtype=bool)
    if p.num_groups:
        most = p.max_minutes.copy()
        np.add.at(most, p.mentor, refund)
        size = np.bincount(p.group[usable & (p.group >= 0)], minlength=p.num_groups)
        can_open = (size >= p.group_min_size) & (p.group_max_size >= p.group_min_size)
        can_open &= p.group_minutes <= most[p.group_mentor]
        found &= (p.group < 0) | can_open[p.group]
    if p.extra is not None:
        first = np.zeros(p.num_mentees, dtype=bool)
        first[p.mentee[usable & ~p.extra]] = True
        found &= ~p.extra | (first & (p.max_mentors > 1))[p.mentee]
    if p.companion is not None:
        found &= (p.companion < 0) | usable[p.companion]
    return found


def _most_heads(p: PairingProblem, usable: NDArray[np.bool_], refund: IntArray) -> IntArray:
    """Return how many options each mentee can have: by his number of mentors, by his minutes, by what there is."""
    mentee = p.mentee if usable.all() else p.mentee[usable]
    most = np.minimum(p.max_mentors, np.bincount(mentee, minlength=p.num_mentees))
    if p.mentee_minutes.any():
        shortest = np.full(p.num_mentees, NO_LIMIT, dtype=np.int64)
        np.minimum.at(shortest, mentee, p.mentee_minutes[usable])
        fit = _most_minutes(p, refund) // np.maximum(1, shortest)
        most = np.where(shortest > 0, np.minimum(most, fit), most)
    return most


def _pay_links(p: PairingProblem, points: IntArray, usable: NDArray[np.bool_], worth: IntArray) -> None:
    """Pay a link to its two options, half each and rounded up, where both can be chosen."""
    half = np.where(usable[p.link_first] & usable[p.link_second], -(-np.maximum(0, points) // 2), 0)
    for side in (p.link_first, p.link_second):
        np.add.at(worth, side, half)


def _steps_value(p: PairingProblem, usable: NDArray[np.bool_], points: IntArray, price: IntArray) -> IntArray:
    """Return what each step of the quotas earns when its members, as many as there are, are paid for at ``price``."""
    steps = p.quota_steps
    members = np.bincount(p.quota_owner[usable[p.quota_option]], minlength=p.num_quotas)
    before = np.cumsum(steps.width) - steps.width
    before -= before[np.searchsorted(steps.owner, steps.owner)]
    width = np.clip(members[steps.owner] - before, 0, steps.width)
    value: IntArray = width * np.maximum(0, points + price[steps.owner])
    return value


def _most_floor(p: PairingProblem) -> int:
    """Return the best sum of floor points that all (with ``floor_served_only``: that one) of the mentees can reach."""
    assert p.floor_points is not None
    assert p.floor_mentee is not None
    order = np.lexsort((-p.floor_points, p.mentee))
    mentee = p.mentee[order]
    taken = np.arange(len(order)) - np.searchsorted(mentee, mentee) < p.max_mentors[mentee]
    best = np.zeros(p.num_mentees, dtype=np.int64)
    np.add.at(best, mentee[taken], np.maximum(0, p.floor_points[order[taken]]))
    counted = best[p.floor_mentee]
    if not len(counted):
        return 0
    return int(counted.max() if p.floor_served_only else counted.min())


def _check(p: PairingProblem, prices: LevelPrices, level: int, values: tuple[int, ...]) -> None:
    lengths = {
        "weight": level + 1,
        "mentee": p.num_mentees,
        "minute": p.num_mentees,
        "served": p.num_mentees,
        "item": p.num_items,
        "quota": p.num_quotas,
        "floor": p.num_mentees,
    }
    for name, length in lengths.items():
        array = getattr(prices, name)
        if array.shape != (length,) or array.dtype.kind != "i":
            raise ValueError(f"prices of {name}: {length} whole numbers are needed")
        if name != "quota" and array.min(initial=0) < 0:
            raise ValueError(f"prices of {name}: negative")
    if prices.weight[level] <= 0 and level != p.worst_off_level:
        raise ValueError("the weight of the level itself must be positive")
    if (prices.minute[p.max_mentee_minutes >= NO_LIMIT] > 0).any():
        raise ValueError("a price on minutes that have no limit")
    if prices.floor.any():
        _check_floor(p, prices, level, values)
    if not is_exact(p, prices):
        raise ValueError("prices too large for exact 64-bit arithmetic")


def _check_floor(p: PairingProblem, prices: LevelPrices, level: int, values: tuple[int, ...]) -> None:
    """Refuse a floor that the plans in question need not reach."""
    if p.worst_off_level is None or p.floor_points is None or p.floor_mentee is None or level < p.worst_off_level:
        raise ValueError("prices of a floor that the problem does not have on this level")
    if level > p.worst_off_level and prices.threshold > values[p.worst_off_level]:
        raise ValueError("prices of a floor above the one that is reached")
    if prices.floor[~p.floor_mentee].any():
        raise ValueError("a floor price of a mentee outside the floor")


def is_exact(problem: PairingProblem, prices: LevelPrices) -> bool:
    """Return whether the prices are small enough that no 64-bit sum of one person can wrap around."""
    p = problem

    def largest(array: IntArray) -> int:
        return int(max(array.max(initial=0), -array.min(initial=0)))

    def weighted(points: IntArray) -> int:
        return sum(int(w) * largest(row) for w, row in zip(prices.weight, points[: len(prices.weight)], strict=True))

    def often(index: IntArray) -> int:
        return int(np.bincount(index).max(initial=0)) if len(index) else 0

    option = weighted(p.points) + largest(prices.mentee) + largest(prices.served)
    option += largest(prices.minute) * largest(p.mentee_minutes)
    option += largest(prices.item) * often(p.cover_option) + largest(prices.quota) * often(p.quota_option)
    option += weighted(p.link_points) * (often(p.link_first) + often(p.link_second) + 1)
    if p.floor_points is not None:
        option += largest(prices.floor) * (largest(p.floor_points) + abs(prices.threshold))
    thing = option * max(1, min(largest(p.group_max_size), often(p.group[p.group >= 0]))) + weighted(p.group_points)
    heads = min(largest(p.max_places), often(p.mentor) + often(p.group_mentor))
    bundle = (thing + weighted(p.load_steps.points)) * max(1, heads)
    minutes = largest(np.where(prices.minute > 0, p.max_mentee_minutes, 0)) + largest(p.link_refund_minutes) * max(
        1, often(p.mentee)
    )
    others = (
        largest(prices.mentee) * max(1, often(p.mentee)),
        largest(prices.minute) * minutes,
        weighted(p.served_points) + weighted(p.item_points),
        (weighted(p.quota_steps.points) + largest(prices.quota)) * max(1, often(p.quota_owner)),
    )
    return 4 * bundle < -NEVER and 4 * max(others) < 2**62
