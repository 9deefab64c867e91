"""Calendars people subscribe to, under a secret address of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from service.access.secrets import hash_of, new_secret
from service.audit import append_audit
from service.errors import not_found
from service.privacy.allowed import demand, today_in
from service.records.shapes import Id
from service.rounds.calendars import calendar_of
from service.routes.answers import WRITE, problems
from service.tables.access import CalendarSecret
from service.tables.areas import Person
from service.tables.columns import now
from service.viewer import in_scope
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["calendars"])

ICS = "text/calendar; charset=utf-8"


class CalendarIn(BaseModel):
    """Whose calendar it is; by default one's own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})

    person: Id | None = None


class CalendarOut(BaseModel):
    """The address of a calendar. It is shown only now, and the one before does not work any more."""

    id: str
    path: str
    created_at: datetime


@router.get("/api/v1/calendars/{secret}.ics", response_class=Response, responses=problems(404, 409))
def calendar(
    work: Reading, request: Request, secret: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]
) -> Response:
    """Return the calendar of a secret address. Programs fetch it every 12 to 24 hours.

    Once the person has withdrawn the consent to the use of personal data it is not sent any more.
    """
    asked = select(CalendarSecret).where(
        CalendarSecret.token_hash == hash_of(secret), col(CalendarSecret.revoked_at).is_(None)
    )
    found = work.session.exec(asked).first()
    person = None if found is None else work.session.get(Person, found.person_id)
    if person is None or person.erased_at is not None:
        raise not_found()
    demand(work.session, [person], "calendar", today_in(work.core))
    content, word = calendar_of(work.session, work.core.vault, person, work.lang)
    headers = {"ETag": f'"{word}"', "Cache-Control": "private, no-cache"}
    if f'"{word}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return Response(content, media_type=ICS, headers=headers)


@router.post("/api/v1/calendars", status_code=201, responses=WRITE)
def make_calendar(work: Writing, body: CalendarIn) -> CalendarOut:
    """Make an address for a calendar; one that was there before stops working."""
    person = _person(work, body.person)
    demand(work.session, [person], "calendar", today_in(work.core))
    _revoke(work, person)
    secret = new_secret()
    made = CalendarSecret(token_hash=hash_of(secret), person_id=person.id)
    work.session.add(made)
    work.session.flush()
    _note(work, person, "calendar.make")
    return CalendarOut(id=made.id, path=f"/api/v1/calendars/{secret}.ics", created_at=made.created_at)


@router.post("/api/v1/calendars/revoke", status_code=204, responses=WRITE)
def revoke_calendar(work: Writing, body: CalendarIn) -> None:
    """Let the address of a calendar work no more."""
    person = _person(work, body.person)
    _revoke(work, person)
    _note(work, person, "calendar.revoke")


def _person(work: Work, person_id: str | None) -> Person:
    own = sorted(work.viewer.person_ids)
    wanted = person_id or (own[0] if own else "")
    asked = select(Person).where(Person.id == wanted, in_scope(work.viewer, Person.area_id, person_ids=[Person.id]))
    found = work.session.exec(asked).first()
    if found is None or found.erased_at is not None:
        raise not_found()
    return found


def _revoke(work: Work, person: Person) -> None:
    old = select(CalendarSecret).where(CalendarSecret.person_id == person.id, col(CalendarSecret.revoked_at).is_(None))
    for row in work.session.exec(old):
        row.revoked_at = now()
        work.session.add(row)


def _note(work: Work, person: Person, action: str) -> None:
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action=action,
        area_id=person.area_id,
        subjects=[person.id],
    )
