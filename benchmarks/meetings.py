"""The table of one-off meetings: OptaPlanner's workbooks under their own twelve rules, re-scored by the judge."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from benchmarks.meeting_workbooks import read_workbook, workbook
from benchmarks.meetings_peer import solve_meetings_with_cpsat
from benchmarks.rows import Row, run_apart
from matcher.meetings.solve import solve_meetings
from matcher.meetings.verify import level_values
from matcher.outcome import Progress

WORKERS = 2
SEEDS = (1, 2, 3, 4, 5)
LONG_SECONDS, MIDDLE_SECONDS, SHORT_SECONDS = 120.0, 30.0, 10.0


def meetings_rows() -> list[Row]:
    """Return 50 meetings with five seeds and their median, 100 and 200, 800 in ten seconds; plain CP-SAT beside.

    Value and bound are those of the medium level.
    """
    seeds = [run_apart(ours, 50, LONG_SECONDS, seed) for seed in SEEDS]
    rows = [*seeds, _median(seeds), run_apart(plain_cpsat, 50, LONG_SECONDS, True)]
    rows += [run_apart(ours, size, MIDDLE_SECONDS, 1) for size in (100, 200)]
    rows += [run_apart(ours, 800, SHORT_SECONDS, seed) for seed in (1, 2, 3)]
    return [*rows, run_apart(plain_cpsat, 800, SHORT_SECONDS, False)]


def ours(num_meetings: int, seconds: float, seed: int) -> Row:
    """Return what the product makes of one workbook."""
    problem = read_workbook(workbook(num_meetings))
    heard: list[Progress] = []
    started = time.perf_counter()
    result = solve_meetings(problem, time_limit=seconds, workers=WORKERS, seed=seed, on_progress=heard.append)
    took = time.perf_counter() - started
    clean = next((p.seconds for p in heard if p.level != "hard"), None)
    free = next((p.seconds for p in heard if p.level == "soft" or (p.level == "medium" and p.value == 0)), None)
    notes = [f"limit {seconds:g} s", f"hard {result.hard.value}", f"soft {result.soft.value:,}"]
    notes += [] if clean is None else [f"0 hard after {clean:.2f} s"]
    notes += [f"0 medium after {free:.2f} s"] if free is not None and result.medium.value == 0 else []
    return Row(
        instance=f"{num_meetings} meetings",
        method=f"matcher, seed {seed}",
        value=result.medium.value,
        bound=result.medium.bound,
        seconds=took,
        note="; ".join([*notes, f"{result.moves:,} moves"]),
    )


def plain_cpsat(num_meetings: int, seconds: float, with_medium: bool) -> Row:
    """Return what CP-SAT makes of one workbook, with or without the medium rules."""
    problem = read_workbook(workbook(num_meetings))
    started = time.perf_counter()
    answer = solve_meetings_with_cpsat(problem, time_limit=seconds, with_medium=with_medium)
    took = time.perf_counter() - started
    row = Row(instance=f"{num_meetings} meetings", method="CP-SAT", seconds=took, note=f"limit {seconds:g} s")
    if answer.plan is None:
        return row
    hard, medium, soft = level_values(problem, answer.plan)
    notes = [f"limit {seconds:g} s", f"hard {hard}", f"soft {soft:,}", f"first plan after {answer.first_seconds:.2f} s"]
    return Row(
        instance=row.instance,
        method="CP-SAT" if with_medium else "CP-SAT, hard rules only",
        value=medium,
        bound=answer.bound if with_medium else None,
        seconds=took,
        note="; ".join(notes),
    )


def _median(rows: list[Row]) -> Row:
    values = [row.value for row in rows if row.value is not None]
    return Row(
        instance=rows[0].instance,
        method="matcher, median",
        value=statistics.median(values),
        bound=rows[0].bound,
        note=f"{len(values)} seeds",
    )


TABLES: dict[str, Callable[[], list[Row]]] = {"meetings": meetings_rows}
