"""What people are told while the database is away, full, or may not be written to."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from service.app import build_app
from service.database import Database
from tests.service.conftest import House


@pytest.mark.parametrize(
    ("kind", "said", "status"),
    [
        (OperationalError, sqlite3.OperationalError("database or disk is full"), 507),
        (OperationalError, sqlite3.OperationalError("attempt to write a readonly database"), 503),
        (OperationalError, sqlite3.OperationalError("database is locked"), 503),
        (OperationalError, psycopg.OperationalError("server closed the connection unexpectedly"), 503),
        (IntegrityError, sqlite3.IntegrityError("UNIQUE constraint failed"), 500),
    ],
)
def test_faults_of_the_database_are_told(
    sqlite_house: House, kind: type[DBAPIError], said: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Database) -> None:
        raise kind("SELECT 1", {}, said)

    monkeypatch.setattr(Database, "reading", away)
    client = TestClient(build_app(sqlite_house.core), raise_server_exceptions=False)
    answer = client.get("/health/ready", headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) == (status == 503)
    assert str(said) not in answer.text
