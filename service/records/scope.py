"""Which records somebody sees and may change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlmodel import Session, col, select

from service.errors import not_found
from service.records.kind import Kind, Shown
from service.tables.areas import Person
from service.tables.records import Record
from service.tables.rounds import Pair, Round
from service.viewer import Viewer, in_scope


def visible(viewer: Viewer, kind: Kind[Any]) -> ColumnElement[bool]:
    """Return the condition under which somebody sees a record of a kind; :class:`Pair` has to be joined to it."""
    conditions = [in_scope(viewer, Record.area_id, Pair.mentor_area_id, Pair.mentee_area_id)]
    if kind.below:
        conditions.append(col(Record.area_id).in_(viewer.above))
    own = viewer.person_ids
    if own and kind.shown is Shown.PAIR:
        conditions += [_of_own_pair(own), col(Record.author_id).in_(own)]
    if own and kind.shown is Shown.PERSON:
        conditions += [col(one).in_(own) for one in (Record.person_id, Record.author_id)]
    if own and kind.shown is Shown.AUTHOR:
        conditions.append(col(Record.author_id).in_(own))
    return or_(*conditions)


GONE = ("dropped", "declined")
"""States of pairs that came to nothing: the two have nothing to do with each other."""


def _of_own_pair(own: frozenset[str]) -> ColumnElement[bool]:
    either = or_(*(col(one).in_(own) for one in (Pair.mentor_id, Pair.mentee_id)))
    return and_(either, col(Pair.state).not_in(GONE))


def newest(viewer: Viewer, kind: Kind[Any]) -> Select[tuple[Record, Pair | None]]:
    """Return the query of the newest versions somebody sees, each with its pair."""
    return with_pairs(is_newest(viewer, kind))


def is_newest(viewer: Viewer, kind: Kind[Any]) -> ColumnElement[bool]:
    """Return the condition that a record is the newest version of a kind and seen; :class:`Pair` has to be joined."""
    return and_(col(Record.kind) == kind.id, col(Record.replaced_at).is_(None), visible(viewer, kind))


def with_pairs(wanted: ColumnElement[bool]) -> Select[tuple[Record, Pair | None]]:
    """Return the query of records under a condition, each with its pair."""
    query = select(Record, Pair).join(Pair, col(Pair.id) == col(Record.pair_id), isouter=True)
    return query.where(wanted)  # type: ignore[return-value]


def record_of(
    session: Session, viewer: Viewer, kind: Kind[Any], root_id: str, *, to_change: bool = False
) -> tuple[Record, Pair | None]:
    """Return a record somebody sees; 404 otherwise. ``to_change`` keeps others from changing it meanwhile."""
    query = newest(viewer, kind).where(col(Record.root_id) == root_id)
    if to_change:
        query = query.with_for_update(of=Record)
    found = session.execute(query).first()
    if found is None:
        raise not_found()
    return found[0], found[1]


def pair_of(session: Session, viewer: Viewer, pair_id: str) -> Pair:
    """Return a pair somebody sees: of his areas, or his own; 404 otherwise."""
    seen = in_scope(viewer, Pair.area_id, Pair.mentor_area_id, Pair.mentee_area_id)
    if viewer.person_ids:
        seen = or_(seen, _of_own_pair(viewer.person_ids))
    found = session.exec(select(Pair).where(Pair.id == pair_id, seen)).first()
    if found is None:
        raise not_found()
    return found


def person_in_scope(session: Session, viewer: Viewer, person_id: str, pair: Pair | None) -> Person:
    """Return a person of somebody's areas, himself, or one of a pair he sees; 404 otherwise."""
    if pair is not None and person_id in (pair.mentor_id, pair.mentee_id):
        seen: ColumnElement[bool] = col(Person.id) == person_id
    else:
        seen = in_scope(viewer, Person.area_id, person_ids=[Person.id])
    found = session.exec(select(Person).where(and_(col(Person.id) == person_id, seen))).first()
    if found is None:
        raise not_found()
    return found


def round_of(session: Session, viewer: Viewer, round_id: str, *, take_part: bool = False) -> Round:
    """Return a round of somebody's areas, with ``take_part`` also one of the areas above; 404 otherwise."""
    seen = in_scope(viewer, Round.area_id)
    if take_part:
        seen = or_(seen, col(Round.area_id).in_(viewer.above | _areas_of_people(viewer)))
    found = session.exec(select(Round).where(Round.id == round_id, seen)).first()
    if found is None:
        raise not_found()
    return found


def _areas_of_people(viewer: Viewer) -> frozenset[str]:
    """Return the areas in which the people somebody acts as live, and those above."""
    paths = [one.path for one in viewer.held if one.person_id is not None]
    return frozenset(part for path in paths for part in path.strip("/").split("/"))


def reaches(viewer: Viewer, record: Record, pair: Pair | None, paths: Mapping[str, str]) -> bool:
    """Say whether a viewer's areas hold a record; ``paths`` are those of its areas."""
    areas = {record.area_id} | (set() if pair is None else {pair.mentor_area_id, pair.mentee_area_id})
    return any(paths[area].startswith(path) for area in areas for path in viewer.paths)


def own_side(viewer: Viewer, pair: Pair | None, record: Record) -> str | None:
    """Return the side of a pair somebody acts on; the mentee's where the record is about himself."""
    if pair is not None and pair.mentor_id in viewer.person_ids:
        return "mentor"
    if pair is not None and pair.mentee_id in viewer.person_ids:
        return "mentee"
    return "mentee" if record.person_id in viewer.person_ids else None
