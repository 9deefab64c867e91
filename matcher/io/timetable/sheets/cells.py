"""What the cells of a matrix hold: lessons with subject, teacher and room, in an order that is guessed once a sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from matcher.io.timetable.sheets.columns import CellPattern
from matcher.io.timetable.sheets.looks import is_class, is_person, is_room, share

_SEPARATORS = ("/", "|", ";", "\n", ",")
_ENOUGH = 0.5
_MOST_FIELDS = 4
_ROOM_AT_END = re.compile(
    r"(?:\(\s*|,?\s*каб(?:инет)?\.?\s*|,?\s*ауд\.?\s*)([A-ZА-ЯЁ]?-?\d{1,4}[а-яa-z]?)\s*\)?\s*$", re.IGNORECASE
)
_SEVERAL_TEACHERS = re.compile(r"\s*[,;+&]\s*|\s+и\s+")


def guess_pattern(cells: Sequence[str], layout: str) -> CellPattern | None:
    """Return what stands in the cells and between what; None where no sign separates anything.

    Each place inside the cells is taken for what most of its words look like.
    """
    for separator in _SEPARATORS:
        split = [parts for cell in cells if len(parts := _parts(cell, separator)) > 1]
        if not split or len(split) < _ENOUGH * len(cells):
            continue
        # The usual number of parts: cells with more hold several lessons, or words beyond them.
        ((width, _),) = Counter(map(len, split)).most_common(1)
        places = [[parts[at] for parts in split if at < len(parts)] for at in range(min(_MOST_FIELDS, width))]
        fields = _fields(places, layout)
        if layout == "teachers" or "teacher" in fields:
            return CellPattern(fields=fields, separator=separator)
    if layout == "classes" and share(cells, is_person) >= _ENOUGH:
        return CellPattern(fields=("teacher",), separator="/")
    return None


def _parts(cell: str, separator: str) -> list[str]:
    first = cell if separator == "\n" else cell.splitlines()[0]
    return [part.strip() for part in first.split(separator)]


def _fields(places: Sequence[Sequence[str]], layout: str) -> tuple[str, ...]:
    """Return the field of each place inside the cells."""
    fields = ["" for _ in places]
    wanted = (
        (("class", is_class), ("room", is_room))
        if layout == "teachers"
        else (("teacher", is_person), ("room", is_room))
    )
    for name, looks in wanted:
        # Of places that look alike the room is the last: a class can look like a room.
        free = [at for at in range(len(fields)) if not fields[at]]
        likeness = {at: share(places[at], looks) for at in (reversed(free) if name == "room" else free)}
        best = max(likeness, key=lambda at: likeness[at], default=None)
        if best is not None and likeness[best] >= _ENOUGH:
            fields[best] = name
    rest = iter(("subject", "building", "other", "other"))
    return tuple(field or next(rest) for field in fields)


def lessons_of(cell: str, pattern: CellPattern | None, layout: str) -> list[Mapping[str, str]]:
    """Return the lessons of a cell, each a mapping from field to word.

    Lines are lessons of their own, for instance of two halves of a class, unless a line is what separates the fields.
    """
    if pattern is None:
        return [_plain(cell.replace("\n", " "), layout)]
    if pattern.separator != "\n":
        chunks = [line for line in cell.splitlines() if line.strip()]
        if pattern.separator in ("/", "|"):
            chunks = [part for chunk in chunks for part in chunk.split(";") if part.strip()]
        return [_named(chunk.split(pattern.separator), pattern) for chunk in chunks]
    lines = cell.splitlines()
    width = len(pattern.fields)
    if len(lines) > width and len(lines) % width == 0:
        return [_named(lines[at : at + width], pattern) for at in range(0, len(lines), width)]
    return [_named(lines, pattern)]


def _named(parts: Sequence[str], pattern: CellPattern) -> Mapping[str, str]:
    found = {name: part.strip() for name, part in zip(pattern.fields, parts, strict=False)}
    # A lesson without teacher but with a room is one part shorter, and its room stands where the teacher should.
    if "teacher" in found and len(parts) < len(pattern.fields) and is_room(found["teacher"]):
        found["room"] = found.pop("teacher")
    return found


def _plain(cell: str, layout: str) -> Mapping[str, str]:
    room = _ROOM_AT_END.search(cell)
    found = {"subject": cell}
    if room is not None:
        found["room"] = room[1]
    if layout == "classes" and is_person(cell):
        found["teacher"] = cell
    return found


def teachers_of(word: str) -> list[str]:
    """Return the teachers that one part of a cell names.

    >>> teachers_of("Орлова А. И., Белов П. П.")
    ['Орлова А. И.', 'Белов П. П.']
    """
    return [name for name in (part.strip() for part in _SEVERAL_TEACHERS.split(word)) if any(map(str.isalpha, name))]
