"""People: free when they meet, in one place at a time, not overburdened in a week (HR-06, HR-17, HR-19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from matcher.judge.schedule.diary import Diary, Meeting, overlaps
from matcher.outcome import Violation
from matcher.sessions.schedule import ActivityPurpose
from matcher.texts import text
from matcher.timegrid import BusyState


def are_free(diary: Diary, meeting: Meeting) -> Iterator[Violation]:
    """HR-17, HR-20: nobody who must be there has a lesson, is out of the building in person, or out of reach.

    In a lesson visit one side is free while the other teaches through the whole of it.
    """
    is_visit = meeting.activity.purpose is ActivityPurpose.LESSON_VISIT
    visited = meeting.activity.mentees if is_visit else ()
    for id_ in meeting.activity.people:
        year = diary.year_of(id_)
        teaches = False
        for entry in diary.entries(id_, meeting.session.day, year):
            span = entry.start_minute, entry.end_minute
            if not overlaps(span, meeting.when) or entry.state is BusyState.PREFERRED:
                continue
            if entry.state is BusyState.LESSON and id_ in visited:
                teaches |= span[0] <= meeting.when[0] and meeting.when[1] <= span[1]
            elif entry.state is BusyState.LESSON:
                yield _wrong(meeting, id_, "HR-17", text("{moment}: the person has a lesson", moment=meeting.moment))
            elif entry.state is BusyState.NOT_REACHABLE:
                message = text("{moment}: the person cannot be reached", moment=meeting.moment)
                yield _wrong(meeting, id_, "HR-17", message)
            elif meeting.is_in_person:
                message = text("{moment}: the person is not in the building", moment=meeting.moment)
                yield _wrong(meeting, id_, "HR-17", message)
        if id_ in visited and not teaches:
            message = text("{moment}: a lesson visit without a lesson", moment=meeting.moment)
            yield _wrong(meeting, id_, "HR-17", message)


def _wrong(meeting: Meeting, person: str, rule: str, message: object) -> Violation:
    return Violation(rule, (meeting.session.id, person), message)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where a person is from a minute to a minute; ``session`` is None for a lesson, ``site`` None where unknown."""

    start: int
    end: int
    site: str | None
    session: str | None


def one_place_at_a_time(diary: Diary) -> Iterator[Violation]:
    """HR-17, HR-19: a person's sessions do not overlap, and between two sites there is time to travel."""
    minutes = _travel(diary)
    days: dict[tuple[str, date], list[Meeting]] = defaultdict(list)
    for meeting in diary.meetings:
        for id_ in meeting.activity.people:
            days[id_, meeting.session.day].append(meeting)
    for (id_, day), meetings in days.items():
        stops = [_stop_of(meeting) for meeting in meetings]
        visited = [meeting for meeting in meetings if _is_visited(meeting, id_)]
        own = [_Stop(e.start_minute, e.end_minute, e.site, None) for e in diary.lessons(id_, day)]
        # Whoever is visited is in a lesson of his own: the way to the next one is the timetable's affair.
        moving = [_stop_of(meeting) for meeting in meetings if meeting not in visited]
        yield from _overlapping(id_, stops)
        yield from _too_far(id_, sorted([*moving, *own], key=lambda stop: (stop.start, stop.end)), minutes)


def _stop_of(meeting: Meeting) -> _Stop:
    return _Stop(*meeting.when, meeting.session.site if meeting.is_in_person else None, meeting.session.id)


def _is_visited(meeting: Meeting, person: str) -> bool:
    return meeting.activity.purpose is ActivityPurpose.LESSON_VISIT and person in meeting.activity.mentees


def _travel(diary: Diary) -> dict[tuple[str, str], int]:
    given = {(way.from_site, way.to_site): way.minutes for way in diary.roster.travel}
    return {(there, here): minutes for (here, there), minutes in given.items()} | given


def _overlapping(person: str, stops: list[_Stop]) -> Iterator[Violation]:
    ordered = sorted(stops, key=lambda stop: (stop.start, stop.end))
    for before, after in pairwise(ordered):
        if after.start < before.end:
            message = text(
                "two sessions of one person at the same time: {first}, {second}",
                first=before.session,
                second=after.session,
            )
            yield Violation("HR-17", (str(after.session), person), message)


def _too_far(person: str, stops: list[_Stop], minutes: dict[tuple[str, str], int]) -> Iterator[Violation]:
    located = [stop for stop in stops if stop.site is not None]
    for before, after in pairwise(located):
        if before.session is None and after.session is None:
            continue
        needed = 0 if before.site == after.site else minutes.get((str(before.site), str(after.site)), 0)
        if needed and after.start - before.end < needed:
            message = text(
                "{minutes} minutes are needed from site {here} to site {there}",
                minutes=needed,
                here=before.site,
                there=after.site,
            )
            yield Violation("HR-19", (str(after.session or before.session), person), message)


def weeks_within_limits(diary: Diary) -> Iterator[Violation]:
    """HR-06: the sessions of a person in one week last no longer than the roster or the policy allows."""
    load = diary.policy.load
    limits = {mentor.person: mentor.hours_per_week for mentor in diary.roster.mentors}
    mentee_limits = {mentee.person: mentee.hours_per_week for mentee in diary.roster.mentees}
    taught: dict[tuple[str, date], int] = defaultdict(int)
    attended: dict[tuple[str, date], int] = defaultdict(int)
    for meeting in diary.meetings:
        day = meeting.session.day
        monday = day - timedelta(days=day.weekday())
        length = meeting.when[1] - meeting.when[0]
        taught[meeting.activity.mentor, monday] += length
        for id_ in meeting.activity.mentees:
            attended[id_, monday] += length
    yield from _over(taught, limits, load.mentor_hours_per_week)
    yield from _over(attended, mentee_limits, load.mentee_hours_per_week)


def _over(
    minutes: dict[tuple[str, date], int], limits: dict[str, float | None], otherwise: float
) -> Iterator[Violation]:
    for (id_, monday), total in minutes.items():
        own = limits.get(id_)
        most = (otherwise if own is None else own) * 60
        if total > most:
            told = {"monday": f"{monday:%d.%m.%Y}", "minutes": total, "most": round(most)}
            message = text("week of {monday}: {minutes} minutes of sessions, {most} are allowed", **told)
            yield Violation("HR-06", (id_,), message)
