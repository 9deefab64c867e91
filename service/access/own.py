"""One's own way in: who asks has to be an account in its browser, not a token and not a personal link."""

from __future__ import annotations

from matcher.texts import text
from service.access.passwords import fits
from service.access.sign_in import address_of, attempt, wrong_credentials
from service.errors import Problem
from service.tables.access import Account
from service.work import Work


def own_account(work: Work) -> Account:
    """Return the account of the browser that asks.

    Raises
    ------
    Problem
        403 where a token or a personal link asks: neither may change how people come in.
    """
    if work.viewer.account_id is None or not work.viewer.actor.startswith("account:"):
        detail = text("This can be done only by somebody who has signed in with a password.")
        raise Problem(403, "forbidden", text("You may not do this."), detail=detail)
    return work.session.get_one(Account, work.viewer.account_id)


def check_password(work: Work, password: str) -> Account:
    """Check the password of who asks once more, and return his account; the transaction of reading is over then.

    Raises
    ------
    Problem
        401 when the password is wrong, 429 when too many were tried.
    """
    account = own_account(work)
    login, kept = account.login, account.password_hash
    work.session.expunge(account)
    work.session.rollback()
    with attempt(work.core, login, address_of(work.request)):
        if not fits(password, kept):
            raise wrong_credentials()
    return account
