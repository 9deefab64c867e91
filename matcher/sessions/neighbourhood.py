"""A few activities planned exactly while all others stay: a dated model for CP-SAT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from matcher.sessions.count import count, key_masks
from matcher.sessions.layout import ActivityLayout, days_of
from matcher.sessions.problem import NO_LIMIT
from matcher.sessions.search import Search
from matcher.sessions.state import Placing

WORK_PER_SECOND = 1000
"""Units of work (activities planned anew) that count as one deterministic second of an exact search."""


@dataclass(slots=True, eq=False)
class _Model:
    search: Search
    free: Sequence[int]
    model: Any = field(default_factory=cp_model.CpModel)
    # (activity, local choice, day) → literal
    x: dict[tuple[int, int, int], Any] = field(default_factory=dict)
    missing: list[Any] = field(default_factory=list)
    moved: list[Any] = field(default_factory=list)
    rhythm: list[Any] = field(default_factory=list)


def improve_exactly(search: Search, free: Sequence[int], *, seconds: float) -> bool:
    """Plan these activities exactly, within ``seconds``, while all others stay; return whether it is proved best.

    What is found is kept if it is better than before.
    """
    before = search.sum_of(free)
    had = search.take(free)
    m = _Model(search, free)
    usable = {a: search.state.usable(a) for a in free}
    for a in free:
        _add_activity(m, a, usable[a], had[a])
    _add_people(m)
    _add_weeks(m)
    _add_cells(m)
    solver, status = _solve(m, seconds)
    proved: bool = status == cp_model.OPTIMAL
    found = had if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE) else _read(m, solver)
    for a in free:
        search.put(a, found[a])
    if search.sum_of(free) > before:
        search.restore(had)
    return proved


def _add_activity(m: _Model, a: int, usable: Sequence[int], had: Placing) -> None:
    layout = m.search.layout.activities[a]
    model = m.model
    by_key: list[list[tuple[int, Any]]] = [[] for _ in layout.keys]
    for i, mask in enumerate(usable):
        for day in days_of(mask):
            literal = m.x[a, i, day] = model.new_bool_var("")
            model.add_hint(literal, had.get(i, 0) >> day & 1)
            by_key[layout.key_of[i]].append((day, literal))
    masks = key_masks(layout, usable)
    weeks = m.search.state.weeks(a, shortest=True) if layout.is_weekly else None
    every = [one for members in by_key for one in members]
    for literals in _cliques(layout, every):
        model.add_at_most_one(literals)
    keys: list[Any] = []
    held = {layout.key_of[i] for i in had}
    for k, members in enumerate(by_key):
        if not members or k in layout.fixed_keys:
            continue
        used = model.new_bool_var("")
        model.add_hint(used, k in held)
        keys.append(used)
        # Whole cliques are forbidden by an unused key, which the linear relaxation feels; single sessions it would not.
        for literals in _cliques(layout, members):
            model.add_at_most_one([*literals, used.negated()])
        model.add(sum(x for _, x in members) <= count(masks[k], layout, weeks) * used)
    total = 0
    for mask in masks:
        total |= mask
    most = count(total, layout, weeks)
    short = model.new_int_var(layout.need - most, layout.need, "")
    model.add(sum(x for _, x in every) + short == layout.need)
    model.add_hint(short, layout.need - sum(mask.bit_count() for mask in had.values()))
    least = m.search.least[a][1] - len(layout.fixed_keys)
    alone = m.search.least[a][0] // layout.weight
    if least > 0 and keys and not layout.is_weekly:
        # The fewest keys hold as long as nothing more is missing than the activity misses by itself.
        model.add(sum(keys) + least * (short - alone) >= least)
    m.missing.append(layout.weight * short)
    m.rhythm += keys
    for day, (i, price) in layout.hints.items():
        if (a, i, day) in m.x:
            m.moved.append(price * (1 - m.x[a, i, day]))


def _cliques(layout: ActivityLayout, dated: Sequence[tuple[int, Any]]) -> list[list[Any]]:
    """Return the largest sets of sessions that lie too near each other: from a day to the next that may follow."""
    by_day: dict[int, list[Any]] = defaultdict(list)
    for day, literal in dated:
        by_day[day].append(literal)
    days = sorted(by_day)
    cliques: list[list[Any]] = []
    reached = -1
    for n, day in enumerate(days):
        last = n
        while last + 1 < len(days) and not layout.after[day] >> days[last + 1] & 1:
            last += 1
        if last > reached:
            reached = last
            cliques.append([x for d in days[n : last + 1] for x in by_day[d]])
    return cliques


def _add_people(m: _Model) -> None:
    """Nobody is at two sessions whose times overlap, or between whose sites the way is too long."""
    layout = m.search.layout
    shared: dict[int, list[int]] = defaultdict(list)
    for a in m.free:
        for person in layout.activities[a].people:
            shared[person].append(a)
    groups = {tuple(group) for group in shared.values() if len(group) > 1}
    at: dict[tuple[int, int], list[tuple[int, Any]]] = defaultdict(list)
    for (a, i, day), literal in m.x.items():
        at[a, day].append((layout.spot[layout.activities[a].choices[i]], literal))
    days = sorted({day for _, day in at})
    for group in sorted(groups):
        for day in days:
            by_spot: dict[int, list[Any]] = defaultdict(list)
            for a in group:
                for spot, literal in at.get((a, day), ()):
                    by_spot[spot].append(literal)
            _add_day(m, by_spot)


def _add_day(m: _Model, by_spot: dict[int, list[Any]]) -> None:
    """Add the clashes of one day: a clique for what runs at each start, pairs for the rest (travel)."""
    layout, p = m.search.layout, m.search.layout.problem
    start = {spot: int(p.slot_start[layout.spot_slot[spot]]) for spot in by_spot}
    end = {spot: int(p.slot_end[layout.spot_slot[spot]]) for spot in by_spot}
    spots = sorted(by_spot)
    covered: set[tuple[int, int]] = set()
    for moment in sorted(set(start.values())):
        running = [s for s in spots if start[s] <= moment < end[s]]
        literals = [x for s in running for x in by_spot[s]]
        if len(literals) > 1:
            m.model.add_at_most_one(literals)
        covered.update((s, t) for s in running for t in running)
    for n, s in enumerate(spots):
        for t in spots[n + 1 :]:
            if (s, t) not in covered and layout.spots_clash(s, t):
                m.model.add_at_most_one([*by_spot[s], *by_spot[t]])


def _add_weeks(m: _Model) -> None:
    layout = m.search.layout
    terms: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for (a, i, day), literal in m.x.items():
        activity = layout.activities[a]
        minutes = layout.minutes[activity.choices[i]]
        for person in activity.people:
            if layout.week_minutes[person] != NO_LIMIT:
                terms[person, layout.week[day]].append(minutes * literal)
    for (person, week), members in terms.items():
        if len(members) > 1:
            left = layout.week_minutes[person] - m.search.state.minutes_used(person, week)
            m.model.add(sum(members) <= left)


def _add_cells(m: _Model) -> None:
    layout, state = m.search.layout, m.search.state
    users: dict[tuple[int, int], list[Any]] = defaultdict(list)
    who: dict[tuple[int, int], set[int]] = defaultdict(set)
    for (a, i, day), literal in m.x.items():
        for cell in layout.cells[layout.activities[a].choices[i]]:
            users[cell, day].append(literal)
            who[cell, day].add(a)
    for (cell, day), literals in users.items():
        left = state.cell_left(cell, day)
        # An activity has one session a day at most.
        if len(who[cell, day]) > left:
            m.model.add(sum(literals) <= left)


def _solve(m: _Model, seconds: float) -> tuple[Any, Any]:
    rhythm = len(m.rhythm) + 1
    prices = [price for a in m.free for _, price in m.search.layout.activities[a].hints.values()]
    moved = rhythm * (sum(prices) + 1)
    m.model.minimize(moved * sum(m.missing) + rhythm * sum(m.moved) + sum(m.rhythm))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = m.search.random.randrange(1 << 30)
    effort = m.search.effort
    if effort.is_counted:
        solver.parameters.max_deterministic_time = min(seconds, effort.work_left() / WORK_PER_SECOND)
    else:
        solver.parameters.max_time_in_seconds = max(0.01, min(seconds, effort.left()))
    status = solver.solve(m.model)
    if effort.is_counted:
        effort.spend(1 + int(WORK_PER_SECOND * solver.response_proto.deterministic_time))
    return solver, status


def _read(m: _Model, solver: Any) -> dict[int, Placing]:
    found: dict[int, dict[int, int]] = {a: {} for a in m.free}
    for (a, i, day), literal in m.x.items():
        if solver.boolean_value(literal):
            found[a][i] = found[a].get(i, 0) | 1 << day
    return dict(found.items())
