"""Walking through an XML file piece by piece; whatever is hostile, foreign or cut off is refused with a cure.

References
----------
OWASP ASVS 5.0, 1.5.1 (no external entities), 5.2.1 (sizes of uploads).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from xml.etree.ElementTree import ParseError, TreeBuilder

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException, DTDForbidden

from matcher.errors import InputError
from matcher.io.report import Remark
from matcher.io.tables.table import file_error
from matcher.io.timetable.xml.encoding import decode
from matcher.texts import Text, text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_FILE_BYTES = 64 * 2**20
MAX_ELEMENTS = 5_000_000
MAX_DEPTH = 40
_EXPORT_AGAIN = text("export the timetable again from the program that made it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One entry of one of the lists below the root: ``section`` is the name of the list."""

    section: str
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlFile:
    """An XML file whose root is known."""

    path: Path
    content: bytes
    root: str
    attributes: Mapping[str, str]
    remarks: tuple[Remark, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield the entries of all lists in order, and what stands below the root alone, under the section "".

        Each piece is emptied after it was used, so a large file needs little memory.

        Raises
        ------
        InputError
            When the file is not well-formed, too large when unpacked, or defines entities.
        """
        parents: list[Element] = []
        for num_elements, (event, element) in enumerate(_events(self.path, self.content)):
            if num_elements > 2 * MAX_ELEMENTS:
                message = text("the file holds more than {count} elements", count=MAX_ELEMENTS)
                raise file_error(self.path.name, "too_many_elements", message, _EXPORT_AGAIN)
            if event == "start":
                parents.append(element)
                if len(parents) > MAX_DEPTH:
                    message = text("elements are nested more than {count} deep", count=MAX_DEPTH)
                    raise file_error(self.path.name, "too_deep", message, _EXPORT_AGAIN)
                continue
            parents.pop()
            if len(parents) == 2:
                yield Piece(section=parents[1].tag, element=element)
                parents[1].remove(element)
            elif len(parents) == 1:
                yield Piece(section="", element=element)
                parents[0].remove(element)


def open_xml(path: Path) -> XmlFile:
    """Return an XML file with its root.

    Raises
    ------
    InputError
        When it is empty, too large, no XML at all, of an unknown encoding, or defines a document type.
    """
    size = path.stat().st_size
    if size == 0:
        raise file_error(path.name, "empty_file", text("the file is empty"), _EXPORT_AGAIN)
    if size > MAX_FILE_BYTES:
        message = text("the file is too large: {megabytes} MB", megabytes=round(size / 2**20))
        cure = text(
            "a timetable has less than {megabytes} MB: export one school only", megabytes=MAX_FILE_BYTES // 2**20
        )
        raise file_error(path.name, "too_large", message, cure)
    content, remarks = decode(path)
    for _, root in _events(path, content):
        attributes = {str(name): str(value) for name, value in root.attrib.items()}
        return XmlFile(path=path, content=content, root=root.tag, attributes=attributes, remarks=tuple(remarks))
    raise file_error(path.name, "not_xml", text("this is no XML file"), _EXPORT_AGAIN)


class _Parser(defusedxml.ElementTree.DefusedXMLParser):
    """Lets a bare document type pass, as old versions of FET write it: it names the root and holds nothing else."""

    def defused_start_doctype_decl(self, name: str, sysid: str | None, pubid: str | None, has_subset: int) -> None:
        """Refuse a document type that defines something or stands elsewhere."""
        if sysid is not None or pubid is not None or has_subset:
            raise DTDForbidden(name, sysid, pubid)


def _events(path: Path, content: bytes) -> Iterator[tuple[str, Element]]:
    """Yield the beginning and the end of each element; what the parser refuses becomes a fault."""
    parser = _Parser(target=TreeBuilder(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    walk = defusedxml.ElementTree.iterparse(io.BytesIO(content), events=("start", "end"), parser=parser)
    try:
        yield from cast("Iterator[tuple[str, Element]]", walk)
    except DefusedXmlException as error:
        message = text("the file defines a document type or entities, which could fetch or blow up anything")
        cure = text("export the timetable again with a present version of its program; nothing of this file was read")
        raise file_error(path.name, "doctype", message, cure) from error
    except ParseError as error:
        raise _not_well_formed(path, content, error) from error


def _not_well_formed(path: Path, content: bytes, error: ParseError) -> InputError:
    line, _ = error.position
    if content.lstrip()[:1] != b"<":
        return file_error(path.name, "not_xml", text("this is no XML file"), _EXPORT_AGAIN)
    message: Text = text("this is not well-formed XML")
    if line >= content.count(b"\n") + 1 and not content.rstrip().endswith(b">"):
        message = text("the file breaks off in the middle")
    elif error.code == 3:  # no element found: the end came before the last closing tag
        message = text("the file breaks off before its end")
    return file_error(f"{path.name}:{line}", "not_well_formed", message, _EXPORT_AGAIN)
