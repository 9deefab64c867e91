"""Give users their own workbook back, with every faulty cell coloured and explained."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.errors import Fault
from matcher.io.report import CellFault
from matcher.io.tables.workbook import damaged, read_workbook
from matcher.texts import Lang, say

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_COLOUR = "FFC7CE"
_AUTHOR = "matcher"


def mark_faults(path: str | Path, faults: Iterable[Fault], out: str | Path, *, lang: Lang = "ru") -> int:
    """Write a copy of the workbook in which faulty cells are coloured and carry a comment; return how many.

    A fault of a whole row or column is marked at its first cell, one of a whole sheet at A1; faults of the file
    itself cannot be marked. The user's own comments are kept below ours.

    Raises
    ------
    InputError
        When the workbook cannot be read at all.
    """
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    read_workbook(Path(path))  # refuses what must not be opened outside the limited child
    try:
        book = openpyxl.load_workbook(path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(Path(path)) from error
    fill = PatternFill(fill_type="solid", fgColor=_COLOUR)
    said = _by_cell(faults, lang)
    num_marked = 0
    for (sheet, row, column), sentences in said.items():
        if sheet not in book.sheetnames:
            continue
        page: Worksheet = book[sheet]
        cell = _writable(page, row, column)
        before = [cell.comment.text] if cell.comment else []
        cell.comment = Comment("\n".join([*sentences, *before]), _AUTHOR, height=40 + 40 * len(sentences), width=320)
        cell.fill = fill
        num_marked += 1
    book.save(out)
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
