"""HiGHS, reached through OR-Tools: linear and mixed-integer programs given as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2
from scipy.sparse import csr_array

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NEVER_ENDS = 1e9
"""Seconds that stand for no time limit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """Maximise ``gain @ x`` with ``lower ≤ x ≤ upper`` and ``row_lower ≤ matrix @ x ≤ row_upper``."""

    gain: FloatArray
    lower: FloatArray
    upper: FloatArray
    integer: BoolArray
    matrix: csr_array
    row_lower: FloatArray
    row_upper: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What the search found: ``x`` (None: nothing), a bound on the best, whether it is proved, nodes.

    ``is_infeasible`` says that no ``x`` exists.
    """

    x: FloatArray | None
    bound: float
    is_proved: bool
    is_infeasible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearOptimum:
    """A linear relaxation: best ``x``, its value and the dual price of every row (the gain of one unit more)."""

    x: FloatArray
    value: float
    price: FloatArray


def search(
    program: Program,
    *,
    seconds: float,
    nodes: int | None = None,
    hint: FloatArray | None = None,
    gap: float = 0.9,
    seed: int = 0,
) -> Found:
    """Return the best integer solution found; ``gap`` is the absolute distance at which it counts as best."""
    model = mathopt.Model.from_model_proto(_proto(program, program.integer))
    options = highs_pb2.HighsOptionsProto()
    options.int_options["threads"] = 1
    options.int_options["random_seed"] = seed
    if nodes is not None:
        options.int_options["mip_max_nodes"] = nodes
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=min(max(seconds, 0.01), NEVER_ENDS)),
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=gap,
        highs=options,
    )
    hints = mathopt.ModelSolveParameters()
    if hint is not None:
        hints.solution_hints = [
            mathopt.SolutionHint(variable_values=dict(zip(model.variables(), hint.tolist(), strict=True)))
        ]
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters, model_params=hints)
    reason = result.termination.reason
    infeasible = reason in (mathopt.TerminationReason.INFEASIBLE, mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED)
    x = None
    if result.has_primal_feasible_solution():
        x = np.array(list(result.variable_values().values()))
    return Found(
        x=x,
        bound=result.termination.objective_bounds.dual_bound,
        is_proved=reason == mathopt.TerminationReason.OPTIMAL,
        is_infeasible=infeasible,
    )


def relax(program: Program, *, seconds: float, interior: bool = False) -> LinearOptimum | None:
    """Solve the linear relaxation; None where it has no solution or time ran out.

    ``interior`` uses the interior-point method without a crossover: faster on large programs, prices nearly as good.
    """
    model = mathopt.Model.from_model_proto(_proto(program, np.zeros(len(program.gain), dtype=bool)))
    options = highs_pb2.HighsOptionsProto()
    options.int_options["threads"] = 1
    if interior:
        options.string_options["solver"] = "ipm"
        options.string_options["run_crossover"] = "off"
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=min(max(seconds, 0.01), NEVER_ENDS)), highs=options
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL or not result.has_dual_feasible_solution():
        return None
    return LinearOptimum(
        x=np.array(list(result.variable_values().values())),
        value=result.objective_value(),
        price=np.array(list(result.dual_values().values())),
    )


def _proto(program: Program, integer: BoolArray) -> model_pb2.ModelProto:
    proto = model_pb2.ModelProto()
    columns, rows = len(program.gain), len(program.row_lower)
    variables = proto.variables
    variables.ids.extend(range(columns))
    variables.lower_bounds.extend(program.lower.tolist())
    variables.upper_bounds.extend(program.upper.tolist())
    variables.integers.extend(integer.tolist())
    proto.objective.maximize = True
    used = np.flatnonzero(program.gain)
    proto.objective.linear_coefficients.ids.extend(used.tolist())
    proto.objective.linear_coefficients.values.extend(program.gain[used].tolist())
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend(program.row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend(program.row_upper.tolist())
    matrix = program.matrix
    matrix.sort_indices()
    proto.linear_constraint_matrix.row_ids.extend(np.repeat(np.arange(rows), np.diff(matrix.indptr)).tolist())
    proto.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
    proto.linear_constraint_matrix.coefficients.extend(matrix.data.tolist())
    return proto
