"""Timetables as a matrix: days and periods down the side (or along the top), classes or teachers across."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matcher.io.headings import fold
from matcher.io.report import Remark
from matcher.io.timetable.clock import clock_minutes
from matcher.io.timetable.day_names import day_words, is_weekday
from matcher.io.timetable.school import LESSON, NOT_AVAILABLE
from matcher.io.timetable.sheets.cells import guess_pattern, lessons_of, teachers_of
from matcher.io.timetable.sheets.columns import FIELDS, CellPattern, Columns
from matcher.io.timetable.sheets.entries import Entry, Found
from matcher.io.timetable.sheets.looks import (
    is_class,
    is_empty,
    is_off,
    is_person,
    is_room,
    period_label,
    share,
    shift_named,
)
from matcher.io.timetable.sheets.page import Page
from matcher.texts import text

_MOST_MARGIN = 12
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Where things stand in a page whose rows are periods.

    ``name_of`` gives each column with lessons its class or teacher, ``room_column`` the column of rooms beside it.
    """

    page: Page
    first_row: int
    day_column: int
    period_column: int
    time_column: int | None
    week_column: int | None
    shift_column: int | None
    name_of: Mapping[int, str]
    room_column: Mapping[int, int]
    corner: tuple[str, ...]


def find_matrix(page: Page, heading_row: int | None) -> Matrix | None:
    """Return the matrix of a page, None where it holds none. ``heading_row`` is the row of names, from 0."""
    if heading_row is not None:
        lengthways = with_days_down(page, heading_row)
        return lengthways or with_days_down(page.turned(), None)
    return with_days_down(page, None) or with_days_down(page.turned(), None)


def with_days_down(page: Page, heading_row: int | None, *, least_days: int = 2) -> Matrix | None:
    """Return the matrix of a page with days down one side, None where fewer than ``least_days`` stand there."""
    columns = range(min(_MOST_MARGIN, page.num_columns))
    days = {column: [row for row in range(page.num_rows) if is_weekday(page.words[row][column])] for column in columns}
    best = max(columns, key=lambda column: _num_days(page, days[column], column), default=None)
    if best is None or _num_days(page, days[best], best) < least_days:
        return None
    first = next((row for row in days[best] if heading_row is None or row > heading_row), None)
    if first is None:
        return None
    period = _period_column(page, best, first)
    if period is None:
        return None
    heading = _heading_row(page, period, first) if heading_row is None else heading_row
    if heading is None:
        return None
    margin = {fold(page.words[heading][column]): column for column in range(min(_MOST_MARGIN, page.num_columns))}
    time = next((margin[name] for name in FIELDS["time"] if name in margin), None)
    week = next((margin[name] for name in FIELDS["week"] if name in margin), None)
    shift = next((margin[name] for name in FIELDS["shift"] if name in margin), None)
    if time is None and period + 1 < page.num_columns and _is_time_column(page, period + 1, first):
        time = period + 1
    last = max(column for column in (best, period, time, week, shift) if column is not None)
    names, rooms = _names(page, heading, first, last)
    corner = tuple(fold(page.words[row][column]) for row in range(first) for column in range(last + 1))
    return Matrix(
        page=page,
        first_row=first,
        day_column=best,
        period_column=period,
        time_column=time,
        week_column=week,
        shift_column=shift,
        name_of=names,
        room_column=rooms,
        corner=corner,
    )


def _num_days(page: Page, rows: list[int], column: int) -> int:
    return len({day_words(page.words[row][column]).weekday for row in rows})


def _period_column(page: Page, day_column: int, first: int) -> int | None:
    """Return the column of periods: that beside the days in which most words are numbers or times of periods."""
    for column in range(day_column + 1, min(day_column + 4, page.num_columns)):
        words = [word for row in page.words[first:] if (word := row[column])]
        # Classes across with lessons of one digit do not repeat 1, 2, 3 …
        if words and share(words, lambda word: period_label(word) is not None) >= 0.8:
            return column
    return None


def _is_time_column(page: Page, column: int, first: int) -> bool:
    words = [word for row in page.words[first:] if (word := row[column])]
    return bool(words) and share(words, lambda word: bool(clock_minutes(word)) and len(word) <= 20) >= 0.8


def _heading_row(page: Page, last: int, first: int) -> int | None:
    """Return the row of names: above the first day, with most words that have letters, then most words at all."""

    def weight(row: int) -> tuple[int, int, int]:
        words = [word for word in page.words[row][last + 1 :] if word]
        lettered = {word for word in words if any(map(str.isalpha, word)) and not _is_sub_heading(word)}
        return len(lettered), len(words), row

    rows = [row for row in range(first) if any(page.words[row][last + 1 :])]
    return max(rows, key=weight, default=None)


def _is_sub_heading(word: str) -> bool:
    return fold(word) in FIELDS["room"] or fold(word) in FIELDS["subject"]


def _names(page: Page, heading: int, first: int, last: int) -> tuple[dict[int, str], dict[int, int]]:
    """Return the class or teacher of each column of lessons, and the column of rooms that belongs to it."""
    names: dict[int, str] = {}
    rooms: dict[int, int] = {}
    before: int | None = None
    for column in range(last + 1, page.num_columns):
        labels = [page.words[row][column] for row in range(heading, first)]
        name = labels[0].replace("\n", " ")
        words = [word for row in page.words[first:] if (word := row[column])]
        is_rooms = any(fold(label) in FIELDS["room"] for label in labels)
        is_rooms |= before is not None and name in ("", names[before]) and share(words, is_room) >= 0.8
        if is_rooms and before is not None:
            rooms[before] = column
        elif name or (before is not None and words):
            names[column] = name or names[before or column]
            before = column
    return names, rooms


def matrix_layout(matrix: Matrix) -> str | None:
    """Return whether classes or teachers stand across; None where that cannot be told."""
    for layout, name in (("teachers", "teacher"), ("classes", "class")):
        if any(word and word in FIELDS[name] for word in matrix.corner):
            return layout
    names = list(matrix.name_of.values())
    if share(names, is_class) >= _ENOUGH:
        return "classes"
    if share(names, is_person) >= _ENOUGH:
        return "teachers"
    pattern = guess_pattern(list(_cells(matrix)), "classes")
    return "classes" if pattern is not None and "teacher" in pattern.fields else None


def _cells(matrix: Matrix) -> Iterator[str]:
    for row in matrix.page.words[matrix.first_row :]:
        for column in matrix.name_of:
            if not is_empty(row[column]) and not is_off(row[column]):
                yield row[column]


def read_matrix(matrix: Matrix, layout: str, columns: Columns, found: Found, *, week: int | None, shift: int) -> None:
    """Add the lessons of a matrix to ``found``; ``week`` and ``shift`` are those the name of the sheet tells."""
    pattern = columns.cell or guess_pattern(list(_cells(matrix)), layout)
    page = matrix.page
    day, period = "", ""
    if layout == "teachers":
        found.teachers.update(dict.fromkeys(matrix.name_of.values()))
    for row in range(matrix.first_row, page.num_rows):
        words = page.words[row]
        named = [number for word in words[: matrix.period_column + 1] if (number := shift_named(word)) is not None]
        if named:
            shift, period = named[0], ""
        if is_weekday(words[matrix.day_column]):
            if words[matrix.day_column] != day:
                period = ""
            day = words[matrix.day_column]
        label = period_label(words[matrix.period_column])
        period = label or period
        told = day_words(day)
        if not day or not period or told.weekday is None or (named and label is None):
            _see_unread(matrix, row, found)
            continue
        if matrix.shift_column is not None and (number := shift_named(words[matrix.shift_column] + " смена")):
            shift = number
        row_week = told.week if told.week is not None else week
        if matrix.week_column is not None:
            row_week = day_words(words[matrix.week_column]).week
        at = _Slot(
            week=row_week, weekday=told.weekday, day=day, shift=shift, period=period, minutes=_minutes(matrix, row)
        )
        _read_row(matrix, layout, columns, found, row, at, pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    week: int | None
    weekday: int
    day: str
    shift: int
    period: str
    minutes: list[int]


def _minutes(matrix: Matrix, row: int) -> list[int]:
    words = matrix.page.words[row]
    times = [] if matrix.time_column is None else clock_minutes(words[matrix.time_column])
    return times or clock_minutes(words[matrix.period_column])


def _see_unread(matrix: Matrix, row: int, found: Found) -> None:
    """Name cells with words that belong to no day or period."""
    for column in matrix.name_of:
        word = matrix.page.words[row][column]
        if not is_empty(word) and shift_named(word) is None and not is_weekday(word):
            message = text("this row belongs to no day or period and was not read")
            found.remarks.append(Remark(matrix.page.place(row, column), message, "row_of_nothing"))
            return


def _read_row(
    matrix: Matrix, layout: str, columns: Columns, found: Found, row: int, at: _Slot, pattern: CellPattern | None
) -> None:
    page = matrix.page
    found.see_day(at.weekday, at.day, at.week)
    for column, name in matrix.name_of.items():
        shift = columns.shifts.get(name, at.shift)
        place = page.place(row, column)
        found.see_period(shift, at.period, at.minutes, place)
        word = page.words[row][column]
        if is_empty(word):
            continue
        found.num_cells += 1
        side = matrix.room_column.get(column)
        beside = "" if side is None else page.words[row][side]
        entries = []
        for lesson in lessons_of(word, pattern, layout):
            teachers = [name] if layout == "teachers" else teachers_of(lesson.get("teacher", ""))
            room = lesson.get("room") or beside
            is_absent = layout == "teachers" and is_off(word)
            if not teachers:
                found.without_teacher.append(place)
            entries += [
                Entry(
                    place=place,
                    week=at.week,
                    weekday=at.weekday,
                    shift=shift,
                    period=at.period,
                    teacher=teacher,
                    kind=NOT_AVAILABLE if is_absent else LESSON,
                    room="" if is_absent else room,
                    building="" if is_absent else lesson.get("building") or columns.buildings.get(room, ""),
                )
                for teacher in teachers
            ]
        found.num_read += bool(entries)
        found.teachers.update(dict.fromkeys(entry.teacher for entry in entries))
        found.entries += entries
