"""Workbooks with a sheet for each day: the name of the sheet is the day, periods stand on one side of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from matcher.io.tables.table import Table
from matcher.io.timetable.day_names import day_words, is_weekday
from matcher.io.timetable.sheets.looks import is_class, is_person, period_label, share
from matcher.io.timetable.sheets.matrix import Matrix, with_days_down
from matcher.io.timetable.sheets.page import Page

_NUMBERING = re.compile(r"^\s*\d+\s*[.)]\s*")
_MOST_BEFORE = 3
_ENOUGH_PERIODS, _ENOUGH_NAMES = 0.8, 0.5


def is_by_days(tables: Sequence[Table]) -> bool:
    """Return whether several sheets are called by different days of the week."""
    return len({day_words(table.name).weekday for table in tables if is_weekday(table.name)}) > 1


def find_day_matrix(page: Page, heading_row: int | None) -> Matrix | None:
    """Return the matrix of a sheet that is called by its day; None where it holds none.

    Rows of numbered teachers may look like periods: the side counts on which classes or teachers stand across.
    """
    found = [matrix for side in (page, page.turned()) if (matrix := _with_periods_down(side, heading_row)) is not None]
    best = max(found, key=_names_told, default=None)
    return best if best is not None and _names_told(best) >= _ENOUGH_NAMES else None


def _names_told(matrix: Matrix) -> float:
    names = list(matrix.name_of.values())
    return share(names, lambda name: not name.isdecimal() and (is_class(name) or is_person(name)))


def _with_periods_down(page: Page, heading_row: int | None) -> Matrix | None:
    first = _first_period(page)
    if first is None or not first:
        return None
    day = _NUMBERING.sub("", page.table.name)  # "1. Понедельник" is no Monday of week 1
    words = tuple((day if row >= first else "", *rest) for row, rest in enumerate(page.words))
    heading = heading_row if heading_row is not None and heading_row < first else None
    return with_days_down(replace(page, words=words, num_added=1), heading, least_days=1)


def _first_period(page: Page) -> int | None:
    """Return the row of the first period: from it on a column near the edge holds little else."""
    for column in range(min(_MOST_BEFORE, page.num_columns)):
        rows = [row for row in range(page.num_rows) if period_label(page.words[row][column]) is not None]
        words = [word for row in page.words[rows[0] :] if (word := row[column])] if rows else []
        labels = {period_label(word) for word in words} - {None}
        if len(labels) > 1 and share(words, lambda word: period_label(word) is not None) >= _ENOUGH_PERIODS:
            return rows[0]
    return None
