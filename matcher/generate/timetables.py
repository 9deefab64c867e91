"""Made-up weekly lessons for the staff, or lessons borrowed from real timetables."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

import numpy as np

from matcher.errors import Fault, InputError
from matcher.generate.draw import Draw, FloatArray, IntArray
from matcher.generate.names import short_name
from matcher.roster import Organisation, Person, PersonKind, Roster
from matcher.texts import text

_DAY_NAMES = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье")
_FIRST_MINUTE = 8 * 60
_LESSON_MINUTES, _BREAK_MINUTES = 45, 10
_MAX_ONE_SHIFT_STAFF = 60
_MAX_SHIFT_SLOTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDay:
    """A day of the timetable's cycle: week "" means every week, else A or B; weekday 1 is Monday."""

    name: str
    week: str
    weekday: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonHour:
    """A slot of the day with its clock times."""

    name: str
    start: time
    end: time
    shift: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyRow:
    """One busy slot of one teacher, as a line of a busy CSV; ``kind`` is lesson or not_available."""

    teacher: str
    day: int
    slot: int
    kind: str
    activity_id: str = ""
    room: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The lessons of one organisation: a grid, who is who, and the busy slots.

    ``names`` maps a teacher of the file to a person's id. ``file`` names an existing busy CSV whose rows are used;
    where it is ``None``, ``rows`` are the lessons, sorted by teacher, day and slot.
    """

    organisation: str
    time_zone: str
    days: tuple[CycleDay, ...]
    hours: tuple[LessonHour, ...]
    names: Mapping[str, str]
    rows: tuple[BusyRow, ...] = ()
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyFile:
    """What a busy CSV is about: its teachers in order, and its days and slots with the names they bear."""

    path: str
    teachers: tuple[str, ...]
    days: tuple[str, ...]
    hours: tuple[str, ...]


def generate_busy(roster: Roster, *, seed: int, days: int = 5, slots: int = 7) -> tuple[Timetable, ...]:
    """Return a lesson grid for every organisation whose staff teach.

    ``slots`` is the number of lessons in a shift. An organisation with more than sixty teachers works in two shifts of
    six at most. Everybody gets as many lessons as teaching hours, as far as the grid reaches; some have a day for
    methodical work, on which they are not available.
    """
    timetables = []
    for number, (organisation, people) in enumerate(_teachers_by_organisation(roster)):
        draw = Draw(seed, 100, number)
        two_shifts = len(people) > _MAX_ONE_SHIFT_STAFF
        per_shift = min(slots, _MAX_SHIFT_SLOTS) if two_shifts else slots
        names = _teacher_names(people)
        busy = _draw_lessons(draw, people, days=days, per_shift=per_shift, two_shifts=two_shifts)
        timetables.append(
            Timetable(
                organisation=organisation.id,
                time_zone=organisation.time_zone,
                days=tuple(CycleDay(name=_DAY_NAMES[d], week="", weekday=d + 1) for d in range(days)),
                hours=_made_up_hours(per_shift, two_shifts=two_shifts),
                names=dict(zip(names, (person.id for person in people), strict=True)),
                rows=_rows(names, people, busy),
            )
        )
    return tuple(timetables)


def borrow_busy(roster: Roster, files: Sequence[BusyFile], *, seed: int) -> tuple[Timetable, ...]:
    """Return for every organisation whose staff take part a timetable that gives each of them a real teacher's week.

    Files go to organisations in turn; a larger file is taken where the turn's file has too few teachers, and further
    files where none is large enough. Only mentors and mentees get a timetable.

    Raises
    ------
    InputError
        When the files together have fewer teachers than an organisation has people.
    """
    members = {found.person for found in roster.mentors} | {found.person for found in roster.mentees}
    timetables: list[Timetable] = []
    faults = []
    for number, (organisation, staff) in enumerate(_teachers_by_organisation(roster)):
        people = [person for person in staff if person.id in members]
        turn = [files[(number + seed + k) % len(files)] for k in range(len(files))]
        turn.sort(key=lambda file: len(file.teachers) < len(people))
        for file in turn:
            if not people:
                break
            seated, people = people[: len(file.teachers)], people[len(file.teachers) :]
            order = Draw(seed, 101, number).order(len(file.teachers)).tolist()
            names = {file.teachers[i]: person.id for i, person in zip(order, seated, strict=False)}
            timetables.append(_borrowed(organisation, file, names))
        if people:
            faults.append(
                Fault(
                    organisation.id,
                    text("{people} people are left without a teacher of the timetables", people=len(people)),
                    text("give more timetables"),
                )
            )
    if faults:
        raise InputError(faults)
    return tuple(timetables)


def _teachers_by_organisation(roster: Roster) -> list[tuple[Organisation, list[Person]]]:
    """Return the organisations that have teachers, with these in the order of the roster."""
    people: dict[str, list[Person]] = {}
    for person in roster.people:
        if person.person_kind is PersonKind.STAFF and person.teaching_hours:
            people.setdefault(person.organisation, []).append(person)
    return [(found, people[found.id]) for found in roster.organisations if found.id in people]


def _teacher_names(people: Sequence[Person]) -> list[str]:
    """Return surnames with initials as schools write them; namesakes get a number."""
    seen: dict[str, int] = {}
    names = []
    for person in people:
        name = short_name(person.name)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _draw_lessons(draw: Draw, people: Sequence[Person], *, days: int, per_shift: int, two_shifts: bool) -> IntArray:
    """Return 0 free, 1 lesson, 2 not available: shape (people, days, slots)."""
    size, slots = len(people), per_shift * (2 if two_shifts else 1)
    hours = np.array([int(person.teaching_hours or 0) for person in people], dtype=np.int64)
    second = draw.flag(0.45, size) & two_shifts
    # Early lessons fill first, lessons outside the shift last.
    slot = np.arange(slots)
    outside = (slot[None, :] >= per_shift) != second[:, None]
    wish: FloatArray = draw.unit(size, days, slots) + 0.05 * (slot % per_shift) + 100.0 * outside[:, None, :]
    off = draw.flag(0.15, size) & (hours <= (days - 1) * per_shift)
    off_day = draw.whole(0, days - 1, size)
    wish[np.flatnonzero(off), off_day[off]] = 1000.0
    rank = np.argsort(np.argsort(wish.reshape(size, -1), axis=1, kind="stable"), axis=1, kind="stable")
    busy = (rank < np.minimum(hours, days * per_shift)[:, None]).astype(np.int64).reshape(size, days, slots)
    busy[np.flatnonzero(off), off_day[off]] = 2
    return busy


def _made_up_hours(per_shift: int, *, two_shifts: bool) -> tuple[LessonHour, ...]:
    hours = []
    for slot in range(per_shift * (2 if two_shifts else 1)):
        start = _FIRST_MINUTE + slot * (_LESSON_MINUTES + _BREAK_MINUTES)
        hours.append(
            LessonHour(
                name=f"{slot + 1} урок",
                start=_clock(start),
                end=_clock(start + _LESSON_MINUTES),
                shift=1 + slot // per_shift,
            )
        )
    return tuple(hours)


def _rows(names: Sequence[str], people: Sequence[Person], busy: IntArray) -> tuple[BusyRow, ...]:
    """Return the busy slots, sorted by teacher, day and slot; every teacher has a room of his own."""
    rows: list[BusyRow] = []
    for i in sorted(range(len(names)), key=lambda i: names[i]):
        for day, slot in np.argwhere(busy[i]).tolist():
            is_lesson = busy[i, day, slot] == 1
            rows.append(
                BusyRow(
                    teacher=names[i],
                    day=day,
                    slot=slot,
                    kind="lesson" if is_lesson else "not_available",
                    activity_id=str(len(rows) + 1) if is_lesson else "",
                    room=f"Кабинет {101 + i}" if is_lesson else "",
                    building=(people[i].site or "") if is_lesson else "",
                )
            )
    return tuple(rows)


def _borrowed(organisation: Organisation, file: BusyFile, names: Mapping[str, str]) -> Timetable:
    return Timetable(
        organisation=organisation.id,
        time_zone=organisation.time_zone,
        days=_read_days(file.days),
        hours=_read_hours(file.hours),
        names=names,
        file=file.path,
    )


def _read_days(names: Sequence[str]) -> tuple[CycleDay, ...]:
    """Return the days from Monday on; a cycle of more than a week is two weeks, A and B."""
    if len(names) <= 7:
        return tuple(CycleDay(name=name, week="", weekday=d + 1) for d, name in enumerate(names))
    half = len(names) // 2
    return tuple(
        CycleDay(name=name, week="A" if d < half else "B", weekday=d % half + 1) for d, name in enumerate(names)
    )


def _read_hours(names: Sequence[str]) -> tuple[LessonHour, ...]:
    """Return clock times: those in the names where all have one, else lessons of 45 minutes from 8:00."""
    found = [re.search(r"(\d{1,2}):(\d{2})", name) for name in names]
    starts = [_FIRST_MINUTE + i * (_LESSON_MINUTES + _BREAK_MINUTES) for i in range(len(names))]
    length = _LESSON_MINUTES
    if all(found):
        starts = [int(clock[1]) * 60 + int(clock[2]) for clock in found if clock]
        # A double lesson at most, and time to change rooms.
        length = min([90, *(after - before - 5 for before, after in itertools.pairwise(starts))])
    return tuple(
        LessonHour(name=name, start=_clock(start), end=_clock(start + length))
        for name, start in zip(names, starts, strict=True)
    )


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
