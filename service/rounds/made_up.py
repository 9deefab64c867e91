"""A round to try: made-up people with made-up lessons, kept apart from everybody who is real.

Their codes and those of their organisations bear a mark, so that they are nobody the rosters of the area know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import col, func, select

from matcher.generate.roster import PRESETS, generate_roster
from matcher.generate.timetables import generate_busy
from matcher.io.write_timetables import write_timetables
from matcher.roster import Organisation, Roster
from matcher.texts import say, text
from service.rounds.inputs import seal_timetable
from service.rounds.rosters import keep_roster, renamed
from service.rounds.taking import note_taken
from service.tables.areas import Area, AreaKind
from service.tables.rounds import RosterFile, TimetableFile
from service.work import Work


def keep_made_up(work: Work, area: Area, policy_id: str) -> tuple[RosterFile, list[TimetableFile]]:
    """Keep a made-up roster of the size of an area, and the timetables of its organisations, in the transaction."""
    size = PRESETS["school" if area.kind == AreaKind.ORGANISATION else "small"]
    number = _number(work, area)
    roster = marked(generate_roster(**size, seed=number, policy_id=policy_id), f"Д{number}-")
    row = keep_roster(
        work.session,
        work.core.vault,
        area,
        roster,
        name=say(text("Made-up people {number}", number=number), work.lang),
        remarks=[],
        by=work.viewer.actor,
    )
    row.is_made_up = True
    work.session.add(row)
    note_taken(work.session, work, row)
    return row, _keep_timetables(work, area, roster, number)


def _number(work: Work, area: Area) -> int:
    """Return the number of the next made-up roster among those whose people might meet."""
    top = "/" + area.path.strip("/").partition("/")[0] + "/"
    near = select(Area.id).where(col(Area.path).startswith(top, autoescape=True))
    asked = select(func.count()).where(col(RosterFile.area_id).in_(near), col(RosterFile.is_made_up))
    return work.session.exec(asked).one() + 1


def marked(roster: Roster, mark: str) -> Roster:
    """Return a roster in which the codes of everybody, every class and every organisation begin with a mark."""
    organisations = {one.id: f"{mark}{one.id}" for one in roster.organisations}
    classes = {one.id: f"{mark}{one.id}" for one in roster.classes}
    parts = {
        part.name: tuple(_moved(row, organisations) for row in getattr(roster, part.name)) for part in fields(roster)
    }
    found = renamed(replace(roster, **parts), lambda code: f"{mark}{code}")
    return replace(
        found,
        classes=tuple(replace(one, id=classes[one.id]) for one in found.classes),
        people=tuple(replace(one, school_class=classes.get(one.school_class or "")) for one in found.people),
        mentors=tuple(
            replace(one, class_teacher_of=tuple(classes[name] for name in one.class_teacher_of))
            for one in found.mentors
        ),
        mentees=tuple(replace(one, person=classes[one.person]) if one.is_class else one for one in found.mentees),
    )


_ORGANISATION_FIELDS = ("organisation", "partner")


def _moved(row: Any, ids: Mapping[str, str]) -> Any:
    """Return a row of a roster in which the organisations it names have their new codes."""
    changed: dict[str, Any] = {
        name: ids[getattr(row, name)] for name in _ORGANISATION_FIELDS if getattr(row, name, None) in ids
    }
    if isinstance(row, Organisation):
        changed["id"] = ids[row.id]
    return replace(row, **changed) if changed else row


def _keep_timetables(work: Work, area: Area, roster: Roster, seed: int) -> list[TimetableFile]:
    with TemporaryDirectory(prefix="matcher-made-up-") as place:
        maps = write_timetables(roster, generate_busy(roster, seed=seed), Path(place))
        read = [(path.stem, path.read_text("utf-8"), path.with_suffix(".csv").read_text("utf-8")) for path in maps]
    kept = []
    for name, map_toml, rows in read:
        row = TimetableFile(area_id=area.id, name=name, sealed_map=b"", sealed_rows=b"", created_by=work.viewer.actor)
        row.sealed_map, row.sealed_rows = seal_timetable(work.core.vault, row.id, map_toml, rows)
        work.session.add(row)
        kept.append(row)
    work.session.flush()
    return kept
