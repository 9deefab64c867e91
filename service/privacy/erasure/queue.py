"""Carries out erasures: at once by a command, or every day those whose day has come."""

from __future__ import annotations

import logging
import os
import zipfile
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast
from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from service.core import Core
from service.privacy.erasure.act import Act
from service.privacy.erasure.execute import Erased, execute
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.privacy import AuditEntry, Erasure

_LOG = logging.getLogger("service.privacy")
ERASED_LIST = "erased-people.txt"
"""Ids of everybody erased, a line each: who restores an older backup erases them again."""
_FOLDERS = ("exports", "work")
_AHEAD = timedelta(days=2)
"""Erasures are carried out two days before they are due, so that a broken day does not break the law."""


def perform(core: Core, erasure_id: str, *, actor: str) -> Act:
    """Carry out one erasure, in the database and in the files round it; return the act.

    Raises
    ------
    InputError
        When the erasure is done already or on legal hold.
    """
    with core.database.writing() as session:
        erasure = session.get_one(Erasure, erasure_id, with_for_update=True)
        done = execute(session, core, erasure, actor=actor, today=today_of(core))
    clean_up(core, done)
    return done.act


def clean_up(core: Core, done: Erased) -> None:
    """Do what can be done only when the transaction of an erasure has ended: files, free pages, the list of ids."""
    remember_erased(core, [done.act.subject])
    clean_database(core)
    clean_files(core, done.needles)


def perform_due(core: Core, *, actor: str = "daily") -> int:
    """Carry out every erasure whose day is near and that no hold forbids; return how many."""
    day = today_of(core) + _AHEAD
    with core.database.reading() as session:
        due = select(Erasure.id).where(
            col(Erasure.done_at).is_(None), col(Erasure.hold_reason).is_(None), col(Erasure.due_day) <= day
        )
        ids = session.exec(due.order_by(col(Erasure.due_day))).all()
    done = 0
    for erasure_id in ids:
        try:
            perform(core, erasure_id, actor=actor)
            done += 1
        except Exception:
            _LOG.exception("erasure %s could not be carried out", erasure_id)
    return done


def entry_of(session: Session, erasure: Erasure) -> tuple[int, str]:
    """Return the number and the hash of the entry of the trail that tells of an erasure."""
    named = cast(col(AuditEntry.subjects), String).contains(f'"{erasure.id}"', autoescape=True)
    wanted = select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.action == "erasure.done", named)
    return session.exec(wanted).one()


def today_of(core: Core) -> date:
    """Return the day it is where the service stands."""
    return now().astimezone(ZoneInfo(core.settings.time_zone)).date()


def remember_erased(core: Core, person_ids: Iterable[str]) -> None:
    """Write the ids of erased people into a file beside the database, those that do not stand there yet."""
    path = core.settings.folder / ERASED_LIST
    person_ids = sorted(set(person_ids) - set(read_erased(path)))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.writelines(f"{id_}\n" for id_ in person_ids)
        file.flush()
        os.fsync(file.fileno())


def read_erased(path: Path) -> list[str]:
    """Return the ids of a list of erased people, none where there is no list."""
    return path.read_text(encoding="ascii").split() if path.exists() else []


def clean_database(core: Core) -> None:
    """Have the database forget what it keeps of rows that are gone."""
    engine = core.database.engine
    if core.database.is_sqlite:
        with engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("person_key", Person.__tablename__, "roster", "plan", "timetable", "record", "decision"):
            connection.execute(sql(f"VACUUM {table}"))


def clean_files(core: Core, needles: Iterable[str]) -> int:
    """Remove files left in the folders of exports and of work that speak of an erased person; return how many."""
    wanted = [needle.encode() for needle in needles]
    removed = 0
    for name in _FOLDERS:
        for path in sorted((core.settings.folder / name).rglob("*")):
            if path.is_file() and _speaks_of(path, wanted):
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _speaks_of(path: Path, needles: list[bytes]) -> bool:
    try:
        content = path.read_bytes()
        if any(needle in content for needle in needles):
            return True
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return any(needle in archive.read(name) for name in archive.namelist() for needle in needles)
    except (OSError, zipfile.BadZipFile):
        return True  # what cannot be read is an export cut off: it goes
