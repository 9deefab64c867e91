"""The way from a session problem to a judged plan."""

from __future__ import annotations

import numpy as np

from matcher.outcome import OnProgress, Proof, SolveStatus, Stop
from matcher.sessions.count import least_alone
from matcher.sessions.effort import Effort
from matcher.sessions.families import permute_families
from matcher.sessions.greedy import first_plan
from matcher.sessions.improve import improve
from matcher.sessions.layout import IntArray, build_layout, days_of
from matcher.sessions.problem import SessionProblem
from matcher.sessions.result import SessionLevel, SessionResult, Sessions
from matcher.sessions.search import Search


def solve_sessions(
    problem: SessionProblem,
    *,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    seed: int = 0,
    hint: Sessions | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> SessionResult:
    """Return the best session plan found, judged, with a bound of every level.

    A plan exists from the first pass on; it gets better until it meets its bounds, or until ``time_limit`` (seconds),
    ``work_limit`` (deterministic) or ``stop()``. ``hint`` is an earlier plan to start from.
    """
    effort = Effort(time_limit, work_limit, on_progress, stop)
    layout = build_layout(problem)
    least_missing, least_rhythm = least_alone(problem)
    search = Search(layout, effort, least_missing, least_rhythm, seed)
    first_plan(search, hint)
    first_seconds = effort.seconds
    search.tell("first plan")
    permute_families(search)
    improve(search, lambda: None)
    return _result(problem, search, least_missing, least_rhythm, first_seconds)


def _sessions(problem: SessionProblem, search: Search) -> Sessions:
    """Return the sessions of the plan, fixed ones among them, ordered by activity and day."""
    found = list(zip(problem.fixed_choice.tolist(), problem.fixed_day.tolist(), strict=True))
    for activity, placing in zip(search.layout.activities, search.state.plan, strict=True):
        found += [(activity.choices[i], day) for i, mask in placing.items() for day in days_of(mask)]
    found.sort(key=lambda one: (int(problem.choice_activity[one[0]]), one[1]))
    array = np.array(found, dtype=np.int64).reshape(-1, 2)
    return Sessions(choice=array[:, 0], day=array[:, 1])


def _result(
    problem: SessionProblem, search: Search, least_missing: IntArray, least_rhythm: IntArray, first_seconds: float
) -> SessionResult:
    sessions = _sessions(problem, search)
    missing, moved, rhythm = search.total
    bound = search.bound_missing
    proof = Proof.CERTIFICATE if missing == bound else None
    levels = [SessionLevel(name="missing", value=missing, bound=bound, proof=proof)]
    if len(problem.hint_choice):
        sure = proof is not None and moved == 0
        levels.append(SessionLevel(name="moved", value=moved, bound=0, proof=Proof.CERTIFICATE if sure else None))
    levels.append(SessionLevel(name="rhythm", value=rhythm, bound=search.bound_rhythm))
    cost = int(problem.choice_cost[sessions.choice].sum())
    levels.append(SessionLevel(name="cost", value=cost, bound=None))
    had = np.bincount(problem.choice_activity[sessions.choice], minlength=problem.num_activities)
    return SessionResult(
        status=SolveStatus.FEASIBLE,
        sessions=sessions,
        levels=tuple(levels),
        missing=np.maximum(0, problem.wanted - had),
        least_missing=least_missing,
        least_rhythm=least_rhythm,
        engine="families",
        seconds=search.effort.seconds,
        first_seconds=first_seconds,
    )
