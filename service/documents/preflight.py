"""Looks at a Word file from outside before anything opens it: sizes, members, relations, macros, fields (S8).

References
----------
ECMA-376 part 1 (fields, §17.16) and part 2 (packages); OWASP ASVS 5.0, 5.2.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from matcher.errors import Fault, InputError
from matcher.texts import Text, text

MAX_BYTES, MAX_MEMBERS, MAX_UNPACKED, MAX_MEMBER = 5 * 2**20, 200, 40 * 2**20, 20 * 2**20
_MAX_RATIO, _RATIO_COUNTS_FROM = 200, 2**20
_XML = (".xml", ".rels")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bmp", ".tiff", ".svg")
_FONTS = (".odttf", ".ttf", ".otf")
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAFE_FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "DATE", "TIME", "REF", "PAGEREF", "SEQ", "STYLEREF"}
    | {"HYPERLINK", "TITLE", "FILENAME", "AUTHOR", "FORMTEXT", "FORMCHECKBOX", "SYMBOL"}
)
_ACTIVE = frozenset(
    {f"{_W}{name}" for name in ("altChunk", "subDoc", "object", "control", "movie", "attachedTemplate")}
)
_CURE = text("save it in Word as an ordinary document (.docx) without macros, links to files and embedded objects")


def check_docx(content: bytes, name: str) -> None:
    """Check that a Word file is one that may be opened and handed on.

    Raises
    ------
    InputError
        With everything that speaks against it.
    """
    found = list(_against(content))
    if found:
        raise InputError([Fault(name, message, _CURE) for message in {str(one): one for one in found}.values()])


def _against(content: bytes) -> Iterator[Text]:
    if len(content) > MAX_BYTES:
        yield text("the file is larger than {megabytes} MB", megabytes=MAX_BYTES // 2**20)
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, UnicodeDecodeError):
        yield text("this is no Word document (.docx)")
        return
    with archive:
        members = archive.infolist()
        outside = list(_outside(members, len(content)))
        yield from outside
        if outside:
            return
        for member in members:
            yield from _inside(archive, member)


def _outside(members: list[zipfile.ZipInfo], size: int) -> Iterator[Text]:
    names = [member.filename for member in members]
    if not {"[Content_Types].xml", "word/document.xml"} <= set(names):
        yield text("this is no Word document (.docx)")
    if len(members) > MAX_MEMBERS or len({name.casefold() for name in names}) < len(names):
        yield text("the file is put together in an unusual way")
    if any(member.flag_bits & 1 for member in members):
        yield text("the file is protected by a password")
    if any(_is_odd(name) for name in names) or any(m.compress_type not in (0, 8) for m in members):
        yield text("the file is put together in an unusual way")
    spans = sorted((one.header_offset, one.header_offset + one.compress_size) for one in members)
    if any(end > after for (_, end), (after, _) in pairwise(spans)) or (spans and spans[-1][1] > size):
        yield text("the file is put together in an unusual way")
    if sum(one.file_size for one in members) > MAX_UNPACKED or any(one.file_size > MAX_MEMBER for one in members):
        yield text("unpacked, the file is too large")
    for one in members:
        if one.file_size > _RATIO_COUNTS_FROM and one.file_size > _MAX_RATIO * max(1, one.compress_size):
            yield text("unpacked, the file is too large")


def _is_odd(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or "\\" in name or ".." in parts or "" in parts[:-1] or not name.isprintable()


def _inside(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Text]:
    low = member.filename.casefold()
    if member.is_dir():
        return
    if "vbaproject" in low or "activex" in low or "/embeddings/" in low or low.endswith((".bin", ".exe", ".js")):
        yield text("the file holds macros or embedded objects")
        return
    try:
        content = archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError, RuntimeError):
        yield text("the file is damaged")
        return
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        yield text("the file holds macros or embedded objects")
    elif low.endswith(_XML):
        yield from _in_xml(low, content)
    elif not low.endswith((*_PICTURES, *_FONTS, ".txt")):
        yield text("the file holds a part that no document needs")


def _in_xml(name: str, content: bytes) -> Iterator[Text]:
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content, re.IGNORECASE) or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield text("the file is put together in an unusual way")
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        tree = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        yield text("the file is damaged")
        return
    if name.endswith(".rels"):
        yield from _in_relations(tree)
    elif name == "[content_types].xml":
        yield from _in_types(tree)
    else:
        yield from _in_part(tree)


def _in_relations(tree: etree._Element) -> Iterator[Text]:
    for one in tree:
        target, mode = one.get("Target") or "", (one.get("TargetMode") or "").casefold()
        if mode == "external":
            if one.get("Type") != _LINK or not target.casefold().startswith(("http://", "https://", "mailto:")):
                yield text("the file points to another file outside it")
        elif "://" in target or target.startswith(("\\", "//")) or _leaves(target):
            yield text("the file points to another file outside it")


def _leaves(target: str) -> bool:
    depth = 3
    for part in target.split("/"):
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


def _in_types(tree: etree._Element) -> Iterator[Text]:
    types = [one.get("ContentType") or "" for one in tree]
    if any("macroEnabled" in one or "vbaProject" in one or "activeX" in one for one in types):
        yield text("the file holds macros or embedded objects")
    if _MAIN not in types:
        yield text("this is no Word document (.docx)")


def _in_part(tree: etree._Element) -> Iterator[Text]:
    code, depth = "", 0
    for one in tree.iter():
        if not isinstance(one.tag, str):
            continue
        if one.tag in _ACTIVE or one.tag.rpartition("}")[2] == "OLEObject":
            yield text("the file holds macros or embedded objects")
        elif one.tag == f"{_W}fldSimple":
            yield from _field(one.get(f"{_W}instr") or "")
        elif one.tag == f"{_W}instrText":
            code += one.text or ""
        elif one.tag == f"{_W}fldChar":
            depth += {"begin": 1, "end": -1}.get(one.get(f"{_W}fldCharType") or "", 0)
            if code:
                yield from _field(code)
            code = ""
    if code or depth:
        yield from _field(code)


def _field(code: str) -> Iterator[Text]:
    """Refuse a field that fetches something or runs something; Jinja in its name hides what it is."""
    words = code.split()
    if not words or words[0].upper() not in _SAFE_FIELDS or "{" in code:
        yield text("the file holds a field that fetches or runs something: {field}", field=" ".join(words)[:40])
