"""Tries to reach what belongs to others: every route, every role, ids of others wherever one can stand (S1).

The attempts are those of tests/service/quality; here as many of them as wanted, on both databases.

    python -m benchmarks.service.cross_scope --attempts 50000
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
import time
from pathlib import Path

import structlog

from benchmarks.service.bases import KINDS, fresh_database
from tests.service.conftest import build_house
from tests.service.quality.crossing import Tally, attempts_of, make_attempts
from tests.service.quality.world import build_world

RESULTS = Path(__file__).parents[1] / "results" / "service_cross_scope.md"


def main() -> int:
    """Make the attempts and tell what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=50_000, help="in all, half of them on each database")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    tallies = {}
    for kind in KINDS:
        began = time.monotonic()
        tallies[kind] = _tried(kind, asked.attempts // len(KINDS), asked.seed)
        print(f"{kind}: {tallies[kind].made.total()} attempts in {time.monotonic() - began:.0f} s", flush=True)
    page = _page(tallies)
    print(page)
    if asked.write:
        RESULTS.write_text(page, encoding="utf-8")
    return 1 if any(tally.wrong for tally in tallies.values()) else 0


def _tried(kind: str, wanted: int, seed: int) -> Tally:
    folder = Path(tempfile.mkdtemp(prefix="matcher-trial-"))
    folder.chmod(0o755)
    with fresh_database(kind, folder) as address:
        world = build_world(build_house(address, folder / "house"))
        found = attempts_of(world, seed=seed)
        again = random.Random(seed).choices(found, k=max(0, wanted - len(found)))  # more than there are: some twice
        return make_attempts(world, [*found, *again][:wanted])


def _page(tallies: dict[str, Tally]) -> str:
    lines = [
        "# Attempts to reach what belongs to others",
        "",
        "Made by `python -m benchmarks.service.cross_scope`: three schools of two municipalities, each under a word",
        "that is found nowhere else; every operation of the OpenAPI document is called in every role with ids of",
        "others (in the path, the query, the body), missing and malformed ones, and its own. Nothing of others may be",
        "in any answer, header or file, and what is others' must be answered like what does not exist.",
        "",
    ]
    for kind, tally in tallies.items():
        foreign = sum(number for what, number in tally.made.items() if what.startswith(("foreign", "beside")))
        lines += [
            f"## {kind}",
            "",
            f"{tally.made.total():,} attempts, {foreign:,} of them with ids of others; **{len(tally.wrong)} wrong**.",
            "",
            "| attempt | answers |",
            "| --- | --- |",
        ]
        for what in sorted(tally.made):
            seen = {status: number for (one, status), number in sorted(tally.statuses.items()) if one == what}
            lines.append(f"| {what} | {', '.join(f'{status}: {number:,}' for status, number in seen.items())} |")
        lines += ["", *(f"* {one}" for one in tally.wrong[:50])]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
