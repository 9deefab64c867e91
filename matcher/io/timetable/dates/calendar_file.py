"""Personal calendars (iCalendar): what comes back each week, or every other week, becomes busy slots, the rest dates.

A time of the week counts as taken when it is taken in at least half of the weeks the calendar covers between September
and May, and three times at least; weeks A and B are counted each by itself, the week of 1 September being A.

References
----------
RFC 5545 (iCalendar).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from matcher.errors import Fault, InputError
from matcher.io.choices import WEEKDAYS
from matcher.io.report import Remark
from matcher.io.tables.child import ChildError, run_limited
from matcher.io.tables.table import file_error
from matcher.io.timetable.clock import clock_name
from matcher.io.timetable.school import (
    LESSON,
    NOT_AVAILABLE,
    BusyRow,
    CycleDay,
    CycleHour,
    DatedRow,
    SchoolTimetable,
    in_order,
)
from matcher.texts import Text, text, text_n

MAX_FILE_BYTES = 64 * 2**20
MIN_TIMES = 3
_PROGRAM = Path(__file__).with_name("calendar_child.py")
_SAVE_AGAIN = text("export the calendar again as an iCalendar file (.ics)")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Time:
    """A time of the week."""

    weekday: int
    start_minute: int
    end_minute: int
    kind: str


def read_calendar(
    path: Path, *, teacher: str | None = None, time_zone: str | None = None, year: int | None = None
) -> SchoolTimetable:
    """Return the busy times of one person.

    Parameters
    ----------
    path
        The calendar.
    teacher
        Whose it is; without it the calendar's own name, or that of the file.
    time_zone
        The zone of the clock of the school; without it that of the calendar, or of each event.
    year
        The year in which the school year begins; without it the latest in which an event begins.

    Raises
    ------
    InputError
        When the file is no calendar, or events cannot be understood: all of them at once.
    """
    _check(path)
    try:
        answer = run_limited(_PROGRAM, str(path.resolve()), time_zone or "", "" if year is None else str(year))
    except ChildError as error:
        raise _child_error(path, error.reason) from error
    if "refused" in answer:
        raise _refused(path, answer["refused"], answer["details"])
    if "faults" in answer:
        raise InputError([_fault(path, fault) for fault in answer["faults"]])
    return _timetable(path, teacher or answer["name"].strip() or path.stem, answer)


def _check(path: Path) -> None:
    size = path.stat().st_size
    if size == 0:
        raise file_error(path.name, "empty_file", text("the file is empty"), _SAVE_AGAIN)
    if size > MAX_FILE_BYTES:
        message = text("the file is too large: {megabytes} MB", megabytes=round(size / 2**20))
        raise file_error(path.name, "too_large", message, text("export one calendar of one school year only"))
    data = path.read_bytes()
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = text("byte {byte} is not UTF-8", byte=error.start + 1)
        raise file_error(path.name, "unknown_encoding", message, _SAVE_AGAIN) from error
    if not content.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise file_error(path.name, "not_a_calendar", text("this is no iCalendar file"), _SAVE_AGAIN)
    if not re.search(r"^END:VCALENDAR\s*\Z", content, re.IGNORECASE | re.MULTILINE):
        raise file_error(path.name, "cut_off", text("the file breaks off before its end"), _SAVE_AGAIN)


def _child_error(path: Path, reason: str) -> InputError:
    messages: dict[str, Text] = {
        "time": text("reading the calendar takes too long: an event repeats without end"),
        "memory": text("reading the calendar takes too much memory"),
        "crash": text("the calendar is damaged and cannot be read"),
    }
    return file_error(path.name, f"child_{reason}", messages[reason], _SAVE_AGAIN)


def _refused(path: Path, kind: str, details: Mapping[str, Any]) -> InputError:
    if kind == "unknown_zone":
        message = text("the time zone “{value}” is not known", value=details["zone"])
        return file_error(path.name, kind, message, text("give a zone by --time-zone, for example Europe/Moscow"))
    if kind == "too_many_series":
        message = text("the calendar holds more than {count} events that repeat", count=details["count"])
        return file_error(path.name, kind, message, text("export one calendar of one school year only"))
    if kind in ("too_many", "too_many_dates"):
        message = text("the calendar holds more than {count} events", count=details["count"])
        return file_error(path.name, kind, message, text("export one calendar of one school year only"))
    if details["line"]:
        place = f"{path.name}:{details['line']}"
        return file_error(place, "wrong_line", text("this is no line of a calendar"), _SAVE_AGAIN)
    return file_error(path.name, "damaged", text("the calendar is damaged and cannot be read"), _SAVE_AGAIN)


def _fault(path: Path, fault: Mapping[str, str]) -> Fault:
    messages: dict[str, Text] = {
        "unreadable": text("the value of {property} cannot be read", property=fault["property"]),
        "missing": text("the event has no {property}", property=fault["property"]),
        "wrong_line": text("a line of the event cannot be read"),
        "too_often": text("the event repeats more often than daily"),
    }
    cure = text("correct the event in your calendar, or delete it, and export again")
    return Fault(f"{path.name}: UID {fault['uid']}", messages[fault["kind"]], cure)


def _timetable(path: Path, teacher: str, answer: Mapping[str, Any]) -> SchoolTimetable:
    days_of: dict[_Time, set[date]] = defaultdict(set)
    for _, day, start, end, is_away in answer["dates"]:
        at = date.fromisoformat(day)
        kind = NOT_AVAILABLE if is_away else LESSON
        days_of[_Time(weekday=at.isoweekday(), start_minute=start, end_minute=end, kind=kind)].add(at)
    weekly = _weekly(days_of, answer["year"])
    is_two_weeks = any(len(weeks) == 1 for weeks in weekly.values())
    days = _days(is_two_weeks)
    hours = sorted({(time.start_minute, time.end_minute) for time in weekly})
    rows = [
        BusyRow(
            teacher=teacher,
            day=week * 7 + time.weekday - 1,
            slot=hours.index((time.start_minute, time.end_minute)),
            kind=time.kind,
        )
        for time, weeks in weekly.items()
        for week in (sorted(weeks) if is_two_weeks else (0,))
    ]
    dated = [
        DatedRow(teacher=teacher, day=day, start_minute=time.start_minute, end_minute=time.end_minute, kind=time.kind)
        for time, found in days_of.items()
        for day in found
        if _week(day, answer["year"]) % 2 not in weekly.get(time, set())
    ]
    num_read = answer["num_events"] - answer["num_free"]
    return SchoolTimetable(
        path=path,
        file_format="iCalendar",
        teachers=(teacher,),
        days=days,
        hours=tuple(
            CycleHour(name=f"{clock_name(start)}–{clock_name(end)}", start_minute=start, end_minute=end)
            for start, end in hours
        ),
        rows=in_order(rows),
        dated=tuple(sorted(dated, key=lambda row: (row.day, row.start_minute, row.end_minute, row.kind))),
        num_wanted=num_read,
        num_placed=num_read,
        time_zone=answer["zone"] or None,
        remarks=tuple(_remarks(answer)),
    )


def _weekly(days_of: Mapping[_Time, Iterable[date]], year: int) -> dict[_Time, set[int]]:
    """Return the times that come back, each with the weeks (0 = A, 1 = B) in which it does."""
    end = date(year + 1, 6, 1)
    weeks_of = {time: {_week(day, year) for day in days if day < end} for time, days in days_of.items()}
    every = [week for weeks in weeks_of.values() for week in weeks]
    if not every:
        return {}
    covered = range(min(every), max(every) + 1)
    found: dict[_Time, set[int]] = {}
    for time, weeks in weeks_of.items():
        for parity in (0, 1):
            possible = sum(1 for week in covered if week % 2 == parity)
            taken = sum(1 for week in weeks if week % 2 == parity)
            if taken >= max(MIN_TIMES, possible / 2):
                found.setdefault(time, set()).add(parity)
    return found


def _week(day: date, year: int) -> int:
    """Return the number of a day's week, that of 1 September being 0."""
    first = date(year, 9, 1)
    return (day - (first - timedelta(days=first.weekday()))).days // 7


def _days(is_two_weeks: bool) -> tuple[CycleDay, ...]:
    names: Sequence[str] = [choice.label("ru").capitalize() for choice in WEEKDAYS]
    if not is_two_weeks:
        return tuple(CycleDay(name=name, weekday=at) for at, name in enumerate(names, start=1))
    return tuple(
        CycleDay(name=f"{letter}-{name}", week=week, weekday=at)
        for week, letter in enumerate("АБ")
        for at, name in enumerate(names, start=1)
    )


def _remarks(answer: Mapping[str, Any]) -> list[Remark]:
    year = answer["year"]
    remarks = [Remark("", text("read for the school year {first}/{last}", first=year, last=year + 1), "school_year")]
    if answer["num_free"]:
        message = text_n(
            "{count} event is cancelled or marked as free and takes no time",
            "{count} events are cancelled or marked as free and take no time",
            count=answer["num_free"],
        )
        remarks.append(Remark("", message, "free_events"))
    if answer["is_utc"]:
        message = text("times are given in UTC and no time zone is known: give it by --time-zone")
        remarks.append(Remark("", message, "utc"))
    return remarks
