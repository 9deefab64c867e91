"""The meetings of a round put back into its plan: where they are now, what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session, col, select

from matcher.plan import Plan
from matcher.roster import SessionMode
from matcher.sessions.schedule import PlannedSession, SessionState
from service.tables.rounds import Meeting


def as_session(meeting: Meeting) -> PlannedSession:
    """Return a meeting as a session of a plan; a missed one takes nobody's time any more."""
    state = SessionState.CANCELLED if meeting.state == "missed" else SessionState(meeting.state)
    return PlannedSession(
        id=meeting.code,
        activity=meeting.activity,
        number=meeting.number,
        day=meeting.day,
        start_minute=meeting.start_minute,
        end_minute=meeting.end_minute,
        mode=SessionMode(meeting.mode),
        site=meeting.site,
        room=meeting.room,
        licence=meeting.licence,
        state=state,
        sequence=meeting.sequence,
    )


def with_meetings(plan: Plan, meetings: Iterable[Meeting]) -> Plan:
    """Return a plan whose sessions are where the meetings are now; what became of the others stays."""
    if plan.schedule is None:
        return plan
    present = {meeting.code: as_session(meeting) for meeting in meetings}
    sessions = tuple(
        replace(present[old.id], reversed=old.reversed, checkpoint=old.checkpoint) if old.id in present else old
        for old in plan.schedule.sessions
    )
    return replace(plan, schedule=replace(plan.schedule, sessions=sessions))


def meetings_of(session: Session, round_id: str) -> list[Meeting]:
    """Return the meetings of a round."""
    return list(session.exec(select(Meeting).where(Meeting.round_id == round_id).order_by(col(Meeting.code))))
