"""Files that do not follow the template: a person says which sheet and which column is which."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from matcher.io.hints import Hints, SheetSeen
from matcher.io.mark_faults import mark_faults, mark_tables
from matcher.io.read_roster import check_roster
from matcher.io.report import CellFault, CheckReport
from matcher.io.write_roster import write_roster
from matcher.roster import Qualification
from tests.unit.io.roster_files import TODAY, good_roster, write_spoilt


def renamed_columns(book: Any) -> None:
    """A workbook somebody made for himself: another title and headings of his own, one column more."""
    book["People"].title = "Staff list"
    page = book["Staff list"]
    for cell in page[1]:
        cell.value = {"Id": "Number in the file", "Name": "Who"}.get(cell.value, cell.value)
    page.cell(1, page.max_column + 1).value = "Shoe size"
    page.cell(2, page.max_column).value = "42"


def seen(report: CheckReport, name: str) -> SheetSeen:
    return next(sheet for sheet in report.sheets if sheet.table.name == name)


def test_a_strange_sheet_is_shown_with_what_it_may_be(tmp_path: Path) -> None:
    report = check_roster(write_spoilt(tmp_path / "r.xlsx", renamed_columns), today=TODAY)
    assert report.roster is None
    assert (seen(report, "Staff list").sheet, seen(report, "Staff list").meant) == (None, "people")


def test_a_mapping_reads_what_the_template_would(tmp_path: Path) -> None:
    hints = Hints(sheets={"Staff list": "people"}, columns={"Staff list": {"Number in the file": "id", "Who": "name"}})
    report = check_roster(write_spoilt(tmp_path / "r.xlsx", renamed_columns), today=TODAY, hints=hints)
    assert report.faults == ()
    assert report.roster == good_roster()
    assert [remark.kind for remark in report.remarks] == ["unknown_column"]
    assert [head.words for head in seen(report, "Staff list").headings if head.column is None] == ["Shoe size"]


def test_a_column_that_is_told_wins_over_the_one_of_that_name(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        page = book["People"]
        page.cell(1, page.max_column + 1).value = "Full name"
        page.cell(2, page.max_column).value = "The right one"

    path = write_spoilt(tmp_path / "r.xlsx", spoil)
    report = check_roster(path, today=TODAY, hints=Hints(columns={"People": {"full  NAME": "name"}}))
    assert report.roster is not None
    assert report.roster.people[0].name == "The right one"
    assert "another one was chosen" in str(report.remarks[0].message)


def test_a_column_can_be_left_out(tmp_path: Path) -> None:
    path = write_spoilt(tmp_path / "r.xlsx", lambda book: None)
    report = check_roster(path, today=TODAY, hints=Hints(columns={"People": {"Name": ""}}))
    assert report.roster is not None
    assert {person.name for person in report.roster.people} == {""}
    assert "as you said" in str(report.remarks[0].message)


def test_a_sheet_can_be_left_out(tmp_path: Path) -> None:
    path = write_spoilt(tmp_path / "r.xlsx", lambda book: None)
    report = check_roster(path, today=TODAY, hints=Hints(sheets={"Wishes": ""}))
    assert report.roster is not None
    assert report.roster.wishes == ()
    assert "Wishes" not in {sheet.table.name for sheet in report.sheets}


def test_a_likely_column_is_offered(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        page = book["People"]
        next(cell for cell in page[1] if cell.value == "Organisation").value = "Organisations"

    report = check_roster(write_spoilt(tmp_path / "r.xlsx", spoil), today=TODAY)
    heads = {head.words: head for head in seen(report, "People").headings}
    assert (heads["Organisations"].column, heads["Organisations"].meant) == (None, "organisation")


def test_csv_files_of_any_name_are_read_as_told(tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    write_roster(good_roster(), folder)
    for old, new in (("people", "list 1"), ("mentors", "list 2"), ("mentees", "list 3")):
        (folder / f"{old}.csv").rename(folder / f"{new}.csv")
    for file in folder.iterdir():
        if not file.stem.startswith("list"):
            file.unlink()
    report = check_roster(folder, today=TODAY)
    assert [fault.message.msgid for fault in report.faults] == ["the folder holds no sheet of a roster"]
    assert [sheet.meant for sheet in report.sheets] == ["people", "mentors", "mentees"]
    told = {f"list {n}.csv": name for n, name in ((1, "people"), (2, "mentors"), (3, "mentees"))}
    again = check_roster(folder, today=TODAY, hints=Hints(sheets=told))
    assert {getattr(fault, "kind", "") for fault in again.faults} <= {"unknown_id"}


def test_one_strange_table_among_known_ones_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    write_roster(good_roster(), folder)
    (folder / "people.csv").rename(folder / "staff 2026.csv")
    report = check_roster(folder, today=TODAY)
    assert (seen(report, "staff 2026.csv").sheet, seen(report, "staff 2026.csv").meant) == (None, "people")
    again = check_roster(folder, today=TODAY, hints=Hints(sheets={"staff 2026.csv": "people"}))
    assert again.roster == check_roster(write_spoilt(tmp_path / "r.xlsx", lambda book: None), today=TODAY).roster


def test_an_encoding_that_is_told_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    write_roster(good_roster(), folder)
    people = folder / "people.csv"
    people.write_bytes(people.read_bytes().decode("utf-8-sig").replace("Sample", "Образцова Анна").encode("cp866"))
    report = check_roster(folder, today=TODAY, hints=Hints(encoding="cp866"))
    assert report.roster is not None
    assert report.roster.people[0].name == "Образцова Анна"


def test_the_marked_copy_has_the_headings_of_the_template(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        renamed_columns(book)
        book["Staff list"].title = "People"
        next(c for c in book["People"][1] if c.value == "Who").value = "Who is it"
        book["People"].cell(2, 1).value = None

    path = write_spoilt(tmp_path / "r.xlsx", spoil)
    hints = Hints(columns={"People": {"Number in the file": "id"}})
    report = check_roster(path, today=TODAY, hints=hints)
    mark_faults(path, report.faults, tmp_path / "m.xlsx", lang="en", headings={("People", 1, 1): "Id"})
    page = openpyxl.load_workbook(tmp_path / "m.xlsx")["People"]
    assert page.cell(1, 1).value == "Id"
    assert page.cell(2, 1).comment is not None


def test_pasted_tables_come_back_as_a_marked_workbook(tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    write_roster(good_roster(), folder)
    people = folder / "people.csv"
    people.write_text(people.read_text(encoding="utf-8-sig").replace("1980-05-06", "soon"), encoding="utf-8")
    report = check_roster(folder, today=TODAY)
    (fault,) = report.faults
    assert mark_tables(report.sheets, report.faults, tmp_path / "m.xlsx", lang="ru") == 1
    page = openpyxl.load_workbook(tmp_path / "m.xlsx")["Люди"]
    assert page.cell(1, 1).value == "Код"
    assert page.cell(2, fault.column + 1).value == "soon"  # type: ignore[attr-defined]
    assert page.cell(2, fault.column + 1).comment is not None  # type: ignore[attr-defined]
    again = check_roster(tmp_path / "m.xlsx", today=TODAY)
    assert [getattr(found, "kind", "") for found in again.faults] == ["not_date"]


def test_usual_headings_dates_and_categories_are_understood(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        page = book["People"]
        column = {cell.value: cell.column for cell in page[1]}
        page.cell(1, column["Name"]).value = "Ф.И.О."
        page.cell(1, column["Pedagogical experience, years"]).value = "Педстаж"
        page.cell(2, column["Date of birth"]).value = "14 марта 1984 г."
        page.cell(3, column["Date of birth"]).value = "05.11.1990 г."
        page.cell(2, column["Qualification category"]).value = "1 категория"

    report = check_roster(write_spoilt(tmp_path / "r.xlsx", spoil), today=TODAY)
    assert report.faults == ()
    assert report.roster is not None
    first, second = report.roster.people[:2]
    assert first.name == good_roster().people[0].name
    assert first.pedagogical_experience_years == good_roster().people[0].pedagogical_experience_years
    assert (first.birth_date, second.birth_date) == (date(1984, 3, 14), date(1990, 11, 5))
    assert first.qualification is Qualification.FIRST


def test_a_day_that_does_not_exist_is_no_date_in_words_either(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        page = book["People"]
        column = {cell.value: cell.column for cell in page[1]}
        page.cell(2, column["Date of birth"]).value = "31 февраля 1984 года"
        page.cell(3, column["Date of birth"]).value = "3 мартобря 1984"

    report = check_roster(write_spoilt(tmp_path / "r.xlsx", spoil), today=TODAY)
    assert [fault.kind for fault in report.faults if isinstance(fault, CellFault)] == ["impossible_date", "not_date"]
