"""Reading a workbook with a timetable: each sheet is a matrix, a long list, a list of bells, or something else."""

from __future__ import annotations

import re
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.io.headings import fold, near
from matcher.io.report import Remark
from matcher.io.tables.csv_folder import read_csv_table
from matcher.io.tables.table import Table
from matcher.io.tables.workbook import read_workbook
from matcher.io.timetable.day_names import day_words, is_weekday
from matcher.io.timetable.school import LESSON, SchoolTimetable, in_order
from matcher.io.timetable.sheets.columns import LAYOUTS, Bell, Columns, read_columns
from matcher.io.timetable.sheets.day_sheets import find_day_matrix, is_by_days
from matcher.io.timetable.sheets.entries import Found, build_cycle
from matcher.io.timetable.sheets.listing import find_bells, find_list, missing_headings, read_bells, read_list
from matcher.io.timetable.sheets.looks import shift_named
from matcher.io.timetable.sheets.matrix import Matrix, find_matrix, matrix_layout, read_matrix
from matcher.io.timetable.sheets.page import Page, read_page
from matcher.texts import Text, text

_NAMES_WEEK = re.compile(r"\bнед|week")  # not понедельник
_LAYOUT_WORDS: dict[str, Text] = {
    "classes": text("classes across, days and periods along the other side"),
    "teachers": text("teachers across, days and periods along the other side"),
    "list": text("a list, one row a lesson"),
}


def read_sheets(path: Path, columns_path: Path | None = None) -> SchoolTimetable:
    """Return the timetable of a workbook or of a table in CSV.

    Sheets without a timetable are passed over and named. A sheet's own name may tell its week or shift.

    Parameters
    ----------
    path
        Workbook (.xlsx) or CSV.
    columns_path
        A ``COLUMNS.toml`` that goes before what would be guessed.

    Raises
    ------
    InputError
        When the file or the ``COLUMNS.toml`` is wrong, or no sheet holds a timetable: every fault with its cell.
    """
    columns = read_columns(columns_path)
    tables, remarks = _tables(path)
    reader = _Sheets(path, columns)
    reader.found.remarks += remarks
    chosen = reader.chosen(tables)
    reader.is_by_days = is_by_days(chosen)
    for table in chosen:
        reader.take(table)
    return reader.timetable()


def _tables(path: Path) -> tuple[list[Table], list[Remark]]:
    if path.suffix.casefold() == ".csv":
        table, remarks = read_csv_table(path)
        return [table], remarks
    return read_workbook(path)


class _Sheets:
    """What was read of a workbook so far."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self.path, self.columns = path, columns
        self.found = Found()
        self.bells: dict[tuple[int, str], Bell] = {}
        self.layouts: dict[str, str] = {}
        self.is_by_days = False

    def chosen(self, tables: list[Table]) -> list[Table]:
        """Return the sheets to read: those that are named, or all that are not hidden."""
        if self.columns.sheets is None:
            for table in tables:
                if table.is_hidden:
                    self.found.remarks.append(
                        Remark(table.place(), text("the sheet is hidden and was not read"), "hidden")
                    )
            return [table for table in tables if not table.is_hidden]
        by_name = {fold(table.name): table for table in tables}
        for name in self.columns.sheets:
            if fold(name) not in by_name:
                maybe = near(name, [table.name for table in tables]) or [table.name for table in tables]
                cure = text("perhaps {names}", names=", ".join(maybe))
                self.found.faults.append(Fault(self.path.name, text("there is no sheet “{name}”", name=name), cure))
        return [by_name[fold(name)] for name in self.columns.sheets if fold(name) in by_name]

    def take(self, table: Table) -> None:
        """Read one sheet."""
        if table.errors:
            row, column = min(table.errors)
            message = text("the cell holds an error and was read as empty")
            self.found.remarks.append(Remark(table.place(row, column), message, "error_cell"))
        page = read_page(table)
        week = day_words(table.name).week if _NAMES_WEEK.search(fold(table.name)) else None
        shift = shift_named(table.name) or 1
        wanted = self.columns.layout
        listing = find_list(page, self.columns) if wanted in (None, "list") else None
        if listing is not None:
            self.layouts[table.name] = "list"
            read_list(listing, self.columns, self.found, week=week, shift=shift)
        elif wanted == "list":
            self._pass_over(page)
        elif self.is_by_days and is_weekday(table.name) and (daily := self._find_daily(page)) is not None:
            self._take_found(daily, wanted, week, shift)
        elif (bells := find_bells(page)) is not None:
            self.bells |= read_bells(bells, self.found, shift)
        else:
            self._take_matrix(page, wanted, week, shift)

    def _take_matrix(self, page: Page, wanted: str | None, week: int | None, shift: int) -> None:
        row = self.columns.heading_row
        matrix = find_matrix(page, None if row is None else row - 1)
        if matrix is None or not matrix.name_of:
            self._pass_over(page)
            return
        self._take_found(matrix, wanted, week, shift)

    def _find_daily(self, page: Page) -> Matrix | None:
        """Return the matrix of a sheet called by its day, unless it has days of its own."""
        row = None if self.columns.heading_row is None else self.columns.heading_row - 1
        return None if find_matrix(page, row) is not None else find_day_matrix(page, row)

    def _take_found(self, matrix: Matrix, wanted: str | None, week: int | None, shift: int) -> None:
        table = matrix.page.table
        layout = wanted or matrix_layout(matrix)
        if layout is None:
            message = text("it cannot be told whether classes or teachers stand across this sheet")
            cure = text('write a COLUMNS.toml with layout = "classes" or layout = "teachers" and give it by --columns')
            self.found.faults.append(Fault(table.place(), message, cure))
            return
        self.layouts[table.name] = layout
        read_matrix(matrix, layout, self.columns, self.found, week=week, shift=shift)

    def _pass_over(self, page: Page) -> None:
        if self.columns.sheets is not None:
            faults = missing_headings(page, self.columns)
            cure = text("name another sheet, or say layout and heading_row in the COLUMNS.toml")
            self.found.faults += faults or [Fault(page.table.place(), text("the sheet holds no timetable"), cure)]
        elif page.num_rows:
            message = text("the sheet holds no timetable and was not read")
            self.found.remarks.append(Remark(page.table.place(), message, "no_timetable"))

    def timetable(self) -> SchoolTimetable:
        """Return what was read, or raise all faults."""
        found = self.found
        if not self.layouts and not found.faults:
            message = text("no sheet holds a timetable in one of the layouts {names}", names=", ".join(LAYOUTS))
            cure = text("days and periods must stand beside the lessons; say with --columns where things stand")
            found.faults.append(Fault(self.path.name, message, cure))
        if found.faults:
            raise InputError(found.faults)
        cycle = build_cycle(found, self.bells | dict(self.columns.bells))
        rows = in_order(cycle.rows)
        lessons = [row for row in rows if row.kind == LESSON]
        return SchoolTimetable(
            path=self.path,
            file_format=self.path.suffix.removeprefix(".").upper(),
            teachers=tuple(found.teachers),
            days=cycle.days,
            hours=cycle.hours,
            rows=rows,
            num_wanted=found.num_cells,
            num_placed=found.num_read,
            num_rooms=len({row.room for row in lessons if row.room}),
            num_buildings=len({row.building for row in lessons if row.building}),
            knows_not_in_building=len(lessons) < len(rows),
            remarks=(*self._on_layouts(), *found.closing_remarks()),
        )

    def _on_layouts(self) -> list[Remark]:
        return [
            Remark(name, text("read as {layout}", layout=_LAYOUT_WORDS[layout]), f"layout_{name}")
            for name, layout in self.layouts.items()
        ]
