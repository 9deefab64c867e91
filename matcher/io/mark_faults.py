"""Give users their own workbook back, with every faulty cell coloured and explained."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.errors import Fault
from matcher.io.hints import SheetSeen
from matcher.io.report import CellFault
from matcher.io.sheets import SHEET_BY_ID
from matcher.io.tables.workbook import damaged, read_workbook
from matcher.texts import Lang, say

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_COLOUR = "FFC7CE"
_AUTHOR = "matcher"
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")


def mark_faults(
    path: str | Path,
    faults: Iterable[Fault],
    out: str | Path,
    *,
    lang: Lang = "ru",
    headings: Mapping[tuple[str, int, int], str] | None = None,
) -> int:
    """Write a copy of the workbook in which faulty cells are coloured and carry a comment; return how many.

    A fault of a whole row or column is marked at its first cell, one of a whole sheet at A1; faults of the file
    itself cannot be marked. The user's own comments are kept below ours. ``headings`` are (sheet, row from 1, column
    from 1) → the heading the template has there: the copy needs no mapping any more.

    Raises
    ------
    InputError
        When the workbook cannot be read at all.
    """
    import openpyxl

    read_workbook(Path(path))  # refuses what must not be opened outside the limited child
    try:
        book = openpyxl.load_workbook(path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(Path(path)) from error
    for (sheet, row, column), words in (headings or {}).items():
        if sheet in book.sheetnames:
            _writable(book[sheet], row, column).value = words
    num_marked = _mark(book, _by_cell(faults, lang))
    book.save(out)
    return num_marked


def mark_tables(sheets: Iterable[SheetSeen], faults: Iterable[Fault], out: str | Path, *, lang: Lang = "ru") -> int:
    """Write the tables of CSV files, or what was pasted, as a workbook with its faulty cells marked; return how many.

    Sheets and the headings that are known are called as in the template, so that the copy can be read as it is.
    """
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    titles: dict[str, str] = {}
    for seen in sheets:
        sheet = SHEET_BY_ID.get(seen.sheet or "")
        title = _NOT_IN_TITLES.sub("_", seen.table.name)[:31] if sheet is None else sheet.title(lang)
        page = book.create_sheet(title)
        titles[seen.table.name] = page.title
        known = {head.index: head.column for head in seen.headings if head.column is not None}
        for r, row in enumerate(seen.table.rows, start=1):
            for c, value in enumerate(row, start=1):
                if value is None:
                    continue
                if sheet is not None and r == seen.heading_row + 1 and c - 1 in known:
                    value = sheet.column(known[c - 1]).heading(lang)
                cell = page.cell(r, c)
                cell.value = value if isinstance(value, (int, float)) else str(value)
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with "=" stays a text
    if not titles:
        book.create_sheet("1")
    said = {
        (titles[sheet], row, column): words
        for (sheet, row, column), words in _by_cell(faults, lang).items()
        if sheet in titles
    }
    num_marked = _mark(book, said)
    book.save(out)
    return num_marked


def _mark(book: Workbook, said: Mapping[tuple[str, int, int], list[str]]) -> int:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fill = PatternFill(fill_type="solid", fgColor=_COLOUR)
    num_marked = 0
    for (sheet, row, column), sentences in said.items():
        if sheet not in book.sheetnames:
            continue
        cell = _writable(book[sheet], row, column)
        before = [cell.comment.text] if cell.comment else []
        cell.comment = Comment("\n".join([*sentences, *before]), _AUTHOR, height=40 + 40 * len(sentences), width=320)
        cell.fill = fill
        num_marked += 1
    return num_marked


def _writable(page: Worksheet, row: int, column: int) -> Cell | MergedCell:
    """Return the cell, or the first one of the merged area that covers it."""
    for area in page.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return page.cell(area.min_row, area.min_col)
    return page.cell(row, column)


def _by_cell(faults: Iterable[Fault], lang: Lang) -> dict[tuple[str, int, int], list[str]]:
    said: dict[tuple[str, int, int], list[str]] = {}
    for fault in faults:
        if isinstance(fault, CellFault) and fault.sheet is not None:
            sentence = say(fault.message, lang)
            if fault.cure is not None:
                sentence += f" → {say(fault.cure, lang)}"
            key = (fault.sheet, fault.row or 1, 1 if fault.column is None else fault.column + 1)
            said.setdefault(key, []).append(sentence)
    return said
