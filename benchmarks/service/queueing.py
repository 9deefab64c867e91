"""How much the queue itself costs: many runs that take no time, asked for and ended (L5).

``python -m benchmarks.service.queueing --runs 3000 [--database sqlite|postgresql]`` prints a row for each database.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy import func
from sqlmodel import col, select

from benchmarks.service.living import POLICY, Postgres, new_house, new_rounds
from service.core import Core
from service.jobs.port import UNFINISHED, Outcome
from service.jobs.results import Found, end_with
from service.jobs.solving import Solver
from service.jobs.worker import Worker
from service.tables.rounds import Run

SCHOOLS = 20


def add_runs(core: Core, rounds: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Make a run of each round; return the ids of run and area."""
    with core.database.writing() as session:
        runs = [Run(round_id=id_, area_id=area, what="pair", options={}, created_by="trial") for id_, area in rounds]
        session.add_all(runs)
        session.flush()
        return [(run.id, run.area_id) for run in runs]


def no_solve(self: Solver, run_id: str) -> None:
    """Begin and end a run, with nothing in between."""
    claim = self._claim(run_id)
    if claim is not None:
        end_with(self._core, run_id, claim.attempt, Found(outcome=Outcome.NOTHING_PLACED, summary={}, faults=[]))


def measure(url: str, folder: Path, count: int) -> tuple[float, float]:
    """Return the seconds until all runs are queued, and until all have ended after that."""
    with new_house(
        folder, url, schools=SCHOOLS, workers=0, jobs_per_worker=64, runs_per_area=64, queued_per_area=count
    ) as house:
        core = house.core
        rounds = [(id_, school.area_id) for id_, school in new_rounds(core, house.schools, count)]
        runs = add_runs(core, rounds)
        began = time.monotonic()
        for run_id, area_id in runs:
            core.jobs.enqueue(run_id, area_id)
        queued = time.monotonic() - began
        Solver.solve = no_solve  # type: ignore[method-assign]
        worker = Worker(core)
        began = time.monotonic()
        worker.start()
        while unfinished(core):
            time.sleep(0.2)
        ended = time.monotonic() - began
        worker.end(0)
        return queued, ended


def unfinished(core: Core) -> int:
    """Return how many runs have not ended."""
    with core.database.reading() as session:
        return session.exec(select(func.count()).where(col(Run.status).in_(UNFINISHED))).one()


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=3000)
    words.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="queue-") as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "data"
        postgres = Postgres(Path(place) / "postgres") if asked.database == "postgresql" else None
        url = f"sqlite:///{folder / 'matcher.sqlite3'}" if postgres is None else postgres.new_database()
        queued, ended = measure(url, folder, asked.runs)
        print(f"| {asked.database} | {asked.runs} | {POLICY} | {queued:.1f} | {ended:.1f} |", flush=True)
        if postgres is not None:
            postgres.end()


if __name__ == "__main__":
    main()
