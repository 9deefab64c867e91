"""The Russian words of papers: labels of what is enumerated, days, hours. Papers are in Russian for every reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from babel.dates import format_date

from matcher.io.choices import CATEGORIES, FORMS, KINDS, MODELS, POSITIONS, SUBJECTS, TOPICS
from matcher.io.speaker import lowered
from service.documents.labels import LABELS

_CHOICES = {
    "form": FORMS,
    "kind": KINDS,
    "model": MODELS,
    "topic": TOPICS,
    "category": CATEGORIES,
    "position": POSITIONS,
    "subject": SUBJECTS,
}
_KNOWN: Mapping[str, Mapping[str, str]] = {
    **{name: {choice.id: choice.label("ru") for choice in choices} for name, choices in _CHOICES.items()},
    **LABELS,
}


def word(what: str, value: object) -> str:
    """Return the label of an enumerated value, the value itself where it has none, nothing for None.

    >>> word("form", "teacher_teacher"), word("position", "школьный логопед"), word("kind", None)
    ('педагог – педагог', 'школьный логопед', '')
    """
    return "" if value is None else _KNOWN[what].get(str(value), str(value))


def small(what: str, value: object) -> str:
    """Return a label as it stands inside a sentence."""
    return lowered(word(what, value))


def day(value: date | None) -> str:
    """Return a day by its numbers (01.10.2026), nothing for None."""
    return "" if value is None else f"{value:%d.%m.%Y}"


def long_day(value: date | None) -> str:
    """Return a day in words (1 октября 2026 г.), nothing for None."""
    return "" if value is None else str(format_date(value, "d MMMM y 'г.'", locale="ru"))


def clock(value: time | int) -> str:
    """Return a time of the day, given as such or in minutes."""
    return f"{value // 60:02d}:{value % 60:02d}" if isinstance(value, int) else f"{value:%H:%M}"


def listed(values: Iterable[str]) -> str:
    """Return what is not empty of some values, by commas, each once."""
    return ", ".join(dict.fromkeys(one for one in values if one))


def clean(value: Any) -> Any:
    r"""Return a value without the characters a paper cannot hold; a template must not see tabs or page feeds either.

    >>> clean({"a": "one\x0c\ttwo\r\nthree\x00"})
    {'a': 'one two\nthree'}
    """
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c\t", " ").translate(_NOT_ON_PAPER)
    if isinstance(value, Mapping):
        return {name: clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean(one) for one in value]
    return value


_NOT_ON_PAPER = (
    {code: None for code in range(32) if code != 10}
    | {9: " ", 11: " ", 12: " ", 127: None, 0xFFFE: None, 0xFFFF: None}
    | dict.fromkeys(range(0xD800, 0xE000))
)
