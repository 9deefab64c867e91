"""How a sheet is laid out: its heading row, its rows of data, and what hides or blurs them."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType

from matcher.io.columns import Column, Sheet, Spelling
from matcher.io.headings import columns_by_name, fold, near
from matcher.io.hints import NOT_READ, known_headings
from matcher.io.parsed import Parsed
from matcher.io.report import Remark
from matcher.io.sheets import COMMENT_MARK
from matcher.io.tables.table import Raw, Source, Table
from matcher.texts import Text, text, text_n

_HEADING_SEARCHED_IN_ROWS = 10
_NOTHING_TOLD: Mapping[str, str] = MappingProxyType({})
_RANGE = re.compile(r"([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?")


def find_heading(
    sheet: Sheet, table: Table, told: Mapping[str, str] = _NOTHING_TOLD
) -> tuple[int, list[tuple[int, Column]]]:
    """Return the heading row (the first with most known headings) and its known columns.

    ``told`` are folded headings → ids of columns, as a person said; a column that was told is taken from no other
    heading.
    """

    def known(row: Sequence[Raw]) -> list[tuple[int, Column]]:
        return known_headings(sheet, list(row), told)

    best = (0, known(table.rows[0]) if table.rows else [])
    for index, row in enumerate(table.rows[1:_HEADING_SEARCHED_IN_ROWS], start=1):
        if not any(column.is_required for _, column in best[1]) and len(columns := known(row)) > len(best[1]):
            best = (index, columns)
    return best


def spelling_of(table: Table, heading_row: int, columns: Sequence[tuple[int, Column]]) -> Spelling:
    """Return how the headings are written: in Russian if any of them is, else in English or by identifiers."""
    if any(fold(str(table.rows[heading_row][index])) == fold(column.ru) for index, column in columns):
        return "ru"
    return "en" if table.source is Source.WORKBOOK else "id"


def check_headings(
    parsed: Parsed, heading_row: int, columns: list[tuple[int, Column]], told: Mapping[str, str] = _NOTHING_TOLD
) -> None:
    """Report missing, repeated and unknown columns; leave each known column once in ``columns``."""
    table = parsed.table
    seen: dict[str, int] = {}
    known = {index for index, _ in columns}
    for index, column in list(columns):
        if column.id in seen:
            columns.remove((index, column))
            message = text("the column “{heading}” stands twice", heading=column.spelled(parsed.spelling))
            cure = text("keep one of the two columns")
            parsed.faults.append(table.fault("duplicate_column", message, cure, row=heading_row, column=index))
        seen.setdefault(column.id, index)
    for column in _missing(parsed, seen):
        message = text(
            "the column “{heading}” ({id}) is missing", heading=column.spelled(parsed.spelling), id=column.id
        )
        row = None if table.source is Source.PARQUET else heading_row
        parsed.faults.append(table.fault("missing_column", message, text("add it to the heading row"), row=row))
    if heading_row:
        message = text_n(
            "{count} row above the headings was passed over",
            "{count} rows above the headings were passed over",
            count=heading_row,
        )
        parsed.remarks.append(Remark(table.place(heading_row - 1), message, "rows_above"))
    _check_unknown_columns(parsed, heading_row, known, told)


def _missing(parsed: Parsed, seen: Container[str]) -> list[Column]:
    columns = parsed.sheet.columns
    missing = [column for column in columns if column.is_required and column.id not in seen]
    # Mentees are named by one of two columns, neither of which is required by itself.
    if not any(column.is_required for column in columns) and not any(key in seen for key in parsed.sheet.key):
        missing.append(parsed.sheet.column(parsed.sheet.key[0]))
    return missing


def _check_unknown_columns(parsed: Parsed, heading_row: int, known: Container[int], told: Mapping[str, str]) -> None:
    table = parsed.table
    heading = table.rows[heading_row] if table.rows else []
    width = max((len(row) for row in table.rows), default=0)
    for index in range(width):
        name = heading[index] if index < len(heading) else None
        if name is None:
            _check_nameless_column(parsed, heading_row, index)
        elif index not in known:
            message = _not_read(parsed, str(name), told)
            parsed.remarks.append(Remark(table.place(heading_row, index), message, "unknown_column"))


def _not_read(parsed: Parsed, heading: str, told: Mapping[str, str]) -> Text:
    names = columns_by_name(parsed.sheet.id)
    if told.get(fold(heading)) == NOT_READ:
        return text("the column “{heading}” was left out, as you said", heading=heading)
    if fold(heading) in names:
        return text("the column “{heading}” was not read: another one was chosen for it", heading=heading)
    meant = near(heading, names, num=1)
    if not meant:
        return text("the column “{heading}” is not known and was not read", heading=heading)
    return text(
        "the column “{heading}” is not known and was not read; perhaps “{near}” was meant",
        heading=heading,
        near=names[meant[0]].spelled(parsed.spelling),
    )


def _check_nameless_column(parsed: Parsed, heading_row: int, index: int) -> None:
    table = parsed.table
    rows = range(heading_row + 1, len(table.rows))
    holding = next((r for r in rows if index < len(table.rows[r]) and table.rows[r][index] is not None), None)
    if holding is None:
        return
    if table.source is Source.CSV:
        message = text("the line has more cells than the heading")
        cure = text("put a cell that holds the delimiter into quotation marks")
        parsed.faults.append(table.fault("too_many_cells", message, cure, row=holding, column=index))
    else:
        message = text("the column has no heading; its cells were not read")
        parsed.remarks.append(Remark(table.place(holding, index), message, "no_heading"))


def find_rows(parsed: Parsed, heading_row: int) -> None:
    """Find the rows of data: those with something in a known column that are no comments."""
    table = parsed.table
    positions = sorted(parsed.position.values())
    if not positions:
        return
    leading = positions[0]
    spoilt_rows = {row for row, column in table.formulas | table.errors if column in positions}
    for index in range(heading_row + 1, len(table.rows)):
        row = table.rows[index]
        first = row[leading] if leading < len(row) else None
        if isinstance(first, str) and first.startswith(COMMENT_MARK):
            message = text("the row begins with “#” and was passed over")
            parsed.remarks.append(Remark(table.place(index), message, "comment_row"))
        elif (
            not _is_blank(first)
            or index in spoilt_rows
            or any(i < len(row) and not _is_blank(row[i]) for i in positions)
        ):
            parsed.row.append(index)


def _known(row: Sequence[Raw], positions: Sequence[int]) -> list[Raw]:
    return [row[i] for i in positions if i < len(row)]


def _is_blank(cell: Raw) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def check_structure(parsed: Parsed, heading_row: int) -> None:
    """Report a hidden sheet, hidden rows and columns that hold something, and merged cells."""
    table, positions = parsed.table, set(parsed.position.values())
    rows = set(parsed.row)
    show = text("show it (or clear the filter), check what it holds, and save again")
    if table.is_hidden and parsed.row:
        parsed.faults.append(table.fault("hidden_sheet", text("the sheet is hidden, yet it holds rows"), show))
    for row in sorted(rows & table.hidden_rows):
        parsed.faults.append(
            table.fault("hidden_row", text("the row is hidden, yet it holds something"), show, row=row)
        )
    for column in sorted(positions & table.hidden_columns):
        if any(column < len(table.rows[row]) and table.rows[row][column] is not None for row in parsed.row):
            message = text("the column is hidden, yet it holds something")
            parsed.faults.append(table.fault("hidden_column", message, show, column=column))
    last = max([heading_row, *parsed.row])
    for area in table.merged:
        top, left, bottom, right = _bounds(area)
        if bottom >= heading_row and top <= last and any(left <= column <= right for column in positions):
            message = text("the cells {area} are merged, so it is not clear which rows they belong to", area=area)
            cure = text("unmerge them and write the value into each cell")
            parsed.faults.append(table.fault("merged_cells", message, cure, row=top, column=left))


def _bounds(area: str) -> tuple[int, int, int, int]:
    match = _RANGE.fullmatch(area)
    if match is None:
        return (0, 0, 0, 0)
    left, top, right, bottom = match.groups()
    return int(top) - 1, _index(left), int(bottom or top) - 1, _index(right or left)


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def spoilt_cells(parsed: Parsed) -> set[tuple[int, int]]:
    """Report formulas and error cells in what would be read; return their places."""
    table = parsed.table
    rows, positions = set(parsed.row), set(parsed.position.values())
    spoilt = {(r, c) for r, c in table.formulas | table.errors if r in rows and c in positions}
    for row, column in sorted(spoilt):
        if (row, column) in table.formulas:
            message = text("the cell holds a formula")
            cure = text("copy the column and paste it back as values")
            parsed.faults.append(table.fault("formula", message, cure, row=row, column=column))
        else:
            message = text("the cell shows an error (such as #N/A)")
            cure = text("write the value itself, or leave the cell empty")
            parsed.faults.append(table.fault("error_cell", message, cure, row=row, column=column))
    return spoilt
