"""The connection to the database: SQLite in WAL mode for one machine, PostgreSQL for several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

KEPT_CONNECTIONS = 20
"""Connections to PostgreSQL that stay open: as many as are ever at work at once, for a new one costs 20 ms."""
BUSY_SECONDS = 15
"""How long a writer waits for another one on SQLite before it gives up."""


class Database:
    """An engine and the two ways to use it: to read, or to write in one transaction."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = build_engine(url)

    @property
    def is_sqlite(self) -> bool:
        """Say whether this is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads; nothing it does is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose work is kept as a whole, or not at all where an error leaves it.

        On SQLite the transaction takes the writer's lock at its start: a transaction that began by reading could not
        turn into a writing one beside another writer.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            if self.is_sqlite:
                session.connection(execution_options={"matcher_writes": True})
            yield session
            session.commit()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def build_engine(url: str) -> Engine:
    """Return the engine of an address, with the settings each database needs."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True, pool_size=KEPT_CONNECTIONS, max_overflow=10, pool_use_lifo=True)


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say (_begin_sqlite), not where the driver guesses
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("matcher_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
