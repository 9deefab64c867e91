"""Patterns: how many sessions, in which windows, how far apart and how long (HR-09, HR-16, HR-20, HR-21)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from matcher.judge.schedule.diary import Diary, Meeting
from matcher.outcome import Violation
from matcher.roster import MentoringKind, SessionMode
from matcher.sessions.schedule import Activity, ActivityPurpose
from matcher.texts import text

_ONCE = (MentoringKind.SPEED, MentoringKind.FLASH)


def in_its_window(diary: Diary, meeting: Meeting) -> Iterator[Violation]:
    """HR-16: a session lies in the window of its number, and the windows lie in the term of the programme."""
    activity, session = meeting.activity, meeting.session
    if not 1 <= session.number <= activity.wanted:
        message = text("session {number} of {wanted} wanted", number=session.number, wanted=activity.wanted)
        yield Violation("HR-16", (session.id,), message)
        return
    window = activity.windows[session.number - 1]
    if not window.first_day <= session.day <= window.last_day:
        told = {"moment": meeting.moment, "first": f"{window.first_day:%d.%m}", "last": f"{window.last_day:%d.%m}"}
        yield Violation("HR-16", (session.id,), text("{moment} is outside its days {first}–{last}", **told))
    if not diary.schedule.first_day <= session.day <= diary.schedule.last_day:
        yield Violation("HR-16", (session.id,), text("{moment} is outside the term", moment=meeting.moment))


def has_its_length(diary: Diary, meeting: Meeting) -> Iterator[Violation]:
    """9.6: a session lasts as long as its pattern says, or less down to its least length."""
    del diary
    length = meeting.when[1] - meeting.when[0]
    activity = meeting.activity
    if not activity.min_minutes <= length <= activity.minutes:
        told = {"length": length, "least": activity.min_minutes, "most": activity.minutes}
        message = text("a session of {length} minutes, {least} to {most} are asked for", **told)
        yield Violation("9.6", (meeting.session.id,), message)


def has_an_allowed_mode(diary: Diary, meeting: Meeting) -> Iterator[Violation]:
    """9.6: sessions are online or in person as the pattern and the people allow."""
    del diary
    modes = meeting.activity.modes
    if meeting.session.mode not in modes and SessionMode.MIXED not in modes:
        yield Violation("9.6", (meeting.session.id,), text("this activity does not meet in this way"))


def spaced(diary: Diary) -> Iterator[Violation]:
    """HR-21 and 9.6: sessions of an activity keep the least number of days apart, and directions alternate."""
    by_activity: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in diary.meetings:
        by_activity[meeting.activity.id].append(meeting)
    for meetings in by_activity.values():
        ordered = sorted(meetings, key=lambda meeting: (meeting.session.day, meeting.when))
        for before, after in pairwise(ordered):
            least = _least_gap(before.activity, before)
            days = (after.session.day - before.session.day).days
            if days < least:
                rule = "HR-21" if before.activity.kind is MentoringKind.SHORT_TERM else "9.6"
                message = text(
                    "{days} days after the session before, at least {least} are asked for", days=days, least=least
                )
                yield Violation(rule, (after.session.id,), message)
        for meeting in meetings:
            is_back = meeting.activity.both_ways and meeting.session.number % 2 == 0
            if meeting.session.reversed != is_back:
                message = text("the two directions of a reverse pair take turns")
                yield Violation("9.6", (meeting.session.id,), message)


def _least_gap(activity: Activity, meeting: Meeting) -> int:
    """Return the days to the next session; the first month of a novice has its own."""
    if activity.first_gap_days is None:
        return activity.gap_days
    begins = activity.windows[0].first_day
    return activity.first_gap_days if (meeting.session.day - begins).days < _FIRST_MONTH_DAYS else activity.gap_days


_FIRST_MONTH_DAYS = 28


def counted_once(diary: Diary) -> Iterator[Violation]:
    """HR-09 and 9.6: every session has its own number and id; speed and flash meet once; what is missing is listed."""
    numbers = Counter((meeting.activity.id, meeting.session.number) for meeting in diary.meetings)
    for (activity_id, number), count in numbers.items():
        if count > 1:
            yield Violation("9.6", (f"{activity_id}/{number}",), text("there are {count} such sessions", count=count))
    for session in diary.schedule.sessions:
        if session.activity not in diary.activities:
            yield Violation("plan", (session.id,), text("the session belongs to no activity"))
        elif session.id != f"{session.activity}/{session.number}":
            yield Violation("plan", (session.id,), text("the id does not name the activity and the number"))
    listed = {unplaced.activity: set(unplaced.numbers) for unplaced in diary.schedule.unplaced}
    for activity in diary.schedule.activities:
        if activity.kind in _ONCE and activity.wanted > 1:
            yield Violation("HR-09", (activity.id,), text("more than one session of a kind that meets once"))
        if activity.purpose is ActivityPurpose.RESERVE:
            continue
        empty = {number for number in range(1, activity.wanted + 1) if (activity.id, number) not in numbers}
        if empty != listed.get(activity.id, set()):
            yield Violation("plan", (activity.id,), text("the list of sessions not placed is wrong here"))
