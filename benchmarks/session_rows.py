"""The lines of a session plan in a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.rows import Row
from matcher.sessions.problem import SessionProblem
from matcher.sessions.result import SessionResult
from matcher.sessions.verify import violations


def level_rows(instance: str, problem: SessionProblem, result: SessionResult) -> list[Row]:
    """Return one line for each level; values are turned to "more is better", as in all tables."""
    wanted = int((problem.wanted * problem.weight).sum())
    broken = len(violations(problem, result.sessions))
    rows: list[Row] = []
    for level in result.levels:
        gap = "" if level.bound is None else f"gap {100 * gap_of(level.value, level.bound, problem, level.name):.2f} %"
        proof = "no proof" if level.proof is None else level.proof.value
        rows.append(
            Row(
                instance=f"{instance}, {level.name}",
                method=result.engine,
                value=-level.value,
                bound=None if level.bound is None else -level.bound,
                seconds=result.seconds,
                note=f"{gap}, {proof}",
            )
        )
    rows[0] = _with_note(rows[0], f"of {wanted}; first plan {result.first_seconds:.2f} s; rules broken {broken}")
    if (result.pool_price > 0).any():
        dearest = np.argsort(-result.pool_price)[:3]
        prices = ", ".join(f"{pool}: {result.pool_price[pool]:.1f}" for pool in dearest.tolist())
        rows[0] = _with_note(rows[0], f"price of one more unit of a pool {prices}")
    return rows


def gap_of(value: int, bound: int, problem: SessionProblem, name: str) -> float:
    """Return (value − bound) over what is wanted (missing) or over the bound and the number of activities (others)."""
    if name == "missing":
        return (value - bound) / max(1, int((problem.wanted * problem.weight).sum()))
    return (value - bound) / max(bound, problem.num_activities)


def _with_note(row: Row, note: str) -> Row:
    return replace(row, note=f"{row.note}; {note}")
