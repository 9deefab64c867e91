"""Meetings written down for CP-SAT as a user would: intervals, no two in a room or with a required person. A peer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from matcher.meetings.problem import MeetingsProblem
from matcher.meetings.result import MeetingPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerAnswer:
    """The plan (None: nothing found), the bound of the medium level, and the seconds until the first plan."""

    plan: MeetingPlan | None
    bound: float
    first_seconds: float | None


class _FirstSolution(cp_model.CpSolverSolutionCallback):
    def __init__(self) -> None:
        super().__init__()
        self.started = time.perf_counter()
        self.seconds: float | None = None

    def on_solution_callback(self) -> None:
        if self.seconds is None:
            self.seconds = time.perf_counter() - self.started


def solve_meetings_with_cpsat(problem: MeetingsProblem, *, time_limit: float, with_medium: bool) -> PeerAnswer:
    """Return what CP-SAT finds with two workers: no hard rule broken, and the least medium loss if asked."""
    model = cp_model.CpModel()
    first = _FirstSolution()
    length = problem.duration.tolist()
    start = [model.new_int_var_from_domain(_starts(problem, d), "") for d in length]
    whole = [model.new_fixed_size_interval_var(s, d, "") for s, d in zip(start, length, strict=True)]
    in_room = _add_rooms(model, problem, start)
    for person in range(problem.num_people):
        model.add_no_overlap([whole[m] for m in np.flatnonzero(problem.required[:, person]).tolist()])
    if with_medium:
        _add_medium(model, problem, start)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = time_limit
    status = solver.solve(model, first)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return PeerAnswer(plan=None, bound=0.0, first_seconds=None)
    room = [next(r for r, chosen in enumerate(row) if chosen is not None and solver.value(chosen)) for row in in_room]
    plan = MeetingPlan(start=np.array([solver.value(s) for s in start]), room=np.array(room))
    bound = -solver.best_objective_bound if with_medium else 0.0
    return PeerAnswer(plan=plan, bound=bound, first_seconds=first.seconds)


def _starts(problem: MeetingsProblem, length: int) -> cp_model.Domain:
    day = problem.grain_day
    inside = [s for s in range(problem.num_grains - length + 1) if day[s] == day[s + length - 1]]
    return cp_model.Domain.from_values(inside)


def _add_rooms(
    model: cp_model.CpModel, problem: MeetingsProblem, start: list[cp_model.IntVar]
) -> list[list[cp_model.IntVar | None]]:
    """Give each meeting one room that is large enough; return the choices, None where a room is too small."""
    chosen: list[list[cp_model.IntVar | None]] = []
    in_room: list[list[cp_model.IntervalVar]] = [[] for _ in range(problem.num_rooms)]
    for meeting, size in enumerate(problem.attendance.tolist()):
        row: list[cp_model.IntVar | None] = []
        for room, capacity in enumerate(problem.room_capacity.tolist()):
            if capacity < size:
                row.append(None)
                continue
            here = model.new_bool_var("")
            length = int(problem.duration[meeting])
            in_room[room].append(model.new_optional_fixed_size_interval_var(start[meeting], length, here, ""))
            row.append(here)
        model.add_exactly_one(here for here in row if here is not None)
        chosen.append(row)
    for intervals in in_room:
        model.add_no_overlap(intervals)
    return chosen


def _add_medium(model: cp_model.CpModel, problem: MeetingsProblem, start: list[cp_model.IntVar]) -> None:
    """Minimise the time that meetings wanted by the same person share."""
    required, preferred = problem.required.astype(int), problem.preferred.astype(int)
    lost = required @ preferred.T + preferred @ required.T + preferred @ preferred.T
    terms = []
    for a, b in combinations(range(problem.num_meetings), 2):
        if not lost[a, b]:
            continue
        length_a, length_b = int(problem.duration[a]), int(problem.duration[b])
        shared = model.new_int_var(0, min(length_a, length_b), "")
        # The shared time is the least of four lengths, 0 if one of them is below: choose which one counts.
        ends = [start[a] + length_a - start[b], start[b] + length_b - start[a], length_a, length_b]
        counts = [model.new_bool_var("") for _ in ends]
        model.add_bool_or(counts)
        for choice, least in zip(counts, ends, strict=True):
            model.add(shared >= least).only_enforce_if(choice)
        terms.append(int(lost[a, b]) * shared)
    model.minimize(sum(terms))
