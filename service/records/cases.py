"""A record with all it rests on: what a new one hangs on, and the area, round and regulation of one that is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from matcher.errors import Fault
from matcher.texts import Lang, text
from service.errors import wrong_input
from service.records.kind import Case, HangsOn, Kind
from service.records.policies import policy_of
from service.records.scope import pair_of, person_in_scope, record_of, round_of
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.records import Record
from service.tables.rounds import Pair, Round
from service.vault import Vault
from service.viewer import Viewer, area_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a new record is to hang on, as it was asked."""

    pair: str | None = None
    person: str | None = None
    round: str | None = None
    area: str | None = None


def new_case(session: Session, vault: Vault, viewer: Viewer, lang: Lang, kind: Kind[Any], asked: Asked) -> Case:
    """Return what a new record is to hang on; 404 where that is foreign, 422 where it is not said."""
    _hangs_right(kind, asked)
    pair = None if asked.pair is None else pair_of(session, viewer, asked.pair)
    person = None
    if pair is not None and kind.on is HangsOn.PAIR:
        person = session.get_one(Person, pair.mentee_id)
    elif kind.on is HangsOn.PERSON:
        person = person_in_scope(session, viewer, asked.person or _himself(viewer), pair)
    round_ = None
    if asked.round is not None:
        round_ = round_of(session, viewer, asked.round, take_part=kind.on is HangsOn.PERSON)
    elif pair is not None:
        round_ = session.get_one(Round, pair.round_id)
    if pair is not None and round_ is not None and pair.round_id != round_.id:
        raise wrong_input([Fault("round", text("the pair is of another round"))])
    if kind.needs_round and round_ is None:
        raise wrong_input([Fault("round", text("this has to be given"))])
    return Case(
        session=session,
        vault=vault,
        viewer=viewer,
        lang=lang,
        today=now().date(),
        area=_area(session, viewer, asked, pair, person, round_),
        round_=round_,
        policy=None if round_ is None else policy_of(round_),
        pair=pair,
        person=person,
    )


def _area(
    session: Session, viewer: Viewer, asked: Asked, pair: Pair | None, person: Person | None, round_: Round | None
) -> Area:
    if pair is not None:
        return session.get_one(Area, pair.mentee_area_id)
    if person is not None:
        return session.get_one(Area, person.area_id)
    if asked.area is not None:
        return area_of(session, viewer, asked.area)
    assert round_ is not None
    return session.get_one(Area, round_.area_id)


def _hangs_right(kind: Kind[Any], asked: Asked) -> None:
    wanted = {HangsOn.PAIR: asked.pair, HangsOn.ROUND: asked.round, HangsOn.AREA: asked.area}
    if kind.on in wanted and wanted[kind.on] is None:
        raise wrong_input([Fault(str(kind.on), text("this has to be given"))])


def _himself(viewer: Viewer) -> str:
    if len(viewer.person_ids) != 1:
        raise wrong_input([Fault("person", text("this has to be given"))])
    return next(iter(viewer.person_ids))


def author_of(viewer: Viewer, case: Case) -> str | None:
    """Return the participant who writes, where it is one; a curator writes for his office."""
    if viewer.paths:
        return None
    people = [] if case.pair is None else [case.pair.mentor_id, case.pair.mentee_id]
    people += [] if case.person is None else [case.person.id]
    return next((one for one in people if one in viewer.person_ids), None)


def case_of(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    lang: Lang,
    kind: Kind[Any],
    root_id: str,
    *,
    to_change: bool = False,
) -> Case:
    """Return a record somebody sees with all it rests on; 404 otherwise."""
    record, pair = record_of(session, viewer, kind, root_id, to_change=to_change)
    return build_case(session, vault, viewer, lang, record, pair)


def build_case(
    session: Session, vault: Vault, viewer: Viewer, lang: Lang, record: Record, pair: Pair | None = None
) -> Case:
    """Return a record with all it rests on; who may see it has been asked before."""
    if pair is None and record.pair_id is not None:
        pair = session.get_one(Pair, record.pair_id)
    round_ = None if record.round_id is None else session.get_one(Round, record.round_id)
    return Case(
        session=session,
        vault=vault,
        viewer=viewer,
        lang=lang,
        today=now().date(),
        area=session.get_one(Area, record.area_id),
        round_=round_,
        policy=None if round_ is None else policy_of(round_),
        pair=pair,
        person=None if record.person_id is None else session.get(Person, record.person_id),
        record=record,
    )
