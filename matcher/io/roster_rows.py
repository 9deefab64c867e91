"""Objects of the roster out of the parsed rows of a sheet."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from matcher import roster as roster_types
from matcher.io.parsed import Parsed

ROW_TYPES: dict[str, type] = {
    "organisations": roster_types.Organisation,
    "sites": roster_types.Site,
    "travel": roster_types.Travel,
    "classes": roster_types.SchoolClass,
    "people": roster_types.Person,
    "mentors": roster_types.Mentor,
    "mentees": roster_types.Mentee,
    "requests": roster_types.Request,
    "deficits": roster_types.Deficit,
    "wishes": roster_types.Wish,
    "compatibility": roster_types.Compatibility,
    "overrides": roster_types.Override,
    "locks": roster_types.Lock,
    "rooms": roster_types.Room,
    "licences": roster_types.Licence,
    "availability": roster_types.Availability,
    "absences": roster_types.Absence,
    "consents": roster_types.Consent,
    "contracts": roster_types.Contract,
}


@cache
def value_type(sheet_id: str, field_name: str) -> type:
    """Return the type of one value of a field: an enumeration, int, or str."""
    hint = typing.get_type_hints(ROW_TYPES[sheet_id]).get({"class": "person"}.get(field_name, field_name), str)
    while typing.get_origin(hint) is not None:
        if typing.get_origin(hint) in (typing.Union, types.UnionType):
            hint = next(part for part in typing.get_args(hint) if part is not type(None))
        else:
            hint = typing.get_args(hint)[0]
    return hint if isinstance(hint, type) and (issubclass(hint, StrEnum) or hint is int) else str


def build_rows(parsed: Parsed, *, without: Sequence[str] = (), **more: Sequence[object]) -> list[typing.Any]:
    """Return the objects of a sheet that has no faults; columns in ``without`` come from ``more`` or have defaults."""
    row_type = ROW_TYPES[parsed.sheet.id]
    defaults = {f.name: _default(f) for f in dataclasses.fields(row_type)}
    fields: dict[str, Sequence[object]] = dict(more)
    for column in parsed.sheet.columns:
        if column.id not in parsed.values or column.id in without or column.field == "levels":
            continue
        default = defaults[column.field]
        values = parsed.values[column.id]
        fields[column.field] = values if default is None else [default if v is None else v for v in values]
    if "levels" in defaults:
        fields["levels"] = _levels(parsed)
    names = tuple(fields)
    return [row_type(**dict(zip(names, row, strict=True))) for row in zip(*fields.values(), strict=True)]


def _default(f: dataclasses.Field[typing.Any]) -> object:
    if f.default_factory is not dataclasses.MISSING:
        return f.default_factory()
    return None if f.default is dataclasses.MISSING else f.default


def _levels(parsed: Parsed) -> list[dict[roster_types.CompetenceBlock, int]]:
    levels: list[dict[roster_types.CompetenceBlock, int]] = [{} for _ in parsed.row]
    for block in roster_types.CompetenceBlock:
        for level, value in zip(levels, parsed.get(f"level.{block}"), strict=True):
            if isinstance(value, int):
                level[block] = value
    return levels
