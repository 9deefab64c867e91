"""The empty workbook: it opens, guides, checks while typing, and what is filled in is read back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from matcher.errors import InputError
from matcher.generate.roster import PRESETS, generate_roster
from matcher.io.columns import Column, ColumnType
from matcher.io.policy_toml import read_policy
from matcher.io.read_roster import check_roster
from matcher.io.sheets import COMMENT_MARK, GUIDE_TITLES, LISTS_TITLE, SHEETS
from matcher.io.template import NUM_ROWS, write_template
from matcher.io.template_layout import lay_out
from matcher.io.write_roster import write_roster
from matcher.texts import Lang, say

POLICIES = (None, "barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")
TODAY = date(2026, 9, 1)


def template(folder: Path, policy_id: str | None = None, lang: Lang = "ru") -> Path:
    path = folder / "roster.xlsx"
    write_template(path, policy=None if policy_id is None else read_policy(policy_id), lang=lang)
    return path


def headings(sheet: Worksheet) -> list[str]:
    return [str(cell.value).removesuffix(" *") for cell in sheet[1]]


def columns(book: Workbook, lang: Lang) -> Iterator[tuple[Worksheet, int, Column]]:
    """Yield every column of the template with its sheet and position from 1."""
    for sheet in SHEETS:
        worksheet = book[sheet.title(lang)]
        at = {heading: position for position, heading in enumerate(headings(worksheet), start=1)}
        for column in sheet.columns:
            yield worksheet, at[column.heading(lang)], column


def checks_of(sheet: Worksheet, position: int) -> list[object]:
    cell = sheet.cell(3, position).coordinate
    return [found for found in sheet.data_validations.dataValidation if cell in found.sqref]


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_column_is_there_with_a_note(tmp_path: Path, policy_id: str | None, lang: Lang) -> None:
    book = openpyxl.load_workbook(template(tmp_path, policy_id, lang))
    assert book.sheetnames[0] == GUIDE_TITLES[lang]
    assert book[LISTS_TITLE].sheet_state == "hidden"
    assert sorted(book.sheetnames[1:-1]) == sorted(sheet.title(lang) for sheet in SHEETS)
    for worksheet, position, column in columns(book, lang):
        heading = worksheet.cell(1, position)
        assert heading.comment is not None
        assert f".{column.id}" in heading.comment.text
        assert str(heading.value).endswith(" *") == column.is_required
        assert worksheet.freeze_panes is not None
        assert worksheet.page_setup.orientation == "landscape"
        assert worksheet.page_setup.paperSize == 9


def test_drop_downs_offer_the_labels(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path))
    lists = book[LISTS_TITLE]
    seen = 0
    for worksheet, position, column in columns(book, "ru"):
        if not column.choices:
            continue
        (check,) = checks_of(worksheet, position)
        assert check.type == "list"
        area = check.formula1.removeprefix(f"{LISTS_TITLE}!").replace("$", "")
        offered = [row[0].value for row in lists[area]]
        assert offered == [choice.ru for choice in column.choices]
        # Several values, or values of one's own, can be typed: the list must not stand in the way.
        assert check.showErrorMessage == (not column.type.is_list)
        assert (check.errorStyle == "information") == (column.is_open and not column.type.is_list)
        seen += 1
    assert seen > 20


def test_numbers_dates_and_codes_are_checked_while_typing(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path))
    for worksheet, position, column in columns(book, "ru"):
        checks = checks_of(worksheet, position)
        if column.type in (ColumnType.INT, ColumnType.FLOAT):
            (check,) = checks
            assert (float(check.formula1), float(check.formula2)) == (column.min, column.max)
            assert "от" in check.error
        elif column.type is ColumnType.DATE:
            (check,) = checks
            assert (check.type, check.operator) == ("date", None)
        elif column.type is ColumnType.BOOL:
            (check,) = checks
            assert check.type == "list"
        elif column.reference and column.type is ColumnType.ID:
            (check,) = checks
            assert "!" in check.formula1
    (unique,) = checks_of(book["Люди"], 1)
    assert unique.formula1 == f"COUNTIF($A$2:$A${NUM_ROWS + 1},A2)=1"
    assert unique.error == "Код не должен повторяться. Придумайте другой."


def test_an_untouched_template_says_only_that_nobody_is_filled_in_yet(tmp_path: Path) -> None:
    report = check_roster(template(tmp_path), today=TODAY)
    assert [say(fault.message, "ru") for fault in report.faults] == [
        "пока никто не вписан; пусты листы: Люди, Наставники, Наставляемые"
    ]
    assert report.roster is None
    assert [remark.kind for remark in report.remarks] == ["comment_row"] * len(SHEETS)


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_examples_are_values_the_reader_takes(tmp_path: Path, lang: Lang) -> None:
    path = template(tmp_path, lang=lang)
    book = openpyxl.load_workbook(path)
    for sheet in SHEETS:
        first = book[sheet.title(lang)].cell(2, 1)
        assert str(first.value).startswith(COMMENT_MARK)
        first.value = str(first.value).rpartition(": ")[2]
    book.save(path)
    # The examples name each other's codes, but not all of these are people of the example.
    assert {fault.kind for fault in check_roster(path, today=TODAY).faults} <= {"unknown_id"}


@pytest.mark.parametrize("policy_id", ["dalnerechensk", "smolensk_school_23"])
def test_what_is_filled_in_is_read_back(tmp_path: Path, policy_id: str) -> None:
    roster = generate_roster(**PRESETS["small"], seed=4, policy_id=policy_id)
    write_roster(roster, tmp_path / "filled.xlsx")
    filled, path = openpyxl.load_workbook(tmp_path / "filled.xlsx"), template(tmp_path, policy_id)
    book = openpyxl.load_workbook(path)
    for sheet in SHEETS:
        if sheet.ru not in filled.sheetnames:
            continue
        source, target = filled[sheet.ru], book[sheet.ru]
        at = {heading: position for position, heading in enumerate(headings(target), start=1)}
        for position, heading in enumerate(headings(source), start=1):
            for row in range(2, source.max_row + 1):
                target.cell(row + 1, at[heading]).value = source.cell(row, position).value
    book.save(path)
    report = check_roster(path, today=TODAY)
    assert report.faults == ()
    assert report.roster == roster


def test_the_regulation_decides_what_stands_first() -> None:
    def needed(policy_id: str | None) -> dict[str, list[str]]:
        policy = None if policy_id is None else read_policy(policy_id)
        return {
            layout.sheet.id: [column.id for column in layout.columns[: layout.num_needed]]
            for layout in lay_out(policy)
            if layout.is_needed
        }

    assert "classes" in needed("dalnerechensk")
    assert "classes" not in needed("kalmykia")
    assert "wishes" in needed("kalmykia")
    assert "wishes" not in needed("barnaul")
    assert {"psychologist", "recommendation"} <= set(needed("smolensk_school_23")["compatibility"])
    assert {"grade", "class", "legal_representative"} <= set(needed("dalnerechensk")["people"])
    assert "student_status" in needed("barnaul")["people"]
    assert "student_status" not in needed("anuchino")["people"]
    for layout in lay_out(read_policy("kalmykia")):
        assert sorted(c.id for c in layout.columns) == sorted(c.id for c in layout.sheet.columns)
        assert layout.columns[0] is layout.sheet.columns[0]


def test_a_regulation_offers_only_what_it_knows(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path, "kalmykia"))
    offered = {cell.value for row in book[LISTS_TITLE].iter_rows() for cell in row}
    assert "одарённый ученик" not in offered
    assert "флеш-наставничество" not in offered
    assert "молодой (начинающий) педагог" in offered


def test_the_guide_names_the_regulation_and_links_every_sheet(tmp_path: Path) -> None:
    guide = openpyxl.load_workbook(template(tmp_path, "dalnerechensk"))[GUIDE_TITLES["ru"]]
    said = [str(cell.value) for row in guide.iter_rows() for cell in row if cell.value]
    assert any("Дальнереченск" in sentence for sentence in said)
    assert {sheet.ru for sheet in SHEETS} <= set(said)
    assert all(len(sentence) < 260 for sentence in said)


def test_a_filled_workbook_is_never_written_over(tmp_path: Path) -> None:
    path = template(tmp_path)
    with pytest.raises(InputError, match="there already"):
        write_template(path)


@pytest.mark.parametrize(("name", "message"), [("roster.xls", "ends in .xlsx"), ("none/roster.xlsx", "no such folder")])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        write_template(tmp_path / name)
