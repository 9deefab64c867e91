"""The pairing problem written down for CP-SAT as a user would: every rule a constraint, level after level. A peer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps
from matcher.pairing.result import Pairing

Expr = cp_model.LinearExprT


@dataclass(frozen=True, slots=True, kw_only=True)
class CpSatAnswer:
    """Values and bounds of the levels reached, whether all are proved, and the pairing (None: nothing found)."""

    values: tuple[int, ...]
    bounds: tuple[float, ...]
    proved: bool
    pairing: Pairing | None


@dataclass(slots=True)
class _Model:
    problem: PairingProblem
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    chosen: list[cp_model.IntVar] = field(default_factory=list)
    opened: list[cp_model.IntVar] = field(default_factory=list)
    meets: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)
    terms: list[list[Expr]] = field(default_factory=list)

    def yes_no(self) -> cp_model.IntVar:
        return self.cp.new_bool_var("")

    def earn(self, points: np.ndarray, count: Expr) -> None:
        """Add ``count`` times the points of each level."""
        for level, amount in enumerate(points.tolist()):
            if amount:
                self.terms[level].append(amount * count)


def solve_with_cpsat(
    problem: PairingProblem, *, time_limit: float = 60.0, workers: int = 2, seed: int = 0
) -> CpSatAnswer:
    """Return what plain CP-SAT makes of the problem within the time limit, one lexicographic level after the other."""
    model = _build(problem)
    values: list[int] = []
    bounds: list[float] = []
    pairing, proved = None, True
    deadline = time.monotonic() + time_limit
    for level in range(problem.num_levels):
        goal = sum(model.terms[level])
        model.cp.maximize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.0, deadline - time.monotonic())
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        status = solver.solve(model.cp)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return CpSatAnswer(values=tuple(values), bounds=tuple(bounds), proved=False, pairing=pairing)
        values.append(solver.value(goal))
        bounds.append(solver.best_objective_bound)
        pairing = _read(model, solver)
        proved &= status == cp_model.OPTIMAL
        model.cp.add(goal >= values[-1])
        model.cp.clear_hints()
        for variable in (*model.chosen, *model.opened):
            model.cp.add_hint(variable, solver.value(variable))
    return CpSatAnswer(values=tuple(values), bounds=tuple(bounds), proved=proved, pairing=pairing)


def _read(model: _Model, solver: cp_model.CpSolver) -> Pairing:
    groups = [g for g, variable in enumerate(model.opened) if solver.value(variable)]
    slot = {g: s for (g, s), variable in model.meets.items() if solver.value(variable)}
    options = [o for o, variable in enumerate(model.chosen) if solver.value(variable)]
    return Pairing.of(model.problem, options, groups, [slot.get(g, -1) for g in groups])


def _build(p: PairingProblem) -> _Model:
    model = _Model(p)
    model.terms = [[] for _ in range(p.num_levels)]
    model.chosen = [model.yes_no() for _ in range(p.num_options)]
    model.opened = [model.yes_no() for _ in range(p.num_groups)]
    for option, variable in enumerate(model.chosen):
        model.earn(p.points[:, option], variable)
    for group, variable in enumerate(model.opened):
        model.earn(p.group_points[:, group], variable)
    by_mentee: list[list[int]] = [[] for _ in range(p.num_mentees)]
    by_mentor: list[list[int]] = [[] for _ in range(p.num_mentors)]
    for option, (m, n) in enumerate(zip(p.mentor.tolist(), p.mentee.tolist(), strict=True)):
        by_mentor[m].append(option)
        by_mentee[n].append(option)
    linked = _links(model)
    _mentors(model, by_mentor, linked)
    _mentees(model, by_mentee, linked)
    _groups(model)
    _quotas(model)
    _pairs_of_options(model)
    if p.worst_off_level is not None:
        _worst_off(model, by_mentee)
    return model


def _links(model: _Model) -> list[cp_model.IntVar]:
    p, linked = model.problem, []
    for k, (a, b) in enumerate(zip(p.link_first.tolist(), p.link_second.tolist(), strict=True)):
        both = model.yes_no()
        model.cp.add_bool_and(model.chosen[a], model.chosen[b]).only_enforce_if(both)
        model.cp.add_bool_or(model.chosen[a].negated(), model.chosen[b].negated(), both)
        model.earn(p.link_points[:, k], both)
        linked.append(both)
    return linked


def _refund(model: _Model, linked: list[cp_model.IntVar], person: np.ndarray, who: int) -> Expr:
    p = model.problem
    return sum(
        int(p.link_refund_minutes[k]) * both
        for k, both in enumerate(linked)
        for side in (p.link_first, p.link_second)
        if person[side[k]] == who
    )


def _mentors(model: _Model, by_mentor: list[list[int]], linked: list[cp_model.IntVar]) -> None:
    p = model.problem
    groups_of: list[list[int]] = [[] for _ in range(p.num_mentors)]
    for g, m in enumerate(p.group_mentor.tolist()):
        groups_of[m].append(g)
    for m in range(p.num_mentors):
        pairs = sum(model.chosen[o] for o in by_mentor[m] if p.group[o] < 0)
        groups = sum(model.opened[g] for g in groups_of[m])
        model.cp.add(pairs <= int(p.max_individual[m]))
        model.cp.add(groups <= int(p.max_groups[m]))
        model.cp.add(pairs + groups <= int(p.max_places[m]))
        if p.max_minutes[m] < NO_LIMIT:
            minutes = sum(int(p.mentor_minutes[o]) * model.chosen[o] for o in by_mentor[m])
            minutes += sum(int(p.group_minutes[g]) * model.opened[g] for g in groups_of[m])
            model.cp.add(minutes - _refund(model, linked, p.mentor, m) <= int(p.max_minutes[m]))
        _fill_steps(model, p.load_steps, m, pairs + groups, cap=False)


def _fill_steps(model: _Model, steps: Steps, owner: int, load: Expr, *, cap: bool) -> None:
    """Let a load fill the steps of its owner in their order."""
    mine = np.flatnonzero(steps.owner == owner)
    if cap:
        model.cp.add(load <= int(steps.width[mine].sum()))
    if not steps.points[:, mine].any():
        return
    filled = []
    for index in mine.tolist():
        amount = model.cp.new_int_var(0, min(int(steps.width[index]), model.problem.num_options), "")
        model.earn(steps.points[:, index], amount)
        if filled:
            # The next step is begun only when this one is full.
            begun = model.yes_no()
            previous, width = filled[-1]
            model.cp.add(previous >= width).only_enforce_if(begun)
            model.cp.add(amount == 0).only_enforce_if(begun.negated())
        filled.append((amount, int(steps.width[index])))
    model.cp.add(sum(amount for amount, _ in filled) == load)


def _mentees(model: _Model, by_mentee: list[list[int]], linked: list[cp_model.IntVar]) -> None:
    p = model.problem
    for n, mine in enumerate(by_mentee):
        model.cp.add(sum(model.chosen[o] for o in mine) <= int(p.max_mentors[n]))
        if p.max_mentee_minutes[n] < NO_LIMIT:
            minutes = sum(int(p.mentee_minutes[o]) * model.chosen[o] for o in mine)
            model.cp.add(minutes - _refund(model, linked, p.mentee, n) <= int(p.max_mentee_minutes[n]))
        if p.served_points[:, n].any():
            _earn_if_any(model, p.served_points[:, n], mine)
        for o in mine if p.extra is not None else ():
            if p.extra[o]:
                model.cp.add_bool_or(
                    model.chosen[o].negated(), *(model.chosen[other] for other in mine if not p.extra[other])
                )
    covering: list[list[int]] = [[] for _ in range(p.num_items)]
    for o, i in zip(p.cover_option.tolist(), p.cover_item.tolist(), strict=True):
        covering[i].append(o)
    for i, options in enumerate(covering):
        _earn_if_any(model, p.item_points[:, i], options)


def _earn_if_any(model: _Model, points: np.ndarray, options: list[int]) -> None:
    gained = model.yes_no()
    model.cp.add_bool_or(gained.negated(), *(model.chosen[o] for o in options))
    model.earn(points, gained)


def _groups(model: _Model) -> None:
    p = model.problem
    seats: list[list[int]] = [[] for _ in range(p.num_groups)]
    for o in np.flatnonzero(p.group >= 0).tolist():
        seats[p.group[o]].append(o)
        model.cp.add_implication(model.chosen[o], model.opened[p.group[o]])
    of_theme: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    at_slot: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    for g, mine in enumerate(seats):
        size = sum(model.chosen[o] for o in mine)
        model.cp.add(size >= int(p.group_min_size[g]) * model.opened[g])
        model.cp.add(size <= int(p.group_max_size[g]) * model.opened[g])
        of_theme.setdefault((int(p.group_mentor[g]), int(p.group_theme[g])), []).append(model.opened[g])
        if p.slots is None:
            continue
        for slot in range(64 * p.slots.shape[1]):
            word, bit = divmod(slot, 64)
            free = [o for o in mine if (int(p.slots[o, word]) >> bit) & 1]
            if len(free) >= p.group_min_size[g]:
                model.meets[g, slot] = meets = model.yes_no()
                at_slot.setdefault((int(p.group_mentor[g]), slot), []).append(meets)
                for o in set(mine) - set(free):
                    model.cp.add_bool_or(model.chosen[o].negated(), meets.negated())
        model.cp.add(sum(v for (group, _), v in model.meets.items() if group == g) == model.opened[g])
    for together in (*of_theme.values(), *at_slot.values()):
        model.cp.add_at_most_one(together)


def _quotas(model: _Model) -> None:
    p = model.problem
    members: list[list[int]] = [[] for _ in range(p.num_quotas)]
    for o, q in zip(p.quota_option.tolist(), p.quota_owner.tolist(), strict=True):
        members[q].append(o)
    for q, mine in enumerate(members):
        _fill_steps(model, p.quota_steps, q, sum(model.chosen[o] for o in mine), cap=True)


def _pairs_of_options(model: _Model) -> None:
    """Forbid conflicts and meeting twice; keep companions together."""
    p = model.problem
    same: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    for o, couple in enumerate(zip(p.mentor.tolist(), p.mentee.tolist(), strict=True)):
        same.setdefault(couple, []).append(model.chosen[o])
    for twins in same.values():
        if len(twins) > 1:
            model.cp.add_at_most_one(twins)
    for a, b in zip(p.conflict_first.tolist(), p.conflict_second.tolist(), strict=True):
        model.cp.add_at_most_one([model.chosen[a], model.chosen[b]])
    for o, companion in enumerate([] if p.companion is None else p.companion.tolist()):
        if companion >= 0:
            model.cp.add_implication(model.chosen[o], model.chosen[companion])


def _worst_off(model: _Model, by_mentee: list[list[int]]) -> None:
    p = model.problem
    assert p.floor_points is not None
    assert p.floor_mentee is not None
    assert p.worst_off_level is not None
    most = int(np.abs(p.floor_points).sum())
    least = model.cp.new_int_var(-most, most, "")
    counted = []
    for n in np.flatnonzero(p.floor_mentee).tolist():
        total = sum(int(p.floor_points[o]) * model.chosen[o] for o in by_mentee[n])
        if not p.floor_served_only:
            model.cp.add(least <= total)
            continue
        served = model.yes_no()
        model.cp.add_max_equality(served, [0, *(model.chosen[o] for o in by_mentee[n])])
        model.cp.add(least <= total).only_enforce_if(served)
        counted.append(served)
    if p.floor_served_only or not p.floor_mentee.any():
        # Where nobody is counted, the level is worth nothing.
        nobody = model.yes_no()
        model.cp.add_bool_or(nobody, *counted)
        model.cp.add(least <= 0).only_enforce_if(nobody)
        for served in counted:
            model.cp.add_implication(nobody, served.negated())
    model.terms[p.worst_off_level].append(least)
