"""A sheet as the mapper sees it: words only, merged cells filled, readable along its rows or along its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matcher.io.tables.table import Table, file_error
from matcher.io.timetable.sheets.looks import shown
from matcher.texts import text

MAX_FILLED = 2_000_000
_AREA = re.compile(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The words of a sheet; ``is_turned`` where its rows are the columns of the table.

    ``num_added`` columns at the left do not stand in the table.
    """

    table: Table
    words: tuple[tuple[str, ...], ...]
    is_turned: bool = False
    num_added: int = 0

    @property
    def num_rows(self) -> int:
        """Return the number of rows."""
        return len(self.words)

    @property
    def num_columns(self) -> int:
        """Return the number of columns."""
        return len(self.words[0]) if self.words else 0

    def place(self, row: int, column: int) -> str:
        """Return where a cell stands in the sheet as its user sees it."""
        column = max(0, column - self.num_added)
        return self.table.place(column, row) if self.is_turned else self.table.place(row, column)

    def turned(self) -> Page:
        """Return the same sheet with rows and columns exchanged."""
        return Page(table=self.table, words=tuple(zip(*self.words, strict=True)), is_turned=not self.is_turned)


def read_page(table: Table) -> Page:
    """Return a sheet with the word of each merged area in all its cells.

    Raises
    ------
    InputError
        When merged areas together are larger than any timetable.
    """
    width = max((len(row) for row in table.rows), default=0)
    words = [[shown(value) for value in row] + [""] * (width - len(row)) for row in table.rows]
    num_filled = 0
    for area in table.merged:
        found = _AREA.match(area)
        if found is None:
            continue
        left, right = _column(found[1]), min(_column(found[3]), width - 1)
        top, bottom = int(found[2]) - 1, min(int(found[4]), len(words)) - 1
        num_filled += max(0, right - left + 1) * max(0, bottom - top + 1)
        if num_filled > MAX_FILLED:
            message = text("the merged cells of the sheet cover more than {count} cells", count=MAX_FILLED)
            raise file_error(table.name, "merged", message, text("paste the timetable into a new sheet"))
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                words[row][column] = words[top][left]
    return Page(table=table, words=tuple(map(tuple, words)))


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
