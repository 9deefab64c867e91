"""Checks while typing: drop-downs, numbers, dates, codes that exist and codes that are new."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook

from matcher.io.columns import Column, ColumnType, Sheet
from matcher.io.sheets import LISTS_TITLE
from matcher.io.template_layout import SheetLayout, offered_choices
from matcher.io.template_style import limit_words
from matcher.policy import Policy
from matcher.texts import Lang, Text, say, text

_FIRST_DAY, _LAST_DAY = date(1920, 1, 1), date(2100, 12, 31)
# Limits of the file format.
_MAX_TITLE, _MAX_MESSAGE = 32, 255


class ChoiceLists:
    """The hidden sheet with the values of the drop-downs, each list once."""

    def __init__(self, book: Workbook, yes_no: tuple[str, str], lang: Lang) -> None:
        self._sheet = book.add_worksheet(LISTS_TITLE)
        self._sheet.hide()
        self._lang = lang
        self._lists: dict[tuple[str, ...], int] = {}
        self.yes_no = yes_no

    def range_of(self, values: tuple[str, ...]) -> str:
        """Return the range that holds these values."""
        position = self._lists.setdefault(values, len(self._lists))
        name = xl_col_to_name(position)
        return f"={LISTS_TITLE}!${name}$1:${name}${len(values)}"

    def write(self) -> None:
        """Write every list that was asked for."""
        for values, position in self._lists.items():
            for row, value in enumerate(values):
                self._sheet.write_string(row, position, value)


def validation_of(
    column: Column,
    sheet: Sheet,
    layouts: tuple[SheetLayout, ...],
    lists: ChoiceLists,
    policy: Policy | None,
    lang: Lang,
    *,
    num_rows: int,
    position: int,
) -> dict[str, Any] | None:
    """Return the check of a column, ``None`` where anything may be written."""
    if column.choices:
        return _among(column, lists, policy, lang)
    if column.type is ColumnType.BOOL:
        return _check(
            {"validate": "list", "source": lists.range_of(lists.yes_no)},
            text("Yes or no?"),
            text("Write yes or no, or leave the cell empty."),
            lang,
        )
    if column.reference:
        return _reference(column, layouts, lang, num_rows=num_rows)
    if column.type is ColumnType.ID and sheet.key == (column.id,):
        return _unique(position, lang, num_rows=num_rows)
    return _of_type(column, lang)


def _among(column: Column, lists: ChoiceLists, policy: Policy | None, lang: Lang) -> dict[str, Any]:
    """Return a drop-down; lists of values may be typed on, open lists may be gone beyond."""
    values = tuple(choice.label(lang) for choice in offered_choices(column, policy))
    rule: dict[str, Any] = {"validate": "list", "source": lists.range_of(values)}
    if column.type.is_list:
        rule |= {
            "show_error": False,
            "input_title": _title(say(text("One or several"), lang)),
            "input_message": _message(say(text("Choose one; several are typed, separated by semicolons."), lang)),
        }
        return rule
    if column.is_open:
        rule["error_type"] = "information"
        return _check(rule, text("Not in the list"), text("If this value is right, press OK."), lang)
    return _check(rule, text("Not in the list"), text("Choose a value from the drop-down list."), lang)


def _reference(column: Column, layouts: tuple[SheetLayout, ...], lang: Lang, *, num_rows: int) -> dict[str, Any] | None:
    """Return a drop-down with the codes of the first sheet that may hold them; a warning for others."""
    if column.type is ColumnType.ID_LIST:
        return None
    sheet_id, column_id = column.reference[0].split(".")
    layout = next(found for found in layouts if found.sheet.id == sheet_id)
    name = xl_col_to_name([found.id for found in layout.columns].index(column_id))
    title = layout.sheet.title(lang)
    rule: dict[str, Any] = {
        "validate": "list",
        "source": f"='{title}'!${name}$3:${name}${num_rows + 1}",
        "error_type": "information",
    }
    if len(column.reference) > 1 or not layout.sheet.is_required:
        rule["show_error"] = False
    return _check(
        rule,
        text("No such code yet"),
        text("The sheet “{sheet}” has no such code yet. Do not forget to add it there.", sheet=title),
        lang,
    )


def _unique(position: int, lang: Lang, *, num_rows: int) -> dict[str, Any]:
    name = xl_col_to_name(position)
    rule = {"validate": "custom", "value": f"=COUNTIF(${name}$2:${name}${num_rows + 1},{name}2)=1"}
    return _check(rule, text("This code is taken"), text("Every code stands once. Choose another one."), lang)


def _of_type(column: Column, lang: Lang) -> dict[str, Any] | None:
    if column.type is ColumnType.DATE:
        rule = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        return _check(rule, text("A date is needed"), text("Write day, month, year, for example 01.09.2026."), lang)
    if column.type is ColumnType.TIME:
        rule = {"validate": "time", "criteria": "between", "minimum": time(0, 0), "maximum": time(23, 59)}
        return _check(rule, text("A time is needed"), text("Write hours and minutes, for example 14:30."), lang)
    if column.type not in (ColumnType.INT, ColumnType.FLOAT) or column.min is None or column.max is None:
        return None
    is_whole = column.type is ColumnType.INT
    rule = {
        "validate": "integer" if is_whole else "decimal",
        "criteria": "between",
        "minimum": column.min,
        "maximum": column.max,
    }
    limits = {"min": limit_words(column.min), "max": limit_words(column.max)}
    wanted = text("Write a whole number from {min} to {max}.", **limits)
    return _check(
        rule,
        text("A number is needed"),
        wanted if is_whole else text("Write a number from {min} to {max}.", **limits),
        lang,
    )


def _check(rule: dict[str, Any], title: Text, message: Text, lang: Lang) -> dict[str, Any]:
    return {**rule, "error_title": _title(say(title, lang)), "error_message": _message(say(message, lang))}


def _title(sentence: str) -> str:
    return sentence[:_MAX_TITLE]


def _message(sentence: str) -> str:
    return sentence[:_MAX_MESSAGE]
