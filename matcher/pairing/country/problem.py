"""What a round of a country is asked: who gains what by being paired, without any list of pairs.

Each mentee has one mentor at most, each mentor has places, and nothing else binds two pairs together. Pairs are not
listed: a :class:`PairSource` knows them all and is asked for those that matter.

The lexicographic levels are carried by one whole number: a level weighs so much that no exchange of pairs along one
cycle of the network gains more below it than it loses on it. The levels that count people alone ("people": locks, least
loads, mentees served by tier) are joined with small weights. That is exact: a simple cycle through the network passes
the root once, so it lets in one mentee and puts out one at most; it changes the weighted sum in the direction of its
first change by level (see ``docs/explanation/country.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

REFUSED = -(2**61)
"""The gain of a pair that may not be."""
_LONGEST, _SHORTEST = 256, 16
"""Pairs exchanged along one cycle for which weights leave room: as many as fit, and the fewest we accept."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountryProblem:
    """People of a round of a country and their levels.

    ``mentee_points`` (num_levels, num_mentees) is what serving a mentee gains; a mentee outside ``can_be_served`` never
    is. Places of mentors, sorted by mentor: ``place_owner`` (num_places,), ``place_points`` (num_levels, num_places),
    not increasing inside a mentor. ``pair_most`` (num_levels,) is the greatest absolute number of points of a pair.
    ``num_people_levels`` levels come first that count people; ``locks`` says whether the first of them is of pairs.
    ``room`` is the largest gain the solver takes.
    """

    num_mentors: int
    num_mentees: int
    level_names: tuple[str, ...]
    num_people_levels: int
    mentee_points: IntArray
    can_be_served: NDArray[np.bool_]
    place_owner: IntArray
    place_points: IntArray
    pair_most: IntArray

    @property
    def num_levels(self) -> int:
        """Return the number of levels."""
        return len(self.level_names)

    @property
    def room(self) -> int:
        """Return the largest gain of an arc the solver takes without overflow."""
        return int(2**61 // (self.num_mentors + self.num_mentees + 2))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """What one point of each level weighs, and how many pairs an exchange may move for the order to be sure.

    ``level`` (num_levels,): 0 where a level has no points at all. ``first`` is the first level that is not of people.
    """

    level: IntArray
    num_exchanged: int

    def total(self, points: IntArray) -> IntArray:
        """Return the weighted sum of points (num_levels, …)."""
        found: IntArray = np.tensordot(self.level, points.astype(np.int64), 1)
        return found


def weigh_levels(problem: CountryProblem) -> Weights:
    """Return the weights of the levels, with room for exchanges as long as 64 bits allow.

    Raises
    ------
    ValueError
        When the levels differ so widely that even short exchanges do not fit.
    """
    longest = _LONGEST
    while longest >= _SHORTEST:
        weights = _weights(problem, longest)
        if _largest_gain(problem, weights) <= problem.room:
            return Weights(level=np.array(weights, dtype=np.int64), num_exchanged=longest)
        longest = longest * 3 // 4
    raise ValueError("the levels differ too widely to be weighed together")


def _largest_gain(problem: CountryProblem, weights: list[int]) -> int:
    """Return the largest gain of a pair, of a mentee served, or of a place."""
    pair = sum(w * int(most) for w, most in zip(weights, problem.pair_most, strict=True))
    mentee = sum(w * _most(points) for w, points in zip(weights, problem.mentee_points, strict=True) if points.any())
    place = sum(w * _most(points) for w, points in zip(weights, problem.place_points, strict=True))
    # Nobody is of two tiers: the first weighs most.
    tiers = [w * _most(points) for w, points in zip(weights, problem.mentee_points, strict=True)]
    return max(pair, place, max(tiers, default=0) if _is_of_one_level(problem.mentee_points) else mentee)


def _is_of_one_level(points: IntArray) -> bool:
    return bool(((points != 0).sum(axis=0) <= 1).all())


def _weights(problem: CountryProblem, longest: int) -> list[int]:
    weights = [0] * problem.num_levels
    below = 0
    for level in reversed(range(problem.num_people_levels, problem.num_levels)):
        pairs = int(problem.pair_most[level])
        # Arcs at the root: a cycle takes few of them; prices have room beside them.
        ends = _most(problem.place_points[level]) + _most(problem.mentee_points[level])
        if pairs or ends:
            weights[level] = _power_of_two(1 + below)
            below += weights[level] * (longest * pairs + 8 * ends)
    unit, one_cycle = _power_of_two(1 + below), 0
    for level in reversed(range(problem.num_people_levels)):
        pairs = int(problem.pair_most[level])
        most = max(_most(problem.mentee_points[level]), _most(problem.place_points[level]), pairs)
        if most:
            step = 1 + one_cycle
            weights[level] = unit * step
            one_cycle = _after(problem, level, step, one_cycle)
    return weights


def _after(problem: CountryProblem, level: int, step: int, below: int) -> int:
    """Return the most by which levels of people from ``level`` down can change along a cycle, in their unit.

    Levels of mentees served gain for one mentee and lose for another; the levels do not add up, so the greatest counts.
    """
    if problem.pair_most[level] or problem.place_points[level].any():
        return step + below
    return step


def _most(points: IntArray) -> int:
    return int(np.abs(points).max(initial=0))


def _power_of_two(least: int) -> int:
    return 1 << max(0, least - 1).bit_length()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edges:
    """Allowed pairs with their weighted gain."""

    mentor: IntArray
    mentee: IntArray
    gain: IntArray

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.mentor)

    def take(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Edges:
        """Return some of the pairs."""
        return Edges(mentor=self.mentor[chosen], mentee=self.mentee[chosen], gain=self.gain[chosen])

    @classmethod
    def joined(cls, parts: list[Edges]) -> Edges:
        """Return several lists of pairs one after the other."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(
            mentor=np.concatenate([nothing, *(part.mentor for part in parts)]),
            mentee=np.concatenate([nothing, *(part.mentee for part in parts)]),
            gain=np.concatenate([nothing, *(part.gain for part in parts)]),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    """What pricing all pairs found.

    ``best`` (num_mentees,) is the greatest gain less price of any allowed pair of each mentee (`REFUSED`: there is
    none); ``edges`` are pairs that pay: some of every mentee whose best one does.
    """

    best: IntArray
    edges: Edges


class PairSource(Protocol):
    """All allowed pairs of a country. The first ``num_steady`` pairs of :meth:`first` are never offered again."""

    @property
    def num_steady(self) -> int:
        """Return how many of the first pairs are to be kept."""
        ...

    def first(self) -> Edges:
        """Return the pairs to begin with."""
        ...

    def price(self, price: IntArray, worth: IntArray) -> Priced:
        """Return which pairs gain more, after the mentor's ``price``, than their mentee's ``worth``."""
        ...

    def points(self, mentor: IntArray, mentee: IntArray) -> IntArray:
        """Return the points of pairs on every level."""
        ...
