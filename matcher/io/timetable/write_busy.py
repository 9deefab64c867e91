"""Writing busy slots: the weekly ones as the table that a map names, dated ones as a table beside it."""

from __future__ import annotations

import csv
from pathlib import Path

from matcher.io.timetable.clock import clock_name
from matcher.io.timetable.school import SchoolTimetable
from matcher.io.write_timetables import BUSY_COLUMNS

DATED_COLUMNS = ("teacher", "day", "from", "to", "kind")


def write_busy_csv(found: SchoolTimetable, path: Path) -> None:
    """Write the weekly rows; lines end as on Unix, letters are UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(BUSY_COLUMNS)
        days, hours = found.days, found.hours
        for row in found.rows:
            where = (row.teacher, row.day, days[row.day].name, row.slot, hours[row.slot].name)
            writer.writerow((*where, row.kind, row.activity_id, row.room, row.building))


def dated_path(path: Path) -> Path:
    """Return the path of the table of dated rows that belongs to a table of weekly ones.

    >>> dated_path(Path("out/ivanova.csv")).name
    'ivanova.dated.csv'
    """
    return path.with_suffix(".dated.csv")


def write_dated_csv(found: SchoolTimetable, path: Path) -> None:
    """Write the rows of single days."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(DATED_COLUMNS)
        for row in found.dated:
            times = (clock_name(row.start_minute), clock_name(row.end_minute))
            writer.writerow((row.teacher, row.day.isoformat(), *times, row.kind))
