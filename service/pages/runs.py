"""A run: how far it is in people's words, stopping it with the best it has, what came of it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, BackgroundTasks
from fastapi.responses import Response

from matcher.explain.level_titles import level_title
from matcher.texts import Text, text, text_n
from service.errors import Problem
from service.jobs.port import Outcome, RunStatus
from service.jobs.showing import ProgressBody, RunBody
from service.pages.shell import go, page
from service.records.shapes import Id
from service.rounds.desk import RUNNERS
from service.routes.pairs import list_unmatched
from service.routes.runs import run_of, show_run, stop_run
from service.tables.rounds import RosterFile, Round, Run
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

_PEOPLE = ("SO-01", "internal_first", "served")
"""Levels whose value counts mentees."""
_COUNTED = re.compile(r"served|SO-01(:\d+)?")
"""Those that count each mentee once."""
_MOST_REASONS = 12
_CURES = {
    "HR-04": text(
        "Check three places of the list: what each mentor helps with and his levels (an empty level counts as 0), the "
        "requests of the mentees, and the subjects of both."
    ),
    "HR-02": text(
        "Check on the sheet of mentors that each is ready to mentor, that his results are confirmed, and who has "
        "approved him."
    ),
}
"""What to look at in the list where a rule leaves nobody any mentor; most often a column was left empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLine:
    """Something plans are weighed by: what was reached, and what no plan can pass."""

    title: Text
    value: str
    bound: str
    is_proved: bool


@router.get("/runs/{run_id}")
def one_run(work: Reading, run_id: Id) -> Response:
    """Show how a run stands; where htmx asks, only the part that changes."""
    run = run_of(work, run_id)
    is_part = work.request.headers.get("hx-request") == "true"
    return page(work, "run_state" if is_part else "run", **_given(work, run))


@router.post("/runs/{run_id}/stop")
def stop(work: Writing, run_id: Id, tasks: BackgroundTasks) -> Response:
    """Stop a run with the best it has."""
    stop_run(work, run_id, tasks)
    return go(f"/runs/{run_id}")


def _given(work: Work, run: Run) -> dict[str, Any]:
    body = show_run(work, run.id)
    reasons = _reasons(work, body)
    round_ = work.session.get_one(Round, run.round_id)
    roster = work.session.get_one(RosterFile, round_.roster_id)
    is_over = body.status not in (RunStatus.QUEUED, RunStatus.RUNNING)
    count = int(body.summary.get("mentees", roster.num_mentees))
    return {
        "run": body,
        "round": round_,
        "is_made_up": roster.is_made_up,
        "is_over": is_over,
        "is_planned": body.outcome == Outcome.PLANNED,
        "is_runner": bool(work.viewer.roles & RUNNERS),
        "progress": () if is_over else progress_words(body.progress, body.status),
        "count": count,
        "placed": count - int(body.summary.get("unmatched", count)),
        "proof": proof_words(body.summary),
        "levels": level_lines(body.summary),
        "reasons": reasons,
        "cures": [
            cure for rule, cure in _CURES.items() if any(told.rule == rule for one in reasons for told in one.reasons)
        ],
    }


def progress_words(progress: ProgressBody, status: RunStatus) -> tuple[Text, ...]:
    """Return how far a run is, in sentences for people."""
    if status == RunStatus.QUEUED:
        return ()
    value, bound = progress.value, progress.bound
    if progress.level is None or value is None:
        return (text("Reading the list and the timetables."),)
    name = progress.level.partition(":")[0]
    if progress.level == "missing":
        told = text_n(
            "Meetings are being planned: {count} has no time so far.",
            "Meetings are being planned: {count} have no time so far.",
            count=round(value),
        )
        return (told, *_least(bound))
    if name in _PEOPLE:
        most = () if bound is None else (_at_most(value, bound),)
        return (text("{what}: {value} so far.", what=level_title(progress.level), value=round(value)), *most)
    if progress.gap is None:
        return (text("Weighed now: {what}.", what=level_title(progress.level)),)
    gap = f"{100 * abs(progress.gap):.1f}"
    return (
        text("Weighed now: {what}. At most {gap} % better is possible.", what=level_title(progress.level), gap=gap),
    )


def _least(bound: float | None) -> tuple[Text, ...]:
    least = 0 if bound is None else math.ceil(bound)
    if least <= 0:
        return ()
    return (
        text_n(
            "It is proved that no plan does without {count} of them.",
            "It is proved that no plan does without {count} of them.",
            count=least,
        ),
    )


def _at_most(value: float, bound: float) -> Text:
    if math.floor(bound) <= round(value):
        return text("It is proved that no plan places more.")
    return text("No plan places more than {count}.", count=math.floor(bound))


def proof_words(summary: Mapping[str, Any]) -> Text | None:
    """Return what is proved of how many mentees have a mentor; None where nobody was counted."""
    counted = [one for one in summary.get("levels", ()) if _COUNTED.fullmatch(one["name"])]
    if not counted:
        return None
    if any(one["bound"] is None for one in counted):
        return text("How many more could be placed is not known.")
    more = sum(max(0, math.floor(one["bound"]) - round(one["value"])) for one in counted)
    if more:
        return text_n(
            "It is not proved to the end: at most {count} more could be placed.",
            "It is not proved to the end: at most {count} more could be placed.",
            count=more,
        )
    turns = {one["name"].split(":")[1] for one in counted if ":" in one["name"]}
    if len(turns) > 1:
        return text("It is proved that no plan places more without passing over somebody whose turn is earlier.")
    return text("It is proved that no plan places more.")


def level_lines(summary: Mapping[str, Any]) -> Sequence[LevelLine]:
    """Return what plans were weighed by, the first decides."""
    return [
        LevelLine(
            title=level_title(one["name"]),
            value=_shown(one["value"]),
            bound="—" if one["bound"] is None else _shown(one["bound"]),
            is_proved=one["bound"] is not None and one["bound"] <= one["value"] + 1e-6,
        )
        for one in summary.get("levels", ())
    ]


def _shown(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ")


def _cures(reasons: Sequence[Any]) -> list[Text]:
    """Return what to look at in the list, for the rules that leave nobody a mentor."""
    rules = {told.rule for one in reasons for told in one.reasons}
    return [cure for rule, cure in _CURES.items() if rule in rules]


def _reasons(work: Work, body: RunBody) -> Sequence[Any]:
    """Return the first mentees of whom nobody was placed, with the rules that keep mentors away."""
    if body.outcome != Outcome.NOTHING_PLACED or body.summary.get("pairs") or body.stop_asked:
        return ()
    try:
        return list_unmatched(work, body.round, None, _MOST_REASONS).items
    except Problem:
        return ()
