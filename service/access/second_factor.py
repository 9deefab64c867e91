"""The second factor: codes of an application that change every half minute, and recovery codes for its loss.

References
----------
RFC 6238 (TOTP); a code counts once, one step early or late is let through.
"""

from __future__ import annotations

import base64
import hmac
import secrets

import pyotp
from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from service.access.secrets import hash_of
from service.tables.access import Account, RecoveryCode
from service.tables.columns import now
from service.vault import Vault

ISSUER = "Matcher"
STEP_SECONDS = 30
NUM_RECOVERY_CODES = 10


def begin(vault: Vault, account: Account) -> pyotp.TOTP:
    """Return a new second factor, kept beside the present one until a code of it is shown."""
    secret = pyotp.random_base32()
    account.sealed_next_totp = vault.seal(secret.encode(), _context(account))
    return _totp(secret, account)


def begun(vault: Vault, account: Account) -> pyotp.TOTP | None:
    """Return the second factor that is being set up, None where none is."""
    return None if account.sealed_next_totp is None else _opened(vault, account, account.sealed_next_totp)


def confirm(session: Session, vault: Vault, account: Account, code: str) -> list[str] | None:
    """Make the new second factor count if ``code`` is of it, and return the recovery codes; None otherwise."""
    if account.sealed_next_totp is None:
        return None
    step = _step_of(_opened(vault, account, account.sealed_next_totp), code)
    if step is None:
        return None
    account.sealed_totp, account.sealed_next_totp = account.sealed_next_totp, None
    account.totp_confirmed_at, account.last_totp_step = now(), step
    return new_recovery_codes(session, account)


def accept(session: Session, vault: Vault, account: Account, code: str) -> bool:
    """Say whether a code, or a recovery code, counts now, and use it up.

    The step is kept by a condition of the database: of two requests with one code only one gets through.
    """
    word = _plain(code)
    if len(word) != 6 or not word.isdigit():
        return _use_recovery_code(session, account, word)
    if account.sealed_totp is None or account.totp_confirmed_at is None:
        return False
    step = _step_of(_opened(vault, account, account.sealed_totp), word)
    if step is None:
        return False
    used = session.execute(
        update(Account)
        .where(col(Account.id) == account.id, col(Account.last_totp_step) < step)
        .values(last_totp_step=step)
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def remove(session: Session, account: Account) -> None:
    """Take the second factor and its recovery codes away: it has to be set up anew at the next sign-in."""
    account.sealed_totp = account.sealed_next_totp = account.totp_confirmed_at = None
    account.version += 1
    _forget_recovery_codes(session, account)


def new_recovery_codes(session: Session, account: Account) -> list[str]:
    """Return new recovery codes; the old ones count no more."""
    _forget_recovery_codes(session, account)
    words = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(NUM_RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_of(word)) for word in words)
    return ["-".join(word[start : start + 4] for start in range(0, len(word), 4)) for word in words]


def num_recovery_codes(session: Session, account: Account) -> int:
    """Return how many recovery codes are left."""
    left = RecoveryCode.account_id == account.id, col(RecoveryCode.used_at).is_(None)
    return session.exec(select(func.count()).select_from(RecoveryCode).where(*left)).one()


def _use_recovery_code(session: Session, account: Account, word: str) -> bool:
    used = session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account.id,
            col(RecoveryCode.code_hash) == hash_of(word),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now())
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def _forget_recovery_codes(session: Session, account: Account) -> None:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))


def _step_of(totp: pyotp.TOTP, code: str) -> int | None:
    """Return the step a code belongs to: this one, the one before or the one after."""
    word = _plain(code)
    present = int(now().timestamp()) // STEP_SECONDS
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step), word):
            return step
    return None


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").strip().lower()


def _opened(vault: Vault, account: Account, sealed: bytes) -> pyotp.TOTP:
    return _totp(vault.open(sealed, _context(account)).decode(), account)


def _totp(secret: str, account: Account) -> pyotp.TOTP:
    return pyotp.TOTP(secret, name=account.login, issuer=ISSUER, interval=STEP_SECONDS)


def _context(account: Account) -> str:
    return f"totp:{account.id}"
