"""Reading when people are taken, from maps and tables of busy slots."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import InputError
from matcher.generate.roster import PRESETS, generate_roster
from matcher.generate.timetables import generate_busy
from matcher.io.read_busy import read_busy
from matcher.io.write_timetables import borrow_timetables, write_timetables
from matcher.roster import Availability, AvailabilityState, Mentee, Mentor, Organisation, Person, Roster, SchoolClass
from matcher.texts import say
from matcher.timegrid import Busy, count_bits, slots_of

HEADING = "teacher,day_index,day_name,slot_index,slot_name,kind,activity_id,room,building"
HOURS = {"1": ("08:00", "08:45"), "2": ("08:55", "09:40"), "3": ("09:50", "10:35")}
SHIFTED = {"1": ("08:30", "09:15"), "2": ("09:25", "10:10")}


def roster(*availability: Availability) -> Roster:
    people = [
        ("P-1", "O-1", "Орлова Анна Ивановна"),
        ("P-2", "O-1", "Белов Пётр Ильич"),
        ("P-3", "O-2", "Гусева Ольга"),
    ]
    return Roster(
        organisations=(Organisation(id="O-1"), Organisation(id="O-2")),
        classes=(SchoolClass(id="7A", organisation="O-1", grade=7),),
        people=tuple(Person(id=id_, organisation=organisation, name=name) for id_, organisation, name in people),
        mentors=(Mentor(person="P-1"), Mentor(person="P-3")),
        mentees=(Mentee(person="P-2"), Mentee(person="7A", is_class=True)),
        availability=availability,
    )


def says(
    person: str, state: AvailabilityState, *, hours: tuple[int, int], weekday: int = 1, week: str = ""
) -> Availability:
    start, end = time(hours[0]), time(hours[1])
    return Availability(person=person, weekday=weekday, week=week, start=start, end=end, state=state)


def write_map(
    folder: Path,
    names: Mapping[str, str],
    rows: str,
    *,
    organisation: str = "O-1",
    hours: Mapping[str, tuple[str, str]] = HOURS,
    zone: str = "Europe/Moscow",
    days: str = '"Mon" = { week = "", weekday = 1 }',
) -> Path:
    """Write a map and its table; a row is "teacher day slot kind"."""
    lines = [",".join((t, "0", d, "0", s, k, "", "", "")) for t, d, s, k in (row.split() for row in rows.splitlines())]
    (folder / f"{organisation}.csv").write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
    said = [f'organisation = "{organisation}"', f'file = "{organisation}.csv"', f'time_zone = "{zone}"', "[days]", days]
    said += ["[hours]", *(f'"{name}" = {{ from = "{a}", to = "{b}", shift = 1 }}' for name, (a, b) in hours.items())]
    said += ["[names]", *(f'"{name}" = "{id_}"' for name, id_ in names.items())]
    path = folder / f"{organisation}.toml"
    path.write_text("\n".join(said) + "\n", encoding="utf-8")
    return path


def taken(busy: Busy, person: str, state: str = "lesson") -> list[str]:
    """Return the slots of a person in a state as "week weekday hh:mm"."""
    (row,) = busy.rows([person])
    assert row >= 0
    slots = [busy.grid.slots[at] for at in slots_of(getattr(busy, state)[row])]
    return [f"{slot.week} {slot.weekday} {slot.start:%H:%M}" for slot in slots]


def faults_of(maps: list[Path], people: Roster) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read_busy(maps, people)
    assert all(fault.cure is not None for fault in caught.value.faults)
    return [(fault.place.rpartition("/")[2], str(fault.message)) for fault in caught.value.faults]


def test_lessons_and_hours_not_in_the_building_are_kept_apart(tmp_path: Path) -> None:
    path = write_map(tmp_path, {"A": "P-1", "B": "P-2"}, "A Mon 1 lesson\nA Mon 3 not_available\nB Mon 2 lesson")
    busy, _ = read_busy([path], roster())
    assert [f"{slot.start:%H:%M}-{slot.end:%H:%M}" for slot in busy.grid.slots] == [
        "08:00-08:45",
        "08:55-09:40",
        "09:50-10:35",
    ]
    assert taken(busy, "P-1") == ["0 1 08:00"]
    assert taken(busy, "P-1", "not_in_building") == ["0 1 09:50"]
    assert taken(busy, "P-2") == ["0 1 08:55"]
    free, _ = busy.free(["P-1"], online=True)
    assert slots_of(free[0]) == [1, 2]


def test_people_without_rows_are_unknown_not_free(tmp_path: Path) -> None:
    path = write_map(tmp_path, {"A": "P-1", "Nobody": "P-2"}, "A Mon 1 lesson")
    busy, remarks = read_busy([path], roster())
    assert busy.person_id == ("P-1",)
    said = {remark.kind: str(remark.message) for remark in remarks}
    assert "Nobody" in said["no_rows"]
    assert said["unknown_week"] == "the weeks of 3 mentors and mentees are unknown: 7A, Белов Пётр Ильич, Гусева Ольга"
    assert say(next(r.message for r in remarks if r.kind == "unknown_week"), "ru").startswith(
        "неизвестно, когда заняты 3"
    )


def test_teachers_without_a_person_are_named_with_similar_people(tmp_path: Path) -> None:
    path = write_map(tmp_path, {"A": "P-1"}, "A Mon 1 lesson\nБелов_П.И. Mon 2 lesson\nXyz Mon 2 lesson")
    table = tmp_path / "O-1.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("в_П", "в П"), encoding="utf-8")
    busy, remarks = read_busy([path], roster())
    assert busy.person_id == ("P-1",)
    found = {remark.kind: remark for remark in remarks}
    assert found["unknown_teacher"].place.endswith("O-1.csv:3")
    assert "P-2" in str(found["unknown_teacher"].message)
    assert str(found["unknown_teachers"].message) == "nobody stands behind 1 teacher of the table: Xyz"


def test_timetable_names_of_the_roster_stand_where_the_map_is_silent(tmp_path: Path) -> None:
    people = roster()
    named = tuple(replace(p, timetable_name={"P-2": "B", "P-3": "C"}.get(p.id)) for p in people.people)
    path = write_map(tmp_path, {}, "B Mon 1 lesson\nC Mon 1 lesson")
    busy, remarks = read_busy([path], replace(people, people=named))
    # C is a name in the other organisation.
    assert busy.person_id == ("P-2",)
    assert "unknown_teachers" in {remark.kind for remark in remarks}


def test_a_class_may_stand_behind_a_name(tmp_path: Path) -> None:
    busy, _ = read_busy([write_map(tmp_path, {"A": "7A"}, "A Mon 2 lesson")], roster())
    assert taken(busy, "7A") == ["0 1 08:55"]


def test_a_lesson_takes_every_slot_of_other_bells_it_touches(tmp_path: Path) -> None:
    maps = [
        write_map(tmp_path, {"A": "P-1", "B": "P-2"}, "A Mon 1 lesson\nB Mon 1 lesson"),
        write_map(tmp_path, {"C": "P-3"}, "C Mon 1 lesson", organisation="O-2", hours=SHIFTED),
    ]
    busy, remarks = read_busy(maps, roster())
    # Two of three people live by the bells of O-1.
    assert [slot.start_minute for slot in busy.grid.slots] == [480, 535, 590]
    assert taken(busy, "P-3") == ["0 1 08:00", "0 1 08:55"]
    assert str(next(r.message for r in remarks if r.kind == "bells")).startswith("the bells of 1 organisation differ")


def test_nobody_is_in_the_building_while_their_organisation_is_closed(tmp_path: Path) -> None:
    evening = {"1": ("18:00", "18:45")}
    maps = [
        write_map(tmp_path, {"A": "P-1", "B": "P-2"}, "A Mon 1 lesson\nB Mon 1 lesson"),
        write_map(tmp_path, {"C": "P-3"}, "C Mon 1 lesson", organisation="O-2", hours=evening),
    ]
    offered = says("P-2", AvailabilityState.POSSIBLE, hours=(18, 19))
    busy, _ = read_busy(maps, roster(offered))
    assert taken(busy, "P-1", "not_in_building") == ["0 1 18:00"]
    assert taken(busy, "P-2", "not_in_building") == []
    assert taken(busy, "P-3", "not_in_building") == ["0 1 08:00", "0 1 08:55", "0 1 09:50"]
    assert slots_of(busy.free(["P-1"], online=True)[0][0]) == [1, 2, 3]


def test_availability_of_the_roster_counts(tmp_path: Path) -> None:
    path = write_map(tmp_path, {"A": "P-1"}, "A Mon 1 lesson")
    busy, remarks = read_busy(
        [path],
        roster(
            says("P-1", AvailabilityState.NOT_REACHABLE, hours=(9, 10)),
            says("P-3", AvailabilityState.NOT_IN_BUILDING, hours=(8, 9)),
            says("P-3", AvailabilityState.PREFERRED, hours=(20, 21)),
        ),
    )
    assert taken(busy, "P-1", "not_reachable") == ["0 1 08:55", "0 1 09:50"]
    assert taken(busy, "P-3", "not_in_building") == ["0 1 08:00", "0 1 08:55"]
    assert "Гусева Ольга" in str(next(r.message for r in remarks if r.kind == "outside_hours"))


def test_weeks_alternate_as_soon_as_somebody_says_so(tmp_path: Path) -> None:
    days = '"А-Пн" = { week = "А", weekday = 1 }\n"В-Пн" = { week = "b", weekday = 1 }'
    maps = [
        write_map(tmp_path, {"A": "P-1"}, "A В-Пн 1 lesson", days=days),
        write_map(tmp_path, {"C": "P-3"}, "C Mon 1 lesson", organisation="O-2"),
    ]
    busy, _ = read_busy(maps, roster())
    assert busy.grid.num_weeks == 2
    assert len(busy.grid.slots) == 6
    assert taken(busy, "P-1") == ["1 1 08:00"]
    assert taken(busy, "P-3") == ["0 1 08:00", "1 1 08:00"]


def test_clocks_of_other_zones_are_brought_to_the_common_one(tmp_path: Path) -> None:
    people = roster(says("P-3", AvailabilityState.NOT_REACHABLE, hours=(13, 14)))
    east = replace(people.organisations[1], time_zone="Asia/Yekaterinburg")
    late = {"1": ("10:00", "10:45")}
    maps = [
        write_map(tmp_path, {"A": "P-1", "B": "P-2"}, "A Mon 1 lesson\nB Mon 1 lesson"),
        write_map(tmp_path, {"C": "P-3"}, "C Mon 1 lesson", organisation="O-2", hours=late, zone="Asia/Yekaterinburg"),
    ]
    busy, _ = read_busy(maps, replace(people, organisations=(people.organisations[0], east)))
    assert busy.grid.time_zone == "Europe/Moscow"
    assert taken(busy, "P-3") == ["0 1 08:00"]
    assert taken(busy, "P-3", "not_reachable") == []


def test_clocks_that_shift_against_one_another_are_refused(tmp_path: Path) -> None:
    people = roster()
    far = replace(people.organisations[1], time_zone="Europe/Berlin")
    maps = [
        write_map(tmp_path, {"A": "P-1", "B": "P-2"}, "A Mon 1 lesson\nB Mon 1 lesson"),
        write_map(tmp_path, {"C": "P-3"}, "C Mon 1 lesson", organisation="O-2", zone="Europe/Berlin"),
    ]
    (found,) = faults_of(maps, replace(people, organisations=(people.organisations[0], far)))
    assert found[0] == "O-2.toml:3: time_zone"


def test_several_maps_of_one_organisation_are_put_together(tmp_path: Path) -> None:
    first = write_map(tmp_path, {"A": "P-1"}, "A Mon 1 lesson")
    second = tmp_path / "again"
    second.mkdir()
    days = '"Tue" = { week = "", weekday = 2 }'
    other = write_map(second, {"A": "P-1"}, "A Tue 2 lesson", days=days)
    busy, _ = read_busy([first, other], roster())
    assert taken(busy, "P-1") == ["0 1 08:00", "0 2 08:55"]


def test_a_table_in_windows_1251_with_semicolons_is_read(tmp_path: Path) -> None:
    path = write_map(tmp_path, {"Орлова": "P-1"}, "Орлова Mon 1 lesson")
    table = tmp_path / "O-1.csv"
    table.write_bytes(table.read_text(encoding="utf-8").replace(",", ";").encode("windows-1251"))
    busy, remarks = read_busy([path], roster())
    assert taken(busy, "P-1") == ["0 1 08:00"]
    assert {"encoding", "delimiter"} <= {remark.kind for remark in remarks}


def test_all_faults_of_all_maps_come_at_once(tmp_path: Path) -> None:
    good = write_map(tmp_path, {"A": "P-9", "B": "P-3"}, "A Mon 1 lesson\nA Tuesday 1 lesson\nA Mon 7 lesson")
    bad = tmp_path / "bad.toml"
    bad.write_text(
        'organisation = "O-7"\nfiles = "x.csv"\ntime_zone = "Europe/Moskow"\n[days]\n'
        '"Mon" = { week = "C", weekday = 8 }\n'
        '[hours]\n"1" = { from = "09:00", to = "08:00", shift = 0 }\n"2" = { from = "9 часов" }\n"3" = 5\n',
        encoding="utf-8",
    )
    found = faults_of([good, bad, tmp_path / "absent.toml"], roster())
    assert [place for place, _ in found] == [
        "O-1.csv:3",
        "O-1.csv:4",
        "O-1.toml:11: names.A",
        "O-1.toml:12: names.B",
        "bad.toml: file",
        "bad.toml: names",
        "bad.toml:2: files",
        "bad.toml:3: time_zone",
        "bad.toml:5: days.Mon",
        "bad.toml:5: days.Mon",
        "bad.toml:7: hours.1",
        "bad.toml:7: hours.1",
        "bad.toml:8: hours.2",
        "bad.toml:8: hours.2",
        "bad.toml:9: hours.3",
        "bad.toml:1: organisation",
        "absent.toml",
    ]
    assert found[3][1] == "“P-3” belongs to the organisation “O-2”"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("lesson", "lessons", "O-1.csv:2: kind"),
        (",0,Mon", ",x,Mon", "O-1.csv:2: day_index"),
        ("A,", ",", "O-1.csv:2: teacher"),
        ("kind", "sort", "O-1.csv"),
        ('"Europe/Moscow"', '"Asia/Omsk"', "O-1.toml:3: time_zone"),
        ('"O-1.csv"', '"O-8.csv"', "O-1.toml:2: file"),
        ('"O-1.csv"', '"."', "O-1.toml:2: file"),
        ("weekday = 1", "weekday = true", "O-1.toml:5: days.Mon"),
        ('"P-1"', "1", "O-1.toml:11: names.A"),
        ('"A" =', '"A" = "P-1"\n"A" =', "O-1.toml:12"),
        ("[days]", "days", "O-1.toml:4"),
    ],
)
def test_a_fault_has_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    write_map(tmp_path, {"A": "P-1"}, "A Mon 1 lesson")
    for path in tmp_path.iterdir():
        content = path.read_text(encoding="utf-8")
        is_meant = path.suffix in place
        assert not is_meant or old in content
        path.write_text(content.replace(old, new) if is_meant else content, encoding="utf-8")
    assert [found for found, _ in faults_of([tmp_path / "O-1.toml"], roster())] == [place]


def test_days_on_one_weekday_and_people_under_two_names_are_remarked(tmp_path: Path) -> None:
    days = '"Mon" = { weekday = 1 }\n"Tue" = { weekday = 1 }'
    path = write_map(tmp_path, {"A": "P-1", "B": "P-1"}, "A Mon 1 lesson\nB Tue 2 lesson", days=days)
    busy, remarks = read_busy([path], roster())
    assert taken(busy, "P-1") == ["0 1 08:00", "0 1 08:55"]
    assert {"same_day", "several_teachers"} <= {remark.kind for remark in remarks}


def test_made_up_timetables_are_read_as_they_were_made(tmp_path: Path) -> None:
    people = generate_roster(**PRESETS["small"], seed=1)
    people = replace(people, availability=())
    timetables = generate_busy(people, seed=1)
    busy, _ = read_busy(write_timetables(people, timetables, tmp_path), people)
    wanted: dict[str, set[tuple[str, int, time]]] = {"lesson": set(), "not_available": set()}
    for timetable in timetables:
        for row in timetable.rows:
            day, hour = timetable.days[row.day], timetable.hours[row.slot]
            wanted[row.kind].add((timetable.names[row.teacher], day.weekday, hour.start))
    for state, kind in (("lesson", "lesson"), ("not_in_building", "not_available")):
        found = {
            (id_, busy.grid.slots[at].weekday, busy.grid.slots[at].start)
            for row, id_ in enumerate(busy.person_id)
            for at in slots_of(getattr(busy, state)[row])
        }
        assert found == wanted[kind]


@pytest.mark.shared
def test_a_whole_city_on_five_real_timetables(tmp_path: Path, shared_data: Path) -> None:
    files = sorted((shared_data / "timetables" / "busy_csv").glob("*.csv"))
    assert len(files) == 5
    city = generate_roster(**PRESETS["city"], seed=1)
    maps = borrow_timetables(city, files, tmp_path, seed=1)
    busy, remarks = read_busy(maps, city)
    assert busy.grid.num_weeks == 2
    slots = busy.grid.slots
    same_day = [(a, b) for a, b in itertools.pairwise(slots) if (a.week, a.weekday) == (b.week, b.weekday)]
    assert all(before.end_minute <= after.start_minute for before, after in same_day)
    unknown = next(remark.message for remark in remarks if remark.kind == "unknown_week")
    members = {found.person for found in city.mentors} | {found.person for found in city.mentees}
    assert unknown.count == len(members.difference(busy.person_id))
    assert unknown.count < len(members) // 20


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "teachers", "mean", "share"),
    [
        ("RU-medcollege", 45, 7.8, 0.223),
        ("AE-ibdp", 104, 9.3, 0.007),
        ("ES-ies", 88, 2.8, 0.142),
        ("RO-orar53", 28, 0.5, 0.688),
        ("DE-dgspro", 26, 2.7, 0.080),
    ],
)
def test_pairs_of_a_real_school_share_as_many_periods_as_is_known(
    tmp_path: Path, shared_data: Path, name: str, teachers: int, mean: float, share: float
) -> None:
    ids = [f"P-{number:03}" for number in range(teachers)]
    school = Roster(
        organisations=(Organisation(id="O-1"),),
        people=tuple(Person(id=id_, organisation="O-1", teaching_hours=18.0) for id_ in ids),
        mentors=tuple(Mentor(person=id_) for id_ in ids),
    )
    maps = borrow_timetables(school, [shared_data / "timetables" / "busy_csv" / f"{name}.csv"], tmp_path, seed=1)
    busy, _ = read_busy(maps, school)
    teaching = [id_ for id_ in ids if busy.lesson[busy.rows([id_])[0]].any()]
    free, known = busy.free(teaching, online=False)
    assert known.all()
    common = np.array([count_bits(a & b) for a, b in itertools.combinations(free, 2)])
    assert common.mean() == pytest.approx(mean, abs=0.05)
    assert (common == 0).mean() == pytest.approx(share, abs=0.0005)


def test_a_folder_is_no_map_and_no_table(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    assert faults_of([tmp_path / "tables"], roster()) == [("tables", "a folder stands where a file is needed")]
    path = write_map(tmp_path, {"A": "P-1"}, "A Mon 1 lesson")
    path.write_text(path.read_text(encoding="utf-8").replace('"O-1.csv"', '"tables"'), encoding="utf-8")
    assert faults_of([path], roster()) == [("O-1.toml:2: file", f"“{tmp_path / 'tables'}” is a folder, not a file")]
