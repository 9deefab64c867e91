"""Records that name other records: only such as belong to the same person or to the same areas may be named."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from service.records.kind import Case
from service.tables.areas import Area
from service.tables.records import Record


def is_of_person(case: Case, kind_id: str, root_id: str, person_id: str | None) -> bool:
    """Say whether there is such a record about a person."""
    return _is_there(case, kind_id, root_id, Record.person_id == person_id)


def is_below(case: Case, kind_id: str, root_id: str) -> bool:
    """Say whether there is such a record in the area of a case or below it."""
    below = select(Area.id).where(col(Area.path).startswith(case.area.path, autoescape=True))
    return _is_there(case, kind_id, root_id, col(Record.area_id).in_(below))


def _is_there(case: Case, kind_id: str, root_id: str, condition: Any) -> bool:
    asked = select(Record.id).where(
        Record.kind == kind_id, Record.root_id == root_id, col(Record.replaced_at).is_(None), condition
    )
    return case.session.exec(asked).first() is not None
