"""Who of the workers lives: each holds a lock under a name of its own that nobody can keep after dying.

On PostgreSQL it is an advisory lock of a connection that has no transaction (one that lies idle inside a transaction
would be ended by the server); on SQLite the lock of a file beside the database.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import text as sql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

_LOG = logging.getLogger("service.jobs")
_ALIVE = {"keepalives_idle": 3, "keepalives_interval": 2, "keepalives_count": 2, "connect_timeout": 5}
_SERVER_ALIVE = "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2"
"""A machine that vanishes without a word is noticed in about seven seconds."""


class Lease(Protocol):
    """The lock of this worker, and a look at those of others."""

    def keep(self) -> bool:
        """Take the lock, or see that it is still held; say whether it is."""

    @contextmanager
    def dead(self, executor_id: str) -> Iterator[bool]:
        """Say whether another worker is dead; while the block runs nobody else handles its death."""

    @contextmanager
    def alone(self, work: str) -> Iterator[bool]:
        """Say whether nobody else does this work now; while the block runs nobody else begins it."""

    def release(self) -> None:
        """Give the lock back."""


def open_lease(url: str, executor_id: str) -> Lease:
    """Return the lease of a worker, not yet taken."""
    if make_url(url).get_backend_name() == "sqlite":
        file = make_url(url).database
        return FileLease(Path(file or "matcher").absolute().parent / "workers", executor_id)
    return AdvisoryLease(url, executor_id)


class FileLease:
    """The locks of files in a folder (``flock``): the kernel gives them back when a process ends, however it ends."""

    def __init__(self, folder: Path, executor_id: str) -> None:
        self._folder, self._mine = folder, executor_id
        self._handle: int | None = None

    def keep(self) -> bool:
        """Take the lock once; it is held until the process ends."""
        if self._handle is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handle = self._lock(self._mine, create=True)
        return self._handle is not None

    @contextmanager
    def dead(self, executor_id: str) -> Iterator[bool]:
        """Say whether another worker is dead, and remove its file then."""
        if executor_id == self._mine:
            yield False
            return
        if not self._file(executor_id).exists():
            yield True
            return
        handle = self._lock(executor_id, create=False)
        try:
            yield handle is not None
        finally:
            if handle is not None:
                self._file(executor_id).unlink(missing_ok=True)
                os.close(handle)

    @contextmanager
    def alone(self, work: str) -> Iterator[bool]:
        """Say whether nobody else does this work now."""
        handle = self._lock(f"{work}.lock", create=True)
        try:
            yield handle is not None
        finally:
            if handle is not None:
                os.close(handle)

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if self._handle is not None:
            self._file(self._mine).unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    def _file(self, executor_id: str) -> Path:
        return self._folder / Path(executor_id).name

    def _lock(self, executor_id: str, *, create: bool) -> int | None:
        try:
            handle = os.open(self._file(executor_id), os.O_RDWR | (os.O_CREAT if create else 0), 0o600)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        return handle


class AdvisoryLease:
    """An advisory lock of a connection of its own, without transactions (AUTOCOMMIT)."""

    def __init__(self, url: str, executor_id: str) -> None:
        self._mine = executor_id
        self._engine: Engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={**_ALIVE, "options": _SERVER_ALIVE},
        )
        self._connection: Connection | None = None

    def keep(self) -> bool:
        """Take the lock, again where the connection was lost; say whether it is held."""
        try:
            if self._connection is not None:
                self._connection.execute(sql("SELECT 1"))
                return True
            self._connection = self._engine.connect()
            held = self._try(self._mine)
        except DBAPIError:
            _LOG.warning("the connection that holds the lease of this worker is lost; trying again")
            self._drop()
            return False
        if not held:
            self._drop()
        return held

    @contextmanager
    def dead(self, executor_id: str) -> Iterator[bool]:
        """Say whether another worker is dead."""
        if executor_id == self._mine:
            yield False
            return
        with self.alone(executor_id) as is_dead:
            yield is_dead

    @contextmanager
    def alone(self, work: str) -> Iterator[bool]:
        """Say whether nobody else does this work now."""
        held = self._connection is not None and self._try(work)
        try:
            yield held
        finally:
            if held and self._connection is not None:
                self._connection.execute(sql("SELECT pg_advisory_unlock(:key)"), {"key": _key(work)})

    def release(self) -> None:
        """Give the lock back."""
        self._drop()
        self._engine.dispose()

    def _try(self, executor_id: str) -> bool:
        assert self._connection is not None
        return bool(
            self._connection.execute(sql("SELECT pg_try_advisory_lock(:key)"), {"key": _key(executor_id)}).scalar()
        )

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except DBAPIError:
                connection.invalidate()


def _key(executor_id: str) -> int:
    """Return the number of the advisory lock of a name."""
    return int.from_bytes(hashlib.sha256(f"worker:{executor_id}".encode()).digest()[:8], "big", signed=True)
