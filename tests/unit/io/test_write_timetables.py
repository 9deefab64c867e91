"""Timetables on disk: a busy CSV and a map per organisation, made up or borrowed."""

from __future__ import annotations

import csv
import os
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.generate.roster import PRESETS, generate_roster
from matcher.generate.timetables import generate_busy
from matcher.io.write_timetables import BUSY_COLUMNS, borrow_timetables, read_outline, write_timetables
from matcher.roster import PersonKind, Roster

SHARED = Path(os.environ.get("MATCHER_SHARED", Path(__file__).parents[3].parent / "shared"))


@pytest.fixture(scope="module")
def roster() -> Roster:
    return generate_roster(**PRESETS["small"], seed=1)


def test_a_map_and_a_table_for_every_organisation(roster: Roster, tmp_path: Path) -> None:
    timetables = generate_busy(roster, seed=1)
    maps = write_timetables(roster, timetables, tmp_path / "times")
    assert len(maps) == len(roster.organisations)
    known = {person.id for person in roster.people}
    for path, timetable in zip(maps, timetables, strict=True):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        assert said["organisation"] == timetable.organisation
        assert set(said["names"].values()) <= known
        assert said["days"]["Понедельник"] == {"week": "", "weekday": 1}
        assert said["hours"]["1 урок"] == {"from": "08:00", "to": "08:45", "shift": 1}
        with (path.parent / said["file"]).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert tuple(rows[0]) == BUSY_COLUMNS
        assert {row["teacher"] for row in rows} <= set(said["names"])
        assert {row["day_name"] for row in rows} <= set(said["days"])
        assert {row["slot_name"] for row in rows} <= set(said["hours"])
        assert len(rows) == len(timetable.rows)
        outline = read_outline(path.parent / said["file"])
        assert outline.hours == tuple(said["hours"])


def test_a_timetable_of_an_unknown_organisation_is_refused(roster: Roster, tmp_path: Path) -> None:
    timetable = replace(generate_busy(roster, seed=1)[0], organisation="nowhere")
    with pytest.raises(InputError, match="nowhere"):
        write_timetables(roster, [timetable], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_table_without_the_columns_is_refused(roster: Roster, tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    path.write_text("teacher,day\nA,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="day_index, day_name"):
        borrow_timetables(roster, [path], tmp_path / "maps", seed=1)


@pytest.mark.shared
def test_real_weeks_seat_a_whole_city(tmp_path: Path) -> None:
    files = sorted((SHARED / "data" / "timetables" / "busy_csv").glob("*.csv"))
    assert len(files) == 5
    city = generate_roster(**PRESETS["city"], seed=1)
    maps = [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in borrow_timetables(city, files, tmp_path, seed=1)
    ]
    seated = Counter(person for said in maps for person in said["names"].values())
    taking_part = {found.person for found in city.mentors} | {found.person for found in city.mentees}
    staff = {person.id for person in city.people if person.person_kind is PersonKind.STAFF}
    assert seated == Counter(taking_part & staff)
    outlines = {str(path.resolve()): read_outline(path) for path in files}
    assert {said["file"] for said in maps} == set(outlines)
    assert all(set(said["names"]) <= set(outlines[said["file"]].teachers) for said in maps)
    medical = next(said for said in maps if "RU-medcollege" in said["file"])
    assert list(medical["days"].values())[6] == {"week": "B", "weekday": 1}
    assert medical["hours"]["08:30"]["to"] == "10:00"
