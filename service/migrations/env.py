"""Runs the migrations; called by Alembic (:mod:`service.migrate`)."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from service.database import build_engine
from service.tables.all_tables import METADATA
from service.tables.columns import UtcMoment

_OF_JOBS = "dbos"
"""Schema and prefix of the tables of the job library, which keeps them itself."""


def _plain_type(kind: str, value: Any, context: object) -> str | Literal[False]:
    """Write types of the database, not of this program, so that a migration stays what it was."""
    if kind == "type" and isinstance(value, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(value, UtcMoment):
        return "sa.DateTime(timezone=True)"
    return False


def _ours(name: str | None, kind: str, parents: object) -> bool:
    return not (name or "").startswith(_OF_JOBS)


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        include_name=_ours,
        render_item=_plain_type,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


engine = build_engine(context.config.attributes["url"])
with engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        connection.connection.execute("PRAGMA foreign_keys=OFF")  # tables are copied and renamed
    _run(connection)
engine.dispose()
