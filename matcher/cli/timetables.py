"""The command `timetable`: files of schools become busy slots and the draft of a map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import chosen, t, tell
from matcher.errors import Fault, InputError
from matcher.texts import text

NEGATIVE = 1


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command("timetable", help=t(text("Read a school's timetable: FET, aSc, Excel or a calendar.")))(timetable)


def timetable(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=t(text("FET file, aSc export, workbook .xlsx, or calendar .ics.")))
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="BUSY.csv", help=t(text("Where to write who is taken when.")))
    ],
    map_out: Annotated[
        Path | None,
        typer.Option("--map-out", metavar="MAP.toml", help=t(text("Write the draft of a map; needs --roster."))),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="ROSTER", help=t(text("Look the teachers up among the people of a roster."))),
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option("--organisation", metavar="ID", help=t(text("Whose timetable it is, where there are several."))),
    ] = None,
    columns: Annotated[
        Path | None,
        typer.Option("--columns", metavar="COLUMNS.toml", help=t(text("Where things stand in a workbook."))),
    ] = None,
    teacher: Annotated[
        str | None, typer.Option("--teacher", metavar="NAME", help=t(text("Whose calendar it is (.ics).")))
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option("--time-zone", metavar="ZONE", help=t(text("The zone of the school's clock (.ics).")))
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            min=1970,
            max=2200,
            help=t(text("The year in which the school year begins (.ics).")),
        ),
    ] = None,
) -> None:
    """Read a timetable, write its busy slots, draft a map, and say what was read and what was not."""
    from matcher.io.read_roster import read_roster
    from matcher.io.timetable.draft.map_text import choose_organisation, map_text
    from matcher.io.timetable.draft.people import match_people
    from matcher.io.timetable.read_timetable import Aids, read_timetable
    from matcher.io.timetable.school import LESSON
    from matcher.io.timetable.show import print_people, print_timetable
    from matcher.io.timetable.write_busy import dated_path, write_busy_csv, write_dated_csv
    from matcher.io.writing import writing

    if roster is None and (map_out is not None or organisation is not None):
        place = "--organisation" if map_out is None else "--map-out"
        message = text("this needs the roster in which the people stand")
        raise InputError([Fault(place, message, text("add --roster ROSTER"))])
    for option, path in (("-o", out), ("--map-out", map_out)):
        if path is not None and path.resolve() in (file.resolve(), None if path is out else out.resolve()):
            message = text("the result would be written over “{file}”", file=str(path))
            raise InputError([Fault(option, message, text("choose another name"))])
    people = None if roster is None else read_roster(roster)
    if people is not None and time_zone is None and file.suffix.casefold() == ".ics":
        zones = {entry.time_zone for entry in people.organisations if organisation in (None, entry.id)}
        time_zone = zones.pop() if len(zones) == 1 else None
    found = read_timetable(file, Aids(columns=columns, teacher=teacher, time_zone=time_zone, year=year))
    school = None if people is None else choose_organisation(people, organisation, found)
    with writing(out):
        write_busy_csv(found, out)
    written = [out]
    if found.dated:
        written.append(dated_path(out))
        with writing(written[-1]):
            write_dated_csv(found, written[-1])
    print_timetable(found, chosen())
    if people is not None and school is not None:
        matched = match_people(found.teachers, people, school.id)
        print_people(matched, people, chosen())
        if map_out is not None and not found.hours:
            tell(text("Nothing comes back each week, so there is no map to write."), style="yellow")
        elif map_out is not None:
            with writing(map_out):
                map_out.write_text(map_text(found, matched, school, out, map_out, chosen()), encoding="utf-8")
            written.append(map_out)
    for path in written:
        tell(text("Written: {file}", file=str(path)), style="green")
    if not found.count(LESSON) and not found.dated:
        raise typer.Exit(NEGATIVE)
