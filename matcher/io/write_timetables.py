"""Writing timetables: a busy CSV and a ``MAP.toml`` for each organisation.

The map says whose file it is and how its days, hours and names are to be read::

    organisation = "O-1"
    file = "O-1.csv"
    time_zone = "Europe/Moscow"
    [days]
    "Понедельник" = { week = "", weekday = 1 }
    [hours]
    "1 урок" = { from = "08:00", to = "08:45", shift = 1 }
    [names]
    "Орлова А. И." = "P-17"
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.generate.timetables import BusyFile, Timetable, borrow_busy
from matcher.roster import Roster
from matcher.texts import text

BUSY_COLUMNS = (
    "teacher",
    "day_index",
    "day_name",
    "slot_index",
    "slot_name",
    "kind",
    "activity_id",
    "room",
    "building",
)


def write_timetables(roster: Roster, busy: Sequence[Timetable], folder: Path) -> tuple[Path, ...]:
    """Write one map per timetable, with its busy CSV where it has rows of its own; return the maps.

    Raises
    ------
    InputError
        When a timetable speaks of an organisation the roster does not know.
    """
    known = {organisation.id for organisation in roster.organisations}
    faults = [
        Fault(
            found.organisation,
            text("the roster has no organisation “{organisation}”", organisation=found.organisation),
            text("make the timetables from this roster"),
        )
        for found in busy
        if found.organisation not in known
    ]
    if faults:
        raise InputError(faults)
    folder.mkdir(parents=True, exist_ok=True)
    maps = []
    seen: dict[str, int] = {}
    for timetable in busy:
        seen[timetable.organisation] = seen.get(timetable.organisation, 0) + 1
        turn = seen[timetable.organisation]
        stem = timetable.organisation if turn == 1 else f"{timetable.organisation}-{turn}"
        file = timetable.file
        if file is None:
            file = f"{stem}.csv"
            _write_rows(timetable, folder / file)
        maps.append(folder / f"{stem}.toml")
        maps[-1].write_text(_map_text(timetable, file), encoding="utf-8")
    return tuple(maps)


def borrow_timetables(roster: Roster, csv_paths: Sequence[Path], folder: Path, *, seed: int) -> tuple[Path, ...]:
    """Give the mentors and mentees of a roster the weeks of real teachers; write the maps and return them.

    The maps point at the given busy CSV files; nothing of these is copied.
    """
    files = [read_outline(path) for path in csv_paths]
    return write_timetables(roster, borrow_busy(roster, files, seed=seed), folder)


def read_outline(path: Path) -> BusyFile:
    """Return the teachers, days and slots that a busy CSV speaks of.

    Raises
    ------
    InputError
        When the columns are not those of a busy CSV.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = [name for name in BUSY_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            fault = Fault(
                str(path),
                text("the columns {columns} are missing", columns=", ".join(missing)),
                text("give a table of busy slots with the columns {columns}", columns=", ".join(BUSY_COLUMNS)),
            )
            raise InputError([fault])
        teachers: dict[str, None] = {}
        days: dict[int, str] = {}
        hours: dict[int, str] = {}
        for row in reader:
            teachers[row["teacher"]] = None
            days[int(row["day_index"])] = row["day_name"]
            hours[int(row["slot_index"])] = row["slot_name"]
    return BusyFile(
        path=str(path.resolve()),
        teachers=tuple(teachers),
        days=tuple(days[day] for day in sorted(days)),
        hours=tuple(hours[slot] for slot in sorted(hours)),
    )


def _write_rows(timetable: Timetable, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(BUSY_COLUMNS)
        for row in timetable.rows:
            day, hour = timetable.days[row.day].name, timetable.hours[row.slot].name
            writer.writerow(
                (row.teacher, row.day, day, row.slot, hour, row.kind, row.activity_id, row.room, row.building)
            )


def _map_text(timetable: Timetable, file: str) -> str:
    lines = [
        f"organisation = {_quoted(timetable.organisation)}",
        f"file = {_quoted(file)}",
        f"time_zone = {_quoted(timetable.time_zone)}",
        "",
        "[days]",
        *(f"{_quoted(day.name)} = {{ week = {_quoted(day.week)}, weekday = {day.weekday} }}" for day in timetable.days),
        "",
        "[hours]",
        *(
            f'{_quoted(hour.name)} = {{ from = "{hour.start:%H:%M}", to = "{hour.end:%H:%M}", shift = {hour.shift} }}'
            for hour in timetable.hours
        ),
        "",
        "[names]",
        *(f"{_quoted(name)} = {_quoted(person)}" for name, person in timetable.names.items()),
    ]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """Return a TOML basic string; its escapes are those of JSON."""
    return json.dumps(value, ensure_ascii=False)
