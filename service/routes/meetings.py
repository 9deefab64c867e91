"""Meetings: seen, moved under the rules, marked as held or missed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import tuple_
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.roster import SessionMode
from matcher.texts import text
from service.audit import append_audit
from service.errors import Problem, not_found, refused, wrong_input
from service.records.shapes import Code, Day, Id
from service.rounds.desk import RUNNERS, roles_over
from service.rounds.meetings import against_moving, meetings_in_sight, people_of
from service.rounds.paging import cut, no_such_page
from service.rounds.people import known_people, people_by_id
from service.routes.answers import EDIT, READ, Limit
from service.tables.access import Role
from service.tables.columns import now
from service.tables.rounds import Meeting, MeetingPerson, Round
from service.work import Reading, Work, WorkRoute, Writing, etag

router = APIRouter(route_class=WorkRoute, tags=["sessions"])

MeetingState = Literal["draft", "published", "held", "missed", "cancelled"]
_PLACE = ("day", "start_minute", "end_minute", "mode", "site", "room")
_MARKED = ("held", "missed")


class Participant(BaseModel):
    """Somebody who takes part; ``leads`` marks who mentors."""

    person: str
    code: str
    name: str
    leads: bool


class MeetingOut(BaseModel):
    """A meeting; minutes are after midnight in the clock of ``time_zone``."""

    id: str
    round: str
    code: str
    number: int
    day: date
    start_minute: int
    end_minute: int
    time_zone: str
    mode: str
    site: str | None
    room: str | None
    state: str
    sequence: int
    people: list[Participant]
    version: int


class MeetingPage(BaseModel):
    """A page of meetings, by day and hour."""

    items: list[MeetingOut]
    next: str | None


class MeetingEdit(BaseModel):
    """Another day, hour or place of a meeting, or what became of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"day": "2026-11-12", "start_minute": 870, "end_minute": 915}, {"state": "held"}]
        },
    )

    day: Day | None = None
    start_minute: Annotated[int, Field(ge=0, lt=1440)] | None = None
    end_minute: Annotated[int, Field(gt=0, le=1440)] | None = None
    mode: SessionMode | None = None
    site: Code | None = None
    room: Code | None = None
    state: Literal["held", "missed", "cancelled", "published"] | None = None
    """``published`` takes back that it was held or missed."""


@router.get("/api/v1/sessions", responses=READ)
def list_meetings(
    work: Reading,
    round: Annotated[Id | None, Query()] = None,
    person: Annotated[Id | None, Query()] = None,
    room: Annotated[Code | None, Query()] = None,
    first_day: Annotated[Day | None, Query()] = None,
    last_day: Annotated[Day | None, Query()] = None,
    state: Annotated[MeetingState | None, Query()] = None,
    after: Annotated[Id | None, Query()] = None,
    limit: Limit = 100,
) -> MeetingPage:
    """List the meetings one may see, by day and hour."""
    asked = select(Meeting).where(meetings_in_sight(work.viewer))
    for column, value in ((Meeting.round_id, round), (Meeting.room, room), (Meeting.state, state)):
        if value is not None:
            asked = asked.where(col(column) == value)
    if person is not None:
        asked = asked.where(
            col(Meeting.id).in_(select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == person))
        )
    if first_day is not None:
        asked = asked.where(Meeting.day >= first_day)
    if last_day is not None:
        asked = asked.where(Meeting.day <= last_day)
    order = (col(Meeting.day), col(Meeting.start_minute), col(Meeting.id))
    if after is not None:
        last = work.session.exec(asked.where(Meeting.id == after)).first()
        if last is None:
            raise no_such_page()
        asked = asked.where(tuple_(*order) > tuple_(last.day, last.start_minute, last.id))
    kept, following = cut(work.session.exec(asked.order_by(*order).limit(limit + 1)).all(), limit, None)
    return MeetingPage(items=_shown(work, kept), next=following)


@router.get("/api/v1/sessions/{meeting_id}", responses=READ)
def show_meeting(work: Reading, meeting_id: Id, response: Response) -> MeetingOut:
    """Return a meeting; its ETag is what If-Match names when it is moved."""
    meeting = _meeting(work, meeting_id)
    response.headers.update(etag(meeting.version))
    return _shown(work, [meeting])[0]


@router.patch("/api/v1/sessions/{meeting_id}", responses=EDIT)
def edit_meeting(work: Writing, meeting_id: Id, body: MeetingEdit, response: Response) -> MeetingOut:
    """Move a meeting (refused with every rule it would break there), or say that it was held, missed or called off.

    The state ``published`` takes back a mark as held or missed that was made by mistake.
    """
    meeting = meeting_to_change(work, meeting_id)
    work.expect(meeting.version)
    change_meeting(work, meeting, body)
    response.headers.update(etag(meeting.version))
    return _shown(work, [meeting])[0]


def meeting_to_change(work: Work, meeting_id: str) -> Meeting:
    """Return a meeting one may see, held fast until the transaction ends."""
    return _meeting(work, meeting_id, hold=True)


def change_meeting(work: Work, meeting: Meeting, body: MeetingEdit) -> None:
    """Move or mark a meeting whose version the caller has checked."""
    moves = body.model_fields_set - {"state"}
    if bool(moves) == (body.state is not None):
        raise wrong_input([Fault("body", text("either move the meeting, or say what became of it"))])
    takes_back = body.state == "published"
    if meeting.state not in (_MARKED if takes_back else ("draft", "published")):
        words = text("nothing was marked here") if takes_back else text("the meeting is over or called off")
        raise refused([Fault("session", words)])
    if takes_back:
        _take_back(work, meeting)
    elif moves:
        _move(work, meeting, body)
    else:
        _mark(work, meeting, str(body.state))
    meeting.marked_by, meeting.marked_at = work.viewer.actor, now()
    meeting.version += 1
    work.session.add(meeting)
    work.session.flush()
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action="meeting.move" if moves else "meeting.unmark" if takes_back else f"meeting.{body.state}",
        area_id=meeting.area_id,
        subjects=[meeting.round_id, meeting.id],
        details={"day": meeting.day.isoformat(), "minute": meeting.start_minute} if moves else None,
    )


def _move(work: Work, meeting: Meeting, body: MeetingEdit) -> None:
    _may(work, meeting, runs=True)
    changed: dict[str, Any] = {name: getattr(meeting, name) for name in _PLACE}
    changed |= {name: getattr(body, name) for name in body.model_fields_set if name in _PLACE}
    changed["mode"] = str(changed["mode"])
    if "start_minute" in body.model_fields_set and "end_minute" not in body.model_fields_set:
        changed["end_minute"] = changed["start_minute"] + meeting.end_minute - meeting.start_minute
    if changed["day"] is None or changed["start_minute"] is None or not changed["end_minute"]:
        raise wrong_input([Fault("body", text("a meeting has a day, a beginning and an end"))])
    if not changed["start_minute"] < changed["end_minute"] <= 1440:
        raise wrong_input([Fault("body.end_minute", text("a meeting ends after it begins, on the same day"))])
    if changed["mode"] == SessionMode.ONLINE:
        changed |= {"site": None, "room": None}
    wanted = Meeting(**{**meeting.model_dump(), **changed})
    round_ = work.session.get_one(Round, meeting.round_id)
    faults = list(against_moving(work.session, work.core.vault, round_, meeting, wanted))
    if faults:
        raise refused(faults)
    for name, value in changed.items():
        setattr(meeting, name, value)
    if meeting.state == "published":
        meeting.sequence += 1


def _mark(work: Work, meeting: Meeting, state: str) -> None:
    _may(work, meeting, runs=state == "cancelled")
    if meeting.state == "draft":
        raise refused([Fault("session", text("the meeting is only a draft yet"))])
    if state != "cancelled" and meeting.day > now().date():
        raise refused([Fault("body.state", text("the meeting is still to come"))])
    meeting.state = state
    if state == "cancelled":
        meeting.sequence += 1


def _take_back(work: Work, meeting: Meeting) -> None:
    """Let a meeting be as before it was marked; of a round that is over the marks stand."""
    _may(work, meeting, runs=False)
    if work.session.get_one(Round, meeting.round_id).state == "closed":
        raise refused([Fault("session", text("the round is closed: what was marked stands"))])
    if meeting.state == "missed":
        meeting.sequence += 1
    meeting.state = "published"


def _may(work: Work, meeting: Meeting, *, runs: bool) -> None:
    """Let those who run the round do everything; the mentor of a meeting may mark, move and call it off."""
    if roles_over(work.session, work.viewer, meeting.area_id) & RUNNERS:
        return
    people = people_of(work.session, [meeting])[meeting.id]
    leads = {one.person_id for one in people if one.leads}
    is_mentor = bool(leads & work.viewer.person_ids) and Role.MENTOR in work.viewer.roles
    near = any(
        roles_over(work.session, work.viewer, person.area_id) & RUNNERS
        for person in people_by_id(work.session, leads).values()
    )
    if not (is_mentor or (near and not runs)):
        raise Problem(403, "forbidden", text("You may not do this."))


def _meeting(work: Work, meeting_id: str, *, hold: bool = False) -> Meeting:
    asked = select(Meeting).where(Meeting.id == meeting_id, meetings_in_sight(work.viewer))
    if hold:
        asked = asked.with_for_update()
    found = work.session.exec(asked).first()
    if found is None:
        raise not_found()
    return found


def _shown(work: Work, meetings: list[Meeting]) -> list[MeetingOut]:
    parts = people_of(work.session, meetings)
    rows = known_people(work.session, (one.person_id for found in parts.values() for one in found))
    words = {id_: person.words(work.core.vault) for id_, person in rows.items()}
    return [
        MeetingOut(
            round=meeting.round_id,
            people=[
                Participant(
                    person=one.person_id,
                    code=rows[one.person_id].code,
                    name=words[one.person_id].name,
                    leads=one.leads,
                )
                for one in sorted(parts[meeting.id], key=lambda one: (not one.leads, rows[one.person_id].code))
            ],
            **{name: getattr(meeting, name) for name in MeetingOut.model_fields if name not in ("round", "people")},
        )
        for meeting in meetings
    ]
