"""The program that reads uploaded files in a process of its own, under limits it sets on itself.

It is started with the path of a task (JSON) and leaves ``answer.json`` beside it: what was read, or every fault of it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any

from matcher.errors import Fault, InputError
from matcher.io.hints import Hints
from matcher.io.mark_faults import mark_faults, mark_tables
from matcher.io.plan_text import TextPart
from matcher.io.read_roster import check_roster
from matcher.io.report import CellFault, CheckReport, Remark, group_faults
from matcher.texts import Text
from service.rounds.roster_json import roster_json, roster_of
from service.rounds.upload_view import plain_sheet, template_headings

MOST_FAULTS = 2_000


def main() -> None:
    """Do the task; leave no answer where the limits end it."""
    task_path = Path(sys.argv[1])
    task = json.loads(task_path.read_bytes())
    _limit(task)
    try:
        answer = _TASKS[task["what"]](task, task_path.parent)
    except MemoryError:
        sys.exit(3)
    (task_path.parent / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


def _limit(task: dict[str, Any]) -> None:
    # The soft limits bind; the reader of workbooks, a child of this one, sets its own.
    for kind, amount in ((resource.RLIMIT_AS, task["memory_bytes"]), (resource.RLIMIT_CPU, task["cpu_seconds"])):
        resource.setrlimit(kind, (amount, resource.getrlimit(kind)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # whoever looks at a page meanwhile goes first


def _timetable(task: dict[str, Any], folder: Path) -> dict[str, Any]:
    from service.rounds.timetable_files import ROWS, check_map, draft_map  # takes as long as reading a roster

    roster = roster_of((folder / "roster.json").read_bytes())
    remarks: tuple[Remark, ...] = ()
    strangers: list[str] = []
    try:
        if task["draft"]:
            map_toml, strangers = draft_map(
                Path(task["file"]), roster, task["organisation"], task["lang"], task["teacher"]
            )
        else:
            map_toml, remarks = check_map(Path(task["file"]).parent, roster)
    except InputError as error:
        faults = [Fault(fault.place.replace(f"{folder}/in/", ""), fault.message, fault.cure) for fault in error.faults]
        return {"faults": [_plain(fault) for fault in faults[:MOST_FAULTS]]}
    rows = (Path(task["file"]).parent / ROWS).read_text(encoding="utf-8-sig")
    said = [{"place": one.place, "message": _said(one.message)} for one in remarks]
    return {"faults": [], "map": map_toml, "rows": rows, "strangers": strangers, "remarks": said}


def _roster(task: dict[str, Any], folder: Path) -> dict[str, Any]:
    path = Path(task["file"])
    if task["unpack"]:
        path = _unpacked(path, Path(task["folder"]))
    try:
        report = check_roster(path, hints=Hints(**task["hints"]))
    except InputError as error:  # what a reader raises that the check does not gather
        report = CheckReport(None, error.faults, ())
    if task["marked"] and report.faults:
        _leave_marked(path, report, task)
    return {
        "roster": None if report.roster is None else roster_json(report.roster).decode(),
        "faults": [_plain(fault) for fault in report.faults[:MOST_FAULTS]],
        "num_faults": len(report.faults),
        "groups": [
            {
                "kind": group.kind,
                "sheet": group.sheet,
                "column": group.column,
                "count": group.count,
                "examples": list(map(_plain, group.examples)),
            }
            for group in group_faults(report.faults)
        ],
        "remarks": [{"place": one.place, "kind": one.kind, "message": _said(one.message)} for one in report.remarks],
        "sheets": [plain_sheet(seen, report) for seen in report.sheets],
    }


def _leave_marked(path: Path, report: CheckReport, task: dict[str, Any]) -> None:
    """Write the copy with the faults marked: of a workbook its own, of tables one with a sheet for each."""
    out, lang = Path(task["marked"]), task["lang"]
    try:
        if path.is_dir():
            mark_tables(report.sheets, report.faults, out, lang=lang)
        else:
            headings = template_headings(report, task["hints"]["columns"], lang)
            mark_faults(path, report.faults, out, lang=lang, headings=headings)
    except InputError:
        out.unlink(missing_ok=True)


def _unpacked(archive: Path, folder: Path) -> Path:
    """Return a folder with the tables of an archive; only their plain names count, never paths in them."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(archive) as found:
        for member in found.infolist():
            name = Path(member.filename.replace("\\", "/")).name
            if name.casefold().endswith(".csv") and not member.is_dir():
                (folder / name).write_bytes(found.read(member))
    return folder


def _plain(fault: Fault) -> dict[str, Any]:
    cure = None if fault.cure is None else _said(fault.cure)
    found: dict[str, Any] = {"place": fault.place, "message": _said(fault.message), "cure": cure}
    if isinstance(fault, CellFault):
        found |= {"kind": fault.kind, "sheet": fault.sheet, "row": fault.row, "column": fault.column}
    return found


def _said(message: Text) -> dict[str, Any]:
    return TextPart.of(message).model_dump(mode="json")


_TASKS = {"roster": _roster, "timetable": _timetable}

if __name__ == "__main__":
    main()
