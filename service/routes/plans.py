"""What a run left: its plan, why people have whom they have, the files a round is handed on as."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel
from sqlmodel import select

from matcher.errors import Fault
from matcher.explain.audience import Audience
from matcher.texts import text
from service.access.limits import spend_apart, subject_of
from service.errors import not_found, refused
from service.jobs.present import told_meetings
from service.jobs.rendering import rendered
from service.privacy.allowed import demand, today_in
from service.rounds.exported import named_in_files
from service.rounds.plan_files import open_plan_bytes
from service.rounds.planned import meetings_of
from service.rounds.rosters import ids_of
from service.routes.answers import READ, problems
from service.routes.runs import RoundId, RunId, round_of, run_of
from service.tables.access import Role
from service.tables.areas import Person
from service.tables.rounds import PlanFileRow, RosterFile, Round
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["plans"])

MEDIA = {
    "plan.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "order.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "report.html": "text/html; charset=utf-8",
    "calendars.zip": "application/zip",
}
_HOUR = timedelta(hours=1)
_FULL_READERS = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR})
"""Roles that read what single people said of each other; all others read what the council may."""
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in MEDIA.values()}, "description": "the file"}
}
_PLAN: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}}, "description": "plan.json, as `matcher verify` reads it"}
}


class ExplainedPair(BaseModel):
    """Why a mentor: how well the two fit, in per cent, and the reasons, a sentence each."""

    mentor: str
    name: str
    fit: int
    lines: list[str]
    warnings: list[str]


class Offer(BaseModel):
    """What the curator could decide at once: the rule to lift for a mentor; null where it takes something else."""

    mentor: str | None
    rule: str | None


class ExplainedNobody(BaseModel):
    """Why nobody: the cause, whom the rules refuse, what would help, and which of it is a decision (in this order)."""

    line: str
    refused: list[str]
    cures: list[str]
    offers: list[Offer]


class Explanation(BaseModel):
    """Why a mentee has whom he has, or nobody."""

    mentee: str
    pairs: list[ExplainedPair]
    nobody: ExplainedNobody | None = None


@router.get("/api/v1/runs/{run_id}/plan", responses={**READ, **_PLAN}, response_class=Response)
def show_plan(work: Reading, run_id: RunId) -> Response:
    """Send the plan a run has found, with everything it was made from."""
    content = open_plan_bytes(work.core.vault, _plan_of_run(work, run_id))
    return Response(content, media_type="application/json", headers=_headers("plan.json"))


@router.get("/api/v1/runs/{run_id}/explanations/{mentee_id}", responses=problems(404, 503))
def explain(work: Reading, run_id: RunId, mentee_id: Annotated[str, Path(min_length=1, max_length=64)]) -> Explanation:
    """Say why a mentee has whom he has, or why nobody and what would help."""
    row = _plan_of_run(work, run_id)
    round_ = work.session.get_one(Round, row.round_id)
    person = work.session.get(Person, mentee_id)
    ids = ids_of(work.session, work.core.vault, work.session.get_one(RosterFile, round_.roster_id))
    if person is None or person.id not in ids.values():
        raise not_found()
    code = person.code
    content = open_plan_bytes(work.core.vault, row)
    audience = Audience.CURATOR if work.viewer.roles & _FULL_READERS else Audience.COUNCIL
    task = {"what": "explain", "mentee": code, "lang": work.lang, "audience": audience}
    with work.elsewhere(), rendered(work.core, content, task) as (result, _):
        if result["outcome"] != "explained":
            raise not_found()
        found = Explanation(mentee=mentee_id, **result["answer"])
    for pair in found.pairs:
        pair.mentor = ids.get(pair.mentor, pair.mentor)
    for offer in found.nobody.offers if found.nobody is not None else ():
        offer.mentor = None if offer.mentor is None else ids.get(offer.mentor)
    return found


@router.get(
    "/api/v1/rounds/{round_id}/exports/{file}",
    responses={**problems(404, 409, 429, 503), **_FILES},
    response_class=Response,
)
def export(
    work: Reading, round_id: RoundId, file: Literal["plan.xlsx", "order.docx", "report.html", "calendars.zip"]
) -> Response:
    """Make a file of the plan of a round, its meetings where they are now."""
    round_ = round_of(work, round_id)
    row = None if round_.plan_id is None else work.session.get(PlanFileRow, round_.plan_id)
    if row is None:
        raise refused([Fault("round", text("the round has no plan yet"), text("plan the round first"))])
    demand(work.session, named_in_files(work.session, work.core.vault, round_, row), "export", today_in(work.core))
    content = open_plan_bytes(work.core.vault, row)
    meetings, id_ = told_meetings(meetings_of(work.session, round_.id)), round_.id
    settings = work.core.settings
    work.session.rollback()  # one connection is enough for the account of exports
    asker = work.viewer.account_id or work.viewer.actor
    spend_apart(work.core.database, subject_of("export", asker), settings.exports_per_hour, _HOUR)
    task = {"what": "export", "file": file, "lang": work.lang, "meetings": meetings, "round": id_}
    with work.elsewhere(), rendered(work.core, content, task) as (_, folder):
        made = (folder / "file").read_bytes()
    return Response(made, media_type=MEDIA[file], headers=_headers(file))


def _plan_of_run(work: Work, run_id: str) -> PlanFileRow:
    run = run_of(work, run_id)
    row = work.session.exec(select(PlanFileRow).where(PlanFileRow.run_id == run.id)).first()
    if row is None:
        raise not_found()
    return row


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
