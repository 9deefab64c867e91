"""What a plan is handed on as: its files, and what is printed of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.cli.language import chosen, tell
from matcher.texts import text

if TYPE_CHECKING:
    from matcher.explain.findings import PlanReport
    from matcher.plan import Plan


@dataclass(frozen=True, slots=True)
class Written:
    """The reasons of a plan, and the files it was written to."""

    report: PlanReport
    files: tuple[Path, ...]


def write_plan(plan: Plan, out: Path) -> Written:
    """Write everything a plan is handed on as.

    Raises
    ------
    InputError
        When the place cannot be written to.
    """
    from matcher.explain.report import explain_plan
    from matcher.io.plan_json import write_plan_json
    from matcher.io.write_calendars import write_calendars
    from matcher.io.write_order import write_order
    from matcher.io.write_plan_xlsx import write_plan_xlsx
    from matcher.io.write_report_html import write_report_html
    from matcher.io.writing import writing

    report = explain_plan(plan)
    lang = chosen()
    names = ["plan.xlsx", "plan.json"]
    with writing(out / "plan.json"):
        write_plan_json(plan, out / "plan.json", report)
    with writing(out / "plan.xlsx"):
        write_plan_xlsx(plan, report, out / "plan.xlsx", lang)
    if plan.schedule is not None:
        with writing(out / "report.html"):
            write_report_html(plan, report, out / "report.html", lang)
        with writing(out / "order.docx"):
            write_order(plan, out / "order.docx", lang)
        with writing(out / "calendars"):
            write_calendars(plan, out / "calendars", lang)
        names += ["report.html", "order.docx", "calendars"]
    return Written(report, tuple(out / name for name in names))


def show_plan(plan: Plan, written: Written) -> None:
    """Print the summary of a plan, and say where to look."""
    from matcher.io.console import print_plan, print_schedule

    print_plan(plan, written.report, chosen())
    print_schedule(plan, chosen())
    tell_written(written.files)


def tell_written(files: Iterable[Path]) -> None:
    """Say what was written."""
    for file in files:
        tell(text("Written: {file}", file=str(file)), style="green")
