"""Reads Word files strictly: the members and relations of the package, and the text as people read it."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.document import Document as Opened
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

_R = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def text_of(content: bytes) -> str:
    """Return the text of a document, a row of a table in a line."""
    return "\n".join(_lines(Document(io.BytesIO(content)))) + "\n"


def _lines(document: Opened) -> Iterator[str]:
    for one in document.iter_inner_content():
        if isinstance(one, Paragraph):
            yield one.text.rstrip()
        elif isinstance(one, Table):
            for row in one.rows:
                yield "| " + " | ".join(cell.text.replace("\n", " / ") for cell in row.cells) + " |"


def check_package(content: bytes) -> None:
    """Check that every part is well formed and has a type, and that every relation leads to a part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(set(names)) == len(names)
        types = etree.fromstring(archive.read("[Content_Types].xml"))
        defaults = {one.get("Extension", "").casefold() for one in types if one.tag.endswith("Default")}
        overrides = {one.get("PartName", "").lstrip("/") for one in types if one.tag.endswith("Override")}
        assert overrides <= set(names)
        for name in names:
            if name != "[Content_Types].xml":
                assert name in overrides or name.rpartition(".")[2].casefold() in defaults, name
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
            if name.endswith(".rels"):
                _check_relations(archive, name, names)


def _check_relations(archive: zipfile.ZipFile, name: str, names: list[str]) -> None:
    folder = posixpath.dirname(posixpath.dirname(name))
    seen = set()
    for one in etree.fromstring(archive.read(name)).iter(f"{_R}Relationship"):
        assert one.get("Id") not in seen
        seen.add(one.get("Id"))
        assert one.get("TargetMode") != "External"
        target = one.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        assert path in names, path
