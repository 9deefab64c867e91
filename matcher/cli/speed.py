"""Commands of speed events: `speed` plans one, `ratings` takes what people thought of each other into the roster."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matcher.cli.language import chosen, t, tell
from matcher.cli.options import OutFolder, OutRoster, PolicyOption, RosterPath
from matcher.errors import Fault, InputError
from matcher.texts import Text, text, text_n

if TYPE_CHECKING:
    from matcher.io.speed_words import Clock
    from matcher.roster import Roster

NEGATIVE = 1
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def _option(name: str, metavar: str, help_text: Text, **more: Any) -> Any:
    return typer.Option(name, metavar=metavar, help=t(help_text), **more)


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command("speed", help=t(text("Plan a speed event, or a round of acquaintance with candidates.")))(speed)
    app.command("ratings", help=t(text("Take the ratings of an event over into the wishes of a roster.")))(ratings)


def speed(
    roster: RosterPath,
    rounds: Annotated[int, _option("--rounds", "R", text("Rounds of meetings, one after the other."), min=1)],
    tables: Annotated[int, _option("--tables", "T", text("Meetings at once, one at a table."), min=1)],
    out: OutFolder,
    policy: PolicyOption = None,
    candidates: Annotated[
        int | None,
        _option("--candidates", "K", text("Round of acquaintance: K possible mentors for each mentee."), min=1),
    ] = None,
    least: Annotated[
        int, _option("--least", "K", text("First of all so many meetings for each mentee, evenly."), min=0)
    ] = 0,
    mentee_most: Annotated[
        int | None, _option("--mentee-most", "K", text("Meetings a mentee has at most."), min=1)
    ] = None,
    mentor_most: Annotated[
        int | None, _option("--mentor-most", "K", text("Meetings a mentor has at most."), min=1)
    ] = None,
    fill: Annotated[
        bool, typer.Option("--fill", help=t(text("Give free places to pairs that nobody asked for.")))
    ] = False,
    absent: Annotated[
        list[str] | None, _option("--absent", "ID", text("Somebody who stays away; may be repeated."))
    ] = None,
    as_mentee: Annotated[
        list[str] | None,
        _option("--as-mentee", "ID", text("Somebody of both registers who comes as a mentee; may be repeated.")),
    ] = None,
    start: Annotated[str | None, _option("--start", "HH:MM", text("When the first round begins."))] = None,
    minutes: Annotated[int, _option("--minutes", "N", text("How long a round lasts."), min=1)] = 10,
    pause: Annotated[int, _option("--pause", "N", text("Minutes between two rounds."), min=0)] = 2,
) -> None:
    """Plan who meets whom in which round at which table; write speed.xlsx and speed.json into OUT."""
    from matcher.io.policy_toml import read_policy
    from matcher.io.speed_book import write_speed_book
    from matcher.io.speed_console import print_speed
    from matcher.io.speed_json import write_speed_json
    from matcher.io.writing import make_folder, writing
    from matcher.speed.event import EventSettings
    from matcher.speed.planning import make_speed_plan

    clock = None if start is None else _clock(start, minutes, pause)
    regulation = None if policy is None else read_policy(policy)
    people = _read_and_remark(roster)
    settings = EventSettings(
        num_rounds=rounds,
        num_tables=tables,
        candidates=candidates,
        least=least,
        most_mentor=mentor_most,
        most_mentee=mentee_most,
        fill=fill,
        absent=tuple(absent or ()),
        as_mentee=tuple(as_mentee or ()),
    )
    plan = make_speed_plan(people, settings, regulation)
    make_folder(out)
    with writing(out / "speed.json"):
        write_speed_json(plan, out / "speed.json")
    with writing(out / "speed.xlsx"):
        write_speed_book(plan, people, out / "speed.xlsx", chosen(), clock=clock)
    print_speed(plan, people, chosen())
    for name in ("speed.xlsx", "speed.json"):
        tell(text("Written: {file}", file=str(out / name)), style="green")
    if not plan.meetings:
        raise typer.Exit(NEGATIVE)


def ratings(
    book: Annotated[
        Path, typer.Argument(metavar="SPEED.xlsx", help=t(text("The workbook of the event, with ratings filled in.")))
    ],
    roster: RosterPath,
    out: OutRoster,
) -> None:
    """Write a new roster whose wishes say what people thought of each other after the event."""
    from matcher.io.console import print_remarks
    from matcher.io.speed_ratings import read_ratings
    from matcher.io.write_roster import write_roster
    from matcher.io.writing import writing
    from matcher.speed.ratings import with_ratings

    if out.suffix.casefold() not in ("", ".xlsx", ".csv", ".parquet"):
        cure = text("end the name with .xlsx, or, for a folder, with .csv or .parquet")
        raise InputError([Fault(str(out), text("a roster of this format cannot be written"), cure)])
    if out.resolve() in (roster.resolve(), book.resolve()):
        cure = text("choose another name, so that nothing filled in is lost")
        raise InputError([Fault(str(out), text("the file is there already"), cure)])
    people = _read_and_remark(roster)
    found, remarks = read_ratings(book, people)
    print_remarks(remarks, chosen())
    with writing(out):
        write_roster(with_ratings(people, found), out, lang=chosen())
    given = sum(rating.is_given for rating in found)
    vetoes = sum(bool(rating.veto) for rating in found)
    tell(text_n("{count} rating taken over", "{count} ratings taken over", count=given), style="green")
    if vetoes:
        tell(text_n("{count} refusal among them", "{count} refusals among them", count=vetoes), style="yellow")
    if given < len(found):
        left = len(found) - given
        tell(text_n("{count} rating is not filled in", "{count} ratings are not filled in", count=left), style="yellow")
    tell(text("Written: {file}", file=str(out)), style="green")


def verify_event(file: Path) -> None:
    """Re-check a speed file without a solver: rules, values and bounds."""
    from matcher.io.speed_console import print_recheck
    from matcher.io.speed_json import read_speed_json
    from matcher.speed.plan import recheck

    plan = read_speed_json(file)
    found = recheck(plan)
    print_recheck(plan, found, chosen())
    if found:
        raise typer.Exit(NEGATIVE)


def _read_and_remark(path: Path) -> Roster:
    from matcher.io.console import print_remarks
    from matcher.io.read_roster import check_roster

    report = check_roster(path)
    print_remarks(report.remarks, chosen())
    if report.roster is None:
        raise InputError(report.faults)
    return report.roster


def _clock(start: str, minutes: int, pause: int) -> Clock:
    from matcher.io.speed_words import Clock

    found = _TIME.fullmatch(start)
    if found is None:
        cure = text("write a time as hours:minutes, for example 14:30")
        raise InputError([Fault("--start", text("“{value}” is not a time of day", value=start), cure)])
    return Clock(start=time(int(found[1]), int(found[2])), minutes=minutes, pause=pause)
