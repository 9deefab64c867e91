"""Kills the web server in the middle of writes on SQLite, and looks whether it kept every word it gave (R4).

``python -m benchmarks.service.web_kills --kills 50`` starts the server, lets several clients write consents as fast as
they can, kills the server (-9) at a random moment, and begins anew. At the end: the file is whole, every answer "201"
stands in the database, no transaction is there by half, and the audit trail holds. The table goes to
``benchmarks/results/service_web_kills.md``.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from sqlmodel import col, func, select

from matcher.roster import Person, Roster
from service.access.secrets import hash_of, new_secret
from service.app import build_app
from service.audit import broken_links
from service.core import Core, open_core
from service.jobs.none import RememberedJobs
from service.migrate import upgrade
from service.rounds.people import keep_people
from service.settings import Settings
from service.tables.access import Account, ApiToken, Grant, Role
from service.tables.areas import Area, AreaKind
from service.tables.columns import now
from service.tables.privacy import AuditEntry, Consent

RESULT = Path(__file__).parent.parent / "results" / "service_web_kills.md"
_CLIENTS = 4
_STARTED = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it; ``lost`` are answers that are not in the database, ``torn`` transactions kept by half."""

    kills: int
    acknowledged: int
    kept: int
    lost: int
    torn: int
    broken: int
    is_whole: bool
    seconds: float

    @property
    def holds(self) -> bool:
        """Say whether every promise was kept."""
        return self.is_whole and not (self.lost or self.torn or self.broken)


def kill_web(folder: Path, kills: int, *, seed: int = 1) -> Outcome:
    """Kill a server that many times while clients write, and count."""
    settings = Settings(folder=folder)
    upgrade(settings.database_url)
    core = open_core(settings, RememberedJobs())
    secret, people = _town(core)
    app = build_app(core)
    core.database.close()  # no connection may be open when a server is forked off
    draw = random.Random(seed)
    acknowledged: list[str] = []
    began = time.perf_counter()
    for _ in range(kills):
        process, port = _start(app)
        _write_until_dead(process, port, secret, people, acknowledged, draw.uniform(0.0, 0.4))
    core = open_core(settings, RememberedJobs())
    return _judge(core, kills, acknowledged, time.perf_counter() - began)


def _town(core: Core) -> tuple[str, list[str]]:
    secret = new_secret()
    with core.database.writing() as session:
        area = Area(kind=AreaKind.REGION, code="R", name="R", path="")
        area.path = f"/{area.id}/"
        account = Account(login="curator@example.org", name="Test")
        session.add_all([area, account])
        session.flush()
        session.add(Grant(account_id=account.id, role=Role.CURATOR, area_id=area.id))
        session.add(ApiToken(token_hash=hash_of(secret), account_id=account.id, name="test"))
        born = now().date().replace(year=1980, day=1)
        people = tuple(Person(id=f"P-{number}", organisation="R", birth_date=born) for number in range(_CLIENTS))
        return secret, list(keep_people(session, core.vault, area, Roster(people=people)).values())


def _start(app: FastAPI) -> tuple[int, int]:
    """Start a server in a process of its own (everything is imported and built already); return its id and its port."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _serve(app, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        port = int(pipe.readline())
    return process, port


def _serve(app: FastAPI, pipe: int) -> None:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", access_log=False))

    def tell() -> None:
        while not server.started:
            time.sleep(0.005)
        os.write(pipe, f"{server.servers[0].sockets[0].getsockname()[1]}\n".encode())

    threading.Thread(target=tell, daemon=True).start()
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        server.run()
    finally:
        os._exit(0)


def _write_until_dead(
    process: int, port: int, secret: str, people: list[str], acknowledged: list[str], seconds: float
) -> None:
    headers = {"Authorization": f"Bearer {secret}"}
    url = f"http://127.0.0.1:{port}/api/v1/consents"
    day = now().date().isoformat()

    def write(person: str) -> None:
        body = {"person": person, "purpose": "duties", "given_day": day}
        with httpx.Client(headers=headers, timeout=_STARTED) as client:
            while True:
                try:
                    answer = client.post(url, json=body)
                except httpx.HTTPError:
                    return
                if answer.status_code == 201:
                    acknowledged.append(answer.json()["consent"]["id"])

    threads = [threading.Thread(target=write, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    before, deadline = len(acknowledged), time.monotonic() + _STARTED
    while len(acknowledged) == before and time.monotonic() < deadline:
        time.sleep(0.005)  # a busy machine may take its time; what counts is the moment between the writes
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    for thread in threads:
        thread.join()


def _judge(core: Core, kills: int, acknowledged: list[str], seconds: float) -> Outcome:
    connection = sqlite3.connect(core.settings.folder / "matcher.sqlite3")
    is_whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    is_whole = is_whole and connection.execute("PRAGMA foreign_key_check").fetchone() is None
    connection.close()
    with core.database.reading() as session:
        kept = set(session.exec(select(Consent.id)).all())
        entries = session.exec(select(AuditEntry.subjects).where(AuditEntry.action == "consent.give")).all()
        told = {subjects[1] for subjects in entries}
        doubled = len(entries) - session.exec(select(func.count(col(Consent.id)))).one()
        broken = len(list(broken_links(session)))
    core.database.close()
    return Outcome(
        kills=kills,
        acknowledged=len(acknowledged),
        kept=len(kept),
        lost=len(set(acknowledged) - kept) + len(acknowledged) - len(set(acknowledged)),
        torn=len(kept ^ told) + abs(doubled),
        broken=broken,
        is_whole=is_whole,
        seconds=seconds,
    )


def main() -> None:
    """Run, print the table and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULT)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="matcher-") as folder:
        found = kill_web(Path(folder), given.kills, seed=given.seed)
    lines = [
        "# The web server killed in the middle of writes (SQLite)",
        "",
        "| kills | answered 201 | kept | lost | torn | broken links of the trail | file whole | seconds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        f"| {found.kills} | {found.acknowledged} | {found.kept} | {found.lost} | {found.torn} | {found.broken} | "
        f"{'yes' if found.is_whole else 'no'} | {found.seconds:.0f} |",
        "",
    ]
    text = "\n".join(lines)
    print(text)
    given.out.write_text(text, encoding="utf-8")
    raise SystemExit(0 if found.holds else 1)


if __name__ == "__main__":
    main()
