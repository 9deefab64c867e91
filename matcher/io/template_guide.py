"""The first sheet of the template: how to fill it in, in plain words."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from matcher.io.sheets import COMMENT_MARK
from matcher.io.template_layout import SheetLayout
from matcher.io.template_style import Styles
from matcher.policy import Policy
from matcher.texts import Lang, Text, say, text

_A4 = 9
_LETTERS_PER_LINE = 115


def write_guide(
    worksheet: Worksheet, layouts: tuple[SheetLayout, ...], styles: Styles, policy: Policy | None, lang: Lang
) -> None:
    """Write the guide: what is obligatory, how codes work, which sheets are needed, what happens next."""
    worksheet.hide_gridlines(2)
    worksheet.set_column(0, 0, 26)
    worksheet.set_column(1, 1, 24)
    worksheet.set_column(2, 2, 74)
    worksheet.write_string(0, 0, say(text("Register for picking mentoring pairs"), lang), styles.title)
    if policy is not None:
        regulation = policy.title if lang == "ru" else policy.title_en
        worksheet.write_string(1, 0, say(text("Under: {regulation}", regulation=regulation), lang))
    row = 3
    for title, sentences in _sections():
        worksheet.write_string(row, 0, say(title, lang), styles.subtitle)
        row += 1
        for sentence in sentences:
            said = say(sentence, lang)
            worksheet.merge_range(row, 0, row, 2, said, styles.prose)
            worksheet.set_row(row, 15.5 * (1 + (len(said) - 1) // _LETTERS_PER_LINE))
            row += 1
        row += 1
    row = _write_sheet_list(worksheet, row, layouts, styles, lang)
    worksheet.set_portrait()
    worksheet.set_paper(_A4)
    worksheet.fit_to_pages(1, 0)


def _sections() -> list[tuple[Text, list[Text]]]:
    return [
        (
            text("How to begin"),
            [
                text("Fill in three sheets: people, mentors, mentees. That is enough to pick pairs."),
                text(
                    "State what each mentor helps with and how well (columns “Topics …” and “Level …”): a mentor "
                    "without them is taken to cover no request."
                ),
                text(
                    "Columns with an orange heading and an asterisk must be filled in; blue ones make the choice "
                    "better; grey ones are for special cases. An empty cell means “not known” or “as the regulation "
                    "says”."
                ),
                text("Point at a heading to read what belongs into the column."),
                text(
                    "The grey row that begins with “{mark}” is an example. It is not read; you may delete it.",
                    mark=COMMENT_MARK,
                ),
                text(
                    "Cells that turn pink as you type need a second look: something obligatory is empty, or a code is"
                    " not on its sheet."
                ),
            ],
        ),
        (
            text("Codes"),
            [
                text(
                    "Give every person a short code of your own: 1, 2, 3 or P-1, P-2. A personnel number does as "
                    "well. Codes do not repeat and do not change later."
                ),
                text(
                    "On the other sheets a person is named by the code: the drop-down list offers the codes from the "
                    "sheet of people."
                ),
                text("One person is one row on the sheet of people, even if he or she is both a mentor and a mentee."),
            ],
        ),
        (
            text("Values"),
            [
                text(
                    "Where a cell has a drop-down list, choose from it. Several values are typed one after another, "
                    "separated by semicolons."
                ),
                text(
                    "Dates are written as 01.09.2026, times as 14:30, levels as numbers from 0 (absent) to 4 (can "
                    "teach others)."
                ),
                text(
                    "You may change the order of columns and delete those you do not need. Do not merge cells and do "
                    "not use formulas: paste values."
                ),
                text("Write nothing about health or family beyond what the columns ask for. A veto needs no reason."),
            ],
        ),
        (
            text("What happens next"),
            [
                text(
                    "Save the file and hand it to the curator, or load it yourself. The program checks it and lists "
                    "every fault with its sheet and cell; nothing is corrected behind your back."
                ),
                text(
                    "Then the program proposes pairs and groups and explains each of them. The council and the head "
                    "decide; nothing is sent to anybody before that."
                ),
            ],
        ),
    ]


def _write_sheet_list(
    worksheet: Worksheet, row: int, layouts: tuple[SheetLayout, ...], styles: Styles, lang: Lang
) -> int:
    """Write the list of sheets with a link to each and why it is there; return the next free row."""
    worksheet.write_string(row, 0, say(text("The sheets"), lang), styles.subtitle)
    row += 1
    for layout in layouts:
        title = layout.sheet.title(lang)
        worksheet.write_url(row, 0, f"internal:'{title}'!A1", styles.link, title)
        swatch = styles.swatch(is_required=layout.sheet.is_required, is_needed=layout.is_needed)
        worksheet.write_string(row, 1, say(_need(layout), lang), swatch)
        note = layout.sheet.note(lang)
        worksheet.write_string(row, 2, note, styles.prose)
        worksheet.set_row(row, 15.5 * (1 + (len(note) - 1) // 78))
        row += 1
    return row


def _need(layout: SheetLayout) -> Text:
    if layout.sheet.is_required:
        return text("must be filled in")
    return text("makes the choice better") if layout.is_needed else text("for special cases")
