"""The files a plan is handed on as, each made by a process of its own."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.explain.report import explain_plan
from matcher.io.write_calendars import write_calendars
from matcher.io.write_order import write_order
from matcher.io.write_plan_xlsx import write_plan_xlsx
from matcher.io.write_report_html import write_report_html
from matcher.plan import Plan
from matcher.texts import Lang, text


def write_workbook(plan: Plan, path: Path, lang: Lang, round_id: str) -> None:
    """Write the workbook as the council may read it."""
    write_plan_xlsx(plan, explain_plan(plan), path, lang)


def write_page(plan: Plan, path: Path, lang: Lang, round_id: str) -> None:
    """Write the report as the council may read it."""
    _check_meetings(plan)
    write_report_html(plan, explain_plan(plan), path, lang)


def write_zip(plan: Plan, path: Path, lang: Lang, round_id: str) -> None:
    """Write everybody's calendar into one archive; its entries are those of the calendars people subscribe to."""
    _check_meetings(plan)
    written = write_calendars(plan, path.with_name("calendars"), lang, series=round_id)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in written:
            archive.write(file, file.name)


def write_paper(plan: Plan, path: Path, lang: Lang, round_id: str) -> None:
    """Write the order."""
    write_order(plan, path, lang)


def _check_meetings(plan: Plan) -> None:
    if plan.schedule is None:
        cure = text("plan the meetings of the round first")
        raise InputError([Fault("plan", text("this plan has no schedule of meetings"), cure)])


WRITERS: Mapping[str, Callable[[Plan, Path, Lang, str], None]] = {
    "plan.xlsx": write_workbook,
    "order.docx": write_paper,
    "report.html": write_page,
    "calendars.zip": write_zip,
}
