"""Tables of speed events: each mentee ranks mentors, nobody meets twice, most wants; the whole timetable."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from scipy.optimize import linear_sum_assignment

from benchmarks.rows import Row, run_apart
from matcher.speed.problem import SpeedProblem
from matcher.speed.result import Schedule
from matcher.speed.solve import solve_speed
from matcher.speed.verify import level_values, violations

TIME_LIMIT = 60.0
# Mentors, mentees, rounds, tables, mentors each mentee ranks, seeds.
SIZES = (
    (40, 40, 8, 40, 8, (1, 2, 3, 4, 5)),
    (35, 60, 8, 35, 8, (1,)),
    (60, 35, 8, 35, 8, (1,)),
    (300, 300, 20, 300, 20, (1,)),
    (300, 300, 20, 100, 20, (1,)),
)


def speed_rows() -> list[Row]:
    """Return every size beside CP-SAT on the same arrays, and beside the best round after round."""
    rows = []
    for *size, seeds in SIZES:
        for seed in seeds:
            rows += [run_apart(measure, *size, seed) for measure in (ours, plain_cpsat, round_by_round)]
    return rows


def ranked_wants(num_mentors: int, num_mentees: int, num_ranked: int, seed: int) -> NDArray[np.int64]:
    """Return a table of wants: each mentee ranks some mentors, most for the first … 1 for the last.

    Mentors are not equally wanted: the k-th is drawn with a weight of 1 / (k + 10).
    """
    rng = np.random.default_rng(seed)
    fame = 1 / (10 + np.arange(num_mentors))
    wants = np.zeros((num_mentors, num_mentees), dtype=np.int64)
    for mentee in range(num_mentees):
        wanted = rng.choice(num_mentors, num_ranked, replace=False, p=fame / fame.sum())
        wants[wanted, mentee] = np.arange(num_ranked, 0, -1)
    return wants


def _asked(
    num_mentors: int, num_mentees: int, num_rounds: int, num_tables: int, num_ranked: int, seed: int
) -> tuple[str, SpeedProblem]:
    wants = ranked_wants(num_mentors, num_mentees, num_ranked, seed)
    name = f"{num_mentees} × {num_mentors}, {num_rounds} rounds, {num_tables} tables, {num_ranked} ranked, seed {seed}"
    return name, SpeedProblem.from_wants(wants, num_rounds=num_rounds, num_tables=num_tables)


def ours(*asked: int) -> Row:
    """Measure `solve_speed`, whole: flow, prices, rounds, tables, judge and certificate."""
    name, problem = _asked(*asked)
    started = time.perf_counter()
    result = solve_speed(problem)
    seconds = time.perf_counter() - started
    (level,) = result.levels
    proof = level.proof.value if level.proof else "none"
    note = f"{result.status.value}, proof: {proof}; {len(result.schedule)} meetings"
    return Row(instance=name, method="matcher", value=level.value, bound=level.bound, seconds=seconds, note=note)


def plain_cpsat(*asked: int) -> Row:
    """Measure the timetable as a user would write it for CP-SAT, a yes or no for each pair and round."""
    name, problem = _asked(*asked)
    started = time.perf_counter()
    model, held = _model(problem)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = TIME_LIMIT
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    seconds = time.perf_counter() - started
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Row(instance=name, method="CP-SAT", seconds=seconds, note="no answer in the time")
    chosen = [(pair, round_) for (pair, round_), variable in held.items() if solver.value(variable)]
    value, note = _judged(problem, chosen)
    note = f"{'proved' if status == cp_model.OPTIMAL else 'not proved'}; {note}"
    bound = solver.best_objective_bound
    return Row(instance=name, method="CP-SAT", value=value, bound=bound, seconds=seconds, note=note)


def _model(p: SpeedProblem) -> tuple[cp_model.CpModel, dict[tuple[int, int], cp_model.IntVar]]:
    model = cp_model.CpModel()
    held = {(pair, r): model.new_bool_var("") for pair in range(p.num_pairs) for r in range(p.num_rounds)}
    for pair in range(p.num_pairs):
        model.add_at_most_one(held[pair, r] for r in range(p.num_rounds))
    for person, count in ((p.mentor, p.num_mentors), (p.mentee, p.num_mentees)):
        for who in range(count):
            mine = np.flatnonzero(person == who).tolist()
            for r in range(p.num_rounds):
                model.add_at_most_one(held[pair, r] for pair in mine)
    for r in range(p.num_rounds):
        model.add(sum(held[pair, r] for pair in range(p.num_pairs)) <= p.num_tables)
    model.maximize(sum(int(p.want[pair]) * variable for (pair, _), variable in held.items()))
    return model, held


def round_by_round(*asked: int) -> Row:
    """Measure the best assignment of one round after the other, what has met left out: quick, but not the best."""
    name, problem = _asked(*asked)
    started = time.perf_counter()
    left = np.zeros((problem.num_mentors, problem.num_mentees))
    left[problem.mentor, problem.mentee] = problem.want
    pair_of = {
        (m, n): at for at, (m, n) in enumerate(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))
    }
    chosen = []
    for round_ in range(problem.num_rounds):
        rows, columns = linear_sum_assignment(left, maximize=True)
        best = sorted(zip(-left[rows, columns], rows, columns, strict=True))[: problem.num_tables]
        for want, mentor, mentee in best:
            if want < 0:
                chosen.append((pair_of[int(mentor), int(mentee)], round_))
                left[mentor, mentee] = 0
    seconds = time.perf_counter() - started
    value, note = _judged(problem, chosen)
    return Row(
        instance=name, method="SciPy LAPJV, round by round", value=value, seconds=seconds, note=f"no bound; {note}"
    )


def _judged(problem: SpeedProblem, chosen: list[tuple[int, int]]) -> tuple[int, str]:
    """Return what the meetings (pair, round) are worth, counted by us, and whether they keep the rules."""
    taken = [0] * problem.num_rounds
    tables = []
    for _, round_ in chosen:
        tables.append(taken[round_])
        taken[round_] += 1
    schedule = Schedule.of([pair for pair, _ in chosen], [round_ for _, round_ in chosen], tables)
    broken = violations(problem, schedule)
    note = f"{len(chosen)} meetings" if not broken else f"{len(broken)} rules broken"
    return level_values(problem, schedule)[0], note


TABLES: dict[str, Callable[[], list[Row]]] = {"speed": speed_rows}
