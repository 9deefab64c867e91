"""Where a meeting may move in some days: every hour with the rules that stand against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matcher.judge.schedule.trial import Trials
from matcher.outcome import Violation
from matcher.roster import SessionMode
from matcher.scheduling.slots import starts_of
from matcher.sessions.schedule import ActivityPurpose, PlannedSession

_ROOM_RULE = "HR-19"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An hour of a day for a meeting, with the way and room it would have there; ``broken`` is what stands against."""

    session: PlannedSession
    broken: tuple[Violation, ...]
    is_present: bool

    @property
    def is_allowed(self) -> bool:
        """Return whether the meeting may move here."""
        return not self.broken and not self.is_present


def places_of(trials: Trials, days: Sequence[date]) -> Iterator[Place]:
    """Yield the hours of some days in order: the bells of the mentor's organisation and the hours after them.

    In person another room of the same site will do; where nobody can come to the building, online will, where the
    meeting may be online at all.
    """
    present = trials.present
    for day in days:
        for start in _starts(trials):
            session = replace(
                present, day=day, start_minute=start, end_minute=start + present.end_minute - present.start_minute
            )
            if session.end_minute <= 24 * 60:
                yield _best(trials, session)


def _starts(trials: Trials) -> list[int]:
    """Return the minutes at which the meeting may begin; its present one is among them."""
    diary, present = trials.diary, trials.present
    mentor = diary.activities[present.activity].mentor
    organisation = diary.organisation_of(mentor)
    bells = diary.timetables.bells_of(organisation)
    found = {start.minute for start in starts_of(diary.year_of(mentor), bells, diary.ahead_of(mentor))}
    return sorted(found | {present.start_minute})


def _best(trials: Trials, session: PlannedSession) -> Place:
    """Return the first way of meeting at an hour that no rule stands against, else the usual one with what does."""
    present = trials.present
    if (session.day, session.start_minute) == (present.day, present.start_minute):
        return Place(session=session, broken=(), is_present=True)
    broken = trials.against(session)
    if broken:
        for other in _other_ways(trials, session, broken):
            if not trials.against(other):
                return Place(session=other, broken=(), is_present=False)
    return Place(session=session, broken=broken, is_present=False)


def _other_ways(trials: Trials, session: PlannedSession, broken: Sequence[Violation]) -> Iterator[PlannedSession]:
    """Yield the same hour in other rooms where only the room is in the way, then in the other mode."""
    activity = trials.diary.activities[session.activity]
    is_in_person = session.mode is SessionMode.IN_PERSON
    if is_in_person and all(_is_of_room(one) for one in broken):
        yield from _in_rooms(trials, session, session.site)
    modes = {*activity.modes, *((SessionMode.ONLINE, SessionMode.IN_PERSON) if _is_mixed(activity.modes) else ())}
    if is_in_person and SessionMode.ONLINE in modes:
        yield replace(session, mode=SessionMode.ONLINE, site=None, room=None)
    if not is_in_person and SessionMode.IN_PERSON in modes and activity.site is not None:
        yield from _in_rooms(trials, replace(session, mode=SessionMode.IN_PERSON), activity.site)


def _is_of_room(broken: Violation) -> bool:
    return broken.rule == _ROOM_RULE and len(broken.subjects) == 1


def _is_mixed(modes: Sequence[SessionMode]) -> bool:
    return SessionMode.MIXED in modes


def _in_rooms(trials: Trials, session: PlannedSession, site: str | None) -> Iterator[PlannedSession]:
    activity = trials.diary.activities[session.activity]
    rooms = [room for room in trials.diary.roster.rooms if room.site == site]
    fitting = sorted(
        (room for room in rooms if room.capacity is None or room.capacity >= activity.size),
        key=lambda room: (room.capacity is None, room.capacity or 0, room.id),
    )
    if not rooms or activity.purpose is ActivityPurpose.LESSON_VISIT:
        yield replace(session, site=site, room=None)
    for room in fitting:
        if room.id != session.room:
            yield replace(session, site=site, room=room.id)
