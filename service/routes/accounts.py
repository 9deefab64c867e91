"""Accounts of others and the roles they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from service.access import accounts
from service.access.granting import account_of, check_manages, read_granting
from service.access.invitations import invite
from service.access.set_up import public_address
from service.access.words import DirectorySubject, Login, Name, RowId
from service.routes.answers import EDIT, READ, WRITE, Limit, problems
from service.tables.access import Account, Grant, Role
from service.tables.areas import Area
from service.tables.columns import now
from service.viewer import Viewer, area_of, in_areas
from service.work import Reading, Work, WorkRoute, Writing, etag

router = APIRouter(route_class=WorkRoute, tags=["accounts"])


class GrantOut(BaseModel):
    """A role an account holds in an area, and in all below it."""

    id: str
    role: Role
    area: str
    person: str | None
    ends_at: datetime | None


class AccountOut(BaseModel):
    """An account. ``roles`` are those in the areas of the asker."""

    id: str
    login: str
    name: str
    disabled: bool
    has_password: bool
    second_factor: bool
    roles: list[GrantOut]
    version: int


class AccountPage(BaseModel):
    """A page of accounts."""

    items: list[AccountOut]
    next: str | None


class NewGrant(BaseModel):
    """A role to give. ``person`` is named for mentors, mentees and their representatives only."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    area: RowId
    person: RowId | None = None
    ends_at: AwareDatetime | None = None


class NewAccount(BaseModel):
    """Somebody who is to sign in, and his first role."""

    model_config = ConfigDict(extra="forbid")

    login: Login
    name: Name
    role: Role
    area: RowId
    person: RowId | None = None


class AccountChange(BaseModel):
    """What changes of an account; what is left out stays.

    ``directory_subject`` is whom the municipality's directory calls the owner; empty: he signs in without it.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    disabled: bool | None = None
    directory_subject: DirectorySubject | None = None


class InvitationOut(BaseModel):
    """A link with which somebody sets his own password; it is shown only now and works once."""

    account: str
    link: str
    expires_at: datetime


class Giving(BaseModel):
    """The roles the asker may give."""

    roles: list[Role]


@router.get("/api/v1/roles", responses=problems())
def roles_to_give(work: Reading) -> Giving:
    """Return the roles the asker may give in his areas."""
    table = read_granting()
    found = {role for held in work.viewer.roles for role in table.get(held, frozenset())}
    return Giving(roles=sorted(found))


@router.post("/api/v1/accounts", status_code=201, responses=WRITE)
def make_account(work: Writing, response: Response, body: NewAccount) -> InvitationOut:
    """Make an account with its first role; the answer has the link with which its owner sets his own password."""
    account, secret, ends = accounts.make_account(
        work.session,
        work.core,
        work.viewer,
        login=body.login,
        name=body.name,
        role=body.role,
        area_id=body.area,
        person_id=body.person,
    )
    response.headers["Location"] = f"/api/v1/accounts/{account.id}"
    return _invitation(work, account, secret, ends)


@router.get("/api/v1/accounts", responses=READ)
def list_accounts(
    work: Reading,
    area: Annotated[RowId | None, Query(description="only accounts with a role in this area or below")] = None,
    role: Annotated[Role | None, Query(description="only accounts with this role")] = None,
    limit: Limit = 50,
    after: Annotated[RowId | None, Query(description="`next` of the page before")] = None,
) -> AccountPage:
    """Return the accounts with a role, now or once, in the asker's areas."""
    wanted = select(Grant.account_id).where(in_areas(Grant.area_id, work.viewer))
    if area is not None:
        below = col(Area.path).startswith(area_of(work.session, work.viewer, area).path, autoescape=True)
        wanted = wanted.where(col(Grant.area_id).in_(select(Area.id).where(below)))
    if role is not None:
        wanted = wanted.where(Grant.role == role, _runs())
    asked = select(Account).where(col(Account.id).in_(wanted)).order_by(Account.id).limit(limit + 1)
    if after is not None:
        asked = asked.where(Account.id > after)
    found = work.session.exec(asked).all()
    page = found[:limit]
    items = _shown(work.session, work.viewer, page)
    return AccountPage(items=items, next=page[-1].id if len(found) > limit else None)


@router.get("/api/v1/accounts/{account_id}", responses=READ)
def read_account(work: Reading, response: Response, account_id: str) -> AccountOut:
    """Return one account."""
    account = account_of(work.session, work.viewer, account_id)
    response.headers.update(etag(account.version))
    return _shown(work.session, work.viewer, [account])[0]


@router.patch("/api/v1/accounts/{account_id}", responses=EDIT)
def change_account(work: Writing, response: Response, account_id: str, body: AccountChange) -> AccountOut:
    """Rename an account, stop it (its sessions end at once), or let it in again."""
    account = account_of(work.session, work.viewer, account_id)
    work.expect(account.version)
    check_manages(work.session, work.viewer, account)
    if body.disabled is not None:
        accounts.disable(work.session, work.core, work.viewer, account, disabled=body.disabled)
    if body.name is not None:
        account.name = body.name
        accounts.write_down(work.session, work.core, work.viewer, "account.rename", account)
    if body.directory_subject is not None:
        accounts.tie_to_directory(work.session, work.core, work.viewer, account, body.directory_subject)
    account.version += 1
    work.session.add(account)
    work.session.flush()
    response.headers.update(etag(account.version))
    return _shown(work.session, work.viewer, [account])[0]


@router.post("/api/v1/accounts/{account_id}/invitation", status_code=201, responses=WRITE)
def invite_again(work: Writing, account_id: str) -> InvitationOut:
    """Make a new link with which its owner sets a new password; earlier links work no more."""
    account = account_of(work.session, work.viewer, account_id)
    check_manages(work.session, work.viewer, account)
    secret, ends = invite(work.session, account, work.viewer.actor)
    accounts.write_down(work.session, work.core, work.viewer, "account.invite", account)
    return _invitation(work, account, secret, ends)


@router.delete("/api/v1/accounts/{account_id}/second-factor", status_code=204, responses=WRITE)
def reset_second_factor(work: Writing, account_id: str) -> None:
    """Take away a second factor that was lost; its owner sets up a new one at the next sign-in."""
    account = account_of(work.session, work.viewer, account_id)
    accounts.reset_second_factor(work.session, work.core, work.viewer, account)


@router.post("/api/v1/accounts/{account_id}/roles", status_code=201, responses=WRITE)
def give_role(work: Writing, account_id: str, body: NewGrant) -> GrantOut:
    """Give an account a role in an area."""
    account = account_of(work.session, work.viewer, account_id)
    grant = accounts.give_role(
        work.session,
        work.core,
        work.viewer,
        account,
        role=body.role,
        area_id=body.area,
        person_id=body.person,
        ends_at=body.ends_at,
    )
    return _grant(grant)


@router.delete("/api/v1/accounts/{account_id}/roles/{grant_id}", status_code=204, responses=WRITE)
def take_role(work: Writing, account_id: str, grant_id: str) -> None:
    """Take a role away, at once."""
    account = account_of(work.session, work.viewer, account_id)
    accounts.take_role(work.session, work.core, work.viewer, account, grant_id)


def _invitation(work: Work, account: Account, secret: str, ends: datetime) -> InvitationOut:
    link = f"{public_address(work.core.settings)}/invitation/{secret}"
    return InvitationOut(account=account.id, link=link, expires_at=ends)


def _runs() -> ColumnElement[bool]:
    return or_(col(Grant.ends_at).is_(None), col(Grant.ends_at) > now())


def _shown(session: Session, viewer: Viewer, found: Sequence[Account]) -> list[AccountOut]:
    """Return accounts as they are sent, each with the roles the viewer may know of."""
    ids = [one.id for one in found]
    asked = select(Grant).where(col(Grant.account_id).in_(ids), in_areas(Grant.area_id, viewer), _runs())
    roles: dict[str, list[GrantOut]] = {}
    for grant in session.exec(asked.order_by(Grant.role, Grant.id)):
        roles.setdefault(grant.account_id, []).append(_grant(grant))
    return [
        AccountOut(
            id=one.id,
            login=one.login,
            name=one.name,
            disabled=one.disabled_at is not None,
            has_password=one.password_hash is not None,
            second_factor=one.totp_confirmed_at is not None,
            roles=roles.get(one.id, []),
            version=one.version,
        )
        for one in found
    ]


def _grant(grant: Grant) -> GrantOut:
    return GrantOut(
        id=grant.id, role=Role(grant.role), area=grant.area_id, person=grant.person_id, ends_at=grant.ends_at
    )
