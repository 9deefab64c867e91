"""Workbooks: three layouts lengthways and across, shifts, weeks, bells, and what a COLUMNS.toml changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.io.tables.table import Source, Table
from matcher.io.timetable.read_timetable import Aids, read_timetable
from matcher.io.timetable.school import SchoolTimetable
from matcher.io.timetable.sheets import page
from matcher.io.timetable.sheets.page import read_page
from tests.unit.io.timetable.files import faults_of, remarks_of, slots_of, write, write_book

Sheet = Sequence[Sequence[object]]

CLASSES: Sheet = [
    ["Расписание уроков", None, None, None, None],
    ["День", "Урок", "Время", "5А", "5Б"],
    ["Понедельник", 1, "8:00–8:45", "Математика / Орлова А. И. / 12", "Русский язык / Белов П. П. / 14"],
    [None, 2, "8:55–9:40", "Физкультура / Гусев О. Л. / спортзал", "–"],
    ["Вторник", 1, "8:00–8:45", "История / Белов П. П. / 14", None],
    [
        None,
        2,
        "8:55–9:40",
        "Англ. язык / Лисина Е. Е. / 21\nАнгл. язык / Зуева К. К. / 22",
        "Алгебра / Орлова А. И. / 12",
    ],
]
CLASSES_MERGED = [(2, 0, 3, 0), (4, 0, 5, 0), (0, 0, 0, 4)]
CLASSES_SLOTS = [
    "Белов П. П. Понедельник 1 14",
    "Белов П. П. Вторник 1 14",
    "Гусев О. Л. Понедельник 2 спортзал",
    "Зуева К. К. Вторник 2 22",
    "Лисина Е. Е. Вторник 2 21",
    "Орлова А. И. Понедельник 1 12",
    "Орлова А. И. Вторник 2 12",
]
TEACHERS: Sheet = [
    ["№", "ФИО учителя", "Понедельник", None, None, "Вторник", None, None],
    [None, None, 1, 2, 3, 1, 2, 3],
    [1, "Орлова Анна Ивановна", "5А, 12", None, "6Б, 12", None, "5А, 12", None],
    [2, "Белов Пётр Павлович", None, "5Б, 14", None, "метод. день", "метод. день", "метод. день"],
]
TEACHERS_MERGED = [(0, 2, 0, 4), (0, 5, 0, 7)]
TEACHERS_SLOTS = [
    "Белов Пётр Павлович Понедельник 2 14",
    "(Белов Пётр Павлович Вторник 1)",
    "(Белов Пётр Павлович Вторник 2)",
    "(Белов Пётр Павлович Вторник 3)",
    "Орлова Анна Ивановна Понедельник 1 12",
    "Орлова Анна Ивановна Понедельник 3 12",
    "Орлова Анна Ивановна Вторник 2 12",
]
LIST: Sheet = [
    ["Преподаватель", "День недели", "Урок", "Неделя", "Смена", "Класс", "Предмет", "Кабинет", "Корпус"],
    ["Орлова А. И.", "понедельник", 1, None, 1, "5А", "Математика", 12, "Главный"],
    ["Орлова А. И.", "понедельник", 1, None, 2, "7А", "Математика", 12, "Главный"],
    ["Белов П. П.", "Вт", 2, "чётная", 1, "5А", "История", 14, "Второй"],
    ["Белов П. П.", 3, "3 урок", "А", 1, "5А", "История", 14, "Второй"],
]
LIST_SLOTS = [
    "Белов П. П. А-Среда 3 14",
    "Белов П. П. Б-Вторник 2 14",
    "Орлова А. И. А-Понедельник 1 12",
    "Орлова А. И. А-Понедельник 2 смена, 1 12",
    "Орлова А. И. Б-Понедельник 1 12",
    "Орлова А. И. Б-Понедельник 2 смена, 1 12",
]
BELLS: Sheet = [
    ["Звонки"],
    ["1 смена"],
    ["Урок", "Начало", "Конец"],
    [1, time(8, 0), time(8, 45)],
    [2, "8:55", "9:40"],
    ["2 смена"],
    [1, "14:00", "14:45"],
]


def turned(rows: Sheet) -> Sheet:
    width = max(len(row) for row in rows)
    return list(zip(*([*row, *[None] * (width - len(row))] for row in rows), strict=True))


def read(
    folder: Path,
    sheets: Mapping[str, Sheet],
    merged: Mapping[str, Sequence[tuple[int, int, int, int]]] | None = None,
    columns: str | None = None,
) -> SchoolTimetable:
    aids = None if columns is None else Aids(columns=write(folder, "columns.toml", columns))
    return read_timetable(write_book(folder / "t.xlsx", sheets, merged), aids)


def faults(folder: Path, sheets: Mapping[str, Sheet], columns: str | None = None) -> list[str]:
    aids = None if columns is None else Aids(columns=write(folder, "columns.toml", columns))
    return faults_of(write_book(folder / "t.xlsx", sheets), aids)


def hours_of(found: SchoolTimetable) -> list[tuple[str, int | None, int | None, int]]:
    return [(hour.name, hour.start_minute, hour.end_minute, hour.shift) for hour in found.hours]


def test_classes_across(tmp_path: Path) -> None:
    found = read(tmp_path, {"Расписание": CLASSES}, {"Расписание": CLASSES_MERGED})
    assert slots_of(found) == CLASSES_SLOTS
    assert hours_of(found) == [("1", 480, 525, 1), ("2", 535, 580, 1)]
    assert (found.num_placed, found.num_wanted) == (6, 6)
    assert [(day.name, day.week, day.weekday) for day in found.days] == [("Понедельник", None, 1), ("Вторник", None, 2)]


def test_classes_down(tmp_path: Path) -> None:
    areas = [(c, r, d, s) for r, c, s, d in CLASSES_MERGED[:2]]
    found = read(tmp_path, {"Расписание": turned(CLASSES)}, {"Расписание": areas})
    assert slots_of(found) == CLASSES_SLOTS


def test_days_need_not_be_merged(tmp_path: Path) -> None:
    assert slots_of(read(tmp_path, {"Расписание": CLASSES})) == CLASSES_SLOTS


def test_a_lesson_knows_its_cell(tmp_path: Path) -> None:
    found = read(tmp_path, {"Расписание": CLASSES})
    assert {row.activity_id for row in found.rows if row.teacher == "Гусев О. Л."} == {"Расписание!D4"}


@pytest.mark.parametrize("is_turned", [False, True])
def test_teachers_across_and_down(tmp_path: Path, is_turned: bool) -> None:
    rows = turned(TEACHERS) if is_turned else TEACHERS
    areas = [(c, r, d, s) if is_turned else (r, c, s, d) for r, c, s, d in TEACHERS_MERGED]
    found = read(tmp_path, {"Учителя": rows}, {"Учителя": areas})
    assert slots_of(found) == TEACHERS_SLOTS
    assert found.knows_not_in_building


def test_a_teacher_without_lessons_is_known(tmp_path: Path) -> None:
    found = read(tmp_path, {"Учителя": [*TEACHERS, [3, "Гусев Олег Львович"]]})
    assert found.teachers == ("Орлова Анна Ивановна", "Белов Пётр Павлович", "Гусев Олег Львович")


def test_a_long_list_with_weeks_and_shifts(tmp_path: Path) -> None:
    found = read(tmp_path, {"Нагрузка": LIST})
    assert slots_of(found) == LIST_SLOTS
    assert {row.building for row in found.rows} == {"Главный", "Второй"}
    assert [(day.week, day.weekday) for day in found.days] == [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)]
    assert [hour.shift for hour in found.hours] == [1, 1, 1, 2]


def test_a_long_list_in_csv(tmp_path: Path) -> None:
    lines = [";".join("" if cell is None else str(cell) for cell in row) for row in LIST]
    path = write(tmp_path, "t.csv", "\n".join(lines).encode("windows-1251"))
    assert slots_of(read_timetable(path)) == LIST_SLOTS


def test_bells_of_both_shifts(tmp_path: Path) -> None:
    found = read(tmp_path, {"Нагрузка": LIST, "Звонки": BELLS})
    assert hours_of(found) == [
        ("1", 480, 525, 1),
        ("2", 535, 580, 1),
        ("3", None, None, 1),
        ("2 смена, 1", 840, 885, 2),
    ]


def test_the_name_of_a_sheet_tells_shift_and_week(tmp_path: Path) -> None:
    found = read(tmp_path, {"1 смена неделя А": CLASSES, "2 смена неделя Б": CLASSES})
    assert {(day.name, day.week) for day in found.days} >= {("А-Понедельник", 0), ("Б-Понедельник", 1)}
    assert {hour.shift for hour in found.hours} == {1, 2}
    assert "Орлова А. И. Б-Понедельник 2 смена, 1 12" in slots_of(found)


def test_a_row_in_the_table_begins_the_second_shift(tmp_path: Path) -> None:
    rows = [*CLASSES[1:3], ["2 смена"], ["Понедельник", 1, "14:00–14:45", None, "Физика / Белов П. П. / 9"], CLASSES[4]]
    found = read(tmp_path, {"Расписание": rows})
    assert "Белов П. П. Понедельник 2 смена, 1 9" in slots_of(found)
    assert ("2 смена, 1", 840, 885, 2) in hours_of(found)


def test_rooms_in_columns_of_their_own(tmp_path: Path) -> None:
    rows = [
        ["День", "Урок", "5А", None, "5Б", None],
        [None, None, "предмет", "каб.", "предмет", "каб."],
        ["Понедельник", 1, "Математика, Орлова А. И.", 12, "История, Белов П. П.", "3а"],
        ["Вторник", 1, "Математика, Орлова А. И.", 13, None, None],
    ]
    found = read(tmp_path, {"Лист": rows}, {"Лист": [(0, 2, 0, 3), (0, 4, 0, 5)]})
    assert slots_of(found) == [
        "Белов П. П. Понедельник 1 3а",
        "Орлова А. И. Понедельник 1 12",
        "Орлова А. И. Вторник 1 13",
    ]


def test_lines_of_a_cell_are_its_fields(tmp_path: Path) -> None:
    rows = [
        ["", "", "5А", "5Б"],
        ["Пн", "1 урок", "Математика\nОрлова А.И.\nкаб. 12", "История\nБелов П.П.\nкаб. 14"],
        ["Вт", "1 урок", "Англ.\nЛисина Е.Е.\nкаб. 1\nАнгл.\nЗуева К.К.\nкаб. 2", None],
    ]
    assert slots_of(read(tmp_path, {"Лист": rows})) == [
        "Белов П.П. Понедельник 1 каб. 14",
        "Зуева К.К. Вторник 1 каб. 2",
        "Лисина Е.Е. Вторник 1 каб. 1",
        "Орлова А.И. Понедельник 1 каб. 12",
    ]


def test_a_lecture_merged_over_two_classes_is_one_lesson(tmp_path: Path) -> None:
    rows = [
        ["День", "Пара", "ЛД101", "ЛД102"],
        ["Понедельник", 1, "Анатомия / Орлова А. И. / 1", None],
        ["Вторник", 1, "Химия / Белов П. П. / 2", "Химия / Орлова А. И. / 3"],
    ]
    found = read(tmp_path, {"Лист": rows}, {"Лист": [(1, 2, 1, 3)]})
    assert slots_of(found).count("Орлова А. И. Понедельник 1 1") == 1
    assert {row.activity_id for row in found.rows if row.room == "1"} == {"Лист!C2"}
    assert "clashes" not in remarks_of(found)


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    rows = [*CLASSES, ["Среда", 1, "8:00–8:45", "Классный час", "Разговоры о важном / 14"]]
    found = read(tmp_path, {"Расписание": rows, "Заметки": [["купить мел"]]})
    assert (found.num_placed, found.num_wanted) == (6, 8)
    assert remarks_of(found)["without_teacher"] == (
        "2 lessons name no teacher and were not read: Расписание!D7, Расписание!E7"
    )
    assert remarks_of(found)["no_timetable"] == "the sheet holds no timetable and was not read"
    assert remarks_of(found)["layout_Расписание"] == "read as classes across, days and periods along the other side"


def test_another_time_of_the_same_period_is_told(tmp_path: Path) -> None:
    rows = [*CLASSES[:4], ["Вторник", 1, "8:30–9:15", "История / Белов П. П. / 14", None]]
    found = read(tmp_path, {"Расписание": rows})
    assert hours_of(found)[0] == ("1", 480, 525, 1)
    assert "Расписание!D5" in remarks_of(found)["other_bells"]


UNCLEAR: Sheet = [
    ["День", "Урок", "Север", "Юг"],
    ["Понедельник", 1, "физика", "химия"],
    ["Вторник", 1, "химия", "физика"],
]


@pytest.mark.parametrize(
    ("columns", "slots"),
    [
        ('layout = "teachers"', ["Север Понедельник 1 -", "Север Вторник 1 -", "Юг Понедельник 1 -", "Юг Вторник 1 -"]),
        (
            'layout = "classes"\ncell = "teacher / room"',
            ["физика Понедельник 1 -", "физика Вторник 1 -", "химия Понедельник 1 -", "химия Вторник 1 -"],
        ),
    ],
)
def test_what_cannot_be_guessed_is_told_by_columns(tmp_path: Path, columns: str, slots: list[str]) -> None:
    (fault,) = faults(tmp_path, {"Лист": UNCLEAR})
    assert fault.startswith("Лист: it cannot be told whether classes or teachers stand across this sheet → write a COL")
    assert slots_of(read(tmp_path, {"Лист": UNCLEAR}, columns=columns)) == slots


def test_columns_name_headings_shifts_bells_and_buildings(tmp_path: Path) -> None:
    rows = [
        ["кто ведёт", "когда", "номер", "у кого", "где"],
        ["Орлова А. И.", "пн", 1, "5А", "12"],
        ["Белов П. П.", "вт", 1, "7А", "14"],
    ]
    columns = """
layout = "list"
sheets = ["Лист"]
heading_row = 1
[columns]
teacher = "кто ведёт"
day = "когда"
period = "номер"
class = "у кого"
room = "где"
[shifts]
"7А" = 2
[buildings]
"14" = "Второй"
[[bells]]
period = "1"
from = "14:00"
to = "14:40"
shift = 2
"""
    found = read(tmp_path, {"Лист": rows, "Другой": CLASSES}, columns=columns)
    assert slots_of(found) == ["Белов П. П. Вторник 2 смена, 1 14", "Орлова А. И. Понедельник 1 12"]
    assert [row.building for row in found.rows] == ["Второй", ""]
    assert hours_of(found)[1] == ("2 смена, 1", 840, 880, 2)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ('layuot = "list"', "columns.toml: layuot: a table of columns has no key “layuot” → perhaps layout"),
        ('layout = "rows"', "columns.toml: layout: there is no layout “rows” → one of classes, teachers, list"),
        ('sheets = "Лист"', "columns.toml: sheets: a list of names is needed → write sheets ="),
        ('sheets = ["Расписанье"]', "t.xlsx: there is no sheet “Расписанье” → perhaps Расписание"),
        ("heading_row = 0", "columns.toml: heading_row: “0” is no number of a row"),
        ('cell = "subject : teacher"', "columns.toml: cell: “subject : teacher” does not describe a cell → fields of"),
        ('[columns]\nlehrer = "x"', "columns.toml: columns.lehrer: there is no column “lehrer”"),
        ('[shifts]\n"5А" = "вторая"', "columns.toml: shifts: each class needs the number of its shift"),
        ('[[bells]]\nperiod = "1"\nfrom = "9:00"\nto = "8:00"', "columns.toml: bells.1: the times or the shift are no"),
        ('[[bells]]\nfrom = "9:00"\nto = "8:00"', "columns.toml: bells.1: period, from, to and perhaps shift"),
        ("[buildings]\n1 = 2", "columns.toml: buildings: names are needed on both sides"),
        ("layout = ", "columns.toml: this is not TOML"),
        (
            'layout = "list"\nsheets = ["Расписание"]\nheading_row = 2\n[columns]\nteacher = "Учителя"',
            "Расписание: there is no column “Учителя” → perhaps",
        ),
        ('layout = "list"\nsheets = ["Расписание"]', "Расписание: the sheet holds no timetable → name another sheet"),
    ],
)
def test_wrong_columns(tmp_path: Path, columns: str, said: str) -> None:
    found = faults(tmp_path, {"Расписание": CLASSES}, columns)
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["Белов П. П.", "завтра", 2], "Нагрузка!B6: “завтра” is no day of the week"),
        (["Белов П. П.", "вт", "утром"], "Нагрузка!C6: “утром” is no period and no time"),
        (["Белов П. П.", "вт"], "Нагрузка!C6: “” is no period and no time"),
    ],
)
def test_wrong_rows_of_a_list(tmp_path: Path, row: list[object], said: str) -> None:
    (fault,) = faults(tmp_path, {"Нагрузка": [*LIST, row]})
    assert fault.startswith(said)


@pytest.mark.parametrize("row", [3, 6, 7, 50])
def test_a_heading_row_below_the_days_finds_nothing_above_it(tmp_path: Path, row: int) -> None:
    columns = f'layout = "classes"\nsheets = ["Расписание"]\nheading_row = {row}'
    found = faults(tmp_path, {"Расписание": CLASSES[1:]}, columns)
    if row < 5:
        assert found == []
    else:
        assert found[0].startswith("Расписание: the sheet holds no timetable")


def test_bells_without_an_end(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, {"Нагрузка": LIST, "Звонки": [*BELLS, [2, "15:00", None]]})
    assert fault.startswith("Звонки!A8: the period has no beginning and end")


def test_a_book_without_a_timetable(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, {"Лист": [["купить", "мел"]]})
    assert fault.startswith("t.xlsx: no sheet holds a timetable in one of the layouts classes, teachers, list")


def test_merged_cells_over_everything_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(name="Лист", source=Source.WORKBOOK, rows=[["x", None, None]] * 4, merged=("A1:XFD1048576",))
    assert {word for row in read_page(table).words for word in row} == {"x"}
    monkeypatch.setattr(page, "MAX_FILLED", 11)
    with pytest.raises(InputError, match="the merged cells of the sheet cover more than 11 cells"):
        read_page(table)


MONDAY: Sheet = [
    ["Расписание на понедельник", None, None, None],
    ["Урок", "Время", "5А", "5Б"],
    *(row[1:] for row in CLASSES[2:4]),
]
TUESDAY: Sheet = [["Урок", "Время", "5А", "5Б"], *(row[1:] for row in CLASSES[4:6])]


@pytest.mark.parametrize(
    "names", [("Понедельник", "Вторник"), ("Пн", "Вт"), ("1. Понедельник", "2. вторник"), ("Mon", "Tue")]
)
def test_a_sheet_for_each_day(tmp_path: Path, names: tuple[str, str]) -> None:
    found = read(tmp_path, {names[0]: MONDAY, names[1]: TUESDAY, "Директору": [["Согласовано"]]})
    in_russian = [slot.replace("Monday", "Понедельник").replace("Tuesday", "Вторник") for slot in slots_of(found)]
    assert in_russian == CLASSES_SLOTS
    assert hours_of(found) == [("1", 480, 525, 1), ("2", 535, 580, 1)]
    (place,) = {row.activity_id for row in found.rows if row.teacher == "Гусев О. Л."}
    assert place.replace("'", "") == f"{names[0]}!C4"


def test_sheets_of_days_with_teachers_down(tmp_path: Path) -> None:
    head: Sheet = [["№", "ФИО учителя", 1, 2, 3]]
    monday: Sheet = [
        *head,
        [1, "Орлова Анна Ивановна", "5А, 12", None, "6Б, 12"],
        [2, "Белов Пётр Павлович", None, "5Б, 14"],
    ]
    off = "метод. день"
    tuesday: Sheet = [*head, [1, "Орлова Анна Ивановна", None, "5А, 12"], [2, "Белов Пётр Павлович", off, off, off]]
    assert slots_of(read(tmp_path, {"Понедельник": monday, "Вторник": tuesday})) == TEACHERS_SLOTS


def test_sheets_of_days_in_two_weeks(tmp_path: Path) -> None:
    found = read(tmp_path, {"Понедельник А": TUESDAY, "Понедельник Б": TUESDAY[:2], "Вторник": TUESDAY})
    assert [(day.week, day.weekday) for day in found.days] == [(0, 1), (0, 2), (1, 1), (1, 2)]


def test_one_sheet_called_by_a_day_may_hold_the_week(tmp_path: Path) -> None:
    assert slots_of(read(tmp_path, {"Вторник": CLASSES, "Среда": [["Заметки"]]})) == CLASSES_SLOTS
