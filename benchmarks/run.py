"""The command `matcher benchmark`: tables by name, printed and, on request, written to a folder."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.rows import Row, as_markdown, setting

# Each of these modules offers TABLES: name → function that returns rows.
ROOMS = {
    "pairing": ("benchmarks.flows", "benchmarks.integers", "benchmarks.rosters"),
    "events": ("benchmarks.speed", "benchmarks.meetings"),
    "scenarios": ("benchmarks.scenario_sweeps", "benchmarks.country"),
    "sessions": (
        "benchmarks.importers",
        "benchmarks.sessions",
        "benchmarks.city_year",
        "benchmarks.rhythm",
        "benchmarks.session_city",
        "benchmarks.impossible",
    ),
}


def build_app() -> typer.Typer:
    """Return the command as a part of `matcher`."""
    app = typer.Typer(
        help="Measures the solvers beside their peers; see benchmarks/README.md.",
        context_settings={"allow_interspersed_args": True},
    )

    @app.callback(invoke_without_command=True)
    def benchmark(
        names: Annotated[
            list[str] | None, typer.Argument(help="tables, or a room (pairing) for all of its own")
        ] = None,
        out: Annotated[Path | None, typer.Option("-o", "--out", help="folder for one Markdown file a table")] = None,
    ) -> None:
        main(names or [], out)

    return app


def main(names: Sequence[str] = (), out: Path | None = None) -> None:
    """Run the tables of these names (none: list them), print each and write it to ``out``.

    Raises
    ------
    typer.Exit
        When a name is not known: exit code 2, after a line that names those that are.
    """
    rooms = {room: _tables(modules) for room, modules in ROOMS.items()}
    known = {name: table for tables in rooms.values() for name, table in tables.items()}
    wanted = [n for name in names for n in rooms.get(name, {name: None})]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        typer.echo(f"{', '.join(unknown)}: no such table" if unknown else "Name the tables to run:", err=bool(unknown))
        typer.echo(", ".join([*rooms, *known]), err=bool(unknown))
        raise typer.Exit(2 if unknown else 0)
    head = setting()
    typer.echo(head)
    for name in wanted:
        table = as_markdown(name, known[name]())
        typer.echo(table)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{name}.md").write_text(f"{head}\n\n{table}", encoding="utf-8")


def _tables(modules: Sequence[str]) -> dict[str, Callable[[], list[Row]]]:
    found: dict[str, Callable[[], list[Row]]] = {}
    for module in modules:
        found |= importlib.import_module(module).TABLES
    return found


if __name__ == "__main__":
    typer.run(main)
