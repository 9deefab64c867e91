"""The letters of an XML file: by its first bytes, by what they can be, and last by what the file says of itself."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from matcher.errors import InputError
from matcher.io.report import Remark
from matcher.io.tables.table import file_error
from matcher.texts import text

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_LEGACY = re.compile(r"(windows-125\d|cp125\d|cp866|iso8859-\d+|iso-8859-\d+|latin-?1|koi8-[ru]|mac-cyrillic|ascii)$")
_RUSSIAN = re.compile(r"[А-Яа-яЁё№«»„“”‘’–—…\u00a0·•§°±©®™€]")
_CYRILLIC_RUN = re.compile(r"[А-Яа-яЁё]+")
_SWAPPED_CASE = re.compile(r"[а-яё][А-ЯЁ]")


def decode(path: Path) -> tuple[bytes, list[Remark]]:
    """Return the content in UTF-8 without its declaration, and a remark where the declaration is wrong.

    The bytes decide: what can be UTF-8 is UTF-8. Else a declared encoding of one byte a letter is taken at its word,
    unless the letters become Russian words only in windows-1251.

    Raises
    ------
    InputError
        When no encoding makes sense of the letters.
    """
    data = path.read_bytes()
    content, encoding = _decoded(path, data, _declared(data[:200].decode("latin-1").lstrip("ï»¿")))
    content = content.lstrip("\ufeff")
    declared = _declared(content[:200])
    remarks = []
    if declared and not content.isascii() and not encoding.startswith(declared):
        message = text("the file says that it is {declared}, and is {encoding}", declared=declared, encoding=encoding)
        remarks.append(Remark(path.name, message, "encoding"))
    return _DECLARATION.sub("", content).encode("utf-8"), remarks


def _decoded(path: Path, data: bytes, declared: str) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(path, data[len(bom) :], encoding), encoding
    if data[:4] in (b"<\0?\0", b"<\0f\0", b"<\0t\0"):
        return _strictly(path, data, "utf-16-le"), "utf-16-le"
    if data[:4] in (b"\0<\0?", b"\0<\0f", b"\0<\0t"):
        return _strictly(path, data, "utf-16-be"), "utf-16-be"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4:  # cut off inside a letter: told as a file that breaks off
            return data[: error.start].decode("utf-8"), "utf-8"
        at = error.start
    russian = data.decode("windows-1251", errors="replace")
    if _is_russian(russian):
        return russian, "windows-1251"
    if _LEGACY.match(declared):
        return _strictly(path, data, declared), declared
    raise _unreadable(path, at)


def _strictly(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding.startswith("utf") and error.start >= len(data) - 4:
            return data[: error.start].decode(encoding)
        raise _unreadable(path, error.start) from error


def _unreadable(path: Path, at: int) -> InputError:
    message = text("the letters of the file cannot be read: byte {byte} fits no encoding", byte=at + 1)
    cure = text("export the timetable again in UTF-8 or windows-1251")
    return file_error(path.name, "unknown_encoding", message, cure)


def _declared(head: str) -> str:
    """Return the encoding that the beginning of a file names, "" where it names none."""
    found = _DECLARED.match(head)
    name = found[1].casefold() if found else ""
    if name in ("cp1251", "windows-1251", "win-1251", "win1251"):
        return "windows-1251"
    return "utf-8" if name in ("utf8", "utf-8") else name


def _is_russian(content: str) -> bool:
    """Return whether the letters beyond ASCII make Russian words.

    Umlauts of German read so stand alone between Latin letters, KOI8 has its cases swapped, and in UTF-8 read so every
    second letter is one of two.
    """
    foreign = [letter for letter in content if ord(letter) > 127]
    runs = _CYRILLIC_RUN.findall(content)
    known = sum(1 for letter in foreign if _RUSSIAN.match(letter))
    return (
        bool(runs)
        and known >= 0.95 * len(foreign)
        and sum(map(len, runs)) >= 2.5 * len(runs)
        and len(_SWAPPED_CASE.findall(content)) <= 0.05 * len(foreign)
        and sum(1 for letter in foreign if letter in "РС") < 0.4 * len(foreign)
    )
