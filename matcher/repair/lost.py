"""Which sessions cannot stay after the changes: the judge's own rules say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcher.judge.schedule.days import on_open_days, within_hours
from matcher.judge.schedule.diary import Diary
from matcher.judge.schedule.people import are_free
from matcher.judge.schedule.places import fits_its_place
from matcher.plan import Plan
from matcher.repair.changes import Changes
from matcher.roster import Roster
from matcher.sessions.schedule import Activity, PlannedSession, Schedule, SessionState
from matcher.timetables import Timetables

_AHEAD = (SessionState.DRAFT, SessionState.PUBLISHED)
_RULES = (on_open_days, within_hours, are_free, fits_its_place)


def lost_sessions(
    plan: Plan,
    schedule: Schedule,
    activities: Sequence[Activity],
    roster: Roster,
    timetables: Timetables,
    changes: Changes,
) -> tuple[PlannedSession, ...]:
    """Return the sessions from today on that the changes make impossible, those behind a new last day among them.

    Only sessions of people and rooms that the changes name are looked at.
    """
    people = {absence.person for absence in changes.absences}
    organisations = {new.organisation for new in changes.timetables}
    people |= {person.id for person in roster.people if person.organisation in organisations}
    rooms = {loss.room for loss in changes.rooms}
    rooms |= {
        room.id
        for room in roster.rooms
        for site in roster.sites
        if site.id == room.site and site.organisation in organisations
    }
    by_id = {activity.id: activity for activity in activities}
    before = {activity.id: activity for activity in schedule.activities}
    ahead = [
        s
        for s in schedule.sessions
        if s.day >= changes.today and s.state in (SessionState.DRAFT, SessionState.PUBLISHED)
    ]
    last_day = {ending.activity: ending.day for ending in changes.ends}
    last_day |= {term.activity: term.last_day for term in changes.terms}
    over = [
        session
        for session in ahead
        if session.number > len(by_id[session.activity].windows)
        or session.day > last_day.get(session.activity.partition("/")[0], session.day)
    ]
    over_ids = {session.id for session in over}
    concerned = [
        session
        for session in ahead
        if session.id not in over_ids
        and (session.room in rooms or not people.isdisjoint(before[session.activity].people))
    ]
    named = {id_ for session in concerned for id_ in before[session.activity].people}
    used = {session.room for session in concerned}
    diary = Diary.of(
        replace(schedule, sessions=tuple(concerned)),
        roster,
        plan.policy,
        replace(
            timetables,
            people=tuple(entry for entry in timetables.people if entry.subject in named),
            rooms=tuple(entry for entry in timetables.rooms if entry.subject in used),
        ),
    )
    broken = [m.session for m in diary.meetings if any(next(rule(diary, m), None) is not None for rule in _RULES)]
    return tuple(sorted((*over, *broken), key=lambda session: (session.day, session.id)))
