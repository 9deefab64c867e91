"""Making a new second factor count."""

from __future__ import annotations

from fastapi import Request, Response

from matcher.errors import Fault
from matcher.texts import text
from service.access import second_factor
from service.access.sessions import end_sessions, open_session
from service.access.sign_in import address_of, attempt, wrong_code
from service.audit import append_audit
from service.core import Core
from service.errors import refused
from service.tables.access import Account


def confirm_enrolment(request: Request, response: Response, core: Core, account_id: str, code: str) -> list[str]:
    """Make the second factor that is being set up count, end all sessions, open a new one; return the recovery codes.

    Raises
    ------
    Problem
        401 when the code is not of it, 409 when none is being set up, 429 when too many codes were tried.
    """
    with attempt(core, f"code:{account_id}", address_of(request)), core.database.writing() as session:
        mine = session.get_one(Account, account_id)
        if mine.sealed_next_totp is None:
            raise refused([Fault("second-factor", text("no second factor is being set up"))])
        codes = second_factor.confirm(session, core.vault, mine, code)
        if codes is None:
            raise wrong_code()
        mine.version += 1
        session.add(mine)
        end_sessions(session, account_id=account_id)
        open_session(request, response, session, core.settings, account_id=account_id, second_factor=True)
        actor = f"account:{account_id}"
        append_audit(session, core.vault, actor=actor, action="second_factor.set", area_id=None, subjects=[account_id])
    return codes
