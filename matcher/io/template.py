"""The empty workbook a school fills in: drop-downs, notes, checks while typing, an example row on every sheet."""

from __future__ import annotations

import math
from datetime import date, time
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from matcher.errors import Fault, InputError
from matcher.io.columns import Column, ColumnType, Sheet
from matcher.io.sheets import COMMENT_MARK, GUIDE_TITLES, LIST_SEPARATOR, SHEET_BY_ID
from matcher.io.template_guide import write_guide
from matcher.io.template_layout import SheetLayout, lay_out
from matcher.io.template_rules import ChoiceLists, validation_of
from matcher.io.template_style import Styles, heading_note
from matcher.policy import Policy
from matcher.texts import Lang, say, text

NUM_ROWS = 3000
"""Rows that are checked while typing; rows below are read all the same."""

_A4 = 9
_FIRST_WIDTH = 18.0
_PAGE_WIDTH = 170.0
_YES_NO = {"ru": ("да", "нет"), "en": ("yes", "no")}


def write_template(path: Path, *, policy: Policy | None = None, lang: Lang = "ru") -> None:
    """Write an empty roster workbook.

    Parameters
    ----------
    policy
        The regulation whose sheets and columns come first; all others follow.
    lang
        The language of headings, drop-downs and explanations; the reader understands both.

    Raises
    ------
    InputError
        When the file is there already (it may be filled in), or cannot be written under this name.
    """
    _check_path(path)
    layouts = lay_out(policy)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd.mm.yyyy"}) as book:
        book.set_size(2400, 1400)
        styles = Styles(book)
        guide = book.add_worksheet(GUIDE_TITLES[lang])
        sheets = [book.add_worksheet(layout.sheet.title(lang)) for layout in layouts]
        lists = ChoiceLists(book, _YES_NO[lang], lang)
        for worksheet, layout in zip(sheets, layouts, strict=True):
            _write_sheet(worksheet, layout, layouts, styles, lists, policy, lang)
        write_guide(guide, layouts, styles, policy, lang)
        lists.write()
        guide.activate()
        guide.set_first_sheet()


def _check_path(path: Path) -> None:
    if path.exists():
        message, cure = (
            text("the file is there already"),
            text("choose another name, so that nothing filled in is lost"),
        )
    elif path.suffix.casefold() != ".xlsx":
        message, cure = text("a workbook has a name that ends in .xlsx"), text("add .xlsx to the name")
    elif not path.parent.is_dir():
        message, cure = text("there is no such folder"), text("make the folder first or choose another one")
    else:
        return
    raise InputError([Fault(str(path), message, cure)])


def _write_sheet(
    worksheet: Worksheet,
    layout: SheetLayout,
    layouts: tuple[SheetLayout, ...],
    styles: Styles,
    lists: ChoiceLists,
    policy: Policy | None,
    lang: Lang,
) -> None:
    """Write headings, notes, checks and the example row of one sheet."""
    sheet = layout.sheet
    worksheet.set_row(0, 48)
    total_width = 0.0
    for position, column in enumerate(layout.columns):
        needed = position < layout.num_needed
        mark = " *" if column.is_required else ""
        worksheet.write_string(0, position, column.heading(lang) + mark, styles.heading(column, needed=needed))
        worksheet.write_comment(0, position, heading_note(sheet, column, lang), {"x_scale": 2.2, "y_scale": 1.6})
        width = max(_width(column, lang), 0 if position else _FIRST_WIDTH)
        total_width += width
        worksheet.set_column(position, position, width, styles.cell(column))
        _write_example(worksheet, position, column, styles, lang)
        check = validation_of(column, sheet, layouts, lists, policy, lang, num_rows=NUM_ROWS, position=position)
        if check is not None:
            worksheet.data_validation(1, position, NUM_ROWS, position, check)
    _mark_rows(worksheet, layout, layouts, styles, lang)
    worksheet.freeze_panes(1, 2 if sheet.id == "people" else 1)
    worksheet.set_tab_color(styles.tab_colour(sheet, is_needed=layout.is_needed))
    _set_up_page(worksheet, sheet, lang, num_pages=math.ceil(total_width / _PAGE_WIDTH))


def _write_example(worksheet: Worksheet, position: int, column: Column, styles: Styles, lang: Lang) -> None:
    """Write the example of a column; the first cell bears the mark by which the row is passed over."""
    value = column.example_in(lang)
    if position == 0:
        shown = say(text("{mark} example: {value}", mark=COMMENT_MARK, value=_shown(column, value, lang)), lang)
        worksheet.write_string(1, 0, shown, styles.example(column))
    elif value is None:
        worksheet.write_blank(1, position, None, styles.example(column))
    elif isinstance(value, date | time):
        worksheet.write_datetime(1, position, value, styles.example(column))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        worksheet.write_number(1, position, value, styles.example(column))
    else:
        worksheet.write_string(1, position, _shown(column, value, lang), styles.example(column))


def _shown(column: Column, value: object, lang: Lang) -> str:
    """Return a value as a user writes it."""
    if isinstance(value, tuple):
        return LIST_SEPARATOR.join(_shown(column, part, lang) for part in value)
    if isinstance(value, bool):
        return _YES_NO[lang][0 if value else 1]
    return next((choice.label(lang) for choice in column.choices if choice.id == value), str(value))


def _mark_rows(
    worksheet: Worksheet, layout: SheetLayout, layouts: tuple[SheetLayout, ...], styles: Styles, lang: Lang
) -> None:
    """Colour example rows grey, empty obligatory cells of a started row red, and codes nobody has red."""
    last = len(layout.columns) - 1
    area = f"$A2:${xl_col_to_name(last)}2"
    is_example = f'LEFT($A2,1)="{COMMENT_MARK}"'
    worksheet.conditional_format(
        1,
        0,
        NUM_ROWS,
        last,
        {"type": "formula", "criteria": f"={is_example}", "format": styles.example_row, "stop_if_true": True},
    )
    for position, column in enumerate(layout.columns):
        cell = f"{xl_col_to_name(position)}2"
        wrong = []
        if column.is_required:
            wrong.append(f"AND(COUNTA({area})>0,LEN({cell})=0)")
        if column.reference and column.type is not ColumnType.ID_LIST:
            # Where the other sheet is still empty nothing is known to be wrong.
            sources = reference_ranges(column, layouts, lang)
            known = ",".join(f"COUNTA({source})>0,COUNTIF({source},{cell})=0" for source in sources)
            wrong.append(f"AND(LEN({cell})>0,{known})")
        for criteria in wrong:
            worksheet.conditional_format(
                1, position, NUM_ROWS, position, {"type": "formula", "criteria": f"={criteria}", "format": styles.wrong}
            )


def reference_ranges(column: Column, layouts: tuple[SheetLayout, ...], lang: Lang) -> list[str]:
    """Return the ranges one of which must hold a column's value, as a formula names them."""
    ranges = []
    for reference in column.reference:
        sheet_id, column_id = reference.split(".")
        layout = next(found for found in layouts if found.sheet.id == sheet_id)
        name = xl_col_to_name([found.id for found in layout.columns].index(column_id))
        ranges.append(f"'{SHEET_BY_ID[sheet_id].title(lang)}'!${name}$3:${name}${NUM_ROWS + 1}")
    return ranges


def _width(column: Column, lang: Lang) -> float:
    """Return a width that shows the heading in two or three lines and the usual value in one."""
    if column.type in (ColumnType.ENUM_LIST, ColumnType.TEXT_LIST):
        return 34
    if column.id in ("name", "reason", "override_reason", "note"):
        return 34
    longest = max((len(choice.label(lang)) for choice in column.choices), default=0)
    words = column.heading(lang).split()
    return min(30.0, max(11.0, longest + 2.0, max(map(len, words)) + 3.0, len(column.heading(lang)) / 2 + 3))


def _set_up_page(worksheet: Worksheet, sheet: Sheet, lang: Lang, *, num_pages: int) -> None:
    """Set up printing: A4 landscape, as many pages across as stay legible, codes on each."""
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    worksheet.fit_to_pages(num_pages, 0)
    worksheet.repeat_rows(0)
    worksheet.repeat_columns(0)
    worksheet.hide_gridlines(0)
    worksheet.set_header(f"&L&10{sheet.title(lang)}")
    worksheet.set_footer("&R&9&P / &N")
