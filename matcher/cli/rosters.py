"""Commands about rosters: `template`, `check`, `generate`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.cli.language import chosen, t, tell
from matcher.cli.options import Force, OutRoster, PolicyOption, RosterPath, Seed
from matcher.errors import Fault, InputError
from matcher.texts import Text, text


def _option(name: str, metavar: str, help_text: Text) -> Any:
    return typer.Option(name, metavar=metavar, help=t(help_text))


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command("template", help=t(text("Write an empty workbook to fill in.")))(template)
    app.command("check", help=t(text("Check a workbook; every fault is listed with its cell.")))(check)
    app.command("generate", help=t(text("Write a made-up roster, for trying out.")))(generate)


def template(roster: RosterPath, policy: PolicyOption = None) -> None:
    """Write an empty workbook with drop-downs, notes and one example row a sheet."""
    from matcher.io.policy_toml import read_policy
    from matcher.io.template import write_template
    from matcher.io.writing import writing

    regulation = None if policy is None else read_policy(policy)
    with writing(roster):
        write_template(roster, policy=regulation, lang=chosen())
    tell(text("Written: {file}", file=str(roster)), style="green")


def _check_free(paths: Sequence[Path], *, force: bool) -> None:
    """Refuse to write over what somebody may have filled in; an empty folder holds nothing.

    Raises
    ------
    InputError
        When something stands at one of the places, and it was not said that it may be replaced.
    """
    if force:
        return
    cure = text("give another name, or add --force to replace it")
    taken = [path for path in paths if path.exists() and not (path.is_dir() and not any(path.iterdir()))]
    if taken:
        raise InputError([Fault(str(path), _there(path), cure) for path in taken])


def _there(path: Path) -> Text:
    return text("the folder is there already and not empty") if path.is_dir() else text("the file is there already")


def check(
    roster: RosterPath,
    policy: PolicyOption = None,
    marked: Annotated[
        Path | None, _option("--marked", "COPY.xlsx", text("Write a copy of the workbook with the faults marked."))
    ] = None,
) -> None:
    """List every fault of a roster, with its place and what would be right."""
    from matcher.io.console import print_check
    from matcher.io.read_roster import check_roster

    report = check_roster(roster)
    if marked is not None and report.faults:
        from matcher.io.mark_faults import mark_faults
        from matcher.io.writing import writing

        with writing(marked):
            mark_faults(roster, report.faults, marked, lang=chosen())
    print_check(report, chosen())
    if report.faults:
        raise typer.Exit(2)
    if policy is not None:
        _check_under(policy, roster)


def _check_under(policy_id: str, path: Path) -> None:
    """Say what the regulation makes of a roster without faults: who would have no candidate at all, and why."""
    from matcher.candidates.build import build_candidates
    from matcher.io.console import print_candidates
    from matcher.io.policy_toml import read_policy
    from matcher.io.read_roster import read_roster

    roster = read_roster(path)
    print_candidates(build_candidates(roster, read_policy(policy_id)), chosen(), roster)


def generate(
    out: OutRoster,
    size: Annotated[
        str | None, _option("--size", "school|small|city|region|country", text("A ready size; else give the numbers."))
    ] = None,
    mentees: Annotated[int, _option("--mentees", "N", text("Number of mentees."))] = 40,
    mentors: Annotated[int, _option("--mentors", "M", text("Number of mentors."))] = 35,
    organisations: Annotated[int, _option("--organisations", "K", text("Number of organisations."))] = 9,
    municipalities: Annotated[int, _option("--municipalities", "J", text("Number of municipalities."))] = 1,
    staff: Annotated[int | None, _option("--staff", "N", text("Number of staff."))] = None,
    seed: Seed = 0,
    policy: PolicyOption = None,
    timetables: Annotated[
        bool, typer.Option("--timetables", help=t(text("Make up lesson timetables as well.")))
    ] = False,
    force: Force = False,
) -> None:
    """Write a seeded made-up roster; with `--timetables` also a lesson grid for every organisation."""
    from matcher.generate.roster import PRESETS, generate_roster
    from matcher.io.write_roster import write_roster
    from matcher.io.writing import writing

    if out.suffix.casefold() not in ("", ".xlsx", ".csv", ".parquet"):
        cure = text("end the name with .xlsx, or, for a folder, with .csv or .parquet")
        raise InputError([Fault(str(out), text("a roster of this format cannot be written"), cure)])
    if size is not None and size not in PRESETS:
        raise InputError([Fault("--size", text("no such size"), text("one of {names}", names=", ".join(PRESETS)))])
    folder = out.with_name(out.stem + "_timetables")
    _check_free([out, folder] if timetables else [out], force=force)
    asked = {
        "num_mentees": mentees,
        "num_mentors": mentors,
        "num_organisations": organisations,
        "num_municipalities": municipalities,
    }
    if staff is not None:
        asked["num_staff"] = staff
    try:
        made = generate_roster(**(asked if size is None else PRESETS[size]), seed=seed, policy_id=policy)
    except InputError as error:
        raise InputError([Fault(f"--{f.place}", f.message, f.cure) for f in error.faults]) from None
    with writing(out):
        write_roster(made, out)
    tell(text("Written: {file}", file=str(out)), style="green")
    if timetables:
        from matcher.generate.timetables import generate_busy
        from matcher.io.write_timetables import write_timetables

        with writing(folder):
            write_timetables(made, generate_busy(made, seed=seed), folder)
        tell(text("Written: {file}", file=str(folder)), style="green")
