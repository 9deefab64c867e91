"""Personal calendars: what comes back each week, what does not, and what no reader should unroll."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from matcher.io.tables import child
from matcher.io.timetable.read_timetable import Aids, read_timetable
from matcher.io.timetable.school import SchoolTimetable
from matcher.io.timetable.write_busy import write_dated_csv
from tests.unit.io.timetable.files import faults_of, remarks_of, slots_of, write

WEEKLY = """UID:weekly
DTSTART;TZID=Europe/Moscow:20250902T090000
DTEND;TZID=Europe/Moscow:20250902T103000
RRULE:FREQ=WEEKLY;UNTIL=20260525T000000Z
SUMMARY:Кружок"""
OTHER_WEEK = """UID:other
DTSTART;TZID=Europe/Moscow:20250911T150000
DTEND;TZID=Europe/Moscow:20250911T160000
RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20260525T000000Z"""
ONCE = """UID:once
DTSTART;TZID=Europe/Moscow:20251015T120000
DTEND;TZID=Europe/Moscow:20251015T130000"""


def calendar(*events: str, head: str = "X-WR-CALNAME:Орлова А. И.") -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", head]
    for event in events:
        lines += ["BEGIN:VEVENT", "DTSTAMP:20250801T000000Z", *event.splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def read(folder: Path, *events: str, aids: Aids | None = None) -> SchoolTimetable:
    return read_timetable(write(folder, "t.ics", calendar(*events)), aids)


def dated_of(found: SchoolTimetable) -> list[str]:
    return [f"{row.day} {row.start_minute}-{row.end_minute} {row.kind}" for row in found.dated]


def test_an_event_of_each_week_is_a_slot(tmp_path: Path) -> None:
    found = read(tmp_path, WEEKLY)
    assert slots_of(found) == ["Орлова А. И. Вторник 09:00–10:30 -"]
    assert [(hour.start_minute, hour.end_minute) for hour in found.hours] == [(540, 630)]
    assert found.dated == ()
    assert remarks_of(found)["school_year"] == "read for the school year 2025/2026"


def test_every_other_week_makes_two_weeks(tmp_path: Path) -> None:
    found = read(tmp_path, WEEKLY, OTHER_WEEK)
    assert slots_of(found) == [
        "Орлова А. И. А-Вторник 09:00–10:30 -",
        "Орлова А. И. Б-Вторник 09:00–10:30 -",
        "Орлова А. И. Б-Четверг 15:00–16:00 -",
    ]


def test_what_happens_once_is_dated(tmp_path: Path) -> None:
    found = read(tmp_path, WEEKLY, ONCE)
    assert dated_of(found) == ["2025-10-15 720-780 lesson"]
    write_dated_csv(found, tmp_path / "d.csv")
    assert (tmp_path / "d.csv").read_text(encoding="utf-8").splitlines() == [
        "teacher,day,from,to,kind",
        "Орлова А. И.,2025-10-15,12:00,13:00,lesson",
    ]


def test_single_events_that_fall_each_week_are_a_slot(tmp_path: Path) -> None:
    days = ["0901", "0908", "0915", "0922", "0929", "1006"]
    events = [f"UID:{day}\nDTSTART:2025{day}T100000\nDTEND:2025{day}T110000" for day in days]
    found = read(tmp_path, *events)
    assert slots_of(found) == ["Орлова А. И. Понедельник 10:00–11:00 -"]


def test_a_series_of_less_than_half_the_year_is_dated(tmp_path: Path) -> None:
    short = WEEKLY.replace("UID:weekly", "UID:short").replace("T0900", "T1700").replace("T1030", "T1800")
    short = short.replace("UNTIL=20260525T000000Z", "COUNT=6")
    found = read(tmp_path, WEEKLY, short)
    assert slots_of(found) == ["Орлова А. И. Вторник 09:00–10:30 -"]
    assert len(found.dated) == 6


def test_a_moved_and_a_left_out_meeting(tmp_path: Path) -> None:
    moved = (
        "UID:weekly\nRECURRENCE-ID;TZID=Europe/Moscow:20251007T090000\n"
        "DTSTART;TZID=Europe/Moscow:20251008T170000\nDTEND;TZID=Europe/Moscow:20251008T180000"
    )
    found = read(tmp_path, WEEKLY + "\nEXDATE;TZID=Europe/Moscow:20251014T090000", moved)
    assert slots_of(found) == ["Орлова А. И. Вторник 09:00–10:30 -"]
    assert dated_of(found) == ["2025-10-08 1020-1080 lesson"]


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_free_time_is_not_busy(tmp_path: Path, line: str) -> None:
    found = read(tmp_path, WEEKLY, f"{ONCE}\n{line}")
    assert found.dated == ()
    assert (found.num_wanted, remarks_of(found)["free_events"].partition(" ")[0]) == (1, "1")


def test_out_of_office_is_not_in_the_building(tmp_path: Path) -> None:
    found = read(tmp_path, f"{WEEKLY}\nX-MICROSOFT-CDO-BUSYSTATUS:OOF")
    assert slots_of(found) == ["(Орлова А. И. Вторник 09:00–10:30)"]


def test_days_of_many_days_and_past_midnight(tmp_path: Path) -> None:
    trip = "UID:trip\nDTSTART;VALUE=DATE:20251103\nDTEND;VALUE=DATE:20251105"
    night = "UID:night\nDTSTART:20251110T220000\nDTEND:20251111T010000"
    assert dated_of(read(tmp_path, trip, night)) == [
        "2025-11-03 0-1440 lesson",
        "2025-11-04 0-1440 lesson",
        "2025-11-10 1320-1440 lesson",
        "2025-11-11 0-60 lesson",
    ]


def test_times_are_brought_to_the_clock_of_the_school(tmp_path: Path) -> None:
    utc = "UID:utc\nDTSTART:20251015T060000Z\nDTEND:20251015T070000Z"
    assert dated_of(read(tmp_path, utc, aids=Aids(time_zone="Asia/Vladivostok"))) == ["2025-10-15 960-1020 lesson"]
    found = read(tmp_path, utc)
    assert dated_of(found) == ["2025-10-15 360-420 lesson"]
    assert "--time-zone" in remarks_of(found)["utc"]


def test_the_calendar_knows_its_zone(tmp_path: Path) -> None:
    content = calendar(ONCE, head="X-WR-TIMEZONE:Asia/Omsk")
    found = read_timetable(write(tmp_path, "belov.ics", content))
    assert dated_of(found) == ["2025-10-15 900-960 lesson"]
    assert (found.time_zone, found.teachers) == ("Asia/Omsk", ("belov",))


def test_teacher_and_year_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, WEEKLY, ONCE, aids=Aids(teacher="Белов", year=2024))
    assert (found.teachers, found.rows, found.dated) == (("Белов",), (), ())


def test_lists_of_busy_times(tmp_path: Path) -> None:
    content = calendar().replace(
        "END:VCALENDAR",
        "BEGIN:VFREEBUSY\r\nUID:f\r\nDTSTAMP:20250801T000000Z\r\n"
        "FREEBUSY:20251015T060000Z/20251015T070000Z,20251016T060000Z/PT30M\r\n"
        "FREEBUSY;FBTYPE=FREE:20251017T060000Z/PT1H\r\n"
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20251018T060000Z/PT1H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR",
    )
    found = read_timetable(write(tmp_path, "t.ics", content), Aids(year=2025))
    assert dated_of(found) == [
        "2025-10-15 360-420 lesson",
        "2025-10-16 360-390 lesson",
        "2025-10-18 360-420 not_available",
    ]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (WEEKLY.replace("20250902T090000", "tomorrow"), "t.ics: UID weekly: the value of DTSTART cannot be read"),
        (WEEKLY.replace("FREQ=WEEKLY", "FREQ=SOMETIMES"), "t.ics: UID weekly: the value of RRULE cannot be read"),
        (WEEKLY.replace("RRULE:", "RRULE "), "t.ics: UID weekly: a line of the event cannot be read"),
        (WEEKLY.replace("UNTIL=2026", "UNTLI=2026"), "t.ics: UID weekly: the value of RRULE cannot be read"),
        (WEEKLY.replace("FREQ=WEEKLY", "FREQ=SECONDLY"), "UID weekly: the event repeats more often than daily"),
        (WEEKLY.replace("FREQ=WEEKLY", "FREQ=DAILY;BYMINUTE=1,2,3"), "UID weekly: the event repeats more often than"),
        ("UID:nothing", "t.ics: UID nothing: the event has no DTSTART → correct the event in your calendar"),
    ],
)
def test_events_that_cannot_be_unrolled(tmp_path: Path, event: str, said: str) -> None:
    faults = faults_of(write(tmp_path, "t.ics", calendar(event, ONCE)))
    assert len(faults) == 1
    assert said in faults[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "t.ics: the file is empty"),
        (b"hello", "t.ics: this is no iCalendar file"),
        (calendar(WEEKLY)[:-30].encode(), "t.ics: the file breaks off before its end"),
        (calendar(WEEKLY).encode("windows-1251"), "is not UTF-8"),
        (calendar(WEEKLY).replace("VERSION:2.0", "VERSION 2.0").encode(), "t.ics:2: this is no line of a calendar"),
        (calendar(WEEKLY).replace("END:VEVENT\r\n", "").encode(), "t.ics: the calendar is damaged"),
        (
            calendar(WEEKLY, head="X-WR-TIMEZONE:Nowhere/Land").encode(),
            "t.ics: the time zone “Nowhere/Land” is not known",
        ),
    ],
)
def test_wrong_files(tmp_path: Path, content: bytes, said: str) -> None:
    (fault,) = faults_of(write(tmp_path, "t.ics", content))
    assert said in fault


def test_too_many_rules_are_refused(tmp_path: Path) -> None:
    forever = [
        f"UID:{at}\nDTSTART:19700101T{at % 23:02d}0000\nDTEND:19700101T{at % 23:02d}3000\nRRULE:FREQ=DAILY"
        for at in range(301)
    ]
    (fault,) = faults_of(write(tmp_path, "t.ics", calendar(*forever)))
    assert fault.startswith("t.ics: the calendar holds more than 300 events that repeat")


def test_reading_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.run_limited, "__kwdefaults__", {"wall_seconds": 0.01})
    (fault,) = faults_of(write(tmp_path, "t.ics", calendar(WEEKLY)))
    assert fault.startswith("t.ics: reading the calendar takes too long")


def test_nothing_of_what_an_event_is_about_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, WEEKLY + "\nLOCATION:Поликлиника", ONCE)
    assert "Кружок" not in repr(found)
    assert "Поликлиника" not in repr(found)
    assert Counter(row.activity_id for row in found.rows) == {"": 1}
