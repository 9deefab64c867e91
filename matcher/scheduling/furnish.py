"""Sessions get their rooms and video licences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matcher.roster import Room, SessionMode
from matcher.scheduling.build import SessionCase
from matcher.scheduling.case import Case
from matcher.scheduling.cells import room_fits
from matcher.scheduling.free import ONLINE
from matcher.scheduling.rooms import Use, assign_licences, assign_rooms
from matcher.scheduling.slots import Slots
from matcher.sessions.problem import BoolArray
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession, SessionState


def furnish(
    case: SessionCase, sessions: Sequence[PlannedSession], previous: Sequence[PlannedSession]
) -> list[PlannedSession]:
    """Return sessions with rooms and licences; one that finds none is left out, held ones stay as they are."""
    if not case.case.policy.rule("HR-19").on:
        return list(sessions)
    furnisher = _Furnisher(case, previous)
    at_site: dict[str, list[PlannedSession]] = defaultdict(list)
    online, others = [], []
    for session in sessions:
        if session.mode is SessionMode.ONLINE:
            online.append(session)
        elif session.site is not None and furnisher.needs_room(session):
            at_site[session.site].append(session)
        else:
            others.append(session)
    in_rooms = [one for site, mine in sorted(at_site.items()) for one in furnisher.in_rooms(site, mine)]
    return [*others, *in_rooms, *furnisher.with_licences(online)]


class _Furnisher:
    def __init__(self, case: SessionCase, previous: Sequence[PlannedSession]) -> None:
        self._case: Case = case.case
        self._index = {activity.id: at for at, activity in enumerate(case.activities)}
        self._activities: tuple[Activity, ...] = case.activities
        known = [session for session in previous if session.activity in self._index]
        self._room_before = {(self._index[s.activity], s.site): s.room for s in known if s.room is not None}
        self._licence_before = {self._index[s.activity]: s.licence for s in known if s.licence is not None}

    def needs_room(self, session: PlannedSession) -> bool:
        """Return whether a session in person takes a room of its own: a lesson visit is in the lesson's."""
        return self._activity(session).purpose is ActivityPurpose.MEETING

    def in_rooms(self, site: str, sessions: Sequence[PlannedSession]) -> list[PlannedSession]:
        """Return the sessions of a site with their rooms; a site without rooms does not count them."""
        rooms = [room for room in self._case.roster.rooms if room.site == site]
        if not rooms:
            return list(sessions)
        rooms.sort(key=lambda room: (room.capacity is None, room.capacity or 0, room.id))
        held = [session for session in sessions if session.state is SessionState.HELD]
        free = [session for session in sessions if session.state is not SessionState.HELD]
        fits = self._fits(free, rooms, held)
        number = {room.id: at for at, room in enumerate(rooms)}
        wanted = {
            activity: number[room]
            for (activity, where), room in self._room_before.items()
            if where == site and room in number
        }
        chosen = assign_rooms([self._use(session) for session in free], fits, wanted)
        placed = [
            replace(session, room=rooms[room].id) for session, room in zip(free, chosen, strict=True) if room >= 0
        ]
        return [*held, *placed]

    def with_licences(self, sessions: Sequence[PlannedSession]) -> list[PlannedSession]:
        """Return online sessions with their licences; a roster without licences does not count them."""
        licences = self._case.roster.licences
        if not licences:
            return list(sessions)
        uses = [self._use(session) for session in sessions]
        given = [session.licence if session.state is SessionState.HELD else None for session in sessions]
        chosen = assign_licences(uses, licences, self._licence_before, given)
        return [
            session if session.state is SessionState.HELD else replace(session, licence=licence)
            for session, licence in zip(sessions, chosen, strict=True)
            if licence is not None or session.state is SessionState.HELD
        ]

    def _activity(self, session: PlannedSession) -> Activity:
        return self._activities[self._index[session.activity]]

    def _use(self, session: PlannedSession) -> Use:
        return Use(
            activity=self._index[session.activity],
            day=self._case.calendar.number(session.day),
            start=session.start_minute,
            end=session.end_minute,
        )

    def _fits(
        self, sessions: Sequence[PlannedSession], rooms: Sequence[Room], held: Sequence[PlannedSession]
    ) -> BoolArray:
        """Return which rooms are large enough and free throughout, shape (num_sessions, num_rooms)."""
        slots = Slots(
            weekday=np.array([session.day.weekday() for session in sessions], dtype=np.int64),
            start=np.array([session.start_minute for session in sessions], dtype=np.int64),
            end=np.array([session.end_minute for session in sessions], dtype=np.int64),
        )
        day = [self._case.calendar.number(session.day) for session in sessions]
        found = np.zeros((len(sessions), len(rooms)), dtype=bool)
        none = np.zeros((0, 0), dtype=np.int64)
        for at, room in enumerate(rooms):
            organisation = self._case.places.site[self._case.places.index[room.site]].organisation
            weeks = self._case.free.of_room(room.id, organisation)
            taken = weeks.taken(slots, ONLINE, none)[np.arange(len(sessions)), weeks.kind[day]]
            holds = [room_fits(room, self._activity(session).size) for session in sessions]
            found[:, at] = ~taken & np.array(holds, dtype=bool)
        number = {room.id: at for at, room in enumerate(rooms)}
        for other in held:
            for at, session in enumerate(sessions):
                if other.room in number and self._use(other).overlaps(self._use(session)):
                    found[at, number[other.room]] = False
        return found
