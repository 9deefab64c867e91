"""Prices from the linear programme of all dated sessions: exact where the simplex method ends in time.

Without rhythm an activity's walks are the vertices of a polyhedron (its rows are intervals of days), so the duals of
this programme are the best prices there are.

References
----------
.. [1] D. Applegate et al., "Practical Large-Scale Linear Programming using Primal-Dual Hybrid Gradient", NeurIPS 2021.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_matrix, csr_array, vstack

from matcher.sessions.bound.rows import DatedRows

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

LARGE = 25_000
"""Options beyond which the simplex method takes too long."""
SIMPLEX_SHARE = 0.4
ACCURACY = 1e-5


def linear_prices(rows: DatedRows, seconds: float) -> FloatArray | None:
    """Return the price of every row, or None when no method gives any in time.

    Above `LARGE` options, or where the simplex method takes too long, a first-order method takes its place: its prices
    are good, not best.
    """
    kept = undominated(rows)
    if not len(kept) or not len(rows.limit):
        return np.zeros(len(rows.limit))
    apart = _apart_rows(rows, kept)
    matrix = rows.matrix[:, kept]
    live = np.diff(matrix.indptr) > 0
    programme = _Programme(
        weight=rows.problem.weight[rows.activity[kept]].astype(np.float64),
        matrix=vstack([apart, matrix[live]]).tocsr().astype(np.float64),
        limit=np.concatenate([np.ones(apart.shape[0]), rows.limit[live]]),
    )
    duals = _simplex(programme, SIMPLEX_SHARE * seconds) if len(kept) <= LARGE else None
    if duals is None:
        duals = _first_order(programme, (1 - SIMPLEX_SHARE) * seconds)
    if duals is None:
        return None
    prices = np.zeros(len(rows.limit))
    prices[live] = np.maximum(0.0, duals[apart.shape[0] :])
    return prices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Programme:
    """Most weight, ``matrix @ x <= limit``, x from 0 to 1."""

    weight: FloatArray
    matrix: csr_array
    limit: FloatArray


def _simplex(programme: _Programme, seconds: float) -> FloatArray | None:
    found = linprog(  # type: ignore[call-overload]  # its stubs know dense matrices only
        -programme.weight,
        A_ub=programme.matrix,
        b_ub=programme.limit,
        bounds=(0, None),
        method="highs-ds",
        options={"time_limit": seconds},
    )
    return -found.ineqlin.marginals if found.status == 0 else None


def _first_order(programme: _Programme, seconds: float) -> FloatArray | None:
    from ortools.pdlp import solvers_pb2  # read here: small problems do without
    from ortools.pdlp.python import pdlp

    quadratic = pdlp.QuadraticProgram()
    quadratic.objective_vector = -programme.weight
    quadratic.constraint_matrix = csc_matrix(programme.matrix)
    quadratic.constraint_lower_bounds = np.full(len(programme.limit), -np.inf)
    quadratic.constraint_upper_bounds = programme.limit
    quadratic.variable_lower_bounds = np.zeros(len(programme.weight))
    quadratic.variable_upper_bounds = np.ones(len(programme.weight))
    params = solvers_pb2.PrimalDualHybridGradientParams()
    params.num_threads = 1
    params.termination_criteria.time_sec_limit = seconds
    params.termination_criteria.simple_optimality_criteria.eps_optimal_relative = ACCURACY
    params.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = ACCURACY
    duals: FloatArray = -np.asarray(pdlp.primal_dual_hybrid_gradient(quadratic, params).dual_solution)
    return duals if len(duals) == len(programme.limit) else None


def undominated(rows: DatedRows) -> IntArray:
    """Return the options without those that use all another option of the activity uses on the day, or more.

    They change neither the value of the programme nor the prices that prove it.
    """
    if not rows.num_options:
        return np.zeros(0, dtype=np.int64)
    num_days = rows.problem.num_days
    group = rows.activity * num_days + rows.day
    columns = rows.matrix.tocsc()
    number = np.diff(columns.indptr)
    amount = np.asarray(columns.sum(axis=0)).ravel()
    # An option that uses only what all options of its group use is enough.
    entry = np.repeat(np.arange(rows.num_options), number)
    known, size = np.unique(group, return_counts=True)
    at = np.searchsorted(known, group)
    pair, times = np.unique(at[entry] * max(1, len(rows.limit)) + columns.indices, return_counts=True)
    owner = pair // max(1, len(rows.limit))
    common = np.bincount(owner[times == size[owner]], minlength=len(known))
    least = np.full(len(known), np.iinfo(np.int64).max)
    np.minimum.at(least, at, amount)
    is_enough = (number == common[at]) & (amount == least[at])
    rng = np.random.default_rng(0)
    mark = columns.T @ rng.random(len(rows.limit))
    order = np.lexsort((mark, ~is_enough, group))
    g, e, m = group[order], is_enough[order], mark[order]
    has_enough = np.zeros(len(known), dtype=np.bool_)
    has_enough[at[is_enough]] = True
    is_new = np.r_[True, (g[1:] != g[:-1]) | (~e[1:] & (m[1:] != m[:-1]))]
    is_new &= e | ~has_enough[at[order]]
    return np.sort(order[is_new])


def _apart_rows(rows: DatedRows, kept: IntArray) -> csr_array:
    """Return the rows "at most one session between a day and the day that may follow", none inside another."""
    p = rows.problem
    order = kept[np.lexsort((rows.day[kept], rows.activity[kept]))]
    place = np.empty(rows.num_options, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    day, activity = rows.day[order], rows.activity[order]
    code = activity * (p.num_days + 1) + day
    first = np.flatnonzero(np.r_[True, code[1:] != code[:-1]])
    last = np.searchsorted(code, activity[first] * (p.num_days + 1) + p.next_day[activity[first], day[first]])
    fresh = np.r_[True, (last[1:] > last[:-1])]
    first, last = first[fresh], last[fresh]
    length = last - first
    row = np.repeat(np.arange(len(first)), length)
    at = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    return csr_array((np.ones(len(row)), (row, place[order[at]])), shape=(len(first), len(kept)))
