"""The audit trail: a chain of entries in which nothing can be changed, left out or put in unseen.

The hash of an entry covers its fields and the hash before it. What was done in detail is sealed under the key of the
person it concerns: the hash covers the sealed bytes, so the chain stays whole when that key is destroyed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import text as sql
from sqlmodel import Session, select

from service.keys import seal_for
from service.tables.columns import now
from service.tables.privacy import AuditEntry
from service.vault import Vault

BEGINNING = "0" * 64
_LOCK = 7_401_202_611
"""Number of the PostgreSQL lock under which the chain grows."""


def append_audit(
    session: Session,
    vault: Vault,
    *,
    actor: str,
    action: str,
    area_id: str | None,
    subjects: Sequence[str] = (),
    details: dict[str, Any] | None = None,
    person_id: str | None = None,
) -> AuditEntry:
    """Add an entry to the chain within the caller's transaction, and return it.

    ``details`` are sealed for ``person_id`` (for the installation where none is named); ``action`` is a word such as
    "pair.lock", ``subjects`` are identifiers, never names.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sql("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    last = session.exec(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()  # type: ignore[attr-defined]
    sealed = None
    seq = 1 if last is None else last.seq + 1
    if details is not None:
        sealed = seal_for(session, vault, person_id, json.dumps(details, ensure_ascii=False).encode(), f"audit:{seq}")
    entry = AuditEntry(
        seq=seq,
        at=now(),
        actor=actor,
        action=action,
        area_id=area_id,
        subjects=list(subjects),
        sealed_for=person_id if sealed is not None else None,
        sealed=sealed,
        previous_hash=BEGINNING if last is None else last.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.flush()
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """Return the hash an entry has to have."""
    said = {
        "seq": entry.seq,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "area": entry.area_id,
        "subjects": entry.subjects,
        "sealed_for": entry.sealed_for,
        "sealed": None if entry.sealed is None else hashlib.sha256(entry.sealed).hexdigest(),
        "previous": entry.previous_hash,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def broken_links(session: Session) -> Iterator[int]:
    """Yield the number of every entry that does not follow from the one before it."""
    previous, number = BEGINNING, 0
    for entry in session.exec(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)):  # type: ignore[arg-type]
        if entry.seq != number + 1 or entry.previous_hash != previous or entry_hash(entry) != entry.hash:
            yield entry.seq
        previous, number = entry.hash, entry.seq
