"""Rows of consents, read for many people at once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from service.tables.privacy import Consent

_CHUNK = 500


def consents_of(session: Session, person_ids: Iterable[str]) -> dict[str, list[Consent]]:
    """Return the consents of people by their ids, an empty list where there are none."""
    wanted = sorted(set(person_ids))
    found: dict[str, list[Consent]] = {id_: [] for id_ in wanted}
    for start in range(0, len(wanted), _CHUNK):
        rows = session.exec(select(Consent).where(col(Consent.person_id).in_(wanted[start : start + _CHUNK])))
        for row in rows:
            found[row.person_id].append(row)
    return found
