"""Finds out who asks: by the token of a program, by the cookie of a browser."""

from __future__ import annotations

from datetime import datetime

from fastapi import Request
from sqlmodel import Session, col, select

from service.access.secrets import hash_of
from service.tables.access import Account, ApiToken, Grant, PersonalLink, Role, WebSession
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.viewer import Held, Viewer

COOKIE = "__Host-matcher"


def identify(request: Request, session: Session) -> Viewer | None:
    """Return who asks, None where nobody is known by the token or the cookie."""
    kind, _, word = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return _by_token(session, word.strip())
    cookie = request.cookies.get(COOKIE)
    return None if cookie is None else _by_cookie(session, cookie)


def _by_token(session: Session, word: str) -> Viewer | None:
    token = session.exec(select(ApiToken).where(ApiToken.token_hash == hash_of(word))).first()
    moment = now()
    if token is None or token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= moment):
        return None
    account = session.get(Account, token.account_id)
    if account is None or account.disabled_at is not None:
        return None
    allowed = set(filter(None, token.roles.split(",")))
    held = tuple(one for one in held_by(session, account.id, moment) if not allowed or one.role in allowed)
    return Viewer(actor=f"token:{token.id}", account_id=account.id, second_factor=True, held=held)


def _by_cookie(session: Session, cookie: str) -> Viewer | None:
    found = session.get(WebSession, hash_of(cookie))
    moment = now()
    if found is None or found.expires_at <= moment:
        return None
    if found.link_id is not None:
        return _by_link(session, found.link_id, moment)
    account = None if found.account_id is None else session.get(Account, found.account_id)
    if account is None or account.disabled_at is not None:
        return None
    return Viewer(
        actor=f"account:{account.id}",
        account_id=account.id,
        second_factor=found.second_factor,
        held=held_by(session, account.id, moment),
    )


def _by_link(session: Session, link_id: str, moment: datetime) -> Viewer | None:
    link = session.get(PersonalLink, link_id)
    if link is None or link.revoked_at is not None or link.expires_at <= moment:
        return None
    person = session.get(Person, link.person_id)
    area = None if person is None else session.get(Area, person.area_id)
    if person is None or area is None or person.erased_at is not None:
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
