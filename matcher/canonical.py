"""One order for the rows of a roster, so that the order of the user's rows changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from enum import Enum
from typing import Any, TypeVar

from matcher.roster import Mentee, Roster

_Row = TypeVar("_Row")


def in_canonical_order(roster: Roster) -> Roster:
    """Return the same roster with the rows of every table in order of their contents, ids first.

    Requests of a mentee go by priority, deficits by competence; lists inside a cell stay as they are.

    >>> from matcher.roster import Person
    >>> people = (Person(id="B", organisation="O"), Person(id="A", organisation="O"))
    >>> [person.id for person in in_canonical_order(Roster(people=people)).people]
    ['A', 'B']
    """
    tables = {table.name: _in_order(getattr(roster, table.name)) for table in fields(Roster)}
    tables["mentees"] = tuple(map(_with_ordered_needs, tables["mentees"]))
    return Roster(**tables)


def _with_ordered_needs(mentee: Mentee) -> Mentee:
    requests = sorted(mentee.requests, key=lambda request: (request.priority, *_key(request)))
    return replace(mentee, requests=tuple(requests), deficits=_in_order(mentee.deficits))


def _in_order(rows: Iterable[_Row]) -> tuple[_Row, ...]:
    return tuple(sorted(rows, key=_key))


def _key(row: Any) -> tuple[Any, ...]:
    """Return the contents of a row as something that can be compared: what is missing comes first."""
    return tuple(_comparable(getattr(row, field.name)) for field in fields(row))


def _comparable(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, 0)
    if isinstance(value, bool | int | float):
        return (1, value)
    if isinstance(value, Enum):
        return (2, str(value.value))
    if isinstance(value, str):
        return (2, value)
    if isinstance(value, tuple):
        return (3, tuple(_key(item) if hasattr(item, "__dataclass_fields__") else _comparable(item) for item in value))
    if hasattr(value, "items"):
        return (4, tuple(sorted((str(key), _comparable(item)) for key, item in value.items())))
    return (5, value)
