"""Reading timetables to the minute: lessons with their buildings, rooms, bells, school years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.io.busy_names import Names
from matcher.io.read_busy import read_busy
from matcher.io.read_timetables import read_timetables, read_weeks
from matcher.io.report import Remark
from matcher.roster import (
    Availability,
    AvailabilityState,
    Mentee,
    Mentor,
    Organisation,
    Person,
    Room,
    Roster,
    SchoolClass,
    Site,
)
from matcher.school_year import DayKind
from matcher.texts import say
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables

HEADING = "teacher,day_index,day_name,slot_index,slot_name,kind,activity_id,room,building"
HOURS = '"1" = { from = "08:00", to = "08:45" }\n"2" = { from = "08:55", to = "09:40" }'
DAYS = '"Mon" = { weekday = 1 }\n"Sat" = { weekday = 6 }'
ROSTER = Roster(
    organisations=(Organisation(id="O-1"), Organisation(id="O-2")),
    sites=(
        Site(id="S-1", organisation="O-1", name="Колледж"),
        Site(id="S-2", organisation="O-1", name="Больница"),
        Site(id="S-3", organisation="O-2", name="Школа"),
    ),
    rooms=(
        Room(id="R-1", site="S-1", name="5"),
        Room(id="R-2", site="S-2", name="5"),
        Room(id="R-3", site="S-2", name="Актовый зал"),
    ),
    classes=(SchoolClass(id="7A", organisation="O-1", grade=7),),
    people=(
        Person(id="P-1", organisation="O-1", name="Орлова Анна"),
        Person(id="P-2", organisation="O-1", name="Белов Пётр"),
        Person(id="P-3", organisation="O-2", name="Гусева Ольга"),
    ),
    mentors=(Mentor(person="P-1"), Mentor(person="P-3")),
    mentees=(Mentee(person="P-2"), Mentee(person="7A", is_class=True)),
)


def write_map(
    folder: Path,
    rows: str,
    *,
    organisation: str = "O-1",
    keys: str = "",
    days: str = DAYS,
    hours: str = HOURS,
    names: str = '"A" = "P-1"',
) -> Path:
    """Write a map and its table; a row is "teacher day slot kind room building", "-" for nothing."""
    lines = []
    for row in rows.splitlines():
        teacher, day, slot, kind, room, building = (
            "" if cell == "-" else cell for cell in [*row.split(), "-", "-"][:6]
        )
        lines.append(f"{teacher},0,{day},0,{slot},{kind},,{room.replace('_', ' ')},{building}")
    (folder / f"{organisation}.csv").write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
    path = folder / f"{organisation}.toml"
    path.write_text(
        f'organisation = "{organisation}"\nfile = "{organisation}.csv"\n{keys}\n'
        f"[days]\n{days}\n[hours]\n{hours}\n[names]\n{names}\n",
        encoding="utf-8",
    )
    return path


def shown(taken: TakenTime) -> str:
    times = f"{taken.start_minute // 60:02}:{taken.start_minute % 60:02}-{taken.end_minute}"
    return f"{taken.subject} {taken.week} {taken.weekday} {times} {taken.state} {taken.site}"


def kinds(remarks: tuple[Remark, ...]) -> dict[str, str]:
    assert all("{" not in say(remark.message, "ru") for remark in remarks)
    return {remark.kind: str(remark.message) for remark in remarks}


def read(*maps: Path, roster: Roster = ROSTER, year: int = 2026) -> tuple[Timetables, dict[str, str]]:
    found, remarks = read_timetables(maps, roster, year=year)
    return found, kinds(remarks)


def faults_of(*maps: Path, **settings: int | str | Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_timetables(maps, ROSTER, **settings)  # type: ignore[arg-type]
    assert all(fault.cure is not None for fault in caught.value.faults)
    return [f"{fault.place.rpartition('/')[2]}: {fault.message}" for fault in caught.value.faults]


def test_lessons_are_kept_to_the_minute_with_their_building(tmp_path: Path) -> None:
    rows = "A Mon 2 lesson 5 Больница\nA Mon 1 lesson 5 Колледж\nA Mon 1 lesson 5 Колледж\nB Mon 1 not_available"
    found, remarks = read(write_map(tmp_path, rows, names='"A" = "P-1"\n"B" = "P-2"'))
    assert [shown(time) for time in found.people] == [
        "P-1 None 1 08:00-525 lesson S-1",
        "P-1 None 1 08:55-580 lesson S-2",
        "P-2 None 1 08:00-525 not_in_building None",
    ]
    assert found.known == ("P-1", "P-2")
    assert "7A, Гусева Ольга" in remarks["unknown_week"]


def test_the_time_after_lessons_is_free(tmp_path: Path) -> None:
    found, _ = read(write_map(tmp_path, "A Mon 1 lesson 5 Колледж"))
    assert {time.state for time in found.people} == {BusyState.LESSON}


def test_rooms_are_taken_by_strangers_too(tmp_path: Path) -> None:
    rows = (
        "A Mon 1 lesson 5 Больница\nX Mon 2 lesson актовый_зал -\nX Mon 1 lesson 5 Колледж\nX Mon 2 not_available 5 -"
    )
    found, _ = read(write_map(tmp_path, rows))
    assert [shown(time) for time in found.rooms] == [
        "R-1 None 1 08:00-525 lesson S-1",
        "R-2 None 1 08:00-525 lesson S-2",
        "R-3 None 1 08:55-580 lesson S-2",
    ]
    assert {time.subject for time in found.people} == {"P-1"}


@pytest.mark.parametrize(
    ("cells", "site"),
    [
        ("R-3 -", "S-2"),  # a room says where it is
        ("5 -", "None"),  # two rooms have this name
        ("- s-1", "S-1"),  # a building may be told by its code
        ("- -", "None"),  # two sites, none told
        ("5 Вокзал", "None"),  # an unknown building is not guessed
    ],
)
def test_a_lesson_is_where_its_building_or_room_is(tmp_path: Path, cells: str, site: str) -> None:
    found, _ = read(write_map(tmp_path, f"A Mon 1 lesson {cells}"))
    assert [str(time.site) for time in found.people] == [site]


def test_a_lesson_is_at_the_only_site(tmp_path: Path) -> None:
    path = write_map(tmp_path, "C Mon 1 lesson", organisation="O-2", names='"C" = "P-3"')
    assert [time.site for time in read(path)[0].people] == ["S-3"]


def test_unknown_buildings_and_rooms_are_told_once(tmp_path: Path) -> None:
    rows = "A Mon 1 lesson 5 Вокзал\nA Mon 2 lesson 5 Вокзал\nA Sat 1 lesson 77 Колледж\nA Sat 2 lesson 5 Боьница"
    maps = [write_map(tmp_path, rows)]
    maps.append(tmp_path / "again.toml")
    maps[1].write_text(maps[0].read_text(encoding="utf-8"), encoding="utf-8")
    _, remarks = read_timetables(maps, ROSTER, year=2026)
    told = [(remark.kind, str(remark.message)) for remark in remarks if remark.kind.startswith("unknown_")]
    assert [entry for entry in told if entry[0] != "unknown_week"] == [
        ("unknown_building", "the roster has no site “Боьница”; perhaps S-2"),
        ("unknown_buildings", "1 building of the timetables is no site of the roster: Вокзал (O-1)"),
        ("unknown_rooms", "2 rooms of the timetables are not in the roster: 5 (O-1), 77 (O-1)"),
    ]


def test_of_rooms_nothing_is_said_where_the_roster_has_none(tmp_path: Path) -> None:
    path = write_map(tmp_path, "A Mon 1 lesson 77 Колледж")
    assert "unknown_rooms" not in read(path, roster=replace(ROSTER, rooms=()))[1]


def test_bells_have_shifts_and_half_days(tmp_path: Path) -> None:
    hours = '"1" = { from = "08:00", to = "08:45" }\n[bells.late]\n"1" = { from = "14:00", to = "14:45", shift = 2 }'
    days = '"Mon" = { weekday = 1 }\n"Mon late" = { weekday = 1, bells = "late" }'
    found, _ = read(write_map(tmp_path, "A Mon 1 lesson", days=days, hours=hours))
    assert [(bell.name, bell.start_minute, bell.shift) for bell in found.bells_of("O-1")] == [
        ("1", 480, 1),
        ("1", 840, 2),
    ]
    # Without a timetable an organisation has the bells of its year.
    assert [bell.start_minute for bell in found.bells_of("O-2")][:2] == [510, 565]


def test_hours_that_no_day_has_are_no_bells(tmp_path: Path) -> None:
    hours = '"1" = { from = "08:00", to = "08:45" }\n[bells.late]\n"1" = { from = "14:00", to = "14:45" }'
    days = '"Mon" = { weekday = 1, bells = "late" }'
    found, _ = read(write_map(tmp_path, "A Mon 1 lesson", days=days, hours=hours))
    assert [bell.start_minute for bell in found.bells["O-1"]] == [840]


def test_clocks_are_brought_together(tmp_path: Path) -> None:
    zones = (Organisation(id="O-1"), Organisation(id="O-2", time_zone="Asia/Vladivostok"))
    said = Availability(
        person="P-3", weekday=2, start=time(15), end=time(16), state=AvailabilityState.PREFERRED, week="B"
    )
    roster = replace(ROSTER, organisations=zones, availability=(said,))
    maps = [
        write_map(tmp_path, "A Mon 1 lesson\nB Mon 1 lesson", names='"A" = "P-1"\n"B" = "P-2"'),
        write_map(tmp_path, "C Mon 1 lesson", organisation="O-2", names='"C" = "P-3"'),
    ]
    found, _ = read(*maps, roster=roster)
    assert found.time_zone == "Europe/Moscow"
    assert found.ahead == {"O-2": -420}
    assert [shown(time) for time in found.people if time.subject == "P-3"] == [
        "P-3 None 1 01:00-105 lesson S-3",
        "P-3 1 2 08:00-540 preferred None",
    ]
    assert found.bells["O-2"][0].start_minute == 60
    assert found.year_of("O-2").num_weeks == 2


def test_two_weeks_alternate_from_the_first_day_unless_the_calendar_says_otherwise(tmp_path: Path) -> None:
    days = '"A-Mon" = { week = "А", weekday = 1 }\n"B-Mon" = { week = "Б", weekday = 1 }'
    found, remarks = read(write_map(tmp_path, "A B-Mon 1 lesson", days=days))
    assert [time.week for time in found.people] == [1]
    assert found.year_of("O-1").num_weeks == 2
    assert found.year_of("O-1").week_of(date(2026, 9, 7)) == 1
    assert found.year_of("O-2").num_weeks == 1
    assert "01.09.2026 (O-1)" in remarks["two_weeks"]
    own = 'id = "own"\ntitle = "t"\nbase = "quarters"\nnum_weeks = 2\nweek_a_day = "09-07"\n'
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    path = write_map(tmp_path, "A B-Mon 1 lesson", days=days, keys='calendar = "own.toml"')
    found, remarks = read(path)
    assert found.year_of("O-1").week_of(date(2026, 9, 7)) == 0
    assert "two_weeks" not in remarks


def test_saturdays_with_lessons_are_school_days_of_a_preset(tmp_path: Path) -> None:
    saturday = date(2026, 9, 12)
    found, remarks = read(write_map(tmp_path, "A Sat 1 lesson"))
    assert found.year_of("O-1").kind_of(saturday) is DayKind.SCHOOL
    assert found.year_of("O-2").kind_of(saturday) is DayKind.WEEKEND
    assert "six_days" in remarks
    (tmp_path / "own.toml").write_text('id = "own"\ntitle = "t"\nbase = "quarters"\nweekdays = 5', encoding="utf-8")
    found, remarks = read(write_map(tmp_path, "A Sat 1 lesson", keys='calendar = "own.toml"'))
    assert found.year_of("O-1").kind_of(saturday) is DayKind.WEEKEND
    assert remarks["days_off"].endswith("no meetings are planned: O-1")
    # A stranger's lesson is nobody's.
    found, remarks = read(write_map(tmp_path, "X Sat 1 lesson\nA Mon 1 lesson"))
    assert not {"six_days", "days_off"} & set(remarks)


def test_every_organisation_has_its_year(tmp_path: Path) -> None:
    maps = [
        write_map(tmp_path, "A Mon 1 lesson", keys='calendar = "trimesters"'),
        write_map(tmp_path, "C Mon 1 lesson", organisation="O-2", names='"C" = "P-3"'),
    ]
    found, remarks = read(*maps)
    assert (found.year_of("O-1").id, found.year_of("O-2").id) == ("trimesters", "quarters")
    assert remarks["usual_calendar"] == "no calendar is named for 1 organisation (O-2): “quarters” is taken"
    named, told = read_timetables(maps, ROSTER, calendar="trimesters", year=2026)
    assert named.year_of("O-2").id == "trimesters"
    assert "usual_calendar" not in kinds(told)


def test_the_common_year_is_that_of_most_where_all_have_one(tmp_path: Path) -> None:
    maps = [
        write_map(tmp_path, "A Mon 1 lesson", keys='calendar = "trimesters"'),
        write_map(tmp_path, "C Mon 1 lesson", organisation="O-2", names='"C" = "P-3"', keys='calendar = "trimesters"'),
    ]
    found, remarks = read(*maps)
    assert found.years[""].id == "trimesters"
    assert "usual_calendar" not in remarks


def test_a_calendar_with_dates_sets_the_year_of_presets(tmp_path: Path) -> None:
    own = 'id = "own"\ntitle = "t"\nbase = "quarters"\nfirst_day = 2024-09-02\nlast_day = 2025-05-26\n'
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    maps = [write_map(tmp_path, "A Mon 1 lesson", keys='calendar = "own.toml"')]
    found, _ = read_timetables(maps, ROSTER)
    assert {year.first_day.year for year in found.years.values()} == {2024}
    other = own.replace("2025", "2026").replace("2024-09-02", "2025-09-01")
    (tmp_path / "other.toml").write_text(other, encoding="utf-8")
    maps.append(
        write_map(tmp_path, "C Mon 1 lesson", organisation="O-2", names='"C" = "P-3"', keys='calendar = "other.toml"')
    )
    assert faults_of(*maps) == [
        "O-2.toml:3: calendar: this is the school year that begins in 2025, not in 2024",
    ]


def test_faults_of_calendars_and_maps_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('id = "own"\ntitle = "t"\nbase = "quarters"\nweekday = 5', encoding="utf-8")
    maps = [
        write_map(tmp_path, "A Mon 3 lesson", keys='calendar = "own.toml"'),
        write_map(tmp_path, "C Mon 1 lesson", organisation="O-2", names='"C" = "P-9"', keys='calendar = "quarter"'),
    ]
    assert faults_of(*maps, year=2026) == [
        "O-1.csv:2: the map does not explain “3”",
        "O-2.toml:11: names.C: the organisation has nobody with the code “P-9”",
        "O-2.toml:3: calendar: there is no such school year or file",
        "own.toml:4: weekday: the key weekday is unknown",
    ]
    assert faults_of(calendar="quarter") == ["quarter: there is no such school year or file"]


def test_two_maps_of_an_organisation_name_one_calendar(tmp_path: Path) -> None:
    first = write_map(tmp_path, "A Mon 1 lesson", keys='calendar = "quarters"')
    second = tmp_path / "second.toml"
    second.write_text(first.read_text(encoding="utf-8").replace("quarters", "trimesters"), encoding="utf-8")
    assert faults_of(first, second, year=2026) == [
        "second.toml:3: calendar: another map of the organisation names the calendar “quarters”"
    ]


def test_times_of_single_days_stand_beside_the_table(tmp_path: Path) -> None:
    path = write_map(tmp_path, "A Mon 1 lesson - Колледж", names='"A" = "P-1"\n"B" = "P-2"')
    dated = tmp_path / "O-1.dated.csv"
    heading = "teacher,day,from,to,kind\n"
    dated.write_text(heading + "A,2026-10-15,00:00,24:00,not_available\nB,2026-10-16,13:00,14:00,lesson\n")
    found, _ = read(path)
    days = [(time.subject, time.weekday, time.start_minute, time.end_minute, time.first_day) for time in found.people]
    assert days == [
        ("P-1", 1, 480, 525, None),
        ("P-1", 4, 0, 1440, date(2026, 10, 15)),
        ("P-2", 5, 780, 840, date(2026, 10, 16)),
    ]
    assert all(time.first_day == time.last_day for time in found.people)
    # Whoever has a calendar is known, and free in the week that pairing looks at.
    busy, _ = read_busy([path], ROSTER)
    assert busy.person_id == ("P-1", "P-2")
    dated.write_text(heading + "A,15.10.2026,9:00,8:00,busy\n,2026-10-15,25:00,x,lesson\n")
    assert faults_of(path) == [
        "O-1.dated.csv:2: day: “15.10.2026” is no date",
        "O-1.dated.csv:2: kind: a slot of the kind “busy” is not known",
        "O-1.dated.csv:2: to: the end is not after the beginning",
        "O-1.dated.csv:3: teacher: “teacher” is empty",
        "O-1.dated.csv:3: from: “25:00” is no time of day",
        "O-1.dated.csv:3: to: “x” is no time of day",
    ]
    dated.write_text("teacher,day\nA,2026-10-15\n")
    assert faults_of(path) == ["O-1.dated.csv: the columns from, to, kind are missing"]


def test_one_reading_gives_both(tmp_path: Path) -> None:
    rows = "A Mon 1 lesson 5 Колледж\nX Sat 2 lesson 5 Колледж"
    path = write_map(tmp_path, rows)
    busy, found, remarks = read_weeks([path], ROSTER, year=2026)
    alone, busy_remarks = read_busy([path], ROSTER)
    times, time_remarks = read_timetables([path], ROSTER, year=2026)
    assert busy is not None
    assert (busy.grid, busy.person_id, busy.lesson.tolist()) == (alone.grid, alone.person_id, alone.lesson.tolist())
    assert found == times
    told = [f"{remark.place}: {remark.message}" for remark in remarks]
    assert set(told) == {f"{remark.place}: {remark.message}" for remark in (*busy_remarks, *time_remarks)}
    assert len(told) == len(set(told))


def test_without_maps_there_are_hours_and_days_but_no_lessons() -> None:
    said = Availability(person="P-1", weekday=1, start=time(9), end=time(10), state=AvailabilityState.NOT_REACHABLE)
    busy, found, _ = read_weeks([], replace(ROSTER, availability=(said,)), calendar="quarters", year=2026)
    assert busy is None
    assert [shown(time) for time in found.people] == ["P-1 None 1 09:00-600 not_reachable None"]
    assert (found.known, found.rooms, set(found.years)) == (("P-1",), (), {""})


def test_clocks_that_shift_against_one_another_are_faults(tmp_path: Path) -> None:
    zones = (Organisation(id="O-1"), Organisation(id="O-2", time_zone="Europe/Berlin"))
    path = write_map(tmp_path, "A Mon 1 lesson")
    with pytest.raises(InputError) as caught:
        read_timetables([path], replace(ROSTER, organisations=zones))
    assert [fault.place for fault in caught.value.faults] == ["organisations: O-2"]


def test_times_are_in_order_and_once(tmp_path: Path) -> None:
    rows = "\n".join(f"{t} {d} {s} lesson 5 Колледж" for t in "BA" for d in ("Sat", "Mon") for s in (2, 1, 1))
    found, _ = read(write_map(tmp_path, rows, names='"A" = "P-1"\n"B" = "P-2"'))
    keys = [(time.subject, time.weekday, time.start_minute) for time in found.people]
    assert keys == sorted(set(keys))
    assert len(found.rooms) == 4


def test_schools_and_people_are_told_by_name() -> None:
    names = Names(replace(ROSTER, organisations=(Organisation(id="O-1", name="Школа 1"), Organisation(id="O-2"))))
    assert names.said(["O-2", "O-1"]) == "O-2, Школа 1"
    named = next(person for person in ROSTER.people if person.name)
    assert names.said({named.id}) == named.name
