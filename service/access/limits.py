"""How often something may be called: counted in the database, so that all processes count together, and exactly.

A call counts for as long as its window is: nobody is locked out for good.
"""

from __future__ import annotations

import hashlib
import math
from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from matcher.texts import text
from service.database import Database
from service.errors import Problem
from service.tables.access import SignInAttempt
from service.tables.columns import now

_KEPT = timedelta(days=1)
"""Counted calls are forgotten after so long: the longest window."""


class TooMany(Problem):
    """Called too often; ``seconds`` says when the next call is let through."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            429,
            "too-many-requests",
            text("Too many requests. Please wait a little."),
            headers={"Retry-After": str(seconds)},
        )


def subject_of(*words: str) -> str:
    """Return under what calls are counted: a hash, since accounts and addresses are personal data."""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def check(session: Session, subject: str, limit: int, window: timedelta) -> None:
    """Check that a call would be let through, without counting it.

    Raises
    ------
    TooMany
        When ``limit`` calls have been counted within the window already.
    """
    since = now() - window
    counted = session.exec(
        select(func.count(), func.min(SignInAttempt.at)).where(
            SignInAttempt.subject == subject, col(SignInAttempt.at) > since
        )
    ).one()
    if counted[0] >= limit:
        wait = (counted[1] - since).total_seconds() if counted[0] == limit else window.total_seconds()
        raise TooMany(max(1, math.ceil(wait)))


def spend(session: Session, subject: str, limit: int, window: timedelta) -> SignInAttempt:
    """Count a call in the caller's transaction, which must be a writing one, and return what was counted.

    Of any calls of one subject at most ``limit`` pass within ``window``, whichever processes they come to.

    Raises
    ------
    TooMany
        When ``limit`` calls have been counted within the window already; this one is not counted.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int(subject[:15], 16)
        session.execute(sql("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
    check(session, subject, limit, window)
    counted_call = SignInAttempt(subject=subject, at=now())
    session.add(counted_call)
    session.flush()
    return counted_call


def spend_apart(database: Database, subject: str, limit: int, window: timedelta) -> None:
    """Count a call in a transaction of its own, so that it stays counted whatever becomes of the caller's.

    Not to be called within a writing transaction: on SQLite it would wait for itself.

    Raises
    ------
    TooMany
        Like :func:`spend`.
    """
    with database.writing() as session:
        spend(session, subject, limit, window)


def was_counted(session: Session, subject: str, window: timedelta) -> bool:
    """Say whether a call of a subject has been counted within a window."""
    where = SignInAttempt.subject == subject, col(SignInAttempt.at) > now() - window
    return session.exec(select(SignInAttempt.id).where(*where).limit(1)).first() is not None


def forgive(session: Session, subject: str) -> None:
    """Forget the counted calls of a subject."""
    session.execute(
        delete(SignInAttempt).where(col(SignInAttempt.subject) == subject).execution_options(synchronize_session=False)
    )


def forget_old(session: Session) -> None:
    """Forget calls that count no more."""
    old = col(SignInAttempt.at) <= now() - _KEPT
    session.execute(delete(SignInAttempt).where(old).execution_options(synchronize_session=False))
