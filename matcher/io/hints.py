"""What a person says of a file that does not follow the template, and how each of its sheets was understood.

Headings are told by what stands in them, not by their place: a mapping made once fits the file of next year too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.io.columns import Column, Sheet
from matcher.io.headings import columns_by_name, fold, near
from matcher.io.sheets import SERVICE_TITLES, SHEET_BY_ID, SHEETS
from matcher.io.tables.table import Table

NOT_READ = ""
"""What a heading or a sheet is mapped to that shall not be read."""
_HEADING_SEARCHED_IN_ROWS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """A mapping of a file, told by a person; it wins over what the headings say.

    ``sheets`` are the sheet as the file calls it → id of the sheet, ``columns`` sheet as the file calls it → heading
    → id of the column; :data:`NOT_READ` leaves one out. ``encoding`` is that of CSV files, None: found out.
    """

    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    encoding: str | None = None

    def told(self, table_name: str) -> Mapping[str, str]:
        """Return folded heading → id of the column, as told for a sheet."""
        return {fold(heading): id_ for heading, id_ in self.columns.get(table_name, {}).items()}


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingSeen:
    """A heading of a file: the column it was read as, else the column that may be meant (both ids or None)."""

    index: int
    words: str
    column: str | None
    meant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSeen:
    """A sheet of a file as it was understood. ``sheet`` is its id, None where nobody knows it; then ``meant`` may help.

    ``heading_row`` counts from 0, ``data_rows`` are the rows that were read as data.
    """

    table: Table
    sheet: str | None
    meant: str | None = None
    heading_row: int = 0
    headings: tuple[HeadingSeen, ...] = ()
    data_rows: tuple[int, ...] = ()


def known_headings(sheet: Sheet, row: list[object], told: Mapping[str, str]) -> list[tuple[int, Column]]:
    """Return (index, column) of every heading that is known: as told, else by its name, unless told otherwise."""
    names = columns_by_name(sheet.id)
    headings = [(i, fold(str(cell))) for i, cell in enumerate(row) if cell is not None]
    taken = {told[name] for _, name in headings if told.get(name)}
    by_id = {column.id: column for column in sheet.columns}
    found = []
    for index, name in headings:
        column = by_id.get(told[name]) if name in told else names.get(name)
        if column is not None and (name in told or column.id not in taken):
            found.append((index, column))
    return found


def seen_sheet(
    sheet: Sheet, table: Table, heading_row: int, columns: Mapping[str, int], data_rows: list[int]
) -> SheetSeen:
    """Return how a sheet was understood; ``columns`` are id of a column → its index."""
    read = {index: id_ for id_, index in columns.items()}
    row = table.rows[heading_row] if heading_row < len(table.rows) else []
    names = {name: column.id for name, column in columns_by_name(sheet.id).items() if column.id not in columns}
    headings = []
    for index, cell in enumerate(row):
        if cell is None:
            continue
        likely = near(str(cell), names, num=1) if index not in read else ()
        meant = names[likely[0]] if likely else None
        headings.append(HeadingSeen(index=index, words=str(cell), column=read.get(index), meant=meant))
    return SheetSeen(
        table=table, sheet=sheet.id, heading_row=heading_row, headings=tuple(headings), data_rows=tuple(data_rows)
    )


def strange_sheet(table: Table) -> SheetSeen | None:
    """Return a sheet nobody knows by its name, with the sheet its headings look like; None where it is of no use."""
    if table.name in SERVICE_TITLES or not table.rows:
        return None
    best, most, heading_row = None, 1, 0
    for sheet in SHEETS:
        for index, row in enumerate(table.rows[:_HEADING_SEARCHED_IN_ROWS]):
            num_known = len(known_headings(sheet, list(row), {}))
            if num_known > most:
                best, most, heading_row = sheet.id, num_known, index
    headings = tuple(
        HeadingSeen(index=index, words=str(cell), column=None)
        for index, cell in enumerate(table.rows[heading_row])
        if cell is not None
    )
    return SheetSeen(table=table, sheet=None, meant=best, heading_row=heading_row, headings=headings)


def is_sheet(id_: str) -> bool:
    """Say whether there is a sheet of this id."""
    return id_ in SHEET_BY_ID
