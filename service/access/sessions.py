"""Browsers that have signed in: a new word at each step up, an end that the server decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from fastapi import Request, Response
from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from service.access.cookies import cookie_of, set_cookie
from service.access.secrets import hash_of, new_secret
from service.settings import Settings
from service.tables.access import WebSession
from service.tables.columns import now

HALF_MINUTES = 15
"""How long somebody has who has shown his password to show, or to set up, his second factor."""
LINK_HOURS = 2
"""How long a browser that came by a personal link stays signed in."""


def open_session(
    request: Request,
    response: Response,
    session: Session,
    settings: Settings,
    *,
    account_id: str | None = None,
    link_id: str | None = None,
    second_factor: bool = False,
    half: bool = False,
) -> WebSession:
    """Sign a browser in: end the session it came with, open a new one and hand it the cookie."""
    end_present(request, session, settings)
    word = new_secret()
    moment = now()
    hours = LINK_HOURS if link_id is not None else settings.session_hours
    lasts = timedelta(minutes=HALF_MINUTES) if half else timedelta(hours=min(hours, settings.session_hours))
    row = WebSession(
        token_hash=hash_of(word),
        account_id=account_id,
        link_id=link_id,
        second_factor=second_factor,
        created_at=moment,
        seen_at=moment,
        expires_at=moment + lasts,
        client=request.headers.get("user-agent", "")[:200],
    )
    session.add(row)
    session.flush()
    set_cookie(request, response, settings, word)
    return row


def present(request: Request, session: Session, settings: Settings) -> WebSession | None:
    """Return the session of the cookie the browser has sent."""
    word = cookie_of(request, settings)
    return None if word is None else session.get(WebSession, hash_of(word))


def end_present(request: Request, session: Session, settings: Settings) -> None:
    """End the session the browser came with, if there is one."""
    found = present(request, session, settings)
    if found is not None:
        session.delete(found)
        session.flush()


def end_sessions(session: Session, *, account_id: str | None = None, link_id: str | None = None) -> None:
    """End all sessions of an account or of a link."""
    whose = col(WebSession.account_id) == account_id if account_id else col(WebSession.link_id) == link_id
    session.execute(delete(WebSession).where(whose))


def sessions_of(session: Session, settings: Settings, account_id: str) -> Sequence[WebSession]:
    """Return the sessions of an account that have not ended, the newest first."""
    moment = now()
    idle = moment - timedelta(minutes=settings.idle_minutes)
    return session.exec(
        select(WebSession)
        .where(WebSession.account_id == account_id, col(WebSession.expires_at) > moment, col(WebSession.seen_at) > idle)
        .order_by(col(WebSession.created_at).desc())
    ).all()


def public_id(row: WebSession) -> str:
    """Return the name under which its owner may end a session; it does not open it."""
    return row.token_hash[:16]


def forget_ended(session: Session, settings: Settings) -> None:
    """Remove sessions that have ended."""
    moment = now()
    idle = moment - timedelta(minutes=settings.idle_minutes)
    session.execute(
        delete(WebSession).where(or_(col(WebSession.expires_at) <= moment, col(WebSession.seen_at) <= idle))
    )
