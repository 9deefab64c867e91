"""What a run is computed from, as the core wants it: people, regulation, times, and what is stated beside the plan."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from matcher.candidates.people import reference_day_of
from matcher.errors import Fault, InputError
from matcher.generate.roster import PRESETS, generate_roster
from matcher.generate.timetables import generate_busy
from matcher.io.policy_toml import build_policy
from matcher.io.read_roster import read_roster
from matcher.io.read_timetables import read_weeks
from matcher.io.write_timetables import write_timetables
from matcher.planning import usual_term
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.texts import text
from matcher.timegrid import Busy
from matcher.timetables import Timetables
from scenarios.document import EditPart, RosterPart, ScenarioDocument
from scenarios.scenario import Files, Run

DEFAULT_YEAR = 2026
"""The school year of made-up people (they are made on 1 September of it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """The inputs of a run. ``busy``, ``timetables`` and ``term`` are there where it has timetables.

    ``reference_day`` is that of the school year of the run, whenever it is computed.
    """

    policy: Policy
    roster: Roster
    reference_day: date
    busy: Busy | None = None
    timetables: Timetables | None = None
    term: tuple[date, date] | None = None


@contextmanager
def unpacked(files: Files) -> Iterator[Path]:
    """Write the files of a scenario to a folder of its own, for as long as they are read."""
    with tempfile.TemporaryDirectory(prefix="scenario-") as name:
        folder = Path(name)
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield folder


def build_materials(run: Run, files: Files) -> Materials:
    """Return the inputs of a run.

    Raises
    ------
    InputError
        When the roster, its edits or the timetables have faults.
    """
    settings = run.settings
    policy = build_policy(run.policy, settings.policy)
    day = reference_day_of(policy, date(settings.year or DEFAULT_YEAR, 9, 1))
    with unpacked(files) as folder:
        roster = _roster(settings.roster, policy.id, folder)
        if not settings.timetables:
            return Materials(policy=policy, roster=roster, reference_day=day)
        busy, weeks = _weeks(settings, roster, folder)
    usual = usual_term(policy, weeks)
    term = (settings.first_day or usual[0], settings.last_day or usual[1])
    return Materials(policy=policy, roster=roster, reference_day=day, busy=busy, timetables=weeks, term=term)


def _roster(part: RosterPart, policy_id: str, folder: Path) -> Roster:
    if part.file is not None:
        roster = read_roster(folder / part.file)
    else:
        made = part.model_dump(mode="json", exclude={"edit", "file"})
        roster = _made_up(json.dumps({"profile": policy_id} | {k: v for k, v in made.items() if v is not None}))
    for number, edit in enumerate(part.edit):
        roster = edited(roster, edit, f"roster.edit.{number}")
    return roster


@lru_cache(maxsize=4)
def _made_up(wanted: str) -> Roster:
    """Return made-up people; a sweep over regulations makes them once."""
    part = json.loads(wanted)
    if "size" in part:
        numbers: dict[str, int] = dict(PRESETS[part["size"]])
    else:
        numbers = {f"num_{key}": part[key] for key in ("mentees", "mentors", "organisations", "municipalities")}
        if "staff" in part:
            numbers["num_staff"] = part["staff"]
    return generate_roster(**numbers, seed=part["seed"], policy_id=part["profile"])


def edited(roster: Roster, edit: EditPart, place: str) -> Roster:
    """Return the roster with other values in some rows of a table: the first ``count`` that fit.

    Raises
    ------
    InputError
        When a key is none of the table's, a value does not fit, or fewer rows than ``count`` are there.
    """
    rows: list[Any] = list(getattr(roster, edit.table))
    chosen = [i for i, row in enumerate(rows) if all(_has(row, key, value) for key, value in edit.where.items())]
    if len(chosen) < (edit.count or 1):
        told = text(
            "{found} rows of {table} fit, {wanted} are wanted",
            found=len(chosen),
            table=edit.table,
            wanted=edit.count or 1,
        )
        raise InputError([Fault(place, told, text("change the seed, the size or the condition"))])
    for i in chosen[: edit.count]:
        rows[i] = _with(rows[i], edit.set, place)
    return replace(roster, **{edit.table: tuple(rows)})


def _has(row: Any, key: str, value: Any) -> bool:
    """Return whether a row has a value: itself, or among others."""
    own = getattr(row, key, None)
    return value in own if isinstance(own, tuple) else own == value


def _with(row: Any, values: Mapping[str, Any], place: str) -> Any:
    own = {one.name: getattr(row, one.name) for one in fields(row)}
    strange = sorted(set(values) - set(own))
    if strange:
        cure = text("known here: {known}", known=", ".join(own))
        raise InputError([Fault(place, text("the key {key} is unknown", key=strange[0]), cure)])
    try:
        return TypeAdapter(type(row)).validate_python(own | dict(values))
    except ValidationError as error:
        key = error.errors()[0]["loc"][0]
        told = text("{value} is wrong here", value=values.get(str(key), ""))
        raise InputError([Fault(f"{place}.set.{key}", told, text("write it as in the roster"))]) from None


def _weeks(settings: ScenarioDocument, roster: Roster, folder: Path) -> tuple[Busy | None, Timetables]:
    """Return when people are taken, made up or from the files."""
    if settings.timetables == "made up":
        made = folder / "made-up-timetables"
        maps = list(write_timetables(roster, generate_busy(roster, seed=settings.roster.seed), made))
    else:
        maps = [folder / name for name in settings.timetables]
    beside = folder / settings.calendar
    calendar = beside if beside.is_file() else settings.calendar
    busy, weeks, _ = read_weeks(maps, roster, calendar=calendar, year=settings.year or DEFAULT_YEAR)
    return busy, weeks
