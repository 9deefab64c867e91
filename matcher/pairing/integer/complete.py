"""Once it is settled which groups open, who goes where is a minimum-cost flow: the plan is finished exactly.

What a flow cannot carry (hours, quotas, unions, links) is left to the prices in ``gain`` and to :mod:`repair`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matcher.pairing.integer.openings import Openings, openings_of_seats
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rooms:
    """What is left to fill: places of mentees, pairs of mentors, seats of openings beside those ``held`` already.

    ``first_gain`` (num_mentees,) is earned by the first option of a mentee, ``step_gain`` (num_mentors, places) by each
    further pair of a mentor.
    """

    mentee: IntArray
    first_gain: FloatArray
    pairs: IntArray
    step_gain: FloatArray | None
    held: IntArray
    least: IntArray
    most: IntArray


def complete(
    p: PairingProblem, option: IntArray, openings: Openings, gain: FloatArray, rooms: Rooms
) -> tuple[IntArray, Openings]:
    """Return the best options of ``option`` within the rooms, and the openings that reach their least size.

    ``gain`` (num_options,) is what each option earns. Openings that stay too small are shut and the flow is solved
    again.
    """
    alive = np.ones(len(openings), dtype=bool)
    alone = option[p.group[option] < 0]
    seat = option[p.group[option] >= 0]
    which, member = openings_of_seats(p, seat, openings)
    seat, which = seat[member], which
    unit = _unit(gain, rooms)
    for _ in range(MOST_ROUNDS):
        kept = alive[which]
        network = _Network(p, rooms, unit)
        chosen_alone, chosen_seat = network.solve(alone, seat[kept], which[kept], gain)
        size = np.bincount(which[kept][chosen_seat], minlength=len(openings))
        short = alive & (size < rooms.least)
        if not short.any():
            alive &= size + rooms.held > 0
            return np.sort(np.r_[alone[chosen_alone], seat[kept][chosen_seat]]), openings.pick(alive)
        alive &= ~short
    return np.sort(alone[chosen_alone]), openings.pick(np.zeros(0, dtype=np.int64))


def _unit(gain: FloatArray, rooms: Rooms) -> float:
    """Return how many cost units make one point: one where all gains are whole, finer otherwise."""
    whole = np.array_equal(gain, np.rint(gain)) and np.array_equal(rooms.first_gain, np.rint(rooms.first_gain))
    largest = max(1.0, float(np.abs(gain).max(initial=0)), float(rooms.first_gain.max(initial=0)))
    if whole and rooms.step_gain is None:
        return 1.0
    return min(1000.0, 1e9 / largest)


class _Network:
    """The flow mentee → pair or opening → sink; what a mentee does not use goes to the sink for nothing."""

    def __init__(self, p: PairingProblem, rooms: Rooms, unit: float) -> None:
        self.p, self.rooms, self.unit = p, rooms, unit
        self.flow = SimpleMinCostFlow()
        self.first_mentor = p.num_mentees
        self.first_opening = p.num_mentees + p.num_mentors
        self.sink = self.first_opening + len(rooms.least)

    def solve(
        self, alone: IntArray, seat: IntArray, which: IntArray, gain: FloatArray
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return masks of the pairs and seats chosen."""
        p, rooms = self.p, self.rooms
        chosen = np.r_[alone, seat]
        target = np.r_[self.first_mentor + p.mentor[alone], self.first_opening + which]
        option_arc = self._add(p.mentee[chosen] + self.sink + 1, target, np.ones(len(chosen)), gain[chosen])
        self._add_mentees()
        self._add_mentors()
        present = np.unique(which)
        bonus = 4 * (np.abs(gain[chosen]).max(initial=0) + rooms.first_gain.max(initial=0)) + 1
        node, sink = self.first_opening + present, np.full(len(present), self.sink)
        self._add(node, sink, rooms.least[present], np.full(len(present), bonus))
        self._add(node, sink, (rooms.most - rooms.least)[present], np.zeros(len(present)))
        self.flow.set_nodes_supplies(np.arange(p.num_mentees), rooms.mentee)
        self.flow.set_node_supply(self.sink, -int(rooms.mentee.sum()))
        status = self.flow.solve()
        if status != self.flow.OPTIMAL:
            raise AssertionError(f"the completing flow ended with {status}")
        used = self.flow.flows(option_arc) > 0
        return used[: len(alone)], used[len(alone) :]

    def _add(self, tail: IntArray, head: IntArray, room: NDArray[np.generic], gain: FloatArray) -> IntArray:
        cost = -np.rint(gain * self.unit).astype(np.int64)
        arcs: IntArray = self.flow.add_arcs_with_capacity_and_unit_cost(tail, head, room.astype(np.int64), cost)
        return arcs

    def _add_mentees(self) -> None:
        """Add mentee → his options (another node, so that the first option can earn more) and mentee → sink."""
        rooms, count = self.rooms, self.p.num_mentees
        who = np.arange(count)
        inner = who + self.sink + 1
        first = np.minimum(1, rooms.mentee)
        self._add(who, inner, first, rooms.first_gain)
        more = np.flatnonzero(rooms.mentee > 1)
        self._add(more, inner[more], rooms.mentee[more] - 1, np.zeros(len(more)))
        self._add(who, np.full(count, self.sink), rooms.mentee, np.zeros(count))

    def _add_mentors(self) -> None:
        rooms, count = self.rooms, self.p.num_mentors
        node, sink = self.first_mentor + np.arange(count), np.full(count, self.sink)
        if rooms.step_gain is None:
            self._add(node, sink, rooms.pairs, np.zeros(count))
            return
        for place in range(min(int(rooms.pairs.max(initial=0)), rooms.step_gain.shape[1])):
            self._add(node, sink, (rooms.pairs > place).astype(np.int64), rooms.step_gain[:, place])
