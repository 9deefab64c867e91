"""Brings a backup back into an empty place, whole or not at all, and checks everything it can."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlmodel import col, delete, select

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.audit import append_audit
from service.core import Core, open_core
from service.jobs.none import RememberedJobs
from service.migrate import downgrade, upgrade
from service.privacy.backup.keep import DATABASE, KEY, MANIFEST, TABLES, Manifest
from service.privacy.backup.sealed_file import derive_key, opened_chunks, read_header
from service.privacy.backup.tables import (
    TableSum,
    copy_in,
    plain_address,
    postgres_tables,
    sqlite_path,
    sums_of_postgres,
    sums_of_sqlite,
)
from service.privacy.consent_rows import ask_erasure
from service.privacy.erasure.queue import ERASED_LIST, perform, read_erased, today_of
from service.privacy.grounds import Ground
from service.privacy.heads import FOLDER, check_chain, read_heads
from service.settings import Settings
from service.tables.access import WebSession
from service.tables.areas import Person

ACTOR = "restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back; ``broken`` is the first broken entry of its audit trail, None where the trail holds."""

    manifest: Manifest
    broken: int | None
    erased_again: int


def restore(settings: Settings, file: Path, *, erased: Sequence[str] = ()) -> Restored:
    """Bring a backup back into the empty database and folder of the settings.

    Everybody is signed out, and who was erased after the backup was made is erased again: by the list the service
    keeps in its folder, and by ``erased``.

    Raises
    ------
    InputError
        When the file does not open, is damaged, is of the other kind of database, or the place is not empty.
    """
    settings.folder.mkdir(parents=True, exist_ok=True)
    _check_empty(settings)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.folder) as place:
        folder = Path(place)
        manifest = _unpack(settings, file, folder)
        url = settings.database_url
        kind = "sqlite" if url.startswith("sqlite") else "postgresql"
        if kind != manifest.kind:
            cure = text("give the address of a database of this kind: {kind}", kind=manifest.kind)
            raise InputError([Fault(str(file), text("the backup is of another kind of database"), cure)])
        _check_key(settings, folder)
        if kind == "sqlite":
            _restore_sqlite(url, folder, manifest, str(file))
        else:
            _restore_postgres(url, folder, manifest, str(file))
        _place_key(settings, folder)
        _place_heads(settings, folder)
    core = open_core(settings, RememberedJobs(), create_key=False)
    try:
        return _afterwards(core, manifest, [*read_erased(settings.folder / ERASED_LIST), *erased])
    finally:
        core.database.close()


def _check_empty(settings: Settings) -> None:
    url = settings.database_url
    cure = text("give another folder or database, or move the old one away")
    if url.startswith("sqlite"):
        if sqlite_path(url).exists():
            raise InputError([Fault(str(sqlite_path(url)), text("there is a database already"), cure)])
        return
    with psycopg.connect(plain_address(url)) as connection:
        if postgres_tables(connection):
            raise InputError([Fault("database", text("there are tables already"), cure)])


def _unpack(settings: Settings, file: Path, folder: Path) -> Manifest:
    if not file.is_file():
        raise InputError([Fault(str(file), text("there is no such file"), text("give the path of a backup"))])
    with file.open("rb") as stream:
        header = read_header(stream, str(file))
        key = derive_key(header, settings)
        with _new(folder / "backup.zip").open("wb") as plain:
            for chunk in opened_chunks(stream, header, key, str(file)):
                plain.write(chunk)
    with zipfile.ZipFile(folder / "backup.zip") as archive:
        for name in archive.namelist():
            target = folder / name
            if folder.resolve() not in target.resolve().parents:
                raise InputError([Fault(str(file), text("this is no backup of this program"))])
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as member, _new(target).open("wb") as out:
                shutil.copyfileobj(member, out, 2**20)
    (folder / "backup.zip").unlink()
    return Manifest.of_json((folder / MANIFEST).read_bytes())


def _new(path: Path) -> Path:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def _restore_sqlite(url: str, folder: Path, manifest: Manifest, name: str) -> None:
    copy = folder / DATABASE
    _compare(manifest.tables, sums_of_sqlite(copy), name)
    connection = sqlite3.connect(copy)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise _damaged(name)
    finally:
        connection.close()
    upgrade(f"sqlite:///{copy.absolute()}")
    connection = sqlite3.connect(copy)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    target = sqlite_path(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    copy.replace(target)


def _restore_postgres(url: str, folder: Path, manifest: Manifest, name: str) -> None:
    with _or_nothing(url):
        upgrade(url, manifest.revision)
        with psycopg.connect(plain_address(url)) as connection:
            for table in postgres_tables(connection):
                with (folder / TABLES / table).open("rb") as content:
                    copy_in(connection, table, manifest.columns[table], content)
            _compare(manifest.tables, sums_of_postgres(connection), name)
        upgrade(url)
        with psycopg.connect(plain_address(url)) as connection:
            connection.execute("ANALYZE")  # or the first answers are slow until the server has looked by itself


@contextmanager
def _or_nothing(url: str) -> Iterator[None]:
    """Take every table away again where something fails between."""
    try:
        yield
    except BaseException:
        downgrade(url, "base")
        raise


def _compare(expected: dict[str, TableSum], found: dict[str, TableSum], name: str) -> None:
    if expected != found:
        raise _damaged(name)


def _damaged(name: str) -> InputError:
    cure = text("use another copy of the file, or an older backup")
    return InputError([Fault(name, text("what the backup holds is not what its manifest says"), cure)])


def _check_key(settings: Settings, folder: Path) -> None:
    """Refuse to put a key where another one lies: data of two keys in one place could never be told apart."""
    path = settings.key_path
    if path.exists() and path.read_bytes().strip() != (folder / KEY).read_bytes().strip():
        cure = text("move that key away; it belongs to other data")
        raise InputError([Fault(str(path), text("another key lies here"), cure)])


def _place_key(settings: Settings, folder: Path) -> None:
    path = settings.key_path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / KEY, _new(path))


def _place_heads(settings: Settings, folder: Path) -> None:
    target = settings.folder / FOLDER
    target.mkdir(exist_ok=True)
    for head in sorted((folder / FOLDER).glob("*.json")):
        if not (target / head.name).exists():
            shutil.copyfile(head, target / head.name)


def _afterwards(core: Core, manifest: Manifest, erased: Sequence[str]) -> Restored:
    with core.database.reading() as session:
        verdict = check_chain(session, read_heads(core.settings.folder / FOLDER))
        waiting = select(Person).where(col(Person.id).in_(erased), col(Person.erased_at).is_(None))
        again = [(person.id, person.area_id) for person in session.exec(waiting)]
    with core.database.writing() as session:
        session.exec(delete(WebSession))
        said = {"erased_again": len(again), "heads_after_the_backup": len(verdict.lost)}
        append_audit(session, core.vault, actor=ACTOR, action="backup.restore", area_id=None, details=said)
    for person_id, area_id in again:
        with core.database.writing() as session:
            asked = ask_erasure(session, core, person_id, area_id, Ground.NOT_NEEDED, ACTOR, today_of(core))
            asked.hold_reason = None
            erasure_id = asked.id
        perform(core, erasure_id, actor=ACTOR)
    return Restored(manifest=manifest, broken=verdict.broken, erased_again=len(again))
