"""Lets people look while it solves for a long time, and watches the server's memory and open files (R13).

    python -m benchmarks.service.soak --minutes 10 --users 50

The first third warms up; growth is counted from there to the end.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.service.bases import fresh_database
from benchmarks.service.city_base import build_city
from benchmarks.service.living import new_house
from benchmarks.service.users import Waited, keep_solving, use


async def _watch(pid: int, ends: float, seen: list[tuple[float, float, int]]) -> None:
    place = Path(f"/proc/{pid}")
    while time.monotonic() < ends:
        resident = int((place / "statm").read_text().split()[1]) * resource.getpagesize() / 2**20
        seen.append((time.monotonic(), resident, len(list((place / "fd").iterdir()))))
        await asyncio.sleep(2)


def main() -> int:
    """Soak one database and print how memory and files went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="matcher-trial-"))
    folder.chmod(0o755)
    seen: list[tuple[float, float, int]] = []
    waited = Waited()
    with fresh_database(asked.database, folder) as url, new_house(folder / "house", url, schools=0, workers=1) as house:
        city = build_city(house.core, people=asked.people, schools=10, users=asked.users)
        house.start_server()
        assert house.server is not None
        pid = house.server.pid

        async def soak() -> None:
            ends = time.monotonic() + 60 * asked.minutes
            async with httpx.AsyncClient(base_url=house.address, timeout=60) as client:
                users = [
                    use(house.core.settings.port, user, ends, waited, random.Random(n))
                    for n, user in enumerate(city.users)
                ]
                await asyncio.gather(keep_solving(client, city, ends, waited), _watch(pid, ends, seen), *users)

        asyncio.run(soak())
    warm = seen[len(seen) // 3 :]
    third = max(1, len(warm) // 3)
    before = sum(one[1] for one in warm[:third]) / third
    after = sum(one[1] for one in warm[-third:]) / third
    print(
        f"{asked.database}, {asked.minutes:g} min, {asked.users} users, {len(waited.all_seconds):,} reads, "
        f"{waited.errors} errors: memory {before:.0f} → {after:.0f} MB ({after / before - 1:+.1%}), "
        f"open files {warm[0][2]} → {warm[-1][2]}"
    )
    return 1 if after > 1.05 * before or waited.errors else 0


if __name__ == "__main__":
    sys.exit(main())
