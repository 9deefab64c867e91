"""Colours, cell formats and heading notes of the template."""

from __future__ import annotations

from functools import cached_property

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from matcher.io.columns import Column, ColumnType, Sheet
from matcher.texts import Lang, Text, say, text

_REQUIRED, _NEEDED, _OTHER = "#F4B183", "#BDD7EE", "#E7E6E6"
_EXAMPLE_FONT, _EXAMPLE_GROUND = "#7F7F7F", "#F2F2F2"
_MAX_LISTED_CHOICES = 8
_NUMBER_FORMATS = {
    ColumnType.ID: "@",
    ColumnType.TEXT: "@",
    ColumnType.ID_LIST: "@",
    ColumnType.DATE: "dd.mm.yyyy",
    ColumnType.TIME: "hh:mm",
}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._cells: dict[tuple[str, bool], Format] = {}

    def heading(self, column: Column, *, needed: bool) -> Format:
        """Return the heading format: obligatory, needed, or for special cases."""
        colour = _REQUIRED if column.is_required else _NEEDED if needed else _OTHER
        return self._headings[colour]

    def cell(self, column: Column) -> Format:
        """Return the format of the cells to be filled in."""
        return self._cell(column, is_example=False)

    def example(self, column: Column) -> Format:
        """Return the format of the example row."""
        return self._cell(column, is_example=True)

    def tab_colour(self, sheet: Sheet, *, is_needed: bool) -> str:
        """Return the colour of a sheet's tab."""
        return _REQUIRED if sheet.is_required else _NEEDED if is_needed else _OTHER

    def swatch(self, *, is_required: bool, is_needed: bool) -> Format:
        """Return a filled cell for the guide, in the colour of the tab."""
        return self._headings[_REQUIRED if is_required else _NEEDED if is_needed else _OTHER]

    @cached_property
    def _headings(self) -> dict[str, Format]:
        shape = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
        return {colour: self._book.add_format({**shape, "bg_color": colour}) for colour in (_REQUIRED, _NEEDED, _OTHER)}

    def _cell(self, column: Column, *, is_example: bool) -> Format:
        number_format = _NUMBER_FORMATS.get(column.type, "General")
        key = (number_format, is_example)
        if key not in self._cells:
            shape: dict[str, object] = {"num_format": number_format, "valign": "top"}
            if is_example:
                shape |= {"italic": True, "font_color": _EXAMPLE_FONT, "bg_color": _EXAMPLE_GROUND}
            self._cells[key] = self._book.add_format(shape)
        return self._cells[key]

    @cached_property
    def example_row(self) -> Format:
        """Return the format of every row that begins with the comment mark."""
        return self._book.add_format({"italic": True, "font_color": _EXAMPLE_FONT, "bg_color": _EXAMPLE_GROUND})

    @cached_property
    def wrong(self) -> Format:
        """Return the format of a cell that will be complained about."""
        return self._book.add_format({"bg_color": "#FFC7CE"})

    @cached_property
    def title(self) -> Format:
        """Return the format of the guide's title."""
        return self._book.add_format({"bold": True, "font_size": 16})

    @cached_property
    def subtitle(self) -> Format:
        """Return the format of the guide's section titles."""
        return self._book.add_format({"bold": True, "font_size": 12, "font_color": "#1F4E79"})

    @cached_property
    def prose(self) -> Format:
        """Return the format of the guide's sentences."""
        return self._book.add_format({"text_wrap": True, "valign": "top", "align": "left", "indent": 1})

    @cached_property
    def link(self) -> Format:
        """Return the format of a link to a sheet."""
        return self._book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"})


def heading_note(sheet: Sheet, column: Column, lang: Lang) -> str:
    """Return the note behind a heading: what to write, whether it must be filled, and the technical name."""
    lines = [column.note(lang)] if column.note(lang) else []
    lines += [say(line, lang) for line in _how_to_write(column, lang)]
    lines.append(say(text("Must be filled in.") if column.is_required else text("May stay empty."), lang))
    lines.append(say(text("Technical name: {name}", name=f"{sheet.id}.{column.id}"), lang))
    return "\n".join(lines)


def _how_to_write(column: Column, lang: Lang) -> list[Text]:
    """Return what kind of value the column takes."""
    found: list[Text] = []
    if column.type is ColumnType.DATE:
        found.append(text("A date: day, month, year, for example 01.09.2026."))
    elif column.type is ColumnType.TIME:
        found.append(text("A time, for example 14:30."))
    elif column.type is ColumnType.BOOL:
        found.append(text("Yes or no."))
    elif column.type in (ColumnType.INT, ColumnType.FLOAT) and column.max is not None and column.max < 1000:
        found.append(text("A number from {min} to {max}.", min=limit_words(column.min), max=limit_words(column.max)))
    if column.type.is_list:
        found.append(text("Several values are separated by semicolons."))
    if 0 < len(column.choices) <= _MAX_LISTED_CHOICES:
        found.append(text("One of: {choices}.", choices=", ".join(choice.label(lang) for choice in column.choices)))
    elif column.choices:
        found.append(text("The values are in the drop-down list."))
    return found


def limit_words(value: float | None) -> str:
    """Return a limit as people write it: no exponent, a true minus.

    >>> limit_words(1_000_000), limit_words(-2), limit_words(0.5)
    ('1000000', '−2', '0.5')
    """
    if value is None:
        return "0"
    return (str(int(value)) if float(value).is_integer() else f"{value:g}").replace("-", "−")
