"""Uploaded files: named harmlessly, looked at from outside, then read in a limited process that may die alone.

References
----------
OWASP ASVS 5.0, 5.2 (types, sizes, unpacked sizes of uploads), 5.3 (names and places of files).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any, BinaryIO

from matcher.errors import Fault, InputError
from matcher.io.hints import NO_HINTS, Hints
from matcher.io.plan_text import TextPart
from matcher.io.report import CellFault
from matcher.io.tables.preflight import check_container, other_format
from matcher.roster import Roster
from matcher.texts import Lang, Text, text
from service.rounds.roster_json import roster_json, roster_of
from service.rounds.upload_view import SheetView, sheet_view

MEMORY_BYTES, CPU_SECONDS, WALL_SECONDS = 768 * 2**20, 10, 30.0
MAX_MEMBERS, MAX_RATIO, _RATIO_COUNTS_FROM = 100, 250, 4 * 2**20
_LONGEST_NAME = 120
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
_ONLY_HERE = text("give an .xlsx workbook, or a .zip archive of .csv tables named like its sheets")
_PROGRAM = Path(__file__).with_name("upload_child.py")
_AT_ONCE = BoundedSemaphore(2)
"""Files that are read at once, however many are sent: each may take that memory and a processor."""
_CHUNK = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultGroup:
    """Faults of one kind in one column: how many, and the first few."""

    kind: str
    sheet: str | None
    count: int
    examples: tuple[Fault, ...]
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check of an upload found: the roster, or its faults; ``marked`` is the workbook with them marked.

    ``remark_kinds`` are the kinds of the remarks in their order, ``sheets`` what is shown of the file.
    """

    name: str
    roster: Roster | None
    faults: tuple[Fault, ...]
    num_faults: int
    groups: tuple[FaultGroup, ...] = ()
    remarks: tuple[tuple[str, Text], ...] = ()
    remark_kinds: tuple[str, ...] = ()
    marked: bytes | None = None
    sheets: tuple[SheetView, ...] = ()


def clean_name(given: str | None, *, default: str = "roster.xlsx") -> str:
    r"""Return a file name that is only a name: no path, no control or direction marks, not too long.

    >>> clean_name("../../etc/passwd")
    'passwd'
    >>> clean_name("реестр\r\nX: 1.xlsx")
    'реестрX_ 1.xlsx'
    """
    plain = unicodedata.normalize("NFC", given or "")
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    plain = _NOT_IN_NAMES.sub("_", plain.replace("\\", "/").rpartition("/")[2]).strip(" .")
    if len(plain) > _LONGEST_NAME:
        stem, dot, ending = plain.rpartition(".")
        ending = ending[:10] if dot else ""
        plain = f"{(stem or plain)[: _LONGEST_NAME - 11]}{dot}{ending}"
    return plain or default


def check_upload(
    stream: BinaryIO,
    name: str | None,
    *,
    max_unpacked: int,
    lang: Lang,
    mark: bool = False,
    hints: Hints = NO_HINTS,
) -> Checked:
    """Return what an uploaded roster holds, or everything wrong with it; nothing of it stays on the disk."""
    shown = clean_name(name)
    with TemporaryDirectory(prefix="matcher-upload-") as place:
        folder = Path(place)
        (folder / "in").mkdir()
        file = folder / "in" / shown
        with file.open("wb") as target:
            while part := stream.read(_CHUNK):
                target.write(part)
        try:
            unpack = _look_at(file, max_unpacked)
        except InputError as error:
            return Checked(name=shown, roster=None, faults=error.faults, num_faults=len(error.faults))
        task = {
            "what": "roster",
            "file": str(file),
            "unpack": unpack,
            "folder": str(folder / "tables" / file.stem),  # faults of the whole bear its name
            "marked": str(folder / "marked.xlsx") if mark else "",
            "lang": lang,
            "hints": {
                "sheets": dict(hints.sheets),
                "columns": {sheet: dict(columns) for sheet, columns in hints.columns.items()},
                "encoding": hints.encoding,
            },
        }
        return _checked(shown, folder, task)


def _look_at(file: Path, max_unpacked: int) -> bool:
    """Refuse what must not be opened; return whether the file is an archive of tables."""
    if file.suffix.casefold() == ".zip":
        _check_archive(file, max_unpacked)
        return True
    if file.suffix.casefold() != ".xlsx":
        raise other_format(file, _ONLY_HERE)
    check_container(file)
    return False


def _check_archive(file: Path, max_unpacked: int) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise InputError([Fault(file.name, text("the archive is damaged and cannot be opened"), _ONLY_HERE)]) from error
    message = _suspicion(members, file.stat().st_size, max_unpacked)
    if message is not None:
        raise InputError([Fault(file.name, message, _ONLY_HERE)])


def _suspicion(members: list[zipfile.ZipInfo], size: int, max_unpacked: int) -> Text | None:
    names = [Path(member.filename.replace("\\", "/")).name.casefold() for member in members if not member.is_dir()]
    spans = sorted((member.header_offset, member.header_offset + member.compress_size) for member in members)
    if not any(name.endswith(".csv") for name in names):
        return text("the archive holds no table in CSV")
    if len(members) > MAX_MEMBERS:
        return text("the archive holds {count} parts", count=len(members))
    if len(set(names)) < len(names):
        return text("the archive holds two parts of the same name")
    if any(member.flag_bits & 1 for member in members):
        return text("the archive is protected by a password")
    if any(end > after for (_, end), (after, _) in pairwise(spans)) or spans[-1][1] > size:
        return text("parts of the archive overlap")
    if sum(member.file_size for member in members) > max_unpacked:
        return text("unpacked, the archive is too large")
    for member in members:
        if member.file_size > _RATIO_COUNTS_FROM and member.file_size > MAX_RATIO * max(1, member.compress_size):
            return text("one part unpacks to many times its size")
    return None


def run_child(folder: Path, task: Mapping[str, Any]) -> dict[str, Any] | None:
    """Let a process of its own do a task in a folder; None where it died of it: this process does not."""
    limits = {"memory_bytes": MEMORY_BYTES, "cpu_seconds": CPU_SECONDS}
    (folder / "task.json").write_text(json.dumps({**task, **limits}), encoding="utf-8")
    try:
        with _AT_ONCE:
            ended = subprocess.run(
                [sys.executable, "-I", str(_PROGRAM), str(folder / "task.json")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS,
                env={"TMPDIR": str(folder), "PATH": "", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
    except subprocess.TimeoutExpired:
        return None
    answer_path = folder / "answer.json"
    if ended.returncode != 0 or not answer_path.exists():
        return None
    found: dict[str, Any] = json.loads(answer_path.read_bytes())
    return found


def _checked(name: str, folder: Path, task: Mapping[str, Any]) -> Checked:
    answer = run_child(folder, task)
    if answer is None:
        return _gave_up(name)
    marked = folder / "marked.xlsx"
    return Checked(
        name=name,
        roster=None if answer["roster"] is None else roster_of(answer["roster"].encode()),
        faults=tuple(map(_fault, answer["faults"])),
        num_faults=answer["num_faults"],
        groups=tuple(
            FaultGroup(
                kind=one["kind"],
                sheet=one["sheet"],
                count=one["count"],
                examples=tuple(map(_fault, one["examples"])),
                column=one["column"],
            )
            for one in answer["groups"]
        ),
        remarks=tuple((one["place"], _text(one["message"])) for one in answer["remarks"]),
        remark_kinds=tuple(one["kind"] for one in answer["remarks"]),
        marked=marked.read_bytes() if marked.exists() else None,
        sheets=tuple(map(sheet_view, answer["sheets"])),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTimetable:
    """A timetable that was uploaded: its map, its busy rows, the teachers nobody stands for."""

    map_toml: str
    rows: str
    strangers: tuple[str, ...]
    remarks: tuple[tuple[str, Text], ...]


def read_timetable_upload(
    file: bytes,
    name: str | None,
    roster: Roster,
    *,
    map_toml: bytes | None,
    organisation: str | None,
    teacher: str | None,
    lang: Lang,
) -> ReadTimetable:
    """Return a timetable from busy rows with their map, or from a file of a timetable program.

    Raises
    ------
    InputError
        When anything is wrong with it: every fault at once.
    """
    with TemporaryDirectory(prefix="matcher-upload-") as place:
        folder = Path(place)
        (folder / "in").mkdir()
        shown = "rows.csv" if map_toml is not None else clean_name(name, default="timetable.fet")
        (folder / "in" / shown).write_bytes(file)
        if map_toml is not None:
            (folder / "in" / "MAP.toml").write_bytes(map_toml)
        (folder / "roster.json").write_bytes(roster_json(roster))
        answer = run_child(
            folder,
            {
                "what": "timetable",
                "file": str(folder / "in" / shown),
                "draft": map_toml is None,
                "organisation": organisation,
                "teacher": teacher,
                "lang": lang,
            },
        )
    if answer is None:
        raise InputError(_gave_up(shown).faults)
    if answer["faults"]:
        raise InputError([_fault(one) for one in answer["faults"]])
    return ReadTimetable(
        map_toml=answer["map"],
        rows=answer["rows"],
        strangers=tuple(answer["strangers"]),
        remarks=tuple((one["place"], _text(one["message"])) for one in answer["remarks"]),
    )


def _gave_up(name: str) -> Checked:
    message = text("reading the file takes more time or memory than is allowed, or it is damaged")
    fault = Fault(name, message, text("make the workbook anew from the template and paste the values into it"))
    return Checked(name=name, roster=None, faults=(fault,), num_faults=1)


def _text(plain: Any) -> Text:
    return TextPart.model_validate(plain).text()


def _fault(plain: Mapping[str, Any]) -> Fault:
    cure = None if plain["cure"] is None else _text(plain["cure"])
    where = {name: plain[name] for name in ("kind", "sheet", "row", "column") if name in plain}
    if not where:
        return Fault(plain["place"], _text(plain["message"]), cure)
    return CellFault(plain["place"], _text(plain["message"]), cure, **where)
