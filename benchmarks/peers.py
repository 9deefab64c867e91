"""Other ways to the same answer, on the same instances: what each returns is measured and counted by us.

A peer whose package is absent, or whose model does not fit the instance, says so in its note and is not run.
"""

from __future__ import annotations

import importlib
import operator
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import csr_matrix, hstack, vstack

from benchmarks.cpsat import solve_with_cpsat
from benchmarks.instances import Edges, mentor_match_rules, read_people
from benchmarks.rows import Row
from matcher.pairing.problem import Objective
from matcher.pairing.solve import solve_pairing

NETWORKX_EDGES = 5_000
LAPJV_CELLS = 50_000_000


def ours(edges: Edges, objective: Objective) -> Row:
    """Measure `solve_pairing`, whole: canonical order, flow, prices, judge and certificate."""
    problem = edges.problem()
    started = time.perf_counter()
    result = solve_pairing(problem, objective=objective)
    seconds = time.perf_counter() - started
    note = f"{result.status.value}, proof: {result.proof.value if result.proof else 'none'}"
    if objective == "cover_first":
        note += f"; {_covered(result.pairing.mentor, result.pairing.mentee, edges)}"
    return Row(
        instance=edges.name,
        method="matcher",
        value=result.value / edges.unit,
        bound=result.bound / edges.unit,
        seconds=seconds,
        note=note,
    )


def plain_cpsat(edges: Edges, objective: Objective, time_limit: float) -> Row:
    """Measure the plain model in CP-SAT, two workers."""
    problem = edges.problem().with_objective(objective)
    started = time.perf_counter()
    answer = solve_with_cpsat(problem, time_limit=time_limit)
    seconds = time.perf_counter() - started
    if answer.pairing is None or len(answer.values) < problem.num_levels:
        return Row(instance=edges.name, method="CP-SAT", seconds=seconds, note="no answer in the time")
    note = "proved" if answer.proved else "not proved"
    if objective == "cover_first":
        note += f"; {_covered(answer.pairing.mentor, answer.pairing.mentee, edges)}"
    return Row(
        instance=edges.name,
        method="CP-SAT",
        value=answer.values[-1] / edges.unit,
        bound=answer.bounds[-1] / edges.unit,
        seconds=seconds,
        note=note,
    )


def scipy_highs(edges: Edges, objective: Objective, time_limit: float) -> Row:
    """Measure HiGHS through SciPy as a linear program: on a flow its corners are whole numbers.

    Covered people weigh more than all points together.
    """
    count = len(edges.mentor)
    by_mentor = csr_matrix((np.ones(count), (edges.mentor, np.arange(count))), (edges.num_mentors, count))
    by_mentee = csr_matrix((np.ones(count), (edges.mentee, np.arange(count))), (edges.num_mentees, count))
    limits = np.concatenate([edges.capacity, edges.demand])
    cost, rows, upper = -edges.points.astype(float), vstack([by_mentor, by_mentee], format="csr"), limits.astype(float)
    if objective == "cover_first":
        people = edges.num_mentors + edges.num_mentees
        weight = 1.0 + float(edges.points.max()) * min(edges.capacity.sum(), edges.demand.sum())
        identity = csr_matrix((np.ones(people), (np.arange(people), np.arange(people))))
        rows = vstack([hstack([rows, 0 * identity]), hstack([-rows, identity])], format="csr")
        upper = np.concatenate([upper, np.zeros(people)])
        cost = np.concatenate([cost, np.full(people, -weight)])
    started = time.perf_counter()
    found = linprog(cost, A_ub=rows, b_ub=upper, bounds=(0, 1), method="highs", options={"time_limit": time_limit})
    seconds = time.perf_counter() - started
    if found.x is None:
        return Row(instance=edges.name, method="SciPy HiGHS", seconds=seconds, note="no answer in the time")
    chosen = np.flatnonzero(found.x[:count] > 0.5)
    value = float(edges.points[chosen].sum())
    slack = max(0.0, float(cost @ np.rint(found.x)) - found.fun)
    return Row(
        instance=edges.name,
        method="SciPy HiGHS",
        value=value / edges.unit,
        bound=(value + slack) / edges.unit,
        seconds=seconds,
        note=_covered(edges.mentor[chosen], edges.mentee[chosen], edges) if objective == "cover_first" else "",
    )


def scipy_lapjv(edges: Edges, objective: Objective) -> Row:
    """Measure SciPy's LAPJV on places: one column per place of a mentor, points 0 for staying alone."""
    if objective != "total":
        return _not_run(edges, "SciPy LAPJV", "has no levels")
    if edges.demand.max() > 1:
        return _not_run(edges, "SciPy LAPJV", "would use one pair several times")
    if edges.num_mentees * int(edges.capacity.sum()) > LAPJV_CELLS:
        return _not_run(edges, "SciPy LAPJV", "the full table is too large")
    started = time.perf_counter()
    table = np.zeros((edges.num_mentees, edges.num_mentors))
    table[edges.mentee, edges.mentor] = edges.points
    places = np.repeat(np.arange(edges.num_mentors), edges.capacity)
    row, col = linear_sum_assignment(table[:, places], maximize=True)
    value = float(table[row, places[col]].sum())
    return Row(
        instance=edges.name,
        method="SciPy LAPJV",
        value=value / edges.unit,
        seconds=time.perf_counter() - started,
        note="exact, no bound of its own",
    )


def networkx_simplex(edges: Edges, objective: Objective) -> Row:
    """Measure the network simplex of networkx."""
    if objective != "total":
        return _not_run(edges, "networkx", "has no levels")
    if len(edges.mentor) > NETWORKX_EDGES:
        return _not_run(edges, "networkx", "pure Python, small instances only")
    import networkx as nx

    started = time.perf_counter()
    graph = nx.DiGraph()
    total = int(edges.demand.sum())
    graph.add_node("from", demand=-total)
    graph.add_node("to", demand=total)
    graph.add_edge("from", "to", capacity=total, weight=0)
    graph.add_edges_from(
        (("from", ("mentee", n), {"capacity": d, "weight": 0}) for n, d in enumerate(edges.demand.tolist()))
    )
    graph.add_edges_from(
        ((("mentor", m), "to", {"capacity": c, "weight": 0}) for m, c in enumerate(edges.capacity.tolist()))
    )
    graph.add_edges_from(
        (("mentee", n), ("mentor", m), {"capacity": 1, "weight": -points})
        for n, m, points in zip(edges.mentee.tolist(), edges.mentor.tolist(), edges.points.tolist(), strict=True)
    )
    cost, _ = nx.network_simplex(graph)
    return Row(
        instance=edges.name,
        method="networkx",
        value=-cost / edges.unit,
        seconds=time.perf_counter() - started,
        note="exact, no bound of its own",
    )


def stable_matching(edges: Edges, objective: Objective) -> Row:
    """Measure the package `matching`: a stable matching of mentees to places, both sides ranking by points."""
    name = "matching (stable)"
    if objective != "total" or edges.demand.max() > 1:
        return _not_run(edges, name, "one mentor each only")
    game = _hospital_resident()
    if game is None:
        return _not_run(edges, name, "package absent")
    sys.setrecursionlimit(1_000_000)  # it copies its players by recursion
    started = time.perf_counter()
    points = dict(
        zip(zip(edges.mentor.tolist(), edges.mentee.tolist(), strict=True), edges.points.tolist(), strict=True)
    )
    wanted: dict[str, list[tuple[int, str]]] = {}
    wanting: dict[str, list[tuple[int, str]]] = {}
    for (m, n), value in points.items():
        wanted.setdefault(f"n{n}", []).append((-value, f"m{m}"))
        wanting.setdefault(f"m{m}", []).append((-value, f"n{n}"))
    solved = game(
        {n: [m for _, m in sorted(row)] for n, row in wanted.items()},
        {m: [n for _, n in sorted(row)] for m, row in wanting.items()},
        {m: int(edges.capacity[int(m[1:])]) for m in wanting},
    ).solve()
    seconds = time.perf_counter() - started
    value = sum(points[int(m.name[1:]), int(n.name[1:])] for m, mine in solved.items() for n in mine)
    return Row(
        instance=edges.name, method=name, value=value / edges.unit, seconds=seconds, note="stable, not of most points"
    )


def _hospital_resident() -> Callable[..., object] | None:
    """Return the game of the package `matching`; `mentor-match` installs its modules under the same name."""
    if find_spec("matching") is None or find_spec("matching.games") is None:
        return None
    package = importlib.import_module("matching")
    for part in ("base", "players", "matchings"):
        module = importlib.import_module(f"matching.{part}")
        for word, value in vars(module).items():
            if not word.startswith("_") and not hasattr(package, word):
                setattr(package, word, value)
    return importlib.import_module("matching.games").HospitalResident.create_from_dictionaries  # type: ignore[no-any-return]


def mentor_match(edges: Edges, size: str) -> Row:
    """Measure the package `mentor-match` on its own sample with its service's rules and three rounds."""
    if find_spec("matching") is None or find_spec("matching.process") is None:
        return _not_run(edges, "mentor-match", "package absent")
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules import rule

    grades = mentor_match_rules()["grades"]

    def person(kind: type, index: int, row: dict[str, str], traits: str) -> object:
        made = kind(**{**row, "grade": grades.index(row["grade"]), "email": f"{kind.__name__}{index}"})
        made.index = index
        made.traits = [trait.strip() for trait in row[traits].split(",") if trait.strip()]
        return made

    def rules(bonus: int) -> list[object]:
        found = [
            rule.Disqualify(lambda match: match.mentor.organisation == match.mentee.organisation),
            rule.Disqualify(rule.Grade(2, operator.gt).evaluate),
            rule.Disqualify(rule.Grade(0, operator.le).evaluate),
            rule.Grade(1, operator.eq, {True: 9, False: 0}),
            rule.Grade(2, operator.eq, {True: 12, False: 0}),
            rule.Equivalent("profession", {True: 10, False: 0}),
            rule.Generic({True: 6, False: 0}, lambda match: bool(set(match.mentee.traits) & set(match.mentor.traits))),
        ]
        return [*found, rule.UnmatchedBonus(bonus)] if bonus else found

    mentors = [person(Mentor, i, row, "characteristics") for i, row in enumerate(read_people(size, "mentors"))]
    mentees = [person(Mentee, i, row, "identity to match") for i, row in enumerate(read_people(size, "mentees"))]
    started = time.perf_counter()
    process_data(mentors, mentees, [rules(0), rules(6), rules(6)])
    seconds = time.perf_counter() - started
    pairs = np.array([(m.index, n.index) for m in mentors for n in m.mentees])  # type: ignore[attr-defined]
    table = np.zeros((edges.num_mentors, edges.num_mentees), dtype=np.int64)
    table[edges.mentor, edges.mentee] = edges.points
    return Row(
        instance=edges.name,
        method="mentor-match",
        value=float(table[pairs[:, 0], pairs[:, 1]].sum()),
        seconds=seconds,
        note=_covered(pairs[:, 0], pairs[:, 1], edges),
    )


def _covered(mentor: np.ndarray, mentee: np.ndarray, edges: Edges) -> str:
    return (
        f"covered: mentees {len(np.unique(mentee))}/{edges.num_mentees}, "
        f"mentors {len(np.unique(mentor))}/{edges.num_mentors}"
    )


def _not_run(edges: Edges, method: str, why: str) -> Row:
    return Row(instance=edges.name, method=method, note=f"not run: {why}")
