"""Reads and checks policies: the five shipped ones and any TOML file of the same shape."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import resources
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matcher.errors import Fault, InputError
from matcher.io.policy_checks import whole_findings
from matcher.io.policy_document import PolicyDocument
from matcher.io.policy_faults import Finding, findings
from matcher.policy import Policy
from matcher.texts import text

SHIPPED = ("barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")

#: The policy whose lines are shown where a key is missing.
_EXAMPLE = "kalmykia"


def list_policies() -> tuple[str, ...]:
    """Return the ids of the shipped policies.

    >>> list_policies()[2]
    'kalmykia'
    """
    return SHIPPED


def read_policy(id_or_path: str | Path) -> Policy:
    """Read a shipped policy by its id, or a TOML file by its path.

    Raises
    ------
    InputError
        When there is no such policy or file, or when the file has faults: all of them at once, each with its line and
        key, what is wrong and what would be right.

    Examples
    --------
    >>> read_policy("dalnerechensk").load.max_mentors_per_mentee
    3
    """
    return parse_policy(*read_policy_text(id_or_path))


def read_policy_text(id_or_path: str | Path) -> tuple[str, str]:
    """Return the text of a policy file and the name its faults are shown under.

    Raises
    ------
    InputError
        When there is no such policy or file, or it is no text in UTF-8.
    """
    if id_or_path in SHIPPED:
        return _shipped_text(str(id_or_path)), f"{id_or_path}.toml"
    path = Path(id_or_path)
    try:
        return path.read_bytes().decode("utf-8-sig"), str(path)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError([_not_found(str(id_or_path))]) from None
    except UnicodeDecodeError as error:
        cure = text("save the file in UTF-8")
        raise InputError([Fault(str(path), text("byte {byte} is not UTF-8", byte=error.start + 1), cure)]) from None
    except OSError:
        cure = text("give the path of a TOML file that you may read")
        raise InputError([Fault(str(path), text("the file cannot be read"), cure)]) from None


def parse_policy(content: str, file: str) -> Policy:
    """Return the policy that the TOML text ``content`` describes; ``file`` is the name its faults are shown under.

    Raises
    ------
    InputError
        When the text has faults: all of them at once.
    """
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_syntax_fault(error, content, file)]) from None
    return build_policy(document, file, content)


def build_policy(document: Mapping[str, Any], file: str, content: str = "") -> Policy:
    """Return the policy of a parsed TOML document; ``content`` is its text, which gives faults their lines.

    Raises
    ------
    InputError
        When the document has faults: all of them at once.
    """
    found = list(whole_findings(document))
    try:
        checked = PolicyDocument.model_validate(document)
    except ValidationError as error:
        found += findings(error, document, policy_schema(), tomllib.loads(_shipped_text(_EXAMPLE)))
    else:
        if not found:
            return checked.policy()
    raise InputError(_faults(found, content, file))


def check_policy_file(id_or_path: str | Path) -> tuple[Fault, ...]:
    """Return every fault of a policy file, none when it is right."""
    try:
        read_policy(id_or_path)
    except InputError as error:
        return error.faults
    return ()


@cache
def policy_schema() -> Mapping[str, Any]:
    """Return the JSON schema of a policy file, as shipped in ``matcher/policies/schema.json``."""
    schema = PolicyDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@cache
def _shipped_text(policy_id: str) -> str:
    return resources.files("matcher").joinpath("policies", f"{policy_id}.toml").read_text(encoding="utf-8")


def _not_found(name: str) -> Fault:
    near = get_close_matches(name, SHIPPED, n=1, cutoff=0.5)
    if near:
        return Fault(name, text("there is no such policy or file"), text("did you mean {near}?", near=near[0]))
    cure = text("name a TOML file or one of: {known}", known=", ".join(SHIPPED))
    return Fault(name, text("there is no such policy or file"), cure)


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


def _faults(found: Sequence[Finding], content: str, file: str) -> list[Fault]:
    """Return the findings as faults, each once, from the top of the file to its end."""
    lines = _key_lines(content)
    once = {(place, str(message)): (_line_of(place, lines), place, message, cure) for place, message, cure in found}
    return [
        Fault(f"{file}:{line}: {'.'.join(str(step) for step in place)}", message, cure)
        for line, place, message, cure in sorted(once.values(), key=itemgetter(0))
    ]


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
