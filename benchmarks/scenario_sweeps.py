"""Batch scenarios: whole rounds of five regulations, sweeps on one worker and on two, and a sweep whose workers die."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.rows import Row
from scenarios.expected import read_expected, surprises
from scenarios.reading import read_scenario
from scenarios.rows import Row as Result
from scenarios.runs import expand
from scenarios.scenario import Scenario

if TYPE_CHECKING:
    from distributed import Client

REGULATIONS = ("barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")
NUM_RUNS = int(os.environ.get("BENCHMARK_RUNS", "100"))
KILL_SECONDS = 5.0
_SWEEP = """\
title = "Сетка"
title_en = "Sweep"
policy = "kalmykia"
what = "pair"
work_limit = {work}
keep = []

[roster]
mentees = {mentees}
mentors = {mentors}
organisations = 12
municipalities = 2

[axes]
"roster.seed" = {{ first = 1, last = {runs} }}
"""


def regulations() -> list[Row]:
    """Return a row for each of the five rounds, and one for all together on two workers."""
    found = [read_scenario(name) for name in REGULATIONS]
    results, seconds = _timed(found, jobs=2)
    rows = []
    for scenario, row in zip(found, results, strict=True):
        expected = read_expected(scenario.folder)
        wrong = [] if expected is None else [str(one) for one in surprises(row, expected)]
        told = f"violations {row.violations}; {'; '.join(wrong) or 'all facts hold'}"
        rows.append(_row(row.run, "matcher", [row], row.seconds.get("whole"), told))
    rows.append(_row("all five", "matcher, 2 workers", results, seconds, "with start of the workers; at most 180 s"))
    return rows


def sweep() -> list[Row]:
    """Return the same sweep on one worker and on two: runs of a second or more, one solver thread each."""
    with tempfile.TemporaryDirectory() as name:
        scenario = _sweep_scenario(Path(name), mentees=90, mentors=68, work=250)
        one, slow = _timed([scenario], jobs=1)
        two, fast = _timed([scenario], jobs=2)
    same = [row.without_seconds() for row in one] == [row.without_seconds() for row in two]
    least = min(row.seconds.get("whole", 0.0) for row in (*one, *two))
    label = f"{len(one)} runs, the shortest {least:.2f} s"
    ratio = f"{slow / fast:.2f} times as fast; rows {'the same' if same else 'NOT the same'}"
    return [_row(label, "1 worker", one, slow, ""), _row(label, "2 workers", two, fast, ratio)]


def killed() -> list[Row]:
    """Return a sweep of short runs during which a worker is killed every five seconds."""
    deaths = 0
    over = threading.Event()
    killers: list[threading.Thread] = []

    def kill(client: Client) -> None:
        nonlocal deaths
        while not over.wait(KILL_SECONDS):
            workers = sorted(client.run(os.getpid, on_error="ignore").items())
            if workers:
                os.kill(workers[deaths % len(workers)][1], signal.SIGKILL)
                deaths += 1

    def start(client: Client) -> None:
        killers.append(threading.Thread(target=kill, args=(client,), daemon=True))
        killers[0].start()

    seen: list[str] = []

    def stop(row: Result, done: int, total: int) -> None:
        seen.append(row.run)
        if done == total:
            over.set()

    with tempfile.TemporaryDirectory() as name:
        scenario = _sweep_scenario(Path(name), mentees=60, mentors=45, work=200)
        results, seconds = _timed([scenario], jobs=2, on_start=start, on_row=stop)
        alone, _ = _timed([scenario], jobs=2)
    lost = len({run.name for run in expand(scenario)} - set(seen))
    blamed = sum(row.error is not None for row in results)
    same = [row.without_seconds() for row in results] == [row.without_seconds() for row in alone]
    longest = max(row.seconds.get("whole", 0.0) for row in results)
    told = (
        f"{deaths} workers killed; lost {lost}, doubled {len(seen) - len(set(seen))}, blamed {blamed}; "
        f"rows {'the same' if same else 'NOT the same'} as without"
    )
    return [_row(f"{len(results)} runs, the longest {longest:.2f} s", "2 workers", results, seconds, told)]


def _sweep_scenario(folder: Path, *, mentees: int, mentors: int, work: int) -> Scenario:
    content = _SWEEP.format(mentees=mentees, mentors=mentors, work=work, runs=NUM_RUNS)
    (folder / "scenario.toml").write_text(content, encoding="utf-8")
    return read_scenario(folder)


def _timed(
    scenarios: Sequence[Scenario],
    *,
    jobs: int,
    on_start: Callable[[Client], None] | None = None,
    on_row: Callable[[Result, int, int], None] | None = None,
) -> tuple[tuple[Result, ...], float]:
    """Return the rows of a batch, and its seconds from nothing to the last row on disk."""
    # Read here: all other tables run without the extra that this one needs.
    from scenarios.batch import run_batch

    runs = [run for one in scenarios for run in expand(one)]
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        rows = run_batch(runs, [one.files for one in scenarios], Path(out), jobs=jobs, on_start=on_start, on_row=on_row)
        return rows, time.perf_counter() - began


def _row(instance: str, method: str, results: Sequence[Result], seconds: float | None, note: str) -> Row:
    """Return a row: value and bound summed over the runs."""
    return Row(
        instance=instance,
        method=method,
        value=sum(row.value or 0 for row in results),
        bound=sum(row.bound or 0 for row in results),
        seconds=seconds,
        note=note,
    )


TABLES: dict[str, Callable[[], list[Row]]] = {
    "scenarios_regulations": regulations,
    "scenarios_sweep": sweep,
    "scenarios_killed": killed,
}
