"""Tables of an .xlsx workbook, read in a limited child process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from matcher.errors import InputError
from matcher.io.report import Remark
from matcher.io.tables.child import ChildError, run_limited
from matcher.io.tables.preflight import check_container
from matcher.io.tables.table import Raw, Source, Table, column_letters, file_error
from matcher.texts import Text, text

_PROGRAM = Path(__file__).with_name("workbook_child.py")
_ANEW = text("make the workbook anew from the template and paste the values into it")
_SAVE_AGAIN = text("open the file in a spreadsheet program and save it as an Excel workbook (.xlsx)")


def read_workbook(path: Path) -> tuple[list[Table], list[Remark]]:
    """Return the sheets of the workbook and what was normalised.

    Raises
    ------
    InputError
        When the file is not an ordinary workbook, or its reading takes more memory or time than is allowed.
    """
    check_container(path)
    try:
        answer = run_limited(_PROGRAM, str(path.resolve()))
    except ChildError as error:
        raise _child_error(path, error.reason) from error
    if "refused" in answer:
        raise _refused(path, answer["refused"], answer["details"])
    remarks = []
    if answer["is_1904"]:
        message = text("the workbook counts days from 1904; its dates were converted")
        remarks.append(Remark(path.name, message, "date_1904"))
    return [_table(sheet) for sheet in answer["sheets"]], remarks


def _table(sheet: Mapping[str, Any]) -> Table:
    rows = [[_raw(value) for value in row] for row in sheet["rows"]]
    # A formula that was never computed has no value, so its row may be missing.
    last = max((row for row, _ in sheet["formulas"]), default=-1)
    rows.extend([] for _ in range(len(rows), last + 1))
    return Table(
        name=sheet["name"],
        source=Source.WORKBOOK,
        rows=rows,
        formulas=_cells(sheet["formulas"]),
        errors=_cells(sheet["errors"]),
        quoted=_cells(sheet["quoted"]),
        merged=tuple(sheet["merged"]),
        hidden_rows=frozenset(sheet["hidden_rows"]),
        hidden_columns=frozenset(c for first, last in sheet["hidden_columns"] for c in range(first, last + 1)),
        is_hidden=sheet["state"] != "visible",
    )


def _cells(pairs: list[list[int]]) -> frozenset[tuple[int, int]]:
    return frozenset((row, column) for row, column in pairs)


def _raw(value: object) -> Raw:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dict):
        ((kind, content),) = value.items()
        return _moment(kind, content)
    assert isinstance(value, (int, float)) or value is None
    return value


def _moment(kind: str, content: Any) -> Raw:
    if kind == "date":
        return date.fromisoformat(content)
    if kind == "time":
        return time.fromisoformat(content)
    if kind == "datetime":
        return datetime.fromisoformat(content)
    return timedelta(seconds=content)


def _child_error(path: Path, reason: str) -> InputError:
    messages: dict[str, Text] = {
        "time": text("reading the workbook takes too long"),
        "memory": text("reading the workbook takes too much memory"),
        "crash": text("the workbook is damaged and cannot be read"),
    }
    return file_error(path.name, f"child_{reason}", messages[reason], _ANEW)


def _refused(path: Path, kind: str, details: Mapping[str, Any]) -> InputError:
    if kind == "far_cell":
        cell = f"{column_letters(details['column'])}{details['row'] + 1}"
        return file_error(
            f"{details['sheet']}!{cell}",
            "far_cell",
            text("a cell far outside the table holds something, so the sheet would be huge"),
            text("delete the rows and columns outside the table, or paste the table into a new sheet"),
        )
    if kind == "doctype":
        return file_error(
            path.name,
            "doctype",
            text("a part of the workbook defines entities of its own, which no spreadsheet program does"),
            _ANEW,
        )
    return damaged(path)


def damaged(path: Path) -> InputError:
    """Return the error of a workbook that cannot be understood."""
    return file_error(path.name, "damaged", text("the workbook is damaged and cannot be read"), _SAVE_AGAIN)
