"""Who may give which role where: the table ``granting.toml`` and the questions asked of it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from sqlalchemy import ColumnElement
from sqlalchemy import text as sql
from sqlmodel import Session, col, or_, select

from matcher.texts import text
from service.errors import Problem, not_found
from service.tables.access import Account, Grant, Role
from service.tables.areas import Area
from service.tables.columns import now
from service.viewer import Viewer, in_areas

_LOCK = 7_401_202_612
"""Number of the PostgreSQL lock under which administrators are taken away, one after the other."""


@cache
def read_granting() -> dict[Role, frozenset[Role]]:
    """Return role → roles its holder may give."""
    file = resources.files("service.access") / "granting.toml"
    table: dict[str, list[str]] = tomllib.loads(file.read_text(encoding="utf-8"))["may_give"]
    return {
        Role(giver): frozenset(Role) if "*" in given else frozenset(map(Role, given)) for giver, given in table.items()
    }


def may_give(viewer: Viewer, role: Role, path: str) -> bool:
    """Say whether the viewer may give a role in the area of a path."""
    table = read_granting()
    return any(path.startswith(one.path) and role in table.get(one.role, frozenset()) for one in viewer.held)


def current(account_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of grants an account holds now."""
    return (
        col(Grant.account_id) == account_id,
        or_(col(Grant.ends_at).is_(None), col(Grant.ends_at) > now()),
    )


def account_of(session: Session, viewer: Viewer, account_id: str) -> Account:
    """Return an account that holds or has held a role in the viewer's areas; 404 otherwise."""
    account = session.get(Account, account_id)
    known = select(Grant.id).where(Grant.account_id == account_id, in_areas(Grant.area_id, viewer)).limit(1)
    if account is None or session.exec(known).first() is None:
        raise not_found()
    return account


def check_manages(session: Session, viewer: Viewer, account: Account) -> None:
    """Check that the viewer may act on an account: it is not his own, and he could give every role it holds.

    Raises
    ------
    Problem
        403 otherwise: who manages some may not take over those above or beside him.
    """
    held = session.exec(
        select(Grant.role, Area.path).join(Area, col(Area.id) == Grant.area_id).where(*current(account.id))
    )
    if account.id == viewer.account_id or not all(may_give(viewer, Role(role), path) for role, path in held):
        detail = text("Only somebody who may give every role of this account may do that, and nobody to himself.")
        raise Problem(403, "forbidden", text("You may not do this."), detail=detail)


def is_last_administrator(session: Session, account_id: str) -> bool:
    """Say whether nobody else could set rights once this account cannot; who asks beside us waits for our answer."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sql("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    others = (
        select(Grant.id)
        .join(Account, col(Account.id) == Grant.account_id)
        .where(
            Grant.role == Role.ADMINISTRATOR,
            Grant.account_id != account_id,
            or_(col(Grant.ends_at).is_(None), col(Grant.ends_at) > now()),
            col(Account.disabled_at).is_(None),
        )
    )
    own = select(Grant.id).where(*current(account_id), Grant.role == Role.ADMINISTRATOR)
    return session.exec(own.limit(1)).first() is not None and session.exec(others.limit(1)).first() is None
