"""Parse the cells of a sheet, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from matcher.io.cells import FORMULA_START, BadCell, ColumnParser
from matcher.io.columns import Column, Sheet
from matcher.io.parsed import Parsed
from matcher.io.report import Remark
from matcher.io.roster_rows import value_type
from matcher.io.table_structure import (
    check_headings,
    check_structure,
    find_heading,
    find_rows,
    spelling_of,
    spoilt_cells,
)
from matcher.io.tables.table import Raw, Table
from matcher.texts import Text, text, text_n


def parse_table(sheet: Sheet, table: Table, told: Mapping[str, str] | None = None) -> Parsed:
    """Return the parsed sheet with the faults and remarks of its cells and its structure.

    ``told`` are folded headings → ids of columns, as a person said.
    """
    told = told or {}
    heading_row, columns = find_heading(sheet, table, told)
    parsed = Parsed(sheet, table, [], {}, {}, spelling_of(table, heading_row, columns), heading_row=heading_row)
    check_headings(parsed, heading_row, columns, told)
    parsed.position.update((column.id, index) for index, column in columns)
    find_rows(parsed, heading_row)
    check_structure(parsed, heading_row)
    spoilt = spoilt_cells(parsed)
    for index, column in columns:
        _parse_column(parsed, column, index, spoilt)
    return parsed


def _parse_column(parsed: Parsed, column: Column, index: int, spoilt: set[tuple[int, int]]) -> None:
    table = parsed.table
    parser = ColumnParser(column, table.source, parsed.spelling, value_type(parsed.sheet.id, column.field))
    rows = table.rows
    raw = [rows[r][index] if index < len(rows[r]) else None for r in parsed.row]
    if table.quoted:
        raw = [
            _with_apostrophe(cell) if (r, index) in table.quoted else cell
            for r, cell in zip(parsed.row, raw, strict=True)
        ]
    parsed.values[column.id] = values = [parser[cell] for cell in raw]
    if spoilt:
        for i, r in enumerate(parsed.row):
            if (r, index) in spoilt:
                values[i] = BadCell("formula", text("the cell holds a formula"))
    if any(isinstance(value, BadCell) for value in parser.values()):
        for i, value in enumerate(values):
            if isinstance(value, BadCell) and (parsed.row[i], index) not in spoilt:
                parsed.fault(value.kind, i, column.id, value.message, value.cure)
    if column.is_required and None in values:
        for i, value in enumerate(values):
            if value is None:
                parsed.fault("missing_value", i, column.id, text("the cell is empty"), text("it must be filled in"))
    if parser.notes:
        parsed.remarks.extend(_remarks(parsed, column, parser, raw))


def _with_apostrophe(cell: Raw) -> Raw:
    return f"'{cell}" if isinstance(cell, str) and FORMULA_START.match(cell) else cell


def _remarks(parsed: Parsed, column: Column, parser: ColumnParser, raw: list[Raw]) -> Iterator[Remark]:
    count: dict[str, int] = {}
    first: dict[str, int] = {}
    for i, cell in enumerate(raw):
        for kind in parser.notes.get(cell, ()):
            count[kind] = count.get(kind, 0) + 1
            first.setdefault(kind, i)
    for kind, number in count.items():
        place = parsed.table.place(parsed.row[first[kind]], parsed.position[column.id])
        names = ", ".join(sorted(parser.unlisted)[:10])
        yield Remark(
            place,
            text("{heading}: {what}", heading=column.spelled(parsed.spelling), what=_note(kind, number, names)),
            kind,
        )


def _note(kind: str, count: int, names: str) -> Text:
    if kind == "unlisted":
        return text_n(
            "{count} cell holds a value outside the list, taken as it stands: {names}",
            "{count} cells hold values outside the list, taken as they stand: {names}",
            count=count,
            names=names,
        )
    what = {
        "nbsp": text("non-breaking spaces became spaces"),
        "invisible": text("invisible characters were removed"),
        "composed": text("letters written in two parts were joined"),
        "trimmed": text("spaces at the ends were removed"),
        "apostrophe": text("the protecting apostrophe was removed"),
        "number_as_text": text("a number was taken as text"),
        "text_as_number": text("a number typed as text was taken as a number"),
        "text_as_date": text("a date typed as text was taken as a date"),
        "text_as_time": text("a time typed as text was taken as a time"),
        "decimal_comma": text("the decimal comma was read as a point"),
        "comma_list": text("a list was separated at its commas"),
        "repeated": text("a value repeated in a list was taken once"),
    }[kind]
    return text_n("{what} (in {count} cell)", "{what} (in {count} cells)", count=count, what=what)
