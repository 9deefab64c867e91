"""Takes one person out of what is sealed: rosters, plans, timetables, words of decisions, records, faults of runs."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlmodel import Session

from matcher.io.plan_json import read_plan_json
from matcher.roster import Roster
from service.jobs.results import faults_context
from service.keys import Erased, open_for, seal_for
from service.privacy.erasure.forget import Forgotten
from service.rounds.decided import owner_of
from service.rounds.inputs import open_timetable, seal_timetable
from service.rounds.plan_files import open_plan_bytes, seal_plan
from service.rounds.rosters import open_nameless, reseal_nameless
from service.tables.documents import DocumentDetails
from service.tables.records import Record
from service.tables.rounds import Decision, PlanFileRow, RosterFile, Run, TimetableFile
from service.vault import Vault

Worded = Decision | DocumentDetails | Record | Run
"""Rows that say something in words, as JSON."""
_NAMING = ("timetable_name", "legal_representative", "named_skill")


def rewrite_roster(
    session: Session, vault: Vault, row: RosterFile, person_id: str, forgotten: Forgotten, born: date | None
) -> None:
    """Leave in a roster what figures need of a person; his birthday becomes ``born``."""
    classes, roster = open_nameless(vault, row)
    row.sealed = reseal_nameless(vault, row.id, classes, _without_words(roster, person_id, forgotten, born))
    row.version += 1  # what is kept opened goes by it
    session.add(row)


def _without_words(roster: Roster, person_id: str, forgotten: Forgotten, born: date | None) -> Roster:
    return replace(
        roster,
        people=tuple(replace(one, birth_date=born) if one.id == person_id else one for one in roster.people),
        mentors=tuple(replace(one, named_skill=None) if one.person == person_id else one for one in roster.mentors),
        wishes=tuple(one for one in roster.wishes if person_id not in (one.from_person, one.to_person)),
        compatibility=tuple(
            replace(one, note=None, override_reason=None) if person_id in (one.mentor, one.mentee) else one
            for one in roster.compatibility
        ),
        overrides=tuple(
            replace(one, reason="…", by=None) if person_id in (one.mentor, one.mentee) else one
            for one in roster.overrides
        ),
        absences=tuple(one for one in roster.absences if one.person != person_id),
        availability=tuple(one for one in roster.availability if one.person != person_id),
    )


def rewrite_plan(session: Session, vault: Vault, row: PlanFileRow, forgotten: Forgotten, born: date | None) -> bool:
    """Take a person out of a plan that knows him under ``forgotten.code``; it stays a plan that can be verified.

    Returns
    -------
    bool
        Whether the plan speaks of him.
    """
    document = json.loads(open_plan_bytes(vault, row))
    code = forgotten.code
    people = document.get("roster", {}).get("people", [])
    own = next((one for one in people if one.get("id") == code), None)
    if own is None:
        return False
    for name in ("name", *_NAMING):
        own.pop(name, None)
    if own.pop("birth_date", None) is not None and born is not None:
        own["birth_date"] = born.isoformat()
    for part in document["roster"].get("mentors", []):
        if part.get("person") == code:
            part.pop("named_skill", None)
    for part in document["roster"].get("compatibility", []):
        if code in (part.get("mentor"), part.get("mentee")):
            part.pop("note", None)
    others = {one["id"]: one for one in people if one is not own}
    without = forgotten.value(document)
    for one in without["roster"]["people"]:
        for name in ("name", "timetable_name"):  # somebody else may bear the same name
            if name in others.get(one["id"], {}):
                one[name] = others[one["id"]][name]
    content = json.dumps(without, ensure_ascii=False).encode()
    _check_plan(content)
    row.sealed = seal_plan(vault, row.id, content)
    row.summary = forgotten.value(row.summary)
    session.add(row)
    return True


def _check_plan(content: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="matcher-") as folder:
        file = Path(folder) / "plan.json"
        file.write_bytes(content)
        read_plan_json(file)


def rewrite_timetable(session: Session, vault: Vault, row: TimetableFile, forgotten: Forgotten) -> bool:
    """Take a person out of a timetable under every name its map gives him; say whether he was there."""
    _, map_toml, rows = open_timetable(vault, row)
    try:
        names = tomllib.loads(map_toml).get("names", {})
    except tomllib.TOMLDecodeError:
        names = {}
    called = {name for name, code in names.items() if code == forgotten.code}
    others = {name for name, code in names.items() if code and code != forgotten.code}
    words = (set(forgotten.words) - others) | called
    own = Forgotten(words, forgotten.label, code=forgotten.code, new_code=forgotten.new_code)
    new_map, new_rows = own.text(map_toml), _in_cells(rows, own)
    if (new_map, new_rows) == (map_toml, rows):
        return False
    row.sealed_map, row.sealed_rows = seal_timetable(vault, row.id, new_map, new_rows)
    session.add(row)
    return True


def _in_cells(rows: str, forgotten: Forgotten) -> str:
    lines = list(csv.reader(io.StringIO(rows)))
    without = [[forgotten.text(cell) for cell in line] for line in lines]
    if without == lines:
        return rows
    changed = io.StringIO()
    csv.writer(changed, lineterminator="\n").writerows(without)
    return changed.getvalue()


def rewrite_words(session: Session, vault: Vault, rows: Iterable[Worded], forgotten: Forgotten) -> int:
    """Take a person out of what others' rows say in words; those under his own key go with it. Return how many."""
    changed = 0
    for row in rows:
        column, context, owner = _sealed_in(row)
        sealed = getattr(row, column)
        if sealed is None:
            continue
        try:
            said = json.loads(open_for(session, vault, owner, sealed, context))
        except Erased:
            continue
        without = forgotten.value(said)
        if without != said:
            content = json.dumps(without, ensure_ascii=False).encode()
            setattr(row, column, seal_for(session, vault, owner, content, context))
            session.add(row)
            changed += 1
    return changed


def _sealed_in(row: Worded) -> tuple[str, str, str | None]:
    """Return the column of the words of a row, what they are sealed for, and whose key is used."""
    if isinstance(row, Decision):
        return "sealed_reason", f"decision:{row.id}", owner_of(row)
    if isinstance(row, DocumentDetails):
        return "sealed", f"details:{row.area_id}", None
    if isinstance(row, Record):
        return "sealed", f"record:{row.id}", row.person_id
    return "sealed_faults", faults_context(row.id), None
