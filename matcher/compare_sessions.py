"""What changed between the sessions of two plans: the change list of an order."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.plan import Plan
from matcher.sessions.schedule import PlannedSession, SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleComparison:
    """Sessions that stay, that take place at another time or place, that are called off, that are new.

    ``moved`` pairs a session with what became of it; ``people`` are all whose calendar changes. All are in the order of
    days.
    """

    kept: int
    moved: tuple[tuple[PlannedSession, PlannedSession], ...]
    called_off: tuple[PlannedSession, ...]
    added: tuple[PlannedSession, ...]
    people: tuple[str, ...]


def compare_schedules(before: Plan, after: Plan) -> ScheduleComparison:
    """Return what changed from the sessions of one plan to those of another; a plan may have none."""
    old, new = _live(before), _live(after)
    moved = [(old[id_], new[id_]) for id_ in old.keys() & new.keys() if _place(old[id_]) != _place(new[id_])]
    called_off = [old[id_] for id_ in old.keys() - new.keys()]
    added = [new[id_] for id_ in new.keys() - old.keys()]
    members = {a.id: a.people for plan in (before, after) if plan.schedule for a in plan.schedule.activities}
    changed = [*called_off, *added, *(session for session, _ in moved)]
    return ScheduleComparison(
        kept=len(old.keys() & new.keys()) - len(moved),
        moved=tuple(sorted(moved, key=lambda pair: _order(pair[0]))),
        called_off=tuple(sorted(called_off, key=_order)),
        added=tuple(sorted(added, key=_order)),
        people=tuple(sorted({person for session in changed for person in members[session.activity]})),
    )


def _live(plan: Plan) -> dict[str, PlannedSession]:
    if plan.schedule is None:
        return {}
    return {session.id: session for session in plan.schedule.sessions if session.state is not SessionState.CANCELLED}


def _place(session: PlannedSession) -> tuple[object, ...]:
    return session.day, session.start_minute, session.end_minute, session.mode, session.site, session.room


def _order(session: PlannedSession) -> tuple[object, ...]:
    return session.day, session.start_minute, session.id
