"""What the words of a cell look like: a person, a class, a room, a period."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from matcher.io.headings import fold
from matcher.io.tables.table import Raw
from matcher.io.timetable.clock import clock_minutes, clock_name

_NAME = r"[A-ZА-ЯЁÄÖÜÁÉÍÓÚÑȘȚĂÂÎ][\w’'-]*[a-zа-яёäöüßáéíóúñșțăâî]"
_INITIALS = r"[A-ZА-ЯЁ]\.?\s*(?:[A-ZА-ЯЁ]\.?)?"
_PERSON = re.compile(rf"{_NAME}\s+{_INITIALS}|{_INITIALS}\s*{_NAME}|{_NAME}(?:\s+{_NAME}){{1,2}}")
_CLASS = re.compile(
    r"(?:1[0-2]|[1-9])\s*[-–]?\s*[«\"]?[A-Za-zА-Яа-яЁё]?\d?[»\"]?|[A-ZА-ЯЁ]{1,5}-?\s?\d{1,4}[а-яa-zА-ЯA-Z]?(?:/\d)?"
)
_ROOM = re.compile(
    r"(?:(?:каб|кабинет|ауд|аудитория|к|room|raum|aula)\.?\s*)?(?:№\s*)?[A-ZА-ЯЁ]?-?\d{1,4}[а-яa-z]?(?:\s?[A-ZА-ЯЁ])?"
    r"|.*\b(?:зал|спортзал|мастерск\w*|библиотек\w*|стадион|бассейн|дистанц\w*|gym|library)\b.*",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\s*№?\s*(\d{1,2})\s*(?:[-–.]?\s*(?:й|я|ый|ой|ая)?\s*(?:урок|пара|час|period|lesson|stunde)?\.?)?\s*(.*)"
)
_SHIFT = re.compile(r"(?<!\d)([1-3])\s*-?\s*(?:я|ая)?\s*смена|смена\s*([1-3])|shift\s*([1-3])", re.IGNORECASE)
_SHIFT_WORDS = {"первая смена": 1, "вторая смена": 2, "третья смена": 3, "first shift": 1, "second shift": 2}
_OFF = re.compile(
    r"мет(?:од|одический)?\.?\s*день|м/д|выходной|нет в (?:здании|школе)|отсутству\w*|not available",
    re.IGNORECASE,
)
_LONGEST = 80
"""Longer words are no names; nor are they worth a search."""
_EMPTY = frozenset(("", "-", "–", "—", "−", "_", "x", "х", "0", "нет", "окно"))


def shown(value: Raw) -> str:
    """Return a raw cell as people see it.

    >>> shown(5.0), shown(" 5 А ")
    ('5', '5 А')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return clock_name(value.hour * 60 + value.minute) if value.year < 1910 else value.date().isoformat()
    if isinstance(value, time):
        return clock_name(value.hour * 60 + value.minute)
    if isinstance(value, timedelta):
        return clock_name(int(value.total_seconds()) // 60 % (24 * 60))
    if isinstance(value, date):
        return value.isoformat()
    return "\n".join(" ".join(line.split()) for line in str(value).strip().splitlines())


def is_person(word: str) -> bool:
    """Return whether a word looks like the name of a person: a surname with initials, or two or three names."""
    return len(word) <= _LONGEST and _PERSON.fullmatch(word.strip()) is not None


def is_class(word: str) -> bool:
    """Return whether a word looks like a class or a group: 5А, 10-Б, ЛД101."""
    return len(word) <= _LONGEST and _CLASS.fullmatch(word.strip()) is not None


def is_room(word: str) -> bool:
    """Return whether a word looks like a room: 12, каб. 305а, спортзал."""
    return len(word) <= _LONGEST and _ROOM.fullmatch(word.strip()) is not None


def is_empty(word: str) -> bool:
    """Return whether a cell says that there is nothing."""
    return word.strip().casefold() in _EMPTY


def is_off(word: str) -> bool:
    """Return whether a cell says that the teacher is not in the building."""
    return len(word) <= _LONGEST and _OFF.search(word) is not None


def share(words: Iterable[str], looks: Callable[[str], bool]) -> float:
    """Return which part of the words looks as asked."""
    listed = list(words)
    return sum(1 for word in listed if looks(word)) / len(listed) if listed else 0.0


def period_label(word: str) -> str | None:
    """Return the number of a period, its time where it has no number; None where it is no period.

    >>> period_label("1 урок"), period_label("2"), period_label("8:30–9:15"), period_label("Литература")
    ('1', '2', '08:30', None)
    """
    if len(word) > _LONGEST:
        return None
    times = clock_minutes(word)
    bare = word
    if times:
        bare = re.sub(r"\(?\s*\d{1,2}\s*[:.]\s*\d{2}(?:\s*[-–—]\s*\d{1,2}\s*[:.]\s*\d{2})?\s*\)?", " ", word).strip()
    found = _PERIOD.fullmatch(bare.replace("\n", " "))
    if found is not None and not found[2].strip() and int(found[1]) <= 20:
        return str(int(found[1]))
    return clock_name(times[0]) if times and len(bare) <= 2 else None


def shift_named(word: str) -> int | None:
    """Return the number of the shift that a word names.

    >>> shift_named("2 смена"), shift_named("Вторая смена"), shift_named("5А")
    (2, 2, None)
    """
    found = _SHIFT.search(word[:_LONGEST])
    if found is not None:
        return int(next(number for number in found.groups() if number))
    return next((number for name, number in _SHIFT_WORDS.items() if name in fold(word)), None)
