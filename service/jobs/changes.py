"""What a repair is asked for, as the request keeps it (ids of rows) and as the solver reads it (``CHANGES.toml``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from service.rounds.inputs import open_timetable
from service.tables.areas import Person
from service.tables.rounds import Pair, Run, TimetableFile
from service.vault import Vault

_DAYS = frozenset({"from", "to", "day", "today"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFiles:
    """The text of ``CHANGES.toml``, and the maps and busy tables it names, each with its folder."""

    toml: str
    maps: tuple[tuple[str, str, str], ...] = ()


def change_files(session: Session, vault: Vault, run: Run) -> ChangeFiles:
    """Return the changes of a run in the words of its plan: people by their codes, pairs by the codes of both."""
    asked: Mapping[str, Any] = run.options.get("changes") or {}
    maps: list[tuple[str, str, str]] = []
    lines: list[str] = []
    if asked.get("today"):
        lines += _table("", {"today": asked["today"]})
    for row in asked.get("absence", ()):
        lines += _table("[[absence]]", {**row, "person": _code(session, row["person"])})
    for row in asked.get("room", ()):
        lines += _table("[[room]]", row)
    for row in asked.get("end", ()):
        lines += _table("[[end]]", {**row, "pair": activity_of(session, row["pair"])})
    for row in asked.get("new", ()):
        people = {"mentor": _code(session, row["mentor"]), "mentee": _code(session, row["mentee"])}
        lines += _table("[[new]]", {**row, **people})
    for row in asked.get("term", ()):
        lines += _table("[[term]]", {**row, "pair": activity_of(session, row["pair"])})
    for number, row in enumerate(asked.get("timetable", ())):
        _, map_toml, rows = open_timetable(vault, session.get_one(TimetableFile, row["timetable"]))
        folder = f"new-{number:04}"
        maps.append((folder, map_toml, rows))
        kept = {"organisation": row["organisation"], "map": f"{folder}/MAP.toml", "from": row["from"]}
        lines += _table("[[timetable]]", kept)
    if asked.get("budget"):
        lines += _table("[budget]", asked["budget"])
    return ChangeFiles(toml="\n".join(lines) + "\n", maps=tuple(maps))


def away_toml(today: date, rows: Iterable[tuple[str, date, date]]) -> str:
    """Return the text of ``CHANGES.toml`` in which people (their codes) are away from a day to a day."""
    lines = list(_table("", {"today": today.isoformat()}))
    for code, first, last in rows:
        lines += _table("[[absence]]", {"person": code, "from": first.isoformat(), "to": last.isoformat()})
    return "\n".join(lines) + "\n"


def activity_of(session: Session, pair_id: str) -> str:
    """Return what a plan calls the work of a pair, or of the group it is in."""
    pair = session.get_one(Pair, pair_id)
    if pair.group_code is not None:
        return pair.group_code
    return f"{_code(session, pair.mentor_id)}:{_code(session, pair.mentee_id)}"


def _code(session: Session, person_id: str) -> str:
    return session.get_one(Person, person_id).code


def _table(heading: str, row: Mapping[str, Any]) -> Iterator[str]:
    if heading:
        yield heading
    for name, value in row.items():
        if value is not None:
            yield f"{name} = {_value(name, value)}"


def _value(name: str, value: object) -> str:
    """Return a value as TOML writes it."""
    if name in _DAYS:
        return date.fromisoformat(str(value)).isoformat()
    if isinstance(value, int):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
