"""Cells of files for spreadsheets: no text in them may be taken for a formula.

References
----------
OWASP ASVS 5.0, 1.2.10 (formula injection).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import xlsxwriter

_FORMULA = re.compile("[ \\n]*'*[=+\\-@\\t\\r\\0＝＋－＠]")
_STARTS = frozenset(" \n'=+-@\t\r\0＝＋－＠")
"""What a text begins with that may be taken for a formula: most do not, and are not looked at further."""
_CONTROL = re.compile("[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_MAX_CELL = 32_767
"""Characters a cell of a workbook may have."""

Cell = str | int | float | bool | date | datetime | None


def safe(value: Cell) -> Cell:
    """Return a value that no spreadsheet takes for a formula: an apostrophe protects such a text.

    The reader of rosters takes the apostrophe off again.

    >>> safe("=1+1"), safe("M-1"), safe(-3)
    ("'=1+1", 'M-1', -3)
    """
    if not isinstance(value, str):
        return value
    clean = value if value.isprintable() else _CONTROL.sub("", value)
    return f"'{clean}" if clean[:1] in _STARTS and _FORMULA.match(clean) else clean


def write_csv(stream: TextIO, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table as spreadsheets of this country open it: a mark of UTF-8 first, semicolons between the cells."""
    stream.write("\ufeff")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(word) for word in heading])
    for row in rows:
        writer.writerow([_shown(cell) for cell in row])


def write_xlsx(path: Path, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> None:
    """Write a workbook of (name, heading, rows), row by row in little memory; every text is written as text."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, heading, rows in sheets:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(heading) - 1), 24)
        for column, word in enumerate(heading):
            sheet.write_string(0, column, str(safe(word)), bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, line, column, cell)
    book.close()


def _write(sheet: xlsxwriter.worksheet.Worksheet, line: int, column: int, cell: Cell) -> None:
    if cell is None:
        return
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(line, column, cell)
    else:
        sheet.write_string(line, column, str(_shown(cell))[:_MAX_CELL])


def _shown(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return safe(cell)
