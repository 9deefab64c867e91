"""Pages of records, and how a record is shown."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic

from pydantic import BaseModel
from sqlmodel import Session, and_, col, or_, select

from matcher.errors import Fault
from matcher.texts import Lang, say, text
from service.errors import wrong_input
from service.keys import Erased
from service.records.cases import build_case
from service.records.kind import F, Kind
from service.records.permits import open_steps, paths_of
from service.records.scope import newest
from service.records.store import read_fields
from service.tables.areas import PersonKey
from service.tables.records import Record
from service.tables.rounds import Pair
from service.vault import Vault
from service.viewer import Viewer

_ID = re.compile("[0-9a-f]{32}")


class Acknowledgement(BaseModel):
    """Who acknowledged a version, when; ``on_paper`` where the office noted a signature."""

    side: str
    at: datetime
    by: str
    on_paper: bool


class RecordView(BaseModel, Generic[F]):
    """A record as it is sent.

    ``fields`` are null once the person it was about has been erased. ``remarks`` tell what to look at (of a record
    that is sent by itself), ``steps`` to which states the asker's role may take it.
    """

    id: str
    number: int
    version: int
    state: str
    round: str | None
    pair: str | None
    person: str | None
    area: str
    due_day: date | None
    created_at: datetime
    created_by: str
    replaced_at: datetime | None
    acknowledged: list[Acknowledgement]
    fields: F | None
    erased: bool
    remarks: list[str]
    steps: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which records are wanted."""

    round: str | None = None
    pair: str | None = None
    person: str | None = None
    area: str | None = None
    state: str | None = None
    due_until: date | None = None


def page_of(
    session: Session, viewer: Viewer, kind: Kind[Any], filters: Filters, limit: int, after: str | None
) -> tuple[Sequence[tuple[Record, Pair | None]], str | None]:
    """Return the newest records somebody sees, the last changed first, and where the next page begins."""
    query = newest(viewer, kind)
    for column, wanted in (
        (Record.round_id, filters.round),
        (Record.pair_id, filters.pair),
        (Record.person_id, filters.person),
        (Record.area_id, filters.area),
        (Record.state, filters.state),
    ):
        if wanted is not None:
            query = query.where(col(column) == wanted)
    if filters.due_until is not None:
        query = query.where(col(Record.due_day).is_not(None), col(Record.due_day) <= filters.due_until)
    if after is not None:
        at, id_ = _from_cursor(after)
        query = query.where(or_(col(Record.created_at) < at, and_(col(Record.created_at) == at, col(Record.id) > id_)))
    query = query.order_by(col(Record.created_at).desc(), col(Record.id)).limit(limit + 1)
    rows = [(row[0], row[1]) for row in session.execute(query)]
    last = rows[limit - 1][0] if len(rows) > limit else None
    return rows[:limit], None if last is None else _to_cursor(last)


def show(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    lang: Lang,
    kind: Kind[F],
    rows: Sequence[tuple[Record, Pair | None]],
) -> list[dict[str, Any]]:
    """Return records as they are sent."""
    paths = paths_of(session, rows)
    # Held while the records are opened: the session remembers only rows that somebody holds.
    held = _keys_of(session, rows)
    alone = len(rows) == 1
    shown = [_shown(session, vault, viewer, lang, kind, record, pair, paths, alone) for record, pair in rows]
    del held
    return shown


def _keys_of(session: Session, rows: Sequence[tuple[Record, Pair | None]]) -> Sequence[PersonKey]:
    """Return the keys of the people of records, read at once."""
    ids = {record.person_id for record, _ in rows if record.person_id is not None}
    return session.exec(select(PersonKey).where(col(PersonKey.person_id).in_(ids))).all() if ids else []


def _shown(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    lang: Lang,
    kind: Kind[F],
    record: Record,
    pair: Pair | None,
    paths: dict[str, str],
    alone: bool,
) -> dict[str, Any]:
    fields: F | None
    try:
        fields = read_fields(session, vault, kind, record)
    except Erased:
        fields = None
    remarks: list[str] = []
    if fields is not None and record.replaced_at is None and alone:
        case = build_case(session, vault, viewer, lang, record, pair)
        remarks = [say(one, lang) for one in kind.remarks(case, fields)]
    return {
        "id": record.root_id,
        "number": record.number,
        "version": record.version,
        "state": record.state,
        "round": record.round_id,
        "pair": record.pair_id,
        "person": record.person_id,
        "area": record.area_id,
        "due_day": record.due_day,
        "created_at": record.created_at,
        "created_by": record.created_by,
        "replaced_at": record.replaced_at,
        "acknowledged": [_acknowledgement(side, word) for side, word in sorted(record.acknowledged.items())],
        "fields": fields,
        "erased": fields is None,
        "remarks": remarks,
        "steps": open_steps(viewer, kind, record, pair, paths) if record.replaced_at is None else [],
    }


def _acknowledgement(side: str, word: str) -> Acknowledgement:
    at, by, *paper = word.split(" ")
    return Acknowledgement(side=side, at=datetime.fromisoformat(at), by=by, on_paper=bool(paper))


def _to_cursor(record: Record) -> str:
    return base64.urlsafe_b64encode(f"{record.created_at.isoformat()} {record.id}".encode()).decode()


def _from_cursor(word: str) -> tuple[datetime, str]:
    try:
        at, _, id_ = base64.urlsafe_b64decode(word.encode()).decode().partition(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not 2000 <= moment.year <= 2200 or not _ID.fullmatch(id_):
            raise ValueError(word)
    except (ValueError, binascii.Error):
        raise wrong_input([Fault("after", text("this is no `next` of a page"))]) from None
    return moment, id_
