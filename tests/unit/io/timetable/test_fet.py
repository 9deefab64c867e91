"""FET files of versions 5 to 7, and every way in which they can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.io.timetable.read_timetable import read_timetable
from matcher.io.timetable.write_busy import write_busy_csv
from tests.unit.io.timetable.files import FET, FET_ROWS, changed, faults_of, remarks_of, rows_of, slots_of, write

OLD_LISTS = (
    ("<Day><Name>Mon</Name></Day><Day><Name>Tue</Name></Day>", "<Name>Mon</Name><Name>Tue</Name>"),
    (
        "<Hour><Name>08:00</Name></Hour><Hour><Name>08:55</Name></Hour><Hour><Name>09:50</Name></Hour>",
        "<Name>08:00</Name><Name>08:55</Name><Name>09:50</Name>",
    ),
    ("Number_of_Days", "Number"),
    ("Number_of_Hours", "Number"),
    ("<Mode>Official</Mode>\n", ""),
    ('version="6.8.5"', 'version="5.3.1"'),
)


def test_rows_are_sorted_by_teacher_day_and_slot(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.fet", FET))
    assert rows_of(found) == FET_ROWS
    assert (found.file_format, found.title) == ("FET 6.8.5", "School 5")
    assert (found.num_placed, found.num_wanted, found.num_rooms, found.num_buildings) == (2, 3, 1, 1)
    assert remarks_of(found) == {"unplaced": "1 activity has no place in the timetable: 3"}


def test_the_table_has_the_columns_of_busy_slots(tmp_path: Path) -> None:
    write_busy_csv(read_timetable(write(tmp_path, "t.fet", FET)), tmp_path / "busy.csv")
    heading = "teacher,day_index,day_name,slot_index,slot_name,kind,activity_id,room,building"
    assert (tmp_path / "busy.csv").read_bytes() == "\n".join([heading, *FET_ROWS, ""]).encode()


@pytest.mark.parametrize(
    "changes",
    [
        OLD_LISTS,
        (("<Active>true</Active>", ""),),
        (("<Active>true</Active>", "<Active>yes</Active>"),),
        (("<Teacher>Belov</Teacher>\n<Not", "<Teacher_Name>Belov</Teacher_Name>\n<Not"),),
        (("ConstraintActivityPreferredStartingTime", "ConstraintActivityPreferredTime"),),
        (
            ("TeacherNotAvailableTimes", "TeacherNotAvailable"),
            (
                "<Not_Available_Time><Day>Mon</Day><Hour>09:50</Hour></Not_Available_Time>",
                "<Day>Mon</Day><Start_Hour>09:50</Start_Hour><End_Hour></End_Hour>",
            ),
        ),
        (('version="6.8.5"', 'version="7.1.0"'),),
        (("<fet ", "<FET "), ("</fet>", "</FET>")),
        (('<?xml version="1.0" encoding="UTF-8"?>\n', "\ufeff"),),
    ],
    ids=["lists of 5", "no Active", "yes", "Teacher_Name", "PreferredTime", "NotAvailable", "7", "FET", "BOM"],
)
def test_other_versions_say_the_same(tmp_path: Path, changes: tuple[tuple[str, str], ...]) -> None:
    assert rows_of(read_timetable(write(tmp_path, "t.fet", changed(FET, *changes)))) == FET_ROWS


def test_a_newer_version_is_read_and_remarked(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.fet", changed(FET, ('"6.8.5"', '"8.0.0"'))))
    assert rows_of(found) == FET_ROWS
    assert "8.0.0" in remarks_of(found)["new_version"]


def test_what_is_switched_off_is_passed_over(tmp_path: Path) -> None:
    off = ("<Id>2</Id><Active>true</Active>", "<Id>2</Id><Active>false</Active>")
    room = ("<Room>12</Room>\n<Active>true", "<Room>12</Room>\n<Active>false")
    found = read_timetable(write(tmp_path, "t.fet", changed(FET, off, room)))
    assert slots_of(found) == ["(Belov Mon 09:50)", "Orlova Mon 08:55 -", "Orlova Mon 09:50 -"]
    assert remarks_of(found)["inactive_activities"].startswith("1 activity")
    assert remarks_of(found)["inactive_constraints"].startswith("1 constraint")


def test_a_wish_for_a_time_places_nothing(tmp_path: Path) -> None:
    wish = (
        "<Weight_Percentage>100</Weight_Percentage><Activity_Id>1<",
        "<Weight_Percentage>99</Weight_Percentage><Activity_Id>1<",
    )
    found = read_timetable(write(tmp_path, "t.fet", changed(FET, wish)))
    assert "Orlova Mon 08:55 12" not in slots_of(found)
    assert remarks_of(found)["unplaced"].endswith("1, 3")


def test_an_unknown_room_is_kept_without_a_building(tmp_path: Path) -> None:
    found = read_timetable(write(tmp_path, "t.fet", changed(FET, ("<Room>12</Room>", "<Room>13</Room>"))))
    assert "Orlova,0,Mon,1,08:55,lesson,1,13," in rows_of(found)
    assert remarks_of(found)["unknown_rooms"].endswith("13")


def test_the_heavier_of_two_rooms_counts(tmp_path: Path) -> None:
    second = (
        "<Space_Constraints_List>\n",
        "<Space_Constraints_List>\n<ConstraintActivityPreferredRoom><Weight_Percentage>100</Weight_Percentage>"
        "<Activity_Id>1</Activity_Id><Room>Gym</Room></ConstraintActivityPreferredRoom>\n",
    )
    assert "Orlova Mon 08:55 Gym" in slots_of(read_timetable(write(tmp_path, "t.fet", changed(FET, second))))


def test_a_teacher_in_two_lessons_at_once_is_remarked(tmp_path: Path) -> None:
    both = (
        "<Preferred_Day>Tue</Preferred_Day><Preferred_Hour>08:00",
        "<Preferred_Day>Mon</Preferred_Day><Preferred_Hour>08:55",
    )
    found = read_timetable(write(tmp_path, "t.fet", changed(FET, both)))
    assert remarks_of(found)["clashes"] == "1 teacher stands in two lessons at once: Orlova"


def test_constraints_that_say_nothing_of_times_are_counted(tmp_path: Path) -> None:
    more = ("<Time_Constraints_List>\n", "<Time_Constraints_List>\n" + "<ConstraintMinDaysBetweenActivities/>" * 2)
    found = read_timetable(write(tmp_path, "t.fet", changed(FET, more)))
    assert remarks_of(found)["ignored_constraints"].startswith("2 constraints")
    assert "MinDaysBetweenActivities (2)" in remarks_of(found)["ignored_constraints"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([('"6.8.5"', '"3.12"')], "t.fet: FET files of the version “3.12” cannot be read"),
        ([(' version="6.8.5"', "")], "FET files of the version “” cannot be read"),
        ([("<Day><Name>Mon</Name></Day><Day><Name>Tue</Name></Day>", "")], "t.fet: Days_List: the list is missing"),
        ([("<Name>Tue</Name>", "<Name>Mon</Name>")], "t.fet: Days_List: the name “Mon” stands twice"),
        (
            [("<Preferred_Day>Mon", "<Preferred_Day>Mno")],
            "t.fet: ConstraintActivityPreferredStartingTime, Activity_Id 1: the file has no day or hour “Mno”",
        ),
        (
            [("<Preferred_Hour>08:00", "<Preferred_Hour>8:00")],
            "Activity_Id 2: the file has no day or hour “8:00” → perhaps 08:00",
        ),
        ([("<Day>Mon</Day><Hour>", "<Day>Sun</Day><Hour>")], "Teacher Belov: the file has no day or hour “Sun”"),
        (
            [("<Teacher>Orlova</Teacher><Duration>2", "<Teacher>Orlowa</Teacher><Duration>2")],
            "Activity 1: the file's list of teachers has no “Orlowa” → perhaps Orlova",
        ),
        ([("<Duration>2<", "<Duration>3<")], "t.fet: Activity 1: a lesson of 3 hours begins too late"),
        ([("<Duration>2<", "<Duration>many<")], "t.fet: Activity 1: “many” is no number of hours"),
        ([("<Id>2</Id>", "<Id>1</Id>")], "t.fet: Activity 1: an activity has no id, or one that another has"),
        (
            [("<Activity_Id>2</Activity_Id>\n<Preferred_Day>Tue", "<Activity_Id>1</Activity_Id>\n<Preferred_Day>Tue")],
            "Activity_Id 1: the activity is placed at two different times",
        ),
    ],
)
def test_wrong_contents(tmp_path: Path, changes: list[tuple[str, str]], said: str) -> None:
    faults = faults_of(write(tmp_path, "t.fet", changed(FET, *changes)))
    assert any(said in fault for fault in faults), faults


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    wrong = [("<Preferred_Day>Mon", "<Preferred_Day>Mno"), ("<Preferred_Hour>08:00", "<Preferred_Hour>8:00")]
    assert len(faults_of(write(tmp_path, "t.fet", changed(FET, *wrong)))) == 2
