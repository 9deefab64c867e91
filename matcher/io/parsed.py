"""A parsed sheet, with the places of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matcher.io.columns import Sheet, Spelling
from matcher.io.report import CellFault, Remark
from matcher.io.tables.table import Table
from matcher.texts import Text


@dataclass(slots=True)
class Parsed:
    """A parsed sheet: for each column present its values, one per row of data (`BadCell` where there is a fault).

    ``row`` holds the index of each row of data in the table; ``position`` the index of each column.
    """

    sheet: Sheet
    table: Table
    row: list[int]
    values: dict[str, list[object]]
    position: dict[str, int]
    spelling: Spelling = "id"
    faults: list[CellFault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    heading_row: int = 0

    def get(self, column_id: str) -> Sequence[object]:
        """Return the values of a column, None where the column is missing."""
        return self.values.get(column_id) or [None] * len(self.row)

    def fault(self, kind: str, index: int, column_id: str, message: Text, cure: Text | None = None) -> None:
        """Add a fault at a column of a row of data."""
        fault = self.table.fault(kind, message, cure, row=self.row[index], column=self.position.get(column_id))
        self.faults.append(fault)
