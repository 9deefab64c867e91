"""The country: 200,000 mentees and 100,000 mentors in one round, proved over all pairs; a region with its year.

Time is counted from the roster in memory to the proved pairs; generation is told apart. Beside it stands the bare flow
solver on the pairs kept at the end, and the judge, who looks at all allowed pairs again without any solver.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from benchmarks.rows import Row, run_rows_apart
from matcher.generate.roster import PRESETS
from matcher.io.policy_toml import read_policy
from scenarios.cluster import open_cluster
from scenarios.country_round import SolvedCountry, made_up_country, solve_round
from scenarios.towns import Effort, plan_towns

POLICY = Path(__file__).parents[1] / "scenarios" / "country" / "policy.toml"
DAY = date(2026, 9, 1)
SEED = 1
SIZES = {
    "twentieth": {"mentees": 10_000, "mentors": 5_000, "organisations": 1_000, "municipalities": 115},
    "country": {key.removeprefix("num_"): value for key, value in PRESETS["country"].items()},
}
REGION = {key.removeprefix("num_"): value for key, value in PRESETS["region"].items()}
WORKERS = 2


def measure_round(name: str) -> list[Row]:
    """Return the rows of a round of a country of this size, in one process."""
    numbers = SIZES[name]
    label = f"{numbers['mentees']:,} × {numbers['mentors']:,}, seed {SEED}"
    began = time.perf_counter()
    roster = made_up_country(numbers, SEED)
    made = time.perf_counter() - began
    began = time.perf_counter()
    found = solve_round(roster, read_policy(POLICY), DAY)
    seconds = time.perf_counter() - began
    return [_solved(label, found, seconds, made), _bare(label, found), _checked(label, found)]


def _solved(label: str, found: SolvedCountry, seconds: float, made: float) -> Row:
    result, problem = found.result, found.country.problem
    points = next(at for at, name in enumerate(problem.level_names) if name.startswith("SO-03"))
    last, all_pairs = result.rounds[-1], problem.num_mentees * problem.num_mentors
    return Row(
        instance=label,
        method="priced in blocks",
        value=result.values[points],
        bound=result.values[points] if result.is_optimal else None,
        seconds=seconds,
        note=(
            f"{'proved best over all pairs' if result.is_optimal else 'not proved'}; {len(result.mentor):,} pairs, "
            f"{len(result.rounds)} turns, {last.num_kept:,} pairs kept of {all_pairs:,}; "
            f"weighted value and bound {result.value} and {result.bound}; building {found.seconds['build']:.0f} s; "
            f"people made up in {made:.0f} s before"
        ),
    )


def _bare(label: str, found: SolvedCountry) -> Row:
    """Return the flow solver alone on the pairs kept at the end, its network included."""
    problem, result = found.country.problem, found.result
    served, place = (result.weights.total(p) for p in (problem.mentee_points, problem.place_points))
    kept, mentees = result.kept, np.flatnonzero(problem.can_be_served)
    first = 1 + problem.num_mentees
    began = time.perf_counter()
    solver = SimpleMinCostFlow()
    for tail, head, gain in (
        (1 + kept.mentee, first + kept.mentor, kept.gain),
        (np.zeros(len(mentees), dtype=np.int64), 1 + mentees, served[mentees]),
        (first + problem.place_owner, np.zeros(len(place), dtype=np.int64), place),
    ):
        solver.add_arcs_with_capacity_and_unit_cost(tail, head, np.ones(len(tail), dtype=np.int64), -gain)
    status = solver.solve()
    seconds = time.perf_counter() - began
    assert status == SimpleMinCostFlow.Status.OPTIMAL
    assert -solver.optimal_cost() == result.value
    return Row(
        instance=label,
        method="bare SimpleMinCostFlow on the kept pairs",
        seconds=seconds,
        note=f"{len(kept):,} pairs; weighted value {-solver.optimal_cost()}; says nothing of the other pairs",
    )


def _checked(label: str, found: SolvedCountry) -> Row:
    began = time.perf_counter()
    check = found.check()
    refused = ", ".join(f"{rule} {count / check.num_pairs:.1%}" for rule, count in sorted(check.refused.items()))
    return Row(
        instance=label,
        method="judge, no solver",
        seconds=time.perf_counter() - began,
        note=(
            f"{'proved' if check.is_proved else 'NOT proved'}, {len(check.violations)} violations; "
            f"{check.num_allowed:,} of {check.num_pairs:,} pairs allowed; refused first by {refused}"
        ),
    )


def measure_region() -> list[Row]:
    """Return the rows of a region: pairing of 2,000 mentees, then the year's sessions on two workers."""
    policy = read_policy(POLICY)
    roster = made_up_country(REGION, SEED)
    label = f"region, {REGION['mentees']:,} × {REGION['mentors']:,}"
    began = time.perf_counter()
    found = solve_round(roster, policy, DAY)
    paired = time.perf_counter() - began
    effort = Effort(work_limit=300, time_limit=600.0)
    with TemporaryDirectory(prefix="region-") as folder, open_cluster(jobs=WORKERS) as client:
        rows = list(plan_towns(client, roster, policy, found.proof().pairs, Path(folder), effort=effort))
    whole = time.perf_counter() - began
    placed, wanted = sum(row.sessions for row in rows), sum(row.wanted for row in rows)
    wrong = sum(row.violations for row in rows)
    return [
        Row(
            instance=label,
            method="pairing",
            seconds=paired,
            note=f"{len(found.result.mentor):,} pairs, proved: {found.result.is_optimal}",
        ),
        Row(
            instance=label,
            method=f"pairing and the year's sessions, {WORKERS} workers",
            seconds=whole,
            note=f"{len(rows)} municipalities, {placed:,} of {wanted:,} sessions placed, {wrong} violations",
        ),
    ]


def _apart(measure: Callable[..., list[Row]], *args: object) -> Callable[[], list[Row]]:
    return lambda: run_rows_apart(measure, *args)


TABLES: dict[str, Callable[[], list[Row]]] = {
    "country-twentieth": _apart(measure_round, "twentieth"),
    "country": _apart(measure_round, "country"),
    "region": measure_region,
}
