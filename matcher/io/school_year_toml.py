"""Reads and checks school years: the shipped presets and any TOML file of the same shape."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matcher.errors import Fault, InputError
from matcher.io.policy_faults import Example, findings
from matcher.io.school_year_build import build_school_year
from matcher.io.school_year_days import school_year_of
from matcher.io.school_year_document import SchoolYearDocument
from matcher.io.toml_text import Finding, faults_in_place, parse_toml, read_toml_text
from matcher.school_year import SchoolYear
from matcher.texts import text

SHIPPED = ("quarters", "trimesters")

#: A file of one's own that comes with the presets, to copy from.
_EXAMPLE = "example"


def list_school_years() -> tuple[str, ...]:
    """Return the ids of the presets."""
    return SHIPPED


def read_school_year(source: str | Path, *, year: int | None = None) -> SchoolYear:
    """Read a preset by its id, or a TOML file by its path.

    Parameters
    ----------
    source
        An id or a path.
    year
        The year in which the school year begins; by default the year of the dates in the file, and where it has none
        the present school year (from July on the coming one).

    Raises
    ------
    InputError
        When there is no such preset or file, when it is of another year, or when it has faults: all of them at once,
        each with its line and key, what is wrong and what would be right.

    Examples
    --------
    >>> found = read_school_year("quarters", year=2026)
    >>> found.first_day, found.kind_of(date(2026, 11, 4)).value, found.kind_of(date(2026, 10, 28)).value
    (datetime.date(2026, 9, 1), 'holiday', 'vacation')
    """
    if source in SHIPPED:
        return parse_school_year(_shipped_text(str(source)), f"{source}.toml", year=year)
    path = Path(source)
    return parse_school_year(read_toml_text(path, _not_found(str(source))), str(path), year=year)


def parse_school_year(content: str, file: str, *, year: int | None = None) -> SchoolYear:
    """Return the school year that a TOML text describes; ``file`` is the name its faults are shown under.

    Raises
    ------
    InputError
        When the text has faults: all of them at once.
    """
    own = parse_toml(content, file)
    found = _shape_findings(own)
    whole = {**_base(own), **own}
    made, misfits = build_school_year(whole, _year_of(whole) if year is None else year)
    if made is None or found:
        raise InputError(faults_in_place([*found, *misfits], content, file))
    return made


@cache
def school_year_schema() -> Mapping[str, Any]:
    """Return the JSON schema of a school year file, as shipped in ``matcher/school_years/schema.json``."""
    schema = SchoolYearDocument.model_json_schema()
    # What a base gives need not be repeated.
    schema["required"] = ["id", "title"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _base(own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the preset that a file builds on, empty where it names none."""
    return _preset(own["base"]) if own.get("base") in SHIPPED else {}


def _shape_findings(own: Mapping[str, Any]) -> list[Finding]:
    """Return what is wrong with the keys and values of a file; what its base has need not be there."""
    try:
        SchoolYearDocument.model_validate({**{key: _base(own)[key] for key in _NEEDED if key in _base(own)}, **own})
    except ValidationError as error:
        return list(findings(error, own, school_year_schema(), _example()))
    return []


_NEEDED = ("first_day", "last_day")


def _year_of(document: Mapping[str, Any]) -> int:
    first_day = document.get("first_day")
    return school_year_of(first_day if isinstance(first_day, date) else date.today())


@cache
def _preset(preset_id: str) -> Mapping[str, Any]:
    return tomllib.loads(_shipped_text(preset_id))


@cache
def _shipped_text(preset_id: str) -> str:
    return resources.files("matcher").joinpath("school_years", f"{preset_id}.toml").read_text(encoding="utf-8")


@cache
def _example() -> Example:
    return Example(
        document=tomllib.loads(_shipped_text(_EXAMPLE)),
        has=text("for example {key} = {value}"),
        like=text("write a table [{key}] as in docs/reference/school-year.md"),
        described=text("see docs/reference/school-year.md, which describes every key"),
    )


def _not_found(name: str) -> Fault:
    message = text("there is no such school year or file")
    near = get_close_matches(name, SHIPPED, n=1, cutoff=0.5)
    if near:
        return Fault(name, message, text("did you mean {near}?", near=near[0]))
    return Fault(name, message, text("name a TOML file or a calendar: {known}", known=", ".join(SHIPPED)))
