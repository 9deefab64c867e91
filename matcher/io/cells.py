"""One cell: from what a user wrote to a value, or to a fault with its cure, noting what was normalised on the way."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from matcher.io.columns import Column, ColumnType, Spelling
from matcher.io.headings import fold, near
from matcher.io.sheets import COMMENT_MARK
from matcher.io.tables.table import Raw, Source
from matcher.texts import Text, text

MAX_ID_LENGTH = 100
MAX_TEXT_LENGTH = 10_000
FORMULA_START: Final = re.compile(r"'*[=+\-@\t\r]")
"""Texts a spreadsheet may take for a formula (OWASP ASVS 5.0, 1.2.10); apostrophes are counted when escaping."""

_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_SPACES = re.compile("[\u00a0\u2007\u202f\u2009\u3000]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_ID_SEPARATOR = re.compile(r"[;,\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_RUSSIAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: ?г\.?)?")
_WRITTEN_DATE = re.compile(r"(\d{1,2}) ([а-я]+) (\d{4})(?: ?г\.?| года)?", re.IGNORECASE)
_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?")
_YES = frozenset(("да", "yes", "true", "1", "х", "x", "v", "✓", "✔", "+", "истина", "y", "д"))
_NO = frozenset(("нет", "no", "false", "0", "-", "ложь", "n", "н"))
_EXCEL_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that holds no value: what is wrong and what would be right."""

    kind: str
    message: Text
    cure: Text | None = None


class _WrongCell(Exception):
    def __init__(self, kind: str, message: Text, cure: Text | None = None) -> None:
        self.bad = BadCell(kind, message, cure)


class ColumnParser(dict[Raw, object]):
    """Raw cell → value or `BadCell` for one column; each different cell is parsed once.

    ``notes`` tells for a raw cell what was normalised; ``unlisted`` are values outside the usual ones of an open list.
    """

    def __init__(
        self, column: Column, source: Source, spelling: Spelling = "id", enum_type: Callable[[str], object] = str
    ) -> None:
        super().__init__()
        self.column = column
        self.spelling: Spelling = spelling
        self.source = source
        self.enum_type = enum_type
        self.notes: dict[Raw, tuple[str, ...]] = {}
        self.unlisted: set[str] = set()
        self._noted: list[str] = []
        self._choices = {fold(name): choice.id for choice in column.choices for name in choice.spellings()}
        self._parse: Callable[[Raw], object] = {
            ColumnType.ID: self._id,
            ColumnType.TEXT: self._text,
            ColumnType.INT: self._int,
            ColumnType.FLOAT: self._float,
            ColumnType.BOOL: self._bool,
            ColumnType.DATE: self._date,
            ColumnType.TIME: self._time,
            ColumnType.ENUM: self._enum,
            ColumnType.ENUM_LIST: self._list,
            ColumnType.TEXT_LIST: self._list,
            ColumnType.ID_LIST: self._list,
        }[column.type]

    def __missing__(self, raw: Raw) -> object:
        """Parse a cell not seen before."""
        self._noted = []
        value: object = None
        try:
            cleaned = self._clean(raw) if isinstance(raw, str) else raw
            if cleaned is not None:
                value = self._parse(cleaned)
        except _WrongCell as wrong:
            value = wrong.bad
        if self._noted:
            self.notes[raw] = tuple(dict.fromkeys(self._noted))
        self[raw] = value
        return value

    def _clean(self, raw: str) -> str | None:
        cleaned = raw
        if raw.isascii():
            if raw[:1].isalnum() and raw[-1].isalnum() and raw.isprintable():
                return raw
        else:
            cleaned = unicodedata.normalize("NFC", raw)
            if cleaned != raw:
                self._noted.append("composed")
            spaced = _SPACES.sub(" ", cleaned)
            if spaced != cleaned:
                self._noted.append("nbsp")
            cleaned = _INVISIBLE.sub("", spaced)
            if cleaned != spaced:
                self._noted.append("invisible")
        is_textual = self.column.type not in _PLAIN_TYPES
        if is_textual and self.source is not Source.PARQUET:
            cleaned = self._without_formula(cleaned)
        stripped = cleaned.replace("\r\n", "\n").replace("\r", "\n").strip()
        if stripped and stripped != cleaned:
            self._noted.append("trimmed")
        if not stripped.isprintable() and any(unicodedata.category(c) in _CONTROL for c in stripped if c not in "\n\t"):
            raise _WrongCell(
                "control_character",
                text("“{value}” holds a character that cannot be printed", value=_shown(stripped)),
                text("type the text again"),
            )
        return stripped or None

    def _without_formula(self, cleaned: str) -> str:
        start = cleaned.lstrip(" \n")
        if _ESCAPED.match(start):
            self._noted.append("apostrophe")
            return start[1:]
        if FORMULA_START.match(start):
            raise _WrongCell(
                "formula_text",
                text("“{value}” begins like a formula, with one of = + - @ or a tab", value=_shown(start)),
                text("begin with a letter or a digit, or put an apostrophe first; for nothing leave the cell empty"),
            )
        return cleaned

    def _id(self, raw: Raw) -> object:
        if isinstance(raw, (int, float)) and float(raw).is_integer():
            self._noted.append("number_as_text")
            return str(int(raw))
        if not isinstance(raw, str):
            raise self._wrong("not_text", raw, text("format the column as text and type the code again"))
        if len(raw) > MAX_ID_LENGTH:
            raise self._wrong("too_long", raw, text("at most {count} characters", count=MAX_ID_LENGTH))
        if _ID_SEPARATOR.search(raw) or raw.startswith(COMMENT_MARK):
            raise self._wrong(
                "bad_id", raw, text("a code holds no comma, semicolon or line break and does not begin with #")
            )
        return raw

    def _text(self, raw: Raw) -> object:
        if isinstance(raw, (int, float)) and math.isfinite(raw):
            self._noted.append("number_as_text")
            return _shown(raw)
        if not isinstance(raw, str):
            raise self._wrong("not_text", raw, text("format the column as text and type the value again"))
        if len(raw) > MAX_TEXT_LENGTH:
            raise self._wrong("too_long", raw, text("at most {count} characters", count=MAX_TEXT_LENGTH))
        return raw

    def _number(self, raw: Raw, kind: str, cure: Text) -> float:
        if isinstance(raw, (int, float)):
            if not math.isfinite(raw):
                raise self._wrong(kind, raw, cure)
            return raw
        if isinstance(raw, (date, time, timedelta)):
            raise self._wrong(
                "date_for_number",
                raw,
                text("the program turned a number into a date: format the column as a number and type it again"),
            )
        if not isinstance(raw, str):
            raise self._wrong(kind, raw, cure)
        plain = _GROUPED.sub("", raw).replace("−", "-")
        if "," in plain and "." not in plain:
            plain = plain.replace(",", ".")
            self._noted.append("decimal_comma")
        if not _NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
            raise self._wrong(kind, raw, cure)
        if self.source is Source.WORKBOOK:
            self._noted.append("text_as_number")
        return float(plain) if not plain.lstrip("+-").isdigit() else int(plain)

    def _int(self, raw: Raw) -> object:
        cure = self._bounds() or text("write a whole number")
        number = self._number(raw, "not_whole", cure)
        if number != int(number):
            raise self._wrong("not_whole", raw, cure)
        return int(self._within(number, raw))

    def _float(self, raw: Raw) -> object:
        return float(self._within(self._number(raw, "not_number", self._bounds() or text("write a number")), raw))

    def _bounds(self) -> Text | None:
        if self.column.min is None or self.column.max is None:
            return None
        low, high = _shown(self.column.min), _shown(self.column.max)
        if self.column.type is ColumnType.INT:
            return text("write a whole number from {low} to {high}", low=low, high=high)
        return text("write a number from {low} to {high}", low=low, high=high)

    def _within(self, number: float, raw: Raw) -> float:
        low, high = self.column.min, self.column.max
        if (low is not None and number < low) or (high is not None and number > high):
            raise _WrongCell(
                "out_of_range", text("{value} is outside the allowed range", value=_shown(raw)), self._bounds()
            )
        return number

    def _bool(self, raw: Raw) -> object:
        word = fold(raw) if isinstance(raw, str) else _shown(raw)
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise self._wrong("not_yes_or_no", raw, text("write “yes” or “no”"))

    def _date(self, raw: Raw) -> object:
        cure = text("write a date as day.month.year, for example 01.09.2025")
        if isinstance(raw, datetime):
            if raw.time() != time(0):
                raise self._wrong("time_in_date", raw, text("leave only the date in the cell"))
            day = raw.date()
        elif isinstance(raw, date):
            day = raw
        elif isinstance(raw, (int, float)) and 1 <= raw < 73_051 and float(raw).is_integer():
            meant = _EXCEL_DAY_ZERO + timedelta(days=int(raw))
            raise self._wrong(
                "number_for_date",
                raw,
                text("format the cell as a date; as a date it would be {day}", day=f"{meant:%d.%m.%Y}"),
            )
        elif isinstance(raw, str):
            day = self._date_from_text(raw, cure)
        else:
            raise self._wrong("not_date", raw, cure)
        if not 1900 <= day.year <= 2199:
            raise self._wrong("impossible_date", raw, cure)
        return day

    def _date_from_text(self, raw: str, cure: Text) -> date:
        if russian := _RUSSIAN_DATE.fullmatch(raw):
            numbers = [int(part) for part in reversed(russian.groups())]
        elif (written := _WRITTEN_DATE.fullmatch(raw)) and written[2].casefold() in _MONTHS:
            numbers = [int(written[3]), _MONTHS.index(written[2].casefold()) + 1, int(written[1])]
        elif iso := _ISO_DATE.fullmatch(raw):
            numbers = [int(part) for part in iso.groups()]
        else:
            raise self._wrong("not_date", raw, cure)
        try:
            day = date(*numbers)
        except ValueError as error:
            raise _WrongCell(
                "impossible_date", text("there is no such day: {value}", value=_shown(raw)), cure
            ) from error
        if self.source is Source.WORKBOOK:
            self._noted.append("text_as_date")
        return day

    def _time(self, raw: Raw) -> object:
        cure = text("write a time as hours:minutes, for example 14:30")
        if isinstance(raw, timedelta) and timedelta(0) <= raw < timedelta(days=1):
            raw = (datetime.min + raw).time()
        if isinstance(raw, time):
            return raw
        if isinstance(raw, (int, float)) and 0 <= raw < 1:
            # A workbook keeps a time of day as a part of the day; without its format nothing says so.
            meant = (datetime.min + timedelta(minutes=round(raw * 1440) % 1440)).time()
            cure = text("format the cell as a time; as a time it would be {time}", time=f"{meant:%H:%M}")
            raise self._wrong("number_for_time", raw, cure)
        match = _TIME.fullmatch(raw) if isinstance(raw, str) else None
        if match is None:
            raise self._wrong("not_time", raw, cure)
        try:
            hours, minutes, seconds, fraction = match.groups("0")
            found = time(int(hours), int(minutes), int(seconds), int(fraction.ljust(6, "0")))
        except ValueError as error:
            raise self._wrong("not_time", raw, cure) from error
        if self.source is Source.WORKBOOK:
            self._noted.append("text_as_time")
        return found

    def _enum(self, raw: Raw) -> object:
        if isinstance(raw, (int, float)):
            raw = _shown(raw)
        if not isinstance(raw, str):
            raise self._wrong("unknown_value", raw, self._allowed(""))
        choice_id = self._choices.get(fold(raw))
        if choice_id is not None:
            return self.enum_type(choice_id)
        if not self.column.is_open:
            raise self._wrong("unknown_value", raw, self._allowed(raw))
        self._noted.append("unlisted")
        self.unlisted.add(raw)
        return raw

    def _allowed(self, raw: str) -> Text:
        labels = [choice.spelled(self.spelling) for choice in self.column.choices]
        found = near(raw, labels)
        if found:
            return text("perhaps {names}", names=", ".join(found))
        return text("one of: {names}", names=", ".join(labels))

    def _list(self, raw: Raw) -> object:
        items = raw if isinstance(raw, tuple) else self._split(raw)
        parse = {ColumnType.ENUM_LIST: self._enum, ColumnType.ID_LIST: self._id}.get(self.column.type, self._text)
        values = [parse(item) for item in items if item]
        different = tuple(dict.fromkeys(values))
        if len(different) < len(values):
            self._noted.append("repeated")
        return different

    def _split(self, raw: Raw) -> tuple[str, ...]:
        if isinstance(raw, (int, float)):
            return (_shown(raw),)
        if not isinstance(raw, str):
            raise self._wrong("not_text", raw, text("format the column as text and type the value again"))
        items = [item.strip() for item in re.split(r"[;\n]", raw)]
        if self.column.type is ColumnType.TEXT_LIST:
            return tuple(items)
        found: list[str] = []
        for item in items:
            if "," in item and fold(item) not in self._choices:
                self._noted.append("comma_list")
                found.extend(part.strip() for part in item.split(","))
            else:
                found.append(item)
        return tuple(found)

    def _wrong(self, kind: str, raw: Raw, cure: Text) -> _WrongCell:
        return _WrongCell(kind, _WRONG[kind](_shown(raw)), cure)


_PLAIN_TYPES = frozenset((ColumnType.INT, ColumnType.FLOAT, ColumnType.BOOL, ColumnType.DATE, ColumnType.TIME))
_CONTROL = frozenset(("Cc", "Cs"))
_WRONG: dict[str, Callable[[str], Text]] = {
    "not_text": lambda value: text("“{value}” is not a text", value=value),
    "too_long": lambda value: text("“{value}” is too long", value=value),
    "bad_id": lambda value: text("“{value}” cannot be a code", value=value),
    "date_for_number": lambda value: text("a date stands here instead of a number: {value}", value=value),
    "not_whole": lambda value: text("“{value}” is not a whole number", value=value),
    "not_number": lambda value: text("“{value}” is not a number", value=value),
    "not_yes_or_no": lambda value: text("“{value}” is neither yes nor no", value=value),
    "time_in_date": lambda value: text("a time of day stands beside the date: {value}", value=value),
    "number_for_date": lambda value: text("a number stands here instead of a date: {value}", value=value),
    "not_date": lambda value: text("“{value}” is not a date", value=value),
    "impossible_date": lambda value: text("there is no such day: {value}", value=value),
    "number_for_time": lambda value: text("a number stands here instead of a time of day: {value}", value=value),
    "not_time": lambda value: text("“{value}” is not a time of day", value=value),
    "unknown_value": lambda value: text("“{value}” is not one of the allowed values", value=value),
}


def _shown(raw: Raw) -> str:
    """Return a cell as its user would know it, shortened."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, datetime):
        return f"{raw:%d.%m.%Y %H:%M}"
    if isinstance(raw, date):
        return f"{raw:%d.%m.%Y}"
    shown = "; ".join(raw) if isinstance(raw, tuple) else str(raw)
    return shown if len(shown) <= 40 else shown[:39] + "…"
