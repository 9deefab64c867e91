"""Finds out who asks: by the token of a program, by the cookie of a browser. Two questions to the database at most."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy import update
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


def _by_token(request: Request, session: Session, word: str) -> Viewer | None:
    found = session.exec(
        select(ApiToken, Account)
        .join(Account, col(Account.id) == ApiToken.account_id)
        .where(ApiToken.token_hash == hash_of(word))
    ).first()
    if found is None:
        return None
    token, account = found
    moment = now()
    ended = token.expires_at is not None and token.expires_at <= moment
    if ended or token.revoked_at is not None or account.disabled_at is not None:
        return None
    if token.seen_at is None or moment - token.seen_at >= _SEEN_EVERY:
        request.state.seen = (ApiToken, token.id)
    allowed = set(filter(None, token.roles.split(",")))
    held = tuple(one for one in held_by(session, account.id, moment) if not allowed or one.role in allowed)
    return Viewer(actor=f"token:{token.id}", account_id=account.id, second_factor=True, held=held)


def _by_cookie(request: Request, session: Session, settings: Settings, cookie: str) -> Viewer | None:
    row = session.exec(
        select(WebSession, Account)
        .outerjoin(Account, col(Account.id) == WebSession.account_id)
        .where(WebSession.token_hash == hash_of(cookie))
    ).first()
    if row is None:
        return None
    found, account = row
    moment = now()
    if found.expires_at <= moment or found.seen_at + timedelta(minutes=settings.idle_minutes) <= moment:
        return None
    if moment - found.seen_at >= _SEEN_EVERY:
        request.state.seen = (WebSession, found.token_hash)
    if found.link_id is not None:
        return _by_link(session, found.link_id, moment)
    if account is None or account.disabled_at is not None:
        return None
    held = held_by(session, account.id, moment)
    expected = account.totp_confirmed_at is not None or needs_second_factor(settings, held)
    return Viewer(
        actor=f"account:{account.id}",
        account_id=account.id,
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
    found = session.exec(
        select(Grant, Area.path).join(Area, col(Area.id) == Grant.area_id).where(Grant.account_id == account_id)
    )
    return tuple(
        Held(role=Role(grant.role), area_id=grant.area_id, path=path, person_id=grant.person_id)
        for grant, path in found
        if grant.ends_at is None or grant.ends_at > moment
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
