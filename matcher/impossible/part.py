"""The session problem of a few sessions: those that move, and those that stand still beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from matcher.impossible.world import Scene, World
from matcher.roster import SessionMode
from matcher.scheduling.build import SessionCase, build_sessions
from matcher.scheduling.calendar import Calendar
from matcher.scheduling.free import ONLINE
from matcher.scheduling.patterns import FIRST_MONTH_DAYS
from matcher.sessions.problem import BoolArray, IntArray
from matcher.sessions.schedule import Activity, PlannedSession, SessionState, Window

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """Sessions of an activity that are to be there, by their numbers; ``fixed`` are those that may not move."""

    activity: str
    numbers: tuple[int, ...]
    fixed: tuple[PlannedSession, ...] = ()


def want_of(scene: Scene, id_: str, numbers: Iterable[int]) -> Want:
    """Return a want; sessions that are held already may not move."""
    wanted = tuple(sorted(set(numbers)))
    fixed = tuple(s for s in scene.sessions[id_] if s.number in wanted and s.state is SessionState.HELD)
    return Want(activity=id_, numbers=wanted, fixed=fixed)


def span_of(scene: Scene, wants: Sequence[Want]) -> Window:
    """Return whole weeks that hold the days of all wants, those before and after included."""
    windows = [scene.loose_window(want.activity, n) for want in wants for n in want.numbers]
    first = max(scene.first_day, min(window.first_day for window in windows))
    last = min(scene.last_day, max(window.last_day for window in windows))
    return Window(
        first_day=first - timedelta(days=first.weekday()), last_day=last + timedelta(days=_WEEK - 1 - last.weekday())
    )


def build_part(
    scene: Scene,
    world: World,
    wants: Sequence[Want],
    standing: Mapping[str, Sequence[PlannedSession]],
    span: Window,
    *,
    online: Sequence[PlannedSession] = (),
) -> SessionCase:
    """Return the problem of ``wants`` in the days of ``span``; the sessions ``standing`` stay where they are.

    ``online`` are sessions of others who share nothing but video licences; they are only looked at where one activity
    moves, since what is left for several cannot be told time by time.
    """
    wants = [want for want in wants if want.numbers]
    moving = [_moving(scene, world, want) for want in wants]
    resting = [
        replace(world.activities[id_], modes=(), windows=_days_of(sessions)) for id_, sessions in standing.items()
    ]
    held = [session for want in wants for session in want.fixed]
    held += [session for sessions in standing.values() for session in sessions]
    case = build_sessions(
        [*moving, *resting], world.roster, world.policy, world.timetables, first_day=span.first_day,
        last_day=span.last_day, held=held,
    )  # fmt: skip
    next_day = case.problem.next_day.copy()
    for at, want in enumerate(wants):
        next_day[at] = _next_days(scene, world, want, case.case.calendar)
    problem = replace(case.problem, next_day=next_day)
    if online and world.roster.licences and world.policy.rule("HR-19").on:
        count = sum(licence.count for licence in world.roster.licences)
        beside = [*online, *(session for sessions in standing.values() for session in sessions)]
        problem = replace(problem, choice_days=_with_licences_left(case, beside, count))
    return replace(case, problem=problem)


def _with_licences_left(case: SessionCase, sessions: Sequence[PlannedSession], count: int) -> BoolArray:
    """Return the days of choices without those online on which all licences are in use at some minute of them."""
    problem, calendar = case.problem, case.case.calendar
    by_day: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for session in sessions:
        day = calendar.number(session.day)
        if session.mode is SessionMode.ONLINE and 0 <= day < calendar.num_days:
            by_day[day].append((session.start_minute, session.end_minute))
    found: BoolArray = problem.choice_days.copy()
    is_fixed = np.zeros(problem.num_choices, dtype=bool)
    is_fixed[problem.fixed_choice] = True
    is_online = (problem.venue_site[problem.choice_venue] == ONLINE) & ~is_fixed
    for day, used in by_day.items():
        if len(used) < count:
            continue
        for choice in np.flatnonzero(is_online & found[:, day]).tolist():
            slot = problem.choice_slot[choice]
            start, end = int(problem.slot_start[slot]), int(problem.slot_end[slot])
            minutes = [start, *(begin for begin, _ in used if start < begin < end)]
            found[choice, day] = all(sum(low <= at < high for low, high in used) < count for at in minutes)
    return found


def _moving(scene: Scene, world: World, want: Want) -> Activity:
    activity = world.activities[want.activity]
    if want.activity not in world.loose:
        windows = tuple(activity.windows[n - 1] for n in want.numbers)
    else:
        around = [scene.loose_window(want.activity, n) for n in want.numbers]
        first, last = min(w.first_day for w in around), max(w.last_day for w in around)
        windows = (Window(first_day=first, last_day=last),) * len(want.numbers)
    return replace(activity, windows=windows)


def _days_of(sessions: Sequence[PlannedSession]) -> tuple[Window, ...]:
    return tuple(Window(first_day=day, last_day=day) for day in sorted(session.day for session in sessions))


def _next_days(scene: Scene, world: World, want: Want, calendar: Calendar) -> IntArray:
    """Return the first day on which the next session may lie: after the gap, and in a later window where these hold."""
    activity, num_days = world.activities[want.activity], calendar.num_days
    day = np.arange(num_days)
    gap = np.full(num_days, max(1, activity.gap_days))
    if activity.first_gap_days is not None:
        month = calendar.number(activity.windows[0].first_day) + FIRST_MONTH_DAYS
        gap[day < month] = max(1, activity.first_gap_days)
    row = day + gap
    if want.activity not in world.loose:
        begins = [calendar.number(activity.windows[n - 1].first_day) for n in want.numbers]
        starts = np.array([*begins, num_days])
        row = np.maximum(row, starts[np.searchsorted(starts, day, side="right").clip(max=len(starts) - 1)])
    row = np.maximum.accumulate(row).clip(max=num_days)
    # Fixed sessions may lie closer to each other than the rules want.
    fixed = sorted(calendar.number(session.day) for session in want.fixed)
    for before, after in pairwise(fixed):
        row[: before + 1] = np.minimum(row[: before + 1], max(after, before + 1))
    found: IntArray = np.maximum(row, day + 1)
    return found


def sessions_in(scene: Scene, id_: str, first: date, last: date) -> tuple[PlannedSession, ...]:
    """Return the sessions of an activity between two days."""
    return tuple(session for session in scene.sessions[id_] if first <= session.day <= last)
