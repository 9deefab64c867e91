"""Plan files: lossless, versioned JSON that holds a plan with everything it was made from."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from matcher.errors import Fault, InputError
from matcher.io.plan_file import VERSION, PlanFile
from matcher.io.plan_sessions import strange_people
from matcher.io.plan_text import TextPart
from matcher.plan import Plan
from matcher.texts import Text, text

#: Parts written with one line to each of their members.
_TALL = frozenset({"roster", "certificate", "busy", "timetables", "schedule"})

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def write_plan_json(plan: Plan, path: str | Path, explanations: object = None) -> None:
    """Write a plan so that :func:`read_plan_json` gives it back unchanged.

    The same plan gives the same bytes; only the part ``timings`` differs between two runs of the same input.
    ``explanations`` (plain dataclasses) are added for people and programs and are not read back. The file appears
    whole or not at all.
    """
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(plan_lines(plan, explanations))
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def plan_lines(plan: Plan, explanations: object = None) -> Iterator[str]:
    """Yield the text of a plan file."""
    document = PlanFile.of(plan).model_dump(mode="json", exclude_defaults=True)
    if explanations is not None:
        document["explanations"] = plain(explanations)
    yield "{\n"
    for position, (name, value) in enumerate(document.items()):
        yield ",\n" if position else ""
        yield f"{json.dumps(name)}: "
        yield from _tall(value) if name in _TALL and isinstance(value, Mapping) else _wide(value)
    yield "\n}\n"


def _tall(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield an object with one line to each key, and one to each row of a list of objects."""
    yield "{\n"
    for position, (name, part) in enumerate(value.items()):
        yield ",\n" if position else ""
        yield f" {json.dumps(name)}: "
        yield from _wide(part, " ")
    yield "\n}"


def _wide(value: Any, indent: str = "") -> Iterator[str]:
    """Yield a value; the rows of a list of objects and the entries of an object of objects have a line each."""
    rows: Iterable[str]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        opening, closing, rows = "[", "]", (_dumped(row) for row in value)
    elif isinstance(value, dict) and any(isinstance(row, dict) for row in value.values()):
        opening, closing = "{", "}"
        rows = (f"{_dumped(name)}: {_dumped(row)}" for name, row in value.items())
    else:
        yield _dumped(value)
        return
    yield f"{opening}\n{indent} "
    yield f",\n{indent} ".join(rows)
    yield f"\n{indent}{closing}"


def _dumped(value: Any) -> str:
    return _encode(value)


def plain(value: Any) -> Any:
    """Return dataclasses, sentences, enumerated words and arrays as JSON values."""
    if isinstance(value, Text):
        return TextPart.of(value).model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {" ".join(map(str, key)) if isinstance(key, tuple) else str(key): plain(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def read_plan_json(path: str | Path) -> Plan:
    """Return the plan of a file that :func:`write_plan_json` has written.

    Raises
    ------
    InputError
        When there is no such file, when it is no plan of a version this program reads, or when it is damaged: every
        fault with its place in the file.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError:
        fault = Fault(str(path), text("the file cannot be read"), text("give the path of a plan file"))
        raise InputError([fault]) from None
    found = _parsed(content, str(path))
    faults = list(_broken_references(found, str(path)))
    if faults:
        raise InputError(faults)
    return found.plan()


def _parsed(content: bytes, file: str) -> PlanFile:
    try:
        return PlanFile.model_validate_json(content)
    except ValidationError as error:
        raise InputError(list(_faults(error, file))) from None


def _faults(error: ValidationError, file: str) -> Iterator[Fault]:
    found = error.errors(include_url=False)
    for entry in found:
        if entry["type"] == "json_invalid":
            yield Fault(file, _not_json(str(entry["ctx"]["error"])), _FROM_COPY)
            return
        if entry["loc"] in (("format",), ()) or (entry["loc"] == ("version",) and entry["type"] == "missing"):
            yield Fault(file, text("this is not a plan file"), _WRITTEN_BY)
            return
    for entry in found:
        if entry["loc"] == ("version",):
            message = text("version {version} of a plan file is unknown", version=str(entry["input"])[:20])
            cure = text("this program reads versions 1 to {last}; use the program that wrote the file", last=VERSION)
            yield Fault(file, message, cure)
            return
    for entry in found:
        message, cure = _sentence(entry["type"], entry["input"])
        yield Fault(_place(file, entry["loc"]), message, cure)


def _not_json(reason: str) -> Text:
    at = re.search(r"line (\d+) column (\d+)", reason)
    if at is None:
        return text("the file is damaged, or is no plan at all")
    return text("the file is damaged, or is no plan at all: line {line}, character {column}", line=at[1], column=at[2])


_FROM_COPY = text("take the file from a backup, or make the plan again")
_WRITTEN_BY = text("give a plan.json written by matcher pair or matcher plan")


def _sentence(kind: str, value: object) -> tuple[Text, Text]:
    if kind == "missing":
        return text("the key is missing"), _FROM_COPY
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return text("the key is unknown"), text("remove the key, or make the plan again")
    return text("{value} is wrong here", value=_dumped(value)[:60]), _FROM_COPY


def _place(file: str, steps: Iterable[str | int]) -> str:
    """Return a place as a JSON path."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return f"{file}: ${path}"


def _broken_references(found: PlanFile, file: str) -> Iterator[Fault]:
    """Yield ids that name nothing, so that whoever reads the plan finds everybody it speaks of."""
    roster = found.roster
    people = {person.id for person in roster.people}
    classes = {school_class.id for school_class in roster.classes}
    named: list[tuple[str, str, Iterable[str], set[str]]] = [
        ("roster.mentors", "person", (mentor.person for mentor in roster.mentors), people),
        ("roster.mentees", "person", (m.person for m in roster.mentees if not m.is_class), people),
        ("roster.mentees", "person", (m.person for m in roster.mentees if m.is_class), classes),
    ]
    for part, key, ids, known in named:
        for id_ in dict.fromkeys(ids):
            if id_ not in known:
                yield Fault(f"{file}: $.{part}[*].{key}", text("nobody has the code {id}", id=id_), _FROM_COPY)
    for name, listed in (("people", roster.people), ("mentors", roster.mentors), ("mentees", roster.mentees)):
        keys = [getattr(row, "id", None) or getattr(row, "person", "") for row in listed]
        if len(set(keys)) < len(keys):
            yield Fault(f"{file}: $.roster.{name}", text("the same code stands twice"), _FROM_COPY)
    for place, id_ in _strangers(found):
        yield Fault(_place(file, place), text("nobody has the code {id}", id=id_), _FROM_COPY)
    yield from _misshapen(found, file)


def _strangers(found: PlanFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield from found.strange_prices()
    yield from strange_people(("apart",), found.apart, found.roster)
    for part in (found.timetables, found.schedule):
        if part is not None:
            yield from part.strange_ids(found.roster)


def _misshapen(found: PlanFile, file: str) -> Iterator[Fault]:
    part = found.certificate
    for name, names in (("items", part.items), ("quotas", part.quotas)):
        if len(set(names)) < len(names):
            yield Fault(f"{file}: $.certificate.{name}", text("the same code stands twice"), _FROM_COPY)
    if len({len(found.levels), len(part.prices), len(part.values)}) > 1:
        yield Fault(f"{file}: $.certificate", text("levels, values and prices differ in number"), _FROM_COPY)
    for name in found.schedule.repeated_lists() if found.schedule is not None else ():
        yield Fault(f"{file}: $.schedule.{name}", text("the same code stands twice"), _FROM_COPY)
    for id_ in found.timetables.years_without_place() if found.timetables is not None else ():
        yield Fault(_place(file, ("timetables", "years", id_)), text("the file has no such school year"), _FROM_COPY)
    if found.busy is not None:
        most = 64 * max(1, -(-len(found.busy.slots) // 64))
        for id_, times in found.busy.people.items():
            if any(int(digits, 16).bit_length() > most for _, digits in times):
                message = text("a time outside the grid")
                yield Fault(_place(file, ("busy", "people", id_)), message, _FROM_COPY)
