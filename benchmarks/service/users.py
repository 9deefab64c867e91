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
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.service.bases import fresh_database
from benchmarks.service.city_base import City, User, build_city
from benchmarks.service.living import House, new_house

RESULTS = Path(__file__).parents[1] / "results" / "service_load.md"
_PATIENCE = 60.0
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass
class Waited:
    """How long each address took (seconds), and what was answered."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    solves: int = 0
    solving: float = 0.0

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


class _Line:
    """A connection of one user, kept open. A whole client would take more of the two cores than the database."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        self._head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, address: str) -> tuple[int, bytes]:
        """Return the status and the body of an answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._head}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"\r\ncontent-length: (\d+)", head)
        if length is None or b"\r\nconnection: close" in head:
            raise OSError("the server does not keep the connection")
        return int(head.split(b" ", 2)[1]), await reader.readexactly(int(length[1]))

    def close(self) -> None:
        """Let go of a connection that failed; the next question opens another one."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _use(port: int, user: User, ends: float, waited: Waited, rng: random.Random) -> None:
    await asyncio.sleep(rng.uniform(0, 5))
    line = _Line(port, user.headers)
    while time.monotonic() < ends:
        address = rng.choice(user.addresses)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(_PATIENCE):
                status, body = await line.get(address)
        except (OSError, EOFError, TimeoutError) as error:
            waited.broken[type(error).__name__] += 1
            line.close()
        else:
            name = _ID.sub("{id}", address.partition("?")[0])
            waited.seconds[name].append(time.perf_counter() - began)
            waited.statuses[status] += 1
            if status >= 400:
                waited.broken[f"{status} {name}: {body[:120].decode(errors='replace')}"] += 0
        await asyncio.sleep(rng.uniform(0.5, 5))
    line.close()


async def _keep_solving(client: httpx.AsyncClient, city: City, ends: float, waited: Waited) -> None:
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
        users = [_use(port, user, ends, waited, random.Random(number)) for number, user in enumerate(city.users)]
        await asyncio.gather(_keep_solving(client, city, ends, waited), *users)
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
        head = f"# Many people look while it solves\n\n{__doc__.partition(chr(10) * 2)[2].strip()}\n\n"
        before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else head
        RESULTS.write_text(f"{before.rstrip()}\n\n{page}", encoding="utf-8")
    return 1 if waited.errors else 0


if __name__ == "__main__":
    sys.exit(main())
