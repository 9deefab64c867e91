"""``matcher user``: accounts and their rights, on the machine itself and without signing in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import t, tell
from matcher.errors import Fault, InputError
from matcher.texts import text
from service.cli.opening import DatabaseAddress, SettingsFile, open_for_command
from service.cli.standing import ACTOR, account_named, area_named, everything, role_named, told_as_input

if TYPE_CHECKING:
    from sqlmodel import Session

    from service.core import Core
    from service.tables.access import Account

Login = Annotated[str, typer.Argument(metavar="LOGIN", help=t(text("Login of the account.")))]
RoleWord = Annotated[str, typer.Option("--role", metavar="ROLE", help=t(text("A role, such as curator.")))]
AreaWord = Annotated[str, typer.Option("--area", metavar="AREA", help=t(text("Code or id of the area.")))]
PersonId = Annotated[
    str | None,
    typer.Option("--person", metavar="ID", help=t(text("Id of the person of the roster, for mentors and mentees."))),
]
ShownName = Annotated[str, typer.Option("--name", metavar="NAME", help=t(text("Name to show.")))]


def build_app() -> typer.Typer:
    """Return the command."""
    app = typer.Typer(no_args_is_help=True, help=t(text("Accounts and their rights.")))
    made = t(text("Make an account; prints the link with which its owner sets his own password."))
    app.command("add", help=made)(add)
    tied = t(text("Let an account sign in through the municipality's directory; an empty word ends that."))
    app.command("directory", help=tied)(tie_to_directory)
    app.command("list", help=t(text("List the accounts and their roles.")))(list_accounts)
    app.command("disable", help=t(text("Stop an account: it is out at once.")))(disable)
    app.command("enable", help=t(text("Let a stopped account in again.")))(enable)
    app.command("grant", help=t(text("Give an account a role in an area.")))(grant)
    app.command("revoke", help=t(text("Take a role away from an account.")))(revoke)
    app.command(
        "reset-password",
        help=t(text("Print a link with which a new password is set; the old one stops working.")),
    )(reset_password)
    app.command(
        "reset-second-factor",
        help=t(text("Take away a second factor that was lost; a new one is set up at the next sign-in.")),
    )(reset_second_factor)
    return app


def add(
    login: Login,
    role: RoleWord,
    area: AreaWord,
    name: ShownName = "",
    person: PersonId = None,
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
) -> None:
    """Make an account with its first role."""
    from service.access.accounts import make_account

    core = open_for_command(settings, database)
    with told_as_input(login), core.database.writing() as session:
        account, secret, ends = make_account(
            session,
            core,
            everything(),
            login=_proper(login),
            name=name or login,
            role=role_named(role),
            area_id=area_named(session, area).id,
            person_id=person,
        )
        shown = account.login
    _tell_link(core, shown, secret, ends)


def list_accounts(settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """List the accounts."""
    from sqlmodel import col, select

    from service.tables.access import Account

    core = open_for_command(settings, database)
    with core.database.reading() as session:
        found = session.exec(select(Account).order_by(col(Account.login))).all()
        if not found:
            tell(text("There are no accounts yet: start the service with matcher serve."))
        for account in found:
            typer.echo("  ".join([account.login, *_roles(session, account), *_states(account)]))


def disable(login: Login, settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """Stop an account."""
    _set_disabled(open_for_command(settings, database), login, disabled=True)
    tell(text("{login} is stopped.", login=login))


def enable(login: Login, settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """Let a stopped account in again."""
    _set_disabled(open_for_command(settings, database), login, disabled=False)
    tell(text("{login} may come in again.", login=login))


def tie_to_directory(
    login: Login,
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help=t(text("What the directory calls the owner (sub of its tokens).")))
    ],
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
) -> None:
    """Tie an account to a subject of the directory."""
    from service.access import accounts

    core = open_for_command(settings, database)
    word = _subject(subject)
    with told_as_input(login), core.database.writing() as session:
        account = account_named(session, login)
        accounts.tie_to_directory(session, core, everything(), account, word)
        account.version += 1
    said = text("{login} signs in through the directory.", login=login)
    tell(said if word else text("{login} no longer signs in through the directory.", login=login))


def grant(
    login: Login,
    role: RoleWord,
    area: AreaWord,
    person: PersonId = None,
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
) -> None:
    """Give an account a role."""
    from service.access.accounts import give_role

    core, word = open_for_command(settings, database), role_named(role)
    with told_as_input(login), core.database.writing() as session:
        account, where = account_named(session, login), area_named(session, area)
        give_role(session, core, everything(), account, role=word, area_id=where.id, person_id=person, ends_at=None)
        code = where.code
    tell(text("{login} has the role {role} in {area}.", login=login, role=role, area=code))


def revoke(
    login: Login, role: RoleWord, area: AreaWord, settings: SettingsFile = None, database: DatabaseAddress = None
) -> None:
    """Take a role away."""
    from sqlmodel import col, select

    from service.access.accounts import take_role
    from service.access.granting import current
    from service.tables.access import Grant

    core, word = open_for_command(settings, database), role_named(role)
    with told_as_input(login), core.database.writing() as session:
        account, where = account_named(session, login), area_named(session, area)
        held = select(Grant.id).where(*current(account.id), col(Grant.role) == word, col(Grant.area_id) == where.id)
        grants = session.exec(held).all()
        if not grants:
            raise InputError([Fault(role, text("the account does not have this role here"))])
        for grant_id in grants:
            take_role(session, core, everything(), account, grant_id)
        code = where.code
    tell(text("{login} has no longer the role {role} in {area}.", login=login, role=role, area=code))


def reset_password(login: Login, settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """Print a link for a new password."""
    from service.access.invitations import invite
    from service.access.sessions import end_sessions
    from service.audit import append_audit

    core = open_for_command(settings, database)
    with told_as_input(login), core.database.writing() as session:
        account = account_named(session, login)
        account.password_hash = None
        account.version += 1
        session.add(account)
        end_sessions(session, account_id=account.id)
        secret, ends = invite(session, account, ACTOR)
        append_audit(session, core.vault, actor=ACTOR, action="password.reset", area_id=None, subjects=[account.id])
    _tell_link(core, login, secret, ends)


def reset_second_factor(login: Login, settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """Take a lost second factor away."""
    from service.access import accounts

    core = open_for_command(settings, database)
    with told_as_input(login), core.database.writing() as session:
        accounts.reset_second_factor(session, core, everything(), account_named(session, login))
    tell(text("{login} sets up a new second factor at the next sign-in.", login=login))


def _set_disabled(core: Core, login: str, *, disabled: bool) -> None:
    from service.access import accounts

    with told_as_input(login), core.database.writing() as session:
        accounts.disable(session, core, everything(), account_named(session, login), disabled=disabled)


def _tell_link(core: Core, login: str, secret: str, ends: datetime) -> None:
    from service.access.set_up import public_address

    day = ends.date().isoformat()
    tell(text("{login} sets a password here, once, until {day}:", login=login, day=day))
    typer.echo(f"{public_address(core.settings)}/invitation/{secret}")


def _proper(login: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    from service.access import words

    try:
        found: str = TypeAdapter(words.Login).validate_python(login)
    except ValidationError:
        raise InputError([Fault(login, text("this value does not fit"))]) from None
    return found


def _subject(subject: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    from service.access import words

    try:
        found: str = TypeAdapter(words.DirectorySubject).validate_python(subject)
    except ValidationError:
        raise InputError([Fault(subject, text("this value does not fit"))]) from None
    return found


def _roles(session: Session, account: Account) -> list[str]:
    from sqlmodel import col, select

    from service.access.granting import current
    from service.tables.access import Grant
    from service.tables.areas import Area

    asked = select(Grant.role, Area.code).join(Area, col(Area.id) == Grant.area_id).where(*current(account.id))
    return [f"{role}@{code}" for role, code in session.exec(asked.order_by(Grant.role, Area.code))]


def _states(account: Account) -> list[str]:
    found = []
    if account.disabled_at is not None:
        found.append(t(text("stopped")))
    if account.totp_confirmed_at is None:
        found.append(t(text("no second factor")))
    return [f"({word})" for word in found]
