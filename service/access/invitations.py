"""Invitations: a link with which somebody sets his own password, so that nobody else ever knows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.texts import text
from service.access.passwords import faults_of, hash_password
from service.access.secrets import hash_of, new_secret
from service.access.sessions import end_sessions
from service.audit import append_audit
from service.core import Core
from service.errors import not_found, wrong_input
from service.tables.access import Account, Invitation
from service.tables.columns import now

INVITATION_DAYS = 7


def invite(session: Session, account: Account, created_by: str) -> tuple[str, datetime]:
    """Return the secret of a new invitation and when it ends; earlier ones work no more."""
    moment = now()
    session.execute(
        update(Invitation)
        .where(col(Invitation.account_id) == account.id, col(Invitation.used_at).is_(None))
        .values(used_at=moment)
    )
    secret = new_secret()
    ends = moment + timedelta(days=INVITATION_DAYS)
    session.add(Invitation(token_hash=hash_of(secret), account_id=account.id, created_by=created_by, expires_at=ends))
    session.flush()
    return secret, ends


def invited(session: Session, secret: str) -> tuple[Invitation, Account]:
    """Return an invitation that works, and the account it is for; 404 otherwise."""
    found = session.exec(
        select(Invitation, Account)
        .join(Account, col(Account.id) == Invitation.account_id)
        .where(Invitation.token_hash == hash_of(secret))
    ).first()
    if (
        found is None
        or found[0].used_at is not None
        or found[0].expires_at <= now()
        or found[1].disabled_at is not None
    ):
        raise not_found()
    return found[0], found[1]


def take_up(core: Core, secret: str, password: str) -> Account:
    """Set the password of an invited account and end all its sessions; the invitation works once.

    Raises
    ------
    Problem
        404 when the invitation does not work, 422 when the password will not do.
    """
    with core.database.reading() as session:
        login = invited(session, secret)[1].login
    faults = faults_of(password, login)
    if faults:
        raise wrong_input(faults)
    kept = hash_password(password)
    with core.database.writing() as session:
        invitation, account = invited(session, secret)
        used = session.execute(
            update(Invitation)
            .where(col(Invitation.id) == invitation.id, col(Invitation.used_at).is_(None))
            .values(used_at=now())
        )
        if used.rowcount != 1:  # type: ignore[attr-defined]
            raise not_found()
        set_password(session, core, account, kept, actor=f"account:{account.id}", action="password.set")
        return account


def set_password(session: Session, core: Core, account: Account, kept: str, *, actor: str, action: str) -> None:
    """Keep a new password, end all sessions of the account and write it down."""
    account.password_hash, account.password_changed_at = kept, now()
    account.version += 1
    session.add(account)
    end_sessions(session, account_id=account.id)
    append_audit(session, core.vault, actor=actor, action=action, area_id=None, subjects=[account.id])


def same_password_fault() -> Fault:
    """Return the fault of a new password that is the old one."""
    return Fault("password", text("this is the present password"))
