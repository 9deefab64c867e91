"""The examples of the reference are read as they stand."""

from __future__ import annotations

import re
from pathlib import Path

from matcher.io.busy_map import read_map
from matcher.io.timetable.sheets.columns import Bell, CellPattern, read_columns
from tests.unit.io.timetable.files import write

REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "timetables.md"


def examples() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_of_columns(tmp_path: Path) -> None:
    found = read_columns(write(tmp_path, "columns.toml", examples()[0]))
    assert found.cell == CellPattern(fields=("subject", "teacher", "room"), separator="/")
    assert (found.layout, found.heading_row, found.sheets) == ("classes", 3, ("Расписание",))
    assert found.bells == {(1, "1"): Bell(start_minute=480, end_minute=525)}
    assert (found.shifts, found.buildings) == ({"5А": 2}, {"12": "Корпус 2"})


def test_the_example_of_a_map(tmp_path: Path) -> None:
    found, faults = read_map(write(tmp_path, "map.toml", examples()[1]))
    assert faults == []
    assert found is not None
    evening = found.days["Вторник вечер"]
    assert found.hours_of(evening)["1"].start_minute == 840
