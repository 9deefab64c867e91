"""The meeting workbooks of OptaPlanner as meetings problems.

Each day is cut into grains of a quarter of an hour; the hour of lunch has none. Speakers have to come like those who
are required; a meeting of the whole group requires everybody. Weights are those of the workbook.
"""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

from benchmarks.instances import shared_data
from matcher.meetings.problem import MeetingsProblem, Rule

GRAIN_MINUTES = 15
LUNCH_MINUTES = 60
RULE_NAMES = {
    "Room conflict": Rule.ROOM_CONFLICT,
    "Don't go in overtime": Rule.OVERTIME,
    "Required attendance conflict": Rule.REQUIRED_CONFLICT,
    "Required room capacity": Rule.ROOM_CAPACITY,
    "Start and end on same day": Rule.SAME_DAY,
    "Required and preferred attendance conflict": Rule.REQUIRED_PREFERRED_CONFLICT,
    "Preferred attendance conflict": Rule.PREFERRED_CONFLICT,
    "Do all meetings as soon as possible": Rule.AS_SOON_AS_POSSIBLE,
    "One TimeGrain break between two consecutive meetings": Rule.BREAK,
    "Overlapping meetings": Rule.OVERLAP,
    "Assign larger rooms first": Rule.LARGER_ROOMS,
    "Room stability": Rule.ROOM_STABILITY,
}


def workbook(num_meetings: int) -> Path:
    """Return the workbook with so many meetings."""
    (found,) = (shared_data() / "meeting_scheduling").glob(f"{num_meetings}meetings-*.xlsx")
    return found


def read_workbook(path: Path) -> MeetingsProblem:
    """Return the problem of a workbook."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Workbook contains no default style")
        book = openpyxl.load_workbook(path, read_only=True)
    rows: dict[str, list[tuple[Any, ...]]] = {
        name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames
    }
    book.close()
    people = {str(row[0]): person for person, row in enumerate(_filled(rows["Persons"]))}
    meetings = _filled(rows["Meetings"])
    required = np.zeros((len(meetings), len(people)), dtype=bool)
    preferred = np.zeros_like(required)
    for meeting, row in enumerate(meetings):
        if str(row[1] or "").lower() == "y":
            required[meeting] = True
            continue
        required[meeting, _indices(row[3], people) + _indices(row[5], people)] = True
        preferred[meeting, _indices(row[6], people)] = True
    days = _filled(rows["Days"])
    weights = {RULE_NAMES[row[0]]: int(float(row[1])) for row in rows["Configuration"] if row[0] in RULE_NAMES}
    return MeetingsProblem(
        grain_day=np.repeat(np.arange(len(days)), [_num_grains(row) for row in days]),
        duration=np.array([int(float(row[2])) // GRAIN_MINUTES for row in meetings]),
        required=required,
        preferred=preferred,
        room_capacity=np.array([int(float(row[1])) for row in _filled(rows["Rooms"])]),
        weights=weights,
    )


def _filled(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows below the heading that have a first cell."""
    return [row for row in rows[1:] if row and row[0]]


def _indices(names: str | None, people: dict[str, int]) -> list[int]:
    return [people[name] for name in (names or "").split(", ") if name]


def _num_grains(row: tuple[Any, ...]) -> int:
    start, end, lunch = (_minutes(cell) for cell in row[1:4])
    return sum(not lunch <= minute < lunch + LUNCH_MINUTES for minute in range(start, end, GRAIN_MINUTES))


def _minutes(cell: str) -> int:
    moment = datetime.strptime(cell, "%H:%M")
    return 60 * moment.hour + moment.minute
