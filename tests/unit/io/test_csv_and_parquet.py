"""Folders of CSV and Parquet: encodings, delimiters, escaping, faults with their line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars
import pytest

from matcher.errors import InputError
from matcher.io.tables.csv_folder import read_csv_table
from matcher.io.write_roster import write_roster
from matcher.roster import Organisation, Person, Roster
from tests.unit.io.roster_files import check, found, good_roster, remarked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "roster"
    write_roster(good_roster(), path)
    return path


def rewrite(file: Path, change: Callable[[str], str], encoding: str = "utf-8") -> None:
    file.write_bytes(change(file.read_bytes().decode("utf-8-sig")).encode(encoding))


def russian(content: str) -> str:
    return content.replace("Sample", "Образцова Анна").replace("Novice", "Ёлкина №5")


# ---------------------------------------------------------------- encodings and delimiters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_without_a_word(folder: Path, encoding: str) -> None:
    rewrite(folder / "people.csv", russian, encoding)
    report = check(folder)
    assert report.roster is not None
    assert [p.name for p in report.roster.people[:2]] == ["Образцова Анна", "Ёлкина №5"]
    assert report.remarks == ()


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("cp1251", "windows-1251"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_other_encodings_are_read_and_remarked(folder: Path, encoding: str, named: str) -> None:
    rewrite(folder / "people.csv", russian, encoding)
    report = check(folder)
    assert report.roster is not None
    assert report.roster.people[0].name == "Образцова Анна"
    assert remarked(report) == [("encoding", "people.csv")]
    assert report.remarks[0].message.params == {"encoding": named}


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866"])
def test_unknown_encoding_is_a_fault(folder: Path, encoding: str) -> None:
    rewrite(folder / "people.csv", lambda content: russian(content).replace("№", "N"), encoding)
    assert found(check(folder)) == [("unknown_encoding", "people.csv")]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_delimiters_of_spreadsheet_programs(folder: Path, delimiter: str) -> None:
    file = folder / "people.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    with file.open("w", encoding="cp1251", newline="") as stream:
        stream.write(f"sep={delimiter}\r\n")
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    report = check(folder)
    assert report.roster == good_roster()
    assert [kind for kind, _ in remarked(report)] == ["sep_line", "delimiter"]


def test_russian_headings_and_file_names(folder: Path) -> None:
    (folder / "people.csv").rename(folder / "Люди.csv")
    rewrite(folder / "Люди.csv", lambda content: content.replace("birth_date", "дата рождения"))
    assert check(folder).roster == good_roster()


# ---------------------------------------------------------------- faults


def test_fault_stands_at_its_line_and_column(folder: Path) -> None:
    rewrite(folder / "people.csv", lambda content: content.replace("1980-05-06", "31.02.1980"))
    assert found(check(folder)) == [("impossible_date", "people.csv!I2")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_formula_injection(folder: Path, start: str) -> None:
    rewrite(folder / "people.csv", lambda content: content.replace("Sample", f"{start}cmd|' /C calc'!A0"))
    assert found(check(folder)) == [("formula_text", "people.csv!B2")]


def test_escaped_text_loses_its_apostrophe_and_is_remarked(folder: Path) -> None:
    rewrite(folder / "people.csv", lambda content: content.replace("Sample", "'=1+1"))
    report = check(folder)
    assert report.roster is not None
    assert report.roster.people[0].name == "=1+1"
    assert remarked(report) == [("apostrophe", "people.csv!B2")]


def test_line_with_too_many_cells(folder: Path) -> None:
    rewrite(folder / "sites.csv", lambda content: content.replace("B-1,O-1,", "B-1,O-1,Main, old"))
    assert found(check(folder)) == [("too_many_cells", "sites.csv!D2")]


def test_quotation_marks_that_do_not_match(folder: Path) -> None:
    rewrite(folder / "sites.csv", lambda content: content.replace("B-1,O-1,", 'B-1,O-1,"Main" old'))
    assert found(check(folder)) == [("bad_csv", "sites.csv:2")]


def test_empty_file(folder: Path) -> None:
    (folder / "mentors.csv").write_bytes(b"")
    kinds = {kind for kind, _ in found(check(folder))}
    assert "missing_column" in kinds


def test_folder_of_both_formats(folder: Path) -> None:
    polars.DataFrame({"id": ["P-1"]}).write_parquet(folder / "people.parquet")
    assert found(check(folder)) == [("two_formats", "roster")]


def test_folder_without_sheets(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a")
    assert found(check(tmp_path)) == [("no_sheets", tmp_path.name)]


def test_unknown_file_is_remarked(folder: Path) -> None:
    (folder / "mentor.csv").write_text("a")
    report = check(folder)
    assert report.roster == good_roster()
    assert remarked(report) == [("unknown_sheet", "mentor.csv")]
    assert report.remarks[0].message.params["near"] == "mentors"


def test_line_breaks_of_other_kinds_stay_inside_a_cell(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_bytes('id,organisation,name\r\nB-1,O-1,"a\u2028b\x0bc"\r\n'.encode())
    table, _ = read_csv_table(tmp_path / "sites.csv")
    assert table.rows[1] == ["B-1", "O-1", "a\u2028b\x0bc"]


# ---------------------------------------------------------------- Parquet


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "roster.parquet"
    write_roster(good_roster(), path)
    return path


def with_column(file: Path, name: str, values: list[object]) -> None:
    frame = polars.read_parquet(file)
    frame.with_columns(polars.Series(name, values)).write_parquet(file)


def test_parquet_passes(parquet: Path) -> None:
    report = check(parquet)
    assert report.roster == good_roster()
    assert report.remarks == ()


def test_parquet_fault_stands_at_its_column_and_row(parquet: Path) -> None:
    with_column(parquet / "wishes.parquet", "score", [3.0, 12.0])
    assert found(check(parquet)) == [("out_of_range", "wishes.parquet!score:2")]


def test_parquet_number_that_is_none(parquet: Path) -> None:
    with_column(parquet / "wishes.parquet", "score", [float("nan"), None])
    assert found(check(parquet)) == [("not_number", "wishes.parquet!score:1")]


def test_parquet_moments(parquet: Path) -> None:
    with_column(parquet / "absences.parquet", "from", [datetime(2026, 11, 2)])
    assert check(parquet).roster == good_roster()


def test_parquet_type_without_meaning(parquet: Path) -> None:
    with_column(parquet / "wishes.parquet", "score", [timedelta(1), None])
    assert found(check(parquet)) == [("wrong_column_type", "wishes.parquet!score")]


def test_parquet_missing_column(parquet: Path) -> None:
    polars.read_parquet(parquet / "sites.parquet").drop("organisation").write_parquet(parquet / "sites.parquet")
    assert found(check(parquet)) == [("missing_column", "sites.parquet!")]


def test_damaged_parquet(parquet: Path) -> None:
    (parquet / "sites.parquet").write_bytes(b"PAR1 no more")
    assert found(check(parquet)) == [("damaged", "sites.parquet")]


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize("name", ["r.xlsx", "r", "r.parquet"])
def test_nothing_but_the_roster_is_left(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_roster(good_roster(), path)
    first = path.read_bytes() if path.is_file() else None
    write_roster(good_roster(), path)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert first is None or first == path.read_bytes()


def test_rewriting_replaces_sheets_and_keeps_other_files(folder: Path) -> None:
    (folder / "people.csv").rename(folder / "Люди.csv")
    (folder / "letter.txt").write_text("mine")
    alone = Roster(organisations=(Organisation(id="O-1"),), people=(Person(id="P-1", organisation="O-1"),))
    write_roster(alone, folder)
    assert not (folder / "Люди.csv").exists()
    assert (folder / "letter.txt").read_text() == "mine"
    assert check(folder).roster == alone


def test_writing_over_another_form_is_refused(folder: Path) -> None:
    with pytest.raises(InputError) as raised:
        write_roster(good_roster(), folder, form="parquet")
    assert [fault.message.msgid for fault in raised.value.faults] == ["the folder holds sheets of another form"]


def test_separator_in_a_list_is_refused(tmp_path: Path) -> None:
    roster = replace(good_roster(), people=(Person(id="P-1", organisation="O-1", titles=("a; b",)),))
    with pytest.raises(InputError) as raised:
        write_roster(roster, tmp_path / "r.xlsx")
    assert [fault.place for fault in raised.value.faults] == ["people.titles"]
    assert list(tmp_path.iterdir()) == []


def test_text_too_long_for_a_cell_is_refused(tmp_path: Path) -> None:
    roster = replace(good_roster(), people=(Person(id="P-1", organisation="O-1", name="я" * 10_001),))
    with pytest.raises(InputError) as raised:
        write_roster(roster, tmp_path / "r.xlsx")
    assert [fault.place for fault in raised.value.faults] == ["people.name"]


def test_no_cell_of_a_written_csv_is_a_formula(tmp_path: Path) -> None:
    names = ["=1", "+1", "-1", "@a", "'=1", "plain"]
    people = tuple(Person(id=f"P{i}", organisation="O-1", name=name) for i, name in enumerate(names))
    write_roster(replace(Roster(), people=people), tmp_path / "r")
    with (tmp_path / "r" / "people.csv").open(encoding="utf-8-sig", newline="") as stream:
        written = [row["name"] for row in csv.DictReader(stream)]
    assert written == ["'=1", "'+1", "'-1", "'@a", "''=1", "plain"]
