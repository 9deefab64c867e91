"""Options and arguments that several commands share; worded when this module is first imported."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import t
from matcher.texts import text

RosterPath = Annotated[
    Path,
    typer.Argument(metavar="ROSTER", help=t(text("Workbook .xlsx, or a folder of .csv or .parquet files."))),
]
PlanPath = Annotated[
    Path,
    typer.Argument(metavar="PLAN.json", help=t(text("A plan written by `matcher pair`, `plan`, `demo` or `repair`."))),
]
AnyPlanPath = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN.json",
        help=t(text("A plan written by `matcher pair`, `plan`, `demo` or `repair`, or an event by `matcher speed`.")),
    ),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy", metavar="P", help=t(text("Regulation: its id (see `matcher policy list`) or a TOML file."))
    ),
]
RequiredPolicy = Annotated[
    str,
    typer.Option(
        "--policy", metavar="P", help=t(text("Regulation: its id (see `matcher policy list`) or a TOML file."))
    ),
]
OutFolder = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help=t(text("Folder for the results.")))]
OutRoster = Annotated[
    Path,
    typer.Option(
        "-o", "--out", metavar="ROSTER", help=t(text("Where to write: .xlsx, or a folder ending in .csv or .parquet."))
    ),
]
Force = Annotated[bool, typer.Option("--force", help=t(text("Replace what stands there already.")))]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help=t(text("The same seed gives the same result.")))]
Timetables = Annotated[
    list[Path] | None,
    typer.Option(
        "--timetables", metavar="MAP.toml", help=t(text("Timetable map of an organisation; may be repeated."))
    ),
]
TimeLimit = Annotated[
    float, typer.Option("--time-limit", metavar="S", min=0.1, help=t(text("Seconds the search may take at most.")))
]
WorkLimit = Annotated[
    int | None,
    typer.Option(
        "--work-limit",
        metavar="W",
        min=1,
        help=t(text("Work the search may do at most, instead of seconds: the same plan on every machine.")),
    ),
]
Previous = Annotated[
    Path | None,
    typer.Option("--previous", metavar="PLAN.json", help=t(text("The plan before: change as little as possible."))),
]
CalendarOption = Annotated[
    str | None,
    typer.Option(
        "--calendar",
        metavar="C",
        help=t(text("School year of organisations without one: quarters, trimesters or a TOML file.")),
    ),
]
FirstDay = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d", "%d.%m.%Y"], metavar="DAY", help=t(text("First day of meetings."))),
]
LastDay = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d", "%d.%m.%Y"], metavar="DAY", help=t(text("Last day of meetings."))),
]
