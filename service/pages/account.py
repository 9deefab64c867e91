"""One's own account: the password, the second factor, recovery codes, and where one is signed in."""

from __future__ import annotations

from typing import Annotated, Any

import pyotp
from fastapi import APIRouter, Form, Path, Response
from pydantic import TypeAdapter, ValidationError

from matcher.errors import Fault
from matcher.texts import text
from service.access.own import own_account
from service.access.second_factor import num_recovery_codes
from service.access.words import OneTimeCode
from service.errors import Problem, wrong_input
from service.pages.front import shown_factor
from service.pages.shell import faults_by_place, go, page
from service.routes import me
from service.tables.access import Account
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

Word = Annotated[str, Form(max_length=300)]
SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


@router.get("/account")
def show(work: Reading, done: str = "") -> Response:
    """Show one's own account."""
    return _page(work, done=done if done in ("password", "session", "others") else "")


@router.post("/account/password")
def change_password(work: Reading, password: Word, new_password: Word, again: Word) -> Response:
    """Change the password; every other browser is signed out."""
    answer = go("/account?done=password")
    try:
        if new_password != again:
            raise wrong_input([Fault("again", text("the two passwords differ"))])
        me.change_my_password(work, answer, me.PasswordChange(password=password, new_password=new_password))
    except Problem as problem:
        return _page(work, problem=problem, form="password")
    return answer


@router.post("/account/second-factor")
def new_factor(work: Reading, password: Word, code: Word = "") -> Response:
    """Show a new second factor; it counts once a code of it is shown, and the old one until then."""
    try:
        made = me.begin_second_factor(work, me.Enrolment(password=password, code=_code(code)))
    except Problem as problem:
        return _page(work, problem=problem, form="factor")
    factor = pyotp.parse_uri(made.uri)
    assert isinstance(factor, pyotp.TOTP)
    return page(work, "second_factor", factor=shown_factor(factor), codes=None, problem=None)


@router.post("/account/recovery-codes")
def new_codes(work: Reading, password: Word, code: Word) -> Response:
    """Show new recovery codes; the old ones work no more."""
    try:
        made = me.renew_recovery_codes(work, me.Enrolment(password=password, code=_code(code)))
    except Problem as problem:
        return _page(work, problem=problem, form="codes")
    return page(work, "second_factor", factor=None, codes=made.codes, problem=None)


@router.post("/account/sessions/{session_id}/end")
def end_session(work: Writing, session_id: SessionId) -> Response:
    """Sign one browser out."""
    me.end_my_session(work, session_id)
    return go("/account?done=session")


@router.post("/account/sessions/end")
def end_other_sessions(work: Writing) -> Response:
    """Sign every other browser out."""
    for one in me.my_sessions(work).items:
        if not one.this:
            me.end_my_session(work, one.id)
    return go("/account?done=others")


def _code(word: str) -> str | None:
    """Return a code as it was typed, without blanks.

    Raises
    ------
    Problem
        422 where it is no code at all.
    """
    code = word.replace(" ", "")
    if not code:
        return None
    try:
        return str(TypeAdapter(OneTimeCode).validate_python(code))
    except ValidationError:
        raise wrong_input([Fault("code", text("this value does not fit"))]) from None


def _page(work: Work, *, problem: Problem | None = None, form: str = "", **given: Any) -> Response:
    """Return the page, with what was wrong in one of its forms."""
    account = own_account(work)
    here = work.session.get_one(Account, account.id)
    return page(
        work,
        "account",
        status=200 if problem is None else problem.status,
        login=here.login,
        name=here.name,
        has_factor=here.totp_confirmed_at is not None,
        has_password=here.password_hash is not None,
        codes_left=num_recovery_codes(work.session, here),
        sessions=me.my_sessions(work).items,
        problem=problem,
        form=form,
        faults={} if problem is None else faults_by_place(problem.faults),
        **{"done": "", **given},
    )
