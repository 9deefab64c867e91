"""The form in which people give a list: files or pasted cells, and what they say of its sheets and columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, BinaryIO

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from matcher.errors import Fault
from matcher.io.hints import Hints
from matcher.io.sheets import SHEET_BY_ID, SHEETS
from matcher.texts import Lang, say, text
from service.rounds.pasted import as_archive, as_csv
from service.rounds.uploads import Checked, check_upload, clean_name
from service.work import Work

ENCODINGS = ("utf-8", "windows-1251", "cp866", "koi8-r", "utf-16")
_NAMES_SHOWN = 3
_MOST_FIELDS, _LONGEST_FIELD = 4_000, 8 * 2**20


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD)


Sent = Annotated[FormData, Depends(_form)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given: one file to check, under the name it is shown by; ``is_table``: its code page may be told."""

    stream: BinaryIO
    file_name: str
    shown: str
    is_table: bool


def given_of(form: FormData, lang: Lang) -> Given | Fault:
    """Return what a form holds: a workbook, an archive, tables in CSV or pasted cells; else why it cannot be read."""
    files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    pasted = _pasted(form, lang)
    if files and pasted:
        return Fault("files", text("a file and pasted cells were given"), text("give one of the two"))
    if pasted:
        shown = say(text("pasted from a spreadsheet"), lang)
        return Given(stream=as_archive(pasted), file_name=f"{shown}.zip", shown=shown, is_table=False)
    if not files:
        return Fault("files", text("no file was chosen"), text("choose a file, or paste the cells of your sheets"))
    tables = [one for one in files if _ending(one) == "csv"]
    if tables and len(tables) == len(files):
        names = [clean_name(one.filename) for one in tables]
        if len(set(names)) < len(names):
            return Fault("files", text("two files have the same name"), text("name each table after its sheet"))
        packed = as_archive((name, one.file.read()) for name, one in zip(names, tables, strict=True))
        shown = ", ".join(names[:_NAMES_SHOWN]) + (" …" if len(names) > _NAMES_SHOWN else "")
        return Given(stream=packed, file_name=f"{clean_name(shown)}.zip", shown=shown, is_table=True)
    if len(files) > 1:
        cure = text("give one workbook (.xlsx), or tables in CSV only")
        return Fault("files", text("several files were given that do not belong together"), cure)
    name = clean_name(files[0].filename)
    return Given(stream=files[0].file, file_name=name, shown=name, is_table=_ending(files[0]) == "zip")


def _ending(file: UploadFile) -> str:
    return (file.filename or "").rpartition(".")[2].casefold()


def _pasted(form: FormData, lang: Lang) -> list[tuple[str, bytes]]:
    """Return (name of a table, its content) of the sheets whose cells were pasted."""
    found: dict[str, bytes] = {}
    for name, value in form.multi_items():
        kind, _, which = name.partition(".")
        if kind != "paste" or not isinstance(value, str) or not value.strip():
            continue
        sheet = SHEET_BY_ID.get(str(form.get("paste-other", "")) if which == "other" else which)
        if sheet is not None:
            found[f"{sheet.title(lang)}.csv"] = as_csv(value)
    return list(found.items())


def hints_of(form: FormData) -> Hints:
    """Return what was said of sheets and columns: ``sheet.3`` names it, ``sheet.3.is`` and ``column.3.5.is`` tell."""
    sheets: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    for name, value in form.multi_items():
        kind, *numbers = name.split(".")
        table = str(form.get(f"sheet.{numbers[0]}", "")) if numbers else ""
        if not table or not name.endswith(".is") or not isinstance(value, str) or value == "?":
            continue
        if kind == "sheet" and (value in SHEET_BY_ID or value == ""):
            sheets[table] = value
        elif kind == "column" and len(numbers) == 3:
            heading = form.get(f"column.{numbers[0]}.{numbers[1]}")
            if isinstance(heading, str) and heading:
                columns.setdefault(table, {})[heading] = value
    encoding = str(form.get("encoding", ""))
    return Hints(sheets=sheets, columns=_known(columns, sheets), encoding=encoding if encoding in ENCODINGS else None)


def _known(columns: dict[str, dict[str, str]], sheets: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return the mapping without columns that no sheet has."""
    ids = {column.id for sheet in SHEETS for column in sheet.columns} | {""}
    return {
        table: {heading: id_ for heading, id_ in told.items() if id_ in ids}
        for table, told in columns.items()
        if sheets.get(table) != ""
    }


def check_given(work: Work, given: Given, hints: Hints, *, mark: bool = False) -> Checked:
    """Check what was given; nothing of it is kept."""
    with work.elsewhere():
        found = check_upload(
            given.stream,
            given.file_name,
            max_unpacked=work.core.settings.unpacked_bytes,
            lang=work.lang,
            mark=mark,
            hints=hints,
        )
    return replace(found, name=given.shown)
