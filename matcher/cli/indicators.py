"""Command that reads what monitoring asks for: `indicators`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import chosen, t, tell
from matcher.errors import Fault, InputError
from matcher.policy_words import ScopeLevel
from matcher.texts import text

if TYPE_CHECKING:
    from matcher.plan import Plan


def add_commands(app: typer.Typer) -> None:
    """Add the command of this module to ``app``."""
    app.command("indicators", help=t(text("Figures of mentoring against their plan, dates and risks.")))(indicators)


def indicators(
    plan: Annotated[
        Path | None,
        typer.Argument(
            metavar="PLAN.json", help=t(text("A plan written by `matcher pair`, `plan`, `demo` or `repair`."))
        ),
    ] = None,
    inputs: Annotated[
        Path | None,
        typer.Option("--inputs", metavar="FILE.toml", help=t(text("Answers, counts and the course of programmes."))),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="Y",
            min=2000,
            max=2100,
            help=t(text("School year that begins in Y: its dates and risks, and the report on the year before.")),
        ),
    ] = None,
    by: Annotated[
        ScopeLevel | None,
        typer.Option("--by", help=t(text("Also the figures of each organisation, municipality or region."))),
    ] = None,
    today: Annotated[
        datetime | None,
        typer.Option(
            "--today",
            formats=["%Y-%m-%d", "%d.%m.%Y"],
            metavar="DAY",
            help=t(text("The day on which dates are looked at; otherwise today.")),
        ),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option(
            "--xlsx",
            metavar="FILE.xlsx",
            help=t(text("Also write a workbook: municipalities, regions, dates and signs of risk.")),
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="FILE.toml", help=t(text("Write an example of what --inputs reads."))),
    ] = None,
) -> None:
    """Print the figures of the year before and of this round, what is due, and signs of risk."""
    if template is not None:
        _write_template(template)
    if plan is None:
        if template is None:
            missing = text("it is not said which plan the figures are of")
            raise InputError([Fault("PLAN.json", missing, text("name a plan, or use --template FILE.toml"))])
        return
    from matcher.indicators.build import build_facts
    from matcher.indicators.period import school_year_of
    from matcher.indicators.report import build_monitoring
    from matcher.io.console.monitoring import print_monitoring
    from matcher.io.indicators_toml import read_indicators
    from matcher.io.plan_json import read_plan_json
    from matcher.io.working_days import working_days

    found = read_plan_json(plan)
    stated = None if inputs is None else read_indicators(inputs, found)
    day = date.today() if today is None else today.date()
    facts = build_facts(found, day, stated)
    school_year = school_year_of(found.reference_day) if year is None else year
    monitoring = build_monitoring(
        facts,
        found.policy,
        school_year,
        day,
        is_working_day=working_days(),
        school_quarters=_school_quarters(found),
    )
    print_monitoring(monitoring, found, chosen(), by)
    if xlsx is not None:
        from matcher.io.write_indicators_xlsx import write_indicators_xlsx

        write_indicators_xlsx(monitoring, found, xlsx, chosen())
        tell(text("Written: {file}", file=str(xlsx)), style="green")


def _write_template(file: Path) -> None:
    from matcher.io.indicators_example import indicators_example
    from matcher.io.writing import writing

    with writing(file):
        file.write_text(indicators_example(chosen()), encoding="utf-8")
    tell(text("Written: {file}", file=str(file)), style="green")


def _school_quarters(plan: Plan) -> Sequence[date]:
    """Return the last days of the terms of the plan's school year, none where it has no timetables."""
    if plan.timetables is None or not plan.timetables.years:
        return ()
    year = plan.timetables.years.get("") or next(iter(plan.timetables.years.values()))
    return tuple(term.last_day for term in year.terms)
