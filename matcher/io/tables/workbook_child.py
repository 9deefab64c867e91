"""The program that reads a workbook in a limited child process and writes it as JSON.

It imports nothing of this package, so that it starts in milliseconds. Values come from calamine; what calamine does
not tell (formulas, error cells, hidden and merged ones, how far the cells reach) from one pass over the XML, made
first, since a single cell at XFD1048576 would make calamine reserve memory for the whole sheet.
"""

from __future__ import annotations

import json
import posixpath
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

MAX_ROWS = 300_000
MAX_COLUMNS = 1_000
MAX_CELLS = 8_000_000
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DOCTYPE_MARKS = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
)


class Refused(Exception):
    """The workbook must not be read further: a kind and the details a sentence needs."""

    def __init__(self, kind: str, **details: object) -> None:
        self.kind, self.details = kind, details
        super().__init__(kind)


def main() -> None:
    """Set the limits on this process, read the workbook named last, write JSON."""
    memory_bytes, cpu_seconds, output_bytes, path = sys.argv[1:5]
    try:
        import resource
    except ImportError:  # a system without limits: the parent's clock remains
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (int(memory_bytes), int(memory_bytes)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds), int(cpu_seconds) + 2))
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(output_bytes), int(output_bytes)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = read_workbook(path)
    except Refused as refused:
        answer = {"refused": refused.kind, "details": refused.details}
    except MemoryError:
        sys.exit(3)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
    ) as error:
        answer = {"refused": "damaged", "details": {"error": type(error).__name__}}
    json.dump(answer, sys.stdout, default=tag, ensure_ascii=True)


def tag(value: object) -> dict[str, str | float]:
    """Return a date or time in a form JSON knows."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    raise TypeError(type(value).__name__)


def read_workbook(path: str) -> dict[str, Any]:
    """Return the sheets of the workbook with values and what stands behind them."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            refuse_doctype(archive, name)
        is_1904, sheets = read_contents(archive)
        quoting = read_quoting_styles(archive)
        scans = {
            name: (state, SheetScan(name, quoting).scan(archive.read(member)))
            for name, state, member in sheets
            if member in archive.NameToInfo
        }
    return {"is_1904": is_1904, "sheets": read_values(path, scans)}


def refuse_doctype(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a part with a document type: only those can define entities."""
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    data = archive.read(name)
    if any(mark in data for mark in _DOCTYPE_MARKS):
        raise Refused("doctype", part=name)


def local(name: str) -> str:
    """Return a tag without its namespace."""
    return name.rpartition(" ")[2]


def parse(data: bytes, **handlers: Any) -> None:
    """Parse XML with the given expat handlers; a document type ends it."""
    parser_with(**handlers).Parse(data, True)


def parser_with(**handlers: Any) -> Any:
    """Return a parser with the given expat handlers; a document type ends it."""

    def doctype(*_: object) -> None:
        raise Refused("doctype", part="")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = doctype
    for handler, function in handlers.items():
        setattr(parser, handler, function)
    return parser


def read_contents(archive: zipfile.ZipFile) -> tuple[bool, list[tuple[str, str, str]]]:
    """Return whether days count from 1904, and (name, state, member) of each worksheet."""
    targets: dict[str, tuple[str, str]] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            targets[attributes["Id"]] = (attributes.get("Type", ""), attributes["Target"])

    parse(archive.read("xl/_rels/workbook.xml.rels"), StartElementHandler=relation)
    is_1904 = False
    sheets: list[tuple[str, str, str]] = []

    def content(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_1904
        if local(name) == "workbookPr":
            is_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif local(name) == "sheet":
            relation_id = next(value for key, value in attributes.items() if local(key) == "id")
            kind, target = targets[relation_id]
            if kind.endswith("/worksheet"):
                member = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
                sheets.append((attributes["name"], attributes.get("state", "visible"), member))

    parse(archive.read("xl/workbook.xml"), StartElementHandler=content)
    return is_1904, sheets


def read_quoting_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the numbers of the cell styles that mark a cell as text by an apostrophe."""
    if "xl/styles.xml" not in archive.NameToInfo:
        return frozenset()
    is_inside = False
    style = -1
    quoting: set[str] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_inside, style
        if local(name) == "cellXfs":
            is_inside = True
        elif is_inside and local(name) == "xf":
            style += 1
            if attributes.get("quotePrefix", "0") in ("1", "true"):
                quoting.add(str(style))

    def end(name: str) -> None:
        nonlocal is_inside
        if local(name) == "cellXfs":
            is_inside = False

    parse(archive.read("xl/styles.xml"), StartElementHandler=start, EndElementHandler=end)
    return frozenset(quoting)


class SheetScan:
    """One pass over the XML of a sheet: everything but the values."""

    def __init__(self, name: str, quoting: frozenset[str]) -> None:
        self.name = name
        self.quoting = quoting
        self.row = self.column = -1
        self.num_rows = self.num_columns = 0
        self.num_cells = 0
        self.style: str | None = None
        self.is_error = self.is_truth = False
        self.parser: Any = None
        self.formula = ""
        self.is_row_hidden = False
        self.formulas: list[tuple[int, int]] = []
        self.errors: list[tuple[int, int]] = []
        self.quoted: list[tuple[int, int]] = []
        self.merged: list[str] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.columns: dict[str, int] = {}
        self.locals: dict[str, str] = {}

    def scan(self, data: bytes) -> SheetScan:
        """Read the XML of the sheet."""
        self.parser = parser_with(StartElementHandler=self.start)
        self.parser.Parse(data, True)
        return self

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take one opening tag."""
        tag_name = self.locals.get(name)
        if tag_name is None:
            tag_name = self.locals[name] = local(name)
        if tag_name == "c":
            reference = attributes.get("r")
            self.column = self.column + 1 if reference is None else self.column_of(reference)
            self.style = attributes.get("s")
            kind = attributes.get("t")
            self.is_error, self.is_truth = kind == "e", kind == "b"
        elif tag_name in ("v", "is"):
            self.value()
        elif tag_name == "f":
            self.value()
            if self.is_truth:  # listened to only here: text handlers would slow every other cell
                self.formula = ""
                self.parser.CharacterDataHandler, self.parser.EndElementHandler = self.add_formula, self.end_formula
            else:
                self.formulas.append((self.row, self.column))
        elif tag_name == "row":
            self.column = -1
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.is_row_hidden = attributes.get("hidden", "0") in ("1", "true")
        elif tag_name == "col" and attributes.get("hidden", "0") in ("1", "true"):
            self.hidden_columns.append((int(attributes["min"]) - 1, min(int(attributes["max"]), MAX_COLUMNS) - 1))
        elif tag_name == "mergeCell":
            self.merged.append(attributes["ref"])

    def add_formula(self, words: str) -> None:
        """Take a part of the formula of a truth value."""
        self.formula += words

    def end_formula(self, _: str) -> None:
        """Note the formula of a truth value, unless it is only how LibreOffice writes the value itself."""
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        if self.formula.strip().upper() not in ("TRUE()", "FALSE()"):
            self.formulas.append((self.row, self.column))

    def value(self) -> None:
        """Note that the current cell holds something."""
        place = (self.row, self.column)
        if self.row >= self.num_rows or self.column >= self.num_columns:
            if self.row >= MAX_ROWS or self.column >= MAX_COLUMNS:
                raise Refused("far_cell", sheet=self.name, row=self.row, column=self.column)
            self.num_rows = max(self.num_rows, self.row + 1)
            self.num_columns = max(self.num_columns, self.column + 1)
            if self.num_rows * self.num_columns > MAX_CELLS:
                raise Refused("far_cell", sheet=self.name, row=self.row, column=self.column)
        if self.is_error:
            self.errors.append(place)
        if self.style in self.quoting:
            self.quoted.append(place)
        if self.is_row_hidden and (not self.hidden_rows or self.hidden_rows[-1] != self.row):
            self.hidden_rows.append(self.row)

    def column_of(self, reference: str) -> int:
        """Return the column index of a cell reference such as ``C5``."""
        letters = reference.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is None:
            if not letters or not _LETTERS.issuperset(letters) or len(letters) > 3:
                raise ValueError(reference)
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            self.columns[letters] = column = column - 1
        return column


def read_values(path: str, scans: dict[str, tuple[str, SheetScan]]) -> list[dict[str, Any]]:
    """Return each sheet with its values (read by calamine) and its scan."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        found = []
        for name, (state, scan) in scans.items():
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            found.append(
                {
                    "name": name,
                    "state": state,
                    "rows": rows,
                    "formulas": scan.formulas,
                    "errors": scan.errors,
                    "quoted": scan.quoted,
                    "merged": scan.merged,
                    "hidden_rows": scan.hidden_rows,
                    "hidden_columns": scan.hidden_columns,
                }
            )
    except python_calamine.CalamineError as error:
        raise ValueError(type(error).__name__) from error
    return found


if __name__ == "__main__":
    main()
