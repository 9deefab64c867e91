"""How the job library (DBOS Transact) is set up: where its tables lie, how it writes values, what it leaves alone.

On PostgreSQL its tables lie in the schema ``dbos`` of our database, on SQLite in a file of their own beside ours. They
hold identifiers of runs and areas and nothing else, written as JSON; whatever is lost of them is made again from the
rows of the runs (docs/decisions/0013-the-run-row-is-the-truth.md).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.engine import URL, make_url

APPLICATION = "matcher"
VERSION = "1"
"""Stays as it is: jobs begun by one version of the program are finished by the next."""
QUEUE = "solves"
WORKFLOW = "solve"
POLLING_SECONDS = 0.2
MAX_RECOVERIES = 20
"""How often a job may lose its worker: as often as its run may be begun (``solving.MAX_ATTEMPTS``)."""

logging.getLogger("dbos").addHandler(logging.NullHandler())  # or it writes to the console in its own way
logging.getLogger("dbos").setLevel("ERROR")


def system_url(url: str) -> str:
    """Return the address of the library's tables for the address of our database.

    The library does not wait for the disk at each step: its tables stay whole when the power fails, and what they
    forget then is made again from the rows of the runs.
    """
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite":
        return _with_option(parts, "-c synchronous_commit=off").render_as_string(hide_password=False)
    file = Path(parts.database or "matcher.sqlite3")
    return f"sqlite:///{file.with_name(file.stem + '-jobs.sqlite3').absolute()}"


def _with_option(url: URL, option: str) -> URL:
    """Return an address that also sets an option of the database's server."""
    given = url.query.get("options", "")
    return url.update_query_dict(
        {"options": " ".join([*([given] if isinstance(given, str) else given), option]).strip()}
    )


def prepare_tables(url: str) -> None:
    """Make the library's tables, or bring them to its version."""
    system = system_url(url)
    file = make_url(system).database
    if make_url(system).get_backend_name() == "sqlite" and file is not None:
        connection = sqlite3.connect(file, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")  # stays with the file
        connection.close()
        Path(file).chmod(0o600)
    DBOS.migrate(system)


class _QueueFile(sqlite3.Connection):
    """A connection to the queue's file that does not wait for the disk at each step."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.execute("PRAGMA synchronous=NORMAL")


def configure(url: str, executor_id: str, *, connections: int) -> DBOSConfig:
    """Return the settings of a worker's library: no pickles, no telemetry, no cloud."""
    system = system_url(url)
    is_file = make_url(system).get_backend_name() == "sqlite"
    return {
        "name": APPLICATION,
        "system_database_url": system,
        "db_engine_kwargs": {"connect_args": {"factory": _QueueFile}} if is_file else None,
        "application_version": VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),
        "enable_otlp": False,
        "log_level": "ERROR",
        "sys_db_pool_size": connections,
        "run_migrations": False,
    }


def put_back(executor_ids: Sequence[str]) -> None:
    """Give the jobs of dead workers to the living ones.

    The library has no public word for it: ``resume_workflow`` begins a job anew and forgets how often it was lost. This
    is the one place where its inside is touched; a test fails where a new version of it has this no more.
    """
    DBOS._recover_pending_workflows(list(executor_ids))


def open_client(url: str) -> DBOSClient:
    """Return a client of the queue; it connects when it is first used."""
    return DBOSClient(
        system_database_url=system_url(url),
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        retry_connection_errors=False,
        lazy=True,
    )
