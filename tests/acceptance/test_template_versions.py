"""A workbook filled in to an older template, or saved by another program, gives the same roster or says what to do."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matcher.io.columns import Column
from matcher.io.headings import columns_by_name, fold, sheet_named
from matcher.io.read_roster import check_roster
from matcher.io.sheets import COMMENT_MARK, SHEET_BY_ID, SHEETS
from matcher.io.template import write_template
from matcher.io.write_roster import write_roster
from matcher.roster import Roster
from matcher.texts import say
from service.documents.pdf import office
from tests.acceptance.foreign_books import (
    GOOGLE,
    MOY_OFFICE,
    NO_STYLES,
    PREFIXED,
    REPORT_TOOL,
    STRICT,
    Writer,
    pack,
)
from tests.unit.io.roster_files import TODAY, check, found, good_roster, remarked

EDITIONS = Path(__file__).parents[1] / "data" / "template_editions"
"""What each released template called its sheets, columns and values; a file here is never changed, only added."""

WRITERS = {
    "google": GOOGLE,
    "moy_office": MOY_OFFICE,
    "report_tool": REPORT_TOOL,
    "prefixed": PREFIXED,
    "strict": STRICT,
}


def edition(number: int) -> Iterator[dict[str, str]]:
    """Yield the lines of an edition: sheet, column and value (empty where not of one), in both languages."""
    with (EDITIONS / f"{number}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


# ---------------------------------------------------------------- what was ever called something is still found


@pytest.mark.parametrize("file", sorted(EDITIONS.glob("*.csv")), ids=lambda file: str(file.stem))
def test_every_word_of_every_edition_is_still_understood(file: Path) -> None:
    for line in edition(int(file.stem)):
        for words in (line["ru"], line["en"]):
            sheet = sheet_named(words) if not line["column"] else SHEET_BY_ID[line["sheet"]]
            assert sheet is not None, line
            assert sheet.id == line["sheet"], line
            if line["column"] and not line["value"]:
                assert columns_by_name(sheet.id)[fold(words)].id == line["column"], line
            if line["value"]:
                known = {fold(name): one.id for one in sheet.column(line["column"]).choices for name in one.spellings()}
                assert known[fold(words)] == line["value"], line


def test_the_newest_edition_is_the_present_template() -> None:
    """A word that is changed or added makes a new edition: write it beside the others."""
    newest = max(int(file.stem) for file in EDITIONS.glob("*.csv"))
    present = []
    for sheet in SHEETS:
        present.append((sheet.id, "", "", sheet.ru, sheet.en))
        for column in sheet.columns:
            present.append((sheet.id, column.id, "", column.ru, column.en))
            present.extend((sheet.id, column.id, one.id, one.ru, one.en) for one in column.choices)
    assert [tuple(line.values()) for line in edition(newest)] == present


# ---------------------------------------------------------------- older layouts, by every program


def short_roster() -> Roster:
    """Return the good roster without what an older, shorter template had no sheets and columns for."""
    whole = good_roster()
    mentees = tuple(replace(one, deficits=()) for one in whole.mentees if not one.is_class)
    people = tuple(replace(one, school_class=None, organisation_since=None) for one in whole.people)
    return Roster(
        organisations=whole.organisations, people=people, mentors=whole.mentors, mentees=mentees, wishes=whole.wishes
    )


def _rewrite(path: Path, heading: Callable[[Column], str], title: Callable[[str], str], *, above: int = 0) -> None:
    """Turn a workbook round: sheets and columns in reverse order, empty columns and sheets gone, other names."""
    book = openpyxl.load_workbook(path)
    target = openpyxl.Workbook()
    target.remove(target.active)
    for name in reversed(book.sheetnames):
        sheet = sheet_named(name)
        assert sheet is not None
        rows = [[cell.value for cell in row] for row in book[name].iter_rows()]
        kept = [i for i in reversed(range(len(rows[0]))) if any(row[i] is not None for row in rows[1:])]
        if not kept:
            continue
        page = target.create_sheet(title(sheet.id))
        for number in range(above):
            page.append([f"Школа № 1, строка {number}" if not number else None])
        page.append([heading(columns_by_name(sheet.id)[fold(str(rows[0][i]))]) for i in kept])
        for row in rows[1:]:
            page.append([row[i] for i in kept])
    target.save(path)


def as_it_is(path: Path) -> None:
    """Leave the present layout."""


def short(path: Path) -> None:
    """Write the few columns of a first list, as schools name them, below a title."""

    def heading(column: Column) -> str:
        return f"{(column.aliases or (column.ru,))[-1]} "

    _rewrite(path, heading, lambda id_: f" {SHEET_BY_ID[id_].ru.upper()}", above=2)


def identifiers(path: Path) -> None:
    """Write identifiers for headings and English names for sheets, both in capitals."""
    _rewrite(path, lambda column: column.id.upper(), lambda id_: SHEET_BY_ID[id_].en.upper())


def wider(path: Path) -> None:
    """Add what a newer template, or the school itself, has more: columns, a sheet, a column without a heading."""
    book = openpyxl.load_workbook(path)
    for page in book:
        page.insert_cols(1, amount=2)
        page["B1"] = "Подпись"
        page["B2"] = "есть"
    book.create_sheet("Заметки", 0)["A1"] = "Позвонить в школу № 2"
    book.save(path)


LAYOUTS: dict[str, tuple[Callable[[Path], None], Callable[[], Roster]]] = {
    "present": (as_it_is, good_roster),
    "short": (short, short_roster),
    "identifiers": (identifiers, good_roster),
    "wider": (wider, good_roster),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_roster_comes_in(layout: str, writer: str, tmp_path: Path) -> None:
    change, roster = LAYOUTS[layout]
    source = tmp_path / "source.xlsx"
    write_roster(roster(), source)
    change(source)
    report = check(pack(source, tmp_path / "other.xlsx", WRITERS[writer]))
    assert found(report) == []
    assert report.roster is not None
    assert report.roster == roster()
    # Nothing is passed over without a word.
    expected = {"short": {"rows_above"}, "wider": {"unknown_column", "unknown_sheet"}}
    smoothed = {"trimmed"} if writer == "moy_office" else set()
    assert {kind for kind, _ in remarked(report)} - smoothed == expected.get(layout, set())


@pytest.mark.parametrize("writer", WRITERS)
def test_a_filled_template_comes_in_from_every_program(writer: str, tmp_path: Path) -> None:
    source = filled_template(tmp_path / "template.xlsx")
    report = check(pack(source, tmp_path / "other.xlsx", WRITERS[writer]))
    assert (found(report), report.roster) == ([], good_roster())


def filled_template(path: Path) -> Path:
    """Write the good roster below the example rows of the template itself, with its drop-downs and hidden lists."""
    write_template(path)
    filled = path.with_name("filled.xlsx")
    write_roster(good_roster(), filled)
    source, book = openpyxl.load_workbook(filled), openpyxl.load_workbook(path)
    for rows in source:
        page = book[rows.title]
        assert str(page["A2"].value).startswith(COMMENT_MARK)
        at = {fold(str(cell.value)): cell.column for cell in page[1]}
        for row in rows.iter_rows(min_row=2):
            for cell in row:
                page.cell(cell.row + 1, at[fold(str(rows.cell(1, cell.column).value))]).value = cell.value
    book.save(path)
    return path


# ---------------------------------------------------------------- LibreOffice itself


@pytest.fixture(scope="module")
def saved_anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of workbooks that LibreOffice has opened and saved as its own kind of .xlsx."""
    program, folder = office(), tmp_path_factory.mktemp("office")
    assert program is not None, "LibreOffice is not installed: make system"
    files = [filled_template(folder / "ru.xlsx")]
    write_roster(short_roster(), folder / "short.xlsx")
    short(folder / "short.xlsx")
    write_roster(good_roster(), folder / "plain.xlsx")
    files += [folder / "short.xlsx", pack(folder / "plain.xlsx", folder / "google.xlsx", GOOGLE)]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, *map(str, files)], check=True, timeout=120, capture_output=True)
    return folder / "out"


def test_what_libreoffice_saves_comes_in(saved_anew: Path) -> None:
    rosters = {"ru": good_roster(), "short": short_roster(), "google": good_roster()}
    for name, roster in rosters.items():
        report = check(saved_anew / f"{name}.xlsx")
        assert (name, found(report)) == (name, [])
        assert report.roster == roster, name


# ---------------------------------------------------------------- what cannot be taken says where and what to do


def told(path: Path) -> list[tuple[str, str, str]]:
    """Return every fault as its user reads it: place, what is wrong, what to do."""
    report = check_roster(path, today=TODAY)
    assert report.roster is None
    return [(fault.place, say(fault.message, "ru"), say(fault.cure, "ru")) for fault in report.faults if fault.cure]


def changed(tmp_path: Path, change: Callable[[Any], None], writer: Writer = MOY_OFFICE) -> Path:
    """Return the good workbook, changed and saved by another program."""
    source = tmp_path / "source.xlsx"
    write_roster(good_roster(), source)
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(source)
    return pack(source, tmp_path / "other.xlsx", writer)


def test_a_needed_column_of_another_name(tmp_path: Path) -> None:
    def rename(book: Any) -> None:
        book["Организации"]["A1"] = "Шифр"
        del book["Договоры"], book["Здания"], book["Дорога"], book["Классы"]

    faults = told(changed(tmp_path, rename))
    assert ("Организации!1:1", "нет столбца «Код» (id)", "добавьте его в строку заголовков") in faults


def test_a_needed_sheet_of_another_name(tmp_path: Path) -> None:
    def rename(book: Any) -> None:
        book["Наставники"].title = "Кадры"

    faults = told(changed(tmp_path, rename))
    assert faults[0] == (
        "other.xlsx",
        "нет листа «Наставники / Mentors / mentors»",
        "его заголовки стоят на листе «Кадры»: переименуйте этот лист",
    )


def test_dates_and_times_without_a_format(tmp_path: Path) -> None:
    """A number may be a day, but it may be a slip too: nobody's birthday is guessed."""
    faults = told(changed(tmp_path, lambda book: None, NO_STYLES))
    assert ("Люди!I2", "вместо даты стоит число: 29347", "задайте клетке формат даты; получится 06.05.1980") in faults
    times = [fault for fault in faults if fault[0].startswith("'Удобное время'")]
    assert [cure for _, _, cure in times] == [
        "задайте клетке формат времени; получится 14:00",
        "задайте клетке формат времени; получится 16:00",
    ]
    assert {message.partition(":")[0] for _, message, _ in faults} == {
        "вместо даты стоит число",
        "вместо времени стоит число",
    }


@pytest.mark.parametrize("name", ["список.ods", "список.xods", "список.xls", "список.numbers"])
def test_a_spreadsheet_of_another_format(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK")
    cure = "откройте её в той программе, где она сделана, и выберите «Файл – Сохранить как – Книга Excel (.xlsx)»"
    assert told(tmp_path / name) == [
        (name, f"это электронная таблица другого формата ({Path(name).suffix})", cure),
    ]
