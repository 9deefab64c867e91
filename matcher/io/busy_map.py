"""The map of a timetable: whose file it is and how its days, hours and names are to be read (``MAP.toml``)."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from matcher.errors import Fault
from matcher.io.headings import near
from matcher.texts import Text, text

_KEYS = ("organisation", "file", "calendar", "time_zone", "days", "hours", "bells", "names")
_REQUIRED = ("organisation", "file", "days", "hours", "names")
_WEEKS: Mapping[str, int | None] = {"": None, "A": 0, "А": 0, "B": 1, "В": 1, "Б": 1}
"""Weeks as people write them, in Latin or Russian letters; None is every week."""

_EXAMPLES = {
    "organisation": 'organisation = "O-1"',
    "file": 'file = "O-1.csv"',
    "time_zone": 'time_zone = "Europe/Moscow"',
    "calendar": 'calendar = "quarters"',
    "days": '"Monday" = { week = "", weekday = 1 }',
    "hours": '"1" = { from = "08:00", to = "08:45", shift = 1 }',
    "names": '"Orlova A." = "P-17"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MapDay:
    """A day of the cycle: ``week`` 0 or 1, None for every week; weekday 1 is Monday.

    ``bells`` names the hours of this day where they are not those of the map: afternoons that are days of the cycle.
    """

    week: int | None
    weekday: int
    bells: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapHour:
    """An hour of the day in minutes after midnight, and its shift."""

    start_minute: int
    end_minute: int
    shift: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyMap:
    """One map as it stands, words that are missing being empty; ``line`` knows where each key stands.

    ``time_zone`` None is that of the organisation; ``calendar`` None is that of all.
    """

    path: Path
    organisation: str
    file: Path | None
    calendar: str | None
    time_zone: str | None
    days: Mapping[str, MapDay]
    hours: Mapping[str, MapHour]
    bells: Mapping[str, Mapping[str, MapHour]]
    names: Mapping[str, str]
    line: Mapping[tuple[str, ...], int]

    def hours_of(self, day: MapDay) -> Mapping[str, MapHour]:
        """Return the hours of a day by the names of their slots."""
        return self.bells.get(day.bells, self.hours)

    def place(self, *key: str) -> str:
        """Return where a key stands: ``MAP.toml:7: days.Monday``."""
        return _place(self.path, self.line, key)


def read_map(path: Path) -> tuple[BusyMap | None, list[Fault]]:
    """Return the map and every fault in it; None where the file cannot be taken apart at all.

    A map with faults is good for finding further ones, not for use: wrong entries have made-up values.
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None, [
            Fault(str(path), text("there is no such map"), text("give the path of a timetable's map (.toml)"))
        ]
    except UnicodeDecodeError as error:
        found = text("byte {byte} is not UTF-8", byte=error.start + 1)
        return None, [Fault(str(path), found, text("save the file in UTF-8"))]
    except OSError:
        if path.is_dir():
            cure = text("give the path of a timetable's map (.toml)")
            return None, [Fault(str(path), text("a folder stands where a file is needed"), cure)]
        cure = text("give the path of a TOML file that you may read")
        return None, [Fault(str(path), text("the file cannot be read"), cure)]
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax_fault(path, content, error)]
    reader = _Reader(path, _key_lines(content))
    return reader.read(document), reader.faults


class _Reader:
    """Takes a parsed document apart and notes every fault on the way."""

    def __init__(self, path: Path, line: Mapping[tuple[str, ...], int]) -> None:
        self.path, self.line = path, line
        self.faults: list[Fault] = []

    def fault(self, key: tuple[str, ...], message: Text, cure: Text) -> None:
        self.faults.append(Fault(_place(self.path, self.line, key), message, cure))

    def read(self, document: Mapping[str, Any]) -> BusyMap:
        for key in _REQUIRED:
            if key not in document:
                self.fault((key,), text("“{key}” is missing", key=key), _example(key))
        for key in document:
            if key not in _KEYS:
                names = near(key, _KEYS, num=1) or _KEYS
                cure = text("perhaps {names}", names=", ".join(names))
                self.fault((key,), text("a map has no key “{key}”", key=key), cure)
        file = self._word(document, "file")
        zone = self._word(document, "time_zone")
        if zone and zone not in _zones():
            names = near(zone, _zones())
            cure = text("choose a time zone from the list, for example Europe/Moscow")
            if names:
                cure = text("perhaps {names}", names=", ".join(names))
            self.fault(("time_zone",), text("the time zone “{value}” is not known", value=zone), cure)
        bells = {
            name.strip(): {slot.strip(): self._hour(slot, entry, f"bells.{name}") for slot, entry in hours.items()}
            for name, hours in self._bells(document)
        }
        return BusyMap(
            path=self.path,
            organisation=self._word(document, "organisation"),
            file=self.path.parent / file if file else None,
            calendar=self._word(document, "calendar") or None,
            time_zone=zone or None,
            days={name.strip(): self._day(name, entry, bells) for name, entry in self._table(document, "days").items()},
            hours={name.strip(): self._hour(name, entry) for name, entry in self._table(document, "hours").items()},
            bells=bells,
            names={name.strip(): self._name(name, entry) for name, entry in self._table(document, "names").items()},
            line=self.line,
        )

    def _word(self, document: Mapping[str, Any], key: str) -> str:
        value = document.get(key, "")
        if key in document and not (isinstance(value, str) and value.strip()):
            self.fault((key,), text("“{value}” is no name", value=_shown(value)), _example(key))
            return ""
        return str(value).strip()

    def _table(self, document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = document.get(key, {})
        if not isinstance(value, dict) or (key in document and key != "names" and not value):
            self.fault((key,), text("“{key}” holds nothing", key=key), _example(key))
            return {}
        return value

    def _bells(self, document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the hours of days that have bells of their own, by the name of the bells."""
        found: list[tuple[str, Mapping[str, Any]]] = []
        for name, hours in self._table(document, "bells").items() if "bells" in document else ():
            if isinstance(hours, dict) and hours:
                found.append((name, hours))
            else:
                key = f"bells.{name}"
                self.fault((key,), text("“{key}” holds nothing", key=key), _example("bells"))
        return found

    def _day(self, name: str, entry: object, known_bells: Mapping[str, object]) -> MapDay:
        parts = self._parts("days", name, entry, ("week", "weekday", "bells"), required=("weekday",))
        week = parts.get("week", "")
        if not isinstance(week, str) or week.strip().upper() not in _WEEKS:
            self.fault(("days", name), text("“{value}” is no week", value=_shown(week)), text("write A, B or nothing"))
            week = ""
        weekday = parts.get("weekday", 1)
        if not _is_whole(weekday) or not 1 <= weekday <= 7:
            message = text("“{value}” is no day of the week", value=_shown(weekday))
            self.fault(("days", name), message, text("write a number from 1 (Monday) to 7 (Sunday)"))
            weekday = 1
        bells = parts.get("bells", "")
        if not isinstance(bells, str) or (bells.strip() and bells.strip() not in known_bells):
            message = text("the map has no bells “{name}”", name=_shown(bells))
            self.fault(("days", name), message, _example("bells"))
            bells = ""
        return MapDay(week=_WEEKS[week.strip().upper()], weekday=weekday, bells=bells.strip())

    def _hour(self, name: str, entry: object, table: str = "hours") -> MapHour:
        parts = self._parts(table, name, entry, ("from", "to", "shift"), required=("from", "to"))
        minutes = []
        for key in ("from", "to"):
            minute = _minute(parts[key]) if key in parts else None
            if key in parts and minute is None:
                message = text("“{value}” is no time of day", value=_shown(parts[key]))
                self.fault((table, name), message, text("write hours and minutes, for example 08:45"))
            minutes.append(minute)
        shift = parts.get("shift", 1)
        if not _is_whole(shift) or shift < 1:
            message = text("“{value}” is no number of a shift", value=_shown(shift))
            self.fault((table, name), message, text("write 1, 2 or 3"))
        start, end = minutes
        if start is None or end is None:
            return MapHour(start_minute=0, end_minute=1)
        if start >= end:
            message = text("the end is not after the beginning")
            self.fault((table, name), message, text("exchange the two times or correct one"))
        return MapHour(start_minute=start, end_minute=end, shift=shift if _is_whole(shift) else 1)

    def _name(self, name: str, entry: object) -> str:
        if not isinstance(entry, str) or not entry.strip():
            message = text("“{value}” is no code of a person", value=_shown(entry))
            self.fault(("names", name), message, text("write {example}", example=_EXAMPLES["names"]))
            return ""
        return entry.strip()

    def _parts(
        self, table: str, name: str, entry: object, known: tuple[str, ...], *, required: tuple[str, ...]
    ) -> Mapping[str, Any]:
        """Return the parts of an entry in braces; what is missing or unknown becomes a fault."""
        example = text("write {example}", example=_EXAMPLES.get(table, _EXAMPLES["hours"]))
        if not isinstance(entry, dict):
            self.fault((table, name), text("“{value}” is no entry in braces", value=_shown(entry)), example)
            return {}
        for key in required:
            if key not in entry:
                self.fault((table, name), text("“{key}” is missing", key=key), example)
        for key in entry:
            if key not in known:
                self.fault((table, name), text("there is no “{key}” here", key=key), example)
        return entry


def _example(key: str) -> Text:
    """Return the cure of a key that is missing or wrong."""
    if key == "bells":
        return text("add a table [{table}] with lines such as {example}", table="bells.2", example=_EXAMPLES["hours"])
    if key in ("days", "hours", "names"):
        return text("add a table [{table}] with lines such as {example}", table=key, example=_EXAMPLES[key])
    return text("write {example}", example=_EXAMPLES[key])


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _minute(value: object) -> int | None:
    """Return the minute of the day, 24:00 being the last; None where the value is no time."""
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    found = re.fullmatch(r"\s*(\d{1,2})[:.](\d{2})\s*", value) if isinstance(value, str) else None
    if found is None or int(found[2]) > 59:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    return minute if minute <= 24 * 60 else None


def _shown(value: object) -> str:
    return value if isinstance(value, str) else repr(value)


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _place(path: Path, line: Mapping[tuple[str, ...], int], key: tuple[str, ...]) -> str:
    at = next((line[key[:end]] for end in range(len(key), 0, -1) if key[:end] in line), None)
    shown = f"{path}" if at is None else f"{path}:{at}"
    return f"{shown}: {'.'.join(key)}"


def _syntax_fault(path: Path, content: str, error: tomllib.TOMLDecodeError) -> Fault:
    at = re.search(r"at line (\d+)", str(error))
    lines = content.splitlines() or [""]
    number = min(int(at[1]) if at else len(lines), len(lines))
    if "overwrite" in str(error) or "twice" in str(error):
        return Fault(f"{path}:{number}", text("this key or table stands twice"), text("leave one of them"))
    message = text("this is not TOML: {line}", line=lines[number - 1].strip())
    return Fault(f"{path}:{number}", message, text("check quotes, brackets and commas here and on the line above"))


_HEADER = re.compile(r"^\s*\[\s*(.+?)\s*\]\s*(#.*)?$")
_KEY = re.compile(r"""^\s*("(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)\s*[=.]""")


def _key_lines(content: str) -> dict[tuple[str, ...], int]:
    """Return the line of every table and of every key that begins a line."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(content.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = (_table_name(header[1]),)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, _bare(key[1])), number)
    return lines


def _table_name(header: str) -> str:
    """Return the name of a table without quotes, parts joined by points."""
    try:
        found: Any = tomllib.loads(f"[{header}]")
    except tomllib.TOMLDecodeError:  # a line inside a text of several lines looks like a heading
        return header
    parts = []
    while found:
        ((name, found),) = found.items()
        parts.append(name.strip())
    return ".".join(parts)


def _bare(key: str) -> str:
    """Return a key without its quotes."""
    if not key.startswith('"'):
        return key.strip("'").strip()
    try:
        (name,) = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:  # a line inside a text of several lines looks like a key
        return key
    return name.strip()
