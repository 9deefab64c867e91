"""What no plan without a broken hard rule can exceed on the medium level, proved by a price per meeting and grain.

At each grain of the axis a set of meetings runs that share no required person and find rooms. Let a meeting earn its
price for each grain it runs, and let a set pay what its members take from the medium level. If no set earns more than
``best`` net of that, a plan pays at least Σ price × duration − grains × best: all meetings run their full time.
No solver is needed to check it, only a search through sets of meetings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.meetings.problem import MeetingsProblem, Rule
from matcher.meetings.result import MediumCertificate

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
MOST_STEPS = 2_000_000
"""A certificate whose check needs a longer search proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Together:
    """Which meetings may run at the same time, and what two that do take from the medium level per grain.

    ``apart`` and ``cost`` are (num_meetings, num_meetings); ``rooms`` (num_meetings,) counts the rooms large enough.
    """

    apart: BoolArray
    cost: IntArray
    rooms: IntArray
    num_rooms: int


def build_together(problem: MeetingsProblem) -> Together:
    """Return who may meet while whom, rules of weight 0 left out."""
    required, preferred = problem.required.astype(np.int64), problem.preferred.astype(np.int64)
    weights = problem.weights
    apart = (required @ required.T > 0) & (weights[Rule.REQUIRED_CONFLICT] > 0)
    crossed = required @ preferred.T
    cost = weights[Rule.REQUIRED_PREFERRED_CONFLICT] * (crossed + crossed.T)
    cost += weights[Rule.PREFERRED_CONFLICT] * (preferred @ preferred.T)
    rooms = (problem.room_capacity[None, :] >= problem.attendance[:, None]).sum(axis=1)
    num_rooms = problem.num_rooms
    if not weights[Rule.ROOM_CAPACITY]:
        rooms = np.full_like(rooms, num_rooms)
    if not weights[Rule.ROOM_CONFLICT]:
        num_rooms = problem.num_meetings
        rooms = np.where(rooms > 0, num_rooms, 0)
    np.fill_diagonal(cost, 0)
    return Together(apart=apart, cost=cost, rooms=rooms, num_rooms=num_rooms)


def medium_bound(problem: MeetingsProblem, certificate: MediumCertificate | None) -> int:
    """Return the bound the certificate proves in whole numbers; 0, which no plan exceeds, where it proves nothing."""
    if certificate is None or certificate.price.shape != (problem.num_meetings,) or certificate.scale < 1:
        return 0
    search = SetSearch(build_together(problem), certificate.price, certificate.scale, max_steps=MOST_STEPS)
    return search.bound(problem)


def level_bounds(
    problem: MeetingsProblem, certificate: MediumCertificate | None, *, hard_kept: bool
) -> tuple[int, int, int]:
    """Return what no plan exceeds on each level; with ``hard_kept`` on the lower two no plan that breaks no hard rule.

    Hard: seats that even the largest room lacks, meetings longer than any day. Soft: the rule "as soon as possible"
    alone, with the short meetings first in every room, which is the best there is without any other rule.

    References
    ----------
    Conway, R. W., Maxwell, W. L., Miller, L. W. (1967), Theory of Scheduling (least total completion time on equal
    machines).
    """
    weights = problem.weights
    _, day_length = np.unique(problem.grain_day, return_counts=True)
    too_long = int((problem.duration > day_length.max()).sum())
    lacking = int(np.maximum(0, problem.attendance - problem.room_capacity.max()).sum())
    hard = -weights[Rule.SAME_DAY] * too_long - weights[Rule.ROOM_CAPACITY] * lacking
    alone = not (hard_kept and weights[Rule.ROOM_CONFLICT])
    free_at = [0] * (problem.num_meetings if alone else problem.num_rooms)
    total = 0
    for place, length in enumerate(sorted(problem.duration.tolist())):
        free_at[place % len(free_at)] += length
        total += free_at[place % len(free_at)] - 1
    medium = medium_bound(problem, certificate) if hard_kept else 0
    return hard, medium, -weights[Rule.AS_SOON_AS_POSSIBLE] * total


class SetSearch:
    """The set of meetings that earns most at given whole prices, net of its costs; by branch and bound.

    ``sets`` are the best sets on the way, the last one the best of all if ``complete``.
    """

    def __init__(self, together: Together, price: IntArray, scale: int, *, max_steps: int) -> None:
        self.best = 0
        self.sets: list[tuple[int, ...]] = []
        self.complete = True
        self.steps = 0
        self._price, self._scale = price, scale
        self._left = max_steps
        self._rooms = together.rooms.tolist()
        self._num_rooms = together.num_rooms
        self._cost = together.cost * scale
        self._apart = together.apart
        paying = np.flatnonzero((price > 0) & (together.rooms > 0))
        self._extend((), 0, paying, price[paying])

    def bound(self, problem: MeetingsProblem) -> int:
        """Return what no plan of ``problem`` exceeds on the medium level, 0 where the search was cut short."""
        if not self.complete:
            return 0
        least = int(self._price @ problem.duration) - problem.num_grains * self.best
        return -max(0, -(-least // self._scale))

    def _extend(self, chosen: tuple[int, ...], earned: int, candidates: IntArray, gain: IntArray) -> None:
        """Try to add to ``chosen`` each candidate in turn; ``gain`` is its price less its costs with the chosen."""
        self.steps += 1
        if self.steps > self._left:
            self.complete = False
            return
        if earned > self.best:
            self.best = earned
            self.sets.append(chosen)
        room_left = self._num_rooms - len(chosen)
        if not room_left or not len(candidates):
            return
        order = np.argsort(-gain, kind="stable")
        candidates, gain = candidates[order], gain[order]
        # The best that the candidates from each one on could still add.
        running = np.append(0, np.cumsum(gain))
        ahead = np.minimum(np.arange(len(gain)) + room_left, len(gain))
        hopes = (running[ahead] - running[:-1]).tolist()
        for place, (candidate, hope) in enumerate(zip(candidates.tolist(), hopes, strict=True)):
            if earned + hope <= self.best:
                return
            wider = (*chosen, candidate)
            if not self._have_rooms(wider):
                continue
            rest = candidates[place + 1 :]
            rest_gain = gain[place + 1 :] - self._cost[candidate, rest]
            free = ~self._apart[candidate, rest] & (rest_gain > 0)
            self._extend(wider, earned + int(gain[place]), rest[free], rest_gain[free])

    def _have_rooms(self, meetings: tuple[int, ...]) -> bool:
        """Return whether each meeting gets a room of its own: the k-th most demanding one needs k rooms to fit."""
        return all(fitting > place for place, fitting in enumerate(sorted(self._rooms[m] for m in meetings)))
