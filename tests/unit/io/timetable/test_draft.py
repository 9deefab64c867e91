"""The draft of a map: hours, people, and a text that the reader of maps takes without a word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.io.busy_map import MapDay, read_map
from matcher.io.read_busy import read_busy
from matcher.io.timetable.draft.days import draft_days
from matcher.io.timetable.draft.hours import draft_hours
from matcher.io.timetable.draft.map_text import choose_organisation, map_text
from matcher.io.timetable.draft.people import match_people
from matcher.io.timetable.read_timetable import read_timetable
from matcher.io.timetable.school import CycleDay, CycleHour, SchoolTimetable
from matcher.io.timetable.write_busy import write_busy_csv
from matcher.roster import Mentee, Mentor, Organisation, Person, Roster
from tests.unit.io.timetable.files import FET, changed, write

PEOPLE = {
    "P-1": "Орлова Анна Ивановна",
    "P-2": "Белов Пётр Павлович",
    "P-3": "Белова Полина Павловна",
    "P-4": "Гусев Олег Львович",
    "P-5": "Гусев Олег Леонидович",
    "P-6": "Зуева Ксения",
}
ROSTER = Roster(
    organisations=(Organisation(id="O-1", name="School 5"), Organisation(id="O-2", name="School 6")),
    people=(
        *(Person(id=id_, organisation="O-1", name=name) for id_, name in PEOPLE.items()),
        Person(id="Q-1", organisation="O-2", name="Лисина Елена Егоровна"),
        Person(id="P-7", organisation="O-1", name="Щукина Инна", timetable_name="ЩИН"),
    ),
    mentors=(Mentor(person="P-1"), Mentor(person="P-6"), Mentor(person="Q-1")),
    mentees=(Mentee(person="P-2"), Mentee(person="P-3")),
)


def hours(*names: str) -> list[tuple[int, int]]:
    drafted = draft_hours([CycleHour(name=name) for name in names])
    assert all(hour.is_guessed for hour in drafted)
    return [(hour.start_minute, hour.end_minute) for hour in drafted]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("08:30", "10:10", "12:20"), [(510, 600), (610, 700), (740, 830)]),
        (("07:30", "08:25", "09:25"), [(450, 495), (505, 550), (565, 610)]),
        (("11:00", "12:00"), [(660, 710), (720, 770)]),
        (("1ª 08:15 - FP08:15", "3ª 10:30 - FP10:15"), [(495, 605), (615, 725)]),
        (("8:00-8:45", "8:50-9:35"), [(480, 525), (530, 575)]),
        (("23:30",), [(1410, 1440)]),
        (("Period 1", "Period 2"), [(510, 555), (565, 610)]),
    ],
)
def test_hours_by_their_names(names: tuple[str, ...], expected: list[tuple[int, int]]) -> None:
    assert hours(*names) == expected


def test_hours_that_the_file_tells_are_no_guesses() -> None:
    (hour,) = draft_hours([CycleHour(name="1", start_minute=500, end_minute=540)])
    assert (hour.start_minute, hour.end_minute, hour.is_guessed) == (500, 540, False)


def test_hours_without_times_follow_one_another_in_their_shift() -> None:
    told = CycleHour(name="2", start_minute=600, end_minute=640)
    drafted = draft_hours([CycleHour(name="1"), told, CycleHour(name="3"), CycleHour(name="2/1", shift=2)])
    assert [(hour.start_minute, hour.end_minute) for hour in drafted] == [
        (510, 555),
        (600, 640),
        (650, 695),
        (840, 885),
    ]
    assert [hour.is_guessed for hour in drafted] == [True, False, True, True]


def test_the_order_of_days_speaks_where_names_do_not() -> None:
    days = draft_days([CycleDay(name=f"Day {at}") for at in range(1, 11)])
    assert [(day.week, day.weekday) for day in days[4:7]] == [("A", 5), ("B", 1), ("B", 2)]
    assert all(day.is_guessed for day in days)
    assert not any(day.is_guessed for day in draft_days([CycleDay(name="Mon", weekday=1)]))


@pytest.mark.parametrize(
    ("teacher", "person", "is_guessed"),
    [
        ("Орлова Анна Ивановна", "P-1", False),
        ("орлова  анна ивановна", "P-1", False),
        ("Орлова А. И.", "P-1", False),
        ("Орлова А.И.", "P-1", False),
        ("А. И. Орлова", "P-1", False),
        ("Орлова А.", "P-1", False),
        ("Орлова Анна", "P-1", False),
        ("Белов П. П.", "P-2", False),
        ("ЩИН", "P-7", False),
        ("Зуева", "P-6", True),
        ("Орлова", "P-1", True),
    ],
)
def test_people_by_the_ways_to_write_them(teacher: str, person: str, is_guessed: bool) -> None:
    found = match_people([teacher], ROSTER, "O-1")
    assert found.names == {teacher: person}
    assert (teacher in found.guessed) == is_guessed


def test_a_name_that_several_answer_to_is_left_open_or_a_guess() -> None:
    found = match_people(["Гусев О. Л.", "Гусев Олег Леонидович"], ROSTER, "O-1")
    assert found.names == {"Гусев О. Л.": "P-4", "Гусев Олег Леонидович": "P-5"}
    assert found.guessed == {"Гусев О. Л."}
    both = match_people(["Гусев О. Л."], ROSTER, "O-1")
    assert both.names == {}
    assert both.unclear == {"Гусев О. Л.": ("P-4", "P-5")}


def test_two_teachers_of_one_name_are_left_open() -> None:
    found = match_people(["Орлова А. И.", "Орлова А.И."], ROSTER, "O-1")
    assert found.names == {}


def test_people_of_other_organisations_are_not_looked_up() -> None:
    found = match_people(["Лисина Е. Е."], ROSTER, "O-1")
    assert found.names == {}
    assert "Лисина Е. Е." in found.strangers


def test_who_is_left_over_has_similar_names() -> None:
    found = match_people(["Орлова А. Н.", "Зуева К.", "Ы"], ROSTER, "O-1")
    assert found.missing == {"P-1": ("Орлова А. Н.",), "P-2": (), "P-3": ()}
    assert found.strangers == {"Орлова А. Н.": ("P-1",), "Ы": ()}


def test_the_organisation_is_told_or_the_only_one_or_of_the_same_name(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.fet", FET))
    assert choose_organisation(ROSTER, "O-2", found).id == "O-2"
    assert choose_organisation(ROSTER, None, found).id == "O-1"
    assert choose_organisation(replace(ROSTER, organisations=ROSTER.organisations[1:]), None, found).id == "O-2"
    with pytest.raises(InputError, match="--organisation: the roster has no organisation “O-3”"):
        choose_organisation(ROSTER, "O-3", found)
    with pytest.raises(InputError, match="--organisation: the roster has several organisations"):
        choose_organisation(ROSTER, None, replace(found, title="elsewhere"))


def drafted(folder: Path, found: SchoolTimetable) -> Path:
    (folder / "out").mkdir(exist_ok=True)
    write_busy_csv(found, folder / "out" / "busy.csv")
    matched = match_people(found.teachers, ROSTER, "O-1")
    text = map_text(found, matched, ROSTER.organisations[0], folder / "out" / "busy.csv", folder / "map.toml", "ru")
    return write(folder, "map.toml", text)


def test_the_draft_is_read_without_faults(tmp_path: Path) -> None:
    content = changed(FET, ("Orlova", "Орлова А. И."), ("Belov", "Белов"))
    path = drafted(tmp_path, read_timetable(write(tmp_path, "t.fet", content)))
    found, faults = read_map(path)
    assert faults == []
    assert found is not None
    assert found.names == {"Орлова А. И.": "P-1", "Белов": "P-2"}
    assert found.days == {"Mon": MapDay(week=None, weekday=1), "Tue": MapDay(week=None, weekday=2)}
    busy, _ = read_busy([path], ROSTER)
    assert set(busy.person_id) == {"P-1", "P-2"}
    text = path.read_text(encoding="utf-8")
    assert 'file = "out/busy.csv"' in text
    assert '"Белов" = "P-2"  # предположение, проверьте' in text
    assert '"08:00" = { from = "08:00", to = "08:45", shift = 1 }  # предположение, проверьте' in text


def test_half_days_have_bells_of_their_own(tmp_path: Path) -> None:
    halves = changed(FET, ("Mon<", "Понедельник утро<"), ("Tue<", "Понедельник вечер<"), ("Orlova", "Орлова А. И."))
    for at, clock in enumerate(("08:00", "08:55", "09:50"), start=1):
        halves = halves.replace(clock, str(at))
    path = drafted(tmp_path, read_timetable(write(tmp_path, "t.fet", halves)))
    busy, _ = read_busy([path], ROSTER)
    starts = [slot.start_minute for slot in busy.grid.slots]
    assert starts == [510, 565, 620, 840, 895, 950]
    row = busy.person_id.index("P-1")
    assert busy.lesson[row, 0] == 0b001110


def test_names_of_any_letters_survive_the_draft(tmp_path: Path) -> None:
    odd = changed(FET, ("Orlova", "Орлова “Ё” \\ &quot;x&quot;"), ("Mon<", "пн &quot;А&quot; # 1<"))
    path = drafted(tmp_path, read_timetable(write(tmp_path, "t.fet", odd)))
    _, faults = read_map(path)
    assert faults == []
    read_busy([path], ROSTER)
