"""Reliability R8: a backup taken under writes is brought back equal in every table, or not at all."""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from matcher.errors import InputError
from service.audit import append_audit, broken_links
from service.core import Core, open_core
from service.jobs.none import RememberedJobs
from service.privacy.backup.bring_back import restore
from service.privacy.backup.keep import KEY, MANIFEST, Manifest, make_backup, rotate
from service.privacy.backup.sealed_file import derive_key, key_path, opened_chunks, read_header
from service.privacy.backup.tables import TableSum, postgres_snapshot, sqlite_path, sums_of_postgres, sums_of_sqlite
from service.privacy.erasure.queue import ERASED_LIST
from service.settings import Settings
from service.tables.access import WebSession
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.privacy import AccessEntry, AuditEntry
from tests.service.conftest import House, build_house
from tests.service.privacy.canary import NAME, build_cage, hits
from tests.service.privacy.people import add_person, empty_postgres
from tests.service.privacy.test_erasure import erase

NewPlace = Callable[[], Settings]


@pytest.fixture
def new_place(house: House, tmp_path: Path, request: pytest.FixtureRequest) -> NewPlace:
    """Give settings of an empty folder and an empty database that know the key of backups of the house."""
    number = iter(range(1000))

    def place() -> Settings:
        folder = tmp_path / f"new{next(number)}"
        key = key_path(house.core.settings)
        if house.core.database.is_sqlite:
            return Settings(folder=folder, backup_key_file=key)
        empty = empty_postgres(request.getfixturevalue("postgres"))
        return Settings(folder=folder, database=empty, backup_key_file=key)

    return place


def test_a_backup_of_postgresql_is_plain_rows_that_any_version_reads(postgres_url: str, tmp_path: Path) -> None:
    """The members are tables in the text form of COPY: read here without any server, they say what the rows say."""
    house = build_house(postgres_url, tmp_path)
    add_person(house, code="Т\t1\\")
    make_backup(house.core, tmp_path / "one.backup")
    with (tmp_path / "one.backup").open("rb") as stream:
        header = read_header(stream, "one")
        key = derive_key(header, house.core.settings)
        plain = b"".join(opened_chunks(stream, header, key, "one"))
    house.core.database.close()
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        manifest = Manifest.of_json(archive.read(MANIFEST))
        lines = archive.read("tables/person").decode().splitlines()
    unquoted = {"\\t": "\t", "\\\\": "\\"}
    columns = manifest.columns["person"]
    (row,) = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]
    assert re.sub(r"\\.", lambda found: unquoted[found.group()], row["code"]) == "Т\t1\\"
    assert row["erased_at"] == "\\N"


def sums(url: str) -> dict[str, TableSum]:
    if url.startswith("sqlite"):
        return sums_of_sqlite(sqlite_path(url))
    with postgres_snapshot(url) as connection:
        return sums_of_postgres(connection)


@contextmanager
def writing(core: Core) -> Iterator[None]:
    """Have others write meanwhile: people with keys, and an entry of the trail for each, in one transaction."""
    ended = threading.Event()

    def write(mark: str) -> None:
        number = 0
        while not ended.is_set():
            with core.database.writing() as session:
                person = Person(area_id=first_area, code=f"{mark}-{number}")
                session.add(person)
                append_audit(
                    session, core.vault, actor="x", action="write", area_id=None, subjects=[person.id], details={"n": 1}
                )
                session.add(AccessEntry(at=now(), actor="x", what="w", subject=person.id, why="test"))
            number += 1

    with core.database.reading() as session:
        first_area = session.exec(select(Person.area_id)).first() or ""
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, secrets.token_hex(4)) for _ in range(2)]
        try:
            yield
        finally:
            ended.set()
        for writer in writers:
            writer.result()


def opened(settings: Settings, path: Path, target: Path) -> zipfile.ZipFile:
    """Return the archive inside a backup."""
    with path.open("rb") as file:
        header = read_header(file, "x")
        target.write_bytes(b"".join(opened_chunks(file, header, derive_key(header, settings), "x")))
    return zipfile.ZipFile(target)


def test_every_table_is_equal_after_coming_back(house: House, new_place: NewPlace, tmp_path: Path) -> None:
    build_cage(house)
    path = tmp_path / "b.backup"
    before = sums(house.core.database.url)
    made = make_backup(house.core, path)
    assert made.tables == before
    settings = new_place()
    done = restore(settings, path)
    assert (done.manifest, done.broken, done.erased_again) == (made, None, 0)
    after = sums(settings.database_url)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"audit", "web_session"}
    assert after["web_session"].rows == 0
    core = open_core(settings, RememberedJobs(), create_key=False)
    assert any(NAME.encode() in content for _, content in _everything(House(core, house.client)))


def test_a_place_that_cannot_be_written_is_said(sqlite_house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InputError, match="writing is not allowed here"):
        make_backup(sqlite_house.core, tmp_path / "file" / "b.backup")


def _everything(house: House) -> Iterator[tuple[str, bytes]]:
    from tests.service.privacy.canary import everything

    return everything(house)


def test_a_snapshot_under_writes_is_one_moment(house: House, new_place: NewPlace, tmp_path: Path) -> None:
    """Everybody written down before the backup began is in it, and each with the whole of his transaction."""
    add_person(house)
    for cycle in range(3):
        path = tmp_path / f"{cycle}.backup"
        with writing(house.core):
            with house.core.database.reading() as session:
                least = session.exec(select(func.count(col(Person.id)))).one()
            make_backup(house.core, path)
        settings = new_place()
        restore(settings, path)
        core = open_core(settings, RememberedJobs(), create_key=False)
        with core.database.reading() as session:
            people = session.exec(select(func.count(col(Person.id)))).one()
            written = session.exec(select(func.count(col(AuditEntry.seq))).where(AuditEntry.action == "write")).one()
            looked = session.exec(select(func.count(col(AccessEntry.id))).where(AccessEntry.what == "w")).one()
            assert people >= least
            assert people - 1 == written == looked
            assert list(broken_links(session)) == []
        core.database.close()


def test_a_backup_can_be_written_on(house: House, new_place: NewPlace, tmp_path: Path) -> None:
    """Numbers go on after the highest, keys open, the trail grows."""
    person = add_person(house, name=NAME)
    make_backup(house.core, tmp_path / "b.backup")
    settings = new_place()
    restore(settings, tmp_path / "b.backup")
    core = open_core(settings, RememberedJobs(), create_key=False)
    with core.database.writing() as session:
        session.add(AccessEntry(at=now(), actor="x", what="w", why="test"))
        append_audit(session, core.vault, actor="x", action="after", area_id=None, details={"a": 1}, person_id=person)
    with core.database.reading() as session:
        assert list(broken_links(session)) == []


def test_nothing_can_be_read_without_the_key(sqlite_house: House, tmp_path: Path) -> None:
    build_cage(sqlite_house)
    path = tmp_path / "b.backup"
    make_backup(sqlite_house.core, path)
    content = path.read_bytes()
    for secret in (sqlite_house.core.settings.key_path.read_bytes().strip(), b"SQLite", b"PK\x03\x04", b"roster"):
        assert secret not in content
    other = Settings(folder=tmp_path / "other")
    with pytest.raises(InputError, match="there is no key of backups"):
        restore(other, path)
    make_backup(sqlite_house.core, tmp_path / "c.backup")
    key_path(other).write_bytes(b"A" * 43 + b"=\n")
    with pytest.raises(InputError, match="another key, or damaged"):
        restore(other, path)
    archive = opened(sqlite_house.core.settings, path, tmp_path / "plain.zip")
    assert archive.testzip() is None
    assert archive.read(KEY) == sqlite_house.core.settings.key_path.read_bytes()
    assert Manifest.of_json(archive.read(MANIFEST)).kind == "sqlite"
    assert json.loads(archive.read(MANIFEST))["tables"]["person"]["rows"] > 0


def test_a_passphrase_does_too(sqlite_house: House, tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("река снег окно лампа гора север")
    settings = sqlite_house.core.settings.model_copy(update={"backup_passphrase_file": words})
    core = Core(
        settings=settings, database=sqlite_house.core.database, vault=sqlite_house.core.vault,
        jobs=sqlite_house.core.jobs,
    )  # fmt: skip
    make_backup(core, tmp_path / "b.backup")
    assert not key_path(settings).exists()
    with pytest.raises(InputError, match="passphrase"):
        restore(Settings(folder=tmp_path / "other"), tmp_path / "b.backup")
    restore(Settings(folder=tmp_path / "other2", backup_passphrase_file=words), tmp_path / "b.backup")
    words.write_text("short")
    with pytest.raises(InputError, match="too short"):
        make_backup(core, tmp_path / "c.backup")


@pytest.mark.parametrize("harm", ["flip", "cut", "cut_chunk", "swap", "header"])
def test_a_harmed_file_is_refused_and_leaves_nothing(sqlite_house: House, tmp_path: Path, harm: str) -> None:
    with sqlite_house.core.database.writing() as session:
        for number in range(300):
            session.add(
                AccessEntry(at=now(), actor=str(number), what=secrets.token_hex(4000), why="", request_id=str(now()))
            )
    path = tmp_path / "b.backup"
    make_backup(sqlite_house.core, path)
    content = bytearray(path.read_bytes())
    size = 2**20 + 16
    if harm == "flip":
        content[len(content) // 2] ^= 1
    elif harm == "cut":
        del content[-100:]
    elif harm == "cut_chunk":
        del content[-(len(content) % size or size) :]
    elif harm == "swap":
        content[-40:-20], content[-20:] = content[-20:], content[-40:-20]
    else:
        content = bytearray(bytes(content).replace(b'"key": "file"', b'"key":  "file"', 1))
    path.write_bytes(content)
    settings = Settings(folder=tmp_path / "new", backup_key_file=key_path(sqlite_house.core.settings))
    with pytest.raises(InputError):
        restore(settings, path)
    assert list(settings.folder.iterdir()) == []


def test_it_comes_back_into_an_empty_place_only(house: House, new_place: NewPlace, tmp_path: Path) -> None:
    make_backup(house.core, tmp_path / "b.backup")
    with pytest.raises(InputError, match="already"):
        restore(house.core.settings, tmp_path / "b.backup")
    settings = new_place()
    settings.folder.mkdir()
    settings.key_path.write_bytes(b"B" * 43 + b"=\n")
    with pytest.raises(InputError, match="another key lies here"):
        restore(settings, tmp_path / "b.backup")
    settings.key_path.unlink()
    restore(settings, tmp_path / "b.backup")


def test_a_torn_restore_leaves_an_empty_database(house: House, new_place: NewPlace, tmp_path: Path) -> None:
    """The manifest says otherwise: nothing is kept, and the next try works."""
    path = tmp_path / "b.backup"
    made = make_backup(house.core, path)
    wrong = made.tables | {"area": TableSum(rows=1, sha256="0" * 64)}
    original = Manifest.of_json.__func__  # type: ignore[attr-defined]
    settings = new_place()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Manifest, "of_json",
            classmethod(lambda cls, content: Manifest(
                made_at="", kind=made.kind, revision=made.revision, tables=wrong,
                columns=original(cls, content).columns,
            )),
        )  # fmt: skip
        with pytest.raises(InputError, match="not what its manifest says"):
            restore(settings, path)
    restore(settings, path)


def test_who_was_erased_since_is_erased_again(house: House, new_place: NewPlace, tmp_path: Path) -> None:
    cage = build_cage(house)
    path = tmp_path / "b.backup"
    make_backup(house.core, path)
    erase(cage)
    settings = new_place()
    done = restore(settings, path, erased=(house.core.settings.folder / ERASED_LIST).read_text().split())
    assert done.erased_again == 1
    core = open_core(settings, RememberedJobs(), create_key=False)
    assert hits(House(core, house.client)) == []


def test_the_newest_backup_after_rotation_has_nobody_who_was_erased(house: House, tmp_path: Path) -> None:
    cage = build_cage(house)
    folder = tmp_path / "backups"
    make_backup(house.core, folder / "old.backup")
    erase(cage)
    make_backup(house.core, folder / "new.backup")
    long_ago = time.time() - (house.core.settings.keep_backups_days + 1) * 24 * 3600
    os.utime(folder / "old.backup", (long_ago, long_ago))
    assert rotate(house.core, folder) == 1
    (newest,) = folder.iterdir()
    archive = opened(house.core.settings, newest, tmp_path / "plain.zip")
    words = [part.encode() for part in (NAME, NAME.split()[0], "kanareikina")]
    for name in archive.namelist():
        content = archive.read(name)
        assert not any(word in content for word in words), name
    os.utime(newest, (long_ago, long_ago))
    assert rotate(house.core, folder) == 0


def test_sessions_do_not_come_back(sqlite_house: House, tmp_path: Path) -> None:
    build_cage(sqlite_house)
    make_backup(sqlite_house.core, tmp_path / "b.backup")
    settings = Settings(folder=tmp_path / "new", backup_key_file=key_path(sqlite_house.core.settings))
    restore(settings, tmp_path / "b.backup")
    core = open_core(settings, RememberedJobs(), create_key=False)
    with core.database.reading() as session:
        assert session.exec(select(WebSession)).all() == []
    shutil.rmtree(settings.folder)
