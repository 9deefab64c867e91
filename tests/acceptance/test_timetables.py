"""The command `timetable`: five real timetables, their twins, and the way from a file to known weeks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.importers import SCHOOLS, lesson_rows
from matcher.cli import language, start
from matcher.generate.roster import generate_roster
from matcher.io.busy_map import read_map
from matcher.io.read_busy import read_busy
from matcher.io.read_roster import read_roster
from matcher.io.timetable.read_timetable import read_timetable
from matcher.io.timetable.school import SchoolTimetable
from matcher.io.write_roster import write_roster
from matcher.roster import Mentee, Mentor, Organisation, Person, Roster
from tests.unit.io.timetable.files import FET, FET_ROWS, asc, changed, write
from tests.unit.io.timetable.test_calendar import ONCE, WEEKLY, calendar


def run(*words: object, lang: str = "ru") -> object:
    """Run the command and return its exit code."""
    language.choose("ru" if lang == "ru" else "en")
    with pytest.raises(SystemExit) as end:
        start._run("ru" if lang == "ru" else "en", [str(word) for word in words])
    return end.value.code


@pytest.mark.shared
@pytest.mark.parametrize("name", SCHOOLS)
def test_the_busy_slots_of_real_schools_are_reproduced(tmp_path: Path, shared_data: Path, name: str) -> None:
    folder = shared_data / "timetables"
    assert run("timetable", folder / f"{name}.fet", "-o", tmp_path / "busy.csv") == start.FINE
    assert (tmp_path / "busy.csv").read_bytes() == (folder / "busy_csv" / f"{name}.csv").read_bytes()


@pytest.mark.shared
def test_the_twins_of_the_college_have_the_same_lessons(shared_data: Path) -> None:
    fet = read_timetable(shared_data / "timetables" / "RU-medcollege.fet")
    twin = read_timetable(shared_data / "timetables" / "RU-medcollege.asc.xml")
    assert len(lesson_rows(fet)) == 841
    assert lesson_rows(twin) == lesson_rows(fet)
    assert any(remark.kind == "no_absence" for remark in twin.remarks)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "placed", "wanted"), [("ES-ies", 1205, 1228), ("RU-medcollege", 562, 562), ("AE-ibdp", 1585, 1585)]
)
def test_lessons_are_counted(shared_data: Path, name: str, placed: int, wanted: int) -> None:
    found = read_timetable(shared_data / "timetables" / f"{name}.fet")
    assert (found.num_placed, found.num_wanted) == (placed, wanted)


@pytest.mark.shared
@pytest.mark.parametrize(
    "file", ["AE-ibdp.fet", "DE-dgspro.fet", "ES-ies.fet", "RO-orar53.fet", "RU-medcollege.asc.xml"]
)
def test_drafts_of_real_schools_are_read_without_faults(tmp_path: Path, shared_data: Path, file: str) -> None:
    source = shared_data / "timetables" / file
    found = read_timetable(source)
    roster = roster_of(found)
    write_roster(roster, tmp_path / "r.xlsx")
    words = ("--map-out", tmp_path / "map.toml", "--roster", tmp_path / "r.xlsx")
    assert run("timetable", source, "-o", tmp_path / "busy.csv", *words) == start.FINE
    drafted, faults = read_map(tmp_path / "map.toml")
    assert faults == []
    assert drafted is not None
    assert len(drafted.names) == len(found.teachers)
    busy, remarks = read_busy([tmp_path / "map.toml"], read_roster(tmp_path / "r.xlsx"))
    assert len(busy.person_id) == len({row.teacher for row in found.rows})
    assert not [remark for remark in remarks if remark.kind in ("unknown_teachers", "same_day")]


def roster_of(found: SchoolTimetable) -> Roster:
    """Return a roster in which every teacher of a file is a person of one school."""
    people = tuple(
        Person(id=f"P-{at}", organisation="O-1", name=f"Teacher {at}", timetable_name=name)
        for at, name in enumerate(found.teachers)
    )
    return Roster(
        organisations=(Organisation(id="O-1"),),
        people=people,
        mentors=(Mentor(person="P-0"),),
        mentees=(Mentee(person="P-1"),),
    )


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    people = {"P-1": "Орлова Анна Ивановна", "P-2": "Белов Пётр Павлович", "P-3": "Зуева Ксения Олеговна"}
    found = Roster(
        organisations=(Organisation(id="O-1"),),
        people=tuple(Person(id=id_, organisation="O-1", name=name) for id_, name in people.items()),
        mentors=(Mentor(person="P-1"),),
        mentees=(Mentee(person="P-2"), Mentee(person="P-3")),
    )
    write_roster(found, tmp_path / "r.xlsx")
    return tmp_path / "r.xlsx"


def test_a_file_becomes_slots_a_map_and_a_report(
    tmp_path: Path, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, "t.xml", changed(asc(), ("Белов П. И.", "Белов П. А.")))
    words = ("-o", tmp_path / "b.csv", "--map-out", tmp_path / "m.toml", "--roster", roster)
    assert run("timetable", file, *words) == start.FINE
    printed = capsys.readouterr().out
    for said in (
        "t.xml: aSc TimeTables 2024.1.1",
        "2 учителя, из них с занятиями 2",
        "4 дня × 2 часа",
        "занятий прочитано: 2 из 2; занято 6 часов учителей",
        "1 кабинет, 1 здание",
        "aSc не выгружает, когда кого нет в здании",
        "Найдено в реестре: 1 учитель",
        "2 участника подбора в файле не найдены:",
        "P-2 (Белов Пётр Павлович): возможно, Белов П. А.",
        "1 учителя из файла нет в реестре:",
        "Белов П. А.: возможно, P-2 (Белов Пётр Павлович)",
        f"Записано: {tmp_path / 'm.toml'}",
    ):
        assert said in printed, printed
    _, faults = read_map(tmp_path / "m.toml")
    assert faults == []
    assert '# "Белов П. А." = "P-2"' in (tmp_path / "m.toml").read_text(encoding="utf-8")


def test_the_report_in_english_without_a_roster(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("timetable", write(tmp_path, "t.fet", FET), "-o", tmp_path / "b.csv", lang="en") == start.FINE
    printed = capsys.readouterr().out
    assert "t.fet: FET 6.8.5, “School 5”" in printed
    assert "lessons read: 2 of 3; 4 hours of teachers are taken" in printed
    assert "1 activity has no place in the timetable: 3" in printed
    assert (tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()[1:] == FET_ROWS


def test_a_personal_calendar_has_a_second_table(tmp_path: Path, roster: Path) -> None:
    file = write(tmp_path, "t.ics", calendar(WEEKLY, ONCE))
    words = ("-o", tmp_path / "b.csv", "--map-out", tmp_path / "m.toml", "--roster", roster, "--year", "2025")
    assert run("timetable", file, *words) == start.FINE
    assert "Орлова А. И.,2025-10-15,12:00,13:00,lesson" in (tmp_path / "b.dated.csv").read_text(encoding="utf-8")
    busy, _ = read_busy([tmp_path / "m.toml"], read_roster(roster))
    assert busy.person_id == ("P-1",)
    assert [(slot.weekday, slot.start_minute, slot.end_minute) for slot in busy.grid.slots][:1] == [(1, 540, 630)]


def test_nothing_placed_is_a_negative_answer(tmp_path: Path) -> None:
    empty = changed(
        FET, ("<Weight_Percentage>100</Weight_Percentage><Act", "<Weight_Percentage>50</Weight_Percentage><Act")
    )
    assert run("timetable", write(tmp_path, "t.fet", empty), "-o", tmp_path / "b.csv") == start.NEGATIVE


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--map-out", "m.toml"], "--map-out: для этого нужен реестр"),
        (["--organisation", "O-1"], "--organisation: для этого нужен реестр"),
        (["--year", "12"], "--year: это значение не подходит"),
        (["--columns", "absent.toml"], "absent.toml: описание столбцов нужно только для книг Excel"),
    ],
)
def test_wrong_words(tmp_path: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("timetable", write(tmp_path, "t.fet", FET), "-o", tmp_path / "b.csv", *words) == start.WRONG_INPUT
    assert said in capsys.readouterr().err
    assert not (tmp_path / "b.csv").exists()


def test_a_result_does_not_replace_what_it_is_read_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "t.fet", FET)
    assert run("timetable", file, "-o", file) == start.WRONG_INPUT
    assert "-o: результат затёр бы файл" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == FET


def test_a_wrong_file_is_told_with_place_and_cure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = changed(FET, ("<Preferred_Day>Mon", "<Preferred_Day>Mno"), ("<Duration>1<", "<Duration>0<"))
    assert run("timetable", write(tmp_path, "t.fet", wrong), "-o", tmp_path / "b.csv") == start.WRONG_INPUT
    told = capsys.readouterr().err
    assert "t.fet: Activity 2: «0» – не число часов → напишите целое число от 1" in told
    assert "Traceback" not in told


def test_a_city_needs_to_know_whose_timetable_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = generate_roster(num_mentees=4, num_mentors=4, num_organisations=2, num_municipalities=1, seed=1)
    write_roster(made, tmp_path / "city.xlsx")
    words = ("-o", tmp_path / "b.csv", "--roster", tmp_path / "city.xlsx")
    assert run("timetable", write(tmp_path, "t.fet", FET), *words) == start.WRONG_INPUT
    told = capsys.readouterr().err
    assert "--organisation: в реестре несколько организаций" in told
    assert made.organisations[0].id in told
