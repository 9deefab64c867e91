"""The workbook of indicators, read back as its reader sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matcher.errors import InputError
from matcher.indicators.build import build_facts
from matcher.indicators.inputs import Inputs, ProgrammeNote
from matcher.indicators.report import Monitoring, build_monitoring
from matcher.io.write_indicators_xlsx import write_indicators_xlsx
from matcher.plan import Plan, make_plan
from matcher.roster import MentoringForm, MentoringKind, Organisation
from matcher.texts import Lang
from tests.rosters import Round

TODAY = date(2026, 11, 15)
RUSSIAN = ["Всего", "Сравнение", "Муниципалитеты", "Регионы", "Не указано", "Сроки", "Признаки рисков"]


def monitored(*, is_told: bool = True) -> tuple[Plan, Monitoring]:
    """Return a round of two municipalities, in one of which the programme of the year before went its full cycle."""
    made = Round("dalnerechensk").mentor().mentee(birth_date=date(1998, 1, 1), pedagogical_experience_years=2)
    made = made.add(organisations=[Organisation(id="S-2", name="Гимназия", municipality="Юг", region="Край")])
    plan = make_plan(made.roster, made.policy, reference_day=date(2026, 9, 1), time_limit=5)
    schools = tuple(
        replace(one, region="Край", municipality=one.municipality if one.id == "S-2" else "Север", **counts)
        for one in plan.roster.organisations
        for counts in [{"staff_under_35_first_three_years": 1, "staff_under_35": 1}]
    )
    people = tuple(replace(one, name="Тайнова Анна") for one in plan.roster.people)
    plan = replace(plan, roster=replace(plan.roster, organisations=schools, people=people))
    note = ProgrammeNote(
        mentor="M-1", mentee="N-1", form=MentoringForm.TEACHER_TEACHER, kind=MentoringKind.TRADITIONAL,
        first_day=date(2025, 10, 1), full_cycle_day=date(2026, 5, 1),
    )  # fmt: skip
    facts = build_facts(plan, TODAY, Inputs(programmes=(note,) if is_told else ()))
    facts = replace(facts, known_since=None) if is_told else facts
    return plan, build_monitoring(facts, plan.policy, 2026, TODAY)


def book(folder: Path, lang: Lang = "ru", *, is_told: bool = True) -> Any:
    plan, found = monitored(is_told=is_told)
    write_indicators_xlsx(found, plan, folder / "indicators.xlsx", lang)
    assert [file.name for file in folder.iterdir()] == ["indicators.xlsx"]
    return openpyxl.load_workbook(folder / "indicators.xlsx")


def rows(sheet: Any) -> list[dict[str, Any]]:
    """Return the rows of a sheet by their headings."""
    headings = [cell.value for cell in sheet[4]]
    return [dict(zip(headings, line, strict=True)) for line in sheet.iter_rows(min_row=5, values_only=True) if line[0]]


def test_its_sheets_are_named_in_russian_and_printed_with_their_headings(tmp_path: Path) -> None:
    found = book(tmp_path)
    assert found.sheetnames == RUSSIAN
    for sheet in found:
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.page_setup.orientation == "landscape"
        assert all(cell.value[:1] == cell.value[:1].upper() for cell in sheet[4])


def test_municipalities_add_up_to_their_region(tmp_path: Path) -> None:
    found = book(tmp_path)
    towns, regions = rows(found["Муниципалитеты"]), rows(found["Регионы"])
    assert {row["Муниципалитет"] for row in towns} == {"Север", "Юг"}
    assert {row["Регион"] for row in regions} == {"Край"}
    for region in regions:
        mine = [row for row in towns if row["Показатель"] == region["Показатель"] and row["№"] == region["№"]]
        assert sum(row["Числитель"] or 0 for row in mine) == (region["Числитель"] or 0)
        assert sum(row["Знаменатель"] or 0 for row in mine) == (region["Знаменатель"] or 0)


def test_fact_stands_against_plan_area_by_area(tmp_path: Path) -> None:
    found = book(tmp_path)
    judged = {row["Муниципалитет"]: row for row in rows(found["Муниципалитеты"]) if row["План"] and row["№"] == "I-03"}
    plan = judged["Север"]["План"]
    north, south = judged["Север"], judged["Юг"]
    assert (north["Факт"], north["Отклонение от плана"], north["Достигнуто"]) == (100, 100 - plan, "да")
    assert (south["Факт"], south["Отклонение от плана"], south["Достигнуто"]) == (0, -plan, "нет")
    (together,) = (row for row in rows(found["Регионы"]) if row["План"] and row["№"] == "I-03")
    assert together["Факт"] == 50


def test_areas_stand_side_by_side(tmp_path: Path) -> None:
    found = book(tmp_path)
    (column,) = (cell.value for cell in found["Сравнение"][4] if str(cell.value).startswith("I-03"))
    told = {(row["Территория"], row["Что"]): row[column] for row in rows(found["Сравнение"])}
    assert told["Север", "факт 2025/26"] == 100
    assert told["Юг", "факт 2025/26"] == 0
    assert told["Край", "факт 2025/26"] == told["все организации", "факт 2025/26"] == 50
    assert told["все организации", "план"] == 70


def test_every_date_of_the_regulation_is_a_day_one_can_sort_by(tmp_path: Path) -> None:
    found = rows(book(tmp_path)["Сроки"])
    days = {row["До"] for row in found}
    for month, day in ((10, 20), (11, 1), (12, 1), (12, 25)):
        assert datetime(2026, month, day) in days, "requirements 7.9"
    assert datetime(2027, 1, 20) in days
    late = [row for row in found if row["Состояние"] == "просрочено"]
    assert late
    assert all(row["До"] < datetime(2026, 11, 15) for row in late)
    assert "дорожная карта, п. 7" in {row["По какому пункту"] for row in found}
    municipal = next(row for row in found if row["До"] == datetime(2026, 11, 1))
    assert municipal["Последний рабочий день"] in (None, datetime(2026, 10, 30))


def test_what_nobody_gave_says_who_has_to_give_it(tmp_path: Path) -> None:
    found = rows(book(tmp_path, is_told=False)["Не указано"])
    assert {"Север", "Юг"} <= {row["Муниципалитет"] for row in found}
    assert all(row["Что"] and row["Показатель"].startswith("I-") for row in found)


def test_nobody_is_named(tmp_path: Path) -> None:
    told = {str(cell.value) for sheet in book(tmp_path) for line in sheet.iter_rows() for cell in line}
    assert not any("Тайнова" in one for one in told)


def test_the_english_book_has_no_russian_headings(tmp_path: Path) -> None:
    found = book(tmp_path, "en")
    assert found.sheetnames[0] == "Together"
    headings = [cell.value for sheet in found for cell in sheet[4]]
    assert all(one.isascii() for one in headings if not one.startswith("I-"))


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    plan, found = monitored()
    (tmp_path / "indicators.xlsx").mkdir()
    with pytest.raises(InputError):
        write_indicators_xlsx(found, plan, tmp_path / "indicators.xlsx")
    assert [file.name for file in tmp_path.iterdir()] == ["indicators.xlsx"]
