"""Whether sessions all find a place, or how many at most: exactly, all fixed sessions staying where they are.

One activity is counted by the walk of :mod:`matcher.sessions.count`, which is optimal; several by a dated model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from matcher.sessions.count import walk
from matcher.sessions.layout import ActivityLayout, Layout, build_layout, days_of
from matcher.sessions.problem import NO_LIMIT, SessionProblem
from matcher.sessions.state import State

MOST_DATES = 40_000
"""The most (choice, day) of a dated model."""

Dated = tuple[int, int]
"""A choice of the problem and a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """New sessions, and whether it is proved that there are no better ones (all, or most)."""

    sessions: tuple[Dated, ...]
    is_proved: bool


def can_place_all(problem: SessionProblem, *, seconds: float) -> bool | None:
    """Return whether every session that is wanted finds a place; None where the time did not suffice."""
    layout = build_layout(problem)
    state = State(layout)
    need = sum(activity.need for activity in layout.activities)
    by_walk = _by_walk(layout, state)
    if by_walk is not None:
        return len(by_walk) == need
    if any(len(_alone(layout, state, a)) < layout.activities[a].need for a in _moving(layout)):
        return False
    model = _Model(layout=layout, state=state)
    if not model.build(is_all=True):
        return None
    status, _ = model.solve(seconds)
    return None if status == cp_model.UNKNOWN else status in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def place_most(problem: SessionProblem, *, seconds: float) -> Placed:
    """Return as many new sessions as find a place."""
    layout = build_layout(problem)
    state = State(layout)
    by_walk = _by_walk(layout, state)
    if by_walk is not None:
        return Placed(sessions=tuple(by_walk), is_proved=True)
    model = _Model(layout=layout, state=state)
    if not model.build(is_all=False):
        return Placed(sessions=(), is_proved=False)
    status, found = model.solve(seconds)
    return Placed(sessions=tuple(found), is_proved=status == cp_model.OPTIMAL)


def _moving(layout: Layout) -> list[int]:
    return [a for a, activity in enumerate(layout.activities) if activity.need]


def _by_walk(layout: Layout, state: State) -> list[Dated] | None:
    """Return the most sessions of a single activity; None where there are several, or lengths and weeks mix."""
    moving = _moving(layout)
    if not moving:
        return []
    lengths = {layout.minutes[c] for c in layout.activities[moving[0]].choices}
    if len(moving) > 1 or (layout.activities[moving[0]].is_weekly and len(lengths) > 1):
        return None
    return _alone(layout, state, moving[0])


def _alone(layout: Layout, state: State, a: int) -> list[Dated]:
    """Return the most sessions of an activity beside the fixed ones: at least as many as there can be."""
    activity, usable = layout.activities[a], state.usable(a)
    every = 0
    for mask in usable:
        every |= mask
    days = walk(every, activity, state.weeks(a, shortest=True) if activity.is_weekly else None)
    choice = [next(i for i in _by_rank(activity) if usable[i] >> day & 1) for day in days]
    return [(activity.choices[i], day) for i, day in zip(choice, days, strict=True)]


def _by_rank(activity: ActivityLayout) -> list[int]:
    return sorted(range(len(activity.choices)), key=activity.rank.__getitem__)


@dataclass(slots=True, kw_only=True, eq=False)
class _Model:
    layout: Layout
    state: State
    model: Any = field(default_factory=cp_model.CpModel)
    x: dict[tuple[int, int], Any] = field(default_factory=dict)
    """(choice, day) → literal."""
    by_activity: dict[int, list[Dated]] = field(default_factory=lambda: defaultdict(list))

    def build(self, *, is_all: bool) -> bool:
        """Write the model; return False where it would be too large."""
        moving = _moving(self.layout)
        usable = {a: self.state.usable(a) for a in moving}
        if sum(mask.bit_count() for masks in usable.values() for mask in masks) > MOST_DATES:
            return False
        for a in moving:
            activity = self.layout.activities[a]
            for choice, mask in zip(activity.choices, usable[a], strict=True):
                for day in days_of(mask):
                    self.x[choice, day] = self.model.new_bool_var("")
                    self.by_activity[a].append((choice, day))
            self._add_spacing(a, is_all=is_all)
        self._add_people(moving)
        self._add_cells()
        if not is_all:
            self.model.maximize(sum(self.x.values()))
        return True

    def _add_spacing(self, a: int, *, is_all: bool) -> None:
        activity = self.layout.activities[a]
        by_day: dict[int, list[Any]] = defaultdict(list)
        for choice, day in self.by_activity[a]:
            by_day[day].append(self.x[choice, day])
        days = sorted(by_day)
        for day in days:
            # Of all days from this one to the first that may follow it at most one has a session.
            near = [one for d in days if d >= day and not activity.after[day] >> d & 1 for one in by_day[d]]
            self.model.add_at_most_one(near)
        every = [one for day in days for one in by_day[day]]
        if is_all:
            self.model.add(sum(every) == activity.need)
        else:
            self.model.add(sum(every) <= activity.need)

    def _add_people(self, moving: Sequence[int]) -> None:
        inside = set(moving)
        for person, activities in enumerate(self.layout.of_person):
            mine = [dated for a in activities if a in inside for dated in self.by_activity[a]]
            if not mine:
                continue
            if len(inside.intersection(activities)) > 1:
                by_day: dict[int, list[int]] = defaultdict(list)
                for choice, day in mine:
                    by_day[day].append(choice)
                for day, choices in by_day.items():
                    self._add_day(day, choices)
            if self.layout.week_minutes[person] != NO_LIMIT:
                self._add_weeks(person, mine)

    def _add_day(self, day: int, choices: Sequence[int]) -> None:
        p, layout = self.layout.problem, self.layout
        spots: dict[int, list[Any]] = defaultdict(list)
        for choice in choices:
            spots[layout.spot[choice]].append(self.x[choice, day])
        span = {s: (int(p.slot_start[layout.spot_slot[s]]), int(p.slot_end[layout.spot_slot[s]])) for s in spots}
        for start in sorted({begin for begin, _ in span.values()}):
            self.model.add_at_most_one(one for s in spots if span[s][0] <= start < span[s][1] for one in spots[s])
        ordered = sorted(spots)
        for i, a in enumerate(ordered):
            for b in ordered[i + 1 :]:
                is_apart = span[a][1] <= span[b][0] or span[b][1] <= span[a][0]
                if is_apart and layout.spots_clash(a, b):
                    self.model.add_at_most_one([*spots[a], *spots[b]])

    def _add_weeks(self, person: int, mine: Sequence[Dated]) -> None:
        layout = self.layout
        by_week: dict[int, list[Dated]] = defaultdict(list)
        for choice, day in mine:
            by_week[layout.week[day]].append((choice, day))
        for week, dated in by_week.items():
            left = layout.week_minutes[person] - self.state.minutes_used(person, week)
            self.model.add(sum(layout.minutes[c] * self.x[c, d] for c, d in dated) <= max(0, left))

    def _add_cells(self) -> None:
        users: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for (choice, day), one in self.x.items():
            for cell in self.layout.cells[choice]:
                users[cell, day].append(one)
        for (cell, day), ones in users.items():
            left = self.state.cell_left(cell, day)
            if len(ones) > left:
                self.model.add(sum(ones) <= left)

    def solve(self, seconds: float) -> tuple[Any, list[Dated]]:
        """Return the status and the sessions found."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.01, seconds)
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return status, []
        return status, [dated for dated, one in self.x.items() if solver.value(one)]
