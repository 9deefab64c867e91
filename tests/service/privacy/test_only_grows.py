"""Nothing written into the audit trail or the access log can be changed or taken out (reliability P3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError

from service.audit import append_audit, broken_links
from service.tables.columns import now
from service.tables.privacy import AccessEntry
from tests.service.conftest import House

FORGERIES = [
    "UPDATE audit SET action = 'other'",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE seq = 2",
    "UPDATE access_log SET actor = 'other'",
    "DELETE FROM access_log",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO audit SELECT seq, at, 'other', action, area_id, subjects, sealed_for, sealed, "
    "previous_hash, hash FROM audit WHERE seq = 1",
    "INSERT OR REPLACE INTO access_log SELECT id, at, 'other', area_id, what, subject, why, request_id FROM access_log",
]
ON_POSTGRES = ["TRUNCATE audit", "TRUNCATE access_log"]


def fill(house: House) -> None:
    """Write two entries into the trail, and a line of today and one of four years ago into the log."""
    with house.core.database.writing() as session:
        for action in ("one", "two"):
            append_audit(session, house.core.vault, actor="a", action=action, area_id=None)
        for age in (timedelta(0), timedelta(days=4 * 365)):
            session.add(AccessEntry(at=now() - age, actor="a", what="GET /x", why="test"))


def test_neither_table_can_be_changed(house: House) -> None:
    fill(house)
    for statement in FORGERIES + (ON_SQLITE if house.core.database.is_sqlite else ON_POSTGRES):
        with pytest.raises(DatabaseError, match="only grows"), house.core.database.writing() as session:
            session.execute(sql(statement))
    with house.core.database.reading() as session:
        assert list(broken_links(session)) == []
        assert session.execute(sql("SELECT count(*) FROM access_log")).scalar_one() == 2
