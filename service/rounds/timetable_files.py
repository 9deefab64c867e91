"""Timetables of organisations: a map with its busy rows, or a file of a timetable program and the draft of a map.

What is read here was uploaded: maps may name no path, and :mod:`service.rounds.upload_child` does the reading.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.io.read_timetables import read_timetables
from matcher.io.report import Remark
from matcher.io.school_year_toml import SHIPPED
from matcher.io.timetable.draft.map_text import choose_organisation, map_text
from matcher.io.timetable.draft.people import match_people
from matcher.io.timetable.read_timetable import Aids, read_timetable
from matcher.io.timetable.write_busy import write_busy_csv
from matcher.roster import Roster
from matcher.texts import Lang, text

ROWS = "rows.csv"
_LONGEST = 5 * 2**20


def check_map(folder: Path, roster: Roster) -> tuple[str, tuple[Remark, ...]]:
    """Return the map that lies in a folder as ``MAP.toml``, its table renamed to ``rows.csv``, and what to remark on.

    Raises
    ------
    InputError
        When the map or the rows have faults, or the map names a path: every fault at once.
    """
    content = _harmless(_text(folder / "MAP.toml"))
    _text(folder / ROWS)
    (folder / "MAP.toml").write_text(content, encoding="utf-8")
    document = tomllib.loads(content)
    organisation = str(document.get("organisation", ""))
    _, remarks = read_timetables([folder / "MAP.toml"], _with_members_of(roster, organisation))
    kept = [one for one in remarks if one.kind != "usual_calendar"]
    if len(kept) < len(remarks) and "calendar" not in document:
        kept.insert(0, Remark("", text("The map names no calendar: “{calendar}” is taken.", calendar=SHIPPED[0])))
    return content, tuple(kept)


def _with_members_of(roster: Roster, organisation: str) -> Roster:
    """Return a roster whose mentors and mentees are those of one organisation: what is unknown of others is no news."""
    ids = {person.id for person in roster.people if person.organisation == organisation}
    ids |= {group.id for group in roster.classes if group.organisation == organisation}
    mentors = tuple(one for one in roster.mentors if one.person in ids)
    return replace(roster, mentors=mentors, mentees=tuple(one for one in roster.mentees if one.person in ids))


def draft_map(
    file: Path, roster: Roster, organisation: str | None, lang: Lang, teacher: str | None
) -> tuple[str, list[str]]:
    """Return the draft of a map for a file of a timetable program, and the teachers nobody stands for.

    The busy rows are written beside the file.

    Raises
    ------
    InputError
        When the file cannot be read, says nothing that comes back each week, or its organisation is not known.
    """
    zones = {one.time_zone for one in roster.organisations if organisation in (None, one.id)}
    zone = zones.pop() if len(zones) == 1 else None
    found = read_timetable(file, Aids(teacher=teacher, time_zone=zone))
    school = choose_organisation(roster, organisation, found)
    if not found.hours:
        message = text("Nothing comes back each week, so there is no map to write.")
        raise InputError([Fault(file.name, message)])
    rows = file.with_name(ROWS)
    write_busy_csv(found, rows)
    matched = match_people(found.teachers, roster, school.id)
    draft = map_text(found, matched, school, rows, file.with_name("MAP.toml"), lang)
    return draft, sorted(_strangers(found.teachers, draft))


def _strangers(teachers: Sequence[str], draft: str) -> Iterator[str]:
    names = tomllib.loads(draft).get("names", {})
    return (teacher for teacher in teachers if teacher not in names)


def _text(path: Path) -> str:
    content = path.read_bytes()
    if len(content) > _LONGEST:
        message = text("the file is too large: {megabytes} MB", megabytes=len(content) >> 20)
        raise InputError([Fault(path.name, message)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(path.name, text("byte {byte} is not UTF-8", byte=error.start + 1))]) from None


def _harmless(content: str) -> str:
    """Return a map that looks for its table beside it and for its year among those of the program only."""
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Fault("MAP.toml", text("the file is not TOML: {reason}", reason=str(error)))]) from None
    faults = []
    year = document.get("calendar", SHIPPED[0])
    if year not in SHIPPED:
        cure = text("one of: {names}", names=", ".join(SHIPPED))
        faults.append(Fault("MAP.toml: calendar", text("there is no such school year here"), cure))
    if not isinstance(document.get("file", ROWS), str):
        faults.append(Fault("MAP.toml: file", text("“{value}” is no name", value=str(document["file"])[:60])))
    if faults:
        raise InputError(faults)
    lines = content.splitlines()
    head = next((at for at, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    kept = [line for line in lines[:head] if not _names_file(line)]
    return "\n".join([f'file = "{ROWS}"', *kept, *lines[head:]]) + "\n"


def _names_file(line: str) -> bool:
    key, equals, _ = line.partition("=")
    return bool(equals) and key.strip().strip("\"'") == "file"
