"""When people and rooms are taken in the cycle, to the minute, as masks over slots and kinds of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matcher.roster import PersonKind, Roster
from matcher.scheduling.calendar import Calendar
from matcher.scheduling.slots import DAY_MINUTES, Slots
from matcher.sessions.problem import BoolArray, IntArray
from matcher.timegrid import BusyState, availability_times
from matcher.timetables import TakenTime, Timetables

WEEK_MINUTES = 7 * DAY_MINUTES
ONLINE = -1
_STATES = tuple(BusyState)
LESSON, NOT_IN_BUILDING, NOT_REACHABLE, PREFERRED = (
    _STATES.index(state)
    for state in (BusyState.LESSON, BusyState.NOT_IN_BUILDING, BusyState.NOT_REACHABLE, BusyState.PREFERRED)
)
_IS_IN = {
    states: np.isin(np.arange(len(_STATES)), states)
    for states in (
        (NOT_REACHABLE, LESSON), (NOT_REACHABLE, NOT_IN_BUILDING, LESSON), (NOT_REACHABLE,),
        (NOT_REACHABLE, NOT_IN_BUILDING),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weeks:
    """The times of one person or room.

    Per time: ``start`` and ``end`` in minutes after Monday's midnight, ``state``, ``site`` (−1 unknown) and ``on``
    (num_times, num_kinds), on which kinds of days it counts; ``sure`` is False where it names a week that the year does
    not tell apart, so that it may count a week too often. ``kind`` (num_days,) is the kind of every day: the week of
    the cycle and the part of the year between changes of the timetable.
    """

    start: IntArray
    end: IntArray
    state: IntArray
    site: IntArray
    on: BoolArray
    sure: BoolArray
    kind: IntArray

    def taken(self, slots: Slots, site: int, travel: IntArray, *, lessons: bool = True) -> BoolArray:
        """Return when the person cannot meet, shape (num_slots, num_kinds).

        A meeting online (``site`` −1) minds lessons and times out of reach; one at a site also times out of the
        building, and the way from and to lessons at other sites.
        """
        states = (NOT_REACHABLE,) if site == ONLINE else (NOT_REACHABLE, NOT_IN_BUILDING)
        counts = _IS_IN[(*states, LESSON) if lessons else states][self.state]
        low, high = self.start, self.end
        if site != ONLINE and len(travel):
            goes = (self.state == LESSON) & (self.site >= 0)
            low = low - np.where(goes, travel[site, self.site], 0)
            high = high + np.where(goes, travel[self.site, site], 0)
        touches = (slots.week_start[:, None] < high) & (low < slots.week_end[:, None]) & counts
        return _any(touches, self.on)

    def preferred(self, slots: Slots) -> BoolArray:
        """Return which slots lie in a time the person prefers, shape (num_slots,)."""
        inside = (self.start <= slots.week_start[:, None]) & (slots.week_end[:, None] <= self.end)
        found: BoolArray = (inside & (self.state == PREFERRED)).any(axis=1)
        return found

    def idle(self, slots: Slots, most: int) -> BoolArray:
        """Return when a person waits for a slot, or comes for it alone: no lesson within ``most`` minutes of it.

        Shape (num_slots, num_kinds).
        """
        lessons = self.state == LESSON
        apart = np.maximum(slots.week_start[:, None] - self.end, self.start - slots.week_end[:, None])
        return ~_any((apart <= most) & lessons, self.on)

    def days(self, by_kind: BoolArray) -> BoolArray:
        """Return (num_slots, num_kinds) spread over days, shape (num_slots, num_days)."""
        found: BoolArray = by_kind[:, self.kind]
        return found


def _any(touches: BoolArray, on: BoolArray) -> BoolArray:
    found: BoolArray = (touches.astype(np.float32) @ on.astype(np.float32)) > 0
    return found


class FreeTime:
    """The times of everybody and of all rooms; looked up once each."""

    def __init__(self, roster: Roster, timetables: Timetables, calendar: Calendar, site_index: dict[str, int]) -> None:
        self._calendar, self._site_index = calendar, site_index
        self._entries: dict[str, list[TakenTime]] = defaultdict(list)
        for entry in timetables.people:
            self._entries[entry.subject].append(entry)
        self._in_room: dict[str, list[TakenTime]] = defaultdict(list)
        for entry in timetables.rooms:
            self._in_room[entry.subject].append(replace(entry, state=BusyState.LESSON))
        for said in availability_times(roster):
            if said.person not in calendar.people:
                continue
            ahead = calendar.ahead_of(calendar.organisation_of(said.person))
            entry = TakenTime(
                subject=said.person, week=said.week, weekday=said.weekday, start_minute=said.start_minute + ahead,
                end_minute=said.end_minute + ahead, state=said.state,
            )  # fmt: skip
            self._entries[said.person].append(entry)
        self.known = {*timetables.known, *(entry.subject for entry in timetables.people)}
        self._weeks: dict[str, Weeks] = {}

    def of_person(self, id_: str, home: int = -1) -> Weeks:
        """Return the times of a person or class; a pupil has the lessons of his class too."""
        person = self._calendar.people.get(id_)
        subjects = [id_]
        if person is not None and person.person_kind is PersonKind.PUPIL and person.school_class is not None:
            subjects.append(person.school_class)
        if id_ not in self._weeks:
            entries = [entry for subject in subjects for entry in self._entries.get(subject, ())]
            self._weeks[id_] = self._build(entries, self._calendar.organisation_of(id_), home)
        return self._weeks[id_]

    def of_room(self, id_: str, organisation: str) -> Weeks:
        """Return the times at which a room is taken."""
        return self._build(self._in_room.get(id_, ()), organisation, -1)

    def is_known(self, id_: str) -> bool:
        """Return whether the week of a person (or class), or of a pupil's class, is known."""
        person = self._calendar.people.get(id_)
        return id_ in self.known or (person is not None and (person.school_class or "") in self.known)

    def _build(self, entries: Sequence[TakenTime], organisation: str, home: int) -> Weeks:
        calendar = self._calendar
        num_weeks = calendar.year_of(organisation).num_weeks
        changes = _changes(entries, calendar)
        part = np.searchsorted(changes, np.arange(calendar.num_days), side="right")
        pairs, kind = np.unique(np.stack([part, calendar.parity(organisation)]), axis=1, return_inverse=True)
        first = np.concatenate([[0], changes])[pairs[0]]
        rows = []
        for entry in entries:
            start = (entry.weekday - 1) * DAY_MINUTES + entry.start_minute
            end = (entry.weekday - 1) * DAY_MINUTES + entry.end_minute
            on = (first >= _day(entry.first_day, calendar, 0)) & (
                first <= _day(entry.last_day, calendar, calendar.num_days)
            )
            if entry.week is not None and num_weeks > 1:
                on = on & (pairs[1] == entry.week)
            site = self._site_index.get(entry.site or "", home) if entry.state is BusyState.LESSON else -1
            shifts = [0] + [WEEK_MINUTES] * (start < 0) + [-WEEK_MINUTES] * (end > WEEK_MINUTES)
            sure = entry.week is None or entry.week < num_weeks
            rows += [(start + shift, end + shift, _STATES.index(entry.state), site, sure, on) for shift in shifts]
        table = np.array([row[:5] for row in rows], dtype=np.int64).reshape(-1, 5)
        return Weeks(
            start=table[:, 0],
            end=table[:, 1],
            state=table[:, 2],
            site=table[:, 3],
            on=np.array([row[5] for row in rows], dtype=bool).reshape(len(rows), pairs.shape[1]),
            sure=table[:, 4] > 0,
            kind=kind.reshape(-1),
        )


def _changes(entries: Sequence[TakenTime], calendar: Calendar) -> IntArray:
    """Return the days on which a timetable begins or has just ended, ascending, inside the plan."""
    found = {calendar.number(entry.first_day) for entry in entries if entry.first_day is not None}
    found |= {calendar.number(entry.last_day) + 1 for entry in entries if entry.last_day is not None}
    return np.array(sorted(at for at in found if 0 < at < calendar.num_days), dtype=np.int64)


def _day(day: date | None, calendar: Calendar, otherwise: int) -> int:
    return otherwise if day is None else calendar.number(day)
