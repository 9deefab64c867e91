"""Other pairs that want the same people, rooms or licences as a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from matcher.impossible.part import Want, sessions_in, want_of
from matcher.impossible.world import Scene, World, people_of
from matcher.roster import SessionMode
from matcher.sessions.schedule import PlannedSession
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime

MOST_RIVALS = 24
"""The most other activities that are planned anew together with one."""

_MOST_NAMES = 4 * MOST_RIVALS
"""The most whose sessions are looked at for it."""


def rivals_of(scene: Scene, id_: str, number: int) -> Iterator[dict[str, Want]]:
    """Yield others that compete with a session, each time more: of its people, of its rooms and licences, of both."""
    window = scene.world.activities[id_].windows[number - 1]
    near = scene.companions(id_)
    of_pools = [other for other in sharers(scene, id_, window.first_day, window.last_day) if other not in near]
    beyond = [other for one in (*near, *of_pools) for other in scene.companions(one) if other != id_]
    told: set[tuple[str, ...]] = set()
    for group in (near, of_pools, [*near, *of_pools], [*near, *of_pools, *beyond]):
        names = tuple(dict.fromkeys(group))
        if len(names) > _MOST_NAMES:
            continue
        wants = {other: want_in(scene, other, window.first_day, window.last_day) for other in names}
        wants = {other: want for other, want in wants.items() if want.numbers}
        if wants and len(wants) <= MOST_RIVALS and tuple(wants) not in told:
            told.add(tuple(wants))
            yield wants


def want_in(scene: Scene, id_: str, first: date, last: date) -> Want:
    """Return the sessions of an activity that are planned and have days in common with a span."""
    windows = scene.world.activities[id_].windows
    there = {session.number for session in scene.sessions[id_]}
    return want_of(
        scene,
        id_,
        [
            number
            for number, window in enumerate(windows, start=1)
            if number in there and window.first_day <= last and first <= window.last_day
        ],
    )


def sharers(scene: Scene, id_: str, first: date, last: date) -> dict[str, tuple[PlannedSession, ...]]:
    """Return the sessions of others in some days at buildings whose rooms are counted, or with a licence."""
    sites = counted_sites(scene, id_)
    has_licences = bool(scene.world.roster.licences)
    found = {}
    for other in scene.sessions:
        mine = tuple(
            session
            for session in (sessions_in(scene, other, first, last) if other != id_ else ())
            if (session.site in sites if session.mode is not SessionMode.ONLINE else has_licences)
        )
        if mine:
            found[other] = mine
    return found


def online_beside(scene: Scene, id_: str, first: date, last: date) -> dict[str, tuple[PlannedSession, ...]]:
    """Return the sessions of others that take a licence in some days."""
    if not scene.world.roster.licences:
        return {}
    found = {}
    for other in scene.sessions:
        mine = sessions_in(scene, other, first, last) if other != id_ else ()
        mine = tuple(session for session in mine if session.mode is SessionMode.ONLINE)
        if mine:
            found[other] = mine
    return found


def with_rooms_taken(scene: Scene, world: World, without: set[str], first: date, last: date) -> World:
    """Return the world in which rooms are taken by the sessions of others, but for some."""
    rooms = {room.id for room in world.roster.rooms}
    taken = tuple(
        TakenTime(
            subject=session.room,
            week=None,
            weekday=session.day.isoweekday(),
            start_minute=session.start_minute,
            end_minute=session.end_minute,
            state=BusyState.LESSON,
            first_day=session.day,
            last_day=session.day,
        )
        for other in scene.sessions
        if other not in without
        for session in sessions_in(scene, other, first, last)
        if session.room is not None and session.room in rooms
    )
    return replace(world, timetables=replace(world.timetables, rooms=(*world.timetables.rooms, *taken)))


def counted_sites(scene: Scene, id_: str) -> set[str]:
    """Return the buildings of an activity's organisations whose rooms are counted."""
    roster = scene.world.roster
    people = set(people_of(scene.world.activities[id_]))
    organisations = {person.organisation for person in roster.people if person.id in people}
    with_rooms = {room.site for room in roster.rooms}
    return {site.id for site in roster.sites if site.organisation in organisations and site.id in with_rooms}
