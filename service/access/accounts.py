"""Accounts of others and their roles: made, stopped and changed by whoever may give every role they hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.texts import text
from service.access import second_factor
from service.access.granting import check_manages, current, is_last_administrator, may_give
from service.access.invitations import invite
from service.access.sessions import end_sessions
from service.access.sign_in import same_login
from service.audit import append_audit
from service.core import Core
from service.errors import Problem, not_found, refused, wrong_input
from service.tables.access import Account, Grant, Role
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.viewer import PERSONAL_ROLES, Viewer, area_of, in_areas


def make_account(
    session: Session,
    core: Core,
    viewer: Viewer,
    *,
    login: str,
    name: str,
    role: Role,
    area_id: str,
    person_id: str | None,
) -> tuple[Account, str, datetime]:
    """Make an account with its first role; return it, the secret of its invitation and when that ends.

    Raises
    ------
    Problem
        404 for an area or person the viewer does not see, 403 for a role he may not give, 409 for a taken login.
    """
    word = same_login(login)
    if session.exec(select(Account.id).where(Account.login == word)).first() is not None:
        area_of(session, viewer, area_id)
        raise refused([Fault("login", text("this login is taken"))])
    account = Account(login=word, name=name)
    session.add(account)
    try:
        session.flush()
    except IntegrityError:  # somebody has taken the login at the same moment
        raise refused([Fault("login", text("this login is taken"))]) from None
    give_role(session, core, viewer, account, role=role, area_id=area_id, person_id=person_id, ends_at=None)
    secret, ends = invite(session, account, viewer.actor)
    write_down(session, core, viewer, "account.make", account, area_id)
    return account, secret, ends


def give_role(
    session: Session,
    core: Core,
    viewer: Viewer,
    account: Account,
    *,
    role: Role,
    area_id: str,
    person_id: str | None,
    ends_at: datetime | None,
) -> Grant:
    """Give an account a role in an area the viewer may give it in.

    Raises
    ------
    Problem
        404 for an area or person the viewer does not see, 403 for a role he may not give or for himself, 409 for a role
        the account has already, 422 where a person is missing or one is too many.
    """
    area = area_of(session, viewer, area_id)
    if account.id == viewer.account_id or not may_give(viewer, role, area.path):
        detail = text("This role may be given here by others only, and nobody gives himself a role.")
        raise Problem(403, "forbidden", text("You may not do this."), detail=detail)
    _check_person(session, viewer, role, area, person_id)
    if ends_at is not None and ends_at <= now():
        raise wrong_input([Fault("ends_at", text("this moment is past"))])
    same = (
        *current(account.id),
        col(Grant.role) == role,
        col(Grant.area_id) == area_id,
        col(Grant.person_id) == person_id,
    )
    if session.exec(select(Grant.id).where(*same)).first() is not None:
        raise refused([Fault("role", text("the account has this role here already"))])
    grant = Grant(account_id=account.id, role=role, area_id=area_id, person_id=person_id, ends_at=ends_at)
    account.version += 1
    session.add_all([grant, account])
    session.flush()
    write_down(session, core, viewer, f"role.give.{role}", account, area_id, grant.id)
    return grant


def _check_person(session: Session, viewer: Viewer, role: Role, area: Area, person_id: str | None) -> None:
    if role not in PERSONAL_ROLES:
        if person_id is not None:
            raise wrong_input([Fault("person", text("this role is not held as a person of a roster"))])
        return
    if person_id is None:
        raise wrong_input([Fault("person", text("say which person of the roster holds this role"))])
    where = Person.id == person_id, Person.area_id == area.id, in_areas(Person.area_id, viewer)
    if session.exec(select(Person.id).where(*where, col(Person.erased_at).is_(None))).first() is None:
        raise not_found()


def take_role(session: Session, core: Core, viewer: Viewer, account: Account, grant_id: str) -> None:
    """End a role of an account at once.

    Raises
    ------
    Problem
        404 for a role the viewer does not see, 403 for one he may not give, 409 for that of the last administrator.
    """
    where = col(Grant.id) == grant_id, *current(account.id), in_areas(Grant.area_id, viewer)
    found = session.exec(select(Grant, Area.path).join(Area, col(Area.id) == Grant.area_id).where(*where)).first()
    if found is None:
        raise not_found()
    grant, path = found
    if account.id == viewer.account_id or not may_give(viewer, Role(grant.role), path):
        raise Problem(403, "forbidden", text("You may not do this."))
    if grant.role == Role.ADMINISTRATOR and is_last_administrator(session, account.id):
        raise last_administrator()
    grant.ends_at = now()
    account.version += 1
    session.add_all([grant, account])
    write_down(session, core, viewer, f"role.take.{grant.role}", account, grant.area_id, grant.id)


def disable(session: Session, core: Core, viewer: Viewer, account: Account, *, disabled: bool) -> None:
    """Stop an account, or let it in again; its sessions end at once.

    Raises
    ------
    Problem
        403 where the viewer may not act on the account, 409 for the last administrator.
    """
    check_manages(session, viewer, account)
    if (account.disabled_at is not None) == disabled:
        return
    if disabled and is_last_administrator(session, account.id):
        raise last_administrator()
    account.disabled_at = now() if disabled else None
    session.add(account)
    end_sessions(session, account_id=account.id)
    write_down(session, core, viewer, "account.disable" if disabled else "account.enable", account)


def tie_to_directory(session: Session, core: Core, viewer: Viewer, account: Account, subject: str) -> None:
    """Let an account sign in through the directory as a subject of it; an empty one ends that.

    Raises
    ------
    Problem
        409 for a subject that belongs to another account.
    """
    account.oidc_subject = subject or None
    session.add(account)
    try:
        session.flush()
    except IntegrityError:
        raise refused([Fault("directory_subject", text("another account belongs to this subject"))]) from None
    write_down(session, core, viewer, "account.directory", account)


def reset_second_factor(session: Session, core: Core, viewer: Viewer, account: Account) -> None:
    """Take the second factor of an account away and end its sessions: it sets up a new one at the next sign-in.

    Raises
    ------
    Problem
        403 where the viewer may not act on the account.
    """
    check_manages(session, viewer, account)
    second_factor.remove(session, account)
    session.add(account)
    end_sessions(session, account_id=account.id)
    write_down(session, core, viewer, "second_factor.reset", account)


def last_administrator() -> Problem:
    """Return the refusal to leave the service without anybody who can set rights."""
    return refused([Fault("account", text("this is the last administrator: make another one first"))])


def write_down(
    session: Session,
    core: Core,
    viewer: Viewer,
    action: str,
    account: Account,
    area_id: str | None = None,
    *subjects: str,
) -> None:
    """Write down what was done to an account."""
    area = area_id or next((one.area_id for one in viewer.held), None)
    actor, whom = viewer.actor, [account.id, *subjects]
    append_audit(session, core.vault, actor=actor, action=action, area_id=area, subjects=whom)
