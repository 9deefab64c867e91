"""From pairs and groups to a schedule: the whole path of session planning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from matcher.outcome import OnProgress, Stop
from matcher.plan import PlannedGroup, PlannedPair
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.scheduling.activities import VisitObstacle, build_activities, visit_obstacles
from matcher.scheduling.build import build_sessions
from matcher.scheduling.place import build_schedule
from matcher.sessions.schedule import Schedule, SessionState
from matcher.sessions.solve import solve_sessions
from matcher.texts import Text, text
from matcher.timetables import Timetables

_MOST_PAIRS = 10


def plan_sessions(
    pairs: Sequence[PlannedPair],
    groups: Sequence[PlannedGroup],
    roster: Roster,
    policy: Policy,
    timetables: Timetables,
    *,
    first_day: date,
    last_day: date,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    seed: int = 0,
    previous: Schedule | None = None,
    vacations: bool = False,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Schedule:
    """Return the sessions of pairs and groups from ``first_day`` to ``last_day``.

    Parameters
    ----------
    time_limit, work_limit
        Seconds of search, or instead of them a deterministic amount of it.
    previous
        The schedule before: its held sessions stay, published ones move only where more sessions are placed by it.
    vacations
        Whether sessions may lie in vacations where the policy lets them (A-40).
    on_progress, stop
        Called with value and bound of the running level; asked now and then whether to stop with the best so far.

    Raises
    ------
    InputError
        When an organisation has no school year.
    """
    activities = build_activities(
        pairs, groups, roster, policy, timetables, first_day=first_day, last_day=last_day, vacations=vacations
    )
    before = () if previous is None else previous.sessions
    case = build_sessions(
        activities,
        roster,
        policy,
        timetables,
        first_day=first_day,
        last_day=last_day,
        published=[session for session in before if session.state is SessionState.PUBLISHED],
        held=[session for session in before if session.state is SessionState.HELD],
    )
    result = solve_sessions(
        case.problem,
        time_limit=time_limit,
        work_limit=work_limit,
        seed=seed,
        on_progress=on_progress,
        stop=stop,
    )
    found = build_schedule(case, result, previous=before)
    obstacles = visit_obstacles(pairs, roster, policy, timetables, first_day=first_day, last_day=last_day)
    return replace(found, notes=(*found.notes, *(on_visits(why, ids) for why, ids in obstacles.items())))


def on_visits(obstacle: VisitObstacle, ids: Sequence[str]) -> Text:
    """Say for which pairs no lesson visits are planned."""
    told = {"count": len(ids), "ids": "; ".join(ids[:_MOST_PAIRS]) + (" …" if len(ids) > _MOST_PAIRS else "")}
    if obstacle is VisitObstacle.NOT_IN_PERSON:
        return text("no lesson visits, since the pair does not meet in person ({count}): {ids}", **told)
    return text("no lesson visits, since the way between the schools is not in the roster ({count}): {ids}", **told)
