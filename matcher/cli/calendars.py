"""`matcher calendar`: list, show and check school years, print their JSON schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import chosen, t, tell
from matcher.texts import text

YearOption = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="YEAR",
        min=1990,
        max=2200,
        help=t(text("The year in which the school year begins; by default the present one.")),
    ),
]


def build_app() -> typer.Typer:
    """Return the sub-commands of `matcher calendar`."""
    app = typer.Typer(no_args_is_help=True, help=t(text("School years: list, show, check, schema.")))
    app.command("list", help=t(text("The calendars that come with the program.")))(list_calendars)
    app.command("show", help=t(text("Terms, vacations, holidays and bells of a school year.")))(show)
    app.command("check", help=t(text("Check a calendar of your own; every fault is listed.")))(check)
    app.command("schema", help=t(text("The JSON schema of calendars.")))(schema)
    return app


def list_calendars(year: YearOption = None) -> None:
    """Print id, title and days of every preset."""
    from matcher.io.console.calendars import print_calendar_list
    from matcher.io.school_year_toml import list_school_years, read_school_year

    print_calendar_list([read_school_year(id_, year=year) for id_ in list_school_years()], chosen())


def show(
    calendar: Annotated[str, typer.Argument(metavar="C", help=t(text("Calendar: its id or a TOML file.")))],
    year: YearOption = None,
) -> None:
    """Print one school year so that a methodist can read it."""
    from matcher.io.console.calendars import print_calendar
    from matcher.io.school_year_toml import read_school_year

    print_calendar(read_school_year(calendar, year=year), chosen())


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help=t(text("A calendar of your own.")))],
) -> None:
    """Check a calendar; what is unusual about its bells is told, and is no fault."""
    from matcher.io.console.calendars import print_strange_bells
    from matcher.io.school_year_toml import read_school_year

    print_strange_bells(read_school_year(file), chosen())
    tell(text("{file}: no faults", file=str(file)), style="green")


def schema(
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE.json", help=t(text("Where to write; else it is printed."))),
    ] = None,
) -> None:
    """Print the JSON schema, or write it to a file."""
    from matcher.io.school_year_toml import school_year_schema

    content = json.dumps(school_year_schema(), ensure_ascii=False, indent=2, sort_keys=True)
    if out is None:
        typer.echo(content)
    else:
        from matcher.io.writing import writing

        with writing(out):
            out.write_text(content + "\n", encoding="utf-8")
