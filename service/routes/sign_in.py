"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from service.access.cookies import check_protected, drop_cookie
from service.access.invitations import take_up
from service.access.own import own_account
from service.access.sessions import end_present, end_sessions
from service.access.sign_in import Arrival, arrive, show_code, sign_in
from service.access.words import Login, OneTimeCode, Password, Secret
from service.audit import append_audit
from service.core import Core
from service.routes.answers import problems
from service.tables.access import Account
from service.work import Reading, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["signing in"])


class Credentials(BaseModel):
    """A login and its password."""

    model_config = ConfigDict(extra="forbid")

    login: Login
    password: Password


class CodeShown(BaseModel):
    """A code of the second factor, or a recovery code."""

    model_config = ConfigDict(extra="forbid")

    code: OneTimeCode


class InvitationTaken(BaseModel):
    """The secret of an invitation and the password its receiver chooses."""

    model_config = ConfigDict(extra="forbid")

    secret: Secret
    password: Password


class SignedIn(BaseModel):
    """How far the sign-in is: done, a code is needed, or the second factor has to be set up."""

    state: Arrival


@router.post("/api/v1/sign-in", responses=problems(415, 429))
def sign_in_with_password(request: Request, response: Response, body: Credentials) -> SignedIn:
    """Sign in with a password; the answer sets the cookie of the session."""
    core: Core = request.app.state.core
    check_protected(request, core.settings)
    return SignedIn(state=sign_in(request, response, core, body.login, body.password))


@router.post("/api/v1/sign-in/code", responses=problems(415, 429))
def show_second_factor(work: Reading, response: Response, body: CodeShown) -> SignedIn:
    """Show the second factor: a code, or a recovery code, which then works no more."""
    account_id = own_account(work).id
    work.session.rollback()
    show_code(work.request, response, work.core, account_id, body.code)
    return SignedIn(state=Arrival.SIGNED_IN)


@router.post("/api/v1/invitation", responses=problems(404, 415, 429))
def take_up_invitation(request: Request, response: Response, body: InvitationTaken) -> SignedIn:
    """Set one's own password with an invitation, and sign in."""
    core: Core = request.app.state.core
    check_protected(request, core.settings)
    account = take_up(core, body.secret, body.password)
    with core.database.writing() as session:
        state = arrive(request, response, session, core, session.get_one(Account, account.id))
    return SignedIn(state=state)


@router.post("/api/v1/sign-out", status_code=204, responses=problems(415))
def sign_out(work: Writing, response: Response) -> None:
    """End this session."""
    end_present(work.request, work.session, work.core.settings)
    drop_cookie(work.request, response, work.core.settings)
    append_audit(work.session, work.core.vault, actor=work.viewer.actor, action="sign_out", area_id=None)


@router.post("/api/v1/sign-out-everywhere", status_code=204, responses=problems(415))
def sign_out_everywhere(work: Writing, response: Response) -> None:
    """End all sessions of one's account."""
    account = own_account(work)
    end_sessions(work.session, account_id=account.id)
    drop_cookie(work.request, response, work.core.settings)
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action="sign_out.everywhere",
        area_id=None,
        subjects=[account.id],
    )
