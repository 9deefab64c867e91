"""Tables of the pairing problems that are flows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from benchmarks import peers
from benchmarks.instances import Edges, generate_flow, read_bids, read_mentor_match
from benchmarks.rows import Row, run_apart, run_rows_apart
from matcher.pairing.problem import Objective
from matcher.pairing.solve import solve_pairing

TIME_LIMIT = 60.0
REPEATS = 5


def mentor_match_rows() -> list[Row]:
    """Return the Civil Service sample, both sizes: most people covered on both sides, then points."""
    rows = []
    for size in ("small", "large"):
        read = partial(read_mentor_match, size)
        rows += _everyone(read, "cover_first")
        rows.append(run_apart(_read_and, read, peers.mentor_match, size))
    return rows


def bids_rows() -> list[Row]:
    """Return the reviewer bids, best total."""
    return [row for year in (2015, 2016) for row in _everyone(partial(read_bids, year), "total")]


def assignment_rows() -> list[Row]:
    """Return generated rounds small enough for every peer."""
    sizes = ((300, 180, 10), (2_000, 1_200, 30), (5_000, 3_000, 30))
    return [row for n, m, degree in sizes for row in _everyone(partial(generate_flow, n, m, degree, 1), "total")]


def big_flow_rows() -> list[Row]:
    """Return the flow of 50,000 × 30,000 people beside the bare solver on the same arrays, in turn."""
    read = partial(generate_flow, 50_000, 30_000, 30, 1)
    return [run_apart(_read_and, read, peers.ours, "total"), *run_rows_apart(_in_turn, read)]


def _everyone(read: Callable[[], Edges], objective: Objective) -> list[Row]:
    """Return our row and those of all peers, each in a process of its own."""
    return [
        run_apart(_read_and, read, peers.ours, objective),
        run_apart(_read_and, read, peers.scipy_highs, objective, TIME_LIMIT),
        run_apart(_read_and, read, peers.plain_cpsat, objective, TIME_LIMIT),
        run_apart(_read_and, read, peers.scipy_lapjv, objective),
        run_apart(_read_and, read, peers.networkx_simplex, objective),
        run_apart(_read_and, read, peers.stable_matching, objective),
    ]


def _read_and(read: Callable[[], Edges], measure: Callable[..., Row], *args: object) -> Row:
    edges = read()
    try:
        return measure(edges, *args)
    except (RecursionError, MemoryError) as error:
        if measure is peers.ours:
            raise
        return Row(instance=edges.name, method=measure.__name__, note=f"failed: {type(error).__name__}")


def _in_turn(read: Callable[[], Edges]) -> list[Row]:
    """Measure the bare solver and ours in turn; the medians, and the ratio of the totals."""
    edges = read()
    problem = edges.problem()
    bare, whole = [], []
    value = 0.0
    for _ in range(REPEATS):
        seconds, value = bare_flow(edges)
        bare.append(seconds)
        started = time.perf_counter()
        result = solve_pairing(problem)
        whole.append(time.perf_counter() - started)
    ratio = statistics.median(whole) / statistics.median(bare)
    return [
        Row(
            instance=edges.name,
            method="OR-Tools SimpleMinCostFlow, bare",
            value=value,
            seconds=statistics.median(bare),
            note=f"median of {REPEATS}, build and solve only: no order, prices, judge or certificate",
        ),
        Row(
            instance=edges.name,
            method="matcher",
            value=result.value,
            bound=result.bound,
            seconds=statistics.median(whole),
            note=f"median of {REPEATS} in turn with the bare solver: {ratio:.2f} times its time; {edges.size}",
        ),
    ]


def bare_flow(edges: Edges) -> tuple[float, float]:
    """Return the seconds and the value of the solver alone: from mentees with a way out each, to places."""
    started = time.perf_counter()
    mentees, mentors = np.arange(edges.num_mentees), edges.num_mentees + np.arange(edges.num_mentors)
    sink = edges.num_mentees + edges.num_mentors
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([edges.mentee, mentors, mentees]),
        np.concatenate([mentors[edges.mentor], np.full(len(mentors) + len(mentees), sink)]),
        np.concatenate([np.ones(len(edges.mentor), dtype=np.int64), edges.capacity, edges.demand]),
        np.concatenate([-edges.points, np.zeros(len(mentors) + len(mentees), dtype=np.int64)]),
    )
    nodes = np.arange(sink + 1)
    solver.set_nodes_supplies(nodes, np.concatenate([edges.demand, 0 * mentors, [-int(edges.demand.sum())]]))
    solver.solve()
    return time.perf_counter() - started, -solver.optimal_cost()


TABLES: dict[str, Callable[[], list[Row]]] = {
    "mentor_match": mentor_match_rows,
    "bids": bids_rows,
    "assignment": assignment_rows,
    "flow": big_flow_rows,
}
