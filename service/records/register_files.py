"""Registers as workbooks: headings in the reader's language, every text as text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from matcher.texts import Lang, Text, say, text
from service.records.registers import Entry

Columns = Sequence[tuple[str, Text]]

_CODE, _NAME = ("code", text("code")), ("name", text("name"))
_ORGANISATION, _POSITION = ("organisation", text("organisation")), ("position", text("position"))
_STATE, _FORM = ("state", text("state")), ("form", text("form"))
_SAME = ("same_as", text("may be the same as"))
_NOW, _OVER = ("pairs_now", text("pairs now")), ("pairs_over", text("pairs ended"))
_CYCLES = ("full_cycles", text("full cycles"))

COLUMNS: Mapping[str, Columns] = {
    "mentors": (
        _CODE,
        _NAME,
        _ORGANISATION,
        _POSITION,
        ("status", text("status")),
        ("forms", text("forms")),
        ("topics", text("topics")),
        ("approvals", text("approvals")),
        ("trained_on", text("trained on")),
        _NOW,
        _OVER,
        _CYCLES,
        _SAME,
    ),
    "mentees": (
        _CODE,
        _NAME,
        _ORGANISATION,
        _POSITION,
        ("primary_category", text("main category")),
        ("categories", text("categories")),
        ("topics", text("topics")),
        ("mentors_now", text("mentors now")),
        _OVER,
        _CYCLES,
        _SAME,
    ),
    "partners": (
        _NAME,
        ("type", text("sort")),
        _CODE,
        _ORGANISATION,
        ("contact", text("contact")),
        _STATE,
        ("contract", text("contract")),
        ("contract_until", text("contract until")),
        _SAME,
    ),
    "programmes": (
        ("mentor", text("mentor")),
        ("mentee", text("mentee")),
        _ORGANISATION,
        _FORM,
        ("kind", text("kind of mentoring")),
        ("number", text("version")),
        _STATE,
        ("first_day", text("first day")),
        ("last_day", text("last day")),
        ("full_cycle", text("full cycle")),
    ),
    "practices": (
        ("title", text("title")),
        _FORM,
        ("mentoring_kind", text("kind of mentoring")),
        _ORGANISATION,
        ("problem", text("problem")),
        _STATE,
    ),
}
"""The columns of every register; they are fields of its entries."""

TITLES: Mapping[str, Text] = {
    "mentors": text("Mentors"),
    "mentees": text("Mentees"),
    "partners": text("Partners"),
    "programmes": text("Programmes"),
    "practices": text("Practices"),
}
_YES, _NO = text("yes"), text("no")

Cell = str | int | float | bool | date | None


def sheet_of(register: str, entries: Collection[Entry], lang: Lang) -> tuple[str, list[str], Iterator[list[Cell]]]:
    """Return name, heading and rows of a register; the rows are made as they are asked for, and none is kept.

    The entries are gone through twice: first to learn what those are called that others may be the same as (who seems
    to be somebody else is named by that one too).
    """
    columns = [name for name, _ in COLUMNS[register]]
    shown = {one.id: str(getattr(one, "code", None) or getattr(one, "name", one.id)) for one in entries if one.same_as}
    rows = ([_cell(one, name, shown, lang) for name in columns] for one in entries)
    return say(TITLES[register], lang), [say(word, lang) for _, word in COLUMNS[register]], rows


def _cell(entry: Entry, name: str, shown: Mapping[str, str], lang: Lang) -> Cell:
    value = getattr(entry, name)
    if name == "same_as":
        return ", ".join(shown.get(id_, id_) for id_ in value) or None
    if isinstance(value, bool):
        return say(_YES if value else _NO, lang)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or None
    cell: Cell = value
    return cell
