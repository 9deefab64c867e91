"""Many people look at the service at once while it solves (L1): how long they wait.

    python -m benchmarks.service.users --users 200 --minutes 5 --database postgresql

Each user reads one thing after the other and thinks half a second to five seconds between them. Everything runs on
this machine: server, worker, solver, database, and the users themselves.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

import httpx

from benchmarks.service.bases import fresh_database
from benchmarks.service.city_base import City, User, build_city
from benchmarks.service.living import House, new_house

RESULTS = Path(__file__).parents[1] / "results" / "service_load.md"
PATIENCE = 60.0
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass
class Waited:
    """How long each address took (seconds), and what was answered."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    solves: int = 0
    solving: float = 0.0

    def note(self, name: str, answer: Answer, seconds: float) -> None:
        """Count an answer; what an error says is kept."""
        self.seconds[name].append(seconds)
        self.statuses[answer.status] += 1
        if answer.status >= 400:
            self.broken[f"{answer.status} {name}: {answer.body[:120].decode(errors='replace')}"] += 0

    @property
    def all_seconds(self) -> list[float]:
        """Return the times of all requests, in order."""
        return sorted(one for found in self.seconds.values() for one in found)

    @property
    def errors(self) -> int:
        """Return how many requests got no answer, or one that is an error."""
        return self.broken.total() + sum(number for status, number in self.statuses.items() if status >= 400)


def quantile(ordered: list[float], share: float) -> float:
    """Return the value below which a share of the ordered values lies, in milliseconds."""
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``place`` is where the browser is sent next, empty where nowhere."""

    status: int
    body: bytes
    place: str = ""


class Line:
    """A connection of one user, kept open. A whole client would take more of the two cores than the database."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        self._head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, address: str, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
        """Return what an address answers."""
        return await self._ask("GET", address, headers, b"")

    async def post(
        self, address: str, form: Mapping[str, str], headers: Mapping[str, str] = MappingProxyType({})
    ) -> Answer:
        """Return what comes of a form that is sent; nobody is sent on by himself."""
        body = urlencode(form).encode()
        told = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), **headers}
        return await self._ask("POST", address, told, body)

    async def _ask(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._head}{more}\r\n"
        writer.write(head.encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        status = int(lines[0].split(" ", 2)[1])
        length = told.get("content-length", "0" if status == 204 else None)
        if length is None or told.get("connection") == "close":
            raise OSError("the server does not keep the connection")
        return Answer(status, await reader.readexactly(int(length)), told.get("location", ""))

    def close(self) -> None:
        """Let go of a connection that failed; the next question opens another one."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def without_ids(address: str) -> str:
    """Return an address as it is counted: without what names one thing or another."""
    return _ID.sub("{id}", address.partition("?")[0])


async def use(port: int, user: User, ends: float, waited: Waited, rng: random.Random) -> None:
    """Read one thing after the other until it ends, and think between them."""
    await asyncio.sleep(rng.uniform(0, 5))
    line = Line(port, user.headers)
    while time.monotonic() < ends:
        address = rng.choice(user.addresses)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await line.get(address)
        except (OSError, EOFError, TimeoutError) as error:
            waited.broken[type(error).__name__] += 1
            line.close()
        else:
            name = without_ids(address)
            waited.note(name, answer, time.perf_counter() - began)
        await asyncio.sleep(rng.uniform(0.5, 5))
    line.close()


async def keep_solving(client: httpx.AsyncClient, city: City, ends: float, waited: Waited) -> None:
    """Keep one solve of the city running."""
    while time.monotonic() < ends:
        asked = {"what": "pair", "time_limit": 120, "seed": waited.solves}
        answer = await client.post(f"/api/v1/rounds/{city.round_id}/runs", json=asked, headers=city.operator)
        answer.raise_for_status()
        run = answer.json()["id"]
        waited.solves += 1
        while time.monotonic() < ends:
            await asyncio.sleep(1)
            found = (await client.get(f"/api/v1/runs/{run}", headers=city.operator)).json()["status"]
            waited.solving += found == "running"
            if found not in ("queued", "running"):
                break
    await client.delete(f"/api/v1/runs/{run}", headers=city.operator)


async def _look(house: House, city: City, seconds: float) -> Waited:
    waited = Waited()
    ends = time.monotonic() + seconds
    port = house.core.settings.port
    async with httpx.AsyncClient(base_url=house.address, timeout=60) as client:
        users = [use(port, user, ends, waited, random.Random(number)) for number, user in enumerate(city.users)]
        await asyncio.gather(keep_solving(client, city, ends, waited), *users)
    return waited


def tried(kind: str, *, users: int, people: int, schools: int, seconds: float) -> tuple[City, Waited]:
    """Build a base, start the service on it, let the users look; return both."""
    folder = Path(tempfile.mkdtemp(prefix="matcher-trial-"))
    folder.chmod(0o755)
    with fresh_database(kind, folder) as url, new_house(folder / "house", url, schools=0, workers=1) as house:
        began = time.monotonic()
        city = build_city(house.core, people=people, schools=schools, users=users)
        print(f"{kind}: {city.num_people} people in {time.monotonic() - began:.0f} s", flush=True)
        house.start_server()
        return city, asyncio.run(_look(house, city, seconds))


def table_of(kind: str, city: City, waited: Waited, seconds: float) -> str:
    """Return what came of it as a page."""
    times = waited.all_seconds
    lines = [
        f"## {kind}: {len(city.users)} users, {seconds / 60:g} minutes",
        "",
        f"{city.num_people:,} people, {city.num_pairs:,} pairs, {city.num_meetings:,} meetings; a solve ran for "
        f"{waited.solving:.0f} s of it.",
        f"{len(times):,} reads ({len(times) / seconds:.0f} a second): p50 {quantile(times, 0.5):.0f} ms, "
        f"p95 {quantile(times, 0.95):.0f} ms, **p99 {quantile(times, 0.99):.0f} ms**, "
        f"longest {1000 * times[-1]:.0f} ms; "
        f"**{waited.errors} errors** {dict(waited.broken) or ''}".rstrip(),
        "",
        "| address | reads | p50, ms | p99, ms |",
        "| --- | --- | --- | --- |",
    ]
    for name, found in sorted(waited.seconds.items(), key=lambda item: -quantile(sorted(item[1]), 0.5)):
        found.sort()
        lines.append(f"| `{name}` | {len(found):,} | {quantile(found, 0.5):.0f} | {quantile(found, 0.99):.0f} |")
    return "\n".join(lines) + "\n"


def add_page(file: Path, title: str, told: str, page: str) -> None:
    """Add what was measured to a file of results, which begins with what is tried and how."""
    head = f"# {title}\n\n{told.partition(chr(10) * 2)[2].strip()}\n\n"
    before = file.read_text(encoding="utf-8") if file.exists() else head
    file.write_text(f"{before.rstrip()}\n\n{page}", encoding="utf-8")


def main() -> int:
    """Try one database and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--schools", type=int, default=50)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--write", action="store_true", help=f"add it to {RESULTS.name}")
    asked = parser.parse_args()
    seconds = 60 * asked.minutes
    city, waited = tried(asked.database, users=asked.users, people=asked.people, schools=asked.schools, seconds=seconds)
    page = table_of(asked.database, city, waited, seconds)
    print(page)
    if asked.write:
        add_page(RESULTS, "Many people look while it solves", __doc__, page)
    return 1 if waited.errors else 0


if __name__ == "__main__":
    sys.exit(main())
