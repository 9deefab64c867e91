"""The words people send about themselves and others: how long they may be, and what they look like."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from service.access.passwords import MAX_LENGTH

# No control characters: they have no place in a name, and would forge lines where it is printed.
_LINE = r"^[^\x00-\x1f\x7f\u2028\u2029]*$"


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("time_zone")
    return value


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_LINE)]
Login = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=254, pattern=r"^[^\x00-\x20\x7f]*$"),
    Field(examples=["curator@school.example"]),
]
Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=_LINE),
    Field(examples=["school-23"]),
]
Password = Annotated[str, Field(max_length=4 * MAX_LENGTH, examples=["winter river seven lamps"])]
Secret = Annotated[str, Field(min_length=1, max_length=200, examples=["mm_0123456789abcdef"])]
OneTimeCode = Annotated[str, Field(min_length=6, max_length=40, examples=["123456"])]
DirectorySubject = Annotated[str, StringConstraints(max_length=255, pattern=r"^[\x21-\x7e]*$")]
"""Whom the municipality's directory calls somebody; empty: it does not know him."""
RowId = Annotated[str, Field(min_length=1, max_length=64, examples=["5f0c6d0c1e4b4a8f9d3b2a1c0e9f8d7c"])]
TimeZone = Annotated[str, Field(max_length=64, examples=["Europe/Moscow"]), AfterValidator(_known_zone)]
MailAddress = Annotated[
    str,
    StringConstraints(
        max_length=254, pattern=r"^[^\s@<>,;:\"\x00-\x1f]+@[^\s@<>,;:\"\x00-\x1f]+\.[^\s@<>,;:\"\x00-\x1f]+$"
    ),
    Field(examples=["mentor@school.example"]),
]
