"""The shape of a school year file: one table for each thing it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, PlainValidator, StrictStr, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from matcher.io.policy_tables import Table
from matcher.io.policy_values import Clock, Once, Positive, Word

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_PATTERN = rf"^(({'|'.join(WEEKDAYS)}) )?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


def _day(value: Any) -> date | str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.match(DAY_PATTERN, value):
        return value
    raise PydanticCustomError("school_day", "{value} is no day", {"value": str(value)})


#: A date, or a month and day of whichever year: "09-01"; "sat 10-22" is the first Saturday from 22 October on.
DayWord = Annotated[
    date | str,
    PlainValidator(_day),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": DAY_PATTERN}, {"type": "string", "format": "date"}]}),
]
Grade = Annotated[int, Field(strict=True, ge=1, le=11)]


class TermTable(Table):
    """A quarter, trimester or half-year; without ``first`` or ``last`` it begins or ends with the year."""

    name: Word
    first: DayWord | None = None
    last: DayWord | None = None


class SpanTable(Table):
    """Days under a name, both ends included."""

    name: Word
    first: DayWord
    last: DayWord


class ExamTable(SpanTable):
    """Days of an examination; it takes whom it names, or everybody."""

    grades: Annotated[tuple[Grade, ...], Once] = ()
    subjects: Annotated[tuple[Word, ...], Once] = ()
    people: Annotated[tuple[Word, ...], Once, Field(description="codes of the roster")] = ()


class BellTable(Table):
    """An hour of the day."""

    name: Word
    begins: Annotated[Clock, Field(alias="from")]
    ends: Annotated[Clock, Field(alias="to")]
    shift: Positive = 1


class HolidaysTable(Table):
    """Public holidays with their transferred days, and what is otherwise here."""

    country: Annotated[
        Literal["RU", ""], Field(description="whose holidays and transferred days are taken; empty: none")
    ] = "RU"
    add: tuple[SpanTable, ...] = ()
    remove: Annotated[
        tuple[DayWord, ...], Field(description="holidays and transferred working days that are ordinary days here")
    ] = ()


class SchoolYearDocument(Table):
    """A school year file."""

    id: Annotated[StrictStr, Field(pattern=r"^[a-z0-9_]+$", examples=["school_7"])]
    title: Word
    title_en: StrictStr = ""
    base: Annotated[
        Literal["quarters", "trimesters"] | None, Field(description="what is not written here is as in this preset")
    ] = None
    first_day: DayWord
    last_day: DayWord
    weekdays: Annotated[Literal[5, 6], Field(description="school days of a week")] = 5
    num_weeks: Annotated[Literal[1, 2], Field(description="2: weeks A and B alternate")] = 1
    week_a_day: Annotated[DayWord | None, Field(description="a day of a week A; otherwise the first day")] = None
    day_start: Annotated[Clock, Field(description="no session begins before")] = "08:00"
    day_end: Annotated[Clock, Field(description="no session ends after")] = "19:00"
    evening: Annotated[Clock, Field(description="sessions that end later count as evenings")] = "18:00"
    working_days: Annotated[
        tuple[DayWord, ...], Field(description="school days although week or holiday say otherwise")
    ] = ()
    terms: tuple[TermTable, ...] = ()
    vacations: tuple[SpanTable, ...] = ()
    exams: tuple[ExamTable, ...] = ()
    report_weeks: tuple[SpanTable, ...] = ()
    bells: tuple[BellTable, ...] = ()
    holidays: HolidaysTable = HolidaysTable()


_Table = TypeVar("_Table", bound=Table)


def entries(document: Mapping[str, Any], key: str, table: type[_Table]) -> list[tuple[tuple[str | int, ...], _Table]]:
    """Return the entries of a list that have the right shape, each with its place."""
    rows = document.get(key)
    found: list[tuple[tuple[str | int, ...], _Table]] = []
    for at, row in enumerate(rows if isinstance(rows, list) else ()):
        try:
            found.append(((key, at), table.model_validate(row)))
        except ValidationError:
            continue
    return found
