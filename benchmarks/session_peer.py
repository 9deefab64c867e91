"""The plain way to plan sessions: one dated model for CP-SAT, nothing else."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from matcher.sessions.problem import NO_LIMIT, SessionProblem
from matcher.sessions.result import Sessions

MISSING_WEIGHT = 100


def plan_plainly(p: SessionProblem, *, time_limit: float, workers: int = 2) -> tuple[Sessions, float]:
    """Return the sessions found and the bound of 100 · missing + rhythm. No travel, no fixed sessions, no hints."""
    model = cp_model.CpModel()
    pairs = [(int(c), int(d)) for c, d in np.argwhere(p.choice_days)]
    x = {pair: model.new_bool_var("") for pair in pairs}
    of: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for (c, d), literal in x.items():
        of[int(p.choice_activity[c])][d].append(literal)
    missing: list[Any] = []
    for a in range(p.num_activities):
        days = sorted(of[a])
        for d in days:
            near = [literal for e in days if d <= e < p.next_day[a, d] for literal in of[a][e]]
            model.add_at_most_one(near)
        short = model.new_int_var(0, int(p.wanted[a]), "")
        model.add(sum(literal for d in days for literal in of[a][d]) + short == int(p.wanted[a]))
        missing.append(short)
    used: dict[tuple[int, int], Any] = {}
    for (c, _), literal in x.items():
        key = int(p.choice_activity[c]), int(p.slot_rhythm[p.choice_slot[c]])
        if key not in used:
            used[key] = model.new_bool_var("")
        model.add_implication(literal, used[key])
    _share(model, p, x)
    model.minimize(MISSING_WEIGHT * sum(missing) + sum(used.values()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = time_limit
    solver.parameters.num_workers = workers
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Sessions(
            choice=np.zeros(0, dtype=np.int64), day=np.zeros(0, dtype=np.int64)
        ), solver.best_objective_bound
    there = sorted(
        ((c, d) for (c, d), literal in x.items() if solver.boolean_value(literal)),
        key=lambda pair: (int(p.choice_activity[pair[0]]), pair[1]),
    )
    array = np.array(there, dtype=np.int64).reshape(-1, 2)
    return Sessions(choice=array[:, 0], day=array[:, 1]), solver.best_objective_bound


def _share(model: Any, p: SessionProblem, x: dict[tuple[int, int], Any]) -> None:
    """People are at one session at a time, weeks and cells hold what they hold."""
    people: dict[int, list[int]] = defaultdict(list)
    for a, q in zip(p.member_activity.tolist(), p.member_person.tolist(), strict=True):
        people[a].append(q)
    at: dict[tuple[int, int, int], list[Any]] = defaultdict(list)
    week: dict[tuple[int, int], list[Any]] = defaultdict(list)
    cells: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for (c, d), literal in x.items():
        slot = int(p.choice_slot[c])
        for q in people[int(p.choice_activity[c])]:
            at[q, d, int(p.slot_start[slot])].append(literal)
            if p.week_minutes[q] != NO_LIMIT:
                week[q, int(p.week[d])].append(int(p.choice_minutes[c]) * literal)
        for cell in p.choice_cell[p.choice_cell_start[c] : p.choice_cell_start[c + 1]].tolist():
            cells[cell, d].append(literal)
    for literals in at.values():
        model.add_at_most_one(literals)
    for (q, _), terms in week.items():
        model.add(sum(terms) <= int(p.week_minutes[q]))
    for (cell, d), literals in cells.items():
        if len(literals) > p.cell_size[cell, d]:
            model.add(sum(literals) <= int(p.cell_size[cell, d]))
