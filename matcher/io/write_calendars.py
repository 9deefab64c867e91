"""Calendars people can subscribe to: one iCalendar file (RFC 5545) for each person with sessions."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from matcher.io.sentences.sessions import SessionWords
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.roster import SessionMode
from matcher.sessions.schedule import Activity, PlannedSession, Schedule, SessionState
from matcher.texts import Lang, text

_END = b"END:VCALENDAR\r\n"
_STATUS = {
    SessionState.DRAFT: "TENTATIVE",
    SessionState.PUBLISHED: "CONFIRMED",
    SessionState.HELD: "CONFIRMED",
    SessionState.CANCELLED: "CANCELLED",
}


def write_calendars(
    plan: Plan, folder: Path, lang: Lang, *, stamp: datetime | None = None, series: str | None = None
) -> tuple[Path, ...]:
    """Write ``PERSON.ics`` for everybody who has sessions; nothing where the plan has none.

    The UID of a session stays the same when it moves or is called off, so that calendars change the entry they have.
    ``stamp`` is the time of writing, by default now; ``series`` tells rounds apart in the UIDs, by default the year the
    schedule begins in.
    """
    schedule = plan.schedule
    if schedule is None:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    words = SessionWords(Speaker(plan, lang))
    activities = {activity.id: activity for activity in schedule.activities}
    events: dict[str, list[bytes]] = defaultdict(list)
    moment = stamp or datetime.now(UTC).replace(microsecond=0)
    for session in schedule.sessions:
        activity = activities[session.activity]
        uid = uid_of(schedule, session) if series is None else series_uid(series, session.id)
        content = _event(schedule, activity, session, words, moment, uid).to_ical()
        for person in activity.people:
            events[person].append(content)
    zone = Timezone.from_tzinfo(
        ZoneInfo(schedule.time_zone), first_date=schedule.first_day, last_date=schedule.last_day
    )
    names = file_names(events)
    return tuple(
        _write(folder / names[person], _calendar(zone, words, person), own) for person, own in sorted(events.items())
    )


def file_names(people: Iterable[str]) -> dict[str, str]:
    """Return a file name for every id: what a file system may not like is replaced, and names stay different.

    >>> file_names(["P-1", "Ш/2", "Ш:2"])
    {'P-1': 'P-1.ics', 'Ш/2': 'Ш_2.ics', 'Ш:2': 'Ш_2-2.ics'}
    """
    names: dict[str, str] = {}
    used: set[str] = set()
    for person in sorted(people):
        stem = re.sub(r"[^\w.-]", "_", person).lstrip(".") or "_"
        number = next(n for n in range(1, len(used) + 2) if f"{stem}-{n}".casefold() not in used)
        used.add(f"{stem}-{number}".casefold())
        names[person] = f"{stem}.ics" if number == 1 else f"{stem}-{number}.ics"
    return names


def uid_of(schedule: Schedule, session: PlannedSession) -> str:
    """Return the UID of a session: the same in every file and version, and without anybody's id in it."""
    return series_uid(f"{schedule.first_day:%Y}", session.id)


def series_uid(series: str, session_id: str) -> str:
    """Return the UID of a session in a series, such as a round of a service."""
    return f"{uuid5(NAMESPACE_URL, f'mentor-matcher:{series}:{session_id}')}@mentor-matcher"


def _event(
    schedule: Schedule, activity: Activity, session: PlannedSession, words: SessionWords, stamp: datetime, uid: str
) -> Event:
    return build_event(
        uid=uid,
        stamp=stamp,
        zone=ZoneInfo(schedule.time_zone),
        session=session,
        summary=words.speaker.say(text("Mentoring: {who}", who=words.who(activity))),
        description=words.what(activity, session),
        location=words.where(session),
        online=words.speaker.say(text("online")),
    )


def build_event(
    *,
    uid: str,
    stamp: datetime,
    zone: ZoneInfo,
    session: PlannedSession,
    summary: str,
    description: str,
    location: str,
    online: str,
) -> Event:
    """Return a session as an event; ``online`` is the category of one that nobody travels to."""
    midnight = datetime(session.day.year, session.day.month, session.day.day)
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", (midnight + timedelta(minutes=session.start_minute)).replace(tzinfo=zone))
    event.add("dtend", (midnight + timedelta(minutes=session.end_minute)).replace(tzinfo=zone))
    event.add("summary", summary)
    event.add("description", description)
    event.add("location", location)
    event.add("sequence", session.sequence)
    event.add("status", _STATUS[session.state])
    event.add("transp", "TRANSPARENT" if session.state is SessionState.CANCELLED else "OPAQUE")
    if session.mode is SessionMode.ONLINE:
        event.add("categories", [online])
    return event


def _calendar(zone: Timezone, words: SessionWords, person: str) -> bytes:
    return build_calendar([zone], words.speaker.say(text("Mentoring: {who}", who=words.speaker.person(person))), ())


def build_calendar(zones: Iterable[Timezone], name: str, events: Iterable[Event]) -> bytes:
    """Return a calendar people can subscribe to, in the form of RFC 5545."""
    calendar = Calendar()
    calendar.add("prodid", "-//mentor-matcher//sessions//RU")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", " ".join(name.split()))  # no value may begin a line of its own
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for component in (*zones, *events):
        calendar.add_component(component)
    content: bytes = calendar.to_ical()
    return content


def _write(path: Path, calendar: bytes, events: Iterable[bytes]) -> Path:
    """Write one file whole: the calendar with its events before the last line."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(calendar.removesuffix(_END) + b"".join(events) + _END)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path
