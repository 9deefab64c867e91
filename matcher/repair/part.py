"""The part of a schedule that a repair touches, as a session problem of its own; all else stands still in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from matcher.policy import Policy
from matcher.roster import Roster, SessionMode
from matcher.scheduling.build import SessionCase, build_sessions
from matcher.scheduling.patterns import FIRST_MONTH_DAYS
from matcher.sessions.problem import IntArray, SessionProblem
from matcher.sessions.schedule import Activity, PlannedSession, SessionState, Window
from matcher.timetables import Timetables


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """An activity whose sessions are placed anew: those behind ``first_day`` and before its end.

    ``staying`` are its sessions from today on that are still possible, ``numbers`` those of the windows to be filled
    (the staying ones among them).
    """

    activity: Activity
    first_day: date
    staying: tuple[PlannedSession, ...]
    numbers: tuple[int, ...]


def touched_of(activity: Activity, sessions: Sequence[PlannedSession], lost: frozenset[str], today: date) -> Touched:
    """Return what is to be placed of an activity: one session for every window that is not over, none held twice."""
    live = [session for session in sessions if session.state is not SessionState.CANCELLED]
    past = [session for session in live if session.day < today]
    staying = tuple(session for session in live if session.day >= today and session.id not in lost)
    done = {session.number for session in past}
    numbers = tuple(
        number
        for number, window in enumerate(activity.windows, start=1)
        if number not in done and window.last_day >= today
    )
    last = max((session.day for session in past), default=None)
    begins = min((window.first_day for window in activity.windows), default=today)
    free = max(today, begins) if last is None else max(today, last + timedelta(days=activity.gap_days))
    return Touched(activity=activity, first_day=free, staying=staying, numbers=numbers)


def build_part(
    touched: Sequence[Touched],
    others: Mapping[str, Sequence[PlannedSession]],
    activities: Mapping[str, Activity],
    roster: Roster,
    policy: Policy,
    timetables: Timetables,
    *,
    today: date,
    last_day: date,
    may_move: bool,
) -> SessionCase:
    """Return the problem of the touched activities; ``others`` are the sessions from today on of those that stand.

    The problem has the touched activities first, then those that share people with them; who shares only rooms or
    licences has taken them out of their cells. The windows of what is placed anew are given up, the least gaps kept: a
    session that was lost can only be made good outside its own two weeks. With ``may_move`` the staying sessions of
    touched activities may move for a price.
    """
    with_people, with_places = _near(touched, others, activities, roster)
    near = [*with_people, *with_places]
    anew = [replace(one.activity, windows=(_rest(one, last_day),) * len(one.numbers)) for one in touched]
    standing = [replace(activities[id_], modes=(), windows=_days_of(others[id_])) for id_ in near]
    staying = [session for one in touched for session in one.staying]
    held = [session for id_ in near for session in others[id_]]
    case = build_sessions(
        [*anew, *standing], roster, policy, _of_people(timetables, [*anew, *standing], roster),
        first_day=today, last_day=last_day,
        published=staying if may_move else (), held=held if may_move else [*held, *staying],
    )  # fmt: skip
    problem = replace(case.problem, next_day=_gaps_only(case, touched, today))
    return replace(case, problem=stripped(problem, len(touched) + len(with_people)))


def _rest(one: Touched, last_day: date) -> Window:
    """Return all days that are left to an activity."""
    windows = one.activity.windows
    return Window(first_day=one.first_day, last_day=windows[-1].last_day if windows else last_day)


def _days_of(sessions: Sequence[PlannedSession]) -> tuple[Window, ...]:
    days = sorted(session.day for session in sessions)
    return tuple(Window(first_day=day, last_day=day) for day in days)


def _near(
    touched: Sequence[Touched],
    others: Mapping[str, Sequence[PlannedSession]],
    activities: Mapping[str, Activity],
    roster: Roster,
) -> tuple[list[str], list[str]]:
    """Return the activities that share people with the touched ones, and those that share only places."""
    mine = {one.activity.id for one in touched}
    people = {id_ for one in touched for id_ in one.activity.people}
    home = {person.id: person.organisation for person in roster.people}
    organisations = {home[id_] for id_ in people if id_ in home}
    sites = {site.id for site in roster.sites if site.organisation in organisations}
    online = [one for one in touched if one.activity.modes != (SessionMode.IN_PERSON,)]
    # Each activity takes one licence at a time: with one for everybody nobody needs to be asked.
    using = sum(any(session.mode is SessionMode.ONLINE for session in mine) for mine in others.values())
    counted = bool(online) and bool(roster.licences) and sum(one.count for one in roster.licences) < using + len(online)
    with_people, with_places = [], []
    for id_, sessions in sorted(others.items()):
        if id_ in mine or not sessions:
            continue
        if not people.isdisjoint(activities[id_].people):
            with_people.append(id_)
        elif any(s.site in sites if s.site is not None else counted for s in sessions):
            with_places.append(id_)
    return with_people, with_places


def _of_people(timetables: Timetables, activities: Sequence[Activity], roster: Roster) -> Timetables:
    """Return the timetables of those who can meet anew, of their classes and of rooms; who stands still needs none."""
    named = {
        id_ for activity in activities if activity.modes for id_ in (*activity.people, activity.school_class or "")
    }
    named |= {person.school_class or "" for person in roster.people if person.id in named}
    return replace(timetables, people=tuple(entry for entry in timetables.people if entry.subject in named))


def _gaps_only(case: SessionCase, touched: Sequence[Touched], today: date) -> IntArray:
    """Return the first days of next sessions in which windows no longer count, only gaps."""
    num_days = case.problem.num_days
    day = np.arange(num_days)
    found = case.problem.next_day.copy()
    for at, one in enumerate(touched):
        gap = np.full(num_days, max(1, one.activity.gap_days))
        if one.activity.first_gap_days is not None and one.activity.windows:
            month = (one.activity.windows[0].first_day - today).days + FIRST_MONTH_DAYS
            gap[day < month] = max(1, one.activity.first_gap_days)
        found[at] = np.maximum.accumulate(np.minimum(day + gap, num_days)).clip(min=day + 1)
    return found


def stripped(problem: SessionProblem, num_kept: int) -> SessionProblem:
    """Return the problem of the first activities alone; the fixed sessions of the others take their cells with them.

    Only for others that share no person with the first: what they have in common is rooms and licences.
    """
    kept = problem.choice_activity < num_kept
    row_length = np.diff(problem.choice_cell_start)
    row = np.repeat(np.arange(problem.num_choices), row_length)
    gone = ~kept[problem.fixed_choice]
    size = problem.cell_size.copy()
    for choice, day in zip(problem.fixed_choice[gone].tolist(), problem.fixed_day[gone].tolist(), strict=True):
        size[problem.choice_cell[problem.choice_cell_start[choice] : problem.choice_cell_start[choice + 1]], day] -= 1
    number = np.cumsum(kept) - 1
    stays = problem.member_activity < num_kept
    return replace(
        problem,
        wanted=problem.wanted[:num_kept],
        weight=problem.weight[:num_kept],
        lead=problem.lead[:num_kept],
        next_day=problem.next_day[:num_kept],
        member_activity=problem.member_activity[stays],
        member_person=problem.member_person[stays],
        choice_activity=problem.choice_activity[kept],
        choice_slot=problem.choice_slot[kept],
        choice_venue=problem.choice_venue[kept],
        choice_cost=problem.choice_cost[kept],
        choice_minutes=problem.choice_minutes[kept],
        choice_days=problem.choice_days[kept],
        choice_cell_start=np.concatenate([[0], np.cumsum(row_length[kept])]).astype(np.int64),
        choice_cell=problem.choice_cell[kept[row]],
        cell_size=np.maximum(size, 0),
        fixed_choice=number[problem.fixed_choice[~gone]],
        fixed_day=problem.fixed_day[~gone],
        hint_choice=number[problem.hint_choice],
    )
