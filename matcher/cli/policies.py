"""`matcher policy`: list, show and check regulations, print their JSON schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import chosen, t, tell
from matcher.errors import InputError
from matcher.texts import text


def build_app() -> typer.Typer:
    """Return the sub-commands of `matcher policy`."""
    app = typer.Typer(no_args_is_help=True, help=t(text("The regulations: list, show, check, schema.")))
    app.command("list", help=t(text("The regulations that come with the program.")))(list_policies)
    app.command("show", help=t(text("What one regulation says.")))(show)
    app.command("check", help=t(text("Check a policy file; every fault is listed.")))(check)
    app.command("schema", help=t(text("The JSON schema of policy files.")))(schema)
    return app


def list_policies() -> None:
    """Print id and title of every shipped policy."""
    from matcher.io.console import print_policy_list
    from matcher.io.policy_toml import list_policies as shipped
    from matcher.io.policy_toml import read_policy

    print_policy_list([read_policy(policy_id) for policy_id in shipped()], chosen())


def show(
    policy: Annotated[str, typer.Argument(metavar="P", help=t(text("Regulation: its id or a TOML file.")))],
) -> None:
    """Print one policy so that a methodist can read it."""
    from matcher.io.console import print_policy
    from matcher.io.policy_toml import read_policy

    print_policy(read_policy(policy), chosen())


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help=t(text("A regulation of your own.")))],
) -> None:
    """Check a policy file."""
    from matcher.io.policy_toml import check_policy_file

    faults = check_policy_file(file)
    if faults:
        raise InputError(faults)
    tell(text("{file}: no faults", file=str(file)), style="green")


def schema(
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE.json", help=t(text("Where to write; else it is printed."))),
    ] = None,
) -> None:
    """Print the JSON schema, or write it to a file."""
    from matcher.io.policy_toml import policy_schema

    content = json.dumps(policy_schema(), ensure_ascii=False, indent=2, sort_keys=True)
    if out is None:
        typer.echo(content)
    else:
        from matcher.io.writing import writing

        with writing(out):
            out.write_text(content + "\n", encoding="utf-8")
