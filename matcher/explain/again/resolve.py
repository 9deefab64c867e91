"""The round solved again under a changed problem, and what that does against the present plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.build import Candidates
from matcher.explain.case import Case
from matcher.explain.effects import effect_between
from matcher.explain.findings import Effect, FoundBy
from matcher.explain.search.exchange import Outcome
from matcher.outcome import SolveStatus
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing, PairingResult
from matcher.pairing.solve import solve_pairing
from matcher.pairing.verify import level_values

IntArray = NDArray[np.int64]
#: Statuses that come with a plan that keeps every lock and every least load.
_KEEPS_ALL = (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long a round may be solved again: seconds, or a deterministic amount of work; and the seed."""

    time_limit: float = 20.0
    work_limit: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """A plan of the changed round in the options and values of the round itself."""

    outcome: Outcome
    status: SolveStatus
    result: PairingResult


def solve_again(
    candidates: Candidates,
    problem: PairingProblem,
    effort: Effort,
    *,
    status: SolveStatus = SolveStatus.OPTIMAL,
    option: IntArray | None = None,
    hint: Pairing | None = None,
) -> Solved | None:
    """Return the best plan found of a changed problem, None where it has no valid one.

    ``status`` is that of the present plan: where not even this one keeps every lock, no other has to. ``option`` says
    which option of the candidates each option of the problem is, where they are numbered anew.
    """
    result = solve_pairing(
        problem, time_limit=effort.time_limit, work_limit=effort.work_limit, seed=effort.seed, hint=hint
    )
    if result.status not in _KEEPS_ALL and status in _KEEPS_ALL:
        return None
    found = result.pairing
    chosen = found.option if option is None else option[found.option]
    pairing = Pairing.of(candidates.problem, chosen, found.open_group, found.slot)
    outcome = Outcome(pairing=pairing, values=level_values(candidates.problem, pairing))
    return Solved(outcome=outcome, status=result.status, result=result)


def effect_of(case: Case, solved: Solved) -> Effect:
    """Return what a plan solved again does against the present one."""
    before = Outcome(pairing=case.pairing, values=case.values)
    return effect_between(case.candidates, before, solved.outcome, found_by=FoundBy.SOLVE, status=solved.status)


def options_together(case: Case, pairs: set[tuple[str, str]]) -> IntArray:
    """Return all options that bring together any of these (mentor, mentee), by id."""
    columns = case.candidates.columns
    keys = [
        columns.mentor_of[mentor] * columns.num_mentees + columns.mentee_of[mentee]
        for mentor, mentee in pairs
        if mentor in columns.mentor_of and mentee in columns.mentee_of
    ]
    key = case.problem.mentor * columns.num_mentees + case.problem.mentee
    return np.flatnonzero(np.isin(key, np.array(keys, dtype=np.int64)))
