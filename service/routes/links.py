"""Personal links of mentors, mentees and their representatives."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import segno
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from matcher.texts import say, text
from service.access import links
from service.access.cookies import check_protected
from service.access.letters import check_letters, send_link
from service.access.words import MailAddress, RowId
from service.core import Core
from service.errors import Problem, language_of
from service.routes.answers import READ, WRITE, Limit, problems
from service.tables.access import PersonalLink, Role
from service.web.plain_pages import plain_page, plain_style
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["personal links"])


class LinkRole(StrEnum):
    """The roles a personal link may open."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    LEGAL_REPRESENTATIVE = "legal_representative"


class NewLink(BaseModel):
    """A link to make. ``days``: how long it works; as long as the settings say where nothing is said.

    ``send_to`` is an address to send it to by letter, where the settings name a mail server; it is not kept.
    """

    model_config = ConfigDict(extra="forbid")

    person: RowId
    role: LinkRole
    round: RowId | None = None
    days: int | None = Field(default=None, ge=1, le=links.MAX_DAYS, examples=[30])
    send_to: MailAddress | None = None


class LinkOut(BaseModel):
    """A link, without the word that opens."""

    id: str
    person: str
    role: LinkRole
    round: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked: bool


class LinkMade(LinkOut):
    """A new link; its address, also as a picture to print, is shown only now."""

    link: str
    qr_svg: str
    sent: bool = False


class LinkPage(BaseModel):
    """A page of links."""

    items: list[LinkOut]
    next: str | None


@router.post("/api/v1/links", status_code=201, responses=WRITE)
def make_link(work: Reading, body: NewLink) -> LinkMade:
    """Make a link for a person to hand over, printed or copied, or to send by letter.

    ``sent`` tells whether the mail server has taken the letter; the link works in any case.
    """
    core = work.core
    if body.send_to is not None:
        check_letters(core.settings)
    work.session.rollback()
    with core.database.writing() as session:
        made = _make(session, work, body.person, Role(body.role), body.round, body.days)
    if body.send_to is not None:  # only now: no transaction waits for a mail server, and the letter tells what is kept
        day = made.expires_at.astimezone(ZoneInfo(core.settings.time_zone)).date()
        made.sent = send_link(core.settings, body.send_to, made.link, day)
    return made


@router.get("/api/v1/links", responses=READ)
def list_links(
    work: Reading,
    person: Annotated[RowId | None, Query(description="only links of this person")] = None,
    round: Annotated[RowId | None, Query(description="only links of this round")] = None,
    limit: Limit = 50,
    after: Annotated[RowId | None, Query(description="`next` of the page before")] = None,
) -> LinkPage:
    """Return the links of people in the asker's areas."""
    found = links.links_of(work.session, work.viewer, person_id=person, round_id=round, after=after, limit=limit + 1)
    page = found[:limit]
    return LinkPage(items=[_shown(one) for one in page], next=page[-1].id if len(found) > limit else None)


@router.delete("/api/v1/links/{link_id}", status_code=204, responses=WRITE)
def revoke_link(work: Writing, link_id: str) -> None:
    """Revoke a link; whoever has come in by it is out at once."""
    links.revoke_link(work.session, work.core, work.viewer, links.link_of(work.session, work.viewer, link_id))


@router.post("/api/v1/links/{link_id}/again", status_code=201, responses=WRITE)
def replace_link(work: Writing, link_id: str) -> LinkMade:
    """Make a new link in the place of one that was lost; the old one works no more."""
    link = links.link_of(work.session, work.viewer, link_id)
    links.revoke_link(work.session, work.core, work.viewer, link)
    days = max(1, (link.expires_at - link.created_at).days)
    return _make(work.session, work, link.person_id, Role(link.role), link.round_id, days)


_PAGES: dict[int | str, dict[str, Any]] = problems(415) | {
    404: {"description": "the link works no more", "content": {"text/html": {}}}
}


@router.get("/p/{secret}", response_class=HTMLResponse, responses=_PAGES)
def show_button(request: Request, secret: str) -> HTMLResponse:
    """Show a page with a button. It changes nothing and tells nothing of whose link it is."""
    core: Core = request.app.state.core
    check_protected(request, core.settings)
    lang = language_of(request)
    with core.database.reading() as session:
        try:
            links.working_link(session, secret)
        except Problem:
            return _ended(request)
    words = {
        "who": text("This link was made for you alone."),
        "open": text("Go on"),
        "careful": text("Do not pass it on: whoever has it comes in as you. Lost it? Ask the curator for a new one."),
    }
    return plain_page("link", lang, text("Mentoring"), words=words)


@router.post("/p/{secret}", response_model=None, status_code=303, responses=_PAGES)
def open_link(request: Request, secret: str) -> Response:
    """Open a short session for the person of the link and lead on to the first page."""
    core: Core = request.app.state.core
    check_protected(request, core.settings)
    answer = RedirectResponse("/", 303)
    with core.database.writing() as session:
        try:
            links.open_link(request, answer, session, core, secret)
        except Problem:
            return _ended(request)
    return answer


@router.get("/plain.css", response_class=Response, responses={200: {"content": {"text/css": {}}}})
def style() -> Response:
    """Return the style sheet of the plain pages."""
    return Response(plain_style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _ended(request: Request) -> HTMLResponse:
    lang = language_of(request)
    message = text("This link works no more. Ask the curator for a new one.")
    return plain_page("said", lang, text("Mentoring"), status=404, message=say(message, lang))


def _make(session: Session, work: Work, person_id: str, role: Role, round_id: str | None, days: int | None) -> LinkMade:
    lasts = days if days is not None else work.core.settings.link_days
    link, address = links.make_link(
        session, work.core, work.viewer, person_id=person_id, role=role, round_id=round_id, days=lasts
    )
    picture = segno.make(address, error="m").svg_inline(scale=4)
    return LinkMade(**_shown(link).model_dump(), link=address, qr_svg=picture)


def _shown(link: PersonalLink) -> LinkOut:
    return LinkOut(
        id=link.id,
        person=link.person_id,
        role=LinkRole(link.role),
        round=link.round_id,
        created_at=link.created_at,
        expires_at=link.expires_at,
        used_at=link.used_at,
        revoked=link.revoked_at is not None,
    )
