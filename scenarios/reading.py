"""Reads scenarios: those that come with the program and any folder of the same shape, every fault at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matcher.errors import Fault, InputError
from matcher.io.policy_faults import Example, findings
from matcher.io.policy_toml import build_policy, read_policy_text
from matcher.io.toml_text import Finding, faults_in_place, parse_toml, read_toml_text
from matcher.texts import text
from scenarios.compute import WAYS
from scenarios.document import ScenarioDocument
from scenarios.scenario import Scenario

FILE = "scenario.toml"
_EXAMPLE = "kalmykia"
_HOME = Path(__file__).parent


def list_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the program."""
    return tuple(sorted(file.parent.name for file in _HOME.glob(f"*/{FILE}")))


def read_scenario(name_or_folder: str | Path) -> Scenario:
    """Read a scenario by its name, or from its folder.

    Raises
    ------
    InputError
        When there is no such scenario, or its file, its regulation or a file it names has faults: all of them at once.
    """
    folder = _HOME / name_or_folder if name_or_folder in list_scenarios() else Path(name_or_folder)
    path = folder / FILE
    content = read_toml_text(path, _not_found(str(name_or_folder)))
    shown = str(path)
    document = parse_toml(content, shown)
    try:
        settings = ScenarioDocument.model_validate(document)
    except ValidationError as error:
        found = findings(error, document, scenario_schema(), _example())
        raise InputError(faults_in_place(found, content, shown)) from None
    misfits = list(_misfits(settings, folder))
    if misfits:
        raise InputError(faults_in_place(misfits, content, shown))
    return Scenario(
        name=folder.resolve().name,
        folder=folder,
        document=document,
        settings=settings,
        policy=_read_policy(settings.policy, folder),
        files=_read_files(settings, folder),
    )


@cache
def scenario_schema() -> Mapping[str, Any]:
    """Return the JSON schema of the file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ScenarioDocument.model_json_schema()}


def _read_policy(policy: str, folder: Path) -> Mapping[str, Any]:
    """Return the document of a regulation without faults."""
    beside = folder / policy
    content, shown = read_policy_text(beside if beside.is_file() else policy)
    document = parse_toml(content, shown)
    build_policy(document, shown, content)
    return document


def _misfits(settings: ScenarioDocument, folder: Path) -> Iterator[Finding]:
    """Yield what is wrong between keys, and files that are not there."""
    roster = settings.roster
    if settings.what not in WAYS:
        known = text("known here: {known}", known=", ".join(sorted(WAYS)))
        yield ("what",), text("{value} is unknown", value=settings.what), known
    ways = [roster.file is not None, roster.size is not None, roster.mentees is not None or roster.mentors is not None]
    if sum(ways) != 1 or (ways[2] and (roster.mentees is None or roster.mentors is None)):
        cure = text("give one of: file; size; mentees and mentors")
        yield ("roster",), text("it is not said which people take part"), cure
    if settings.timetables == "made up" and roster.file is not None:
        cure = text("name the maps of the timetables")
        yield ("timetables",), text("timetables are made up only for people who are"), cure
    if settings.what == "country":
        yield from _country_misfits(settings)
    if settings.changes is not None and not settings.timetables:
        cure = text("add timetables, or leave the changes out")
        yield ("changes",), text("there are no meetings to repair"), cure
    for key, name in _named_files(settings):
        if not (folder / name).exists():
            yield (key,), text("there is no file {name}", name=name), text("put it beside scenario.toml")


def _country_misfits(settings: ScenarioDocument) -> Iterator[Finding]:
    """Yield what a year planned by municipalities cannot have."""
    if isinstance(settings.timetables, tuple) and settings.timetables:
        yield ("timetables",), text("the timetables of a country are made up"), text('write "made up"')
    if settings.timetables and settings.calendar.endswith(".toml"):
        cure = text("write quarters or trimesters")
        yield ("calendar",), text("the year of a country has one of the shipped calendars"), cure


def _named_files(settings: ScenarioDocument) -> Iterator[tuple[str, str]]:
    """Yield the key and the name of every file beside the scenario."""
    if settings.roster.file is not None:
        yield "roster", settings.roster.file
    if isinstance(settings.timetables, tuple):
        yield from (("timetables", name) for name in settings.timetables)
    if settings.stated is not None:
        yield "stated", settings.stated
    if settings.calendar.endswith(".toml"):
        yield "calendar", settings.calendar


def _read_files(settings: ScenarioDocument, folder: Path) -> dict[str, bytes]:
    """Return the files that go in; of a folder of timetables all, since maps name others."""
    paths: set[Path] = set()
    for _, name in _named_files(settings):
        path = folder / name
        near = path if path.is_dir() else path.parent if path.parent != folder else None
        paths |= {path} if near is None else {one for one in near.rglob("*") if one.is_file()}
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(paths)}


@cache
def _example() -> Example:
    content = resources.files("scenarios").joinpath(_EXAMPLE, FILE).read_text(encoding="utf-8")
    return Example(
        document=tomllib.loads(content),
        has=text("for example {key} = {value}"),
        like=text("write it as in: {key}"),
        described=text("see docs/reference/scenarios.md, which describes every key"),
    )


def _not_found(name: str) -> Fault:
    near = get_close_matches(name, list_scenarios(), n=1, cutoff=0.5)
    if near:
        return Fault(name, text("there is no such scenario"), text("did you mean {near}?", near=near[0]))
    cure = text("name a folder with scenario.toml, or one of: {known}", known=", ".join(list_scenarios()))
    return Fault(name, text("there is no such scenario"), cure)
