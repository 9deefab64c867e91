"""A storm of sign-ins (L4): memory, how long people wait who mean it, and what the storm gets.

Run it as ``python -m benchmarks.service.login_storm [--rate 30] [--seconds 60] [--database URL]``; the service is
started in a folder of its own. Three storms, one after the other: one login from one address, many logins from one
address, many logins from many addresses. Meanwhile two people sign in, one from an address of his own and one from
that of the storm, from where he has signed in before.
"""

from __future__ import annotations

import argparse
import itertools
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from service.access.passwords import hash_password
from service.core import open_core
from service.jobs.none import RememberedJobs
from service.settings import Settings
from service.tables.access import Account, Grant, Role
from service.tables.areas import Area, AreaKind

PASSWORD = "winter river seven lamps"
OWN, STORM = "198.51.100.7", "203.0.113.9"
MAX_MEMORY, MAX_SECONDS = 256 * 2**20, 3.0


@dataclass
class Seen:
    """What became of the sign-ins of one storm."""

    storm: Counter[int] = field(default_factory=Counter)
    meant: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: {OWN: [], STORM: []})
    memory: int = 0


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(folder: Path, database: str) -> Iterator[tuple[psutil.Process, str]]:
    """Run the service behind a make-believe proxy; give its process and address."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
    settings = {
        "MATCHER_FOLDER": str(folder),
        "MATCHER_DATABASE": database,
        "MATCHER_PORT": str(port),
        "MATCHER_BEHIND_PROXY": "true",
        "MATCHER_WORKERS": "0",
        "MATCHER_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "matcher.cli.start", "--lang", "en", "serve"]
    process = subprocess.Popen(command, env=kept | settings, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                if httpx.get(f"{address}/health/ready").status_code == 200:
                    break
            except httpx.TransportError:
                if process.poll() is not None:
                    raise RuntimeError("the service has ended") from None
                time.sleep(0.2)
        yield psutil.Process(process.pid), address
    finally:
        process.terminate()
        process.wait(60)


def make_people(folder: Path, database: str, logins: list[str]) -> None:
    """Make accounts that sign in with a password alone so far."""
    core = open_core(Settings(folder=folder, database=database), RememberedJobs())
    with core.database.writing() as session:
        area = Area(kind=AreaKind.ORGANISATION, code="S", name="School", path="")
        area.path = f"/{area.id}/"
        session.add(area)
        session.flush()
        for login in logins:
            account = Account(login=login, name=login, password_hash=hash_password(PASSWORD))
            session.add(account)
            session.flush()
            session.add(Grant(account_id=account.id, role=Role.CURATOR, area_id=area.id))
    core.database.close()


def sign_in(client: httpx.Client, login: str, password: str, address: str) -> tuple[int, float]:
    """Try to sign in; return status and seconds."""
    began = time.perf_counter()
    said = {"login": login, "password": password}
    answer = client.post("/api/v1/sign-in", json=said, headers={"X-Forwarded-For": address})
    client.cookies.clear()
    return answer.status_code, time.perf_counter() - began


def storm(
    process: psutil.Process, address: str, rate: float, seconds: float, who: Callable[[int], tuple[str, str]]
) -> Seen:
    """Let one storm pass; ``who`` gives login and address of each attempt."""
    seen, over = Seen(), threading.Event()
    limits = httpx.Limits(max_connections=200)

    def watch(base: int) -> None:
        while not over.wait(0.1):
            seen.memory = max(seen.memory, process.memory_info().rss - base)

    def mean_it(from_address: str) -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            while not over.is_set():
                seen.meant[from_address].append(sign_in(client, f"{from_address}@school", PASSWORD, from_address))
                over.wait(2.0)

    def attempt(number: int) -> None:
        login, from_address = who(number)
        seen.storm[sign_in(client, login, "wrong wrong wrong", from_address)[0]] += 1

    with httpx.Client(base_url=address, timeout=30, limits=limits) as client, ThreadPoolExecutor(150) as pool:
        for login in (OWN, STORM):
            sign_in(client, f"{login}@school", PASSWORD, login)
            sign_in(client, f"{login}@school", "wrong wrong wrong", login)
        base = process.memory_info().rss
        others = [threading.Thread(target=watch, args=(base,))]
        others += [threading.Thread(target=mean_it, args=(one,)) for one in (OWN, STORM)]
        for thread in others:
            thread.start()
        began = time.perf_counter()
        for number in itertools.takewhile(lambda n: n < rate * seconds, itertools.count()):
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            pool.submit(attempt, number)
        pool.shutdown()
        over.set()
        for thread in others:
            thread.join()
    return seen


STORMS: dict[str, Callable[[int], tuple[str, str]]] = {
    "one login, one address": lambda number: ("target@school", STORM),
    "many logins, one address": lambda number: (f"n{number}@school", STORM),
    "many logins, many addresses": lambda number: (f"n{number}@school", f"192.0.2.{number % 250}"),
}


def main() -> int:
    """Let the storms pass, print a table, and tell whether all limits were kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=30.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    kept = True
    print("| storm | answers | memory, MB | sign-ins meant | refused | longest, s |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        database = given.database or f"sqlite:///{folder / 'matcher.sqlite3'}"
        with served(folder, database) as (process, address):
            make_people(folder, database, [f"{OWN}@school", f"{STORM}@school", "target@school"])
            for name, who in STORMS.items():
                seen = storm(process, address, given.rate, given.seconds, who)
                meant = [one for tried in seen.meant.values() for one in tried]
                refused = sum(1 for status, _ in meant if status != 200)
                longest = max(took for _, took in meant)
                answers = ", ".join(f"{status}: {number}" for status, number in sorted(seen.storm.items()))
                print(
                    f"| {name} | {answers} | {seen.memory / 2**20:.0f} | {len(meant)} | {refused} | {longest:.2f} |",
                    flush=True,
                )
                kept = kept and refused == 0 and longest <= MAX_SECONDS and seen.memory <= MAX_MEMORY
                kept = kept and set(seen.storm) <= {401, 429}
                time.sleep(1)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
