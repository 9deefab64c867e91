"""The plan as a workbook a council can read and print."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from matcher.explain.audience import Audience, report_for
from matcher.explain.findings import PlanReport
from matcher.io.plan_book.loads import write_loads, write_organisations, write_recruits
from matcher.io.plan_book.meetings import write_meetings
from matcher.io.plan_book.people import write_groups, write_nobody, write_pairs
from matcher.io.plan_book.proof import write_check, write_summary, write_why
from matcher.io.plan_book.sheet import PlanBook
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.texts import Lang


def write_plan_xlsx(
    plan: Plan, report: PlanReport, path: str | Path, lang: Lang = "ru", *, audience: Audience = Audience.COUNCIL
) -> None:
    """Write the plan with its explanations to ``path``, first under another name, so that no half file is ever seen.

    For the council (the default) nothing is printed that one person said of another; the curator sees the points of
    these criteria and the rules behind every refusal.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(suffix=".xlsx", prefix=f".{path.stem}-", dir=path.parent)
    os.close(handle)
    try:
        _write(plan, report, temporary, lang, audience)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _write(plan: Plan, report: PlanReport, path: str, lang: Lang, audience: Audience) -> None:
    book, speaker, report = PlanBook(path, lang), Speaker(plan, lang), report_for(audience, report)
    write_summary(book, speaker, report)
    write_pairs(book, speaker, report)
    write_groups(book, speaker)
    write_nobody(book, speaker, report)
    write_meetings(book, speaker)
    write_loads(book, speaker, report)
    write_organisations(book, speaker, report)
    write_recruits(book, speaker, report)
    write_why(book, speaker, report)
    write_check(book, speaker)
    book.close()
