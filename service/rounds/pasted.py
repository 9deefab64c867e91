"""Cells pasted from a spreadsheet: rows by line, cells by tab, quoted only where a cell holds a tab or a line break."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable

_CELL = re.compile(r'(?:"((?:[^"]|"")*)"(?=\t|\r?\n|\Z)|([^\t\r\n]*))(\t|\r?\n|\Z)')


def pasted_rows(content: str) -> list[list[str]]:
    r"""Return the rows of what was pasted; a quotation mark inside a cell is only a quotation mark.

    >>> pasted_rows('Код\tКто\nP-1\t"две\nстроки"\nP-2\tклуб "Рост"\n')
    [['Код', 'Кто'], ['P-1', 'две\nстроки'], ['P-2', 'клуб "Рост"']]
    """
    rows: list[list[str]] = [[]]
    at = 0
    while at < len(content):
        found = _CELL.match(content, at)
        if found is None:  # a lone carriage return
            at += 1
            continue
        quoted, plain, end = found.groups()
        rows[-1].append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if end and end != "\t":
            rows.append([])
        elif end == "\t" and at == len(content):
            rows[-1].append("")
    return [row for row in rows if any(cell.strip() for cell in row)]


def as_archive(tables: Iterable[tuple[str, bytes]]) -> io.BytesIO:
    """Return an archive of tables in CSV, ready to be checked like one that was uploaded."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tables:
            archive.writestr(name, content)
    packed.seek(0)
    return packed


def as_csv(content: str) -> bytes:
    """Return what was pasted as a table in CSV."""
    written = io.StringIO()
    csv.writer(written).writerows(pasted_rows(content))
    return written.getvalue().encode("utf-8-sig")
