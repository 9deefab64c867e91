"""Workbooks as programs other than Excel write them: the same cells in other words of the same format.

Each writer takes the cells of a workbook and packs them anew, part by part, so that nothing a library would smooth
over is lost: strings in the cell instead of a table of strings, no cell references, prefixed tags, other date formats.
The writers named after a program go as far as its files are known to go, and further; they are not the program.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """How a program writes. ``date_format`` and ``time_format`` are codes of number formats, None: no styles at all.

    ``strings`` is ``shared``, ``inline`` or ``plain`` (as the result of a formula is written).
    """

    strings: str = "shared"
    date_format: str | None = "dd.mm.yyyy"
    time_format: str = "h:mm"
    numbers_as_floats: bool = False
    truth_as_boolean: bool = False
    cell_references: bool = True
    absolute_targets: bool = False
    num_empty_rows: int = 0
    num_empty_columns: int = 0
    dimension: str | None = None
    trailing_blanks: bool = False
    byte_order_mark: bool = False
    prefix: str = ""
    main: str = _MAIN
    document: str = _DOCUMENT
    part_name: Callable[[int], str] = "worksheets/sheet{}.xml".format


GOOGLE = Writer(
    strings="inline",
    date_format='dd"."mm"."yyyy',
    time_format="hh:mm:ss",
    numbers_as_floats=True,
    truth_as_boolean=True,
    absolute_targets=True,
    num_empty_rows=300,
    num_empty_columns=6,
)
"""As Google Sheets downloads it: thousands of styled empty cells, whole numbers as 3.0, ticks as truth values."""

MOY_OFFICE = Writer(
    date_format="[$-419]d\\ mmmm\\ yyyy;@",
    time_format="[$-F400]h:mm:ss\\ AM/PM",
    dimension="A1:XFD1048576",
    trailing_blanks=True,
    part_name="worksheets/Sheet_{}.xml".format,
)
"""A whole-sheet dimension, names of parts of its own, the long formats of dates."""

REPORT_TOOL = Writer(strings="plain", date_format="yyyy\\-mm\\-dd", cell_references=False, dimension="A1")
"""As programs write that export a register: no cell references and a dimension that was never set."""

PREFIXED = Writer(strings="inline", date_format="mm-dd-yy", prefix="x", byte_order_mark=True)
"""Every tag with a prefix and a byte order mark before it, as some libraries of Windows write."""

STRICT = Writer(
    main="http://purl.oclc.org/ooxml/spreadsheetml/main",
    document="http://purl.oclc.org/ooxml/officeDocument/relationships",
)
"""“Strict Open XML” of Excel: the same tags under other names of the standard."""

NO_STYLES = Writer(strings="inline", date_format=None)
"""Values alone: nothing says which number is a date."""


def pack(source: Path, target: Path, writer: Writer) -> Path:
    """Write the cells of a workbook as ``writer`` does."""
    book = openpyxl.load_workbook(source)
    strings: dict[str, int] = {}
    sheets = {f"xl/{writer.part_name(i)}": _sheet(sheet, writer, strings) for i, sheet in enumerate(book, start=1)}
    names = [(sheet.title, sheet.sheet_state) for sheet in book]
    parts = {
        "[Content_Types].xml": _content_types(list(sheets), writer),
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")], writer),
        "xl/workbook.xml": _workbook(names, writer),
        "xl/_rels/workbook.xml.rels": _relations(_targets(list(sheets), writer), writer),
        **sheets,
    }
    if writer.date_format is not None:
        parts["xl/styles.xml"] = _styles(writer)
    if writer.strings == "shared":
        items = "".join(
            _tag("si", _tag("t", escape(one), ' xml:space="preserve"', writer), "", writer) for one in strings
        )
        parts["xl/sharedStrings.xml"] = _root("sst", items, writer)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, ("\ufeff" if writer.byte_order_mark else "") + _HEAD + content)
    return target


def _tag(name: str, content: str, attributes: str, writer: Writer) -> str:
    full = f"{writer.prefix}:{name}" if writer.prefix else name
    return f"<{full}{attributes}>{content}</{full}>" if content else f"<{full}{attributes}/>"


def _root(name: str, content: str, writer: Writer) -> str:
    spaces = f' xmlns{":" + writer.prefix if writer.prefix else ""}="{writer.main}" xmlns:r="{writer.document}"'
    return _tag(name, content, spaces, writer)


def _sheet(sheet: Any, writer: Writer, strings: dict[str, int]) -> str:
    rows = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_cell(cell.value, number, position, writer, strings) for position, cell in enumerate(row, start=1)]
        cells += [_empty(number, len(row) + more, writer) for more in range(1, writer.num_empty_columns + 1)]
        rows.append(_row(number, "".join(cells), writer))
    for number in range(sheet.max_row + 1, sheet.max_row + 1 + writer.num_empty_rows):
        rows.append(_row(number, "".join(_empty(number, position, writer) for position in range(1, 27)), writer))
    dimension = "" if writer.dimension is None else _tag("dimension", "", f' ref="{writer.dimension}"', writer)
    return _root("worksheet", dimension + _tag("sheetData", "".join(rows), "", writer), writer)


def _row(number: int, cells: str, writer: Writer) -> str:
    return _tag("row", cells, f' r="{number}"' if writer.cell_references else "", writer)


def _place(number: int, position: int, writer: Writer) -> str:
    return f' r="{get_column_letter(position)}{number}"' if writer.cell_references else ""


def _empty(number: int, position: int, writer: Writer) -> str:
    style = "" if writer.date_format is None else ' s="1"'
    return _tag("c", "", _place(number, position, writer) + style, writer)


def _cell(value: object, number: int, position: int, writer: Writer, strings: dict[str, int]) -> str:
    place = _place(number, position, writer)
    if value is None:
        return _empty(number, position, writer)
    if writer.truth_as_boolean and value in ("да", "нет", "yes", "no"):
        return _tag("c", _tag("v", "1" if value in ("да", "yes") else "0", "", writer), f'{place} t="b"', writer)
    if isinstance(value, datetime | date | time):
        serial = to_excel(value)
        style = "" if writer.date_format is None else f' s="{3 if isinstance(value, time) else 2}"'
        shown = float(serial) if writer.numbers_as_floats or serial % 1 else int(serial)
        return _tag("c", _tag("v", str(shown), "", writer), place + style, writer)
    if isinstance(value, int | float):
        shown = float(value) if writer.numbers_as_floats else value
        return _tag("c", _tag("v", str(shown), "", writer), place, writer)
    words = f"{value}{' ' if writer.trailing_blanks else ''}"
    if writer.strings == "inline":
        inside = _tag("is", _tag("t", escape(words), "", writer), "", writer)
        return _tag("c", inside, f'{place} t="inlineStr"', writer)
    if writer.strings == "plain":
        return _tag("c", _tag("v", escape(words), "", writer), f'{place} t="str"', writer)
    index = strings.setdefault(words, len(strings))
    return _tag("c", _tag("v", str(index), "", writer), f'{place} t="s"', writer)


def _styles(writer: Writer) -> str:
    assert writer.date_format is not None
    codes = ((164, writer.date_format), (165, writer.time_format))
    formats = "".join(
        _tag("numFmt", "", f' numFmtId="{id_}" formatCode={quoteattr(code)}', writer) for id_, code in codes
    )
    cells = "".join(_tag("xf", "", f' numFmtId="{id_}"', writer) for id_ in (0, 0, 164, 165))
    return _root("styleSheet", _tag("numFmts", formats, "", writer) + _tag("cellXfs", cells, "", writer), writer)


def _workbook(names: list[tuple[str, str]], writer: Writer) -> str:
    sheets = "".join(
        _tag("sheet", "", f' name={quoteattr(name)} sheetId="{i}" state="{state}" r:id="rId{i}"', writer)
        for i, (name, state) in enumerate(names, start=1)
    )
    return _root("workbook", _tag("sheets", sheets, "", writer), writer)


def _targets(sheets: list[str], writer: Writer) -> list[tuple[str, str, str]]:
    found = [(f"rId{i}", "worksheet", name) for i, name in enumerate(sheets, start=1)]
    if writer.date_format is not None:
        found.append(("rIdStyles", "styles", "xl/styles.xml"))
    if writer.strings == "shared":
        found.append(("rIdStrings", "sharedStrings", "xl/sharedStrings.xml"))
    if writer.absolute_targets:
        return [(id_, kind, f"/{name}") for id_, kind, name in found]
    return [(id_, kind, name.removeprefix("xl/")) for id_, kind, name in found]


def _relations(targets: list[tuple[str, str, str]], writer: Writer) -> str:
    rows = "".join(
        f'<Relationship Id="{id_}" Type="{writer.document}/{kind}" Target="{name}"/>' for id_, kind, name in targets
    )
    return f'<Relationships xmlns="{_PACKAGE}">{rows}</Relationships>'


def _content_types(sheets: list[str], writer: Writer) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("xl/workbook.xml", "sheet.main"), *((name, "worksheet") for name in sheets)]
    if writer.date_format is not None:
        parts.append(("xl/styles.xml", "styles"))
    if writer.strings == "shared":
        parts.append(("xl/sharedStrings.xml", "sharedStrings"))
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}.{what}+xml"/>' for name, what in parts)
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{_TYPES}">{default}{rows}</Types>'
