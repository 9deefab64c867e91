"""The way in: setting up, signing in with two factors, signing out."""

from __future__ import annotations

from textwrap import wrap
from typing import Annotated

import pyotp
import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session, select

from matcher.errors import Fault
from matcher.roster import OrganisationType
from matcher.texts import text
from service.access import second_factor
from service.access.cookies import check_protected, drop_cookie
from service.access.enrolment import confirm_enrolment
from service.access.identify import identify
from service.access.own import own_account
from service.access.sessions import end_present
from service.access.set_up import FirstSteps, set_up
from service.access.sign_in import Arrival, arrive, show_code, sign_in
from service.access.words import Login, Name
from service.audit import append_audit
from service.core import Core
from service.errors import Problem
from service.pages.shell import bare_page, faults_by_place, go, own_address, page
from service.tables.access import Account
from service.tables.areas import AreaKind
from service.viewer import PERSONAL_ROLES
from service.work import Reading, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

Word = Annotated[str, Form(max_length=300)]
_AFTER = {Arrival.SIGNED_IN: "/", Arrival.CODE_NEEDED: "/sign-in/code", Arrival.ENROLMENT_NEEDED: "/second-factor"}


@router.get("/")
def first_page(request: Request) -> Response:
    """Lead to the rounds, those who take part to their own page, or to the door."""
    core: Core = request.app.state.core
    with core.database.reading() as session:
        viewer = identify(request, session)
        is_empty = session.exec(select(Account.id).limit(1)).first() is None
    if viewer is None:
        return bare_page(request, "not_set_up") if is_empty else go("/sign-in")
    takes_part_only = bool(viewer.held) and viewer.roles <= PERSONAL_ROLES
    return go("/mine" if viewer.link_id is not None or takes_part_only else "/rounds")


@router.get("/sign-in")
def door(request: Request, back: str = "/") -> Response:
    """Show where to sign in."""
    return bare_page(request, "sign_in", login="", back=own_address(back), faults={}, problem=None)


@router.post("/sign-in")
def come_in(request: Request, login: Word, password: Word, back: Word = "/") -> Response:
    """Sign in with a password, and go on to the second factor."""
    core: Core = request.app.state.core
    answer = go(own_address(back))
    try:
        check_protected(request, core.settings)
        state = sign_in(request, answer, core, login, password)
    except Problem as problem:
        return bare_page(
            request, "sign_in", status=problem.status, login=login, back=own_address(back), faults={}, problem=problem
        )
    if state is not Arrival.SIGNED_IN:
        answer.headers["location"] = _AFTER[state]
    return answer


@router.get("/sign-in/code")
def ask_code(work: Reading) -> Response:
    """Ask for a code of the second factor; lead to its setting up where there is none."""
    if own_account(work).totp_confirmed_at is None:
        return go("/second-factor")
    return page(work, "code", problem=None)


@router.post("/sign-in/code")
def take_code(work: Reading, code: Word) -> Response:
    """Take a code, or a recovery code."""
    account_id = own_account(work).id
    work.session.rollback()
    answer = go("/")
    try:
        show_code(work.request, answer, work.core, account_id, code.strip())
    except Problem as problem:
        return page(work, "code", status=problem.status, problem=problem)
    return answer


@router.post("/sign-out")
def leave(work: Writing) -> Response:
    """End the session of this browser."""
    answer = go("/sign-in")
    end_present(work.request, work.session, work.core.settings)
    drop_cookie(work.request, answer, work.core.settings)
    append_audit(work.session, work.core.vault, actor=work.viewer.actor, action="sign_out", area_id=None)
    return answer


@router.get("/set-up/{secret}")
def first_steps(request: Request, secret: str) -> Response:
    """Show the form of the first start."""
    return bare_page(request, "set_up", secret=secret, given={}, faults={}, problem=None)


@router.post("/set-up/{secret}")
def take_first_steps(
    request: Request,
    secret: str,
    scope: Word,
    organisation: Word,
    name: Word,
    login: Word,
    password: Word,
    again: Word,
) -> Response:
    """Make the first area and the first administrator, and sign him in."""
    core: Core = request.app.state.core
    given = {"scope": scope, "organisation": organisation, "name": name, "login": login}
    faults = _faults_of_steps(organisation, name, login, password, again)
    kind = AreaKind.MUNICIPALITY if scope == "municipality" else AreaKind.ORGANISATION
    try:
        check_protected(request, core.settings)
        if faults:
            raise Problem(422, "wrong-input", text("The input is wrong."), faults=faults)
        steps = FirstSteps(
            areas=((kind, "1", organisation.strip()),),
            organisation_type=OrganisationType.GENERAL_SCHOOL,
            time_zone=core.settings.time_zone,
            login=login.strip(),
            name=name.strip(),
            password=password,
        )
        made = set_up(core, secret, steps)
    except Problem as problem:
        return bare_page(
            request, "set_up", status=problem.status, secret=secret, given=given, problem=problem,
            faults=faults_by_place(problem.faults),
        )  # fmt: skip
    answer = go("/")
    with core.database.writing() as session:
        state = arrive(request, answer, session, core, session.get_one(Account, made.id))
    answer.headers["location"] = _AFTER[state]
    return answer


def _faults_of_steps(organisation: str, name: str, login: str, password: str, again: str) -> list[Fault]:
    faults = []
    for place, value, kind in (("organisation", organisation, Name), ("name", name, Name), ("login", login, Login)):
        try:
            TypeAdapter(kind).validate_python(value)
        except ValidationError:
            faults.append(Fault(place, text("this value does not fit")))
    if password != again:
        faults.append(Fault("again", text("the two passwords differ")))
    return faults


@router.get("/second-factor")
def explain_second_factor(work: Reading) -> Response:
    """Say what the second factor is, and offer to set it up."""
    return page(work, "second_factor", factor=None, codes=None, problem=None)


@router.post("/second-factor")
def begin_second_factor(work: Reading) -> Response:
    """Show the picture of a new second factor to somebody who has none; it counts once a code of it is shown."""
    account_id = own_account(work).id
    work.session.rollback()
    with work.core.database.writing() as session:
        mine = session.get_one(Account, account_id)
        if mine.totp_confirmed_at is not None:
            return go("/")
        factor = second_factor.begin(work.core.vault, mine)
        session.add(mine)
        _write_down(session, work, account_id, "second_factor.begin")
    return page(work, "second_factor", factor=shown_factor(factor), codes=None, problem=None)


@router.post("/second-factor/confirm")
def confirm_second_factor(work: Reading, code: Word) -> Response:
    """Take the first code; show the recovery codes, which are shown only now."""
    account_id = own_account(work).id
    work.session.rollback()
    answer = go("/")
    try:
        codes = confirm_enrolment(work.request, answer, work.core, account_id, code)
    except Problem as problem:
        with work.core.database.reading() as session:
            factor = second_factor.begun(work.core.vault, session.get_one(Account, account_id))
        picture = None if factor is None else shown_factor(factor)
        return page(work, "second_factor", status=problem.status, factor=picture, codes=None, problem=problem)
    shown = page(work, "second_factor", factor=None, codes=codes, problem=None)
    shown.headers["set-cookie"] = answer.headers["set-cookie"]
    return shown


def shown_factor(factor: pyotp.TOTP) -> dict[str, str]:
    """Return a second factor as it is shown: its letters, and the picture for the telephone."""
    picture = segno.make(factor.provisioning_uri(), error="m").svg_inline(scale=4)
    return {"secret": " ".join(wrap(factor.secret, 4)), "picture": picture}


def _write_down(session: Session, work: Reading, account_id: str, action: str) -> None:
    actor = f"account:{account_id}"
    append_audit(session, work.core.vault, actor=actor, action=action, area_id=None, subjects=[account_id])
