"""Read a roster: a workbook, a folder of CSV files, or a folder of Parquet files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from matcher.errors import Fault, InputError
from matcher.io.columns import Sheet
from matcher.io.headings import near, sheet_named
from matcher.io.hints import NO_HINTS, Hints, SheetSeen, seen_sheet, strange_sheet
from matcher.io.parse_table import parse_table
from matcher.io.parsed import Parsed
from matcher.io.report import CellFault, CheckReport, Remark
from matcher.io.roster_checks import check_sheets, has_rows
from matcher.io.roster_rows import build_rows
from matcher.io.sheets import SERVICE_TITLES, SHEET_BY_ID, SHEETS
from matcher.io.tables.preflight import other_format
from matcher.io.tables.table import Table, file_error
from matcher.roster import Mentee, Organisation, Roster
from matcher.texts import Text, text


def read_roster(path: str | Path, *, today: date | None = None) -> Roster:
    """Return the roster at ``path``: an .xlsx workbook, a folder of .csv files, or of .parquet files.

    Parameters
    ----------
    path
        The file or folder.
    today
        The day against which ages are checked; the current day unless given.

    Raises
    ------
    InputError
        When anything is wrong; it lists every fault with its cell and its cure. Nothing is read in part.
    """
    report = check_roster(path, today=today)
    if report.roster is None:
        raise InputError(report.faults)
    return report.roster


def check_roster(path: str | Path, *, today: date | None = None, hints: Hints = NO_HINTS) -> CheckReport:
    """Return the roster at ``path`` or every fault of it, a remark for everything that was normalised, its sheets.

    ``hints`` say which sheet and column of the file is which, where it does not follow the template.
    """
    try:
        tables, remarks = read_tables(Path(path), hints)
    except InputError as error:
        return CheckReport(None, error.faults, (), tuple(_strange_files(Path(path), hints)))
    named, faults, more = _named_tables(tables, Path(path).name, hints)
    parsed = {
        sheet.id: parse_table(sheet, named[sheet.id], hints.told(named[sheet.id].name))
        for sheet in SHEETS
        if sheet.id in named
    }
    check_sheets(parsed, today or date.today())
    for sheet in parsed.values():
        found = sorted(sheet.faults, key=lambda fault: (fault.row or 0, fault.column or 0))
        faults.extend(found)
        more.extend(sheet.remarks)
    remarks = [*remarks, *more]
    _check_filled(parsed, Path(path).name, faults, remarks)
    sheets = (*_seen(tables, named, parsed, hints), *_strange_files(Path(path), hints))
    if faults:
        return CheckReport(None, tuple(faults), tuple(remarks), sheets)
    if not has_rows(parsed, "organisations") and parsed["people"].row:
        place = parsed["people"].table.place(None, parsed["people"].position["organisation"])
        message = text(
            "there are no organisations listed, so each one named here is taken as a general school of one municipality"
        )
        remarks.append(Remark(place, message, "no_organisations"))
    return CheckReport(_roster(parsed), (), tuple(remarks), sheets)


def _seen(
    tables: Iterable[Table], named: Mapping[str, Table], parsed: Mapping[str, Parsed], hints: Hints
) -> Iterator[SheetSeen]:
    """Yield how each sheet was understood, in the order of the file."""
    by_name = {table.name: sheet_id for sheet_id, table in named.items()}
    for table in tables:
        sheet_id = by_name.get(table.name)
        if sheet_id is not None:
            sheet = parsed[sheet_id]
            yield seen_sheet(sheet.sheet, table, sheet.heading_row, sheet.position, sheet.row)
        elif table.name not in hints.sheets:
            strange = strange_sheet(table)
            if strange is not None:
                yield strange


def _strange_files(path: Path, hints: Hints) -> Iterator[SheetSeen]:
    """Yield the tables of a folder whose names say nothing, as far as they can be read."""
    from matcher.io.tables.csv_folder import read_csv_table

    if not path.is_dir():
        return
    for file in sorted(path.iterdir()):
        if file.suffix.casefold() != ".csv" or file.name in hints.sheets or sheet_named(file.stem):
            continue
        with suppress(InputError):
            strange = strange_sheet(read_csv_table(file, encoding=hints.encoding)[0])
            if strange is not None:
                yield strange


def _check_filled(parsed: Mapping[str, Parsed], file_name: str, faults: list[Fault], remarks: list[Remark]) -> None:
    """Report a roster nobody has been filled in to, and remark on a side of the pairs that is still empty."""
    needed = [parsed[sheet.id] for sheet in SHEETS if sheet.is_required and sheet.id in parsed]
    empty = [sheet for sheet in needed if not sheet.row and not sheet.faults]
    cure = text("write everybody into a row of their own; a row that begins with “#” is only an example")
    if len(empty) == len(needed) == sum(sheet.is_required for sheet in SHEETS):
        names = ", ".join(sheet.table.name for sheet in needed)
        message = text("nobody is filled in yet; empty are: {names}", names=names)
        faults.append(CellFault(file_name, message, cure, kind="nobody"))
        return
    for sheet in empty:
        if sheet.sheet.id == "people":
            faults.append(sheet.table.fault("nobody", text("nobody is filled in yet"), cure))
        else:
            message = text("nobody is filled in yet, so no pair can be made")
            remarks.append(Remark(sheet.table.place(), message, "no_rows"))


def read_tables(path: Path, hints: Hints = NO_HINTS) -> tuple[list[Table], list[Remark]]:
    """Return the tables of a workbook or folder and what was normalised while reading it.

    Raises
    ------
    InputError
        When the path does not exist, is of an unknown format, or cannot be read.
    """
    if path.is_dir():
        return _read_folder(path, hints)
    if not path.is_file():
        raise file_error(path.name, "not_found", text("there is no such file or folder"), text("check the name"))
    if path.suffix.casefold() != ".xlsx":
        kinds = text("give an .xlsx workbook, a folder of .csv files, or a folder of .parquet files")
        raise other_format(path, kinds)
    from matcher.io.tables.workbook import read_workbook

    return read_workbook(path)


def _read_folder(path: Path, hints: Hints) -> tuple[list[Table], list[Remark]]:
    from matcher.io.tables.csv_folder import read_csv_table
    from matcher.io.tables.parquet_folder import read_parquet_table

    files = sorted(file for file in path.iterdir() if file.suffix.casefold() in (".csv", ".parquet"))
    known = [file for file in files if _sheet_of(file.name, hints)]
    if len({file.suffix.casefold() for file in known}) > 1:
        message = text("the folder holds both CSV and Parquet files")
        raise file_error(path.name, "two_formats", message, text("keep the files of one format"))
    if not known:
        message = text("the folder holds no sheet of a roster")
        raise file_error(path.name, "no_sheets", message, text("name the files people.csv, mentors.csv, mentees.csv"))
    tables: list[Table] = []
    remarks: list[Remark] = []
    faults: list[Fault] = []
    for file in files:
        if file not in known:
            if file.name not in hints.sheets:
                remarks.append(_unknown_sheet(file.stem, file.name))
            continue
        try:
            if file.suffix.casefold() == ".csv":
                table, found = read_csv_table(file, encoding=hints.encoding)
                remarks.extend(found)
            else:
                table = read_parquet_table(file)
            tables.append(table)
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return tables, remarks


def _unknown_sheet(title: str, place: str) -> Remark:
    meant = near(title, (name for sheet in SHEETS for name in (sheet.id, sheet.ru, sheet.en)), num=1)
    message = text("the sheet “{title}” is not known and was not read", title=title)
    if meant:
        message = text(
            "the sheet “{title}” is not known and was not read; perhaps “{near}” was meant", title=title, near=meant[0]
        )
    return Remark(place, message, "unknown_sheet")


def _sheet_of(name: str, hints: Hints) -> Sheet | None:
    """Return the sheet a table of this name holds: as told, else by its name."""
    if name in hints.sheets:
        return SHEET_BY_ID.get(hints.sheets[name])
    return sheet_named(_title_of(name))


def _title_of(name: str) -> str:
    return name.rpartition(".")[0] if name.casefold().endswith((".csv", ".parquet")) else name


def _named_tables(
    tables: Sequence[Table], file_name: str, hints: Hints
) -> tuple[dict[str, Table], list[Fault], list[Remark]]:
    """Return sheet id → table, with faults for sheets missing or given twice and remarks for unknown ones."""
    named: dict[str, Table] = {}
    faults: list[Fault] = []
    remarks: list[Remark] = []
    for table in tables:
        title = _title_of(table.name)
        sheet = _sheet_of(table.name, hints)
        if sheet is None:
            if title not in SERVICE_TITLES and table.rows and table.name not in hints.sheets:
                remarks.append(_unknown_sheet(title, table.place()))
        elif sheet.id in named:
            message = text("the sheet “{title}” is there twice: {other}", title=table.name, other=named[sheet.id].name)
            faults.append(table.fault("duplicate_sheet", message, text("put all rows into one sheet")))
        else:
            named[sheet.id] = table
    for sheet in SHEETS:
        if sheet.is_required and sheet.id not in named:
            message = text("the sheet “{title}” is missing", title=f"{sheet.ru} / {sheet.en} / {sheet.id}")
            faults.append(CellFault(file_name, message, _cure_of_missing(sheet, tables, named), kind="missing_sheet"))
    return named, faults, remarks


def _cure_of_missing(sheet: Sheet, tables: Sequence[Table], named: Mapping[str, Table]) -> Text:
    """Return how to give a sheet that is missing; one of another name may hold it, as its headings show."""
    taken = {table.name for table in named.values()}
    strange = (strange_sheet(table) for table in tables if table.name not in taken)
    found = next((one.table.name for one in strange if one is not None and one.meant == sheet.id), None)
    if found is None:
        return text("add it, or start from the template")
    return text("its headings stand on the sheet “{name}”: rename that sheet", name=found)


def _roster(parsed: Mapping[str, Parsed]) -> Roster:
    parts: dict[str, tuple[Any, ...]] = {
        sheet_id: tuple(build_rows(sheet))
        for sheet_id, sheet in parsed.items()
        if sheet_id not in ("mentees", "requests", "deficits")
    }
    parts["mentees"] = tuple(_mentees(parsed))
    if not parts.get("organisations"):
        names = dict.fromkeys(person.organisation for person in parts["people"])
        parts["organisations"] = tuple(Organisation(id=name) for name in names)
    return Roster(**parts)


def _mentees(parsed: Mapping[str, Parsed]) -> list[Mentee]:
    """Return the mentees, each with its requests and deficits in the order of their rows."""
    sheet = parsed["mentees"]
    owned: dict[str, dict[object, list[Any]]] = {"requests": {}, "deficits": {}}
    for sheet_id, by_mentee in owned.items():
        if sheet_id in parsed:
            rows = build_rows(parsed[sheet_id], without=("mentee",))
            for mentee, row in zip(parsed[sheet_id].get("mentee"), rows, strict=True):
                by_mentee.setdefault(mentee, []).append(row)
    people, classes = sheet.get("person"), sheet.get("class")
    names = [
        person if person is not None else school_class for person, school_class in zip(people, classes, strict=True)
    ]
    found = build_rows(sheet, without=("person", "class"), person=names)
    return [
        dataclasses.replace(
            mentee,
            is_class=person is None,
            requests=tuple(owned["requests"].get(mentee.person, ())),
            deficits=tuple(owned["deficits"].get(mentee.person, ())),
        )
        for mentee, person in zip(found, people, strict=True)
    ]
