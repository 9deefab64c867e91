"""What was recorded for the checklist by mistake and taken back: when, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from service.keys import Erased
from service.records.gates import GateFact, gate_items
from service.records.kinds import KINDS
from service.records.store import read_fields
from service.tables.areas import Area
from service.tables.privacy import AuditEntry
from service.tables.records import Record
from service.tables.rounds import Round
from service.vault import Vault

_NEWEST = 50
"""Entries of the audit trail that are looked through for one record: of its area and of this very step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """The newest record of an open item that was taken back; ``by`` is the word of the audit trail."""

    at: datetime
    by: str
    why: str


def back_state(kind_id: str) -> str | None:
    """Return the state in which a record opens its item no more, None where its kind has none."""
    return next((step.to for step in KINDS[kind_id].steps if "mistake" in step.needs), None)


def taken_back_of(session: Session, vault: Vault, round_: Round, gates: Iterable[GateFact]) -> dict[str, TakenBack]:
    """Return item → what was taken back of it last, for the items that are open."""
    waiting = {gate.id: gate for gate in gates if not gate.done}
    area = session.get_one(Area, round_.area_id)
    records = session.exec(
        select(Record)
        .where(
            col(Record.kind).in_({gate.kind for gate in waiting.values()}),
            or_(col(Record.state) == "withdrawn", (col(Record.kind) == "gate") & (col(Record.state) == "open")),
            col(Record.replaced_at).is_(None),
            or_(
                Record.round_id == round_.id,
                (col(Record.round_id).is_(None)) & col(Record.area_id).in_(area.path.strip("/").split("/")),
            ),
        )
        .order_by(col(Record.created_at))
    ).all()
    found = {}
    for item in gate_items():
        own = [one for one in records if item.id in waiting and _is_of(one, item.id, item.record, item.code)]
        said = None if not own else _said(session, vault, own)
        if said is not None:
            found[item.id] = said
    return found


def _is_of(record: Record, item: str, kind: str | None, code: str | None) -> bool:
    if kind is None:
        return record.kind == "gate" and record.figures.get("item") == item
    return record.kind == kind and (code is None or record.figures.get("code") == code)


def _said(session: Session, vault: Vault, records: Sequence[Record]) -> TakenBack | None:
    """Return what the audit trail and the record say of the newest one, None where it was never put in force."""
    told: list[tuple[AuditEntry, Record]] = []
    for record in records:
        entries = session.exec(
            select(AuditEntry)
            .where(AuditEntry.area_id == record.area_id, AuditEntry.action == f"record.{record.kind}.{record.state}")
            .order_by(col(AuditEntry.seq).desc())
            .limit(_NEWEST)
        )
        told += [(one, record) for one in entries if record.root_id in one.subjects][:1]
    if not told:
        return None
    entry, record = max(told, key=lambda two: two[0].seq)
    try:
        fields = read_fields(session, vault, KINDS[record.kind], record)
    except Erased:
        return None
    return TakenBack(at=entry.at, by=entry.actor, why=fields.mistake or "")
