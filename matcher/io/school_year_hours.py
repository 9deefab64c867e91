"""The hours of a school year file: bells, the day, the evening; and what is unusual about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter, ValidationError

from matcher.io.policy_values import Clock
from matcher.io.school_year_document import BellTable, SchoolYearDocument, entries
from matcher.io.toml_text import Finding
from matcher.school_year import Bell, SchoolYear
from matcher.texts import Text, text

_CLOCK: TypeAdapter[str] = TypeAdapter(Clock)
_EXCHANGE = text("exchange the two times or correct one")
_LESSON, _BREAK, _FIRST, _LAST = 45, 10, 8 * 60, 19 * 60


def minute_of(clock: str) -> int:
    """Return the minute of the day of a clock time.

    >>> minute_of("08:45")
    525
    """
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def read_bells(document: Mapping[str, Any]) -> tuple[list[Bell], list[Finding]]:
    """Return the bells of a document as they stand, and what does not fit in the hours of its day."""
    found: list[Finding] = []
    begins, ends, evening = (_key_minute(document, key) for key in ("day_start", "day_end", "evening"))
    if begins is not None and ends is not None:
        if ends <= begins:
            found.append((("day_end",), text("the end is not after the beginning"), _EXCHANGE))
            begins = ends = None
        elif evening is not None and not begins <= evening <= ends:
            message = text("the evening does not begin in the hours of the day")
            found.append((("evening",), message, text("write a time from day_start to day_end")))
    placed: list[tuple[tuple[str | int, ...], Bell]] = []
    for place, entry in entries(document, "bells", BellTable):
        start, end = minute_of(entry.begins), minute_of(entry.ends)
        if end <= start:
            found.append((place, text("the end is not after the beginning"), _EXCHANGE))
            continue
        if begins is not None and ends is not None and not (begins <= start and end <= ends):
            message = text("“{name}” lies outside the hours of the day", name=entry.name)
            found.append((place, message, text("correct the bell, or day_start and day_end")))
        placed.append((place, Bell(name=entry.name, start_minute=start, end_minute=end, shift=entry.shift)))
    for shift in sorted({bell.shift for _, bell in placed}):
        found += _overlaps([(place, bell) for place, bell in placed if bell.shift == shift])
    return [bell for _, bell in placed], found


def _key_minute(document: Mapping[str, Any], key: str) -> int | None:
    """Return the minute under a key; None where it holds no clock time."""
    try:
        return minute_of(_CLOCK.validate_python(document.get(key, SchoolYearDocument.model_fields[key].default)))
    except ValidationError:
        return None


def _overlaps(bells: Sequence[tuple[tuple[str | int, ...], Bell]]) -> Iterator[Finding]:
    ordered = sorted(bells, key=lambda found: (found[1].start_minute, found[1].end_minute))
    for (_, before), (place, bell) in pairwise(ordered):
        if bell.start_minute < before.end_minute:
            message = text("“{name}” overlaps “{other}”", name=bell.name, other=before.name)
            yield place, message, text("correct one of the two, or give them different shifts")


def strange_bells(year: SchoolYear) -> Iterator[Text]:
    """Yield what is unusual in Russian schools: hours, lengths and breaks of lessons (``ru_school_day``)."""
    for bell in year.bells:
        if bell.end_minute - bell.start_minute > _LESSON:
            yield text("lesson “{name}” is longer than 45 minutes", name=bell.name)
        if bell.start_minute < _FIRST:
            yield text("lesson “{name}” begins before 08:00", name=bell.name)
        if bell.end_minute > _LAST:
            yield text("lesson “{name}” ends after 19:00", name=bell.name)
    for shift in sorted({bell.shift for bell in year.bells}):
        bells = sorted((bell for bell in year.bells if bell.shift == shift), key=lambda bell: bell.start_minute)
        for before, bell in pairwise(bells):
            if bell.start_minute - before.end_minute < _BREAK:
                yield text("the break before lesson “{name}” is shorter than 10 minutes", name=bell.name)
