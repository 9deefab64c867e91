"""The roster workbook, declared once: the template, the reader, the writer and the checks all follow this table.

Every sheet and column has an identifier and two headings; a reader accepts any of the three. Only ``people``,
``mentors`` and ``mentees`` and their required columns must be there.
"""

from __future__ import annotations

from matcher.io.columns import Sheet
from matcher.io.sheets_pairs import COMPATIBILITY, DEFICITS, LOCKS, OVERRIDES, REQUESTS, WISHES
from matcher.io.sheets_people import MENTEES, MENTORS, PEOPLE
from matcher.io.sheets_places import (
    ABSENCES,
    AVAILABILITY,
    CLASSES,
    CONSENTS,
    CONTRACTS,
    LICENCES,
    ORGANISATIONS,
    ROOMS,
    SITES,
    TRAVEL,
)

LIST_SEPARATOR = "; "
"""Between the values of a list when written; a comma is accepted too when no value holds one."""

COMMENT_MARK = "#"
"""A row whose first cell begins with it is an example or a comment and is passed over (and reported)."""

GUIDE_TITLES = {"ru": "Как заполнять", "en": "How to fill in"}
LISTS_TITLE = "_lists"
SERVICE_TITLES = (*GUIDE_TITLES.values(), LISTS_TITLE)
"""Sheets of the template that hold no data of the roster; the reader passes them over without a word."""

SHEETS: tuple[Sheet, ...] = (
    PEOPLE,
    MENTORS,
    MENTEES,
    REQUESTS,
    DEFICITS,
    WISHES,
    COMPATIBILITY,
    LOCKS,
    OVERRIDES,
    ORGANISATIONS,
    SITES,
    TRAVEL,
    CLASSES,
    ROOMS,
    LICENCES,
    AVAILABILITY,
    ABSENCES,
    CONSENTS,
    CONTRACTS,
)
"""All sheets, in the order in which a person fills them."""

SHEET_BY_ID = {sheet.id: sheet for sheet in SHEETS}
