"""Bounded values of which the fields of records consist; what is outside its bounds is refused, never cut."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
    WithJsonSchema,
)

_ID = r"^[0-9a-f]{32}$"

Id = Annotated[str, StringConstraints(pattern=_ID)]
"""The identifier of a row."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
"""A line of text."""
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=6000, pattern=r"^[^\x00-\x20\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"),
]
"""Some paragraphs of text."""
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
"""A number or short name, as on a paper."""
Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Score = Annotated[int, Strict(), Field(ge=0, le=10)]
"""A mark from 0 to 10."""
Level = Annotated[int, Strict(), Field(ge=0, le=4)]
"""A level of competence."""
Minutes = Annotated[int, Strict(), Field(ge=1, le=1440)]


def _iso_day(value: Any) -> Any:
    """Let a day be written one way only: a number is no day."""
    if isinstance(value, str) and len(value) == 10:
        return value
    if isinstance(value, date):
        return value
    raise ValueError("a day is written 2026-09-01")


def _clock(value: Any) -> Any:
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, str) and len(value) == 5:
        return value
    raise ValueError("a time is written 14:30")


Day = Annotated[
    date,
    BeforeValidator(_iso_day),
    Field(ge=date(1990, 1, 1), le=date(2100, 12, 31)),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A day between 1990 and 2100."""
Clock = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
"""A time of the day, to the minute."""


class Fields(BaseModel):
    """What a record says. Every field may stay empty until a step of its life needs it; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(BaseModel):
    """A part of the fields of a record."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(Part):
    """From a day to a day, both included."""

    first_day: Day
    last_day: Day
