"""``matcher token``: tokens for programs, on the machine itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from matcher.cli.language import t, tell
from matcher.errors import Fault, InputError
from matcher.texts import text
from service.cli.opening import DatabaseAddress, SettingsFile, open_for_command
from service.cli.standing import ACTOR, account_named, role_named, told_as_input
from service.cli.user import Login

Purpose = Annotated[str, typer.Option("--name", metavar="NAME", help=t(text("What the token is for.")))]
Roles = Annotated[
    list[str] | None, typer.Option("--role", metavar="ROLE", help=t(text("Only this role; may be repeated.")))
]
Days = Annotated[int, typer.Option("--days", min=1, max=366, help=t(text("Days it works.")))]
TokenId = Annotated[str, typer.Argument(metavar="ID", help=t(text("Id of the token.")))]


def build_app() -> typer.Typer:
    """Return the command."""
    app = typer.Typer(no_args_is_help=True, help=t(text("Tokens for programs.")))
    app.command("create", help=t(text("Make a token of an account; it is shown only now.")))(create)
    app.command("list", help=t(text("List the tokens, without the words that open.")))(list_tokens)
    app.command("revoke", help=t(text("Revoke a token, at once.")))(revoke)
    return app


def create(
    login: Login,
    name: Purpose,
    role: Roles = None,
    days: Days = 90,
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
) -> None:
    """Make a token of an account."""
    from service.access.tokens import make_token

    core = open_for_command(settings, database)
    roles = [role_named(word) for word in role or ()]
    with told_as_input(login), core.database.writing() as session:
        account = account_named(session, login)
        _, word = make_token(session, core, account, name, roles, timedelta(days=days), ACTOR)
    tell(text("The token of {login}, shown only now:", login=login))
    typer.echo(word)


def list_tokens(settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """List the tokens."""
    from sqlmodel import col, select

    from service.tables.access import Account, ApiToken

    core = open_for_command(settings, database)
    with core.database.reading() as session:
        asked = select(ApiToken, Account.login).join(Account, col(Account.id) == ApiToken.account_id)
        found = session.exec(asked.order_by(col(Account.login), col(ApiToken.created_at))).all()
        if not found:
            tell(text("There are no tokens."))
        for token, login in found:
            state = t(text("revoked")) if token.revoked_at is not None else ""
            if token.revoked_at is None and token.expires_at is not None:
                state = t(text("until {day}", day=token.expires_at.date().isoformat()))
            typer.echo(
                "  ".join(filter(None, [token.id, login, token.name, token.roles, f"({state})" if state else ""]))
            )


def revoke(token_id: TokenId, settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """Revoke a token."""
    from service.access.tokens import revoke_token
    from service.tables.access import ApiToken

    core = open_for_command(settings, database)
    with core.database.writing() as session:
        token = session.get(ApiToken, token_id)
        if token is None:
            cure = text("matcher token list shows them all")
            raise InputError([Fault(token_id, text("there is no such token"), cure)])
        revoke_token(session, core, token, ACTOR)
    tell(text("The token is revoked."))
