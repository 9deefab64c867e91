"""Write a roster: a workbook, a folder of CSV files, or a folder of Parquet files. What is written reads back equal."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

from matcher.errors import InputError
from matcher.io.cells import FORMULA_START, MAX_TEXT_LENGTH
from matcher.io.columns import Column, ColumnType, Sheet
from matcher.io.headings import sheet_named
from matcher.io.report import CellFault
from matcher.io.sheets import LIST_SEPARATOR, SHEETS
from matcher.roster import Roster
from matcher.texts import Lang, text

Form = Literal["xlsx", "csv", "parquet"]
_CREATED = datetime(2026, 1, 1)
"""Written into every workbook, so that the same roster gives the same bytes."""


def write_roster(roster: Roster, path: str | Path, *, form: Form | None = None, lang: Lang = "ru") -> None:
    """Write the roster to ``path``, first under another name, so that no half-written file is ever seen.

    Parameters
    ----------
    roster
        What to write.
    path
        A file for a workbook, a folder for the other forms; sheets written there earlier are replaced.
    form
        By default a workbook for names ending in .xlsx, Parquet for .parquet, else CSV.
    lang
        The language of headings and labels of a workbook; CSV and Parquet hold identifiers.

    Raises
    ------
    InputError
        When a list holds a text with a semicolon, a text is too long, or the folder holds sheets of another form.
    """
    path = Path(path)
    suffix = path.suffix.casefold()
    form = form or ("xlsx" if suffix == ".xlsx" else "parquet" if suffix == ".parquet" else "csv")
    _check_texts(roster)
    path.parent.mkdir(parents=True, exist_ok=True)
    if form == "xlsx":
        _write_workbook(roster, path, lang)
    else:
        _write_folder(roster, path, form)


@dataclass(frozen=True, slots=True)
class _MenteeRow:
    """A row of a sheet that belongs to a mentee: the mentee beside the object."""

    mentee: str
    part: Any


def _rows(roster: Roster, sheet: Sheet) -> Iterable[Any]:
    if sheet.id in ("requests", "deficits"):
        return [_MenteeRow(m.person, part) for m in roster.mentees for part in getattr(m, sheet.id)]
    rows: Iterable[Any] = getattr(roster, sheet.id)
    return rows


def _values(sheet: Sheet, column: Column, rows: Iterable[Any]) -> list[Any]:
    """Return the values of a column, typed, None for an empty cell."""
    if column.field == "levels":
        block = column.id.removeprefix("level.")
        return [row.levels.get(block) for row in rows]
    if sheet.id == "mentees" and column.id in ("person", "class"):
        return [row.person if row.is_class == (column.id == "class") else None for row in rows]
    if sheet.id in ("requests", "deficits"):
        if column.id == "mentee":
            return [row.mentee for row in rows]
        rows = [row.part for row in rows]
    found = [getattr(row, column.field) for row in rows]
    if column.type is ColumnType.ENUM:
        return [None if value is None or value == "" else str(value) for value in found]
    return [None if value == "" or value == () else value for value in found]


def _check_texts(roster: Roster) -> None:
    """Refuse what would not read back: separators inside lists, texts too long for a cell."""
    faults: list[CellFault] = []
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.type is ColumnType.TEXT:
                faults.extend(_long_texts(sheet, column, _values(sheet, column, _rows(roster, sheet))))
            if not column.type.is_list:
                continue
            forbidden = ";\n" if column.type is ColumnType.TEXT_LIST else ";,\n"
            for items in _values(sheet, column, _rows(roster, sheet)):
                if any(set(forbidden).intersection(item) for item in items or ()):
                    message = text("a value of a list holds a separator: {value}", value="; ".join(items))
                    cure = text("write it without semicolons, commas and line breaks")
                    faults.append(CellFault(f"{sheet.id}.{column.id}", message, cure, kind="separator_in_list"))
    if faults:
        raise InputError(faults)


def _long_texts(sheet: Sheet, column: Column, values: Iterable[Any]) -> Iterator[CellFault]:
    for value in values:
        if value is not None and len(value) > MAX_TEXT_LENGTH:
            message = text("“{value}” is too long", value=f"{value[:40]}…")
            cure = text("at most {count} characters", count=MAX_TEXT_LENGTH)
            yield CellFault(f"{sheet.id}.{column.id}", message, cure, kind="too_long")


def _write_workbook(roster: Roster, path: Path, lang: Lang) -> None:
    import xlsxwriter

    with _replacing(path) as target:
        book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": _CREATED})
        formats = {
            "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDEBF7"}),
            "quoted": book.add_format({"quote_prefix": True}),
            "date": book.add_format({"num_format": "dd.mm.yyyy"}),
            "time": book.add_format({"num_format": "hh:mm:ss"}),
        }
        for sheet in SHEETS:
            _write_sheet(book.add_worksheet(sheet.title(lang)), formats, sheet, list(_rows(roster, sheet)), lang)
        book.close()


def _write_sheet(page: Any, formats: dict[str, Any], sheet: Sheet, rows: list[Any], lang: Lang) -> None:
    page.freeze_panes(1, 1)
    for index, column in enumerate(sheet.columns):
        page.write_string(0, index, column.heading(lang), formats["heading"])
        page.set_column(index, index, 18)
        shown = _shown_in(column, lang)
        for row, value in enumerate(_values(sheet, column, rows), start=1):
            if value is not None:
                _write_cell(page, formats, row, index, shown(value))


def _write_cell(page: Any, formats: dict[str, Any], row: int, column: int, value: object) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value, formats["quoted"] if FORMULA_START.match(value) else None)
    elif isinstance(value, (int, float)):
        # A workbook keeps 16 digits of a number here; a longer one is kept exactly as text.
        if float(f"{value:.16G}") == value:
            page.write_number(row, column, value)
        else:
            page.write_string(row, column, repr(value))
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime.combine(value, time()), formats["date"])
    elif isinstance(value, time):
        page.write_datetime(row, column, value, formats["time"])


def _shown_in(column: Column, lang: Lang) -> Callable[[Any], object]:
    """Return how a value of a column is written in a workbook: by its label where it has one."""
    labels = {choice.id: choice.label(lang) for choice in column.choices}
    words = {True: "да", False: "нет"} if lang == "ru" else {True: "yes", False: "no"}
    if column.type is ColumnType.BOOL:
        return lambda value: words[value]
    if column.type is ColumnType.ENUM:
        return lambda value: labels.get(value, value)
    if column.type.is_list:
        return lambda values: LIST_SEPARATOR.join(labels.get(str(value), str(value)) for value in values)
    return lambda value: value


def _write_folder(roster: Roster, path: Path, form: Form) -> None:
    write = _write_csv if form == "csv" else _write_parquet
    if not path.exists():
        with _replacing(path) as target:
            target.mkdir()
            for sheet in SHEETS:
                write(roster, sheet, target / f"{sheet.id}.{form}")
        return
    found = [file for file in path.iterdir() if file.suffix in (".csv", ".parquet") and sheet_named(file.stem)]
    if any(file.suffix != f".{form}" for file in found):
        message = text("the folder holds sheets of another form")
        cure = text("give another folder, or remove them")
        raise InputError([CellFault(path.name, message, cure, kind="two_formats")])
    for sheet in SHEETS:
        with _replacing(path / f"{sheet.id}.{form}") as target:
            write(roster, sheet, target)
    for file in found:
        if file.stem not in {sheet.id for sheet in SHEETS}:
            file.unlink()  # the same sheet under another of its names


def _write_csv(roster: Roster, sheet: Sheet, path: Path) -> None:
    rows = list(_rows(roster, sheet))
    columns = [[_csv_cell(value) for value in _values(sheet, column, rows)] for column in sheet.columns]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.id for column in sheet.columns])
        writer.writerows(zip(*columns, strict=True))


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    written = LIST_SEPARATOR.join(value) if isinstance(value, tuple) else str(value)
    return f"'{written}" if FORMULA_START.match(written) else written


def _write_parquet(roster: Roster, sheet: Sheet, path: Path) -> None:
    import polars

    types: dict[ColumnType, Any] = {
        ColumnType.INT: polars.Int64,
        ColumnType.FLOAT: polars.Float64,
        ColumnType.BOOL: polars.Boolean,
        ColumnType.DATE: polars.Date,
        ColumnType.TIME: polars.Time,
    }
    rows = list(_rows(roster, sheet))
    series = []
    for column in sheet.columns:
        values = _values(sheet, column, rows)
        if column.type.is_list:
            values = [None if value is None else [str(item) for item in value] for value in values]
            series.append(polars.Series(column.id, values, dtype=polars.List(polars.String)))
        else:
            series.append(polars.Series(column.id, values, dtype=types.get(column.type, polars.String)))
    polars.DataFrame(series).write_parquet(path)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a name beside ``path`` to write under, and move it into place when all went well."""
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder / path.name
        os.replace(folder / path.name, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
