"""Fills in templates: those of the package here, those of a school in a limited process that may die alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matcher.errors import Fault, InputError
from matcher.texts import Text, text
from service.documents.preflight import check_docx
from service.documents.sandbox import fill
from service.documents.words import clean

MEMORY_BYTES, CPU_SECONDS, WALL_SECONDS, FILE_BYTES = 768 * 2**20, 8, 9.0, 40 * 2**20
_PROGRAM = Path(__file__).with_name("filling_child.py")
_SAID: Mapping[str, Text] = {
    "forbidden": text("the template reaches for what templates must not use"),
    "syntax": text("a field of the template is written wrongly"),
    "unknown": text("the template names a field there is none of"),
    "broken": text("the filled-in document cannot be put together"),
}
_LIMITS = text("filling in the template takes more time or memory than is allowed")
_CURE = text("take the template of the package and change it step by step")


@cache
def shipped(name: str) -> bytes:
    """Return a template of the package."""
    return (resources.files("service.documents") / "templates" / f"{name}.docx").read_bytes()


def fields_of(data: Any) -> dict[str, Any]:
    """Return the fields of a document as templates see them: texts, numbers, lists, dictionaries."""
    plain: dict[str, Any] = clean(asdict(data))
    return plain


def fill_shipped(name: str, data: Any) -> bytes:
    """Return a document by the template of the package."""
    return fill(shipped(name), fields_of(data))


def fill_own(template: bytes, data: Any, name: str) -> bytes:
    """Return a document by a template somebody has uploaded, filled in within limits.

    Raises
    ------
    InputError
        When the template or what comes of it may not be opened, names unknown fields, or takes too much.
    """
    check_docx(template, name)
    with TemporaryDirectory(prefix="matcher-template-") as place:
        folder = Path(place)
        task = {
            "fields": fields_of(data),
            "memory_bytes": MEMORY_BYTES,
            "cpu_seconds": CPU_SECONDS,
            "file_bytes": FILE_BYTES,
        }
        (folder / "template.docx").write_bytes(template)
        (folder / "task.json").write_text(json.dumps(task, ensure_ascii=False), encoding="utf-8")
        made = _made(folder, name)
    check_docx(made, name)
    return made


def _made(folder: Path, name: str) -> bytes:
    try:
        ended = subprocess.run(
            [sys.executable, "-I", str(_PROGRAM), str(folder / "task.json")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            cwd=folder,
            env={"TMPDIR": str(folder), "PATH": "", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        raise InputError([Fault(name, _LIMITS, _CURE)]) from None
    made, answer = folder / "out.docx", folder / "answer.json"
    if ended.returncode == 0 and answer.exists():
        said = json.loads(answer.read_bytes())
        message = _SAID.get(said["kind"], _LIMITS)
        place = f"{name}: {said['detail']}" if said.get("detail") else name
        raise InputError([Fault(place, message, _CURE)])
    if ended.returncode != 0 or not made.exists():
        raise InputError([Fault(name, _LIMITS, _CURE)])
    return made.read_bytes()
