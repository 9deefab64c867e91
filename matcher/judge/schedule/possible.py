"""Whether the people of an activity could meet at all: common free minutes of their days, whatever the bells say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from matcher.judge.schedule.days import on_open_days
from matcher.judge.schedule.diary import Diary, Meeting
from matcher.roster import PersonKind, SessionMode
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession, Window
from matcher.timegrid import BusyState

Span = tuple[int, int]


def most_sessions(diary: Diary, activity: Activity) -> int:
    """Return in how many of its windows an activity has a common time: no plan holds more of its sessions."""
    return sum(any(_can_meet(diary, activity, day) for day in _days(window)) for window in activity.windows)


def is_meeting_possible(diary: Diary, activity: Activity) -> bool:
    """Return whether at least half of the sessions asked for have a common time: less is a pair on paper."""
    return 2 * most_sessions(diary, activity) >= activity.wanted


def _days(window: Window) -> Iterator[date]:
    for offset in range((window.last_day - window.first_day).days + 1):
        yield window.first_day + timedelta(days=offset)


def _can_meet(diary: Diary, activity: Activity, day: date) -> bool:
    modes = set(activity.modes)
    if SessionMode.MIXED in modes:
        modes = {SessionMode.ONLINE, SessionMode.IN_PERSON}
    return any(_common_minutes(diary, activity, day, mode) >= activity.min_minutes for mode in modes)


def _common_minutes(diary: Diary, activity: Activity, day: date, mode: SessionMode) -> int:
    """Return the longest time of a day in which everybody is free, 0 on days closed to somebody."""
    if any(on_open_days(diary, _whole_day(activity, day, mode))):
        return 0
    free = [(0, 24 * 60)]
    for id_ in activity.people:
        year, ahead = diary.year_of(id_), diary.ahead_of(id_)
        latest = year.day_end_minute
        if id_ in diary.people and diary.people[id_].person_kind is PersonKind.PUPIL and diary.policy.rule("HR-18").on:
            hours, minutes = diary.policy.thresholds.pupil_day_limit.split(":")
            latest = min(latest, int(hours) * 60 + int(minutes))
        free = _within(free, (year.day_start_minute + ahead, latest + ahead))
        is_visited = activity.purpose is ActivityPurpose.LESSON_VISIT and id_ in activity.mentees
        for entry in diary.entries(id_, day, year):
            is_taken = entry.state is BusyState.NOT_REACHABLE
            is_taken |= entry.state is BusyState.LESSON and not is_visited
            is_taken |= entry.state is BusyState.NOT_IN_BUILDING and mode is SessionMode.IN_PERSON
            if is_taken:
                free = _without(free, (entry.start_minute, entry.end_minute))
        if is_visited:
            lessons = [(entry.start_minute, entry.end_minute) for entry in diary.lessons(id_, day)]
            free = [part for lesson in lessons for part in _within(free, lesson)]
    return max((end - start for start, end in free), default=0)


def _whole_day(activity: Activity, day: date, mode: SessionMode) -> Meeting:
    """Return a meeting of this day for the rules that only ask for the day."""
    session = PlannedSession(
        id="", activity=activity.id, number=1, day=day, start_minute=0, end_minute=24 * 60, mode=mode
    )
    return Meeting(session=session, activity=activity)


def _within(spans: list[Span], limits: Span) -> list[Span]:
    cut = [(max(start, limits[0]), min(end, limits[1])) for start, end in spans]
    return [span for span in cut if span[0] < span[1]]


def _without(spans: list[Span], taken: Span) -> list[Span]:
    parts = [(start, min(end, taken[0])) for start, end in spans]
    parts += [(max(start, taken[1]), end) for start, end in spans]
    return [span for span in parts if span[0] < span[1]]
