"""Twenty people upload rosters of 5,000 rows at once while others look (L3): how long each waits.

python -m benchmarks.service.uploads_beside --uploads 20 --rows 5000
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from benchmarks.service.bases import fresh_database
from benchmarks.service.city_base import POLICY, build_city
from benchmarks.service.living import new_house
from benchmarks.service.users import Waited, quantile, use
from matcher.generate.roster import generate_roster
from matcher.io.write_roster import write_roster


def main() -> int:
    """Upload and print how long it took, and how long the others waited."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=20)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="matcher-trial-"))
    folder.chmod(0o755)
    half = asked.rows * 2 // 5
    roster = generate_roster(
        num_mentees=half, num_mentors=half, num_organisations=40, num_municipalities=1, seed=3, policy_id=POLICY
    )
    file = folder / "roster.xlsx"
    write_roster(roster, file)
    content = file.read_bytes()
    waited, took, statuses = Waited(), [], Counter[int]()
    with fresh_database(asked.database, folder) as url, new_house(folder / "house", url, schools=0, workers=0) as house:
        city = build_city(house.core, people=asked.people, schools=10, users=asked.users)
        house.start_server()

        async def upload(client: httpx.AsyncClient) -> None:
            began = time.monotonic()
            files = {"file": ("roster.xlsx", content)}
            answer = await client.post("/api/v1/rosters/check", files=files, headers=city.operator)
            took.append(time.monotonic() - began)
            statuses[answer.status_code] += 1

        async def all_of_it() -> None:
            ends = time.monotonic() + 30
            async with httpx.AsyncClient(base_url=house.address, timeout=300) as client:
                users = [
                    use(house.core.settings.port, user, ends, waited, random.Random(n))
                    for n, user in enumerate(city.users)
                ]
                await asyncio.gather(*users, *(upload(client) for _ in range(asked.uploads)))

        asyncio.run(all_of_it())
    print(
        f"{asked.uploads} uploads of {len(roster.people):,} people ({len(content) / 2**20:.1f} MB): the longest "
        f"{max(took):.1f} s, answers {dict(statuses)}; {len(waited.all_seconds):,} reads beside: "
        f"p99 {quantile(waited.all_seconds, 0.99):.0f} ms, {waited.errors} errors"
    )
    return 1 if max(took) > 10 or waited.errors else 0


if __name__ == "__main__":
    sys.exit(main())
