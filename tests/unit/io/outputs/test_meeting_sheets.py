"""The sheets about sessions, read back by another library."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from matcher.explain.report import explain_plan
from matcher.io.plan_book.meeting_figures import known_times
from matcher.io.plan_book.meetings import most_at_once
from matcher.io.write_plan_xlsx import write_plan_xlsx
from matcher.outcome import Proof
from matcher.sessions.schedule import ScheduleLevel, SessionState
from matcher.texts import text
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


def test_the_summary_counts_meetings_and_says_how_far_they_are_proved(tmp_path: Path) -> None:
    plan = scheduled_plan()
    assert plan.schedule is not None
    proved = ScheduleLevel(name="missing", value=1, bound=1, proof=Proof.CERTIFICATE)
    open_ = ScheduleLevel(name="rhythm", value=4, bound=3)
    note = text("no lesson visits, since the pair does not meet in person ({count}): {ids}", count=1, ids="M-1:N-1")
    plan = replace(plan, schedule=replace(plan.schedule, levels=(proved, open_), notes=(note,)))
    write_plan_xlsx(plan, explain_plan(plan), tmp_path / "plan.xlsx", "ru")
    book = load_workbook(tmp_path / "plan.xlsx")
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in book["Итог"].iter_rows() if row[0].value}
    live = sum(found.state is not SessionState.CANCELLED for found in plan.schedule.sessions)
    wanted = sum(activity.wanted for activity in plan.schedule.activities)
    left_out = sum(len(found.numbers) for found in plan.schedule.unplaced)
    assert "График встреч, 01.09.2026 – 31.05.2027" in rows
    assert rows["встреч назначено"][:2] == [live, wanted]
    assert rows["встреч и посещений, которым не нашлось времени"][:2] == [left_out, wanted]
    assert rows["разных дней и часов, в сумме по парам"][:2] == [4, 3]
    assert any("пара встречается только дистанционно" in str(told) for told in rows)
    facts = {row[0].value: row[1].value for row in book["Проверка"].iter_rows()}
    assert facts["дни встреч"] == "01.09.2026 – 31.05.2027"
    assert facts["встречи"] == "График встреч: строк 2, из них доказано 1."


def test_the_check_sheet_says_of_how_many_the_week_is_unknown() -> None:
    plan = scheduled_plan()
    assert plan.timetables is not None
    told = {
        known: str(known_times(replace(plan, timetables=replace(plan.timetables, known=known))))
        for known in ((), ("M-1", "N-2"), ("M-1", "M-2", "N-1", "N-2"))
    }
    assert [words.partition(":")[0] for words in told.values()] == [
        "not known of anybody",
        "known, but not of 2 of 4 mentors and mentees",
        "known",
    ]
    assert str(known_times(replace(plan, timetables=None, schedule=None))) == "not known: times are agreed later"
