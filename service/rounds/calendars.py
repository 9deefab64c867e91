"""A person's own calendar: every meeting he was told of, called-off ones included; what moves keeps its UID."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Event, Timezone
from sqlmodel import Session, col, select

from matcher.io.write_calendars import build_calendar, build_event, series_uid
from matcher.texts import Lang, say, text
from service.rounds.people import open_people, people_by_id
from service.rounds.planned import as_session
from service.tables.areas import Person
from service.tables.rounds import Meeting, MeetingPerson
from service.vault import Vault

_TOLD = ("published", "held", "cancelled")
_START = datetime(2020, 1, 1, tzinfo=UTC)


def calendar_of(session: Session, vault: Vault, person: Person, lang: Lang) -> tuple[bytes, str]:
    """Return the calendar of a person and a word that changes only with it."""
    own = select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == person.id)
    asked = select(Meeting).where(col(Meeting.id).in_(own), col(Meeting.state).in_((*_TOLD, "missed")))
    meetings = list(session.exec(asked.order_by(col(Meeting.day), col(Meeting.start_minute), col(Meeting.id))))
    names = _names(session, vault, meetings)
    words = open_people(session, vault, [person])[person.id]
    zones = [
        Timezone.from_tzinfo(ZoneInfo(zone), first_date=meetings[0].day, last_date=meetings[-1].day)
        for zone in sorted({meeting.time_zone for meeting in meetings})
    ]
    events = [_event(meeting, names, person, lang) for meeting in meetings]
    title = say(text("Mentoring: {who}", who=words.name or person.code), lang)
    content = build_calendar(zones, title, events)
    return content, hashlib.sha256(content).hexdigest()[:32]


def calendar_of_meeting(session: Session, vault: Vault, meeting: Meeting, lang: Lang) -> bytes:
    """Return one meeting as a file to send; its UID is that of everybody's calendar, so it replaces what is there."""
    names = _names(session, vault, [meeting])
    zone = Timezone.from_tzinfo(ZoneInfo(meeting.time_zone), first_date=meeting.day, last_date=meeting.day)
    return build_calendar([zone], say(text("Mentoring"), lang), [_event(meeting, names, None, lang)])


def _names(session: Session, vault: Vault, meetings: Sequence[Meeting]) -> dict[str, dict[str, str]]:
    """Return for each meeting the people in it: id → name."""
    ids = [meeting.id for meeting in meetings]
    rows = list(session.exec(select(MeetingPerson).where(col(MeetingPerson.meeting_id).in_(ids))))
    people = people_by_id(session, (row.person_id for row in rows))
    words = open_people(session, vault, people.values())
    found: dict[str, dict[str, str]] = {id_: {} for id_ in ids}
    for row in sorted(rows, key=lambda one: (not one.leads, one.person_id)):
        found[row.meeting_id][row.person_id] = words[row.person_id].name or people[row.person_id].code
    return found


def _event(meeting: Meeting, names: dict[str, dict[str, str]], person: Person | None, lang: Lang) -> Event:
    others = [name for id_, name in names[meeting.id].items() if person is None or id_ != person.id]
    place = ", ".join(part for part in (meeting.site, meeting.room) if part)
    return build_event(
        uid=series_uid(meeting.round_id, meeting.code),
        stamp=(meeting.marked_at or _START).replace(microsecond=0),
        zone=ZoneInfo(meeting.time_zone),
        session=as_session(meeting),
        summary=say(text("Mentoring: {who}", who=", ".join(others)), lang),
        description=say(text("meeting {number}", number=meeting.number), lang),
        location=place,
        online=say(text("online"), lang),
    )
