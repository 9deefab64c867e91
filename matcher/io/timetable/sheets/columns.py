"""The ``COLUMNS.toml`` of a workbook: what the mapper is told instead of guessing it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matcher.errors import Fault, InputError
from matcher.io.headings import near
from matcher.io.timetable.clock import clock_minute
from matcher.texts import Text, text

LAYOUTS = ("classes", "teachers", "list")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "teacher": ("учитель", "преподаватель", "педагог", "фио", "фио учителя", "фио преподавателя", "teacher", "lehrer"),
    "day": ("день", "день недели", "day", "weekday", "tag"),
    "period": (
        "урок",
        "№ урока",
        "номер урока",
        "пара",
        "№ пары",
        "номер пары",
        "период",
        "period",
        "lesson",
        "no",
        "№",
    ),
    "from": ("начало", "с", "время начала", "from", "start"),
    "to": ("конец", "окончание", "по", "до", "время окончания", "to", "end"),
    "time": ("время", "звонки", "time", "bells"),
    "week": ("неделя", "тип недели", "week"),
    "shift": ("смена", "shift"),
    "class": ("класс", "группа", "классы", "class", "group", "klasse"),
    "subject": ("предмет", "дисциплина", "занятие", "subject", "fach"),
    "room": ("кабинет", "каб", "аудитория", "ауд", "помещение", "room", "classroom", "raum"),
    "building": ("здание", "корпус", "площадка", "building", "site"),
}
"""Fields of the mapper and the headings under which they stand, spelt as `fold` leaves them."""

CELL_FIELDS = ("subject", "teacher", "room", "class", "building")
_KEYS = ("layout", "sheets", "heading_row", "cell", "columns", "bells", "shifts", "buildings")
_EXAMPLES = {
    "layout": 'layout = "classes"',
    "sheets": 'sheets = ["Расписание"]',
    "heading_row": "heading_row = 3",
    "cell": 'cell = "subject / teacher / room"',
    "columns": '[columns] teacher = "ФИО"',
    "bells": '[[bells]] period = "1" from = "08:00" to = "08:45" shift = 1',
    "shifts": '[shifts] "5А" = 2',
    "buildings": '[buildings] "12" = "Корпус 2"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPattern:
    """What stands in a cell of a matrix: fields in order and the sign between them."""

    fields: tuple[str, ...]
    separator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """The time of a period, in minutes after midnight."""

    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What is told of a workbook; None and empty where it is to be guessed. ``bells`` go by (shift, period)."""

    layout: str | None = None
    sheets: tuple[str, ...] | None = None
    heading_row: int | None = None
    cell: CellPattern | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    bells: Mapping[tuple[int, str], Bell] = field(default_factory=dict)
    shifts: Mapping[str, int] = field(default_factory=dict)
    buildings: Mapping[str, str] = field(default_factory=dict)


def read_columns(path: Path | None) -> Columns:
    """Return what a ``COLUMNS.toml`` tells; nothing without one.

    Raises
    ------
    InputError
        When the file cannot be read or has wrong keys: all of them at once.
    """
    if path is None:
        return Columns()
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        cure = text("give the path of a TOML file that you may read")
        raise InputError([Fault(str(path), text("the file cannot be read"), cure)]) from error
    except UnicodeDecodeError as error:
        message = text("byte {byte} is not UTF-8", byte=error.start + 1)
        raise InputError([Fault(str(path), message, text("save the file in UTF-8"))]) from error
    except tomllib.TOMLDecodeError as error:
        message = text("this is not TOML: {line}", line=str(error))
        raise InputError([Fault(str(path), message, text("check quotes, brackets and commas"))]) from error
    reader = _Reader(path)
    found = reader.read(document)
    if reader.faults:
        raise InputError(reader.faults)
    return found


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def fault(self, key: str, message: Text, cure: Text | None = None) -> None:
        """Note what is wrong with a key; the cure is an example unless a better one is given."""
        example = text("write {example}", example=_EXAMPLES.get(key.partition(".")[0], ""))
        self.faults.append(Fault(f"{self.path}: {key}", message, cure or example))

    def read(self, document: Mapping[str, Any]) -> Columns:
        for key in document:
            if key not in _KEYS:
                maybe = near(key, _KEYS, num=1) or _KEYS
                cure = text("perhaps {names}", names=", ".join(maybe))
                self.fault(key, text("a table of columns has no key “{key}”", key=key), cure)
        layout = document.get("layout")
        if layout is not None and layout not in LAYOUTS:
            cure = text("one of {names}", names=", ".join(LAYOUTS))
            self.fault("layout", text("there is no layout “{value}”", value=str(layout)), cure)
        sheets = document.get("sheets")
        if sheets is not None and not (isinstance(sheets, list) and all(isinstance(name, str) for name in sheets)):
            self.fault("sheets", text("a list of names is needed"))
            sheets = None
        row = document.get("heading_row")
        if row is not None and not (isinstance(row, int) and not isinstance(row, bool) and row >= 1):
            self.fault("heading_row", text("“{value}” is no number of a row", value=str(row)))
            row = None
        return Columns(
            layout=layout,
            sheets=None if sheets is None else tuple(sheets),
            heading_row=row,
            cell=self._cell(document),
            headings=self._headings(document),
            bells=self._bells(document),
            shifts=self._shifts(document),
            buildings=self._words(document, "buildings"),
        )

    def _cell(self, document: Mapping[str, Any]) -> CellPattern | None:
        if "cell" not in document:
            return None
        wanted = document["cell"]
        pattern = read_pattern(wanted) if isinstance(wanted, str) else None
        if pattern is None:
            cure = text("fields of {names} with one and the same sign between them", names=", ".join(CELL_FIELDS))
            self.fault("cell", text("“{value}” does not describe a cell", value=str(wanted)), cure)
        return pattern

    def _words(self, document: Mapping[str, Any], key: str) -> Mapping[str, str]:
        entries = document.get(key, {})
        if not isinstance(entries, dict) or not all(isinstance(value, str) for value in entries.values()):
            self.fault(key, text("names are needed on both sides"))
            return {}
        return {name.strip(): value.strip() for name, value in entries.items()}

    def _headings(self, document: Mapping[str, Any]) -> Mapping[str, str]:
        found = self._words(document, "columns")
        for name in found:
            if name not in FIELDS:
                maybe = near(name, FIELDS, num=1) or tuple(FIELDS)
                cure = text("perhaps {names}", names=", ".join(maybe))
                self.fault(f"columns.{name}", text("there is no column “{name}”", name=name), cure)
        return found

    def _shifts(self, document: Mapping[str, Any]) -> Mapping[str, int]:
        entries = document.get("shifts", {})
        if not isinstance(entries, dict) or not all(value in (1, 2, 3) for value in entries.values()):
            self.fault("shifts", text("each class needs the number of its shift: 1, 2 or 3"))
            return {}
        return {name.strip(): int(value) for name, value in entries.items()}

    def _bells(self, document: Mapping[str, Any]) -> Mapping[tuple[int, str], Bell]:
        entries: Sequence[Any] = document.get("bells", [])
        if not isinstance(entries, list):
            self.fault("bells", text("a list of entries is needed"))
            return {}
        found: dict[tuple[int, str], Bell] = {}
        for at, entry in enumerate(entries, start=1):
            key = f"bells.{at}"
            if not isinstance(entry, dict) or set(entry) - {"period", "from", "to", "shift"} or "period" not in entry:
                self.fault(key, text("period, from, to and perhaps shift are needed, nothing else"))
                continue
            start, end = clock_minute(entry.get("from")), clock_minute(entry.get("to"))
            shift = entry.get("shift", 1)
            if start is None or end is None or start >= end or shift not in (1, 2, 3):
                self.fault(key, text("the times or the shift are no times and no shift"))
                continue
            where = (int(shift), str(entry["period"]).strip())
            if where in found:
                self.fault(key, text("this period of this shift has bells already"), text("leave one of them"))
            found[where] = Bell(start_minute=start, end_minute=end)
        return found


def read_pattern(wanted: str) -> CellPattern | None:
    """Return the pattern that words such as ``subject / teacher / room`` describe; None where they describe none.

    >>> read_pattern("subject / teacher / room")
    CellPattern(fields=('subject', 'teacher', 'room'), separator='/')
    """
    for separator in ("\n", "/", ";", "|", ","):
        fields = tuple(part.strip() for part in wanted.split(separator))
        if len(fields) > 1 or separator == ",":
            is_known = all(name in CELL_FIELDS for name in fields) and len(set(fields)) == len(fields)
            return CellPattern(fields=fields, separator=separator) if is_known else None
    return None
