"""A sheet as it was read: raw cells and what a spreadsheet hides behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache

from matcher.errors import InputError
from matcher.io.report import CellFault
from matcher.texts import Text

Raw = str | float | int | date | datetime | time | timedelta | tuple[str, ...] | None
"""A raw cell. Truth values come as the texts TRUE and FALSE, so that they never pass for the numbers 1 and 0."""


class Source(Enum):
    """What kind of file a table comes from."""

    WORKBOOK = "workbook"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet.

    ``rows`` include the heading row; row and column indices count from 0. ``formulas`` and ``errors`` are the
    cells that hold one; ``quoted`` are cells the user marked as text with an apostrophe.
    """

    name: str
    source: Source
    rows: list[list[Raw]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()
    quoted: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """Return where a cell stands, as its user would look it up: ``Sheet!C5``.

        Lines of a CSV file count as rows. In Parquet, which has no cells, it is ``file!column:row`` with the
        rows of data counted from 1.
        """
        if self.source is Source.PARQUET:
            heading = "" if column is None else str(self.rows[0][column])
            return f"{self.name}!{heading}" + ("" if not row else f":{row}")
        name = self.name if all(c.isalnum() or c in "_." for c in self.name) else f"'{self.name}'"
        if row is None and column is None:
            return name
        if row is None:
            return f"{name}!{column_letters(column or 0)}"
        if column is None:
            return f"{name}!{row + 1}:{row + 1}"
        return f"{name}!{column_letters(column)}{row + 1}"

    def fault(
        self, kind: str, message: Text, cure: Text | None = None, *, row: int | None = None, column: int | None = None
    ) -> CellFault:
        """Return a fault of this table at a cell."""
        return CellFault(
            self.place(row, column),
            message,
            cure,
            kind=kind,
            sheet=self.name,
            row=None if row is None else row + 1,
            column=column,
        )


@cache
def column_letters(column: int) -> str:
    """Return the letters of a column.

    >>> column_letters(0), column_letters(26), column_letters(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def file_error(name: str, kind: str, message: Text, cure: Text) -> InputError:
    """Return the error of a file that cannot be read at all."""
    return InputError([CellFault(name, message, cure, kind=kind)])
