"""A person's meetings in his own calendar: a secret address to subscribe to, or a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlmodel import col, select

from service.access.set_up import public_address
from service.errors import not_found
from service.pages.shell import page
from service.records.shapes import Id
from service.rounds.calendars import calendar_of, calendar_of_meeting
from service.rounds.desk import visible_round
from service.rounds.meetings import meetings_in_sight
from service.rounds.people import open_person
from service.routes.calendars import ICS, CalendarIn, make_calendar
from service.tables.access import CalendarSecret
from service.tables.areas import Person
from service.tables.rounds import Meeting, Round
from service.viewer import in_scope
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)


@router.get("/rounds/{round_id}/schedule/calendar")
def calendar_page(work: Reading, round_id: Id, person: Id) -> Response:
    """Explain how meetings come into somebody's calendar."""
    round_ = visible_round(work.session, work.viewer, round_id)
    return _page(work, round_, _person(work, person))


@router.post("/rounds/{round_id}/schedule/calendar")
def make_here(work: Writing, round_id: Id, person: Annotated[Id, Form()]) -> Response:
    """Make a new address and show it, this once."""
    round_ = visible_round(work.session, work.viewer, round_id)
    made = make_calendar(work, CalendarIn(person=person))
    return _page(work, round_, _person(work, person), public_address(work.core.settings) + made.path)


@router.get("/rounds/{round_id}/schedule/calendar.ics")
def calendar_file(work: Reading, round_id: Id, person: Id) -> Response:
    """Send the calendar of a person as a file."""
    visible_round(work.session, work.viewer, round_id)
    found = _person(work, person)
    content, _ = calendar_of(work.session, work.core.vault, found, work.lang)
    headers = {"Content-Disposition": 'attachment; filename="meetings.ics"', "Cache-Control": "no-store"}
    return Response(content, media_type=ICS, headers=headers)


@router.get("/rounds/{round_id}/schedule/{meeting_id}/meeting.ics")
def meeting_file(work: Reading, round_id: Id, meeting_id: Id) -> Response:
    """Send one meeting as a file, for those whose calendars ask for news too seldom."""
    seen = meetings_in_sight(work.viewer)
    asked = select(Meeting).where(Meeting.id == meeting_id, Meeting.round_id == round_id, seen)
    found = work.session.exec(asked).first()
    if found is None or found.state == "draft":
        raise not_found()
    content = calendar_of_meeting(work.session, work.core.vault, found, work.lang)
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"', "Cache-Control": "no-store"}
    return Response(content, media_type=ICS, headers=headers)


def _person(work: Work, person_id: str) -> Person:
    near = in_scope(work.viewer, Person.area_id, person_ids=[Person.id])
    found = work.session.exec(select(Person).where(Person.id == person_id, near)).first()
    if found is None or found.erased_at is not None:
        raise not_found()
    return found


def _page(work: Work, round_: Round, person: Person, address: str = "") -> Response:
    asked = select(CalendarSecret.id).where(
        CalendarSecret.person_id == person.id, col(CalendarSecret.revoked_at).is_(None)
    )
    words = open_person(work.session, work.core.vault, person)
    return page(
        work,
        "schedule_calendar",
        round=round_,
        person=person,
        name=words.name or person.code,
        address=address,
        webcal="webcal://" + address.partition("://")[2] if address else "",
        has_one=not address and work.session.exec(asked.limit(1)).first() is not None,
    )
