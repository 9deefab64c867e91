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

from matcher.pairing.bundles import best_bundle_values
from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps

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
    """
    _check(problem, prices, level)
    weight = prices.weight
    kept = sum(int(weight[j]) * values[j] for j in range(level))
    total = lagrangian_bound(problem, prices)
    if level != problem.worst_off_level:
        return (total - kept) // int(weight[level])
    if total < kept:
        return prices.threshold - 1
    return _most_floor(problem)


def lagrangian_bound(problem: PairingProblem, prices: LevelPrices) -> int:
    """Return the bound L of the weighted points at these prices (an exact integer)."""
    p, levels = problem, len(prices.weight)

    def weighted(points: IntArray) -> IntArray:
        total: IntArray = prices.weight @ points[:levels]
        return total

    worth = weighted(p.points) - prices.mentee[p.mentee]
    if prices.minute.any():
        worth -= prices.minute[p.mentee] * p.mentee_minutes
    if prices.served.any():
        # An extra option serves nobody by itself: it comes after one that does.
        worth += prices.served[p.mentee] if p.extra is None else prices.served[p.mentee] * ~p.extra
    np.add.at(worth, p.cover_option, prices.item[p.cover_item])
    np.subtract.at(worth, p.quota_option, prices.quota[p.quota_owner])
    refund = np.zeros(p.num_options, dtype=np.int64)
    _add_links(p, weighted(p.link_points), worth, refund)
    floor_total = 0
    if prices.floor.any():
        assert p.floor_points is not None
        worth += prices.floor[p.mentee] * p.floor_points
        floor_total = prices.threshold * int(prices.floor.sum())

    # The gain of serving a mentee: where the floor binds only the served, serving costs the threshold.
    served = weighted(p.served_points) - prices.served
    if floor_total and p.floor_served_only:
        served = served - prices.threshold * prices.floor
        floor_total = 0
    mentee_refund = np.zeros(p.num_mentees, dtype=np.int64)
    np.add.at(mentee_refund, p.mentee, refund)
    minutes = np.where(prices.minute > 0, p.max_mentee_minutes + mentee_refund, 0)
    total = sum(
        int(part.sum())
        for part in (
            prices.mentee * p.max_mentors,
            prices.minute * minutes,
            np.maximum(0, served),
            np.maximum(0, weighted(p.item_points) - prices.item),
            _steps_value(p.quota_steps, weighted(p.quota_steps.points), prices.quota),
        )
    )
    bundles = best_bundle_values(p, worth, weighted(p.group_points), weighted(p.load_steps.points), refund)
    return total + int(bundles.sum()) - floor_total


def _add_links(p: PairingProblem, points: IntArray, worth: IntArray, refund: IntArray) -> None:
    """Pay a link to its two options, half each and rounded up; note the minutes it may give back."""
    half = -(-np.maximum(0, points) // 2)
    for side in (p.link_first, p.link_second):
        np.add.at(worth, side, half)
        np.add.at(refund, side, p.link_refund_minutes)


def _steps_value(steps: Steps, points: IntArray, price: IntArray) -> IntArray:
    """Return what each step earns when its members are paid for at ``price``."""
    earned: IntArray = steps.width * np.maximum(0, points + price[steps.owner])
    return earned


def _most_floor(p: PairingProblem) -> int:
    """Return the least, over the mentees of the floor, of the best sum his options allow."""
    assert p.floor_points is not None
    assert p.floor_mentee is not None
    best = [0] * p.num_mentees
    order = np.lexsort((-p.floor_points, p.mentee))
    begin = np.searchsorted(p.mentee[order], np.arange(p.num_mentees + 1))
    for mentee in np.flatnonzero(p.floor_mentee).tolist():
        mine = p.floor_points[order[begin[mentee] : begin[mentee + 1]]][: int(p.max_mentors[mentee])]
        best[mentee] = int(np.maximum(0, mine).sum())
    return min((best[n] for n in np.flatnonzero(p.floor_mentee).tolist()), default=0)


def _check(p: PairingProblem, prices: LevelPrices, level: int) -> None:
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
    if prices.floor.any() and (p.floor_points is None or p.floor_mentee is None):
        raise ValueError("prices of a floor that the problem does not have")
    if p.floor_mentee is not None and prices.floor[~p.floor_mentee].any():
        raise ValueError("a floor price of a mentee outside the floor")
    _check_size(p, prices)


def _check_size(p: PairingProblem, prices: LevelPrices) -> None:
    """Refuse prices so large that 64-bit sums could wrap around."""
    weights = [int(w) for w in prices.weight]
    points = (p.points, p.group_points, p.served_points, p.item_points, p.link_points)
    reach = sum(
        weights[j] * max((int(np.abs(a[j]).max(initial=0)) for a in points), default=0) for j in range(len(weights))
    )
    for steps in (p.load_steps, p.quota_steps):
        reach += sum(weights[j] * int(np.abs(steps.points[j]).max(initial=0)) for j in range(len(weights)))
    longest = max(1, int(np.abs(p.mentee_minutes).max(initial=0)))
    largest = max(int(np.abs(getattr(prices, n)).max(initial=0)) for n in ("mentee", "served", "item", "quota"))
    reach += 4 * largest + longest * int(prices.minute.max(initial=0))
    if p.floor_points is not None:
        reach += int(prices.floor.max(initial=0)) * int(np.abs(p.floor_points).max(initial=0))
    if reach * max(1, p.num_options + p.num_mentees + p.num_items) >= 2**63:
        raise ValueError("prices too large for exact 64-bit arithmetic")
