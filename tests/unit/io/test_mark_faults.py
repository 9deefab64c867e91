"""The marked copy of a faulty workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from matcher.errors import InputError
from matcher.io.mark_faults import mark_faults
from matcher.io.write_roster import write_roster
from tests.unit.io.roster_files import cell_of, check, good_roster, write_spoilt


def spoil(book: Any) -> None:
    cell = cell_of(book, "Люди", "Дата рождения", 2)
    cell.value = "31.02.1980"
    cell.comment = Comment("спросить", "секретарь")
    book["Люди"].merge_cells("B3:B4")
    book["Пожелания"].row_dimensions[3].hidden = True


def test_faulty_cells_are_coloured_and_explained(tmp_path: Path) -> None:
    path = write_spoilt(tmp_path / "wrong.xlsx", spoil, lang="ru")
    report = check(path)
    assert mark_faults(path, report.faults, tmp_path / "marked.xlsx") == 3
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    marked = {
        f"{page.title}!{cell.coordinate}": cell.comment.text
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == "00FFC7CE"
    }
    assert set(marked) == {"Люди!I2", "Люди!B3", "Пожелания!A3"}
    assert marked["Люди!I2"].splitlines() == [
        "такого дня нет: 31.02.1980 → напишите дату как день.месяц.год, например 01.09.2025",
        "спросить",
    ]
    assert openpyxl.load_workbook(path)["Люди"]["I2"].comment.text == "спросить"


def test_marks_do_not_change_what_is_found(tmp_path: Path) -> None:
    path = write_spoilt(tmp_path / "wrong.xlsx", spoil, lang="ru")
    faults = check(path).faults
    mark_faults(path, faults, tmp_path / "marked.xlsx")
    assert check(tmp_path / "marked.xlsx").faults == faults


def test_unreadable_workbook_cannot_be_marked(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_roster(good_roster(), path)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(InputError):
        mark_faults(path, (), tmp_path / "marked.xlsx")
    assert not (tmp_path / "marked.xlsx").exists()
