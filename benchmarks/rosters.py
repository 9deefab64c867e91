"""A city roster from workbook to explained `plan.json`, under each regulation, with the busy times of real schools.

The roster is generated (seed 1, 800 mentees, 500 mentors, 88 organisations); every teacher borrows the timetable of a
teacher of `timetables/busy_csv`. Seconds count from opening the workbook to the closed `plan.json`, explanations
included; the steps stand in the note. Each regulation runs in a process of its own, its peak memory included.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.instances import shared_data
from benchmarks.rows import Row, run_rows_apart
from matcher.io.policy_toml import list_policies

SOLVE_SECONDS = 11.0
SEED = 1


def city_rows() -> list[Row]:
    """Return one row for each regulation."""
    return [row for policy_id in list_policies() for row in run_rows_apart(_measure_city, policy_id)]


def _measure_city(policy_id: str) -> list[Row]:
    with TemporaryDirectory() as folder:
        return _from_workbook_to_plan(policy_id, Path(folder))


def _from_workbook_to_plan(policy_id: str, folder: Path) -> list[Row]:
    from matcher.explain.report import explain_plan
    from matcher.generate.roster import PRESETS, generate_roster
    from matcher.io.plan_json import write_plan_json
    from matcher.io.policy_toml import read_policy
    from matcher.io.read_busy import read_busy
    from matcher.io.read_roster import read_roster
    from matcher.io.write_roster import write_roster
    from matcher.io.write_timetables import borrow_timetables
    from matcher.judge.verify_plan import verify_plan
    from matcher.planning import make_plan

    made = generate_roster(**PRESETS["city"], seed=SEED, policy_id=policy_id)
    write_roster(made, folder / "city.xlsx")
    lessons = sorted((shared_data() / "timetables" / "busy_csv").glob("*.csv"))
    maps = borrow_timetables(made, lessons, folder / "timetables", seed=SEED)

    marks = [("", time.perf_counter())]

    def mark(step: str) -> None:
        marks.append((step, time.perf_counter()))

    roster, policy = read_roster(folder / "city.xlsx"), read_policy(policy_id)
    mark("read")
    busy, _ = read_busy(maps, roster)
    mark("timetables")
    plan = make_plan(roster, policy, busy=busy, time_limit=SOLVE_SECONDS, seed=SEED)
    mark("candidates and pairing")
    report = explain_plan(plan)
    mark("explain")
    write_plan_json(plan, folder / "plan.json", report)
    mark("write")
    seconds = marks[-1][1] - marks[0][1]
    steps = ", ".join(f"{step} {at - before:.1f}" for (_, before), (step, at) in pairwise(marks))
    violations = len(verify_plan(plan).violations)
    served = len(roster.mentees) - len(plan.unmatched)
    note = f"{steps}; {served} of {len(roster.mentees)} mentees served, {len(plan.pairs)} pairs, "
    note += f"{len(plan.groups)} groups, {violations} violations, {plan.status.value}"
    rows = [Row(instance=f"city, {policy_id}", method="matcher", seconds=seconds, note=note)]
    rows += [
        Row(
            instance=f"city, {policy_id}",
            method=level.name,
            value=level.value,
            bound=level.bound,
            note="not proved" if level.proof is None else level.proof.value,
        )
        for level in plan.levels
    ]
    return rows


TABLES: dict[str, Callable[[], list[Row]]] = {"city": city_rows}
