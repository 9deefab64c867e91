"""One's own meetings: what comes, what was held or missed, and a word on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlmodel import col, or_, select

from matcher.errors import Fault
from matcher.texts import text
from service.errors import not_found, stale, wrong_input
from service.pages.own import Me, acting, today
from service.pages.shell import go
from service.records.cases import Asked
from service.records.kinds import KINDS
from service.records.store import make
from service.routes.meetings import MeetingEdit, MeetingOut, change_meeting, list_meetings, meeting_to_change
from service.tables.records import Record
from service.tables.rounds import Meeting, MeetingPerson, Pair
from service.work import Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

_PAST_DAYS, _MOST = 60, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeeting:
    """A meeting as one of its people sees it.

    ``to_mark``: it is over, he leads it, and nothing is said of it yet; ``may_unmark``: what was said may be taken
    back.
    """

    meeting: MeetingOut
    others: str
    to_mark: bool
    may_log: bool
    may_unmark: bool
    is_past: bool


def own_meetings(work: Work, me: Me) -> Sequence[OwnMeeting]:
    """Return the meetings of a person from two months ago on, by day and hour."""
    day = today(work)
    found = list_meetings(work, None, me.id, None, day - timedelta(days=_PAST_DAYS), None, None, None, _MOST).items
    logged = _logged(work, me)
    return [_own(one, me, logged, is_past=one.day <= day) for one in found]


def _own(one: MeetingOut, me: Me, logged: set[str], *, is_past: bool) -> OwnMeeting:
    leads = any(person.leads and person.person == me.id for person in one.people)
    return OwnMeeting(
        meeting=one,
        others=", ".join(person.name or person.code for person in one.people if person.person != me.id),
        to_mark=leads and is_past and one.state == "published",
        may_log=leads and one.state == "held" and one.id not in logged,
        may_unmark=leads and one.state in ("held", "missed"),
        is_past=is_past,
    )


def _logged(work: Work, me: Me) -> set[str]:
    """Return the meetings of which a line of the log is written already."""
    mine = select(Pair.id).where(or_(Pair.mentor_id == me.id, Pair.mentee_id == me.id))
    rows = work.session.exec(select(Record).where(Record.kind == "session_log", col(Record.pair_id).in_(mine)))
    return {str(row.figures.get("meeting")) for row in rows}


@router.post("/mine/meetings/{meeting_id}")
def mark(
    work: Writing,
    meeting_id: str,
    version: Annotated[int, Form()],
    state: Annotated[Literal["held", "missed", "published"], Form()],
    person: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Say that a meeting was held or missed, or take back what was said by mistake."""
    me = acting(work, person)
    meeting = meeting_to_change(work, meeting_id)
    if meeting.version != version:
        raise stale()
    change_meeting(work, meeting, MeetingEdit(state=state))
    return go(f"/mine?said={state}{me.query.replace('?', '&')}#meetings")


@router.post("/mine/meetings/{meeting_id}/log")
def log(
    work: Writing,
    meeting_id: str,
    done: Annotated[str, Form(max_length=2000)],
    person: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Write a word on a meeting into the log of every pair that met there."""
    me = acting(work, person)
    meeting = meeting_to_change(work, meeting_id)
    if not done.strip():
        raise wrong_input([Fault("done", text("Write a few words on what you did."))])
    pairs = _pairs_at(work, me, meeting)
    if not pairs:
        raise not_found()
    minutes = meeting.end_minute - meeting.start_minute
    given = {"day": meeting.day, "minutes": minutes, "mode": meeting.mode, "meeting": meeting.id, "done": done.strip()}
    for pair in pairs:
        make(work.session, work.core.vault, work.viewer, work.lang, KINDS["session_log"], Asked(pair=pair.id), given)
    return go(f"/mine?said=log{me.query.replace('?', '&')}#meetings")


def _pairs_at(work: Work, me: Me, meeting: Meeting) -> Sequence[Pair]:
    there = select(MeetingPerson.person_id).where(MeetingPerson.meeting_id == meeting.id)
    asked = select(Pair).where(
        Pair.round_id == meeting.round_id, Pair.mentor_id == me.id, col(Pair.mentee_id).in_(there)
    )
    return work.session.exec(asked.order_by(col(Pair.id))).all()
