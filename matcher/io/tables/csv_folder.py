"""Tables of a folder of CSV files, in whatever encoding and with whatever delimiter a spreadsheet program wrote."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from matcher.errors import InputError
from matcher.io.headings import columns_by_name, fold, sheet_named
from matcher.io.report import Remark
from matcher.io.tables.table import Raw, Source, Table, file_error
from matcher.texts import text

MAX_FILE_BYTES = 512 * 2**20
_DELIMITERS = {",": text("comma"), ";": text("semicolon"), "\t": text("tab")}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAVE_AS_UTF8 = text("save the file again as “CSV UTF-8”")
# Letters, digits and signs that Russian text in windows-1251 is made of.
_RUSSIAN = re.compile(r"[А-Яа-яЁё№«»„“”‘’–—…\u00a0·•§°±©®™€]")
_SWAPPED_CASE = re.compile(r"[а-яё][А-ЯЁ]")


def read_csv_table(path: Path, *, encoding: str | None = None) -> tuple[Table, list[Remark]]:
    """Return the table of one CSV file and what was normalised; without ``encoding`` that is found out.

    Raises
    ------
    InputError
        When the file is too large, in an unknown encoding, or not well-formed CSV.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        message = text("the file is too large: {megabytes} MB", megabytes=round(size / 2**20))
        raise file_error(path.name, "too_large", message, text("use a folder of Parquet files for a large roster"))
    content, encoding = _decode(path) if encoding is None else _decode_as(path, encoding)
    remarks = []
    if encoding not in ("utf-8", "utf-8-sig"):
        message = text("the file was read as {encoding}", encoding=encoding)
        remarks.append(Remark(path.name, message, "encoding"))
    lines = content.split("\n", 1)
    if lines[0].rstrip("\r").casefold() in ("sep=,", "sep=;", "sep=\t"):
        content = lines[1] if len(lines) > 1 else ""
        remarks.append(Remark(path.name, text("the first line names the delimiter and was passed over"), "sep_line"))
    delimiter = _delimiter(content.split("\n", 1)[0], path.stem)
    if delimiter != ",":
        message = text("the delimiter is a {delimiter}", delimiter=_DELIMITERS[delimiter])
        remarks.append(Remark(path.name, message, "delimiter"))
    return Table(name=path.name, source=Source.CSV, rows=_rows(path, content, delimiter)), remarks


def _rows(path: Path, content: str, delimiter: str) -> list[list[Raw]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[cell or None for cell in row] for row in reader]
    except csv.Error as error:
        raise file_error(
            f"{path.name}:{reader.line_num}",
            "bad_csv",
            text("quotation marks do not match on this line"),
            text("double each quotation mark inside a cell, or save the table again from a spreadsheet program"),
        ) from error


def _decode(path: Path) -> tuple[str, str]:
    data = path.read_bytes()
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(path, data, encoding), encoding
    sample = data[:4000]
    if sample[1::2].count(0) > len(sample) // 8:
        return _decoded(path, data, "utf-16-le"), "utf-16-le"
    if sample[::2].count(0) > len(sample) // 8:
        return _decoded(path, data, "utf-16-be"), "utf-16-be"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        content = _decoded(path, data, "windows-1251")
    if not _looks_russian(content):
        raise _unknown_encoding(path)
    return content, "windows-1251"


def _decode_as(path: Path, encoding: str) -> tuple[str, str]:
    """Return the content in an encoding that was told, unless the mark at its beginning names another one."""
    data = path.read_bytes()
    encoding = next((named for bom, named in _BOMS if data.startswith(bom)), encoding)
    return _decoded(path, data, encoding), encoding


def _decoded(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown_encoding(path) from error


def _unknown_encoding(path: Path) -> InputError:
    return file_error(path.name, "unknown_encoding", text("the letters of the file cannot be read"), _SAVE_AS_UTF8)


def _looks_russian(content: str) -> bool:
    # KOI8 read as windows-1251 has its cases swapped, cp866 turns into signs that are no letters.
    foreign = [c for c in content if ord(c) > 127]
    known = sum(1 for c in foreign if _RUSSIAN.match(c))
    return known >= 0.95 * len(foreign) and len(_SWAPPED_CASE.findall(content)) <= 0.02 * len(foreign)


def _delimiter(heading: str, stem: str) -> str:
    sheet = sheet_named(stem)
    names = columns_by_name(sheet.id) if sheet else {}

    def recognised(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([heading], delimiter=delimiter), [])
        return sum(1 for cell in cells if fold(cell) in names), len(cells)

    return max(_DELIMITERS, key=recognised)
