"""Reliability R10: every revision goes up and down with rows in every table, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from service.database import build_engine
from service.migrate import config_of, downgrade, upgrade
from service.tables.all_tables import METADATA
from tests.service.privacy.people import empty_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    """The address of a database without tables, on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.sqlite3"
    return empty_postgres(request.getfixturevalue("postgres"))


def revisions(url: str) -> list[str]:
    """Return all revisions, the first one first."""
    script = ScriptDirectory.from_config(config_of(url))
    return [one.revision for one in reversed(list(script.walk_revisions()))]


def value_of(column: sa.Column[Any], number: int) -> Any:
    """Return a value for a column of the row with this number."""
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer):
        return number + 1
    if isinstance(kind, sa.Float | sa.Numeric):
        return number / 2
    if isinstance(kind, sa.DateTime):
        return datetime(2026, 9, 1, tzinfo=UTC)
    if isinstance(kind, sa.Date):
        return date(2026, 9, 1)
    if isinstance(kind, sa.LargeBinary):
        return bytes([number % 256]) * 20
    if isinstance(kind, sa.JSON):
        return {"n": number}
    return f"{column.name}-{number:06}"


def fill(url: str, rows: int) -> dict[str, int]:
    """Put rows into every table that has none; return how many rows each has."""
    engine = build_engine(url)
    tables = sa.MetaData()
    counts: dict[str, int] = {}
    with engine.connect().execution_options(matcher_writes=True) as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            found = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            if found == 0:
                _fill_table(connection, table, rows)
            counts[table.name] = found or rows
        connection.commit()
    engine.dispose()
    return counts


def _fill_table(connection: sa.Connection, table: sa.Table, rows: int) -> None:
    parents: dict[str, list[Any]] = {}
    for column in table.columns:
        for key in column.foreign_keys:
            if key.column.table is not table:
                wanted = sa.select(key.column).order_by(key.column).limit(rows)
                parents[column.name] = list(connection.execute(wanted).scalars())
    made = []
    for number in range(rows):
        row: dict[str, Any] = {}
        for column in table.columns:
            if column.name in parents:
                row[column.name] = parents[column.name][number]
            elif column.foreign_keys:
                row[column.name] = None
            else:
                row[column.name] = value_of(column, number)
        made.append(row)
    connection.execute(sa.insert(table), made)


def counted(url: str) -> dict[str, int]:
    """Return how many rows every table has."""
    engine = build_engine(url)
    tables = sa.MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        found = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in tables.sorted_tables
            if table.name != "alembic_version"
        }
    engine.dispose()
    return found


def go_up_and_down(url: str, rows: int) -> int:
    """Take a database through every revision and back, filled at each; return the number of rows at the end."""
    steps = revisions(url)
    filled: dict[str, int] = {}
    for revision in steps:
        upgrade(url, revision)
        assert filled.items() <= counted(url).items(), f"rows were lost on the way up to {revision}"
        filled = fill(url, rows)
    command.check(config_of(url))
    assert set(filled) == set(METADATA.tables)
    whole = sum(filled.values())
    for revision, below in zip(reversed(steps), [*reversed(steps[:-1]), "base"], strict=True):
        before = counted(url)
        downgrade(url, below)
        left = counted(url)
        assert {name: before[name] for name in left} == left, f"rows were lost on the way down from {revision}"
        if below != "base":
            upgrade(url, revision)
            downgrade(url, below)
            assert counted(url) == left
    assert counted(url) == {}
    upgrade(url)
    command.check(config_of(url))
    return whole


def test_every_revision_goes_up_and_down_with_rows(empty_url: str) -> None:
    assert go_up_and_down(empty_url, 7) > 0


@pytest.mark.slow
def test_every_revision_goes_up_and_down_with_ten_thousand_rows(empty_url: str) -> None:
    assert go_up_and_down(empty_url, 10_000 // len(METADATA.tables) + 1) >= 10_000
