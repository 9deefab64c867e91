"""The table of busy slots: which teacher is taken on which day of the cycle in which slot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.io.headings import fold
from matcher.io.report import CellFault, Remark
from matcher.io.tables.csv_folder import read_csv_table
from matcher.io.tables.table import Raw, Table
from matcher.texts import Text, text
from matcher.timegrid import BusyState

COLUMNS = ("teacher", "day_name", "slot_name", "kind")
"""The columns a table must have; the others of a table of busy slots are not needed here."""

_NUMBERS = ("day_index", "slot_index")
_STATES = {"lesson": BusyState.LESSON, "not_available": BusyState.NOT_IN_BUILDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyTable:
    """A table of busy slots. ``slots`` gives each teacher's (day, slot, state); the others the first row of each name.

    Rows count from 1, the heading being the first.
    """

    path: Path
    slots: Mapping[str, tuple[tuple[str, str, BusyState], ...]]
    teacher_row: Mapping[str, int]
    day_row: Mapping[str, int]
    slot_row: Mapping[str, int]

    def place(self, row: int) -> str:
        """Return where a row stands."""
        return f"{self.path}:{row}"


def read_busy_table(path: Path) -> tuple[BusyTable | None, list[Fault], list[Remark]]:
    """Return the table (None where it has faults), every fault, and what was normalised."""
    try:
        table, remarks = read_csv_table(path)
    except OSError:
        return None, [Fault(str(path), text("the file cannot be read"), text("give a file that you may read"))], []
    except InputError as error:
        return None, list(error.faults), []
    place = {fold(str(cell)): at for at, cell in enumerate(table.rows[0] if table.rows else ()) if cell is not None}
    missing = [name for name in COLUMNS if name not in place]
    if missing:
        message = text("the columns {columns} are missing", columns=", ".join(missing))
        cure = text("give a table of busy slots with the columns {columns}", columns=", ".join(COLUMNS))
        return None, [Fault(str(path), message, cure)], remarks
    faults = list(_faults(path, table, place))
    return (None if faults else _busy_table(path, table, place)), faults, remarks


def _cell(row: Sequence[Raw], column: int) -> str:
    value = row[column] if column < len(row) else None
    return "" if value is None else str(value).strip()


def _faults(path: Path, table: Table, place: Mapping[str, int]) -> Iterator[Fault]:
    """Yield empty cells, unknown kinds and indices that are no numbers, each wrong value once."""
    said: set[tuple[str, str]] = set()
    for number, row in enumerate(table.rows[1:], start=2):
        if not any(row):
            continue
        for name in (*COLUMNS, *(n for n in _NUMBERS if n in place)):
            value = _cell(row, place[name])
            wrong = _wrong(name, value)
            if wrong is not None and (name, value) not in said:
                said.add((name, value))
                message, cure = wrong
                yield CellFault(
                    f"{path}:{number}: {name}", message, cure, kind="busy_cell", row=number, column=place[name]
                )


def _wrong(name: str, value: str) -> tuple[Text, Text] | None:
    """Return what is wrong with a cell and the cure."""
    if name == "kind":
        if value not in _STATES:
            message = text("a slot of the kind “{value}” is not known", value=value)
            return message, text("write lesson or not_available")
    elif name in _NUMBERS:
        if not value.isdecimal():
            return text("“{value}” is no whole number", value=value), text("write 0, 1, 2 …")
    elif not value:
        return text("“{column}” is empty", column=name), text("fill the cell or delete the row")
    return None


def _busy_table(path: Path, table: Table, place: Mapping[str, int]) -> BusyTable:
    slots: dict[str, dict[tuple[str, str, BusyState], None]] = {}
    first: tuple[dict[str, int], dict[str, int], dict[str, int]] = ({}, {}, {})
    columns = [place[name] for name in COLUMNS]
    for number, row in enumerate(table.rows[1:], start=2):
        if not any(row):
            continue
        teacher, day, slot, kind = (_cell(row, column) for column in columns)
        slots.setdefault(teacher, {})[day, slot, _STATES[kind]] = None
        for seen, name in zip(first, (teacher, day, slot), strict=True):
            seen.setdefault(name, number)
    teacher_row, day_row, slot_row = first
    return BusyTable(
        path=path,
        slots={teacher: tuple(found) for teacher, found in slots.items()},
        teacher_row=teacher_row,
        day_row=day_row,
        slot_row=slot_row,
    )
