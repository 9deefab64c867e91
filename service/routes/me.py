"""One's own account: who I am, my sessions, my password, my second factor."""

from __future__ import annotations

from datetime import datetime

import segno
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.texts import text
from service.access import second_factor
from service.access.enrolment import confirm_enrolment
from service.access.invitations import set_password
from service.access.own import check_password, own_account
from service.access.passwords import faults_of, hash_password
from service.access.second_factor import num_recovery_codes
from service.access.sessions import open_session, present, public_id, sessions_of
from service.access.sign_in import address_of, attempt, wrong_code
from service.access.words import OneTimeCode, Password
from service.audit import append_audit
from service.core import Core
from service.errors import not_found, wrong_input
from service.routes.answers import READ, problems
from service.tables.access import Account, Role
from service.tables.areas import Area
from service.work import Reading, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["own account"])


class OwnRole(BaseModel):
    """A role the asker holds."""

    role: Role
    area: str
    area_name: str
    person: str | None


class Me(BaseModel):
    """Who asks. ``state`` says whether the second factor is still to be shown or set up."""

    actor: str
    account: str | None
    login: str | None
    name: str | None
    half: bool
    second_factor: bool
    recovery_codes_left: int
    roles: list[OwnRole]


class OwnSession(BaseModel):
    """A browser that is signed in; ``this`` marks the one that asks."""

    id: str
    since: datetime
    seen_at: datetime
    expires_at: datetime
    client: str
    this: bool


class OwnSessions(BaseModel):
    """All browsers that are signed in."""

    items: list[OwnSession]


class PasswordChange(BaseModel):
    """The present password and the new one."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    new_password: Password


class Enrolment(BaseModel):
    """The password once more, and a present code where there is a second factor already."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    code: OneTimeCode | None = None


class NewFactor(BaseModel):
    """A second factor to take into an application: as a picture, an address, or letters to type."""

    secret: str
    uri: str
    qr_svg: str


class Confirmation(BaseModel):
    """A code of the new second factor."""

    model_config = ConfigDict(extra="forbid")

    code: OneTimeCode


class RecoveryCodes(BaseModel):
    """Codes that stand in for the second factor, once each; they are shown only now."""

    codes: list[str]


@router.get("/api/v1/me", responses=problems())
def who_am_i(work: Reading) -> Me:
    """Return who asks and what roles he holds."""
    viewer = work.viewer
    account = None if viewer.account_id is None else work.session.get(Account, viewer.account_id)
    ids = {one.area_id for one in viewer.held}
    names = dict(work.session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids))).all())
    return Me(
        actor=viewer.actor,
        account=viewer.account_id,
        login=None if account is None else account.login,
        name=None if account is None else account.name,
        half=viewer.half,
        second_factor=account is not None and account.totp_confirmed_at is not None,
        recovery_codes_left=0 if account is None else num_recovery_codes(work.session, account),
        roles=[
            OwnRole(role=one.role, area=one.area_id, area_name=names[one.area_id], person=one.person_id)
            for one in viewer.held
        ],
    )


@router.get("/api/v1/me/sessions", responses=problems())
def my_sessions(work: Reading) -> OwnSessions:
    """Return the browsers in which one's account is signed in."""
    account = own_account(work)
    this = present(work.request, work.session, work.core.settings)
    found = sessions_of(work.session, work.core.settings, account.id)
    return OwnSessions(
        items=[
            OwnSession(
                id=public_id(row),
                since=row.created_at,
                seen_at=row.seen_at,
                expires_at=row.expires_at,
                client=row.client,
                this=row is this,
            )
            for row in found
        ]
    )


@router.delete("/api/v1/me/sessions/{session_id}", status_code=204, responses=READ)
def end_my_session(work: Writing, session_id: str) -> None:
    """Sign one browser out."""
    account = own_account(work)
    for row in sessions_of(work.session, work.core.settings, account.id):
        if public_id(row) == session_id:
            work.session.delete(row)
            _write_down(work.session, work.core, account.id, "session.end")
            return
    raise not_found()


@router.post("/api/v1/me/password", status_code=204, responses=problems(409, 415, 429))
def change_my_password(work: Reading, response: Response, body: PasswordChange) -> None:
    """Change one's password; all other sessions end, and this one gets a new cookie."""
    account = check_password(work, body.password)
    faults = faults_of(body.new_password, account.login, "new_password")
    if body.new_password == body.password:
        faults.append(Fault("new_password", text("this is the present password")))
    if faults:
        raise wrong_input(faults)
    kept = hash_password(body.new_password)
    with work.core.database.writing() as session:
        mine = session.get_one(Account, account.id)
        set_password(session, work.core, mine, kept, actor=work.viewer.actor, action="password.change")
        _open_again(work, response, session, account.id)


@router.post("/api/v1/me/second-factor", responses=problems(409, 415, 429))
def begin_second_factor(work: Reading, body: Enrolment) -> NewFactor:
    """Begin to set up a second factor; it counts once a code of it has been shown.

    Whoever has one already shows a code of it too, or a recovery code.
    """
    account = check_password(work, body.password)
    with attempt(work.core, f"code:{account.id}", address_of(work.request)), work.core.database.writing() as session:
        mine = session.get_one(Account, account.id)
        if mine.totp_confirmed_at is not None and not second_factor.accept(
            session, work.core.vault, mine, body.code or ""
        ):
            raise wrong_code()
        factor = second_factor.begin(work.core.vault, mine)
        session.add(mine)
        _write_down(session, work.core, account.id, "second_factor.begin")
    uri = factor.provisioning_uri()
    return NewFactor(secret=factor.secret, uri=uri, qr_svg=segno.make(uri, error="m").svg_inline(scale=4))


@router.post("/api/v1/me/second-factor/confirm", responses=problems(409, 415, 429))
def confirm_second_factor(work: Reading, response: Response, body: Confirmation) -> RecoveryCodes:
    """Show the first code of a new second factor; the answer has the recovery codes, which are shown only now."""
    account_id = own_account(work).id
    work.session.rollback()
    codes = confirm_enrolment(work.request, response, work.core, account_id, body.code)
    return RecoveryCodes(codes=codes)


@router.post("/api/v1/me/recovery-codes", responses=problems(409, 415, 429))
def renew_recovery_codes(work: Reading, body: Enrolment) -> RecoveryCodes:
    """Make new recovery codes; the old ones work no more."""
    account = check_password(work, body.password)
    with attempt(work.core, f"code:{account.id}", address_of(work.request)), work.core.database.writing() as session:
        mine = session.get_one(Account, account.id)
        if not second_factor.accept(session, work.core.vault, mine, body.code or ""):
            raise wrong_code()
        codes = second_factor.new_recovery_codes(session, mine)
        _write_down(session, work.core, account.id, "second_factor.recovery_codes")
    return RecoveryCodes(codes=codes)


def _open_again(work: Reading, response: Response, session: Session, account_id: str) -> None:
    """Give the browser that asks a new session."""
    shown = session.get_one(Account, account_id).totp_confirmed_at is not None
    settings = work.core.settings
    open_session(work.request, response, session, settings, account_id=account_id, second_factor=shown)


def _write_down(session: Session, core: Core, account_id: str, action: str) -> None:
    actor = f"account:{account_id}"
    append_audit(session, core.vault, actor=actor, action=action, area_id=None, subjects=[account_id])
