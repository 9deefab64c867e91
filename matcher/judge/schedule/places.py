"""Places: rooms that are there, large enough and free; licences for what happens online (HR-19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from matcher.judge.schedule.diary import Diary, Meeting, overlaps
from matcher.outcome import Violation
from matcher.roster import SessionMode
from matcher.sessions.schedule import ActivityPurpose
from matcher.texts import text


def fits_its_place(diary: Diary, meeting: Meeting) -> Iterator[Violation]:
    """HR-19: in person at a site, in a room of this site that holds everybody and has no lesson; online in none."""
    session = meeting.session
    if session.mode is SessionMode.MIXED:
        yield Violation("HR-19", (session.id,), text("a session is in person or online, not both"))
    if not meeting.is_in_person:
        if session.room is not None or session.site is not None:
            yield Violation("HR-19", (session.id,), text("an online session needs no room"))
        return
    rooms = {room.id: room for room in diary.roster.rooms}
    if session.room is None:
        has_rooms = any(room.site == session.site for room in rooms.values())
        if has_rooms and meeting.activity.purpose is not ActivityPurpose.LESSON_VISIT:
            yield Violation("HR-19", (session.id,), text("{moment}: no room", moment=meeting.moment))
        return
    room = rooms.get(session.room)
    if room is None or room.site != session.site:
        yield Violation("HR-19", (session.id,), text("{room} is no room of the site", room=session.room))
        return
    if room.capacity is not None and room.capacity < meeting.activity.size:
        told = {"room": room.id, "capacity": room.capacity, "size": meeting.activity.size}
        yield Violation("HR-19", (session.id,), text("{room} holds {capacity} people, {size} come", **told))
    year = diary.year_of(meeting.activity.mentor)
    if any(overlaps((e.start_minute, e.end_minute), meeting.when) for e in diary.entries(room.id, session.day, year)):
        message = text("{moment}: there is a lesson in room {room}", moment=meeting.moment, room=room.id)
        yield Violation("HR-19", (session.id,), message)


def rooms_not_shared(diary: Diary) -> Iterator[Violation]:
    """HR-19: two sessions are never in one room at the same time."""
    used: dict[tuple[str, date], list[Meeting]] = defaultdict(list)
    for meeting in diary.meetings:
        if meeting.session.room is not None:
            used[meeting.session.room, meeting.session.day].append(meeting)
    for (room, _), meetings in used.items():
        ordered = sorted(meetings, key=lambda meeting: meeting.when)
        for at, meeting in enumerate(ordered):
            if any(overlaps(meeting.when, other.when) for other in ordered[:at]):
                message = text("{moment}: room {room} is taken twice", moment=meeting.moment, room=room)
                yield Violation("HR-19", (meeting.session.id,), message)


def licences_suffice(diary: Diary) -> Iterator[Violation]:
    """HR-19: where the roster counts video licences, every online session has one, and no pool is overdrawn."""
    count = {licence.id: licence.count for licence in diary.roster.licences}
    if not count:
        return
    used: dict[tuple[str, date], list[Meeting]] = defaultdict(list)
    for meeting in diary.meetings:
        session = meeting.session
        if session.mode is SessionMode.ONLINE and session.licence not in count:
            yield Violation("HR-19", (session.id,), text("{moment}: no video licence", moment=meeting.moment))
        elif session.licence is not None:
            used[session.licence, session.day].append(meeting)
    for (licence, _), meetings in used.items():
        for meeting in meetings:
            begins = meeting.when[0]
            at_once = sum(other.when[0] <= begins < other.when[1] for other in meetings)
            if at_once > count.get(licence, 0):
                told = {"moment": meeting.moment, "count": at_once, "licence": licence}
                message = text("{moment}: {count} sessions at once with the licences “{licence}”", **told)
                yield Violation("HR-19", (meeting.session.id,), message)
