"""What stands against the times of a session's window: who is busy with what, rooms, licences, weeks, gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from matcher.impossible.beside import Beside
from matcher.impossible.session_reasons import BlockedTime
from matcher.impossible.words import Words, distinct
from matcher.impossible.world import people_of
from matcher.judge.schedule.diary import Diary, overlaps
from matcher.roster import SessionMode
from matcher.scheduling.cells import LICENCES
from matcher.scheduling.occupation import Block
from matcher.school_year import DayKind, SchoolYear
from matcher.sessions.schedule import Activity, ActivityPurpose
from matcher.texts import Text, text
from matcher.timegrid import BusyState

_CLOSED = {
    DayKind.WEEKEND: text("a day off"),
    DayKind.HOLIDAY: text("a public holiday"),
    DayKind.VACATION: text("a vacation"),
    DayKind.OUTSIDE: text("outside the school year"),
}
_BUSY = {
    BusyState.LESSON: text("{who} has a lesson"),
    BusyState.NOT_IN_BUILDING: text("{who} is not in the building"),
    BusyState.NOT_REACHABLE: text("{who} cannot be reached"),
}


def times_of(beside: Beside, diary: Diary, words: Words) -> tuple[BlockedTime, ...]:
    """Return the times of the week in a session's window, each with the days on which the same stands against it."""
    activity = beside.scene.world.activities[beside.activity]
    looker = _Looker(beside, diary, words)
    found: dict[tuple[int, int, int, tuple[str, ...]], BlockedTime] = {}
    for day, start, end in _dated(beside, activity):
        blocks = distinct(looker.blocks(day, start, end))
        key = (day.isoweekday(), start, end, tuple(map(str, blocks)))
        days = (*found[key].days, day) if key in found else (day,)
        found[key] = BlockedTime(weekday=key[0], start_minute=start, end_minute=end, days=days, blocks=blocks)
    return tuple(sorted(found.values(), key=lambda time: (time.weekday, time.start_minute, time.days)))


def _dated(beside: Beside, activity: Activity) -> Iterator[tuple[date, int, int]]:
    """Yield the days of the window that are no days off, with the hours of each."""
    case, window = beside.case.case, activity.windows[beside.number - 1]
    hours: set[tuple[int, int, int]] = set()
    for venue in case.places.venues_of(activity):
        full, short, _ = case.slots_at(activity, venue)
        for slots in (short, full):
            hours |= set(zip(slots.weekday.tolist(), slots.start.tolist(), slots.end.tolist(), strict=True))
    longest: dict[tuple[int, int], int] = {}
    for weekday, start, end in hours:
        longest[weekday, start] = max(end, longest.get((weekday, start), 0))
    year = case.calendar.year_of(case.calendar.organisation_of(activity.mentor))
    for day in case.calendar.day:
        if window.first_day <= day <= window.last_day and year.kind_of(day) is not DayKind.WEEKEND:
            for (weekday, start), end in sorted(longest.items()):
                if weekday == day.weekday():
                    yield day, start, end


class _Looker:
    """Looks up what stands against a time."""

    def __init__(self, beside: Beside, diary: Diary, words: Words) -> None:
        self._beside, self._diary, self._words = beside, diary, words
        self._activity = beside.scene.world.activities[beside.activity]
        problem = beside.case.problem
        self._choices: dict[tuple[int, int], list[int]] = defaultdict(list)
        fixed = set(problem.fixed_choice.tolist())
        for choice in (problem.choice_activity == 0).nonzero()[0].tolist():
            if choice not in fixed:
                slot = int(problem.choice_slot[choice])
                self._choices[int(problem.slot_weekday[slot]), int(problem.slot_start[slot])].append(choice)
        self._free = set(beside.free)

    def blocks(self, day: date, start: int, end: int) -> Iterator[Text]:
        """Yield what stands against a time; nothing where it is free."""
        number = self._beside.case.case.calendar.number(day)
        problem = self._beside.case.problem
        possible = [c for c in self._choices[day.weekday(), start] if problem.choice_days[c, number]]
        if any((choice, number) in self._free for choice in possible):
            return
        if not possible:
            found = [*self._by_calendar(day, start, end)]
            yield from found or [text("no place is free")]
            return
        for choice in possible[:1]:
            yield from self._by_plan(choice, number)

    def _by_calendar(self, day: date, start: int, end: int) -> Iterator[Text]:
        """Yield who is busy with what by calendar and timetable."""
        in_person = SessionMode.ONLINE not in self._activity.modes
        is_visit = self._activity.purpose is ActivityPurpose.LESSON_VISIT
        for id_ in people_of(self._activity):
            who = self._words.person(id_)
            year = self._year_of(id_)
            kind = year.kind_of(day)
            if kind in _CLOSED and not (kind is DayKind.VACATION and self._activity.vacations):
                yield _CLOSED[kind]
                continue
            if any(a.start_day <= day <= a.end_day for a in self._diary.absences.get(id_, ())):
                yield text("{who} is away", who=who)
                continue
            if self._is_in_exam(id_, day):
                yield text("{who} is taken by an exam", who=who)
                continue
            is_visited = is_visit and id_ in self._activity.mentees
            entries = [e for name in self._subjects(id_) for e in self._diary.entries(name, day, year)]
            busy = [e for e in entries if overlaps((e.start_minute, e.end_minute), (start, end))]
            states = dict.fromkeys(e.state for e in busy if e.state in _BUSY)
            for state in states:
                if is_visited and state is BusyState.LESSON:
                    continue
                if state is not BusyState.NOT_IN_BUILDING or in_person or len(self._activity.modes) > 1:
                    yield text(_BUSY[state].msgid, who=who)
            if is_visited and BusyState.LESSON not in states:
                yield text("{who} has no lesson", who=who)

    def _year_of(self, id_: str) -> SchoolYear:
        calendar = self._beside.case.case.calendar
        return calendar.year_of(calendar.organisation_of(id_))

    def _subjects(self, id_: str) -> tuple[str, ...]:
        person = self._diary.people.get(id_)
        return (id_,) if person is None or person.school_class is None else (id_, person.school_class)

    def _is_in_exam(self, id_: str, day: date) -> bool:
        calendar = self._beside.case.case.calendar
        return not bool(calendar.present(id_)[calendar.number(day)])

    def _by_plan(self, choice: int, day: int) -> Iterator[Text]:
        """Yield what the plan has taken of people, rooms, licences and weeks."""
        case = self._beside.case
        for block, which in self._beside.occupation.blocks(0, choice, day):
            if block is Block.PERSON:
                yield text("{who} has another meeting", who=self._words.person(case.person_id[which].split(" ")[0]))
            elif block is Block.WEEK:
                yield text("the hours of {who} in this week are used up", who=self._words.person(
                    case.person_id[which].split(" ")[0]
                ))  # fmt: skip
            elif block is Block.POOL and case.pools[which] == LICENCES:
                yield text("all video licences are in use")
            elif block is Block.POOL:
                yield text("no room is free")
            elif block is Block.GAP:
                yield text("too close to the meeting before or after")
