"""The declared workbook is consistent with itself and with the types of the roster."""

from __future__ import annotations

import dataclasses
from typing import Literal

import pytest

from matcher.io.cells import BadCell, ColumnParser
from matcher.io.columns import Column, ColumnType, Sheet
from matcher.io.headings import columns_by_name, fold, near, sheet_named
from matcher.io.roster_rows import ROW_TYPES, value_type
from matcher.io.sheets import SHEET_BY_ID, SHEETS
from matcher.io.tables.table import Source
from matcher.roster import Roster

COLUMNS = [(sheet, column) for sheet in SHEETS for column in sheet.columns]
NAMES = [f"{sheet.id}.{column.id}" for sheet, column in COLUMNS]


def test_every_part_of_a_roster_has_a_sheet() -> None:
    parts = {field.name for field in dataclasses.fields(Roster)}
    assert {sheet.id for sheet in SHEETS} == parts | {"requests", "deficits"} == set(ROW_TYPES)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_every_field_has_a_column(sheet: Sheet) -> None:
    fields = {field.name for field in dataclasses.fields(ROW_TYPES[sheet.id])}
    columns = {column.field for column in sheet.columns}
    elsewhere = {"mentees": {"is_class", "requests", "deficits"}}.get(sheet.id, set())
    beside = {"mentees": {"class"}, "requests": {"mentee"}, "deficits": {"mentee"}}.get(sheet.id, set())
    assert fields - elsewhere == columns - beside


@pytest.mark.parametrize("spelling", ["ru", "en", "id"])
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_every_heading_finds_its_column(sheet: Sheet, spelling: Literal["ru", "en", "id"]) -> None:
    names = columns_by_name(sheet.id)
    assert [names[fold(c.spelled(spelling))].id for c in sheet.columns] == [c.id for c in sheet.columns]


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=NAMES)
def test_every_spelling_means_one_value(sheet: Sheet, column: Column) -> None:
    meant: dict[str, set[str]] = {}
    for choice in column.choices:
        for spelling in choice.spellings():
            meant.setdefault(fold(spelling), set()).add(choice.id)
    assert {spelling: ids for spelling, ids in meant.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=NAMES)
def test_enumerations_are_complete_and_labels_are_read(sheet: Sheet, column: Column) -> None:
    wanted = value_type(sheet.id, column.field)
    parser = ColumnParser(column, Source.WORKBOOK, "ru", wanted)
    read = {choice.id: (parser[choice.ru], parser[choice.en], parser[choice.id]) for choice in column.choices}
    for values in read.values():
        assert len({v[0] if isinstance(v, tuple) else v for v in values}) == 1
    if column.choices and wanted is not int and wanted is not str:
        assert set(read) == {member.value for member in wanted}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=NAMES)
def test_examples_are_right(sheet: Sheet, column: Column) -> None:
    parser = ColumnParser(column, Source.PARQUET, "id", value_type(sheet.id, column.field))
    for example in (column.example, column.example_en):
        raw = ("TRUE" if example else "FALSE") if isinstance(example, bool) else example
        assert not isinstance(parser[raw], BadCell)  # type: ignore[index]


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=NAMES)
def test_references_lead_to_identifiers(sheet: Sheet, column: Column) -> None:
    assert (column.type in (ColumnType.ID, ColumnType.ID_LIST)) == (bool(column.reference) or column.id == "id")
    for reference in column.reference:
        sheet_id, _, column_id = reference.partition(".")
        assert SHEET_BY_ID[sheet_id].column(column_id).type is ColumnType.ID


def test_sheets_are_found_by_any_name() -> None:
    assert [sheet_named(name) for name in ("Наставники ", "MENTORS", "mentors", "Люди")] == [
        SHEET_BY_ID[name] for name in ("mentors", "mentors", "mentors", "people")
    ]
    assert sheet_named("Sheet1") is None


def test_near_names_ignore_case_and_lookalike_letters() -> None:
    assert near("Р-12", ["P-12", "X-99"])[0] == "P-12"  # Cyrillic Р
    assert near("p-12", ["P-12", "X-99"])[0] == "P-12"
    assert near("qqq", ["P-12", "X-99"]) == ()
