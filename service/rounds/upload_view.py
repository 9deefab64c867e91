"""What is shown of an uploaded roster: its headings, its first rows, its rows with faults; as plain values for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from matcher.io.hints import SheetSeen
from matcher.io.report import CellFault, CheckReport
from matcher.io.sheets import SHEET_BY_ID
from matcher.io.tables.table import column_letters
from matcher.texts import Lang

FIRST_ROWS, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 4, 60, 80, 120
"""How much of a sheet is shown: its first rows of data, its first rows with a fault, its first columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingView:
    """A heading of an uploaded sheet: the column it was read as, else the one that may be meant (ids)."""

    index: int
    words: str
    column: str | None
    meant: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """What is shown of an uploaded sheet; rows have the numbers their user sees.

    ``sheet`` is the id of the sheet of the template; None where nobody knows it, ``meant`` then the one it looks like.
    """

    name: str
    sheet: str | None
    meant: str | None
    heading_row: int
    num_rows: int
    letters: tuple[str, ...]
    headings: tuple[HeadingView, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def sheet_view(plain: Mapping[str, Any]) -> SheetView:
    """Return what :func:`plain_sheet` gave."""
    return SheetView(
        name=plain["name"],
        sheet=plain["sheet"],
        meant=plain["meant"],
        heading_row=plain["heading_row"],
        num_rows=plain["num_rows"],
        letters=tuple(plain["letters"]),
        headings=tuple(HeadingView(**head) for head in plain["headings"]),
        rows=tuple((row["number"], tuple(row["cells"])) for row in plain["rows"]),
    )


def plain_sheet(seen: SheetSeen, report: CheckReport) -> dict[str, Any]:
    """Return what is shown of a sheet, as plain values."""
    rows = [row for row in _rows(seen, report) if row < len(seen.table.rows)]
    used = [len(seen.table.rows[row]) for row in (seen.heading_row, *rows) if row < len(seen.table.rows)]
    width = min(max(used, default=0), MOST_COLUMNS)
    return {
        "name": seen.table.name,
        "sheet": seen.sheet,
        "meant": seen.meant,
        "heading_row": seen.heading_row + 1,
        "num_rows": len(seen.data_rows),
        "letters": [column_letters(column) for column in range(width)],
        "headings": [
            {"index": head.index, "words": head.words[:LONGEST_CELL], "column": head.column, "meant": head.meant}
            for head in seen.headings
            if head.index < width
        ],
        "rows": [{"number": row + 1, "cells": [_cell(seen, row, column) for column in range(width)]} for row in rows],
    }


def _rows(seen: SheetSeen, report: CheckReport) -> list[int]:
    if seen.sheet is None:
        return list(range(seen.heading_row + 1, seen.heading_row + 1 + FIRST_ROWS))
    name = seen.table.name
    faulty = {
        fault.row - 1
        for fault in report.faults
        if isinstance(fault, CellFault) and fault.sheet == name and fault.row is not None
    }
    return sorted({*seen.data_rows[:FIRST_ROWS], *sorted(faulty - {seen.heading_row})[:MOST_ROWS]})


def _cell(seen: SheetSeen, row: int, column: int) -> str:
    cells = seen.table.rows[row]
    value = cells[column] if column < len(cells) else None
    if value is None:
        return ""
    if isinstance(value, datetime):
        words = f"{value:%d.%m.%Y}" if value.time() == time(0) else f"{value:%d.%m.%Y %H:%M}"
    elif isinstance(value, date):
        words = f"{value:%d.%m.%Y}"
    elif isinstance(value, float) and value.is_integer():
        words = str(int(value))
    else:
        words = "; ".join(value) if isinstance(value, tuple) else str(value)
    return words if len(words) <= LONGEST_CELL else words[: LONGEST_CELL - 1] + "…"


def template_headings(
    report: CheckReport, told: Mapping[str, Mapping[str, str]], lang: Lang
) -> dict[tuple[str, int, int], str]:
    """Return (sheet, row, column) → heading of the template for columns that were told: a copy needs no mapping."""
    return {
        (seen.table.name, seen.heading_row + 1, head.index + 1): SHEET_BY_ID[seen.sheet]
        .column(head.column)
        .heading(lang)
        for seen in report.sheets
        if seen.sheet is not None
        for head in seen.headings
        if head.column is not None and told.get(seen.table.name, {}).get(head.words)
    }
