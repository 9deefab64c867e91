"""Five real timetables read from the files of their programs, beside the busy slots known of them.

The value is the number of rows, the bound that of the known table; the note says whether both are the same, byte for
byte. The last row compares the lessons of one college from FET with those from its aSc export, activities aside: the
two programs number them differently.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.instances import shared_data
from benchmarks.rows import Row, run_apart
from matcher.io.timetable.read_timetable import read_timetable
from matcher.io.timetable.school import LESSON, SchoolTimetable
from matcher.io.timetable.write_busy import write_busy_csv

SCHOOLS = ("AE-ibdp", "DE-dgspro", "ES-ies", "RO-orar53", "RU-medcollege")
TWIN = "RU-medcollege"


def importer_rows() -> list[Row]:
    """Return one row for each school and one for the twins."""
    return [*(run_apart(_measure_school, name) for name in SCHOOLS), run_apart(_measure_twins)]


def _measure_school(name: str) -> Row:
    folder = shared_data() / "timetables"
    with TemporaryDirectory() as out:
        busy = Path(out) / "busy.csv"
        begin = time.perf_counter()
        found = read_timetable(folder / f"{name}.fet")
        write_busy_csv(found, busy)
        seconds = time.perf_counter() - begin
        wanted = (folder / "busy_csv" / f"{name}.csv").read_bytes()
        is_same = busy.read_bytes() == wanted
    return Row(
        instance=name,
        method=found.file_format,
        value=len(found.rows),
        bound=wanted.count(b"\n") - 1,
        seconds=seconds,
        note=f"{'the same' if is_same else 'NOT the same'}; lessons {found.num_placed} of {found.num_wanted}",
    )


def _measure_twins() -> Row:
    folder = shared_data() / "timetables"
    from_fet = lesson_rows(read_timetable(folder / f"{TWIN}.fet"))
    begin = time.perf_counter()
    twin = read_timetable(folder / f"{TWIN}.asc.xml")
    seconds = time.perf_counter() - begin
    is_same = lesson_rows(twin) == from_fet
    return Row(
        instance=f"{TWIN} (twin)",
        method=twin.file_format,
        value=len(lesson_rows(twin)),
        bound=len(from_fet),
        seconds=seconds,
        note=f"{'the same' if is_same else 'NOT the same'} lessons as FET; aSc says nothing of absences",
    )


def lesson_rows(found: SchoolTimetable) -> list[tuple[object, ...]]:
    """Return the lessons with everything but the program's own number of the activity."""
    return [
        (row.teacher, row.day, found.days[row.day].name, row.slot, found.hours[row.slot].name, row.room, row.building)
        for row in found.rows
        if row.kind == LESSON
    ]


TABLES: dict[str, Callable[[], list[Row]]] = {"importers": importer_rows}
