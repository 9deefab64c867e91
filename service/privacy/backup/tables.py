"""The tables of both databases as bytes: written out of one snapshot, read back, and summed up by a checksum."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

NOT_OURS = ("alembic_version", "sqlite_sequence", "sqlite_stat1")
"""Tables that are made anew: the revision stands in the manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSum:
    """How many rows a table has, and the SHA-256 of all of them in the order of their keys."""

    rows: int
    sha256: str


def sqlite_path(url: str) -> Path:
    """Return the file of a SQLite address."""
    return Path(make_url(url).database or "")


def plain_address(url: str) -> str:
    """Return the address of a PostgreSQL database as its own library reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def copy_sqlite(source: Path, target: Path) -> None:
    """Write a snapshot of a SQLite database into a new file, while others go on writing.

    ``VACUUM INTO`` reads in one transaction; stepping through pages would never end under writes.
    """
    connection = sqlite3.connect(source, timeout=60, isolation_level=None)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()


def sums_of_sqlite(path: Path) -> dict[str, TableSum]:
    """Return the sums of all tables of a SQLite file."""
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        connection.execute("BEGIN")
        wanted = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        names = [name for (name,) in connection.execute(wanted) if name not in NOT_OURS]
        return {name: _sum_of_sqlite(connection, name) for name in names}
    finally:
        connection.close()


def revision_of_sqlite(path: Path) -> str:
    """Return the revision the tables of a SQLite file stand at."""
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found)
    finally:
        connection.close()


def _sum_of_sqlite(connection: sqlite3.Connection, name: str) -> TableSum:
    columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = [f'"{row[1]}"' for row in sorted(columns, key=lambda row: row[5]) if row[5]] or ["rowid"]
    digest = hashlib.sha256(json.dumps([row[1] for row in columns]).encode())
    rows = 0
    for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY {", ".join(keys)}'):  # names of the file itself
        digest.update(repr(row).encode())
        rows += 1
    return TableSum(rows=rows, sha256=digest.hexdigest())


@contextmanager
def postgres_snapshot(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection that sees the database as it is now, whatever others write meanwhile."""
    with psycopg.connect(plain_address(url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection


def postgres_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the names of our tables, those first that others refer to."""
    names = [
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name"
        )
        if name not in NOT_OURS
    ]
    needs: dict[str, set[str]] = {name: set() for name in names}
    for child, parent in connection.execute(
        "SELECT c.relname, p.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE k.contype = 'f' AND n.nspname = 'public'"
    ):
        if child != parent:
            needs[child].add(parent)
    ordered: list[str] = []
    while needs:
        free = sorted(name for name, parents in needs.items() if parents <= set(ordered))
        if not free:
            raise RuntimeError(f"tables refer to each other in a circle: {sorted(needs)}")
        ordered += free
        for name in free:
            del needs[name]
    return ordered


def copy_out(connection: psycopg.Connection[Any], name: str, write: Callable[[bytes], object]) -> TableSum:
    """Write a table in the text form of COPY, in the order of its keys, and return its sum.

    The text form is the same in every version of PostgreSQL, so that a backup can be restored into another one.
    """
    columns, keys = _columns(connection, name), _keys(connection, name)
    wanted = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _joined(columns), sql.Identifier(name), _joined(keys or columns)
    )
    digest = hashlib.sha256(json.dumps(columns).encode())
    rows = 0
    with connection.cursor() as cursor, cursor.copy(wanted) as copy:
        for part in copy:
            content = bytes(part)
            digest.update(content)
            rows += content.count(b"\n")
            write(content)
    return TableSum(rows=rows, sha256=digest.hexdigest())


def sums_of_postgres(connection: psycopg.Connection[Any]) -> dict[str, TableSum]:
    """Return the sums of all our tables as a connection sees them."""
    return {name: copy_out(connection, name, _nowhere) for name in postgres_tables(connection)}


def copy_in(connection: psycopg.Connection[Any], name: str, columns: Sequence[str], content: BinaryIO) -> None:
    """Read a table back from the text form of COPY, and let its numbers go on after the highest."""
    wanted = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), _joined(columns))
    with connection.cursor() as cursor, cursor.copy(wanted) as copy:
        while part := content.read(2**20):
            copy.write(part)
    for column in columns:
        found = connection.execute("SELECT pg_get_serial_sequence(%s, %s)", (name, column)).fetchone()
        if found is not None and found[0] is not None:
            highest = sql.SQL("SELECT setval(%s, GREATEST((SELECT max({}) FROM {}), 1))").format(
                sql.Identifier(column), sql.Identifier(name)
            )
            connection.execute(highest, (found[0],))


def columns_of(connection: psycopg.Connection[Any], name: str) -> list[str]:
    """Return the columns of a table in their order."""
    return _columns(connection, name)


def _columns(connection: psycopg.Connection[Any], name: str) -> list[str]:
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "ORDER BY column_name",
        (name,),
    )
    return [column for (column,) in found]


def _keys(connection: psycopg.Connection[Any], name: str) -> list[str]:
    found = connection.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
        "WHERE i.indrelid = to_regclass(quote_ident(%s)) AND i.indisprimary ORDER BY a.attname",
        (name,),
    )
    return [column for (column,) in found]


def _joined(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _nowhere(content: bytes) -> None:
    del content
