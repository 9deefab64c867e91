"""Requests nobody foresaw, over the whole API, as everybody (S12): schemathesis, all phases, links followed.

python -m benchmarks.service.api_fuzz --calls 20000
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog

from benchmarks.service.bases import fresh_database
from service.tables.access import Role
from service.viewer import PERSONAL_ROLES
from tests.service.conftest import build_house
from tests.service.quality.fuzzing import Fuzzed, fuzz
from tests.service.quality.world import build_world

RESULTS = Path(__file__).parents[1] / "results" / "service_api_fuzz.md"


def main() -> int:
    """Fuzz as every role in turn and tell what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000, help="in all, shared by the roles")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    began = time.monotonic()
    by_role = _tried(asked.database, asked.calls, asked.seed)
    page = _page(by_role, asked.database, asked.seed, time.monotonic() - began)
    print(page)
    if asked.write:
        RESULTS.write_text(page, encoding="utf-8")
    return 1 if any(found.wrong for found in by_role.values()) else 0


def _tried(kind: str, calls: int, seed: int) -> dict[str, Fuzzed]:
    folder = Path(tempfile.mkdtemp(prefix="matcher-trial-"))
    folder.chmod(0o755)
    by_role: dict[str, Fuzzed] = {}
    with fresh_database(kind, folder) as address:
        world = build_world(build_house(address, folder / "house"))
        for number, role in enumerate(Role):
            share = (calls - sum(one.calls.total() for one in by_role.values())) // (len(Role) - number)
            area = "s11" if role in PERSONAL_ROLES else "m1"
            found = by_role[role] = Fuzzed()
            # The limits of every value, then values at random and chains of calls: each half of the share.
            for coverage, wanted in ((True, share // 2), (False, share - share // 2)):
                again = 0
                while wanted > 0 and again < 20:
                    part = fuzz(
                        world, role, area, seed=seed + 1000 * again, max_calls=wanted, coverage=coverage,
                        num_operations=12 if coverage else None,
                    )  # fmt: skip
                    found.add(part)
                    wanted, again = wanted - part.calls.total(), again + 1
            print(role, found.calls.total(), len(found.wrong), flush=True)
    return by_role


def _page(by_role: dict[str, Fuzzed], kind: str, seed: int, seconds: float) -> str:
    whole = Fuzzed()
    for found in by_role.values():
        whole.add(found)
    phases = ", ".join(f"{name}: {number:,}" for name, number in sorted(whole.phases.items()))
    lines = [
        "# Requests nobody foresaw",
        "",
        "Made by `python -m benchmarks.service.api_fuzz`: schemathesis over the whole API, signed in as every role, in",
        "a world where ids exist. Wrong are faults of the program, statuses, kinds of content, headers and shapes that",
        "the document does not tell of, and answers that show the program's inside.",
        "",
        f"{kind}, seed {seed}: {whole.calls.total():,} calls of {len(whole.operations)} operations in {seconds:.0f} s",
        f"({phases}); **{len(whole.wrong)} kinds of faults**.",
        "",
        "| role | calls | operations | answers | faults |",
        "| --- | --- | --- | --- | --- |",
    ]
    for role, found in by_role.items():
        answers = ", ".join(f"{status}: {number:,}" for status, number in sorted(found.calls.items()))
        lines.append(f"| {role} | {found.calls.total():,} | {len(found.operations)} | {answers} | {len(found.wrong)} |")
    lines += ["", *(f"* {name}: {example}" for name, example in sorted(whole.wrong.items()))]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
