"""The rest of a year: what is past or told of stays where it is, and what is missing beside it is placed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matcher.outcome import OnProgress, SolveStatus, Stop
from matcher.plan import PlannedGroup, PlannedPair
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.scheduling.activities import build_activities, visit_obstacles
from matcher.scheduling.build import build_sessions
from matcher.scheduling.place import build_schedule
from matcher.scheduling.plan import on_visits
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession, Schedule, SessionState, Window
from matcher.sessions.solve import solve_sessions
from matcher.timetables import Timetables


def plan_rest(
    pairs: Sequence[PlannedPair],
    groups: Sequence[PlannedGroup],
    roster: Roster,
    policy: Policy,
    timetables: Timetables,
    *,
    first_day: date,
    last_day: date,
    begins: date,
    previous: Schedule | None = None,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Schedule:
    """Return the schedule of pairs and groups in which sessions from the day ``begins`` on are planned anew.

    Sessions before that day, and those published or held, stay as they are; so do those of activities that stand no
    longer, whose drafts go. Activities keep the windows, and so the numbers, they had in the schedule ``previous``.
    Nothing is proved of such a schedule.

    Parameters
    ----------
    first_day, last_day
        The days of the whole schedule.
    time_limit, work_limit
        Seconds of search, or instead of them a deterministic amount of it.
    on_progress, stop
        Called with value and bound of the running level; asked now and then whether to stop with the best so far.

    Raises
    ------
    InputError
        When an organisation has no school year.
    """
    opens = max(first_day, begins)
    made = build_activities(pairs, groups, roster, policy, timetables, first_day=opens, last_day=last_day)
    past = _Past.of(previous, made, begins)
    activities = past.activities(made)
    case = build_sessions(
        activities,
        roster,
        policy,
        timetables,
        first_day=min([first_day, *(session.day for session in past.stays)]),
        last_day=max([last_day, *(session.day for session in past.stays)]),
        held=[replace(session, state=SessionState.HELD) for session in past.stays],
        open_windows=past.left(activities, begins, last_day),
    )
    result = solve_sessions(
        case.problem, time_limit=time_limit, work_limit=work_limit, seed=seed, on_progress=on_progress, stop=stop
    )
    found = build_schedule(case, result, previous=() if previous is None else previous.sessions)
    obstacles = visit_obstacles(pairs, roster, policy, timetables, first_day=opens, last_day=last_day)
    return replace(
        found,
        status=SolveStatus.FEASIBLE,
        sessions=past.with_states(found.sessions),
        levels=tuple(replace(level, bound=None, proof=None) for level in found.levels),
        certificates=(),
        held=(),
        notes=(*found.notes, *(on_visits(why, ids) for why, ids in obstacles.items())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What a schedule leaves to the next one: its activities, the sessions that stay, those that were called off."""

    before: Mapping[str, Activity]
    stand: Collection[str]
    stays: tuple[PlannedSession, ...]
    called_off: tuple[PlannedSession, ...]

    @classmethod
    def of(cls, previous: Schedule | None, made: Iterable[Activity], begins: date) -> _Past:
        stand = frozenset(activity.id for activity in made)
        if previous is None:
            return cls(before={}, stand=stand, stays=(), called_off=())
        before = {activity.id: activity for activity in previous.activities}
        known = [session for session in previous.sessions if session.activity in before]
        live = [session for session in known if session.state is not SessionState.CANCELLED]
        return cls(
            before=before,
            stand=stand,
            stays=tuple(
                session
                for session in live
                if session.state is not SessionState.DRAFT or (session.day < begins and session.activity in stand)
            ),
            called_off=tuple(
                session for session in known if session.state is SessionState.CANCELLED and session.activity in stand
            ),
        )

    def activities(self, made: Sequence[Activity]) -> list[Activity]:
        """Return the activities that are planned, and those that only have sessions which stay."""
        found = {session.activity: self.before[session.activity] for session in self.stays}
        found |= {activity.id: _continued(activity, self.before.get(activity.id)) for activity in made}
        return [found[id_] for id_ in sorted(found)]

    def left(self, activities: Iterable[Activity], begins: date, last_day: date) -> dict[str, dict[int, Window]]:
        """Return the windows in which a session is to be placed, from a day on; none of an activity that has ended."""
        used = {session.id for session in (*self.stays, *self.called_off)}
        found: dict[str, dict[int, Window]] = {}
        for activity in activities:
            cut = {
                number: Window(first_day=max(window.first_day, begins), last_day=min(window.last_day, last_day))
                for number, window in enumerate(activity.windows, start=1)
                if activity.id in self.stand and f"{activity.id}/{number}" not in used
            }
            found[activity.id] = {n: window for n, window in cut.items() if window.first_day <= window.last_day}
        return found

    def with_states(self, sessions: Iterable[PlannedSession]) -> tuple[PlannedSession, ...]:
        """Return the sessions in order, those that stay in the state they were in, with those that were called off."""
        old = {session.id: session for session in self.stays}
        found = [
            replace(old[session.id], checkpoint=session.checkpoint) if session.id in old else session
            for session in sessions
        ]
        return tuple(sorted([*found, *self.called_off], key=lambda session: (session.activity, session.number)))


def _continued(activity: Activity, before: Activity | None) -> Activity:
    """Return an activity with the windows it had, and with later ones where its term has grown."""
    if before is None or not before.windows or activity.purpose is ActivityPurpose.RESERVE:
        return activity
    later = (window for window in activity.windows if window.first_day > before.windows[-1].last_day)
    return replace(
        activity,
        windows=(*before.windows, *later),
        gap_days=before.gap_days,
        first_gap_days=before.first_gap_days,
    )
