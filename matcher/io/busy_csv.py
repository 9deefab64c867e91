"""The table of busy slots: which teacher is taken on which day of the cycle in which slot, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from matcher.errors import Fault, InputError
from matcher.io.headings import fold
from matcher.io.report import CellFault, Remark
from matcher.io.tables.csv_folder import read_csv_table
from matcher.io.tables.table import Raw, Table
from matcher.texts import Text, text
from matcher.timegrid import BusyState

COLUMNS = ("teacher", "day_name", "slot_name", "kind")
"""The columns a table must have; ``room`` and ``building`` are read where they are there, the others not at all."""

_NUMBERS = ("day_index", "slot_index")
STATES = {"lesson": BusyState.LESSON, "not_available": BusyState.NOT_IN_BUILDING}


class BusyRow(NamedTuple):
    """A row of the table; room and building "" where they are not told."""

    teacher: str
    day: str
    slot: str
    state: BusyState
    room: str
    building: str


class DatedRow(NamedTuple):
    """A time of one day, minutes after midnight."""

    teacher: str
    day: date
    start_minute: int
    end_minute: int
    state: BusyState


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyTable:
    """A table of busy slots. ``slots`` gives each teacher's (day, slot, state); the others the first row of each name.

    ``rows`` are all different rows, ``dated`` those of the table of single days beside it. Rows count from 1, the
    heading being the first.
    """

    path: Path
    slots: Mapping[str, tuple[tuple[str, str, BusyState], ...]]
    rows: tuple[BusyRow, ...]
    dated: tuple[DatedRow, ...] = ()
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


def cell_of(row: Sequence[Raw], column: int) -> str:
    """Return a cell as text."""
    value = row[column] if column < len(row) else None
    return "" if value is None else str(value).strip()


def _faults(path: Path, table: Table, place: Mapping[str, int]) -> Iterator[Fault]:
    """Yield empty cells, unknown kinds and indices that are no numbers, each wrong value once."""
    said: set[tuple[str, str]] = set()
    for number, row in enumerate(table.rows[1:], start=2):
        if not any(row):
            continue
        for name in (*COLUMNS, *(n for n in _NUMBERS if n in place)):
            value = cell_of(row, place[name])
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
        if value not in STATES:
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
    rows: dict[BusyRow, None] = {}
    for number, row in enumerate(table.rows[1:], start=2):
        if not any(row):
            continue
        teacher, day, slot, kind = (cell_of(row, column) for column in columns)
        room, building = (cell_of(row, place[name]) if name in place else "" for name in ("room", "building"))
        rows[BusyRow(teacher, day, slot, STATES[kind], room, building)] = None
        slots.setdefault(teacher, {})[day, slot, STATES[kind]] = None
        for seen, name in zip(first, (teacher, day, slot), strict=True):
            seen.setdefault(name, number)
    teacher_row, day_row, slot_row = first
    return BusyTable(
        path=path,
        slots={teacher: tuple(found) for teacher, found in slots.items()},
        rows=tuple(rows),
        teacher_row=teacher_row,
        day_row=day_row,
        slot_row=slot_row,
    )


def with_dated(table: BusyTable, rows: tuple[DatedRow, ...]) -> BusyTable:
    """Return a table with rows of single days; teachers who have no others are teachers of the table all the same."""
    slots = {**{row.teacher: () for row in rows}, **table.slots}
    return replace(table, slots=slots, dated=rows, teacher_row={**dict.fromkeys(slots, 1), **table.teacher_row})
