"""Nothing written into the audit trail or the access log can be changed or taken out (reliability P3)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from importlib import resources
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text as sql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from service.audit import append_audit, broken_links
from service.jobs.library import prepare_tables
from service.privacy.retention import KEPT_FROM, prune_access_log
from service.settings import Settings
from service.starting import prepare
from service.tables.columns import now
from service.tables.privacy import AccessEntry, AuditEntry, Setting
from tests.service.conftest import House, build_house
from tests.service.privacy.canary import build_cage
from tests.service.privacy.test_erasure import erase

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


def test_only_lines_of_old_years_go_and_only_by_the_command(house: House) -> None:
    fill(house)
    assert prune_access_log(house.core, actor="test") == 1
    assert prune_access_log(house.core, actor="test") == 0
    with house.core.database.reading() as session:
        assert session.execute(sql("SELECT count(*) FROM access_log")).scalar_one() == 1
        assert session.execute(sql("SELECT count(*) FROM service_setting")).scalar_one() == 0
        assert session.exec(select(AuditEntry.action)).all() == ["one", "two", "access_log.prune"]
    with pytest.raises(ValueError, match="a year"):
        prune_access_log(house.core, actor="test", days=364)


def test_a_setting_does_not_open_the_last_year(house: House) -> None:
    fill(house)
    with house.core.database.writing() as session:
        session.add(Setting(name=KEPT_FROM, value=(now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.%f+00:00")))
    with pytest.raises(DatabaseError, match="only grows"), house.core.database.writing() as session:
        session.execute(sql("DELETE FROM access_log"))


def test_the_role_of_the_application_cannot_lift_the_triggers(postgres_url: str) -> None:
    """On PostgreSQL the owner of the tables and the role of the application are two (docs: run for a municipality)."""
    role = f"app_{uuid.uuid4().hex[:8]}"
    plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    statements = resources.files("service.privacy").joinpath("application_role.sql").read_text(encoding="utf-8")
    with psycopg.connect(plain, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        owner.execute(statements.replace("matcher_app", role))
    attempts = [
        "UPDATE audit SET action = 'x'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "DELETE FROM access_log",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_keeps ON audit",
        "CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    ]
    for attempt in attempts:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"SET ROLE {role}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"SET ROLE {role}")
        connection.execute("INSERT INTO access_log (at, actor, what, why, request_id) VALUES (now(), '', '', '', '')")


def test_the_service_starts_and_works_under_that_role(postgres_url: str, tmp_path: Path) -> None:
    role = f"app_{uuid.uuid4().hex[:8]}"
    plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    statements = resources.files("service.privacy").joinpath("application_role.sql").read_text(encoding="utf-8")
    prepare_tables(postgres_url)
    with psycopg.connect(plain, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        owner.execute(statements.replace("matcher_app", role))
    url = make_url(postgres_url).set(username=role).render_as_string(hide_password=False)
    prepare(Settings(folder=tmp_path, database=url))
    house = build_house(url, tmp_path)
    fill(house)
    erase(build_cage(house))
    with house.core.database.reading() as session:
        assert session.execute(sql("SELECT current_user")).scalar_one() == role
        assert list(broken_links(session)) == []
    with pytest.raises(DatabaseError, match="permission denied"), house.core.database.writing() as session:
        session.execute(sql("DELETE FROM audit"))
