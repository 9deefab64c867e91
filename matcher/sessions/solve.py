"""The way from a session problem to a judged plan."""

from __future__ import annotations

from math import inf

import numpy as np

from matcher.outcome import OnProgress, Proof, SolveStatus, Stop
from matcher.sessions.bounding import Bounds, simple_rhythm_bound
from matcher.sessions.chains import fill_by_chains
from matcher.sessions.count import least_alone
from matcher.sessions.effort import Effort
from matcher.sessions.families import permute_families
from matcher.sessions.greedy import first_plan
from matcher.sessions.improve import improve
from matcher.sessions.layout import build_layout, days_of
from matcher.sessions.problem import SessionProblem
from matcher.sessions.result import SessionLevel, SessionResult, Sessions
from matcher.sessions.search import Search
from matcher.sessions.spacing import spread_evenly
from matcher.sessions.verify import level_values, violations

SPREAD_SECONDS = 0.003
"""How long the last pass takes for an activity, at most a tenth of the time."""

CERTIFIED = ("missing", "rhythm")
"""The levels whose bounds certificates prove."""

CHAINS_SHARE, FAMILIES_SHARE = 0.05, 0.1
"""Parts of the effort that the second and third pass may take."""


def solve_sessions(
    problem: SessionProblem,
    *,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    seed: int = 0,
    hint: Sessions | None = None,
    with_bounds: bool = True,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> SessionResult:
    """Return the best session plan found, judged, with a bound of every level.

    A plan exists from the first pass on; it gets better until it meets its bounds, or until ``time_limit`` (seconds),
    ``work_limit`` (deterministic) or ``stop()``. ``hint`` is an earlier plan to start from; sessions that have a price
    of being moved stand in the problem. Without ``with_bounds`` only the bounds of single activities are told.

    References
    ----------
    ``docs/explanation/sessions-model.md``
    """
    reserve = min(0.1 * time_limit, SPREAD_SECONDS * problem.num_activities)
    effort = Effort(time_limit - reserve, work_limit, on_progress, stop)
    layout = build_layout(problem)
    search = Search(layout, effort, *least_alone(problem), seed)
    search.bound_rhythm = simple_rhythm_bound(search, search.bound_missing)
    first_plan(search, hint)
    first_seconds = effort.seconds
    search.tell("first plan")
    bounds = Bounds(problem, search, is_asked=with_bounds)
    bounds.look()
    try:
        fill_by_chains(search, until=effort.share(CHAINS_SHARE))
        permute_families(search, until=effort.share(FAMILIES_SHARE))
        bounds.look()
        improve(search, bounds.look)
        bounds.look()
        spread_evenly(search, effort.clock() + (inf if effort.is_counted else reserve))
    except KeyboardInterrupt:
        search.come_back()
    bounds.finish()
    return _result(problem, search, bounds, first_seconds)


def _sessions(problem: SessionProblem, search: Search) -> Sessions:
    """Return the sessions of the plan, fixed ones among them, ordered by activity and day."""
    found = list(zip(problem.fixed_choice.tolist(), problem.fixed_day.tolist(), strict=True))
    for activity, placing in zip(search.layout.activities, search.state.plan, strict=True):
        found += [(activity.choices[i], day) for i, mask in placing.items() for day in days_of(mask)]
    found.sort(key=lambda one: (int(problem.choice_activity[one[0]]), one[1]))
    array = np.array(found, dtype=np.int64).reshape(-1, 2)
    return Sessions(choice=array[:, 0], day=array[:, 1])


def _result(problem: SessionProblem, search: Search, bounds: Bounds, first_seconds: float) -> SessionResult:
    """Return the judged result.

    Raises
    ------
    AssertionError
        When the plan breaks a rule, or beats a bound: a bug of this package.
    """
    sessions = _sessions(problem, search)
    _refuse_bugs(problem, sessions)
    values = level_values(problem, sessions)
    levels = _levels(problem, search, values, bounds)
    had = np.bincount(problem.choice_activity[sessions.choice], minlength=problem.num_activities)
    is_best = all(level.proof is not None for level in levels)
    return SessionResult(
        status=SolveStatus.OPTIMAL if is_best else SolveStatus.FEASIBLE,
        sessions=sessions,
        levels=levels,
        missing=np.maximum(0, problem.wanted - had),
        least_missing=search.least_missing,
        least_rhythm=search.least_rhythm,
        pool_price=bounds.pool_price,
        certificates=bounds.certificates,
        engine="families",
        seconds=search.effort.seconds,
        first_seconds=first_seconds,
    )


def _levels(
    problem: SessionProblem, search: Search, values: dict[str, int], bounds: Bounds
) -> tuple[SessionLevel, ...]:
    """Return the levels with their bounds; a level is proved only on top of proved levels.

    Where certificates were asked for, no bound is stated of what they prove but theirs, or the value itself where the
    search has proved it best.
    """
    # Costs have no bound but that they are never less than nothing.
    least_cost = None if values["cost"] else 0
    known = {
        "missing": search.bound_missing,
        "moved": search.lost,
        "rhythm": search.bound_rhythm,
        "cost": least_cost,
    }
    levels: list[SessionLevel] = []
    is_sure = True
    for name, least in known.items():
        if name == "moved" and not len(problem.hint_choice):
            continue
        value, bound, proof = values[name], least, None
        if bounds.is_asked and name in CERTIFIED:
            bound = bounds.certified.get(name)
        if (search.is_settled() and name != "cost") or (is_sure and value in (least, bound)):
            proof = Proof.CERTIFICATE if bound == value else Proof.SOLVER
            bound = value
        if bound is not None and bound > value:
            raise AssertionError(f"level {name}: the value {value} beats the bound {bound}")
        is_sure = proof is not None
        levels.append(SessionLevel(name=name, value=value, bound=bound, proof=proof))
    return tuple(levels)


def _refuse_bugs(problem: SessionProblem, sessions: Sessions) -> None:
    """What fixed sessions break among themselves is theirs; anything else is a bug."""
    fixed = Sessions(choice=problem.fixed_choice, day=problem.fixed_day)
    given = {(one.rule, one.subjects) for one in violations(problem, fixed)} if len(fixed.choice) else set()
    broken = {one.rule for one in violations(problem, sessions) if (one.rule, one.subjects) not in given}
    if broken:
        raise AssertionError(f"the plan breaks the rules {', '.join(sorted(broken))}")
