"""aSc exports: new and old masks, encodings that lie, and every way in which they can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.io.timetable.read_timetable import read_timetable
from tests.unit.io.timetable.files import ASC_ROWS, asc, changed, faults_of, remarks_of, rows_of, slots_of, write

OLD_DAYS = '<days><day name="Понедельник" short="По" day="0"/><day name="Вторник" short="Вт" day="1"/></days>\n'


def old_form() -> str:
    """Return the same lessons as an older export writes them, in one week."""
    new = asc()
    start, end = new.index("<daysdefs>"), new.index("<termsdefs>")
    return changed(
        new[:start] + OLD_DAYS + new[end:],
        (' weeks="10" terms="1" days="10"', ' day="0"'),
        (' weeks="11" terms="1" days="01"', ' day="1"'),
    )


def test_cards_become_rows(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.xml", asc()))
    assert rows_of(found) == ASC_ROWS
    assert (found.num_placed, found.num_wanted) == (2, 2)
    assert [(day.week, day.weekday) for day in found.days] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    assert [(hour.start_minute, hour.end_minute) for hour in found.hours] == [(480, 525), (535, 580)]


def test_asc_says_nothing_of_absences(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.xml", asc()))
    assert not found.knows_not_in_building
    assert "not in the building" in remarks_of(found)["no_absence"]


@pytest.mark.parametrize(
    ("declared", "encoding", "is_lie"),
    [
        ("UTF-8", "utf-8", False),
        ("windows-1251", "windows-1251", False),
        ("utf-8", "windows-1251", True),
        ("windows-1251", "utf-8", True),
        ("windows-1252", "windows-1251", True),
        ("UTF-16", "utf-16", False),
        ("UTF-8", "utf-8-sig", False),
        ("utf-8", "utf-16", True),
    ],
)
def test_the_letters_decide_not_the_declaration(tmp_path: Path, declared: str, encoding: str, is_lie: bool) -> None:
    found = read_timetable(write(tmp_path, "t.xml", asc(declared).encode(encoding)))
    assert rows_of(found) == ASC_ROWS
    assert ("encoding" in remarks_of(found)) == is_lie


def test_german_letters_of_one_byte_are_not_taken_for_russian(tmp_path: Path) -> None:
    german = changed(asc("ISO-8859-1"), ("Орлова А. И.", "Köhler Jürgen"), ("Белов П. И.", "Groß Günter"))
    for russian, latin in (("Любой день", "X"), ("Понедельник", "Montag"), ("По", "M"), ("Вторник", "Di"), ("Вт", "D")):
        german = german.replace(russian, latin)
    for russian, latin in (("Все недели", "W"), ("Неделя А", "A"), ("Неделя В", "B"), ("Год", "J"), ("Главное", "H")):
        german = german.replace(russian, latin)
    for russian, latin in (("Все", "W"), ("Нед", "W"), ("Ор", "O"), ("Бе", "B")):
        german = german.replace(russian, latin)
    found = read_timetable(write(tmp_path, "t.xml", german.encode("iso-8859-1")))
    assert set(found.teachers) == {"Köhler Jürgen", "Groß Günter"}


def test_an_encoding_that_nothing_fits_is_a_fault(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, "t.xml", asc().encode("koi8-r")))
    assert faults[0].startswith("t.xml: the letters of the file cannot be read: byte")


def test_a_damaged_letter_is_told_with_its_byte(tmp_path: Path) -> None:
    data = bytearray(asc().encode("utf-8"))
    at = data.index("Орлова".encode())
    data[at] = 0xFF
    faults = faults_of(write(tmp_path, "t.xml", bytes(data)))
    assert f"byte {at + 1} fits no encoding" in faults[0]


def test_older_exports_number_their_days(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.xml", old_form()))
    assert slots_of(found) == [
        "Белов П. И. Вторник 08:00 -",
        "Орлова А. И. Понедельник 08:00 12",
        "Орлова А. И. Понедельник 08:55 12",
        "Орлова А. И. Вторник 08:00 -",
    ]


def test_a_card_of_no_day_is_unplaced(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.xml", changed(asc(), ('days="01"/>\n</cards>', 'days="00"/>\n</cards>'))))
    assert found.num_placed == 1
    assert remarks_of(found)["unplaced_cards"].startswith("1 card")
    assert remarks_of(found)["unplaced"].endswith("L2")


def test_a_lesson_without_all_its_hours_is_named(tmp_path: Path) -> None:
    found = read_timetable(
        write(
            tmp_path,
            "t.xml",
            changed(asc(), ('periodsperweek="1" teacherids="T1"/', 'periodsperweek="2" teacherids="T1"/')),
        )
    )
    assert (found.num_placed, found.num_wanted) == (1, 2)
    assert remarks_of(found)["unplaced"].endswith("L1")


def test_periods_without_a_clock_keep_their_names(tmp_path: Path) -> None:
    bare = changed(asc(), (' starttime="8:00" endtime="8:45"', ""), (' starttime="8:55" endtime="9:40"', ""))
    assert [hour.name for hour in read_timetable(write(tmp_path, "t.xml", bare)).hours] == ["1", "2"]


def test_a_lesson_without_class_or_teacher_is_no_fault(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.xml", changed(asc(), ('teacherids="T1,T2"', 'teacherids=""'))))
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            [('weeks="11" terms', 'weeks="111" terms')],
            "t.xml: card, lessonid L2: weeks: the mask “111” does not have 2 signs",
        ),
        (
            [('days="01"/>\n</cards>', 'days="010"/>\n</cards>')],
            "lessonid L2: days: the mask “010” does not have 2 signs",
        ),
        ([('days="01"/>\n</cards>', 'days="0X"/>\n</cards>')], "lessonid L2: days: the mask “0X”"),
        (
            [('<card lessonid="L2"', '<card lessonid="L9"')],
            "lessonid L9: a card belongs to a lesson that is not in the list",
        ),
        ([('teacherids="T1,T2"', 'teacherids="T1,T9"')], "t.xml: lesson L2: the file's list of teachers has no “T9”"),
        ([('classroomids="R1"', 'classroomids="R9"')], "lessonid L1: the file has no classroom “R9”"),
        ([('classroomids="" period="1"', 'classroomids="" period="7"')], "lessonid L2: the file has no period “7”"),
        ([('<lesson id="L2"', '<lesson id="L1"')], "t.xml: lesson L1: a lesson has no id, or one that another has"),
        ([('short="2" period="2"', 'short="2" period="1"')], "t.xml: period 1: a period has no number"),
        ([("<period ", "<per ")], "t.xml: periods: the list is missing or empty"),
        ([("<teacher ", "<tea ")], "t.xml: teachers: the list is missing or empty"),
    ],
)
def test_wrong_contents(tmp_path: Path, changes: list[tuple[str, str]], said: str) -> None:
    faults = faults_of(write(tmp_path, "t.xml", changed(asc(), *changes)))
    assert any(said in fault for fault in faults), faults


def test_an_old_day_out_of_range_is_a_fault(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, "t.xml", changed(old_form(), ('period="1" day="1"', 'period="1" day="5"'))))
    assert "the file has no day “5” → write a number from 0 to 1" in faults[0]
