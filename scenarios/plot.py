"""A plot of the report, and how its numbers are written."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from matcher.texts import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A drawing with the table of what it shows; ``note`` is a sentence or two, or empty."""

    title: str
    note: str
    drawing: Markup
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def decimal_sign(lang: Lang) -> str:
    """Return the decimal sign of a language."""
    return "," if lang == "ru" else "."


def shown(value: float, lang: Lang) -> str:
    """Return a number as people read it, with one decimal place at most.

    >>> shown(92.5, "ru"), shown(40.0, "ru")
    ('92,5', '40')
    """
    plain = f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return plain.replace(".", decimal_sign(lang))
