"""Exports of aSc TimeTables in its XML of 2012, and the older ones with ``days`` and ``day="0"``.

A card places one hour of a lesson; ``days`` and ``weeks`` are masks with one sign for each day and week. aSc exports
no times at which a teacher is not in the building.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.errors import Fault, InputError
from matcher.io.report import Remark
from matcher.io.timetable.clock import clock_minute, clock_name
from matcher.io.timetable.day_names import day_words
from matcher.io.timetable.school import BusyRow, CycleDay, CycleHour, SchoolTimetable, in_order
from matcher.io.timetable.xml.pieces import XmlFile
from matcher.texts import Text, text, text_n

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAX_SHOWN = 8
_WEEKDAYS = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье")
"""Names for the days of a file that does not name them."""


def read_asc(file: XmlFile) -> SchoolTimetable:
    """Return the timetable of an aSc export.

    Raises
    ------
    InputError
        When lists are missing, masks are of the wrong length, or ids do not fit together: all faults at once.
    """
    found = _Contents(path=file.path)
    for piece in file.pieces():
        found.take(piece.element)
    return found.timetable(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    teachers: tuple[str, ...]
    num_wanted: int | None


@dataclass(slots=True)
class _Contents:
    """What was read so far; ids → what they stand for."""

    path: Path
    periods: dict[str, CycleHour] = field(default_factory=dict)
    day_names: dict[int, str] = field(default_factory=dict)
    week_names: dict[int, str] = field(default_factory=dict)
    num_days: int = 0
    num_weeks: int = 0
    num_terms: int = 0
    teachers: dict[str, str] = field(default_factory=dict)
    buildings: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, tuple[str, str]] = field(default_factory=dict)
    lessons: dict[str, _Lesson] = field(default_factory=dict)
    cards: list[Mapping[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def fault(self, place: str, message: Text, cure: Text) -> None:
        self.faults.append(Fault(f"{self.path.name}: {place}", message, cure))

    def take(self, element: Element) -> None:
        """Take one entry of a list."""
        get = {str(name): str(value).strip() for name, value in element.attrib.items()}
        id_ = get.get("id", "")
        tag = element.tag
        if tag == "period":
            self._take_period(get)
        elif tag in ("daysdef", "day"):
            self._take_day(get)
        elif tag == "weeksdef":
            self.num_weeks = max(self.num_weeks, *map(len, get.get("weeks", "").split(",")))
            if (at := _only(get.get("weeks", ""))) is not None:
                self.week_names[at] = get.get("name") or get.get("short", "")
        elif tag == "termsdef":
            self.num_terms = max(self.num_terms, *map(len, get.get("terms", "").split(",")))
        elif tag == "teacher":
            self.teachers[id_] = get.get("name") or f"{get.get('lastname', '')} {get.get('firstname', '')}".strip()
        elif tag == "building":
            self.buildings[id_] = get.get("name", "")
        elif tag == "classroom":
            self.rooms[id_] = (get.get("name", ""), get.get("buildingid", ""))
        elif tag == "lesson":
            self._take_lesson(id_, get)
        elif tag == "card":
            self.cards.append(get)

    def _take_period(self, get: Mapping[str, str]) -> None:
        number = get.get("period", "")
        if not number or number in self.periods:
            message = text("a period has no number, or one that another has")
            self.fault(f"period {number}".strip(), message, text("give each period a number of its own"))
        start, end = clock_minute(get.get("starttime", "")), clock_minute(get.get("endtime", ""))
        # Hours go by the clock: the map needs the clock, and numbers mean other times in each school.
        name = clock_name(start) if start is not None else get.get("name") or number
        if any(name == known.name for known in self.periods.values()):
            name = f"{name} ({number})"
        if start is None or end is None or start >= end:
            end = None
        self.periods[number] = CycleHour(name=name, start_minute=start, end_minute=end)

    def _take_day(self, get: Mapping[str, str]) -> None:
        """Take a day of the new form (a mask) or of the old one (a number from 0)."""
        name = get.get("name") or get.get("short", "")
        if "days" in get:
            self.num_days = max(self.num_days, *map(len, get["days"].split(",")))
            at = _only(get["days"])
        else:
            number = get.get("day", "")
            at = int(number) if _is_small(number) else None
            self.num_days = max(self.num_days, 0 if at is None else at + 1)
        if at is not None:
            self.day_names.setdefault(at, name)

    def _take_lesson(self, id_: str, get: Mapping[str, str]) -> None:
        if not id_ or id_ in self.lessons:
            message = text("a lesson has no id, or one that another has")
            self.fault(f"lesson {id_}".strip(), message, text("export the timetable again from aSc TimeTables"))
        ids = _ids(get.get("teacherids") or get.get("teacherid", ""))
        try:
            wanted = round(float(get.get("periodsperweek", "").replace(",", ".")) * max(1, self.num_weeks))
        except (ValueError, OverflowError):
            wanted = None
        self.lessons[id_] = _Lesson(teachers=ids, num_wanted=wanted)

    def timetable(self, file: XmlFile) -> SchoolTimetable:
        """Return what was taken as a timetable."""
        cure = text("export with periods, teachers, lessons and cards: File, Export, aSc Timetables 2012 XML")
        for name, entries in (("periods", self.periods), ("teachers", self.teachers), ("lessons", self.lessons)):
            if not entries:
                self.fault(name, text("the list is missing or empty"), cure)
        if self.faults:
            raise InputError(self.faults)
        rows, placed = self._rows()
        if self.faults:
            raise InputError(self.faults)
        days = self._days()
        num_placed = self._count_placed(placed)
        if self.num_terms > 1:
            message = text_n(
                "{count} term is put together with the others: whoever teaches in one of them is taken",
                "{count} terms are put together: whoever teaches in one of them is taken",
                count=self.num_terms,
            )
            self.remarks.append(Remark("", message, "terms"))
        no_absence = text("aSc exports no times when somebody is not in the building: add them under “availability”")
        self.remarks.append(Remark("", no_absence, "no_absence"))
        return SchoolTimetable(
            path=self.path,
            file_format=f"aSc TimeTables {file.attributes.get('ascttversion', '')}".strip(),
            title=file.attributes.get("schoolname", ""),
            teachers=tuple(dict.fromkeys(self.teachers.values())),
            days=days,
            hours=tuple(self.periods.values()),
            rows=in_order(rows),
            num_wanted=len(self.lessons),
            num_placed=num_placed,
            num_rooms=len(self.rooms),
            num_buildings=len(self.buildings),
            knows_not_in_building=False,
            remarks=(*file.remarks, *self.remarks),
        )

    def _rows(self) -> tuple[list[BusyRow], dict[str, int]]:
        """Return the rows of all cards and how many hours each lesson has."""
        slot_of = {number: at for at, number in enumerate(self.periods)}
        self._measure()
        rows: list[BusyRow] = []
        placed: dict[str, int] = dict.fromkeys(self.lessons, 0)
        num_empty = 0
        for card in self.cards:
            id_ = card.get("lessonid", "")
            place = f"card, lessonid {id_}"
            if id_ not in self.lessons:
                message = text("a card belongs to a lesson that is not in the list of lessons")
                self.fault(place, message, text("export the timetable again from aSc TimeTables"))
                continue
            days = self._days_of(card, place)
            if not days or not card.get("period"):
                num_empty += 1
                continue
            if card["period"] not in slot_of:
                message = text("the file has no period “{name}”", name=card["period"])
                self.fault(place, message, text("export the timetable again, together with its periods"))
                continue
            placed[id_] += len(days)
            room, building = self._room(card, place)
            rows += [
                BusyRow(
                    teacher=teacher,
                    day=day,
                    slot=slot_of[card["period"]],
                    activity_id=id_,
                    room=room,
                    building=building,
                )
                for teacher in self._teachers(id_)
                for day in days
            ]
        if num_empty:
            message = text_n(
                "{count} card has no place in the timetable",
                "{count} cards have no place in the timetable",
                count=num_empty,
            )
            self.remarks.append(Remark("", message, "unplaced_cards"))
        return rows, placed

    def _measure(self) -> None:
        """Count days and weeks from the masks where the file does not define them."""
        for card in self.cards:
            if not self.num_weeks:
                self.num_weeks = len(card.get("weeks", ""))
            if not self.num_days:
                self.num_days = len(card.get("days", ""))
        if not self.num_days:
            self.num_days = 1 + max((int(c["day"]) for c in self.cards if _is_small(c.get("day", ""))), default=4)
        self.num_weeks = max(1, self.num_weeks)

    def _days_of(self, card: Mapping[str, str], place: str) -> list[int]:
        """Return the days of the cycle on which a card lies."""
        weeks = self._bits(card.get("weeks") or "1" * self.num_weeks, self.num_weeks, f"{place}: weeks")
        if "days" in card:
            days = self._bits(card["days"], self.num_days, f"{place}: days")
        else:
            number = card.get("day", "")
            days = [int(number)] if _is_small(number) and int(number) < self.num_days else []
            if number and not days and number != "-1":
                message = text("the file has no day “{name}”", name=number)
                self.fault(place, message, text("write a number from 0 to {max}", max=self.num_days - 1))
        return [week * self.num_days + day for week in weeks for day in days]

    def _bits(self, mask: str, length: int, place: str) -> list[int]:
        if len(mask) != length or set(mask) - {"0", "1"}:
            message = text("the mask “{mask}” does not have {length} signs of 0 and 1", mask=mask, length=length)
            cure = text("one sign for each day or week the file defines; export the timetable again")
            self.fault(place, message, cure)
            return []
        return [at for at, sign in enumerate(mask) if sign == "1"]

    def _room(self, card: Mapping[str, str], place: str) -> tuple[str, str]:
        """Return the room of a card and its building; several rooms with commas, the building of the first."""
        ids = _ids(card.get("classroomids") or card.get("classroomid", ""))
        unknown = [id_ for id_ in ids if id_ not in self.rooms]
        if unknown:
            message = text("the file has no classroom “{name}”", name=", ".join(unknown))
            self.fault(place, message, text("export the timetable again, together with its classrooms"))
        known = [self.rooms[id_] for id_ in ids if id_ in self.rooms]
        building = self.buildings.get(known[0][1], "") if known else ""
        return ", ".join(name for name, _ in known), building

    def _teachers(self, lesson: str) -> list[str]:
        found = []
        for id_ in self.lessons[lesson].teachers:
            if id_ in self.teachers:
                found.append(self.teachers[id_])
            else:
                message = text("the file's list of teachers has no “{teacher}”", teacher=id_)
                cure = text("export the timetable again, together with its teachers")
                self.fault(f"lesson {lesson}", message, cure)
        return found

    def _count_placed(self, placed: Mapping[str, int]) -> int:
        """Return how many lessons have all their hours; the others are named."""
        short = [id_ for id_, num in placed.items() if num < (self.lessons[id_].num_wanted or 1)]
        if short:
            shown = ", ".join(short[:_MAX_SHOWN]) + (" …" if len(short) > _MAX_SHOWN else "")
            message = text_n(
                "{count} lesson is not placed, or not with all its hours: {ids}",
                "{count} lessons are not placed, or not with all their hours: {ids}",
                count=len(short),
                ids=shown,
            )
            self.remarks.append(Remark("", message, "unplaced"))
        return len(placed) - len(short)

    def _days(self) -> tuple[CycleDay, ...]:
        if len(self.day_names) < self.num_days:
            message = text("the file does not name all its days: they are taken to begin with Monday")
            self.remarks.append(Remark("", message, "days_unnamed"))
        if self.num_weeks > 2:
            message = text_n(
                "the cycle has {count} week; planning knows two, so the map counts each day for every week",
                "the cycle has {count} weeks; planning knows two, so the map counts each day for every week",
                count=self.num_weeks,
            )
            self.remarks.append(Remark("", message, "many_weeks"))
        return tuple(self._day(week, day) for week in range(self.num_weeks) for day in range(self.num_days))

    def _day(self, week: int, day: int) -> CycleDay:
        name = self.day_names.get(day) or (_WEEKDAYS[day] if day < len(_WEEKDAYS) else str(day + 1))
        weekday = day_words(name).weekday
        if self.num_weeks == 1:
            return CycleDay(name=name, weekday=weekday)
        prefix = _short(self.week_names.get(week, ""), week)
        return CycleDay(name=f"{prefix}-{name}", week=week if self.num_weeks == 2 else None, weekday=weekday)


def _short(name: str, week: int) -> str:
    """Return the letter of a week ("Неделя А" → "А"), its whole name where it has none."""
    words = name.split()
    if not words:
        return "ABCDEFGH"[week] if week < 8 else str(week + 1)
    return words[-1] if len(words[-1]) == 1 else name


def _only(mask: str) -> int | None:
    """Return the one day or week of a mask; None where it is several, or a choice of masks."""
    return mask.index("1") if mask.count("1") == 1 and "," not in mask else None


def _ids(listed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_.strip() for id_ in listed.split(",") if id_.strip()))


def _is_small(number: str) -> bool:
    return number.isdecimal() and number.isascii() and len(number) <= 2
