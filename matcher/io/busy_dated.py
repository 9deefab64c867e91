"""The table of single days beside a table of busy slots: times at which somebody is taken on one date only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.io.busy_csv import STATES, DatedRow, cell_of
from matcher.io.headings import fold
from matcher.io.report import CellFault, Remark
from matcher.io.tables.csv_folder import read_csv_table
from matcher.io.tables.table import Raw, Table
from matcher.io.timetable.write_busy import DATED_COLUMNS
from matcher.texts import Text, text

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_DAY_MINUTES = 24 * 60


def read_dated_table(path: Path) -> tuple[tuple[DatedRow, ...], list[Fault], list[Remark]]:
    """Return the rows (none where there are faults), every fault, and what was normalised."""
    try:
        table, remarks = read_csv_table(path)
    except OSError:
        return (), [Fault(str(path), text("the file cannot be read"), text("give a file that you may read"))], []
    except InputError as error:
        return (), list(error.faults), []
    place = {fold(str(cell)): at for at, cell in enumerate(table.rows[0] if table.rows else ()) if cell is not None}
    missing = [name for name in DATED_COLUMNS if name not in place]
    if missing:
        message = text("the columns {columns} are missing", columns=", ".join(missing))
        cure = text("give a table of single days with the columns {columns}", columns=", ".join(DATED_COLUMNS))
        return (), [Fault(str(path), message, cure)], remarks
    faults = list(_faults(path, table, place))
    rows = () if faults else tuple(_row(row, place) for row in table.rows[1:] if any(row))
    return tuple(dict.fromkeys(rows)), faults, remarks


def _row(row: Sequence[Raw], place: Mapping[str, int]) -> DatedRow:
    teacher, day, start, end, kind = (cell_of(row, place[name]) for name in DATED_COLUMNS)
    return DatedRow(teacher, date.fromisoformat(day), _minute(start) or 0, _minute(end) or 0, STATES[kind])


def _faults(path: Path, table: Table, place: Mapping[str, int]) -> Iterator[Fault]:
    """Yield every wrong cell, and every time that ends before it begins."""
    for number, row in enumerate(table.rows[1:], start=2):
        if not any(row):
            continue
        for name in DATED_COLUMNS:
            wrong = _wrong(name, cell_of(row, place[name]))
            if wrong is not None:
                yield CellFault(f"{path}:{number}: {name}", *wrong, kind="dated_cell", row=number, column=place[name])
        start, end = (_minute(cell_of(row, place[name])) for name in ("from", "to"))
        if start is not None and end is not None and end <= start:
            message = text("the end is not after the beginning")
            cure = text("exchange the two times or correct one")
            yield CellFault(f"{path}:{number}: to", message, cure, kind="dated_cell", row=number, column=place["to"])


def _wrong(name: str, value: str) -> tuple[Text, Text] | None:
    if not value:
        return text("“{column}” is empty", column=name), text("fill the cell or delete the row")
    if name == "kind" and value not in STATES:
        message = text("a slot of the kind “{value}” is not known", value=value)
        return message, text("write lesson or not_available")
    if name == "day" and not _is_day(value):
        return text("“{value}” is no date", value=value), text("write year, month and day: 2026-10-15")
    if name in ("from", "to") and _minute(value) is None:
        message = text("“{value}” is no time of day", value=value)
        return message, text("write hours and minutes, for example 08:45")
    return None


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _minute(value: str) -> int | None:
    """Return the minute of the day, 24:00 being the last; None where the value is no time."""
    found = _CLOCK.fullmatch(value)
    if found is None or int(found[2]) > 59:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    return minute if minute <= _DAY_MINUTES else None
