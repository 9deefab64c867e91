"""Prices that prove a bound of a session plan, re-checked in whole numbers and without a solver.

Suppose every minute of a person, every week, room and licence had a price. Each activity, left alone with these
prices, would choose the sessions that are best for it. All together cannot do better than that, plus what is paid for
everything there is: a bound on every plan, whatever the prices. The proof is in ``docs/explanation/sessions-proof.md``.

References
----------
.. [1] A. M. Geoffrion, "Lagrangean relaxation for integer programming", Mathematical Programming Study 2 (1974),
   82-114.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.beside import Left, build_left
from matcher.sessions.problem import NO_LIMIT, SessionProblem

IntArray = NDArray[np.int64]

MOST_KEYS = 150
"""An activity with more rhythm keys is not asked for pairs of them: with two it may use every key."""
LARGEST = 2**60
NEVER = -(2**61)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionPrices:
    """Prices, whole numbers at least 0; ``scale`` of them are one unit of the level.

    ``meeting`` (n, 4): person, day, minute, price of being in a session at this minute. ``week`` (n, 3): person, week,
    price of a unit of his minutes (the greatest common divisor of all his sessions). ``cell`` (n, 3): cell, day, price
    of a session. ``wanted`` (n, 2): activity, price of one of its sessions. ``missed``: price of a session missing,
    for each unit of its weight; 0 on the level of those missing.
    """

    scale: int
    meeting: IntArray
    week: IntArray
    cell: IntArray
    wanted: IntArray
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionCertificate:
    """Prices and what they are said to prove.

    ``level`` is "missing" or "rhythm"; ``allowed`` are the (weighted) sessions that the plans may miss for which the
    bound of rhythm holds.
    """

    level: str
    prices: SessionPrices
    allowed: int = 0

    def bound(self, problem: SessionProblem) -> int:
        """Return what no plan comes below on the level, recomputed in whole numbers.

        Raises
        ------
        ValueError
            When the prices do not belong to the problem, are negative, or too large for exact arithmetic.
        """
        if self.level == "missing":
            return missing_bound(problem, self.prices)
        if self.level == "rhythm":
            return rhythm_bound(problem, self.prices, self.allowed)
        raise ValueError(f"no level {self.level!r}")

    def proves(self, problem: SessionProblem, value: int) -> bool:
        """Return whether no plan comes below ``value``."""
        try:
            return self.bound(problem) >= value
        except ValueError:
            return False


def free_certificate(level: str, *, missed: int = 0, allowed: int = 0) -> SessionCertificate:
    """Return a certificate in which nothing but a session missing has a price: what activities prove by themselves."""
    people, weeks, cells, wanted = (np.zeros((0, width), dtype=np.int64) for width in (4, 3, 3, 2))
    prices = SessionPrices(scale=1, meeting=people, week=weeks, cell=cells, wanted=wanted, missed=missed)
    return SessionCertificate(level=level, prices=prices, allowed=allowed)


def missing_bound(problem: SessionProblem, prices: SessionPrices) -> int:
    """Return the least weighted number of sessions missing in any plan, as far as the prices prove it."""
    left = build_left(problem)
    charge, paid = _charges(problem, left, prices)
    total = -paid
    for a, choices in enumerate(_choices(problem)):
        weight, need = int(problem.weight[a]) * prices.scale, int(left.need[a])
        profit = np.where(left.days[choices], weight - charge[choices], NEVER).max(axis=0, initial=NEVER)
        # A walk may have more sessions than are wanted, but none of them earns more than its weight.
        total += max(0, weight * need - int(_best_walks(profit[:, None], problem.next_day[a])[0]))
    step = max(1, int(np.gcd.reduce(problem.weight, initial=0)))
    return max(0, -(-total // (prices.scale * step)) * step)


def rhythm_bound(problem: SessionProblem, prices: SessionPrices, allowed: int) -> int:
    """Return the least rhythm of plans that miss at most ``allowed``, as far as the prices prove it."""
    left = build_left(problem)
    charge, paid = _charges(problem, left, prices)
    total = -paid - prices.missed * allowed
    fixed: dict[int, set[int]] = defaultdict(set)
    for choice in problem.fixed_choice.tolist():
        fixed[int(problem.choice_activity[choice])].add(int(problem.slot_rhythm[problem.choice_slot[choice]]))
    for a, choices in enumerate(_choices(problem)):
        worth = prices.missed * int(problem.weight[a])
        profit = np.where(left.days[choices], worth - charge[choices], NEVER)
        rhythm = problem.slot_rhythm[problem.choice_slot[choices]]
        keys = _KeyProfits.of(profit, rhythm, fixed[a])
        total += keys.least_cost(problem.next_day[a], prices.scale, worth * int(left.need[a]))
        total += len(fixed[a]) * prices.scale
    return max(0, -(-total // prices.scale))


def _choices(p: SessionProblem) -> list[IntArray]:
    order = np.argsort(p.choice_activity, kind="stable")
    edge = np.searchsorted(p.choice_activity[order], np.arange(p.num_activities + 1))
    return [order[lo:hi] for lo, hi in pairwise(edge)]


def _best_walks(profit: IntArray, next_day: IntArray) -> IntArray:
    """Return the most that each column (day, column) earns on days that may follow one another."""
    reach = np.zeros((len(profit) + 1, profit.shape[1]), dtype=np.int64)
    for day in range(len(profit) - 1, -1, -1):
        np.maximum(reach[day + 1], profit[day] + reach[next_day[day]], out=reach[day])
    found: IntArray = reach[0]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _KeyProfits:
    """What an activity earns day by day: on the keys of fixed sessions alone, and with one key besides (day, key)."""

    free: IntArray
    keys: IntArray

    @classmethod
    def of(cls, profit: IntArray, rhythm: IntArray, fixed: set[int]) -> _KeyProfits:
        """Return the profits of each key; those of fixed sessions come free with it."""
        free = profit[np.isin(rhythm, list(fixed))].max(axis=0, initial=NEVER)
        others = [key for key in np.unique(rhythm).tolist() if key not in fixed]
        columns = [np.maximum(free, profit[rhythm == key].max(axis=0, initial=NEVER)) for key in others]
        none = np.zeros((len(free), 0), dtype=np.int64)
        return cls(free, np.stack(columns, axis=1) if columns else none)

    def least_cost(self, next_day: IntArray, scale: int, worth: int) -> int:
        """Return the least of what is paid for no key, one, two, or at the price of three for every key.

        Besides the keys, sessions worth ``worth`` together are paid for as far as they are not earned.
        """
        num_keys = self.keys.shape[1]
        every = np.maximum(self.free, self.keys.max(axis=1, initial=NEVER))
        earned = _best_walks(np.column_stack([self.free, self.keys, every]), next_day)
        most = 3 if num_keys <= MOST_KEYS else 2
        size = np.array([0] + [1] * num_keys + [min(most, num_keys)], dtype=np.int64)
        best = int((size * scale + np.maximum(0, worth - earned)).min())
        if num_keys > MOST_KEYS:
            return best
        one, other = np.triu_indices(num_keys, 1)
        # A walk on two keys earns no more than the walks on each: few pairs can be better than the best so far.
        alone = earned[1 : 1 + num_keys]
        hopeful = 2 * scale + np.maximum(0, worth - alone[one] - alone[other]) < best
        one, other = one[hopeful], other[hopeful]
        if not len(one):
            return best
        pairs = _best_walks(np.maximum(self.keys[:, one], self.keys[:, other]), next_day)
        return min(best, 2 * scale + int(np.maximum(0, worth - pairs).min()))


def _charges(p: SessionProblem, left: Left, prices: SessionPrices) -> tuple[IntArray, int]:
    """Return what a session of each choice pays on each day, and what is paid for all there is."""
    _check(p, prices)
    choices = _choices(p)
    of_person: dict[int, IntArray] = {}
    for person in np.unique(np.r_[prices.meeting[:, 0], prices.week[:, 0]]).tolist():
        of_person[person] = np.concatenate(
            [
                np.zeros(0, dtype=np.int64),
                *(choices[a] for a in np.unique(p.member_activity[p.member_person == person])),
            ]
        )
    start, end = p.slot_start[p.choice_slot], p.slot_end[p.choice_slot]
    charge = np.zeros((p.num_choices, p.num_days), dtype=np.int64)
    paid = 0
    for person, day, minute, price in prices.meeting.tolist():
        mine = of_person[person]
        charge[mine[(start[mine] <= minute) & (minute < end[mine])], day] += price
        paid += price
    for person, week, price in prices.week.tolist():
        mine, unit = of_person[person], int(left.unit[person])
        charge[np.ix_(mine, p.week == week)] += (p.choice_minutes[mine] // unit * price)[:, None]
        paid += price * int(left.week[person, week])
    owner = np.repeat(np.arange(p.num_choices), np.diff(p.choice_cell_start))
    order = np.argsort(p.choice_cell, kind="stable")
    edge = np.searchsorted(p.choice_cell[order], np.arange(len(p.cell_pool) + 1))
    for cell, day, price in prices.cell.tolist():
        np.add.at(charge, (owner[order[edge[cell] : edge[cell + 1]]], day), price)
        paid += price * int(left.cell[cell, day])
    for activity, price in prices.wanted.tolist():
        charge[choices[activity]] += price
        paid += price * int(left.need[activity])
    return charge, paid


def _check(p: SessionProblem, prices: SessionPrices) -> None:
    num_weeks = int(p.week.max(initial=-1)) + 1
    sizes = {
        "meeting": (p.num_people, p.num_days, None),
        "week": (p.num_people, num_weeks),
        "cell": (len(p.cell_pool), p.num_days),
        "wanted": (p.num_activities,),
    }
    if prices.scale <= 0 or prices.missed < 0:
        raise ValueError("scale must be positive, the price of a session missing at least 0")
    total = prices.missed * int(p.weight.max(initial=0)) + 3 * prices.scale
    for name, limits in sizes.items():
        rows = getattr(prices, name)
        if rows.ndim != 2 or rows.shape[1] != len(limits) + 1 or rows.dtype.kind != "i":
            raise ValueError(f"prices of {name}: {len(limits) + 1} whole numbers a row are needed")
        if rows[:, -1].min(initial=0) < 0:
            raise ValueError(f"prices of {name}: negative")
        for column, limit in enumerate(limits):
            if limit is not None and len(rows) and not 0 <= rows[:, column].min() <= rows[:, column].max() < limit:
                raise ValueError(f"prices of {name}: not of this problem")
        total += sum(rows[:, -1].tolist()) * max(1, int(p.choice_minutes.max(initial=0)))
    if (p.week_minutes[prices.week[:, 0]] == NO_LIMIT).any():
        raise ValueError("prices of week: a person without a limit")
    largest = max(int(p.weight.max(initial=0)) * prices.scale, total)
    if largest * max(1, p.num_days) > LARGEST:
        raise ValueError("prices too large for exact arithmetic")
