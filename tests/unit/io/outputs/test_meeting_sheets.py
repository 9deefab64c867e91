"""The sheets about sessions, read back by another library."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from matcher.explain.report import explain_plan
from matcher.io.plan_book.meetings import most_at_once
from matcher.io.write_plan_xlsx import write_plan_xlsx
from tests.schedules import scheduled_plan, session

SHEETS = {"Встречи", "Не назначены", "По людям", "По месяцам", "Кабинеты", "Лицензии"}


def test_every_session_stands_on_its_sheets(tmp_path: Path) -> None:
    plan = scheduled_plan()
    write_plan_xlsx(plan, explain_plan(plan), tmp_path / "plan.xlsx", "ru")
    book = load_workbook(tmp_path / "plan.xlsx")
    assert set(book.sheetnames) >= SHEETS
    rows = [[cell.value for cell in row] for row in book["Встречи"].iter_rows()]
    codes = {row[7] for row in rows if row[7] and "/" in str(row[7])}
    assert plan.schedule is not None
    assert codes == {found.id for found in plan.schedule.sessions}
    states = {row[7]: row[6] for row in rows}
    first, second = (activity.id for activity in plan.schedule.activities)
    assert (states[f"{first}/1"], states[f"{second}/3"]) == ("проведена", "отменена")
    told = " ".join(str(cell.value) for row in book["Не назначены"].iter_rows() for cell in row if cell.value)
    assert "доказано" in told
    rooms = " ".join(str(cell.value) for row in book["Кабинеты"].iter_rows() for cell in row if cell.value)
    assert "Кабинет 12" in rooms


def test_a_plan_without_schedule_has_no_such_sheets(tmp_path: Path) -> None:
    plan = replace(scheduled_plan(), schedule=None)
    write_plan_xlsx(plan, explain_plan(plan), tmp_path / "plan.xlsx", "ru")
    assert not SHEETS & set(load_workbook(tmp_path / "plan.xlsx").sheetnames)


def test_sessions_one_after_the_other_are_not_at_once() -> None:
    day = date(2026, 9, 2)
    assert most_at_once([session("a", 1, day, 600), session("b", 1, day, 660)]) == 1
    assert most_at_once([session("a", 1, day, 600), session("b", 1, day, 659)]) == 2
