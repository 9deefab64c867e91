"""Signing in: password, then second factor; how guessing is slowed down, and nothing told of which logins exist."""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from enum import StrEnum

from fastapi import Request, Response
from sqlalchemy import delete
from sqlmodel import Session, col, select

from matcher.texts import text
from service.access import second_factor
from service.access.identify import held_by, needs_second_factor
from service.access.limits import check, forget_old, forgive, spend, subject_of, was_counted
from service.access.passwords import fits, place
from service.access.sessions import forget_ended, open_session
from service.audit import append_audit
from service.core import Core
from service.errors import Problem
from service.tables.access import Account, SignInAttempt
from service.tables.columns import now

_LOG = logging.getLogger("service.access")
PER_ACCOUNT, PER_ADDRESS = 5, 120
"""Attempts a minute that have not succeeded: for one login from one address, and for all logins from one address."""
MINUTE = timedelta(minutes=1)
_KNOWN = timedelta(days=1)
"""Who has signed in from an address within a day is let through it while others storm from there."""
_writer = threading.Lock()


class Arrival(StrEnum):
    """What is left to do after the password: nothing, to show a code, or to set the second factor up."""

    SIGNED_IN = "signed_in"
    CODE_NEEDED = "code_needed"
    ENROLMENT_NEEDED = "enrolment_needed"


def same_login(login: str) -> str:
    """Return one form of a login, however it was typed."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def address_of(request: Request) -> str:
    """Return the address a request came from; behind a proxy the server has put the one it tells there."""
    return request.client.host if request.client is not None else ""


def wrong_credentials() -> Problem:
    """Return the one answer to a wrong login, a wrong password and a disabled account."""
    return Problem(401, "wrong-credentials", text("The login or the password is wrong."))


def sign_in(request: Request, response: Response, core: Core, login: str, password: str) -> Arrival:
    """Check a password and sign the browser in.

    Raises
    ------
    Problem
        401 when login and password do not belong together, 429 when too many attempts were made.
    """
    word = same_login(login)
    with attempt(core, word, address_of(request)):
        with core.database.reading() as session:
            account = session.exec(select(Account).where(Account.login == word)).first()
            id_ = None if account is None or account.disabled_at is not None else account.id
            kept = None if account is None or id_ is None else account.password_hash
        if not fits(password, kept) or id_ is None:
            _LOG.warning("sign-in refused")
            raise wrong_credentials()
    with _writing(core) as session:
        found = session.get(Account, id_)
        if found is None or found.disabled_at is not None or found.password_hash != kept:
            raise wrong_credentials()
        return arrive(request, response, session, core, found)


def arrive(request: Request, response: Response, session: Session, core: Core, account: Account) -> Arrival:
    """Open the session of somebody who has shown the first factor."""
    if account.totp_confirmed_at is not None:
        state = Arrival.CODE_NEEDED
    elif needs_second_factor(core.settings, held_by(session, account.id, now())):
        state = Arrival.ENROLMENT_NEEDED
    else:
        state = Arrival.SIGNED_IN
    half = state is not Arrival.SIGNED_IN
    forget_ended(session, core.settings)
    open_session(request, response, session, core.settings, account_id=account.id, half=half)
    append_audit(
        session,
        core.vault,
        actor=f"account:{account.id}",
        action=f"sign_in.{state}",
        area_id=None,
        subjects=[account.id],
    )
    return state


def show_code(request: Request, response: Response, core: Core, account_id: str, code: str) -> None:
    """Check a code of the second factor, or a recovery code, and open a full session.

    Raises
    ------
    Problem
        401 when the code does not count, 429 when too many were tried.
    """
    with attempt(core, f"code:{account_id}", address_of(request)), _writing(core) as session:
        account = session.get(Account, account_id)
        if account is None or not second_factor.accept(session, core.vault, account, code):
            _LOG.warning("second factor refused")
            raise wrong_code()
        open_session(request, response, session, core.settings, account_id=account_id, second_factor=True)
        append_audit(
            session,
            core.vault,
            actor=f"account:{account_id}",
            action="sign_in.second_factor",
            area_id=None,
            subjects=[account_id],
        )


def wrong_code() -> Problem:
    """Return the answer to a code that does not count."""
    return Problem(401, "wrong-code", text("This code does not count. Each code works once; wait for the next one."))


@contextmanager
def _writing(core: Core) -> Iterator[Session]:
    """Give a session that writes. On SQLite sign-ins queue up here: its own waiting is not in order, nor quick."""
    with _writer if core.database.is_sqlite else nullcontext(), core.database.writing() as session:
        yield session


@contextmanager
def attempt(core: Core, what: str, address: str) -> Iterator[None]:
    """Count an attempt while it is made: it stays counted where it fails, and is forgotten where it succeeds.

    Whoever is sent away costs a look at the database and nothing more.

    Raises
    ------
    TooMany
        When too many attempts were made.
    Busy
        When too many are being made.
    """
    narrow, wide, known = subject_of(what, address), subject_of("address", address), subject_of("known", what, address)
    with core.database.reading() as session:
        is_known = was_counted(session, known, _KNOWN)
        check(session, narrow, PER_ACCOUNT, MINUTE)
        if not is_known:
            check(session, wide, PER_ADDRESS, MINUTE)
    with place(reserved=is_known):
        with _writing(core) as session:
            forget_old(session)
            counted = [spend(session, narrow, PER_ACCOUNT, MINUTE).id]
            if not is_known:
                counted.append(spend(session, wide, PER_ADDRESS, MINUTE).id)
        yield
        with _writing(core) as session:
            forgive(session, narrow)
            forgive(session, known)
            session.execute(delete(SignInAttempt).where(col(SignInAttempt.id).in_(counted)))
            session.add(SignInAttempt(subject=known, at=now()))
