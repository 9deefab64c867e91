"""The page behind an invitation: its receiver sets his own password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from matcher.errors import Fault
from matcher.texts import Lang, say, text
from service.access.cookies import check_protected
from service.access.invitations import invited, take_up
from service.access.sign_in import Arrival, arrive
from service.core import Core
from service.errors import Problem, language_of
from service.tables.access import Account
from service.web.plain_pages import plain_page

router = APIRouter(tags=["page"], include_in_schema=False)

_TITLE = text("Choose your password")
_WORDS = {
    "login": text("Your login"),
    "password": text("Password"),
    "advice": text("Eight characters or more; several words in a row are easy to remember."),
    "go_on": text("Go on"),
}
_AFTER = {Arrival.SIGNED_IN: "/", Arrival.CODE_NEEDED: "/sign-in/code", Arrival.ENROLMENT_NEEDED: "/second-factor"}


@router.get("/invitation/{secret}")
def show_invitation(request: Request, secret: str) -> Response:
    """Show the form of an invitation."""
    core: Core = request.app.state.core
    lang = language_of(request)
    login = _login(core, secret)
    return _ended(lang) if login is None else _form(lang, login, 200, [])


@router.post("/invitation/{secret}")
def take_invitation(request: Request, secret: str, password: Annotated[str, Form(max_length=600)] = "") -> Response:
    """Set one's own password and go on to the second factor."""
    core: Core = request.app.state.core
    check_protected(request, core.settings)
    lang = language_of(request)
    login = _login(core, secret)
    if login is None:
        return _ended(lang)
    try:
        account_id = take_up(core, secret, password).id
    except Problem as problem:
        faults = list(problem.faults) or [Fault("", problem.title)]
        return _form(lang, login, problem.status, [_spoken(fault, lang) for fault in faults])
    answer = RedirectResponse("/", 303)
    with core.database.writing() as session:
        state = arrive(request, answer, session, core, session.get_one(Account, account_id))
    answer.headers["location"] = _AFTER[state]
    return answer


def _login(core: Core, secret: str) -> str | None:
    with core.database.reading() as session:
        try:
            return invited(session, secret)[1].login
        except Problem:
            return None


def _form(lang: Lang, login: str, status: int, faults: list[str]) -> HTMLResponse:
    return plain_page("invitation", lang, _TITLE, words=_WORDS, status=status, login=login, faults=faults)


def _ended(lang: Lang) -> HTMLResponse:
    message = text("This invitation works no more. Ask whoever sent it for a new one.")
    return plain_page("said", lang, _TITLE, status=404, message=say(message, lang))


def _spoken(fault: Fault, lang: Lang) -> str:
    cure = "" if fault.cure is None else f" ({say(fault.cure, lang)})"
    sentence = say(fault.message, lang)
    return f"{sentence[:1].upper()}{sentence[1:]}{cure}"
