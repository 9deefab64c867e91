"""Timetables as a long list: one row a lesson, and lists of bells, which have the same form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.errors import Fault
from matcher.io.headings import fold, near
from matcher.io.timetable.clock import clock_minutes, clock_name
from matcher.io.timetable.day_names import day_words
from matcher.io.timetable.school import LESSON, NOT_AVAILABLE
from matcher.io.timetable.sheets.cells import teachers_of
from matcher.io.timetable.sheets.columns import FIELDS, Bell, Columns
from matcher.io.timetable.sheets.entries import Entry, Found
from matcher.io.timetable.sheets.looks import is_off, period_label, shift_named
from matcher.io.timetable.sheets.page import Page
from matcher.texts import Text, text

_MOST_ABOVE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The heading row of a list and the column of each field."""

    page: Page
    heading_row: int
    column_of: Mapping[str, int]

    def word(self, row: int, name: str) -> str:
        """Return the word of a field in a row, "" where the list has no such column."""
        column = self.column_of.get(name)
        return "" if column is None else self.page.words[row][column]

    def place(self, row: int, name: str) -> str:
        """Return the cell of a field in a row."""
        return self.page.place(row, self.column_of.get(name, 0))


def find_list(page: Page, columns: Columns) -> Listing | None:
    """Return the long list of a page: it names teacher, day and hour in one row of headings."""
    for row in _heading_rows(page, columns):
        found = _columns(page.words[row], columns.headings)
        if {"teacher", "day"} <= set(found) and {"period", "from", "time"} & set(found):
            return Listing(page=page, heading_row=row, column_of=found)
    return None


def find_bells(page: Page) -> Listing | None:
    """Return the list of bells of a page: it names period and time, and neither teacher nor day."""
    for row in range(min(_MOST_ABOVE, page.num_rows)):
        found = _columns(page.words[row], {})
        if "period" in found and {"from", "time"} & set(found) and not {"teacher", "day", "class"} & set(found):
            return Listing(page=page, heading_row=row, column_of=found)
    return None


def missing_headings(page: Page, columns: Columns) -> list[Fault]:
    """Return the headings that are told and do not stand in the page."""
    known = {fold(word): word for row in _heading_rows(page, columns) for word in page.words[row] if word}
    return [
        Fault(
            page.table.place(),
            text("there is no column “{name}”", name=heading),
            text("perhaps {names}", names=", ".join(near(heading, known.values()) or list(known.values())[:8])),
        )
        for heading in columns.headings.values()
        if fold(heading) not in known
    ]


def _heading_rows(page: Page, columns: Columns) -> Sequence[int]:
    if columns.heading_row is not None:
        return [columns.heading_row - 1] if columns.heading_row <= page.num_rows else []
    return range(min(_MOST_ABOVE, page.num_rows))


def _columns(words: Sequence[str], headings: Mapping[str, str]) -> dict[str, int]:
    """Return field → column: headings that are told go before those that are known."""
    place = {fold(word.replace("\n", " ")): at for at, word in reversed(list(enumerate(words))) if word}
    told = {name: place[fold(heading)] for name, heading in headings.items() if fold(heading) in place}
    guessed = {
        name: next(place[spelling] for spelling in spellings if spelling in place)
        for name, spellings in FIELDS.items()
        if any(spelling in place for spelling in spellings)
    }
    return {name: at for name, at in guessed.items() if at not in told.values()} | told


def read_bells(listing: Listing, found: Found, shift: int) -> dict[tuple[int, str], Bell]:
    """Return the bells of a list by shift and period; a row that only names a shift begins it."""
    bells: dict[tuple[int, str], Bell] = {}
    for row in range(listing.heading_row + 1, listing.page.num_rows):
        words = listing.page.words[row]
        named = next((number for word in words if (number := shift_named(word)) is not None), None)
        told = listing.word(row, "shift")
        shift = int(told) if told in ("1", "2", "3") else named or shift
        period = period_label(listing.word(row, "period"))
        minutes = _minutes(listing, row)
        if period is None or len(minutes) != 2 or minutes[0] >= minutes[1]:
            if period is not None:
                cure = text("write beginning and end, for example 08:00 and 08:45")
                found.faults.append(
                    Fault(listing.place(row, "period"), text("the period has no beginning and end"), cure)
                )
            continue
        bells[shift, period] = Bell(start_minute=minutes[0], end_minute=minutes[1])
    return bells


def _minutes(listing: Listing, row: int) -> list[int]:
    start, end = clock_minutes(listing.word(row, "from")), clock_minutes(listing.word(row, "to"))
    return [*start, *end] or clock_minutes(listing.word(row, "time")) or clock_minutes(listing.word(row, "period"))


def read_list(listing: Listing, columns: Columns, found: Found, *, week: int | None, shift: int) -> None:
    """Add the lessons of a long list to ``found``; ``week`` and ``shift`` are those the name of the sheet tells."""
    for row in range(listing.heading_row + 1, listing.page.num_rows):
        if not any(listing.page.words[row]):
            continue
        found.num_cells += 1
        when = _when(listing, found, row)
        if when is None:
            continue
        weekday, period, minutes = when
        row_week = day_words(f"{listing.word(row, 'week')} {listing.word(row, 'day')}").week
        told = listing.word(row, "shift")
        number = int(told) if told in ("1", "2", "3") else shift_named(told)
        row_shift = number or columns.shifts.get(listing.word(row, "class"), shift)
        room = listing.word(row, "room")
        is_absent = is_off(listing.word(row, "subject"))
        found.see_day(weekday, _day_label(listing, row), row_week if row_week is not None else week)
        found.see_period(row_shift, period, minutes, listing.place(row, "period"))
        teachers = teachers_of(listing.word(row, "teacher"))
        if not teachers:
            found.without_teacher.append(listing.place(row, "teacher"))
            continue
        found.num_read += 1
        found.teachers.update(dict.fromkeys(teachers))
        found.entries += [
            Entry(
                place=listing.place(row, "teacher"),
                week=row_week if row_week is not None else week,
                weekday=weekday,
                shift=row_shift,
                period=period,
                teacher=teacher,
                kind=NOT_AVAILABLE if is_absent else LESSON,
                room="" if is_absent else room,
                building="" if is_absent else listing.word(row, "building") or columns.buildings.get(room, ""),
            )
            for teacher in teachers
        ]


def _when(listing: Listing, found: Found, row: int) -> tuple[int, str, list[int]] | None:
    """Return weekday, period and times of a row; None, and a fault, where it does not say when."""
    day = listing.word(row, "day")
    weekday = int(day) if day in tuple("1234567") else day_words(day).weekday
    if weekday is None:
        message = text("“{value}” is no day of the week", value=day)
        _fault(listing, found, row, "day", message, text("write a day such as “Monday” or a number from 1 to 7"))
    minutes = _minutes(listing, row)
    period = period_label(listing.word(row, "period"))
    if period is None and minutes:
        period = clock_name(minutes[0])
    if period is None:
        message = text("“{value}” is no period and no time", value=listing.word(row, "period"))
        _fault(listing, found, row, "period", message, text("write the number of the period, or its time"))
    return None if weekday is None or period is None else (weekday, period, minutes)


def _day_label(listing: Listing, row: int) -> str:
    day = listing.word(row, "day")
    return day if not day.isdecimal() else listing.page.words[listing.heading_row][listing.column_of["day"]]


def _fault(listing: Listing, found: Found, row: int, name: str, message: Text, cure: Text) -> None:
    found.faults.append(Fault(listing.place(row, name), message, cure))
