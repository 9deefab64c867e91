"""The command `repair`: what happened in the middle of a year, made good with the least movement."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import chosen, t, tell
from matcher.cli.options import OutFolder, PlanPath, Seed
from matcher.texts import text

if TYPE_CHECKING:
    from matcher.plan import Plan

NEGATIVE = 1
_CHANGE_LIST = "changes.txt"


def add_commands(app: typer.Typer) -> None:
    """Add the command of this module to ``app``."""
    app.command("repair", help=t(text("Repair the meetings of a plan after changes, with the least movement.")))(repair)


def repair(
    plan: PlanPath,
    changes: Annotated[
        Path,
        typer.Option(
            "--changes", metavar="CHANGES.toml", help=t(text("Absences, lost rooms, ended and new pairs, timetables."))
        ),
    ],
    out: OutFolder,
    seed: Seed = 0,
) -> None:
    """Offer two or three repaired plans; write the recommended one into OUT, the others beside it.

    Each has the list of its changes with it.
    """
    from matcher.cli.results import tell_written, write_plan
    from matcher.errors import Fault, InputError
    from matcher.io.changes_toml import read_changes
    from matcher.io.console import print_repair
    from matcher.io.plan_json import read_plan_json, write_plan_json
    from matcher.io.writing import make_folder, writing
    from matcher.repair.repair import repair_plan

    found = read_plan_json(plan)
    gc.freeze()  # a city's plan is not looked through for garbage again and again: a third of the time
    if found.schedule is None:
        cure = text("make it with matcher plan")
        raise InputError([Fault(str(plan), text("the plan has no meetings to repair"), cure)])
    happened = read_changes(changes, found)
    make_folder(out)
    repaired = repair_plan(found, happened, seed=seed)
    if not repaired.options:
        tell(text("Nothing is lost; the plan stays as it is."), style="green")
        return
    files = [*write_plan(repaired.options[0].plan, out).files, _write_changes(found, repaired.options[0].plan, out)]
    for number, option in enumerate(repaired.options[1:], start=2):
        folder = out / f"option-{number}"
        make_folder(folder)
        with writing(folder / "plan.json"):
            write_plan_json(option.plan, folder / "plan.json")
        files += [folder / "plan.json", _write_changes(found, option.plan, folder)]
    print_repair(repaired, found, chosen(), full_list=str(out / _CHANGE_LIST))
    tell_written(files)
    if repaired.options[0].left_out:
        raise typer.Exit(NEGATIVE)


def _write_changes(before: Plan, after: Plan, folder: Path) -> Path:
    """Write every meeting that changes, a line each, for the order."""
    from matcher.io.console.repairs import change_lines
    from matcher.io.sentences.sessions import SessionWords
    from matcher.io.speaker import Speaker
    from matcher.io.writing import writing

    file = folder / _CHANGE_LIST
    lines = change_lines(before, after, SessionWords(Speaker(after, chosen())))
    with writing(file):
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8-sig")
    return file
