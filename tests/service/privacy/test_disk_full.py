"""Reliability R7: no room on the disk, or a database that may only be read: a problem told, nothing broken, and on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

from sqlalchemy import event
from sqlmodel import col, func, select

from service.audit import broken_links
from service.tables.access import Role
from service.tables.privacy import AuditEntry, Consent
from tests.service.conftest import House
from tests.service.privacy.people import add_person
from tests.service.privacy.test_consents import body

FULL = textwrap.dedent(
    """
    # In a process of its own: no file of it may grow beyond a size, as on a full disk.
    import json, os, resource, sqlite3, sys
    from pathlib import Path
    from fastapi.testclient import TestClient
    from benchmarks.service.web_kills import _town
    from service.app import build_app
    from service.audit import broken_links
    from service.core import open_core
    from service.jobs.none import RememberedJobs
    from service.migrate import upgrade
    from service.settings import Settings
    from service.tables.columns import now

    folder, faults = Path(sys.argv[1]), int(sys.argv[2])
    settings = Settings(folder=folder)
    upgrade(settings.database_url)
    core = open_core(settings, RememberedJobs())
    secret, people = _town(core)
    client = TestClient(build_app(core), raise_server_exceptions=False)
    client.headers["Authorization"] = f"Bearer {secret}"
    day = now().date().isoformat()

    def write():
        said = {"person": people[0], "purpose": "duties", "given_day": day, "scan_reference": "x" * 50}
        return client.post("/api/v1/consents", json=said)

    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    statuses, types, kept = [], set(), 0
    for _ in range(faults):
        largest = max(file.stat().st_size for file in folder.iterdir() if file.is_file())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 4096, unlimited[1]))
        for _ in range(60):
            answer = write()
            kept += answer.status_code == 201
            if answer.status_code != 201:
                statuses.append(answer.status_code)
                types.add(answer.headers["content-type"])
                break
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        answer = write()
        statuses.append(answer.status_code)
        kept += answer.status_code == 201
    core.database.close()
    connection = sqlite3.connect(folder / "matcher.sqlite3")
    whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    (consents,) = connection.execute("SELECT count(*) FROM consent").fetchone()
    core = open_core(settings, RememberedJobs())
    with core.database.reading() as session:
        broken = list(broken_links(session))
    print(json.dumps([statuses, sorted(types), kept, consents, whole, broken]))
    """
)


def test_a_full_disk_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    faults = 8
    words = [sys.executable, "-c", FULL, str(tmp_path), str(faults)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    statuses, types, kept, consents, whole, broken = json.loads(done.stdout.splitlines()[-1])
    assert statuses[1::2] == [201] * faults, "it works again once there is room"
    assert set(statuses[::2]) <= {503, 507}
    assert types == ["application/problem+json"]
    assert kept == consents
    assert (whole, broken) == ("ok", [])


def test_a_database_that_may_only_be_read_is_told(house: House) -> None:
    person = add_person(house)
    curator = house.headers(Role.CURATOR)
    engine = house.core.database.engine
    statement = "PRAGMA query_only = %s" if house.core.database.is_sqlite else "SET default_transaction_read_only = %s"

    def close(connection: object, *args: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(statement % "on")
        cursor.close()
        connection.commit()  # type: ignore[attr-defined]

    for _ in range(3):
        engine.dispose()
        event.listen(engine, "connect", close)
        answer = house.client.post("/api/v1/consents", json=body(person, "duties"), headers=curator)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        event.remove(engine, "connect", close)
        engine.dispose()
        answer = house.client.post("/api/v1/consents", json=body(person, "duties"), headers=curator)
        assert answer.status_code == 201
    with house.core.database.reading() as session:
        assert session.exec(select(func.count(col(Consent.id)))).one() == 3
        assert session.exec(select(func.count(col(AuditEntry.seq)))).one() == 3
        assert list(broken_links(session)) == []
