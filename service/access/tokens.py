"""Tokens for programs: long random words, kept only as their hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from matcher.errors import Fault
from matcher.texts import text
from service.access.identify import held_by
from service.access.secrets import hash_of, new_secret
from service.audit import append_audit
from service.core import Core
from service.errors import wrong_input
from service.tables.access import Account, ApiToken, Role
from service.tables.columns import now

MAX_DAYS = 366


def make_token(
    session: Session, core: Core, account: Account, name: str, roles: Sequence[Role], lasts: timedelta, actor: str
) -> tuple[ApiToken, str]:
    """Return a new token of an account and its word, which is shown only now.

    Raises
    ------
    Problem
        422 for a role the account does not hold.
    """
    moment = now()
    held = {one.role for one in held_by(session, account.id, moment)}
    faults = [
        Fault("roles", text("the account has no role {role}", role=str(role))) for role in roles if role not in held
    ]
    if faults:
        raise wrong_input(faults)
    word = new_secret()
    token = ApiToken(
        token_hash=hash_of(word),
        account_id=account.id,
        name=name,
        roles=",".join(sorted(set(roles))),
        created_at=moment,
        expires_at=moment + lasts,
    )
    session.add(token)
    session.flush()
    append_audit(session, core.vault, actor=actor, action="token.make", area_id=None, subjects=[token.id, account.id])
    return token, word


def revoke_token(session: Session, core: Core, token: ApiToken, actor: str) -> None:
    """Revoke a token, at once; revoking it again changes nothing."""
    if token.revoked_at is not None:
        return
    token.revoked_at = now()
    session.add(token)
    subjects = [token.id, token.account_id]
    append_audit(session, core.vault, actor=actor, action="token.revoke", area_id=None, subjects=subjects)
