"""Finds out who asks: by the token of a program, by the cookie of a browser. Two questions to the database at most.

Every request comes through here, so the questions are built once, ask for the columns that count and no more, and
bring what somebody may do together with who he is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from sqlalchemy import Row, Select, bindparam, update
from sqlalchemy import select as pick
from sqlmodel import Session, col, select

from service.access.cookies import cookie_of
from service.access.secrets import hash_of
from service.settings import Settings
from service.tables.access import Account, ApiToken, Grant, PersonalLink, Role, WebSession
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.viewer import PERSONAL_ROLES, Held, Viewer

_SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used: writing it at each request would cost more than it tells."""


def identify(request: Request, session: Session) -> Viewer | None:
    """Return who asks, None where nobody is known by the token or the cookie."""
    settings: Settings = request.app.state.core.settings
    authorization = request.headers.get("authorization")
    if authorization is not None:
        kind, _, word = authorization.partition(" ")
        return _by_token(request, session, word.strip()) if kind.lower() == "bearer" else None
    cookie = cookie_of(request, settings)
    return None if cookie is None else _by_cookie(request, session, settings, cookie)


def needs_second_factor(settings: Settings, held: tuple[Held, ...]) -> bool:
    """Say whether roles need a second factor: all do that see data of other people."""
    return settings.second_factor and any(one.role not in PERSONAL_ROLES for one in held)


_GRANTED: tuple[Any, ...] = (
    col(Grant.role),
    col(Grant.area_id),
    col(Grant.person_id),
    col(Grant.ends_at),
    col(Area.path),
)
_OF_TOKEN: Select[Any] = (
    pick(
        col(ApiToken.id),
        col(ApiToken.account_id),
        col(ApiToken.expires_at),
        col(ApiToken.revoked_at),
        col(ApiToken.seen_at),
        col(ApiToken.roles),
        col(Account.disabled_at),
        *_GRANTED,
    )
    .join(Account, col(Account.id) == col(ApiToken.account_id))
    .outerjoin(Grant, col(Grant.account_id) == col(Account.id))
    .outerjoin(Area, col(Area.id) == col(Grant.area_id))
    .where(col(ApiToken.token_hash) == bindparam("word"))
)
_OF_COOKIE: Select[Any] = (
    pick(
        col(WebSession.token_hash),
        col(WebSession.account_id),
        col(WebSession.link_id),
        col(WebSession.expires_at),
        col(WebSession.seen_at),
        col(WebSession.second_factor),
        col(Account.id).label("known"),
        col(Account.disabled_at),
        col(Account.totp_confirmed_at),
        *_GRANTED,
    )
    .outerjoin(Account, col(Account.id) == col(WebSession.account_id))
    .outerjoin(Grant, col(Grant.account_id) == col(Account.id))
    .outerjoin(Area, col(Area.id) == col(Grant.area_id))
    .where(col(WebSession.token_hash) == bindparam("word"))
)


def _asked(session: Session, question: Any, word: str) -> Sequence[Row[Any]]:
    return session.connection().execute(question, {"word": hash_of(word)}).all()


def _by_token(request: Request, session: Session, word: str) -> Viewer | None:
    rows = _asked(session, _OF_TOKEN, word)
    if not rows:
        return None
    token = rows[0]
    moment = now()
    ended = token.expires_at is not None and token.expires_at <= moment
    if ended or token.revoked_at is not None or token.disabled_at is not None:
        return None
    if token.seen_at is None or moment - token.seen_at >= _SEEN_EVERY:
        request.state.seen = (ApiToken, token.id)
    allowed = set(filter(None, token.roles.split(",")))
    held = tuple(one for one in _held(rows, moment) if not allowed or one.role in allowed)
    return Viewer(actor=f"token:{token.id}", account_id=token.account_id, second_factor=True, held=held)


def _by_cookie(request: Request, session: Session, settings: Settings, cookie: str) -> Viewer | None:
    rows = _asked(session, _OF_COOKIE, cookie)
    if not rows:
        return None
    found = rows[0]
    moment = now()
    if found.expires_at <= moment or found.seen_at + timedelta(minutes=settings.idle_minutes) <= moment:
        return None
    if moment - found.seen_at >= _SEEN_EVERY:
        request.state.seen = (WebSession, found.token_hash)
    if found.link_id is not None:
        return _by_link(session, found.link_id, moment)
    if found.known is None or found.disabled_at is not None:
        return None
    held = _held(rows, moment)
    expected = found.totp_confirmed_at is not None or needs_second_factor(settings, held)
    return Viewer(
        actor=f"account:{found.account_id}",
        account_id=found.account_id,
        second_factor=found.second_factor,
        half=expected and not found.second_factor,
        held=held,
    )


def _by_link(session: Session, link_id: str, moment: datetime) -> Viewer | None:
    row = session.exec(
        select(PersonalLink, Person, Area)
        .join(Person, col(Person.id) == PersonalLink.person_id)
        .join(Area, col(Area.id) == Person.area_id)
        .where(PersonalLink.id == link_id)
    ).first()
    if row is None:
        return None
    link, person, area = row
    if link.revoked_at is not None or link.expires_at <= moment or person.erased_at is not None:
        return None
    held = Held(role=Role(link.role), area_id=area.id, path=area.path, person_id=person.id)
    return Viewer(actor=f"link:{link.id}", link_id=link.id, held=(held,))


def held_by(session: Session, account_id: str, moment: datetime) -> tuple[Held, ...]:
    """Return the roles an account holds at a moment."""
    asked = pick(*_GRANTED).join(Area, col(Area.id) == col(Grant.area_id)).where(col(Grant.account_id) == account_id)
    return _held(session.connection().execute(asked).all(), moment)


def _held(rows: Iterable[Row[Any]], moment: datetime) -> tuple[Held, ...]:
    """Return the roles that rows tell of and that have not ended; an account without any has one row without a role."""
    return tuple(
        Held(role=Role(row.role), area_id=row.area_id, path=row.path, person_id=row.person_id)
        for row in rows
        if row.role is not None and (row.ends_at is None or row.ends_at > moment)
    )


def was_seen(request: Request) -> bool:
    """Say whether it has to be written down that a session or token was used."""
    return hasattr(request.state, "seen")


def keep_seen(request: Request, session: Session) -> None:
    """Write down that a session or token was used, once a minute at most."""
    if not was_seen(request):
        return
    table, key = request.state.seen
    where = col(WebSession.token_hash) == key if table is WebSession else col(ApiToken.id) == key
    session.execute(update(table).where(where).values(seen_at=now()).execution_options(synchronize_session=False))
