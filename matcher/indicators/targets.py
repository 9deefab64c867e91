"""What an indicator should reach in a year (A-12)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from matcher.policy_parts import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The planned figure of a calendar year; ``is_held`` says that the target year has passed and its value is held."""

    year: int
    value: float
    unit: str
    is_held: bool
    source: str
    clause: str


def planned(target: Target, year: int) -> Planned:
    """Return the planned figure of ``year``: linear between the two years of the target, then held.

    >>> from types import SimpleNamespace
    >>> years = {"start_year": 2020, "start": 10, "end_year": 2024, "end": 70}
    >>> teachers = SimpleNamespace(**years, unit="percent", source="", clause="5.1")
    >>> planned(teachers, 2022).value, planned(teachers, 2026).value, planned(teachers, 2026).is_held
    (40.0, 70.0, True)
    """
    at = min(max(year, target.start_year), target.end_year)
    share = Fraction(at - target.start_year, target.end_year - target.start_year)
    start, end = Fraction(target.start), Fraction(target.end)
    return Planned(
        year=year,
        value=float(start + (end - start) * share),
        unit=target.unit,
        is_held=year > target.end_year,
        source=target.source,
        clause=target.clause,
    )
