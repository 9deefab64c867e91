"""One printed sheet: title, headings that repeat, filters, widths; text is always written as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from matcher.texts import Lang, Text, say, text

_A4 = 9
_HEADING_ROW = 3
_BAR = "#8FB4DC"
_HEADING_GROUND = "#1F4E79"
_GREY = "#8C8C8C"
_LINE = "#BFBFBF"
_BAND = "#F3F7FB"
_POINTS_PER_LINE = 14.0
_MOST_HEIGHT = 400.0
_CHARACTERS = 1.08
"""Characters of the table's font in one unit of a column's width; less than on most screens, so that nothing is cut."""

Cell = str | int | float | date | None


class Look(StrEnum):
    """How a column looks."""

    TEXT = "text"
    STRONG = "strong"
    NUMBER = "number"
    HOURS = "hours"
    SHARE = "share"
    VALUE = "value"
    DATE = "date"
    ID = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedColumn:
    """A column: its heading, width in characters, look. `SHARE` holds 0 … 1 and shows a bar, `VALUE` any number."""

    heading: Text
    width: float
    look: Look = Look.TEXT


def id_column(heading: Text | None = None) -> PrintedColumn:
    """Return the narrow grey column for ids."""
    return PrintedColumn(heading=heading or text("code"), width=12 if heading else 9, look=Look.ID)


class PlanBook:
    """A workbook under way."""

    def __init__(self, path: str, lang: Lang) -> None:
        self.lang = lang
        # Nothing a person wrote may become a formula, a link or a number.
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(path, options)
        self.formats = Formats(self.book)

    def say(self, message: Text | str) -> str:
        """Return a sentence in the language of the book."""
        return say(message, self.lang)

    def page(self, name: Text, title: Text | str, note: Text | str = "", *, colour: str = _HEADING_GROUND) -> Page:
        """Return a new sheet set up for printing."""
        return Page(self, name, title, note, colour)

    def close(self) -> None:
        """Write the file."""
        self.book.close()


class Page:
    """One sheet: written from the top down."""

    def __init__(self, book: PlanBook, name: Text, title: Text | str, note: Text | str, colour: str) -> None:
        self.book = book
        self.sheet = book.book.add_worksheet(book.say(name))
        self.row = 0
        self._widths: list[float] = []
        sheet = self.sheet
        sheet.set_tab_color(colour)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.hide_gridlines(2)
        pages = book.say(text("page {page} of {pages}", page="&P", pages="&N"))
        sheet.set_footer(f"&L&9{_escaped(book.say(title))}&R&9{pages}")
        self.write(0, title, book.formats.title)
        if note:
            self.write(0, note, book.formats.note)

    def write(self, column: int, value: Text | str, style: Format | None = None) -> None:
        """Write one sentence into a row of its own."""
        self.sheet.write_string(self.row, column, self.book.say(value), style)
        self.row += 1

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.row += rows

    def widths(self, columns: Sequence[PrintedColumn]) -> None:
        """Set the widths of the columns."""
        for at, column in enumerate(columns):
            self.sheet.set_column(at, at, column.width)
        self._widths = [column.width for column in columns]

    def paragraph(self, line: str, num_columns: int) -> None:
        """Write a sentence across several columns."""
        width = sum(self._widths[:num_columns])
        self.sheet.merge_range(self.row, 0, self.row, num_columns - 1, "", self.book.formats.prose)
        self.sheet.write_string(self.row, 0, line, self.book.formats.prose)
        self.sheet.set_row(self.row, row_height([width], [line]))
        self.row += 1

    def section(self, title: Text | str) -> None:
        """Write the title of a part."""
        self.skip()
        self.write(0, title, self.book.formats.section)

    def table(
        self,
        columns: Sequence[PrintedColumn],
        rows: Iterable[Sequence[Cell]],
        *,
        is_main: bool = True,
        is_frozen: bool = True,
        is_filtered: bool = True,
        empty: Text | None = None,
    ) -> None:
        """Write headings and rows; the main table of a sheet repeats its headings, stays in view and has filters."""
        listed = list(rows)
        if is_main:
            self.row = max(self.row, _HEADING_ROW)
            self.widths(columns)
        top = self.row
        headings = [_upper(self.book.say(column.heading)) for column in columns]
        for at, heading in enumerate(headings):
            self.sheet.write_string(top, at, heading, self.book.formats.heading)
        self.sheet.set_row(top, row_height([0.8 * column.width for column in columns], headings) + 4)
        self.row += 1
        for index, row in enumerate(listed):
            self._row(columns, row, is_band=index % 2 == 1)
        if not listed and empty is not None:
            self.write(0, empty, self.book.formats.note)
        if is_main:
            if is_frozen:
                self.sheet.freeze_panes(top + 1, 2 if len(columns) > 4 else 0)
            self.sheet.repeat_rows(top)
            if listed and is_filtered:
                self.sheet.autofilter(top, 0, top + len(listed), len(columns) - 1)
        self._bars(columns, top + 1, len(listed))

    def _row(self, columns: Sequence[PrintedColumn], row: Sequence[Cell], *, is_band: bool) -> None:
        said = [cell if isinstance(cell, str) else "" for cell in row]
        self.sheet.set_row(self.row, row_height([c.width for c in columns], said))
        for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
            style = self.book.formats.cell(column.look, is_band=is_band)
            if cell is None or cell == "":
                self.sheet.write_blank(self.row, at, None, style)
            elif isinstance(cell, str):
                self.sheet.write_string(self.row, at, cell, style)
            elif isinstance(cell, date):
                self.sheet.write_datetime(self.row, at, cell, style)
            else:
                self.sheet.write_number(self.row, at, cell, style)
        self.row += 1

    def _bars(self, columns: Sequence[PrintedColumn], first: int, count: int) -> None:
        for at, column in enumerate(columns):
            if column.look is Look.SHARE and count:
                bar = {"type": "data_bar", "bar_color": _BAR, "bar_solid": True, "min_type": "num", "max_type": "num"}
                bar |= {"min_value": 0, "max_value": 1}
                self.sheet.conditional_format(first, at, first + count - 1, at, bar)


class Formats:
    """The formats of a book, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._cells: dict[tuple[Look, bool], Format] = {}

    def cell(self, look: Look, *, is_band: bool) -> Format:
        """Return the format of a cell of a table."""
        if (look, is_band) not in self._cells:
            shape: dict[str, Any] = {"valign": "top", "text_wrap": True, "bottom": 1, "bottom_color": _LINE}
            shape |= {"font_size": 10}
            if is_band:
                shape["bg_color"] = _BAND
            shape |= _LOOKS[look]
            self._cells[look, is_band] = self._book.add_format(shape)
        return self._cells[look, is_band]

    @cached_property
    def title(self) -> Format:
        """Return the format of a sheet's title."""
        return self._made(bold=True, font_size=15, font_color=_HEADING_GROUND)

    @cached_property
    def note(self) -> Format:
        """Return the format of the line under the title."""
        return self._made(font_size=10, italic=True, font_color="#595959")

    @cached_property
    def section(self) -> Format:
        """Return the format of the title of a part."""
        return self._made(bold=True, font_size=12, font_color=_HEADING_GROUND)

    @cached_property
    def prose(self) -> Format:
        """Return the format of a sentence across the sheet."""
        return self._made(font_size=11, text_wrap=True, valign="top", num_format="@")

    @cached_property
    def heading(self) -> Format:
        """Return the format of a heading."""
        return self._made(
            bold=True, font_color="#FFFFFF", bg_color=_HEADING_GROUND, text_wrap=True, valign="vcenter", align="center",
            border=1, border_color="#FFFFFF", font_size=10,
        )  # fmt: skip

    def _made(self, **shape: Any) -> Format:
        return self._book.add_format(shape)


_LOOKS: dict[Look, dict[str, Any]] = {
    Look.TEXT: {"num_format": "@"},
    Look.STRONG: {"num_format": "@", "bold": True},
    Look.NUMBER: {"num_format": "0", "align": "center"},
    Look.HOURS: {"num_format": "0.0#", "align": "center"},
    Look.SHARE: {"num_format": "0%", "align": "center"},
    Look.VALUE: {"num_format": "General", "align": "right"},
    Look.DATE: {"num_format": "dd.mm.yyyy", "align": "center"},
    Look.ID: {"num_format": "@", "font_color": _GREY, "font_size": 8},
}


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def row_height(widths: Sequence[float], cells: Sequence[str]) -> float:
    """Return the row height at which the longest wrapped cell is seen; spreadsheets do not do it on their own."""
    lines = max(
        sum(max(1, len(textwrap.wrap(part, max(1, int(_CHARACTERS * width))))) for part in cell.split("\n"))
        for cell, width in zip(cells, widths, strict=True)
    )
    return min(_MOST_HEIGHT, _POINTS_PER_LINE * lines + 2)


def _escaped(footer: str) -> str:
    return footer.replace("&", "&&")
