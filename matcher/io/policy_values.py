"""The values a policy file is made of: words, numbers, ranges and days, each with its check."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, Strict, StrictInt, StrictStr
from pydantic_core import PydanticCustomError

from matcher import policy_words as words
from matcher.policy import SOFT_RULES
from matcher.roster import MenteeCategory

_Item = TypeVar("_Item", bound=Hashable)


def once(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    """Refuse a list that names something twice."""
    for position, item in enumerate(items):
        if item in items[:position]:
            raise PydanticCustomError("repeated", "{item} stands twice", {"item": str(item)})
    return items


def check_order(least: float | None, most: float | None, least_key: str = "min", most_key: str = "max") -> None:
    """Refuse ``least`` above ``most``; the keys name them in the message."""
    if least is not None and most is not None and least > most:
        raise PydanticCustomError(
            "min_over_max",
            "{least_key} is over {most_key}",
            {"least_key": least_key, "most_key": most_key, "least": least, "most": most},
        )


def ascending(bounds: tuple[int, ...]) -> tuple[int, ...]:
    """Refuse numbers that do not ascend."""
    if any(least > most for least, most in pairwise(bounds)):
        raise PydanticCustomError("descending", "{values} do not ascend", {"values": ", ".join(map(str, bounds))})
    return bounds


def _gap(days: tuple[int, ...]) -> tuple[int, int | None]:
    ascending(days)
    return days[0], days[1] if len(days) == 2 else None


def _day_of_year(day: str) -> str:
    try:
        date.fromisoformat(f"2024-{day}")
    except ValueError:
        raise PydanticCustomError("day_of_year", "{day} is no day of the year", {"day": day}) from None
    return day


def _one_of(values: Sequence[str]) -> tuple[AfterValidator, Any]:
    """Return what makes a word one of ``values``, for the check and for the schema."""

    def check(value: str) -> str:
        if value not in values:
            raise PydanticCustomError("unknown_word", "{value} is unknown", {"value": value, "known": list(values)})
        return value

    return AfterValidator(check), Field(json_schema_extra={"enum": list(values)})


Once = AfterValidator(once)
Word = Annotated[StrictStr, Field(min_length=1)]
Count = Annotated[StrictInt, Field(ge=0)]
Level = Annotated[StrictInt, Field(ge=0, le=4)]
Percent = Annotated[StrictInt, Field(ge=0, le=100)]
Mark = Annotated[StrictInt, Field(ge=0, le=10)]
Positive = Annotated[StrictInt, Field(ge=1)]
Hours = Annotated[float, Strict(), Field(gt=0, le=60)]
Number = Annotated[float, Strict()]
Day = Annotated[date, Strict()]
Range = Annotated[tuple[Count, Count], AfterValidator(ascending)]
Gap = Annotated[tuple[Count, ...], Field(min_length=1, max_length=2), AfterValidator(_gap)]
MonthDay = Annotated[StrictStr, Field(pattern=r"^\d\d-\d\d$", examples=["09-01"]), AfterValidator(_day_of_year)]
Clock = Annotated[StrictStr, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["18:00"])]
SoftRule = Annotated[StrictStr, *_one_of(SOFT_RULES)]
Stage = Annotated[StrictStr, *_one_of(words.STAGES)]
ProgrammeField = Annotated[StrictStr, *_one_of(words.PROGRAMME_FIELDS)]
Party = Annotated[StrictStr, *_one_of(words.PARTIES)]
IndicatorId = Annotated[StrictStr, *_one_of(words.INDICATORS)]
DocumentId = Annotated[StrictStr, *_one_of(words.DOCUMENTS)]
RiskId = Annotated[StrictStr, *_one_of(words.RISKS)]
Law = Annotated[StrictStr, *_one_of(words.LAWS)]
_TIER_WORDS = (*MenteeCategory, "*")
TierWord = Annotated[StrictStr, *_one_of(_TIER_WORDS)]
