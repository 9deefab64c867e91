"""The country: solve on the kept pairs, price the others, take in those that pay, until none does."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.country.master import Settled, bound_of, exact_sum, settle
from matcher.pairing.country.problem import REFUSED, CountryProblem, Edges, PairSource, Weights, weigh_levels

IntArray = NDArray[np.int64]

_MANY, _FEW, _MOST_TIMES = 10, 6, 4
"""Of more than so many kept pairs a mentee, so few stay; not more often than this, so that the turns come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRound:
    """One turn: pairs kept, the value on them, the bound over all allowed pairs, pairs taken in, seconds."""

    num_kept: int
    value: int
    bound: int
    num_added: int
    seconds: float
    solve_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountryResult:
    """The answer.

    ``mentor``, ``mentee`` are the pairs, by mentee; ``values`` (num_levels,) what they are worth; ``value`` and
    ``bound`` weighted sums, equal where the answer is best over all allowed pairs. ``price`` (num_mentors,) proves it,
    with ``weights``. ``is_in_order`` says that the weights keep the order of the levels at these prices
    (:func:`keeps_order`). ``kept`` are the pairs the last turn was solved on.
    """

    mentor: IntArray
    mentee: IntArray
    values: tuple[int, ...]
    value: int
    bound: int
    price: IntArray
    weights: Weights
    is_in_order: bool
    rounds: tuple[CountryRound, ...]
    kept: Edges

    @property
    def is_optimal(self) -> bool:
        """Return whether the round is proved best over all allowed pairs, level by level."""
        return self.value == self.bound and self.is_in_order


def solve_country(
    problem: CountryProblem,
    source: PairSource,
    *,
    time_limit: float = 3600.0,
    on_round: Callable[[CountryRound], None] | None = None,
) -> CountryResult:
    """Return a round that is best over all allowed pairs, or the best found when ``time_limit`` (seconds) is over.

    Any prices give a valid bound: it is told after every turn. When no pair pays at the prices of the kept ones, bound
    and value meet.

    References
    ----------
    .. [1] P. C. Gilmore, R. E. Gomory, "A linear programming approach to the cutting-stock problem",
       Operations Research 9 (1961): pricing what is left out.
    .. [2] C. Barnhart et al., "Branch-and-price: column generation for solving huge integer programs",
       Operations Research 46 (1998).
    """
    started = time.monotonic()
    weights = weigh_levels(problem)
    kept = source.first()
    rounds: list[CountryRound] = []
    thinned = 0
    while True:
        begun = time.monotonic()
        settled = settle(problem, weights, kept)
        solved = time.monotonic()
        priced = source.price(settled.price, settled.worth)
        bound = bound_of(problem, weights, settled.price, priced.best)
        if bound < settled.value:
            raise AssertionError("a round is worth more than the bound of its prices")
        now = time.monotonic()
        turn = CountryRound(
            num_kept=len(kept),
            value=settled.value,
            bound=bound,
            num_added=len(priced.edges),
            seconds=now - begun,
            solve_seconds=solved - begun,
        )
        rounds.append(turn)
        if on_round is not None:
            on_round(turn)
        if bound == settled.value or now - started > time_limit or not len(priced.edges):
            return _result(problem, source, weights, kept, settled, bound, tuple(rounds))
        if thinned < _MOST_TIMES and len(kept) > _MANY * problem.num_mentees:
            kept, thinned = _thinned(problem, source, kept, settled), thinned + 1
        kept = Edges.joined([kept, priced.edges])


def _thinned(problem: CountryProblem, source: PairSource, kept: Edges, settled: Settled) -> Edges:
    """Return the kept pairs without those furthest from paying; they come back if they ever pay.

    Pairs that are chosen stay, so the next answer is no worse, and steady pairs, so that nothing is lost.
    """
    lack = settled.worth[kept.mentee] - (kept.gain - settled.price[kept.mentor])
    lack[settled.chosen] = 0
    lack[: source.num_steady] = 0
    most = _FEW * problem.num_mentees
    if len(lack) <= most:
        return kept
    return kept.take(lack <= np.partition(lack, most)[most])


def _result(
    problem: CountryProblem,
    source: PairSource,
    weights: Weights,
    kept: Edges,
    settled: Settled,
    bound: int,
    rounds: tuple[CountryRound, ...],
) -> CountryResult:
    pairs = kept.take(settled.chosen)
    order = np.argsort(pairs.mentee, kind="stable")
    mentor, mentee = pairs.mentor[order], pairs.mentee[order]
    points = source.points(mentor, mentee)
    values = level_values(problem, mentor, mentee, points)
    total = sum(int(w) * v for w, v in zip(weights.level.tolist(), values, strict=True))
    if total != settled.value:
        raise AssertionError(f"the pairs are worth {total}, the flow says {settled.value}")
    return CountryResult(
        mentor=mentor,
        mentee=mentee,
        values=values,
        value=settled.value,
        bound=bound,
        price=settled.price,
        weights=weights,
        is_in_order=keeps_order(problem, weights, settled.price),
        rounds=rounds,
        kept=kept,
    )


def level_values(problem: CountryProblem, mentor: IntArray, mentee: IntArray, points: IntArray) -> tuple[int, ...]:
    """Return what pairs are worth on every level: their own points, serving their mentees, the mentors' places."""
    load = np.bincount(mentor, minlength=problem.num_mentors)
    owner = problem.place_owner
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    used = place < load[owner]
    served = problem.mentee_points[:, mentee]
    return tuple(
        exact_sum(points[level]) + exact_sum(served[level]) + exact_sum(problem.place_points[level][used])
        for level in range(problem.num_levels)
    )


def keeps_order(problem: CountryProblem, weights: Weights, price: IntArray) -> bool:
    """Return whether no comparison at these prices could be turned round by a lower level.

    Prices are read as one whole number per level (the nearest digits); then, level by level, all that two net gains
    can differ on the levels below stays under one unit of the level. Then comparing weighted sums is comparing level by
    level, and the bound holds lexicographically.
    """
    used = [k for k in range(problem.num_levels) if weights.level[k] > 0]
    lowest_of_people = [k for k in used if k < problem.num_people_levels][-1:]
    units = [int(weights.level[k]) for k in lowest_of_people + [k for k in used if k >= problem.num_people_levels]]
    levels = [None] * len(lowest_of_people) + [k for k in used if k >= problem.num_people_levels]
    rest = price[np.abs(price) < -REFUSED]
    below = 0
    digits: list[tuple[int, int | None, int]] = []
    for unit, level in zip(units, levels, strict=True):
        digit = (rest + unit // 2) // unit
        rest = rest - digit * unit
        digits.append((unit, level, int(np.abs(digit).max(initial=0))))
    for unit, level, most in reversed(digits):
        if 2 * below >= unit:
            return False
        if level is not None:
            own = int(problem.pair_most[level]) + most
            own += int(np.abs(problem.mentee_points[level]).max(initial=0))
            own += int(np.abs(problem.place_points[level]).max(initial=0))
            below += unit * own
    return True
