"""Lessons found in sheets, each with its cell, and how they become a cycle of days and hours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from matcher.errors import Fault
from matcher.io.choices import WEEKDAYS
from matcher.io.report import Remark
from matcher.io.timetable.clock import clock_name
from matcher.io.timetable.school import LESSON, BusyRow, CycleDay, CycleHour
from matcher.io.timetable.sheets.columns import Bell
from matcher.texts import text_n

_MAX_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A lesson in one slot: ``place`` is its cell, ``week`` None every week, ``period`` its label inside the shift."""

    place: str
    week: int | None
    weekday: int
    shift: int
    period: str
    teacher: str
    kind: str = LESSON
    room: str = ""
    building: str = ""


@dataclass(slots=True)
class Found:
    """What was found in all sheets of a workbook."""

    entries: list[Entry] = field(default_factory=list)
    periods: dict[tuple[int, str], Bell | None] = field(default_factory=dict)
    day_labels: dict[int, str] = field(default_factory=dict)
    weeks: set[int] = field(default_factory=set)
    teachers: dict[str, None] = field(default_factory=dict)
    num_cells: int = 0
    num_read: int = 0
    without_teacher: list[str] = field(default_factory=list)
    other_bells: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def see_period(self, shift: int, period: str, minutes: Sequence[int], place: str) -> None:
        """Note a period, with its time where the sheet tells it."""
        bell = None
        if len(minutes) == 2 and minutes[0] < minutes[1]:
            bell = Bell(start_minute=minutes[0], end_minute=minutes[1])
        known = self.periods.setdefault((shift, period), bell)
        if known is None:
            self.periods[shift, period] = bell
        elif bell is not None and known != bell:
            self.other_bells.append(place)

    def see_day(self, weekday: int, label: str, week: int | None) -> None:
        """Note a day of the week as the sheet writes it."""
        self.day_labels.setdefault(weekday, label)
        if week is not None:
            self.weeks.add(week)

    def closing_remarks(self) -> list[Remark]:
        """Return what of the cells could not be read."""
        remarks = list(self.remarks)
        if self.without_teacher:
            message = text_n(
                "{count} lesson names no teacher and was not read: {cells}",
                "{count} lessons name no teacher and were not read: {cells}",
                count=len(self.without_teacher),
                cells=_listed(self.without_teacher),
            )
            remarks.append(Remark("", message, "without_teacher"))
        if self.other_bells:
            message = text_n(
                "{count} period has another time than the same period before; the first time counts: {cells}",
                "{count} periods have other times than the same periods before; the first times count: {cells}",
                count=len(self.other_bells),
                cells=_listed(self.other_bells),
            )
            remarks.append(Remark("", message, "other_bells"))
        return remarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Days, hours and rows with indices into them."""

    days: tuple[CycleDay, ...]
    hours: tuple[CycleHour, ...]
    rows: tuple[BusyRow, ...]


def build_cycle(found: Found, bells: Mapping[tuple[int, str], Bell]) -> Cycle:
    """Return the cycle of all entries; ``bells`` go before the times that stand in the sheets."""
    periods = {key: bells.get(key, bell) for key, bell in found.periods.items()}
    keys = sorted(periods, key=lambda key: _order(key, periods[key]))
    slot_of = {key: at for at, key in enumerate(keys)}
    weeks: tuple[int | None, ...] = (0, 1) if found.weeks else (None,)
    day_of: dict[tuple[int | None, int], int] = {}
    days: list[CycleDay] = []
    for week in weeks:
        for weekday in sorted(found.day_labels):
            day_of[week, weekday] = len(days)
            name = _day_name(weekday, found.day_labels[weekday], week)
            days.append(CycleDay(name=name, week=week, weekday=weekday))
    rows = [
        BusyRow(
            teacher=entry.teacher,
            day=day_of[week, entry.weekday],
            slot=slot_of[entry.shift, entry.period],
            kind=entry.kind,
            activity_id=entry.place,
            room=entry.room,
            building=entry.building,
        )
        for entry in _once(found.entries)
        for week in ((entry.week,) if entry.week is not None else weeks)
    ]
    return Cycle(days=tuple(days), hours=tuple(_hour(key, periods[key]) for key in keys), rows=tuple(rows))


def _once(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Return entries without those that stand again for another class: the teacher has them together in one room."""
    first: dict[Entry, Entry] = {}
    for entry in entries:
        first.setdefault(replace(entry, place=""), entry)
    return first.values()


def _order(key: tuple[int, str], bell: Bell | None) -> tuple[int, int, int, str]:
    shift, period = key
    number = int(period) if period.isdecimal() else 0
    return (shift, number, bell.start_minute if bell else 0, period)


def _hour(key: tuple[int, str], bell: Bell | None) -> CycleHour:
    shift, period = key
    name = period if shift == 1 else f"{shift} смена, {period}"
    if bell is not None:
        return CycleHour(name=name, start_minute=bell.start_minute, end_minute=bell.end_minute, shift=shift)
    is_time = re.fullmatch(r"\d\d:\d\d", period)
    start = int(period[:2]) * 60 + int(period[3:]) if is_time else None
    return CycleHour(
        name=name if start is None else name.replace(period, clock_name(start)), start_minute=start, shift=shift
    )


def _day_name(weekday: int, label: str, week: int | None) -> str:
    """Return the name of a day in the language of the sheet, with the letter of its week."""
    is_russian = bool(re.search("[А-Яа-яЁё]", label)) or not re.search("[A-Za-z]", label)
    choice = WEEKDAYS[weekday - 1]
    name = choice.label("ru").capitalize() if is_russian else choice.label("en")
    letters = "АБ" if is_russian else "AB"
    return name if week is None else f"{letters[week]}-{name}"


def _listed(cells: Sequence[str]) -> str:
    counts = list(Counter(cells))
    shown = ", ".join(counts[:_MAX_SHOWN])
    return shown if len(counts) <= _MAX_SHOWN else f"{shown} …"
