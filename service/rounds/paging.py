"""Pages of lists: the newest first, the next one after the last row seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlmodel import Session, and_, col, or_, select

from service.errors import not_found

Row = TypeVar("Row")


def newest_first(session: Session, table: Any, conditions: Sequence[Any], limit: int, after: str | None) -> Any:
    """Return (rows, id to go on after) of a table with ``created_at``, of rows that meet all conditions."""
    asked = select(table).where(*conditions)
    if after is not None:
        last = session.exec(select(table).where(table.id == after, *conditions)).first()
        if last is None:
            raise no_such_page()
        earlier = col(table.created_at) < last.created_at
        asked = asked.where(or_(earlier, and_(col(table.created_at) == last.created_at, col(table.id) < last.id)))
    order = (col(table.created_at).desc(), col(table.id).desc())
    return _cut(list(session.exec(asked.order_by(*order).limit(limit + 1))), limit)


def in_counting_order(code: str) -> tuple[str | int, ...]:
    """Return the key by which codes follow each other as people count: 2 before 10."""
    return tuple(int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", code)))


def cut(rows: Sequence[Row], limit: int, after: str | None) -> tuple[list[Row], str | None]:
    """Return (rows, id to go on after) of a list that is in its order already."""
    start = 0
    if after is not None:
        ids = [row.id for row in rows]  # type: ignore[attr-defined]
        if after not in ids:
            raise no_such_page()
        start = ids.index(after) + 1
    return _cut(list(rows[start : start + limit + 1]), limit)


def _cut(rows: list[Row], limit: int) -> tuple[list[Row], str | None]:
    more = len(rows) > limit
    kept = rows[:limit]
    return kept, kept[-1].id if more else None  # type: ignore[attr-defined]


def no_such_page() -> Exception:
    """Return the problem of a page that goes on after something that is not in the list."""
    return not_found()
