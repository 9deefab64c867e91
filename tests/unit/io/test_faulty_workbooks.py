"""Workbooks wrong as files or in their layout, each named after its fault; none harms the reading process."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matcher.errors import InputError
from matcher.io.read_roster import read_roster
from matcher.io.tables import child, preflight
from matcher.io.write_roster import write_roster
from tests.unit.io.roster_files import TODAY, cell_of, check, found, good_roster, remarked, write_spoilt


def test_good_workbook_passes(tmp_path: Path) -> None:
    report = check(write_spoilt(tmp_path / "good.xlsx", lambda book: None))
    assert (found(report), remarked(report)) == ([], [])
    assert report.roster == good_roster()


# ---------------------------------------------------------------- layout


def hide_row(book: Any) -> None:
    book["People"].row_dimensions[3].hidden = True


def hide_empty_row(book: Any) -> None:
    book["People"].row_dimensions[40].hidden = True


def hide_column(book: Any) -> None:
    book["People"].column_dimensions["B"].hidden = True


def hide_empty_column(book: Any) -> None:
    book["People"].column_dimensions["M"].hidden = True
    for row in range(2, 6):
        book["People"].cell(row=row, column=13).value = None


def hide_sheet(book: Any) -> None:
    book["Wishes"].sheet_state = "veryHidden"


def merge(book: Any) -> None:
    book["People"].merge_cells("B3:B4")


def merge_aside(book: Any) -> None:
    book["People"].merge_cells("Z30:AB30")


def drop_column(book: Any) -> None:
    book["Mentors"].delete_cols(1)


def repeat_column(book: Any) -> None:
    book["Sites"].cell(row=1, column=4).value = "id"


def drop_sheet(book: Any) -> None:
    del book["Mentees"]


def repeat_sheet(book: Any) -> None:
    book.copy_worksheet(book["Wishes"]).title = "Пожелания"


LAYOUT: dict[str, tuple[Callable[[Any], None], list[tuple[str, str]]]] = {
    "hidden_row": (hide_row, [("hidden_row", "People!3:3")]),
    "hidden_empty_row": (hide_empty_row, []),
    "hidden_column": (hide_column, [("hidden_column", "People!B")]),
    "hidden_empty_column": (hide_empty_column, []),
    "hidden_sheet": (hide_sheet, [("hidden_sheet", "Wishes")]),
    "merged_cells": (merge, [("merged_cells", "People!B3")]),
    "merged_cells_aside": (merge_aside, []),
    "missing_column": (
        drop_column,
        [
            ("missing_column", "Mentors!1:1"),
            ("unknown_id", "Compatibility!A2"),
            ("unknown_id", "Locks!A2"),
            ("unknown_id", "Locks!A3"),
            ("unknown_id", "Overrides!B2"),
        ],
    ),
    "duplicate_column": (repeat_column, [("duplicate_column", "Sites!D1")]),
    "missing_sheet": (drop_sheet, [("missing_sheet", "layout.xlsx")]),
    "duplicate_sheet": (repeat_sheet, [("duplicate_sheet", "Пожелания")]),
}


@pytest.mark.parametrize("name", LAYOUT)
def test_layout(name: str, tmp_path: Path) -> None:
    spoil, expected = LAYOUT[name]
    report = check(write_spoilt(tmp_path / "layout.xlsx", spoil))
    assert sorted(found(report)) == sorted(expected)
    assert (report.roster is None) == bool(expected)


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        hide_row(book)
        cell_of(book, "Wishes", "Score (0–10)", 2).value = 11
        cell_of(book, "People", "Date of birth", 2).value = "31.02.2026"

    path = write_spoilt(tmp_path / "many.xlsx", spoil)
    with pytest.raises(InputError) as raised:
        read_roster(path, today=TODAY)
    assert [fault.place for fault in raised.value.faults] == ["People!I2", "People!3:3", "Wishes!C2"]


def test_formula_text_is_refused_unless_marked_as_text(tmp_path: Path) -> None:
    def type_text(book: Any) -> None:
        cell = cell_of(book, "People", "Name", 2)
        cell.value, cell.data_type = "=SUM(A1:A9)", "s"

    def mark_as_text(book: Any) -> None:
        type_text(book)
        cell_of(book, "People", "Name", 2).quotePrefix = True

    wrong = check(write_spoilt(tmp_path / "wrong.xlsx", type_text))
    assert found(wrong) == [("formula_text", "People!B2")]
    right = check(write_spoilt(tmp_path / "right.xlsx", mark_as_text))
    assert right.roster is not None
    assert right.roster.people[0].name == "=SUM(A1:A9)"
    assert remarked(right) == [("apostrophe", "People!B2")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_every_start_of_a_formula_is_refused(start: str, tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        cell = cell_of(book, "People", "Name", 2)
        cell.value, cell.data_type = f"{start}cmd", "s"

    assert found(check(write_spoilt(tmp_path / "f.xlsx", spoil))) == [("formula_text", "People!B2")]


# ---------------------------------------------------------------- the file itself


def repack(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Unpack the workbook, let ``change`` alter its parts, pack it again."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def only_fault(path: Path) -> tuple[str, str]:
    report = check(path)
    assert report.roster is None
    ((kind, place),) = found(report)
    return kind, place


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.xlsx"
    write_roster(good_roster(), path, lang="en")
    return path


def test_far_cell(good: Path) -> None:
    def far(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        parts[name] = parts[name].replace(b"</sheetData>", cell)

    repack(good, far)
    assert only_fault(good) == ("far_cell", "People!XFD1048576")


def test_far_empty_cell_is_no_fault(good: Path) -> None:
    def far(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        cell = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        parts[name] = parts[name].replace(b"</sheetData>", cell)

    repack(good, far)
    assert check(good).roster == good_roster()


def test_zip_bomb_by_ratio(good: Path) -> None:
    repack(good, lambda parts: parts.update({"xl/media/zeros.bin": b"\0" * (8 * 2**20)}))
    assert only_fault(good) == ("zip_bomb", "good.xlsx")


def test_zip_bomb_by_number_of_parts(good: Path) -> None:
    repack(good, lambda parts: parts.update({f"xl/media/{i}": b"" for i in range(preflight.MAX_MEMBERS)}))
    assert only_fault(good) == ("zip_bomb", "good.xlsx")


def test_unpacked_size(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "MAX_UNPACKED_BYTES", 1000)
    assert only_fault(good) == ("too_large", "good.xlsx")


def test_packed_size(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "MAX_FILE_BYTES", 1000)
    assert only_fault(good) == ("too_large", "good.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_external_entity(good: Path, encoding: str) -> None:
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>'
    data = f'<?xml version="1.0" encoding="{encoding}"?>{entity}'.encode(encoding)
    repack(good, lambda parts: parts.update({"xl/sharedStrings.xml": data}))
    assert only_fault(good) == ("doctype", "good.xlsx")


def test_duplicate_members(good: Path) -> None:
    with zipfile.ZipFile(good, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    assert only_fault(good) == ("duplicate_members", "good.xlsx")


def test_overlapping_members(good: Path) -> None:
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as archive:
        offset = archive.infolist()[0].header_offset
    entries = [i for i in range(len(data)) if data[i : i + 4] == b"PK\1\2"]
    data[entries[1] + 42 : entries[1] + 46] = struct.pack("<I", offset)
    good.write_bytes(data)
    assert only_fault(good) == ("overlapping_members", "good.xlsx")


def test_old_xls_under_this_name(good: Path) -> None:
    good.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600)
    assert only_fault(good) == ("old_xls", "good.xlsx")


def test_encrypted_workbook(good: Path) -> None:
    stream = "EncryptedPackage".encode("utf-16-le")
    good.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + stream)
    assert only_fault(good) == ("encrypted", "good.xlsx")


def test_macros(good: Path) -> None:
    repack(good, lambda parts: parts.update({"xl/vbaProject.bin": b"macro"}))
    assert only_fault(good) == ("macros", "good.xlsx")


@pytest.mark.parametrize("data", [b"id,name\nP-1,A\n", "код;имя".encode("cp1251"), b"<html><table></table></html>"])
def test_another_format_under_this_name(good: Path, data: bytes) -> None:
    good.write_bytes(data)
    assert only_fault(good) == ("not_a_workbook", "good.xlsx")


def test_word_document_under_this_name(good: Path) -> None:
    def rename(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = parts.pop("xl/workbook.xml")

    repack(good, rename)
    assert only_fault(good) == ("not_a_workbook", "good.xlsx")


def test_empty_file(good: Path) -> None:
    good.write_bytes(b"")
    assert only_fault(good) == ("empty_file", "good.xlsx")


def test_cut_off_file(good: Path) -> None:
    good.write_bytes(good.read_bytes()[:-100])
    assert only_fault(good) == ("damaged", "good.xlsx")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize(
    "data", [b"", b"<a", b"\xff\xff", b"<worksheet><sheetData><row r='x'/></sheetData></worksheet>"]
)
def test_broken_part(good: Path, part: str, data: bytes) -> None:
    repack(good, lambda parts: parts.update({part: data}))
    report = check(good)
    assert report.roster is None
    assert {kind for kind, _ in found(report)} <= {"damaged", "missing_sheet", "unknown_id", "missing_column"}


def test_missing_file(tmp_path: Path) -> None:
    assert only_fault(tmp_path / "none.xlsx") == ("not_found", "none.xlsx")


def test_unknown_format(tmp_path: Path) -> None:
    (tmp_path / "r.ods").write_bytes(b"PK")
    assert only_fault(tmp_path / "r.ods") == ("unknown_format", "r.ods")


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("while True: pass", "time"),
        ("raise MemoryError", "crash"),
        ("import sys; sys.exit(3)", "memory"),
        ("import os; os.abort()", "memory"),
    ],
)
def test_child_that_ends_badly(program: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(program)
    with pytest.raises(child.ChildError) as raised:
        child.run_limited(file, wall_seconds=0.5)
    assert raised.value.reason == reason


@pytest.mark.parametrize("reason", ["time", "memory", "crash"])
def test_child_error_is_a_fault(good: Path, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise child.ChildError(reason)

    monkeypatch.setattr("matcher.io.tables.workbook.run_limited", fail)
    assert only_fault(good) == (f"child_{reason}", "good.xlsx")


def test_memory_limit_ends_only_the_child(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MEMORY_BYTES", 40 * 2**20)
    repack(good, lambda parts: parts.update({"xl/styles.xml": b"<a>" + bytes(range(32, 38)) * 10_000_000 + b"</a>"}))
    monkeypatch.setattr(preflight, "MAX_RATIO", 10**9)
    assert only_fault(good)[0] in ("child_memory", "child_crash")


# ---------------------------------------------------------------- what is normalised


def test_days_counted_from_1904(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    write_roster(good_roster(), path, lang="en")
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    report = check(path)
    assert report.roster == good_roster()
    assert ("date_1904", "mac.xlsx") in remarked(report)


def test_what_is_normalised_is_remarked(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        people = book["People"]
        people["A1"].value = "  ID*"
        people["B2"].value = "Anna\u00a0Sample "
        people["B3"].value = "No\u200bvice"
        people["B4"].value = "И\u0306ванов"
        people["B5"].value = 12
        people["I2"].value = "06.05.1980"
        people["Q2"].value = "18,0"
        people["P2"].value = "mathematics, physics; physics"
        people["Y1"].value = "Shoe size"
        people["Y2"].value = 42
        people["Z4"].value = "aside"
        people["A6"].value = "# P-9"
        book.create_sheet("Notes")["A1"] = "mine"
        book["Availability"]["D2"].value = "14:00"
        book["Deficits"]["F2"].value = date(2026, 9, 2)

    report = check(write_spoilt(tmp_path / "n.xlsx", spoil))
    assert found(report) == []
    assert remarked(report) == [
        ("unknown_sheet", "Notes"),
        ("unknown_column", "People!Y1"),
        ("no_heading", "People!Z4"),
        ("comment_row", "People!6:6"),
        ("nbsp", "People!B2"),
        ("trimmed", "People!B2"),
        ("invisible", "People!B3"),
        ("composed", "People!B4"),
        ("number_as_text", "People!B5"),
        ("text_as_date", "People!I2"),
        ("comma_list", "People!P2"),
        ("repeated", "People!P2"),
        ("decimal_comma", "People!Q2"),
        ("text_as_number", "People!Q2"),
        ("future_date", "Deficits!F2"),
        ("text_as_time", "Availability!D2"),
    ]
    assert report.roster is not None
    assert [p.name for p in report.roster.people] == ["Anna Sample", "Novice", "Йванов", "12"]
    assert report.roster.people[0].birth_date == date(1980, 5, 6)
    assert report.roster.people[0].subjects == ("mathematics", "physics")


def test_rows_above_the_headings(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        book["Mentees"].insert_rows(1, amount=2)
        book["Mentees"]["A1"] = "Who needs a mentor"

    report = check(write_spoilt(tmp_path / "title.xlsx", spoil))
    assert report.roster == good_roster()
    assert remarked(report) == [("rows_above", "Mentees!2:2")]


def test_no_organisations(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        del book["Organisations"]
        del book["Contracts"]

    report = check(write_spoilt(tmp_path / "one.xlsx", spoil))
    assert report.roster is not None
    assert [o.id for o in report.roster.organisations] == ["O-1"]
    assert remarked(report) == [("no_organisations", "People!D")]


def test_lock_that_meets_a_veto_goes_to_the_council(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        cell_of(book, "Wishes", "Veto", 2).value = "yes"

    report = check(write_spoilt(tmp_path / "veto.xlsx", spoil))
    assert report.roster is not None
    assert remarked(report) == [("lock_meets_veto", "Locks!2:2")]


def test_only_the_identifying_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, rows in (
        ("Люди", [("Код", "Организация"), ("1", "Школа"), ("2", "Школа")]),
        ("НАСТАВНИКИ", [("наставник",), ("1",)]),
        ("mentees", [("person",), ("2",)]),
    ):
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    (tmp_path / "least.xlsx").write_bytes(buffer.getvalue())
    report = check(tmp_path / "least.xlsx")
    assert report.roster is not None
    assert (report.roster.mentors[0].person, report.roster.mentees[0].person) == ("1", "2")


def empty_people(book: Any) -> None:
    book["People"].delete_rows(2, 100)


def empty_mentors(book: Any) -> None:
    for name in ("Mentors", "Wishes", "Compatibility", "Locks", "Overrides"):
        book[name].delete_rows(2, 100)


def test_empty_people_are_one_fault_not_one_a_reference(tmp_path: Path) -> None:
    faults = found(check(write_spoilt(tmp_path / "people.xlsx", empty_people)))
    assert [fault for fault in faults if fault[0] != "unknown_id"] == [("nobody", "People")]
    assert not any(place.startswith("Mentors!") for _, place in faults)


def test_missing_people_are_one_fault_not_one_a_reference(tmp_path: Path) -> None:
    faults = found(check(write_spoilt(tmp_path / "people.xlsx", lambda book: book.remove(book["People"]))))
    assert ("missing_sheet", "people.xlsx") in faults
    assert not any(place.startswith("Mentors!") for _, place in faults)


def test_empty_mentors_are_remarked_on(tmp_path: Path) -> None:
    report = check(write_spoilt(tmp_path / "mentors.xlsx", empty_mentors))
    assert found(report) == []
    assert ("no_rows", "Mentors") in remarked(report)
