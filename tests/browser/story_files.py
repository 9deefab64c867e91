"""Files that go in and out of a round: a workbook of people with faults, an order as DOCX and PDF."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from docx import Document

Cell = tuple[int, int, int]
"""Number of the sheet, row and column."""
FAULTS: Mapping[Cell, str | None] = {(0, 3, 9): "вчера", (0, 4, 4): None, (1, 2, 6): "быть может"}
"""A birthday that is no day, somebody of no organisation, results that are neither confirmed nor not."""


def change_cells(path: Path, cells: Mapping[Cell, Any]) -> None:
    """Write values into cells of a workbook."""
    book = openpyxl.load_workbook(path)
    for (sheet, row, column), value in cells.items():
        book.worksheets[sheet].cell(row, column).value = value
    book.save(path)


def mend_marked(marked: Path, good: Path) -> int:
    """Put right the cells of a workbook that have a remark, as the good one has them; return how many there were."""
    right = openpyxl.load_workbook(good).worksheets
    mended = {
        (at, row, column): right[at].cell(row, column).value
        for at, sheet in enumerate(openpyxl.load_workbook(marked).worksheets)
        for row, cells in enumerate(sheet.iter_rows(), start=1)
        for column, cell in enumerate(cells, start=1)
        if cell.comment is not None
    }
    change_cells(marked, mended)
    return len(mended)


def text_of_docx(path: Path) -> str:
    """Return the words of a DOCX, tables included."""
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def text_of_pdf(path: Path) -> str:
    """Return the words of a PDF."""
    return subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True).stdout


READERS = {"docx": text_of_docx, "pdf": text_of_pdf}


def bare(words: str) -> str:
    """Return a text without its spaces, line ends and hyphens: where lines break is the matter of the paper."""
    return "".join(words.split()).replace("-", "").replace("\u00ad", "")
