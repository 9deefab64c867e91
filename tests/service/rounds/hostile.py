"""Files nobody should open: made from a good workbook, or by chance."""

from __future__ import annotations

import io
import random
import zipfile


def _members(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(members: list[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def _with_sheet(workbook: bytes, change: bytes, into: bytes) -> bytes:
    members = _members(workbook)
    name = next(name for name in members if name.startswith("xl/worksheets/sheet"))
    members[name] = members[name].replace(into, change, 1)
    return _packed(list(members.items()))


def far_cell(workbook: bytes) -> bytes:
    """Return a workbook with one cell at XFD1048576."""
    cell = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return _with_sheet(workbook, cell, b"</sheetData>")


def bomb(workbook: bytes) -> bytes:
    """Return an archive of 40 KB that unpacks to 40 MB."""
    return _packed([*_members(workbook).items(), ("people.csv", b"0" * 40 * 2**20)])


def doctype(workbook: bytes) -> bytes:
    """Return a workbook whose sheet names an external entity."""
    entity = b'?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return _with_sheet(workbook, entity, b"?>")


def duplicate_members(workbook: bytes) -> bytes:
    """Return an archive with two members of one name."""
    members = list(_members(workbook).items())
    return _packed([*members, ("people.csv", b"id\n"), ("PEOPLE.csv", b"id\n"), members[0]])


def overlapping_members(workbook: bytes) -> bytes:
    """Return an archive whose directory lets two members begin at one place."""
    packed = bytearray(_packed([*_members(workbook).items(), ("people.csv", b"id\n")]))
    entries = [at for at in range(len(packed) - 4) if packed[at : at + 4] == b"PK\x01\x02"]
    packed[entries[1] + 42 : entries[1] + 46] = packed[entries[0] + 42 : entries[0] + 46]
    return bytes(packed)


_DELIMITERS = (",", ";", "\t", "|")
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866")
_CELLS = (
    "",
    "=1+1",
    "#REF!",
    "1904-01-01",
    "2026-13-45",
    "99999999999999999999",
    "'",
    '"',
    "ё" * 500,
    "\x0b",
    "да",
    "-2",
)


def mutated(workbook: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Return a file like a roster with something wrong in it, and its name."""
    kind = chance.choice(("bytes", "cut", "member", "xml", "cell", "renamed", "csv", "noise"))
    if kind == "csv":
        return _tables(chance), "roster.zip"
    if kind == "noise":
        head = chance.choice((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF", b""))
        return head + chance.randbytes(chance.randint(0, 3000)), chance.choice(("a.xlsx", "a.zip"))
    if kind == "bytes":
        changed = bytearray(workbook)
        for _ in range(chance.randint(1, 30)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed), "roster.xlsx"
    if kind == "cut":
        return workbook[: chance.randrange(len(workbook))], "roster.xlsx"
    members = list(_members(workbook).items())
    at = chance.randrange(len(members))
    name, content = members[at]
    if kind == "member":
        members.pop(at)
    elif kind == "renamed":
        members[at] = (chance.choice(("../x", "xl/vbaProject.bin", name.upper(), "a/", "content.xml")), content)
    elif kind == "xml":
        spot = chance.randrange(max(1, len(content)))
        members[at] = (
            name,
            content[:spot] + chance.choice((b"<", b"]]>", b"&e;", b"\x00", b"<a>" * 2000)) + content[spot:],
        )
    else:
        sheets = [index for index, (part, _) in enumerate(members) if "sheet" in part or "Strings" in part]
        at = chance.choice(sheets)
        name, content = members[at]
        parts = content.split(b"<v>")
        spot = chance.randrange(len(parts))
        value = chance.choice(("-1", "1e999", "NaN", "99999999", "", "0x10", "2958466", "60")).encode()
        parts[spot] = (
            value + parts[spot][parts[spot].find(b"</v>") :] if spot and b"</v>" in parts[spot] else parts[spot]
        )
        members[at] = (name, b"<v>".join(parts).replace(b'date1904="0"', b'date1904="1"'))
    return _packed(members), "roster.xlsx"


def _tables(chance: random.Random) -> bytes:
    delimiter, encoding = chance.choice(_DELIMITERS), chance.choice(_ENCODINGS)
    found = []
    for name, headings in (
        ("people", ("id", "name", "organisation", "birth_date")),
        ("mentors", ("person", "status", "topics")),
        ("mentees", ("person", "categories")),
    ):
        rows = [
            headings,
            *([chance.choice((*_CELLS, "P-1", "P-2")) for _ in headings] for _ in range(chance.randint(0, 6))),
        ]
        content = "\n".join(delimiter.join(row) for row in rows).encode(encoding, errors="replace")
        found.append((chance.choice((f"{name}.csv", f"{name}.CSV", f"a/{name}.csv")), content))
    return _packed(found)
