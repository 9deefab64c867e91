"""Kills a working service again and again, and looks whether it kept every promise.

``python -m benchmarks.service.kills --kills 200`` runs rounds on both databases while workers, solvers, servers and
whole machines are killed at random moments; then servers are told to end and started anew under load; then PostgreSQL
is stopped as if the power went. The table goes to ``benchmarks/results/service_kills.md``.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.service.checks import broken_promises
from benchmarks.service.living import House, Postgres, descendants, new_house, new_rounds
from benchmarks.service.load import Load, Told

RESULTS = Path(__file__).parents[1] / "results" / "service_kills.md"
SCHOOLS, WORKERS = 6, 2
MOST_GAP = 1.2
"""A blow falls at most so many seconds after some run is under way."""
_WORK_SECONDS = 15.0
_FINISH_SECONDS = 300.0
TARGETS = ("worker", "worker", "solver", "server")


@dataclass(kw_only=True)
class Trial:
    """What one trial showed."""

    what: str
    database: str
    blows: Counter[str] = field(default_factory=Counter)
    told: Told
    seconds: float
    broken: list[str]
    exits: list[float] = field(default_factory=list)


def kill_often(house: House, load: Load, rng: random.Random, count: int, minutes: float, nodes: bool) -> Counter[str]:
    """Kill something at random moments, so often, for so many minutes at most; the server is started again at once."""
    done: Counter[str] = Counter()
    last = time.monotonic() + minutes * 60
    while sum(done.values()) < count and time.monotonic() < last:
        load.wait_for_work(_WORK_SECONDS)
        time.sleep(rng.uniform(0.0, MOST_GAP))
        target = "machine" if nodes else rng.choice(TARGETS)
        if target == "server":
            _kill(house.server.pid if house.server else None)
            house.start_server()
        elif target == "machine":
            node = house.nodes.pop(0)
            _kill(node.pid, *descendants(node.pid))
            node.wait()
            house.start_node()
        else:
            found = house.workers() if target == "worker" else house.solvers()
            if not found:
                continue
            _kill(rng.choice(found))
        done[target] += 1
    return done


def _kill(*pids: int | None) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, signal.SIGKILL)


def drain_often(house: House, rng: random.Random, count: int) -> list[float]:
    """Tell the server to end under load, so often; return how many seconds each end took."""
    took = []
    for _ in range(count):
        time.sleep(rng.uniform(1.0, 3.0))
        assert house.server is not None
        house.workers()
        began = time.monotonic()
        house.server.send_signal(signal.SIGTERM)
        house.server.wait(60)
        took.append(time.monotonic() - began)
        house.start_server()
    return took


def restart_often(postgres: Postgres, rng: random.Random, count: int) -> int:
    """Stop the database as if the power went, so often."""
    for _ in range(count):
        time.sleep(rng.uniform(5.0, 12.0))
        postgres.restart()
    return count


def try_out(
    what: str, database: str, url: str, folder: Path, seed: int, rounds: int, blow: Callable[[House, Load], Trial]
) -> Trial:
    """Run rounds on a new service while it is struck; return what it kept."""
    folder.mkdir(parents=True, exist_ok=True)
    workers = 0 if what == "machines" else WORKERS
    with new_house(folder, url, schools=SCHOOLS, workers=workers, drain_seconds=10) as house:
        made = new_rounds(house.core, house.schools, rounds)
        began = time.monotonic()
        house.start_server()
        load = Load(house, made, seed=seed)
        load.start()
        trial = blow(house, load)
        load.end()
        _finish(load)
        trial.seconds = time.monotonic() - began
        _settle(house)
        trial.broken = broken_promises(house, load.told)
        return trial


def _finish(load: Load) -> None:
    last = time.monotonic() + _FINISH_SECONDS
    while load.open_runs() and time.monotonic() < last:
        time.sleep(0.5)


def _settle(house: House) -> None:
    """Let the queue write down that its jobs have ended."""
    house.workers()
    time.sleep(5)


def table(trials: list[Trial], seed: int) -> str:
    """Return the trials as a page."""
    head = [
        "# A service that is killed",
        "",
        f"`python -m benchmarks.service.kills`, seed {seed}. Rounds are solved on {WORKERS} workers while curators",
        "write notes; whoever gets no answer looks whether it was done before he tries again. *Kept* counts what was",
        "acknowledged. A broken promise would be a round without exactly one result, a half published plan, a note",
        "lost or doubled, a break in the audit chain, a run ended twice, anything left over in folders or queue.",
        "",
        "| trial | database | blows | rounds | notes kept | unreached requests | 5xx but 503 | taken over after, s"
        " (median, most) | slowest end, s | minutes | broken promises |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *map(_row, trials), ""])


def _row(trial: Trial) -> str:
    told = trial.told
    blows = ", ".join(f"{count} {what}" for what, count in sorted(trial.blows.items()))
    over = sorted(told.taken_over)
    taken = f"{over[len(over) // 2]:.1f}, {over[-1]:.1f} ({len(over)})" if over else "–"
    worse = sum(count for status, count in told.statuses.items() if status >= 500 and status != 503)
    slowest = f"{max(trial.exits):.1f}" if trial.exits else "–"
    cells = (
        trial.what,
        trial.database,
        blows,
        len(told.runs),
        len(told.decisions),
        told.unreached,
        worse,
        taken,
        slowest,
        f"{trial.seconds / 60:.1f}",
        len(trial.broken),
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def run_trial(
    what: str, database: str, count: int, minutes: float, seed: int, folder: Path, postgres: Postgres | None
) -> Trial:
    """Run one trial: "kills", "machines" (killed whole), "ends" (rolling restarts) or "power" (of PostgreSQL)."""
    rng = random.Random(seed)
    url = f"sqlite:///{folder / 'matcher.sqlite3'}" if postgres is None else postgres.new_database()

    def blow(house: House, load: Load) -> Trial:
        trial = Trial(what=what, database=database, told=load.told, seconds=0.0, broken=[])
        if what == "machines":
            for _ in range(3):
                house.start_node()
        if what in ("kills", "machines"):
            trial.blows = kill_often(house, load, rng, count, minutes, nodes=what == "machines")
        elif what == "ends":
            trial.exits = drain_often(house, rng, count)
            trial.blows["end"] = count
        elif postgres is not None:
            trial.blows["power"] = restart_often(postgres, rng, count)
        return trial

    return try_out(what, database, url, folder, seed, rounds=3 * count + 20, blow=blow)


def main() -> None:
    """Run the trials and write the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--machines", type=int, default=0, help="deaths in a fleet of three machines, on PostgreSQL")
    words.add_argument("--ends", type=int, default=0, help="rolling restarts under load")
    words.add_argument("--power", type=int, default=0, help="stops of PostgreSQL")
    words.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    words.add_argument("--minutes", type=float, default=26.0, help="nothing is killed any more after so long a trial")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--out", type=Path, default=RESULTS)
    asked = words.parse_args()
    databases = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    plan = [("kills", name, asked.kills) for name in databases] + [("ends", name, asked.ends) for name in databases]
    if "postgresql" in databases:
        plan += [("machines", "postgresql", asked.machines), ("power", "postgresql", asked.power)]
    trials = []
    with tempfile.TemporaryDirectory(prefix="kills-") as place:
        Path(place).chmod(0o755)
        postgres = Postgres(Path(place) / "postgres") if "postgresql" in databases else None
        for what, name, count in plan:
            if count:
                folder = Path(place) / f"{what}-{name}"
                trials.append(
                    run_trial(
                        what, name, count, asked.minutes, asked.seed, folder, postgres if name != "sqlite" else None
                    )
                )
                print(_row(trials[-1]), *trials[-1].broken, sep="\n", flush=True)
        if postgres is not None:
            postgres.end()
    asked.out.write_text(table(trials, asked.seed), encoding="utf-8")
    raise SystemExit(1 if any(trial.broken for trial in trials) else 0)


if __name__ == "__main__":
    main()
