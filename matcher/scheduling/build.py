"""From activities to the session problem in arrays, and the tables to come back from its indices to ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from matcher.policy import Policy
from matcher.roster import Roster, SessionMode
from matcher.scheduling.case import Case
from matcher.scheduling.cells import Cells, Users, build_cells
from matcher.scheduling.free import ONLINE
from matcher.scheduling.members import Members, build_members
from matcher.scheduling.options import Options, build_options, joined_options
from matcher.scheduling.patterns import FIRST_MONTH_DAYS
from matcher.scheduling.slots import Slots
from matcher.sessions.problem import IntArray, SessionProblem
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession, Window
from matcher.timetables import Timetables

OpenWindows = Mapping[str, Mapping[int, Window]]
"""Activity → number of a session → the days of its window on which it may still be placed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionCase:
    """A session problem and what its indices stand for.

    ``activities`` are those with sessions, in the order of the problem; ``reserves`` want none. ``held`` are the
    sessions that are fixed. ``pools`` names room classes and licences, in the order of ``cell_pool``, and
    ``cell_minute`` tells at which minute of the week a cell is counted. ``person_id`` names the problem's people.
    ``lost`` are published sessions whose time is no longer possible. Where only a part of the year is planned,
    ``open_windows`` has what is asked for beside the held sessions.
    """

    problem: SessionProblem
    case: Case
    activities: tuple[Activity, ...]
    reserves: tuple[Activity, ...]
    held: tuple[PlannedSession, ...]
    lost: tuple[PlannedSession, ...]
    person_id: tuple[str, ...]
    pools: tuple[str, ...]
    cell_minute: IntArray
    open_windows: OpenWindows | None = None

    def is_asked_for(self, activity: Activity, number: int) -> bool:
        """Return whether a session that is not held is to be placed."""
        return self.open_windows is None or number in self.open_windows.get(activity.id, {})


def build_sessions(
    activities: Sequence[Activity],
    roster: Roster,
    policy: Policy,
    timetables: Timetables,
    *,
    first_day: date,
    last_day: date,
    published: Sequence[PlannedSession] = (),
    held: Sequence[PlannedSession] = (),
    open_windows: OpenWindows | None = None,
) -> SessionCase:
    """Return the problem of placing the sessions of activities.

    Parameters
    ----------
    published
        Sessions people know of: moving one costs as many points as people come to it.
    held
        Sessions that took place, or may not move: they are there whatever else the rules say of their day.
    open_windows
        The sessions to be placed beside the held ones, and on which days; by default one in every window.

    Raises
    ------
    InputError
        When an organisation has no school year.
    """
    case = Case(roster, policy, timetables, first_day, last_day)
    planned = tuple(activity for activity in activities if activity.purpose is not ActivityPurpose.RESERVE)
    index = {activity.id: at for at, activity in enumerate(planned)}
    kept = tuple(session for session in held if session.activity in index and first_day <= session.day <= last_day)
    asked = planned if open_windows is None else [_with_windows(activity, open_windows) for activity in planned]
    parts = [build_options(activity, case) for activity in asked]
    parts.append(_as_options(kept, planned, index, case))
    owner = np.repeat(np.arange(len(planned), dtype=np.int64), [len(part) for part in parts[:-1]])
    owner = np.concatenate([owner, np.array([index[session.activity] for session in kept], dtype=np.int64)])
    options = joined_options(parts, case.calendar.num_days)
    fixed_choice = np.arange(len(owner) - len(kept), len(owner), dtype=np.int64)
    fixed_day = np.array([case.calendar.number(session.day) for session in kept], dtype=np.int64)
    cells = _cells(planned, options, owner, case)
    cells = _with_room_for(cells, fixed_choice, fixed_day)
    options.days[fixed_choice, fixed_day] = True
    hints, lost = _hints(published, planned, options, owner[: len(owner) - len(kept)], case)
    members = build_members(planned, case)
    problem = _problem(planned, case, options, owner, cells, members, _next_days(planned, case, kept))
    people = [len(case.people_of(planned[int(owner[choice])])) for choice, _ in hints]
    problem = replace(
        problem,
        fixed_choice=fixed_choice,
        fixed_day=fixed_day,
        hint_choice=np.array([choice for choice, _ in hints], dtype=np.int64),
        hint_day=np.array([day for _, day in hints], dtype=np.int64),
        move_price=np.array(people, dtype=np.int64),
    )
    if open_windows is not None:
        wanted = np.bincount(owner[fixed_choice], minlength=len(planned)) + [activity.wanted for activity in asked]
        problem = replace(problem, wanted=wanted.astype(np.int64))
    reserves = tuple(activity for activity in activities if activity.purpose is ActivityPurpose.RESERVE)
    return SessionCase(
        problem=problem, case=case, activities=planned, reserves=reserves, held=kept, lost=lost,
        person_id=members.person_id, pools=cells.pools, cell_minute=cells.minute, open_windows=open_windows,
    )  # fmt: skip


def _with_windows(activity: Activity, open_windows: OpenWindows) -> Activity:
    return replace(activity, windows=tuple(open_windows.get(activity.id, {}).values()))


def _problem(
    planned: Sequence[Activity], case: Case, options: Options, owner: IntArray, cells: Cells, members: Members,
    next_day: IntArray,
) -> SessionProblem:  # fmt: skip
    """Return the problem without fixed and published sessions."""
    slot, slots = _numbered(options.slots)
    rhythm, _ = _numbered(Slots(weekday=slots.weekday, start=slots.start, end=slots.start))
    return SessionProblem(
        num_days=case.calendar.num_days,
        num_people=len(members.person_id),
        num_sites=len(case.places.site),
        wanted=np.array([activity.wanted for activity in planned], dtype=np.int64),
        weight=np.ones(len(planned), dtype=np.int64),
        lead=members.lead,
        next_day=next_day,
        member_activity=members.activity,
        member_person=members.person,
        slot_weekday=slots.weekday,
        slot_start=slots.start,
        slot_end=slots.end,
        slot_rhythm=rhythm,
        venue_site=np.arange(ONLINE, len(case.places.site), dtype=np.int64),
        choice_activity=owner,
        choice_slot=slot,
        choice_venue=options.site - ONLINE,
        choice_cost=options.cost,
        choice_minutes=options.slots.end - options.slots.start,
        choice_days=options.days,
        choice_cell_start=cells.choice_start,
        choice_cell=cells.choice_cell,
        cell_size=cells.size,
        cell_pool=cells.pool,
        travel=case.places.travel,
        week=case.calendar.week,
        week_minutes=members.week_minutes,
    )


def _numbered(slots: Slots) -> tuple[IntArray, Slots]:
    """Return the number of every time among the different ones, and these."""
    keys = np.stack([slots.weekday, slots.start, slots.end])
    different, back = np.unique(keys, axis=1, return_inverse=True)
    return back.reshape(-1).astype(np.int64), Slots(weekday=different[0], start=different[1], end=different[2])


def _as_options(
    sessions: Sequence[PlannedSession], planned: Sequence[Activity], index: Mapping[str, int], case: Case
) -> Options:
    """Return sessions as choices of their one day."""
    days = np.zeros((len(sessions), case.calendar.num_days), dtype=bool)
    days[np.arange(len(sessions)), [case.calendar.number(session.day) for session in sessions]] = True
    return Options(
        slots=Slots(
            weekday=np.array([session.day.weekday() for session in sessions], dtype=np.int64),
            start=np.array([session.start_minute for session in sessions], dtype=np.int64),
            end=np.array([session.end_minute for session in sessions], dtype=np.int64),
        ),
        site=np.array([_site_of(s, planned[index[s.activity]].mentor, case) for s in sessions], dtype=np.int64),
        cost=np.zeros(len(sessions), dtype=np.int64),
        days=days,
    )


def _site_of(session: PlannedSession, mentor: str, case: Case) -> int:
    """Return the site index of a session; a building without a name is the mentor's."""
    if session.mode is SessionMode.ONLINE:
        return ONLINE
    if session.site in case.places.index:
        return case.places.index[session.site]
    return case.places.home(mentor)


def _cells(planned: Sequence[Activity], options: Options, owner: IntArray, case: Case) -> Cells:
    meets = np.array([activity.purpose is ActivityPurpose.MEETING for activity in planned], dtype=bool)
    size = np.array([activity.size for activity in planned], dtype=np.int64)
    users = Users(
        activity=owner,
        slots=options.slots,
        site=options.site,
        size=size[owner],
        needs_room=meets[owner] & (options.site != ONLINE),
    )
    return build_cells(users, case, options.days)


def _with_room_for(cells: Cells, choice: IntArray, day: IntArray) -> Cells:
    """Return cells that hold the fixed sessions at least."""
    size = cells.size.copy()
    used = np.zeros_like(size)
    for one, on in zip(choice.tolist(), day.tolist(), strict=True):
        used[cells.choice_cell[cells.choice_start[one] : cells.choice_start[one + 1]], on] += 1
    return replace(cells, size=np.maximum(size, used))


def _next_days(planned: Sequence[Activity], case: Case, held: Sequence[PlannedSession]) -> IntArray:
    """Return the first day on which the next session of each activity may lie: after the gap, in a later window."""
    num_days = case.calendar.num_days
    found = np.full((len(planned), num_days), num_days, dtype=np.int64)
    day = np.arange(num_days)
    held_days: dict[str, list[int]] = {}
    for session in held:
        held_days.setdefault(session.activity, []).append(case.calendar.number(session.day))
    for at, activity in enumerate(planned):
        if not activity.windows:
            continue
        begins = np.array([case.calendar.number(window.first_day) for window in activity.windows] + [num_days])
        gap = np.full(num_days, activity.gap_days)
        if activity.first_gap_days is not None:
            gap[day < begins[0] + FIRST_MONTH_DAYS] = activity.first_gap_days
        following = begins[np.searchsorted(begins, day, side="right").clip(max=len(begins) - 1)]
        row = np.maximum.accumulate(np.maximum(day + np.maximum(gap, 1), following)).clip(max=num_days)
        row = np.maximum(row, day + 1)
        own = sorted(held_days.get(activity.id, ()))
        for before, after in pairwise(own):
            row[: before + 1] = np.minimum(row[: before + 1], max(after, before + 1))
        found[at] = row
    return found


def _hints(
    published: Sequence[PlannedSession], planned: Sequence[Activity], options: Options, owner: IntArray, case: Case
) -> tuple[list[tuple[int, int]], tuple[PlannedSession, ...]]:
    """Return (choice, day) of the published sessions whose time is still possible, and the others.

    ``owner`` ends before the choices of held sessions: these have their one day.
    """
    slots = options.slots
    columns = (owner, *(column[: len(owner)] for column in (slots.weekday, slots.start, slots.end, options.site)))
    choice_of = (
        {key: at for at, key in enumerate(zip(*(c.tolist() for c in columns), strict=True))} if published else {}
    )
    index = {activity.id: at for at, activity in enumerate(planned)}
    hints: list[tuple[int, int]] = []
    lost: list[PlannedSession] = []
    for session in published:
        at, day = index.get(session.activity), case.calendar.number(session.day)
        choice = None
        if at is not None and 0 <= day < case.calendar.num_days:
            site = _site_of(session, planned[at].mentor, case)
            choice = choice_of.get((at, session.day.weekday(), session.start_minute, session.end_minute, site))
        if choice is not None and options.days[choice, day]:
            hints.append((choice, day))
        else:
            lost.append(session)
    return hints, tuple(lost)
