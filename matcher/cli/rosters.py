"""Commands about rosters: `template`, `check`, `generate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import chosen, t, tell
from matcher.texts import text

PolicyOption = Annotated[str | None, typer.Option("--policy", metavar="P")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command("template", help=t(text("Write an empty workbook to fill in.")))(template)
    app.command("check", help=t(text("Check a workbook; every fault is listed with its cell.")))(check)
    app.command("generate", help=t(text("Write a made-up roster, for trying out.")))(generate)


def template(roster: Path, policy: PolicyOption = None) -> None:
    """Write an empty workbook with drop-downs, notes and one example row a sheet."""
    from matcher.io.policy_toml import read_policy
    from matcher.io.template import write_template

    write_template(roster, policy=None if policy is None else read_policy(policy), lang=chosen())
    tell(text("Written: {file}", file=str(roster)), style="green")


def check(
    roster: Path,
    policy: PolicyOption = None,
    marked: Annotated[Path | None, typer.Option("--marked", metavar="COPY.xlsx")] = None,
) -> None:
    """List every fault of a roster, with its place and what would be right."""
    from matcher.io.console import print_check
    from matcher.io.read_roster import check_roster

    report = check_roster(roster)
    if marked is not None and report.faults:
        from matcher.io.mark_faults import mark_faults

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

    print_candidates(build_candidates(read_roster(path), read_policy(policy_id)), chosen())


def generate(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="ROSTER")],
    size: Annotated[str | None, typer.Option("--size", metavar="school|small|city|region|country")] = None,
    mentees: Annotated[int, typer.Option("--mentees", metavar="N")] = 40,
    mentors: Annotated[int, typer.Option("--mentors", metavar="M")] = 35,
    organisations: Annotated[int, typer.Option("--organisations", metavar="K")] = 9,
    municipalities: Annotated[int, typer.Option("--municipalities", metavar="J")] = 1,
    staff: Annotated[int | None, typer.Option("--staff")] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S")] = 0,
    policy: PolicyOption = None,
    timetables: Annotated[bool, typer.Option("--timetables")] = False,
) -> None:
    """Write a seeded made-up roster; with `--timetables` also a lesson grid for every organisation."""
    from matcher.generate.roster import PRESETS, generate_roster
    from matcher.io.write_roster import write_roster

    sizes = {
        "num_mentees": mentees,
        "num_mentors": mentors,
        "num_organisations": organisations,
        "num_municipalities": municipalities,
        "num_staff": staff,
    }
    if size is not None:
        sizes = dict(PRESETS[size])
    made = generate_roster(**sizes, seed=seed, policy_id=policy)
    write_roster(made, out)
    tell(text("Written: {file}", file=str(out)), style="green")
    if timetables:
        from matcher.generate.timetables import generate_busy
        from matcher.io.write_timetables import write_timetables

        folder = out.with_name(out.stem + "_timetables")
        write_timetables(made, generate_busy(made, seed=seed), folder)
        tell(text("Written: {file}", file=str(folder)), style="green")
