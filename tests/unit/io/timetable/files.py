"""Small timetables of every format, written by hand; tests change them word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path

import xlsxwriter

from matcher.errors import InputError
from matcher.io.timetable.read_timetable import Aids, read_timetable
from matcher.io.timetable.school import SchoolTimetable
from matcher.texts import say

FET = """<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5">
<Mode>Official</Mode>
<Institution_Name>School 5</Institution_Name>
<Days_List><Number_of_Days>2</Number_of_Days><Day><Name>Mon</Name></Day><Day><Name>Tue</Name></Day></Days_List>
<Hours_List><Number_of_Hours>3</Number_of_Hours>
<Hour><Name>08:00</Name></Hour><Hour><Name>08:55</Name></Hour><Hour><Name>09:50</Name></Hour></Hours_List>
<Teachers_List><Teacher><Name>Orlova</Name></Teacher><Teacher><Name>Belov</Name></Teacher></Teachers_List>
<Activities_List>
<Activity><Teacher>Orlova</Teacher><Duration>2</Duration><Id>1</Id><Active>true</Active></Activity>
<Activity><Teacher>Orlova</Teacher><Teacher>Belov</Teacher><Duration>1</Duration><Id>2</Id><Active>true</Active></Activity>
<Activity><Duration>1</Duration><Id>3</Id><Active>true</Active></Activity>
</Activities_List>
<Buildings_List><Building><Name>Main</Name></Building></Buildings_List>
<Rooms_List><Room><Name>12</Name><Building>Main</Building></Room></Rooms_List>
<Time_Constraints_List>
<ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsoryTime>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>1</Activity_Id>
<Preferred_Day>Mon</Preferred_Day><Preferred_Hour>08:55</Preferred_Hour><Active>true</Active></ConstraintActivityPreferredStartingTime>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>2</Activity_Id>
<Preferred_Day>Tue</Preferred_Day><Preferred_Hour>08:00</Preferred_Hour><Active>true</Active></ConstraintActivityPreferredStartingTime>
<ConstraintTeacherNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Teacher>Belov</Teacher>
<Not_Available_Time><Day>Mon</Day><Hour>09:50</Hour></Not_Available_Time><Active>true</Active></ConstraintTeacherNotAvailableTimes>
</Time_Constraints_List>
<Space_Constraints_List>
<ConstraintActivityPreferredRoom><Weight_Percentage>95</Weight_Percentage><Activity_Id>1</Activity_Id><Room>12</Room>
<Active>true</Active></ConstraintActivityPreferredRoom>
</Space_Constraints_List>
</fet>
"""
FET_ROWS = [
    "Belov,0,Mon,2,09:50,not_available,,,",
    "Belov,1,Tue,0,08:00,lesson,2,,",
    "Orlova,0,Mon,1,08:55,lesson,1,12,Main",
    "Orlova,0,Mon,2,09:50,lesson,1,12,Main",
    "Orlova,1,Tue,0,08:00,lesson,2,,",
]

ASC = """<?xml version="1.0" encoding="{encoding}"?>
<timetable ascttversion="2024.1.1">
<periods>
<period name="1" short="1" period="1" starttime="8:00" endtime="8:45"/>
<period name="2" short="2" period="2" starttime="8:55" endtime="9:40"/>
</periods>
<daysdefs>
<daysdef id="X" name="Любой день" short="X" days="10,01"/>
<daysdef id="D1" name="Понедельник" short="По" days="10"/>
<daysdef id="D2" name="Вторник" short="Вт" days="01"/>
</daysdefs>
<weeksdefs>
<weeksdef id="W" name="Все недели" short="Все" weeks="11"/>
<weeksdef id="WA" name="Неделя А" short="Нед" weeks="10"/>
<weeksdef id="WB" name="Неделя В" short="Нед" weeks="01"/>
</weeksdefs>
<termsdefs><termsdef id="T" name="Год" short="Год" terms="1"/></termsdefs>
<teachers>
<teacher id="T1" name="Орлова А. И." short="Ор"/><teacher id="T2" name="Белов П. И." short="Бе"/>
</teachers>
<buildings><building id="B1" name="Главное"/></buildings>
<classrooms><classroom id="R1" name="12" short="12" buildingid="B1"/></classrooms>
<lessons>
<lesson id="L1" classids="" subjectid="" periodspercard="2" periodsperweek="1" teacherids="T1"/>
<lesson id="L2" classids="" subjectid="" periodspercard="1" periodsperweek="1" teacherids="T1,T2"/>
</lessons>
<cards>
<card lessonid="L1" classroomids="R1" period="1" weeks="10" terms="1" days="10"/>
<card lessonid="L1" classroomids="R1" period="2" weeks="10" terms="1" days="10"/>
<card lessonid="L2" classroomids="" period="1" weeks="11" terms="1" days="01"/>
</cards>
</timetable>
"""
ASC_ROWS = [
    "Белов П. И.,1,А-Вторник,0,08:00,lesson,L2,,",
    "Белов П. И.,3,В-Вторник,0,08:00,lesson,L2,,",
    "Орлова А. И.,0,А-Понедельник,0,08:00,lesson,L1,12,Главное",
    "Орлова А. И.,0,А-Понедельник,1,08:55,lesson,L1,12,Главное",
    "Орлова А. И.,1,А-Вторник,0,08:00,lesson,L2,,",
    "Орлова А. И.,3,В-Вторник,0,08:00,lesson,L2,,",
]


def changed(text: str, *changes: tuple[str, str]) -> str:
    """Return a text with words replaced; each of them must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def asc(encoding: str = "UTF-8") -> str:
    return ASC.replace("{encoding}", encoding)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def rows_of(found: SchoolTimetable) -> list[str]:
    """Return the rows as they stand in the table of busy slots."""
    return [
        f"{row.teacher},{row.day},{found.days[row.day].name},{row.slot},{found.hours[row.slot].name},"
        f"{row.kind},{row.activity_id},{row.room},{row.building}"
        for row in found.rows
    ]


def slots_of(found: SchoolTimetable) -> list[str]:
    """Return the rows without the activity: teacher, day, hour, room, those out of the building in brackets."""
    return [
        f"{row.teacher} {found.days[row.day].name} {found.hours[row.slot].name} {row.room or '-'}"
        if row.kind == "lesson"
        else f"({row.teacher} {found.days[row.day].name} {found.hours[row.slot].name})"
        for row in found.rows
    ]


def faults_of(path: Path, aids: Aids | None = None) -> list[str]:
    """Return the faults of a file as lines "place: message → cure"; each must have a cure and a Russian wording."""
    try:
        read_timetable(path, aids)
    except InputError as error:
        for fault in error.faults:
            assert fault.cure is not None
            assert say(fault.message, "ru") != ""
        return [f"{fault.place}: {fault.message} → {fault.cure}" for fault in error.faults]
    return []


def remarks_of(found: SchoolTimetable) -> dict[str, str]:
    return {remark.kind: str(remark.message) for remark in found.remarks}


def write_book(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
    merged: Mapping[str, Sequence[tuple[int, int, int, int]]] | None = None,
) -> Path:
    """Write sheets cell by cell; merged areas (first row, column, last row, column) keep their first cell."""
    with xlsxwriter.Workbook(path) as book:
        clock = book.add_format({"num_format": "hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for area in (merged or {}).get(name, ()):
                first_row, first_column, last_row, last_column = area
                sheet.merge_range(first_row, first_column, last_row, last_column, "")
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, time):
                        sheet.write_datetime(at, column, value, clock)
                    elif value is not None:
                        sheet.write(at, column, value)
    return path
