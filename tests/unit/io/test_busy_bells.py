"""Days of the cycle that are half a day: each with hours of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.io.busy_map import read_map
from matcher.io.read_busy import read_busy
from matcher.roster import Organisation, Person, Roster

ROSTER = Roster(
    organisations=(Organisation(id="O-1"),), people=(Person(id="P-1", organisation="O-1", name="Орлова Анна"),)
)
HEADING = "teacher,day_index,day_name,slot_index,slot_name,kind,activity_id,room,building\n"
MAP = """
organisation = "O-1"
file = "busy.csv"
[days]
"Mon morning" = { weekday = 1 }
"Mon evening" = { weekday = 1, bells = "after noon" }
[hours]
"1" = { from = "08:00", to = "08:45" }
[bells."after noon"]
"1" = { from = "14:00", to = "14:45", shift = 2 }
[names]
"Orlova" = "P-1"
"""


def write(folder: Path, map_text: str, rows: str) -> Path:
    (folder / "busy.csv").write_text(HEADING + rows, encoding="utf-8")
    (folder / "map.toml").write_text(map_text, encoding="utf-8")
    return folder / "map.toml"


def test_the_same_slot_is_another_hour_in_the_afternoon(tmp_path: Path) -> None:
    path = write(tmp_path, MAP, "Orlova,1,Mon evening,0,1,lesson,7,,\n")
    busy, remarks = read_busy([path], ROSTER)
    assert [(slot.start_minute, slot.end_minute) for slot in busy.grid.slots] == [(480, 525), (840, 885)]
    taken = busy.lesson[busy.person_id.index("P-1"), 0]
    assert taken == 0b10
    assert not [remark for remark in remarks if remark.kind == "same_day"]


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('bells = "after noon"', 'bells = "late"', "map.toml:6: days.Mon evening: the map has no bells “late”"),
        ('"14:45", shift = 2', '"13:45", shift = 2', "map.toml:10: bells.after noon.1: the end is not after"),
        ('from = "14:00", ', "", "map.toml:10: bells.after noon.1: “from” is missing"),
    ],
)
def test_wrong_bells_are_faults(tmp_path: Path, wrong: str, right: str, said: str) -> None:
    assert wrong in MAP
    _, faults = read_map(write(tmp_path, MAP.replace(wrong, right), ""))
    assert any(said in f"{fault.place}: {fault.message}" for fault in faults), faults


def test_a_slot_that_the_bells_do_not_know_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path, MAP, "Orlova,1,Mon evening,1,2,lesson,7,,\n")
    with pytest.raises(InputError, match=r"busy.csv:2: the map does not explain “2”"):
        read_busy([path], ROSTER)
