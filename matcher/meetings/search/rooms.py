"""Rooms for meetings whose starts are known: first fit, and the best rooms by walking through time.

References
----------
Bellman, R. (1957), Dynamic Programming. The state is who sits where among the meetings that still matter.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.meetings.problem import MeetingsProblem, Rule

IntArray = NDArray[np.int64]
Trace = tuple["Trace | None", int]
NEAR_GRAINS = 2
MOST_STATES = 200
"""States kept at a time: with a handful of rooms all of them, so that the answer is exact."""


class Rooms:
    """The rooms of one problem and what a meeting loses in each."""

    def __init__(self, problem: MeetingsProblem) -> None:
        weights, capacity = problem.weights, problem.room_capacity
        self.problem = problem
        shortage = np.maximum(0, problem.attendance[:, None] - capacity[None, :])
        self._shortage = weights[Rule.ROOM_CAPACITY] * shortage
        self._least = self._shortage.min(axis=1)
        larger = np.maximum(0, capacity[None, :] - capacity[:, None]).sum(axis=1)
        self._aside = weights[Rule.LARGER_ROOMS] * larger
        together = (problem.required | problem.preferred).astype(np.int64)
        self._common = weights[Rule.ROOM_STABILITY] * (together @ together.T)
        # One unit of a hard rule costs more than all soft rules of rooms together.
        self._hard = 1 + problem.num_meetings * int(self._aside.max()) + int(self._common.sum())
        self._order = np.argsort(-capacity, kind="stable").tolist()
        self._clashes: dict[bytes, int] = {}

    def unseated(self, start: IntArray) -> int:
        """Return what the hard rules of rooms take beyond what no room could avoid, as far as found."""
        shared = self.first_fit(start)[1]
        if not shared.any():
            return 0
        day = self.problem.grain_day[start]
        total = 0
        for today in np.unique(day[shared]).tolist():
            meetings = np.flatnonzero(day == today)
            key = np.concatenate([meetings, start[meetings]]).tobytes()
            if key not in self._clashes:
                self._clashes[key] = self._clash(start, meetings)
            total += self._clashes[key]
        return total

    def first_fit(self, start: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
        """Return a room for each meeting, and who shares one or sits where another would do better.

        The best attended meetings choose first, each the largest room that is free: who comes later can do with less.
        A meeting that finds none free takes the room shared for the shortest time.
        """
        p = self.problem
        end = start + p.duration
        room = np.zeros(p.num_meetings, dtype=np.int64)
        lacks = np.zeros(p.num_meetings, dtype=bool)
        taken = np.zeros((p.num_rooms, p.num_grains), dtype=np.int64)
        for meeting in np.lexsort((-p.duration, -p.attendance)).tolist():
            shared = taken[:, start[meeting] : end[meeting]].sum(axis=1)
            if not p.weights[Rule.ROOM_CONFLICT]:
                shared[:] = 0
            worse = self._shortage[meeting] > self._least[meeting]
            best = min(self._order, key=list(zip(worse.tolist(), shared.tolist(), strict=True)).__getitem__)
            room[meeting], lacks[meeting] = best, bool(worse[best]) or shared[best] > 0
            taken[best, start[meeting] : end[meeting]] += 1
        return room, lacks

    def best_rooms(self, start: IntArray, meetings: Sequence[int] | None = None) -> dict[int, int]:
        """Return the best room of each of ``meetings`` (default: all), as if there were no others."""
        who = range(self.problem.num_meetings) if meetings is None else meetings
        order = sorted(who, key=lambda m: (int(start[m]), m))
        end = (start + self.problem.duration).tolist()
        active: list[int] = []
        states: dict[tuple[int, ...], tuple[int, Trace | None]] = {(): (0, None)}
        for meeting in order:
            kept = [i for i, other in enumerate(active) if end[other] + NEAR_GRAINS >= start[meeting]]
            states = _forget(states, kept)
            active = [active[i] for i in kept]
            states = self._step(states, meeting, active, start)
            active.append(meeting)
        trace = min(states.values(), key=lambda state: state[0])[1]
        found: dict[int, int] = {}
        for meeting in reversed(order):
            assert trace is not None
            trace, found[meeting] = trace
        return found

    def _step(
        self,
        states: dict[tuple[int, ...], tuple[int, Trace | None]],
        meeting: int,
        active: list[int],
        start: IntArray,
    ) -> dict[tuple[int, ...], tuple[int, Trace | None]]:
        """Return the states after ``meeting`` has taken each room; shared rooms only where no state avoids it."""
        p = self.problem
        begin, finish = int(start[meeting]), int(start[meeting] + p.duration[meeting])
        weight = self._hard * p.weights[Rule.ROOM_CONFLICT]
        clash = [weight * max(0, min(finish, int(start[a] + p.duration[a])) - begin) for a in active]
        move = [int(self._common[a, meeting]) if start[a] < begin else 0 for a in active]
        alone = (self._hard * (self._shortage[meeting] - self._least[meeting]) + self._aside).tolist()
        base = sum(move)
        free: dict[tuple[int, ...], tuple[int, Trace | None]] = {}
        shared: dict[tuple[int, ...], tuple[int, Trace | None]] = {}
        for state, (cost, trace) in states.items():
            taking = [cost + base + own for own in alone]
            clashing = [False] * p.num_rooms
            for room, penalty, stay in zip(state, clash, move, strict=True):
                taking[room] += penalty - stay
                clashing[room] |= penalty > 0
            for room in range(p.num_rooms):
                (shared if clashing[room] else free)[(*state, room)] = (taking[room], (trace, room))
        chosen = free or shared
        if len(chosen) > MOST_STATES:
            chosen = dict(heapq.nsmallest(MOST_STATES, chosen.items(), key=lambda item: (item[1][0], item[0])))
        return chosen

    def _clash(self, start: IntArray, meetings: IntArray) -> int:
        """Return what the hard rules of rooms take among these meetings in their best rooms."""
        room = self.best_rooms(start, meetings.tolist())
        p = self.problem
        total = sum(int(self._shortage[m, r] - self._least[m]) for m, r in room.items())
        for a, b in ((a, b) for a in room for b in room if a < b and room[a] == room[b]):
            shared = min(start[a] + p.duration[a], start[b] + p.duration[b]) - max(start[a], start[b])
            total += p.weights[Rule.ROOM_CONFLICT] * max(0, int(shared))
        return total


def _forget(
    states: dict[tuple[int, ...], tuple[int, Trace | None]], kept: list[int]
) -> dict[tuple[int, ...], tuple[int, Trace | None]]:
    """Return the states with only the places ``kept``, the cheapest of those that become equal."""
    found: dict[tuple[int, ...], tuple[int, Trace | None]] = {}
    for state, value in states.items():
        short = tuple(state[i] for i in kept)
        if short not in found or value[0] < found[short][0]:
            found[short] = value
    return found
