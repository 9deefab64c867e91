"""Who may come in and what each may do: accounts, roles, invitations, ended sessions, lost second factors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.texts import text
from service.access import accounts
from service.access.granting import account_of, check_manages, may_give, read_granting
from service.access.invitations import invite
from service.access.sessions import end_sessions, sessions_of
from service.access.set_up import public_address
from service.errors import Problem, not_found, wrong_input
from service.pages.acting import attempt, word
from service.pages.role_words import ROLE_DUTIES, ROLE_WORDS
from service.pages.shell import faults_by_place, go, page
from service.pages.upload_form import Sent
from service.records.shapes import Id
from service.routes.accounts import AccountOut, NewAccount, list_accounts, read_account
from service.tables.access import Account, Role
from service.tables.areas import Area
from service.viewer import PERSONAL_ROLES, in_areas
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

PER_PAGE = 50
SEES_PEOPLE = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR, Role.HEAD})


@router.get("/people")
def people(work: Reading, role: Role | None = None, after: Annotated[Id | None, Query()] = None) -> Response:
    """Show who may come in, and the form to invite somebody."""
    return _people(work, {"role": "" if role is None else str(role)}, after=after)


def _people(
    work: Work,
    given: dict[str, str],
    *,
    after: str | None = None,
    problem: Problem | None = None,
    invited: tuple[str, str, datetime] | None = None,
) -> Response:
    found = list_accounts(work, None, None, PER_PAGE, after)
    return page(
        work,
        "people",
        status=200 if problem is None else problem.status,
        accounts=found.items,
        following=found.next,
        areas=_areas(work),
        area_names=_area_names(work, found.items),
        roles_to_give=[one for one in _to_give(work) if one not in PERSONAL_ROLES],
        role_words=ROLE_WORDS,
        role_duties=ROLE_DUTIES,
        sees_people=bool(work.viewer.roles & SEES_PEOPLE),
        given={"login": "", "name": "", "role": "", "area": "", **given},
        invited=invited,
        problem=problem,
        faults={} if problem is None else faults_by_place(problem.faults),
    )


def _to_give(work: Work) -> list[Role]:
    table = read_granting()
    found = {role for held in work.viewer.roles for role in table.get(held, frozenset())}
    return [role for role in Role if role in found]


def _areas(work: Work) -> list[Area]:
    asked = select(Area).where(in_areas(Area.id, work.viewer)).order_by(col(Area.path))
    return sorted(work.session.exec(asked), key=lambda one: (one.path.count("/"), one.name))


def _area_names(work: Work, shown: list[AccountOut]) -> dict[str, str]:
    ids = {role.area for one in shown for role in one.roles}
    return dict(work.session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids))).all())


@router.post("/people")
def invite_somebody(work: Reading, form: Sent) -> Response:
    """Make an account and show the link with which its owner sets his own password."""
    given = {name: word(form, name) for name in ("login", "name", "role", "area")}
    made: list[tuple[str, str, datetime]] = []

    def act(inner: Work) -> None:
        try:
            body = NewAccount.model_validate({name: value for name, value in given.items() if value})
        except ValidationError as error:
            faults = [Fault(str(one["loc"][0]), text("this does not fit or is missing")) for one in error.errors()]
            raise wrong_input(faults) from None
        account, secret, ends = accounts.make_account(
            inner.session,
            inner.core,
            inner.viewer,
            login=body.login,
            name=body.name,
            role=body.role,
            area_id=body.area,
            person_id=None,
        )
        made.append((account.name or account.login, _link(inner, secret), ends))

    problem = attempt(work, act)
    if problem is not None:
        return _people(work, given, problem=problem)
    return _people(work, {}, invited=made[0])


def _link(work: Work, secret: str) -> str:
    return f"{public_address(work.core.settings)}/invitation/{secret}"


@router.get("/people/accounts/{account_id}")
def account(work: Reading, account_id: Id) -> Response:
    """Show one account: its roles, its sessions, what may be done with it."""
    return _account(work, account_id)


def _account(
    work: Work, account_id: str, problem: Problem | None = None, invited: tuple[str, str, datetime] | None = None
) -> Response:
    shown = read_account(work, Response(), account_id)
    areas = {one.id: one for one in _areas(work)}
    row = work.session.get_one(Account, account_id)
    return page(
        work,
        "account_card",
        status=200 if problem is None else problem.status,
        account=shown,
        area_names=_area_names(work, [shown]),
        sessions=len(sessions_of(work.session, work.core.settings, account_id)),
        is_own=account_id == work.viewer.account_id,
        is_managed=_is_managed(work, row),
        may_take={
            one.id: one.area in areas and may_give(work.viewer, one.role, areas[one.area].path) for one in shown.roles
        },
        areas=list(areas.values()),
        roles_to_give=[one for one in _to_give(work) if one not in PERSONAL_ROLES],
        role_words=ROLE_WORDS,
        role_duties=ROLE_DUTIES,
        invited=invited,
        problem=problem,
    )


def _is_managed(work: Work, account: Account) -> bool:
    try:
        check_manages(work.session, work.viewer, account)
    except Problem:
        return False
    return True


@router.post("/people/accounts/{account_id}/{what}")
def change(work: Reading, account_id: Id, what: str, form: Sent) -> Response:
    """Change an account: its roles, its way in, its sessions."""
    if what not in _CHANGES:
        raise not_found()
    told: list[tuple[str, str, datetime]] = []

    def act(inner: Work) -> None:
        account = account_of(inner.session, inner.viewer, account_id)
        secret = _CHANGES[what](inner, account, form)
        if secret is not None:
            told.append((account.name or account.login, _link(inner, secret[0]), secret[1]))

    problem = attempt(work, act)
    if problem is None and not told:
        return go(f"/people/accounts/{account_id}")
    return _account(work, account_id, problem, told[0] if told else None)


_Secret = tuple[str, datetime] | None


def _give(work: Work, account: Account, form: Sent) -> _Secret:
    role = word(form, "role")
    if role not in set(Role):
        raise wrong_input([Fault("role", text("this has to be given"))])
    accounts.give_role(
        work.session,
        work.core,
        work.viewer,
        account,
        role=Role(role),
        area_id=word(form, "area"),
        person_id=None,
        ends_at=None,
    )
    return None


def _take(work: Work, account: Account, form: Sent) -> _Secret:
    accounts.take_role(work.session, work.core, work.viewer, account, word(form, "grant"))
    return None


def _invite(work: Work, account: Account, form: Sent) -> _Secret:
    check_manages(work.session, work.viewer, account)
    found = invite(work.session, account, work.viewer.actor)
    accounts.write_down(work.session, work.core, work.viewer, "account.invite", account)
    return found


def _end_sessions(work: Work, account: Account, form: Sent) -> _Secret:
    check_manages(work.session, work.viewer, account)
    end_sessions(work.session, account_id=account.id)
    accounts.write_down(work.session, work.core, work.viewer, "account.sessions_end", account)
    return None


def _reset(work: Work, account: Account, form: Sent) -> _Secret:
    accounts.reset_second_factor(work.session, work.core, work.viewer, account)
    return None


def _stop(work: Work, account: Account, form: Sent) -> _Secret:
    check_manages(work.session, work.viewer, account)
    accounts.disable(work.session, work.core, work.viewer, account, disabled=word(form, "disabled") == "1")
    account.version += 1
    work.session.add(account)
    return None


_CHANGES: dict[str, Callable[[Work, Account, Sent], _Secret]] = {
    "role": _give,
    "role-end": _take,
    "invitation": _invite,
    "sessions-end": _end_sessions,
    "second-factor-end": _reset,
    "stop": _stop,
}
