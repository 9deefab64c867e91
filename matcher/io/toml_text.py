"""Reading TOML files that people write, and the lines at which their faults stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from matcher.errors import Fault, InputError
from matcher.texts import Text, text

#: A dotted place in the file, what is wrong, what would be right.
Finding = tuple[tuple[str | int, ...], Text, Text | None]


def read_toml_text(path: Path, not_found: Fault) -> str:
    """Return the text of a file; ``not_found`` is said where there is none.

    Raises
    ------
    InputError
        When there is no such file, or it is no text in UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise InputError([not_found]) from None
    except UnicodeDecodeError as error:
        cure = text("save the file in UTF-8")
        raise InputError([Fault(str(path), text("byte {byte} is not UTF-8", byte=error.start + 1), cure)]) from None
    except OSError:
        if path.is_dir():
            cure = text("give a TOML file in it")
            raise InputError([Fault(str(path), text("a folder stands where a file is needed"), cure)]) from None
        cure = text("give the path of a TOML file that you may read")
        raise InputError([Fault(str(path), text("the file cannot be read"), cure)]) from None


def parse_toml(content: str, file: str) -> dict[str, Any]:
    """Return the document of a TOML text; ``file`` is the name its faults are shown under.

    Raises
    ------
    InputError
        When the text is no TOML.
    """
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_syntax_fault(error, content, file)]) from None


def _syntax_fault(error: tomllib.TOMLDecodeError, content: str, file: str) -> Fault:
    """Return where the text stops being TOML; the parser says it in English and stops at the first place."""
    at = re.search(r"at line (\d+)", str(error))
    lines = content.splitlines() or [""]
    number = int(at[1]) if at else len(lines)
    place = f"{file}:{number}"
    if "overwrite" in str(error) or "twice" in str(error) or "mutate" in str(error):
        return Fault(place, text("this key or table stands twice"), text("leave one of them"))
    shown = lines[min(number, len(lines)) - 1].strip()
    cure = text("check quotes, brackets and commas here and on the line above")
    return Fault(place, text("this is not TOML: {line}", line=shown), cure)


def faults_in_place(found: Iterable[Finding], content: str, file: str) -> list[Fault]:
    """Return findings as faults, each once, from the top of the file ``content`` to its end."""
    lines = _key_lines(content)
    once = {(place, str(message)): (_line_of(place, lines), place, message, cure) for place, message, cure in found}
    return [
        Fault(f"{file}:{line}: {'.'.join(str(step) for step in place)}", message, cure)
        for line, place, message, cure in sorted(once.values(), key=itemgetter(0))
    ]


def place_of(place: Sequence[str | int], content: str, file: str) -> str:
    """Return the place of a key or table of ``content`` as faults name it."""
    return f"{file}:{_line_of(place, _key_lines(content))}: {'.'.join(str(step) for step in place)}"


def _line_of(place: Sequence[str | int], lines: Mapping[tuple[str | int, ...], int]) -> int:
    """Return the line of a key, or of the nearest table round it."""
    return next((lines[tuple(place[:end])] for end in range(len(place), 0, -1) if tuple(place[:end]) in lines), 1)


_HEADER = re.compile(r"^(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"^\s*([\w.-]+)\s*=")


def _key_lines(content: str) -> dict[tuple[str | int, ...], int]:
    """Return the line of every table and key that begins a line."""
    lines: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = tuple(header[2].split("."))
            lines.setdefault(table, number)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
                lines[table] = number
        elif key := _KEY.match(line):
            lines.setdefault((*table, *key[1].split(".")), number)
    return lines
