"""Who sits in the council of mentors of an area: entered once, named by the agreement form and the papers (KAL 3.9)."""

from __future__ import annotations

from sqlmodel import Session, col, select

from service.keys import Erased
from service.records.gate_ticks import Council, CouncilFields
from service.records.store import read_fields
from service.tables.areas import Area
from service.tables.records import Record
from service.vault import Vault


def council_of(session: Session, vault: Vault, area: Area) -> CouncilFields | None:
    """Return the newest approved council of an area, else that of the nearest area it lies in."""
    line = area.path.strip("/").split("/")
    kind = Council()
    asked = select(Record).where(
        Record.kind == kind.id,
        Record.state == "approved",
        col(Record.replaced_at).is_(None),
        col(Record.area_id).in_(line),
    )
    newest_first = session.exec(asked.order_by(col(Record.created_at).desc())).all()
    for row in sorted(newest_first, key=lambda one: line.index(str(one.area_id)), reverse=True):
        try:
            return read_fields(session, vault, kind, row)
        except Erased:
            continue
    return None
