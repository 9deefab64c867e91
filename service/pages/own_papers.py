"""One's own consents, calendar address and data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlmodel import col, select

from service.access.set_up import public_address
from service.pages.own import Me, acting, today
from service.pages.shell import go, page
from service.privacy.consents import State, state, state_of
from service.privacy.dossier import build_dossier
from service.privacy.dossier_words import SECTIONS
from service.privacy.rows import consents_of
from service.records.shapes import Id
from service.rounds.calendars import calendar_of
from service.routes.calendars import ICS, CalendarIn, make_calendar, revoke_calendar
from service.routes.consents import NewConsent, PurposeId, PurposeItem, give_consent, list_purposes, withdraw_consent
from service.routes.people import ErasureAsked, ask_to_erase
from service.tables.access import CalendarSecret
from service.tables.areas import Person
from service.tables.privacy import Consent, Erasure
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

Who = Annotated[str, Query(max_length=32)]
WhoForm = Annotated[str, Form(max_length=32)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A purpose one is asked to consent to, how one's word on it stands, and the consents in force."""

    purpose: PurposeItem
    state: State
    last: Consent | None
    in_force: tuple[Consent, ...]


@router.get("/mine/consents")
def consents(work: Reading, person: Who = "", saved: Annotated[str, Query(max_length=1)] = "") -> Response:
    """Show what one is asked to consent to, word for word."""
    me = acting(work, person)
    return page(work, "mine_consents", me=me, papers=_papers(work, me), saved=bool(saved), day_today=today(work))


def _papers(work: Work, me: Me) -> list[Paper]:
    rows = sorted(consents_of(work.session, [me.id])[me.id], key=lambda one: (one.given_day, one.recorded_at, one.id))
    day = today(work)
    found = []
    for purpose in list_purposes(work, me.id):
        own = [one for one in rows if one.purpose == purpose.id]
        standing = state(own, purpose.id, day)
        in_force = tuple(one for one in own if standing is State.VALID and state_of(one, day) is State.VALID)
        found.append(Paper(purpose=purpose, state=standing, last=own[-1] if own else None, in_force=in_force))
    return found


@router.post("/mine/consents")
def say_consent(
    work: Writing,
    purpose: Annotated[PurposeId, Form()],
    text_digest: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
    refused: Annotated[str, Form(max_length=1)] = "",
    person: WhoForm = "",
) -> Response:
    """Give a consent to the text that was shown, or refuse it; nobody is asked why."""
    me = acting(work, person)
    body = NewConsent(
        person=me.id,
        purpose=purpose,
        refused=bool(refused),
        paper=False,
        given_day=today(work),
        text_digest=text_digest,
    )
    give_consent(work, body, Response())
    return go(f"/mine/consents?saved=1{me.query.replace('?', '&')}#{purpose}")


@router.post("/mine/consents/{consent_id}/withdrawal")
def withdraw(work: Writing, consent_id: Id, person: WhoForm = "") -> Response:
    """Withdraw a consent."""
    me = acting(work, person)
    done = withdraw_consent(work, consent_id)
    return go(f"/mine/consents?saved=1{me.query.replace('?', '&')}#{done.consent.purpose}")


@router.get("/mine/calendar")
def calendar(work: Reading, person: Who = "", saved: Annotated[str, Query(max_length=1)] = "") -> Response:
    """Show how one's meetings come into the calendar of a telephone."""
    return _calendar_page(work, acting(work, person), path=None, is_revoked=bool(saved))


def _calendar_page(work: Work, me: Me, *, path: str | None, is_revoked: bool = False) -> Response:
    asked = select(CalendarSecret).where(CalendarSecret.person_id == me.id, col(CalendarSecret.revoked_at).is_(None))
    standing = work.session.exec(asked).first()
    address = None if path is None else public_address(work.core.settings) + path
    return page(work, "mine_calendar", me=me, standing=standing, address=address, is_revoked=is_revoked)


@router.post("/mine/calendar")
def make_address(work: Writing, person: WhoForm = "") -> Response:
    """Make an address to subscribe to; it is shown only now, and the one before works no more."""
    me = acting(work, person)
    made = make_calendar(work, CalendarIn(person=me.id))
    return _calendar_page(work, me, path=made.path)


@router.post("/mine/calendar/revoke")
def revoke_address(work: Writing, person: WhoForm = "") -> Response:
    """Let the address work no more."""
    me = acting(work, person)
    revoke_calendar(work, CalendarIn(person=me.id))
    return go(f"/mine/calendar?saved=1{me.query.replace('?', '&')}")


@router.get("/mine/calendar.ics")
def calendar_file(work: Reading, person: Who = "") -> Response:
    """Give one's meetings as a file, as they are now."""
    me = acting(work, person)
    content, _ = calendar_of(work.session, work.core.vault, work.session.get_one(Person, me.id), work.lang)
    return Response(content, media_type=ICS, headers={"Content-Disposition": 'attachment; filename="calendar.ics"'})


@router.get("/mine/data")
def data(work: Reading, person: Who = "", saved: Annotated[str, Query(max_length=1)] = "") -> Response:
    """Show what is held about oneself, section by section."""
    me = acting(work, person)
    found = build_dossier(work.session, work.core, work.session.get_one(Person, me.id))
    asked = select(Erasure).where(Erasure.person_id == me.id, col(Erasure.done_at).is_(None))
    return page(
        work,
        "mine_data",
        me=me,
        sections=[(SECTIONS[name], len(rows)) for name, rows in found.items()],
        erasure=work.session.exec(asked.order_by(col(Erasure.due_day))).first(),
        saved=bool(saved),
    )


@router.post("/mine/data/stop")
def ask_to_stop(work: Writing, person: WhoForm = "") -> Response:
    """Ask that one's data be used no more."""
    me = acting(work, person)
    ask_to_erase(work, me.id, ErasureAsked(ground="stop_asked"), Response())
    return go(f"/mine/data?saved=1{me.query.replace('?', '&')}")
