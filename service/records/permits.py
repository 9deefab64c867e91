"""Who may change a record, and to which states he may take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from matcher.texts import text
from service.errors import Problem
from service.records.kind import Case, Kind
from service.records.scope import own_side, reaches
from service.tables.areas import Area
from service.tables.records import Record
from service.tables.rounds import Pair
from service.viewer import PERSONAL_ROLES, Viewer


def open_steps(
    viewer: Viewer, kind: Kind[Any], record: Record, pair: Pair | None, paths: Mapping[str, str]
) -> list[str]:
    """Return the states to which a viewer may take a record, as far as his role goes."""
    steps = [one.to for one in kind.steps if one.start == record.state]
    return [to for to in steps if may_step(viewer, kind, record, pair, to, paths)]


def may_write(case: Case, kind: Kind[Any]) -> None:
    """Let pass who may change a record: its office, its author, both sides where they write together; else 403."""
    record = present_record(case)
    if reaches(office_of(case.viewer), record, case.pair, paths_of_case(case)):
        return
    if record.author_id is not None and record.author_id in case.viewer.person_ids:
        return
    if kind.joint and own_side(case.viewer, case.pair, record) is not None:
        return
    raise Problem(403, "forbidden", text("You may not do this."))


def office_of(viewer: Viewer) -> Viewer:
    """Return a viewer without the rights he has as a participant."""
    return viewer.only(one for one in viewer.roles if one not in PERSONAL_ROLES)


def may_step(
    viewer: Viewer, kind: Kind[Any], record: Record, pair: Pair | None, to: str, paths: Mapping[str, str]
) -> bool:
    """Say whether a viewer's role lets him take a step, in the areas of the record or as its author."""
    step = kind.step(record.state, to)
    if step is None:
        return False
    able = viewer.only(step.by)
    if reaches(able, record, pair, paths):
        return True
    if not able.person_ids:
        return False
    if record.author_id is not None:
        return record.author_id in able.person_ids
    return kind.joint and own_side(able, pair, record) is not None


def present_record(case: Case) -> Record:
    """Return the record of a case that has one."""
    assert case.record is not None
    return case.record


def paths_of_case(case: Case) -> dict[str, str]:
    """Return the paths of the areas a record and its pair belong to."""
    return paths_of(case.session, [(present_record(case), case.pair)])


def paths_of(session: Session, rows: Sequence[tuple[Record, Pair | None]]) -> dict[str, str]:
    """Return the paths of all areas that records and their pairs belong to."""
    areas = {record.area_id for record, _ in rows}
    areas |= {one for _, pair in rows if pair is not None for one in (pair.mentor_area_id, pair.mentee_area_id)}
    if not areas:
        return {}
    return {area.id: area.path for area in session.exec(select(Area).where(col(Area.id).in_(areas)))}
