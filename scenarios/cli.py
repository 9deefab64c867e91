"""`matcher scenarios`: list and run whole cases in batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import chosen, t, tell
from matcher.cli.options import OutFolder
from matcher.errors import Fault, InputError
from matcher.texts import say, text, text_n

if TYPE_CHECKING:
    from scenarios.batch import OnRow, OnStart
    from scenarios.rows import Row
    from scenarios.scenario import Scenario
    from scenarios.towns import TownRow
    from scenarios.years import OnTown

NEGATIVE = 1

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME…", help=t(text("Names of scenarios, or folders with scenario.toml."))),
]


def build_app() -> typer.Typer:
    """Return the sub-commands of `matcher scenarios`."""
    app = typer.Typer(no_args_is_help=True, help="Whole cases in batch, on this machine or a cluster.")
    app.command("list", help=t(text("The scenarios that come with the program.")))(list_all)
    app.command("run", help=t(text("Run scenarios, keep their results and write one report.")))(run)
    return app


def list_all() -> None:
    """Print name, regulation, number of runs and title of every scenario."""
    from scenarios.reading import list_scenarios, read_scenario
    from scenarios.runs import expand

    for name in list_scenarios():
        found = read_scenario(name)
        title = found.settings.title if chosen() == "ru" else found.settings.title_en
        count = say(text_n("{count} run", "{count} runs", count=len(expand(found))), chosen())
        typer.echo(f"{name}\t{found.settings.policy}\t{count}\t{title}")


def run(
    names: Names = None,
    every: Annotated[bool, typer.Option("--all", help=t(text("All scenarios that come with the program.")))] = False,
    out: OutFolder = Path("out/scenarios"),
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", min=1, help=t(text("Runs at once here; by default one for each core."))),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help=t(text("Scheduler of a Dask cluster to run on."))),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help=t(text("Skip runs that are finished already.")))] = False,
    accept: Annotated[
        bool,
        typer.Option("--accept", help=t(text("Store the values of these runs as those that must be kept up to."))),
    ] = False,
) -> None:
    """Run scenarios at once, each result kept as it comes; at the end say what does not hold, and write the report."""
    from scenarios.batch import run_batch
    from scenarios.reading import list_scenarios
    from scenarios.report import write_report
    from scenarios.runs import expand
    from scenarios.store import write_rows

    wanted = list(list_scenarios()) if every else names or []
    if not wanted:
        raise InputError([Fault("NAME", text("it is not said what to run"), text("name scenarios, or use --all"))])
    found = _read_all(wanted)
    runs = [run for one in found for run in expand(one)]
    try:
        with _shown(len(runs)) as (on_start, on_row, on_town):
            rows = run_batch(
                runs,
                [one.files for one in found],
                out,
                address=cluster,
                jobs=jobs,
                resume=resume,
                on_start=on_start,
                on_row=on_row,
                on_town=on_town,
            )
    except KeyboardInterrupt:
        tell(text("Stopped; what is finished is kept. Go on with --resume."), style="yellow")
        raise typer.Exit(NEGATIVE) from None
    write_rows(rows, out / "results.parquet")
    wrong = _judge(found, rows, accept=accept)
    write_report(found, rows, wrong, out / "report.html", chosen())
    for name in ("report.html", "results.parquet"):
        tell(text("Written: {file}", file=str(out / name)), style="green")
    if wrong or any(row.error or row.violations for row in rows):
        raise typer.Exit(NEGATIVE)


def _require_batch() -> None:
    """Tell what to install where the program has not what runs many at once.

    Raises
    ------
    InputError
        When it is not there.
    """
    if find_spec("distributed") is None:
        missing = text("what runs many scenarios at once is not installed")
        raise InputError([Fault("scenarios run", missing, text("install the extra “batch” of this program"))])


def _read_all(names: Sequence[str]) -> list[Scenario]:
    """Read all scenarios; the faults of all are told together."""
    from scenarios.reading import read_scenario

    found: list[Scenario] = []
    faults: list[Fault] = []
    for name in dict.fromkeys(names):
        try:
            found.append(read_scenario(name))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def _judge(found: Sequence[Scenario], rows: Sequence[Row], *, accept: bool) -> dict[str, list[str]]:
    """Return by run what does not hold; with ``accept`` store the values of scenarios of one run first."""
    from scenarios.expected import accept as store
    from scenarios.expected import read_expected, surprises

    wrong: dict[str, list[str]] = {}
    for scenario in found:
        mine = [row for row in rows if row.scenario == scenario.name]
        if accept and len(mine) == 1 and mine[0].error is None and not mine[0].violations:
            store(scenario.folder, mine[0])
        expected = read_expected(scenario.folder)
        for row in mine if expected is not None else []:
            assert expected is not None
            told = [say(message, chosen()) for message in surprises(row, expected)]
            if told:
                wrong[row.run] = told
                for line in told:
                    tell(text("{run}: {message}", run=row.run, message=line), style="red")
    return wrong


@contextmanager
def _shown(total: int) -> Iterator[tuple[OnStart, OnRow, OnTown]]:
    """Show how many runs are finished, on standard error; every finished run has a line."""
    from distributed import Client
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    with bar:
        task, towns = bar.add_task(t(text("Running scenarios")), total=total), None

        def on_start(client: Client) -> None:
            bar.console.print(t(text("Dashboard: {link}", link=client.dashboard_link)), highlight=False, markup=False)

        def on_row(row: Row, done: int, _: int) -> None:
            bar.update(task, completed=done)
            bar.console.print(_line(row), highlight=False, markup=False)

        def on_town(town: TownRow, done: int, of: int) -> None:
            nonlocal towns
            if towns is None:
                towns = bar.add_task(t(text("Meetings by municipalities, pairs")), total=of)
            bar.update(towns, completed=done, total=of)
            bar.console.print(_town_line(town), highlight=False, markup=False)

        yield on_start, on_row, on_town


def _line(row: Row) -> str:
    if row.error is not None:
        return f"{row.run}\t{t(text('failed: {reason}', reason=row.error))}"
    told = text(
        "value {value}, bound {bound}, served {served} of {mentees}, violations {violations}, {seconds} s",
        value=f"{row.value or 0:.0f}",
        bound=f"{row.bound or 0:.0f}",
        served=f"{row.figures.get('served', 0):.0f}",
        mentees=f"{row.figures.get('mentees', 0):.0f}",
        violations=row.violations,
        seconds=f"{row.seconds.get('whole', 0):.1f}",
    )
    return f"{row.run}\t{t(told)}"


def _town_line(town: TownRow) -> str:
    told = text(
        "{sessions} of {wanted} meetings, violations {violations}, {seconds} s",
        sessions=town.sessions,
        wanted=town.wanted,
        violations=town.violations,
        seconds=f"{town.seconds:.1f}",
    )
    return f"{town.name}\t{t(told)}"
