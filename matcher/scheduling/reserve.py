"""Pairs without fixed sessions: how often a call would be answered in time, and the first free slot after a call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from matcher.policy import Policy
from matcher.roster import Roster, SessionMode
from matcher.scheduling.case import Case
from matcher.scheduling.cells import room_fits
from matcher.scheduling.free import ONLINE
from matcher.scheduling.options import Options, build_options
from matcher.scheduling.slots import Slots
from matcher.sessions.problem import BoolArray
from matcher.sessions.schedule import Activity, PlannedSession, Reserve, Schedule, SessionState
from matcher.timetables import Timetables


def reserves_of(
    reserves: Sequence[Activity], case: Case, activities: Sequence[Activity], sessions: Iterable[PlannedSession]
) -> tuple[Reserve, ...]:
    """Return for every reserve on how many school days a call finds a common free time within the response days.

    The response days are school days after that of the call. Sessions of the schedule take their people's time; rooms
    and licences are not kept.
    """
    if not reserves:
        return ()
    people = {activity.id: case.people_of(activity) for activity in activities}
    by_person = _by_person(sessions, people)
    found = []
    for activity in reserves:
        options = _left(build_options(activity, case), activity, case, by_person)
        school = np.flatnonzero(case.school_days(activity))
        free = np.asarray(options.days.any(axis=0))[school]
        soon = free.copy()
        for later in range(1, activity.response_days + 1):
            soon[:-later] |= free[later:]
        found.append(Reserve(activity=activity.id, num_days=len(school), num_answered=int(soon.sum())))
    return tuple(found)


def on_demand(
    schedule: Schedule, activity_id: str, day: date, roster: Roster, policy: Policy, timetables: Timetables
) -> PlannedSession | None:
    """Return the first session that answers a call of ``day``, None where the response days hold no free time.

    It lasts as long as the pattern says or, where nothing else is free, as short as it allows; rooms and licences that
    the schedule leaves are taken.

    Raises
    ------
    KeyError
        When the schedule has no such activity.
    """
    activity = {found.id: found for found in schedule.activities}[activity_id]
    case = Case(roster, policy, timetables, schedule.first_day, schedule.last_day)
    people = {found.id: case.people_of(found) for found in schedule.activities}
    options = _left(build_options(activity, case), activity, case, _by_person(schedule.sessions, people))
    begin = case.calendar.number(day)
    school = [at for at in np.flatnonzero(case.school_days(activity)).tolist() if at >= max(0, begin)]
    number = 1 + max((s.number for s in schedule.sessions if s.activity == activity_id), default=0)
    for at in school[: activity.response_days + (begin in school)]:
        on_day = case.calendar.day[at]
        there = [one for one in schedule.sessions if one.day == on_day and _takes_place(one)]
        choices = np.flatnonzero(options.days[:, at])
        slots = options.slots
        order = sorted(choices.tolist(), key=lambda c: (slots.start[c], options.cost[c], -slots.end[c]))
        for choice in order:
            found = _session(activity, number, on_day, options, choice, case, there)
            if found is not None:
                return found
    return None


def _session(
    activity: Activity, number: int, day: date, options: Options, choice: int, case: Case,
    there: Sequence[PlannedSession],
) -> PlannedSession | None:  # fmt: skip
    """Return a choice as a session, None where it has no room or licence left."""
    start, end, site = int(options.slots.start[choice]), int(options.slots.end[choice]), int(options.site[choice])
    at_once = [one for one in there if one.start_minute < end and start < one.end_minute]
    is_online = site == ONLINE
    place = None if is_online else case.places.site[site].id
    room = licence = None
    if case.policy.rule("HR-19").on and is_online and case.roster.licences:
        licence = next((id_ for id_, spare in _spare(case, at_once) if spare > 0), None)
        if licence is None:
            return None
    if case.policy.rule("HR-19").on and place is not None and any(one.site == place for one in case.roster.rooms):
        taken = {one.room for one in at_once}
        room = next((id_ for id_ in _free_rooms(activity, options.slots.take(np.array([choice])), site, day, case)
                     if id_ not in taken), None)  # fmt: skip
        if room is None:
            return None
    return PlannedSession(
        id=f"{activity.id}/{number}",
        activity=activity.id,
        number=number,
        day=day,
        start_minute=start,
        end_minute=end,
        mode=SessionMode.ONLINE if is_online else SessionMode.IN_PERSON,
        site=place,
        room=room,
        licence=licence,
    )


def _spare(case: Case, at_once: Sequence[PlannedSession]) -> list[tuple[str, int]]:
    return [
        (licence.id, licence.count - sum(one.licence == licence.id for one in at_once))
        for licence in case.roster.licences
    ]


def _free_rooms(activity: Activity, slot: Slots, site: int, day: date, case: Case) -> list[str]:
    """Return rooms of a site that are large enough and free of lessons, the smallest first."""
    none = np.zeros((0, 0), dtype=np.int64)
    place, at = case.places.site[site], case.calendar.number(day)
    rooms = [room for room in case.roster.rooms if room.site == place.id and room_fits(room, activity.size)]
    found = []
    for room in sorted(rooms, key=lambda one: (one.capacity is None, one.capacity or 0, one.id)):
        weeks = case.free.of_room(room.id, place.organisation)
        if not weeks.taken(slot, ONLINE, none)[0, weeks.kind[at]]:
            found.append(room.id)
    return found


def _takes_place(session: PlannedSession) -> bool:
    return session.state is not SessionState.CANCELLED


def _by_person(
    sessions: Iterable[PlannedSession], people: dict[str, tuple[str, ...]]
) -> dict[str, list[PlannedSession]]:
    found: dict[str, list[PlannedSession]] = defaultdict(list)
    for session in sessions:
        if _takes_place(session):
            for id_ in people.get(session.activity, ()):
                found[id_].append(session)
    return found


def _left(options: Options, activity: Activity, case: Case, by_person: dict[str, list[PlannedSession]]) -> Options:
    """Return the options that no session of the activity's people takes, the way between sites included."""
    days: BoolArray = options.days.copy()
    travel = case.places.travel
    for id_ in case.people_of(activity):
        for session in by_person.get(id_, ()):
            at = case.calendar.number(session.day)
            if not 0 <= at < case.calendar.num_days:
                continue
            before = after = np.zeros(len(options), dtype=np.int64)
            if session.site in case.places.index:
                site = case.places.index[session.site]
                inside = options.site != ONLINE
                before = np.where(inside, travel[options.site, site], 0)
                after = np.where(inside, travel[site, options.site], 0)
            slots = options.slots
            days[(slots.start < session.end_minute + after) & (session.start_minute < slots.end + before), at] = False
    return Options(slots=options.slots, site=options.site, cost=options.cost, days=days)
