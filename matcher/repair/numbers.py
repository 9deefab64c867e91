"""Which session is which after a repair: those that stay keep their numbers, the others take the free ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matcher.repair.part import Touched
from matcher.roster import SessionMode
from matcher.scheduling.build import SessionCase
from matcher.scheduling.free import ONLINE
from matcher.sessions.result import SessionResult
from matcher.sessions.schedule import Activity, PlannedSession, SessionState, Window


@dataclass(frozen=True, slots=True, order=True)
class _When:
    day: date
    start: int
    end: int
    site: int


def numbered(case: SessionCase, result: SessionResult, touched: Sequence[Touched]) -> dict[str, list[PlannedSession]]:
    """Return the sessions found for the touched activities, without rooms and licences."""
    problem = case.problem
    times: dict[int, list[_When]] = defaultdict(list)
    for choice, day in zip(result.sessions.choice.tolist(), result.sessions.day.tolist(), strict=True):
        slot, site = int(problem.choice_slot[choice]), int(problem.venue_site[problem.choice_venue[choice]])
        when = _When(case.case.calendar.day[day], int(problem.slot_start[slot]), int(problem.slot_end[slot]), site)
        times[int(problem.choice_activity[choice])].append(when)
    index = {activity.id: at for at, activity in enumerate(case.activities)}
    return {one.activity.id: _of_activity(case, one, times[index[one.activity.id]]) for one in touched}


def _of_activity(case: SessionCase, one: Touched, times: Sequence[_When]) -> list[PlannedSession]:
    stays = {_place_of(session, case): session for session in one.staying}
    kept = [stays[when] for when in times if when in stays]
    used = {session.number for session in kept}
    free = [number for number in one.numbers if number not in used]
    rest = sorted(when for when in times if when not in stays)
    return kept + [_session(case, one.activity, number, when) for number, when in zip(free, rest, strict=False)]


def _place_of(session: PlannedSession, case: SessionCase) -> _When:
    site = ONLINE if session.mode is SessionMode.ONLINE else case.case.places.index.get(session.site or "", ONLINE)
    return _When(session.day, session.start_minute, session.end_minute, site)


def _session(case: SessionCase, activity: Activity, number: int, when: _When) -> PlannedSession:
    return PlannedSession(
        id=f"{activity.id}/{number}",
        activity=activity.id,
        number=number,
        day=when.day,
        start_minute=when.start,
        end_minute=when.end,
        mode=SessionMode.ONLINE if when.site == ONLINE else SessionMode.IN_PERSON,
        site=None if when.site == ONLINE else case.case.places.site[when.site].id,
        reversed=activity.both_ways and number % 2 == 0,
    )


def when_of(session: PlannedSession) -> tuple[object, ...]:
    """Return what makes a session another one to its people: day, hours and place."""
    return session.day, session.start_minute, session.end_minute, session.mode, session.site


def with_history(session: PlannedSession, before: PlannedSession | None) -> PlannedSession:
    """Return a session with the state it had; where it moved after publishing, its sequence grows."""
    if before is None or session is before:
        return session
    moved = (when_of(session), session.room) != (when_of(before), before.room)
    grows = moved and before.state is SessionState.PUBLISHED
    state = before.state if before.state is not SessionState.CANCELLED else SessionState.PUBLISHED
    return replace(session, state=state, sequence=before.sequence + grows, checkpoint=before.checkpoint)


def opened(activity: Activity, mine: Mapping[int, PlannedSession], today: date) -> Activity:
    """Return an activity in which the windows of sessions that lie outside theirs reach from today to its end."""
    windows = list(activity.windows)
    for number, session in mine.items():
        window = windows[number - 1]
        if not window.first_day <= session.day <= window.last_day:
            windows[number - 1] = Window(first_day=min(today, window.first_day), last_day=windows[-1].last_day)
    return replace(activity, windows=tuple(windows))
