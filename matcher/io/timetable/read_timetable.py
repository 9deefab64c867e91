"""One door for all timetable files: what is inside decides, not the ending of the name alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.io.busy_names import listed
from matcher.io.report import Remark
from matcher.io.tables.table import file_error
from matcher.io.timetable.dates.calendar_file import read_calendar
from matcher.io.timetable.school import LESSON, SchoolTimetable
from matcher.io.timetable.sheets.read_sheets import read_sheets
from matcher.io.timetable.xml.asc import read_asc
from matcher.io.timetable.xml.fet import read_fet
from matcher.io.timetable.xml.pieces import MAX_FILE_BYTES, open_xml
from matcher.texts import text, text_n

_KINDS = text("give a FET file (.fet), an aSc export (.xml), a workbook (.xlsx), a table (.csv) or a calendar (.ics)")

_ENDINGS = (".fet", ".xml", ".xlsx", ".xlsm", ".xls", ".csv", ".ics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aids:
    """What helps to read a file: a ``COLUMNS.toml``, whose calendar it is, in which zone and school year.

    ``year`` is that in which the school year begins.
    """

    columns: Path | None = None
    teacher: str | None = None
    time_zone: str | None = None
    year: int | None = None


def read_timetable(path: Path, aids: Aids | None = None) -> SchoolTimetable:
    """Return what a timetable file says.

    Parameters
    ----------
    path
        A FET file, an aSc export in XML, a workbook, a table in CSV or an iCalendar file.
    aids
        Further words on files that do not say everything themselves.

    Raises
    ------
    InputError
        When the file cannot be read or is wrong: every fault, with its place.
    """
    aids = aids or Aids()
    if path.is_dir():
        raise InputError([_is_folder(path)])
    if not path.is_file():
        raise InputError([Fault(str(path), text("there is no such file"), _KINDS)])
    try:
        found = _read(path, aids)
    except OSError as error:
        cure = text("give a file that you may read")
        raise InputError([Fault(str(path), text("the file cannot be read"), cure)]) from error
    return replace(found, remarks=(*found.remarks, *_on_clashes(found)))


def _is_folder(path: Path) -> Fault:
    """Return the fault of a folder given for a file: the timetables in it are offered."""
    inside = sorted(found.name for found in path.iterdir() if found.suffix.casefold() in _ENDINGS)
    cure = text("give one file of it: {names}", names=listed(inside)) if inside else _KINDS
    return Fault(str(path), text("a folder stands where a file is needed"), cure)


def _read(path: Path, aids: Aids) -> SchoolTimetable:
    ending = path.suffix.casefold()
    with path.open("rb") as stream:
        head = stream.read(4096)
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if ending == ".roz" or (ending in (".xml", ".fet") and head and not start.startswith(b"<")):
        raise _no_text(path, ending)
    if ending in (".xlsx", ".xlsm", ".xls", ".csv") or head[:4] == b"PK\x03\x04":
        return read_sheets(path, aids.columns)
    if aids.columns is not None:
        message = text("a table of columns is of use for workbooks only")
        raise InputError([Fault(str(aids.columns), message, text("leave out --columns"))])
    if ending == ".ics" or start[:15].upper() == b"BEGIN:VCALENDAR":
        return read_calendar(path, teacher=aids.teacher, time_zone=aids.time_zone, year=aids.year)
    if start.startswith(b"<"):
        return _read_xml(path)
    if ending in (".fet", ".xml"):
        open_xml(path)  # says what is wrong
    raise file_error(path.name, "unknown_format", text("this is no timetable that can be read"), _KINDS)


def _read_xml(path: Path) -> SchoolTimetable:
    file = open_xml(path)
    if file.root.casefold() == "fet":
        return read_fet(file)
    if file.root.casefold() == "timetable":
        return read_asc(file)
    if file.root.casefold() in ("html", "body", "table") or path.suffix.casefold() in (".html", ".htm"):
        message = text("this is a web page")
        cure = text("open it in a spreadsheet program and save it as an Excel workbook (.xlsx)")
        raise file_error(path.name, "html", message, cure)
    message = text("“{root}” is the root of no timetable: neither FET nor aSc writes it", root=file.root[:60])
    raise file_error(path.name, "wrong_root", message, _KINDS)


def _no_text(path: Path, ending: str) -> InputError:
    if path.stat().st_size > MAX_FILE_BYTES and ending != ".roz":
        open_xml(path)
    if ending == ".roz":
        message = text("this is aSc TimeTables' own file, which only aSc can open")
        cure = text("in aSc TimeTables choose File, Export, “aSc Timetables 2012 XML”, and give that file")
        return file_error(path.name, "roz", message, cure)
    return file_error(path.name, "not_xml", text("this is no XML file"), _KINDS)


def _on_clashes(found: SchoolTimetable) -> list[Remark]:
    """Say how often somebody stands in two lessons at once."""
    times = Counter((row.teacher, row.day, row.slot) for row in found.rows if row.kind == LESSON)
    twice = sorted({teacher for (teacher, _, _), num in times.items() if num > 1})
    if not twice:
        return []
    shown = ", ".join(twice[:5]) + (" …" if len(twice) > 5 else "")
    message = text_n(
        "{count} teacher stands in two lessons at once: {names}",
        "{count} teachers stand in two lessons at once: {names}",
        count=len(twice),
        names=shown,
    )
    return [Remark("", message, "clashes")]
