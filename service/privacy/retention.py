"""What is kept for a time only: lines of the access log, failed sign-ins, sessions that have ended."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CursorResult, Executable, delete
from sqlmodel import Session, col

from service.audit import append_audit
from service.core import Core
from service.tables.access import SignInAttempt, WebSession
from service.tables.columns import now
from service.tables.privacy import AccessEntry, Setting

KEPT_FROM = "access_log_kept_from"
"""The setting the triggers of the log ask: older lines may go. It stands only while they are being taken."""

ATTEMPTS_ARE_KEPT = timedelta(days=1)
LEAST_DAYS = 365


def prune_access_log(core: Core, *, actor: str, days: int | None = None) -> int:
    """Take out lines of the access log older than ``days`` (default: as set) and return how many; it is audited.

    Raises
    ------
    ValueError
        When lines of the last year would go.
    """
    kept_days = core.settings.keep_access_log_days if days is None else days
    if kept_days < LEAST_DAYS:
        raise ValueError("the access log is kept for a year at least")
    moment = now() - timedelta(days=kept_days)
    with core.database.writing() as session:
        session.add(Setting(name=KEPT_FROM, value=moment.strftime("%Y-%m-%d %H:%M:%S.%f+00:00")))
        session.flush()
        number = _delete(session, delete(AccessEntry).where(col(AccessEntry.at) < moment))
        session.delete(session.get_one(Setting, KEPT_FROM))
        if number:
            said = {"lines": number, "older_than": moment.isoformat(timespec="seconds")}
            append_audit(session, core.vault, actor=actor, action="access_log.prune", area_id=None, details=said)
    return number


def prune_passing(core: Core) -> int:
    """Take out what is needed for a day only, and sessions that have ended; return how many rows went."""
    moment = now()
    with core.database.writing() as session:
        return sum(
            _delete(session, statement)
            for statement in (
                delete(SignInAttempt).where(col(SignInAttempt.at) < moment - ATTEMPTS_ARE_KEPT),
                delete(WebSession).where(col(WebSession.expires_at) < moment),
            )
        )


def _delete(session: Session, statement: Executable) -> int:
    result = session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
