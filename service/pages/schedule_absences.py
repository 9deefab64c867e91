"""Somebody is away: his days are written down, the ways to make good what is lost stand side by side, one is taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from babel.dates import format_date
from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.texts import text
from service.audit import append_audit
from service.errors import Problem, not_found, refused, stale, wrong_input
from service.jobs.changes import away_toml
from service.jobs.port import Outcome, RunStatus
from service.jobs.repairs import offer_repairs, repaired_plan
from service.jobs.results import keep_plan
from service.pages.schedule_view import people_to_choose, today_of
from service.pages.shell import faults_by_place, go, page
from service.records.shapes import Id
from service.rounds.desk import RUNNERS, roles_over, visible_round
from service.rounds.inputs import build_inputs
from service.rounds.people import open_people, people_by_id
from service.rounds.plan_files import open_plan
from service.rounds.publish import take_plan
from service.routes.absences import AbsenceIn, add_absence, remove_absence
from service.routes.rounds import desk_of
from service.tables.columns import now
from service.tables.rounds import Absence, Meeting, MeetingPerson, PlanFileRow, Round, Run
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

Word = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days on which somebody cannot meet, and how many meetings to come lie in them."""

    id: str
    person: str
    name: str
    first_day: date
    last_day: date
    num_meetings: int


@router.get("/rounds/{round_id}/schedule/absences")
def absences(work: Reading, round_id: Id, person: Id | None = None) -> Response:
    """Show who is away from today on, and the form to add somebody."""
    round_ = _round(work, round_id)
    return _page(work, round_, given={"person": person or ""})


def _page(work: Work, round_: Round, *, given: dict[str, str], problem: Problem | None = None) -> Response:
    return page(
        work,
        "schedule_absences",
        status=200 if problem is None else problem.status,
        round=round_,
        people=people_to_choose(work, round_, None),
        absences=_aways(work, round_),
        given={"person": "", "first_day": "", "last_day": ""} | given,
        problem=problem,
        faults={} if problem is None else faults_by_place(problem.faults),
        short_day=lambda value: format_date(value, "d MMMM", locale=work.lang),
    )


@router.post("/rounds/{round_id}/schedule/absences")
def add_here(work: Writing, round_id: Id, person: Word = "", first_day: Word = "", last_day: Word = "") -> Response:
    """Write down on which days somebody is away, and go on to what may be done about it."""
    round_ = _round(work, round_id)
    given = {"person": person, "first_day": first_day, "last_day": last_day}
    faults = [Fault(name, text("this has to be given")) for name, value in given.items() if not value]
    try:
        if faults:
            raise wrong_input(faults)
        if person not in dict(people_to_choose(work, round_, None)):
            raise wrong_input([Fault("person", text("there is no such person in this round"))])
        add_absence(work, AbsenceIn.model_validate(given))
    except ValidationError as error:
        wrong = [
            Fault(str(one["loc"][0]), text("“{value}” is not a date", value=one["input"])) for one in error.errors()
        ]
        return _page(work, round_, given=given, problem=wrong_input(wrong))
    except Problem as problem:
        return _page(work, round_, given=given, problem=problem)
    return go(f"/rounds/{round_id}/schedule/repairs")


@router.post("/rounds/{round_id}/schedule/absences/{absence_id}/remove")
def remove_here(work: Writing, round_id: Id, absence_id: Id) -> Response:
    """Take back days of absence."""
    _round(work, round_id)
    remove_absence(work, absence_id)
    return go(f"/rounds/{round_id}/schedule/absences")


@router.get("/rounds/{round_id}/schedule/repairs")
def repairs(work: Reading, round_id: Id) -> Response:
    """Show the ways to make good what absences take away; they are worked out when htmx asks for the part."""
    round_ = _round(work, round_id)
    is_part = work.request.headers.get("hx-request") == "true"
    is_wanted = is_part or "now" in work.request.query_params
    given: dict[str, Any] = {"round": round_, "aways": _aways(work, round_), "offer": None, "problem": None}
    given["short_day"] = lambda value: format_date(value, "d MMMM", locale=work.lang)
    if is_wanted:
        plan, toml = _task(work, round_)
        try:
            with work.elsewhere():
                given["offer"] = offer_repairs(work.core, plan, toml, work.lang) if toml else None
        except Problem as problem:
            given["problem"] = problem
    return page(work, "schedule_repairs_part" if is_part else "schedule_repairs", is_wanted=is_wanted, **given)


@router.post("/rounds/{round_id}/schedule/repairs")
def take_repair(
    work: Reading,
    round_id: Id,
    version: Annotated[int, Form()],
    digest: Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")],
) -> Response:
    """Make one of the ways the schedule of the round: exactly the one that was shown, or none."""
    round_ = _round(work, round_id)
    if round_.version != version:
        raise stale()
    plan, toml = _task(work, round_)
    absences_ = [one.id for one in _aways(work, round_)]
    with work.elsewhere():
        content, summary = repaired_plan(work.core, plan, toml, work.lang, digest) if toml else (b"", {})
    if not content:
        raise refused([Fault("plan", text("the schedule has changed meanwhile"), text("look at the ways anew"))])
    with work.core.database.writing() as session:
        desk = desk_of(replace(work, session=session), round_id)
        if desk.round_.version != version:
            raise stale()
        run = Run(
            round_id=desk.round_.id,
            area_id=desk.round_.area_id,
            what="repair",
            options={"absences": absences_, "take": True},
            status=RunStatus.SUCCEEDED,
            outcome=Outcome.PLANNED,
            created_by=work.viewer.actor,
            started_at=now(),
            ended_at=now(),
        )
        session.add(run)
        session.flush()
        row = keep_plan(session, work.core.vault, run, content, dict(summary))
        append_audit(
            session,
            work.core.vault,
            actor=work.viewer.actor,
            action="run.repair",
            area_id=run.area_id,
            subjects=[run.id, desk.round_.id],
            details={"summary": {name: summary[name] for name in ("lost", "replaced", "moved", "left_out")}},
        )
        plan_ = open_plan(work.core.vault, row)
        take_plan(session, work.core, desk.round_, plan_, row, actor=work.viewer.actor, asked=True)
    return go(f"/rounds/{round_id}/schedule?repaired=1")


def _round(work: Work, round_id: str) -> Round:
    """Return a round that the viewer runs."""
    round_ = visible_round(work.session, work.viewer, round_id)
    if not roles_over(work.session, work.viewer, round_.area_id) & RUNNERS:
        raise not_found()
    return round_


def _aways(work: Work, round_: Round) -> list[Away]:
    """Return who of a round is away from today on, soonest first."""
    today = today_of(work, round_)
    own = select(MeetingPerson.person_id).join(Meeting).where(Meeting.round_id == round_.id).distinct()
    asked = select(Absence).where(col(Absence.person_id).in_(own), Absence.last_day >= today)
    rows = list(work.session.exec(asked.order_by(col(Absence.first_day), col(Absence.id)).limit(200)))
    people = people_by_id(work.session, (row.person_id for row in rows))
    words = open_people(work.session, work.core.vault, people.values())
    return [
        Away(
            id=row.id,
            person=row.person_id,
            name=words[row.person_id].name or people[row.person_id].code,
            first_day=row.first_day,
            last_day=row.last_day,
            num_meetings=_num_meetings(work, round_, row, today),
        )
        for row in rows
    ]


def _num_meetings(work: Work, round_: Round, row: Absence, today: date) -> int:
    own = select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == row.person_id)
    asked = select(Meeting.id).where(Meeting.round_id == round_.id, col(Meeting.id).in_(own))
    asked = asked.where(col(Meeting.state).in_(("draft", "published")), Meeting.day >= max(today, row.first_day))
    return len(work.session.exec(asked.where(Meeting.day <= row.last_day)).all())


def _task(work: Work, round_: Round) -> tuple[bytes, str]:
    """Return the plan of a round as it is, and its absences as a repair reads them; no changes where nobody is away."""
    inputs = build_inputs(work.session, work.core.vault, round_)
    row = None if round_.plan_id is None else work.session.get(PlanFileRow, round_.plan_id)
    plan = None if row is None else open_plan(work.core.vault, row)
    if inputs.previous_plan is None or plan is None or plan.schedule is None:
        return b"", ""
    known = {person.id for person in plan.roster.people}
    first, last = plan.schedule.first_day, plan.schedule.last_day
    aways = [one for one in _aways(work, round_) if one.first_day <= last and one.last_day >= first]
    codes = {one.id: one.code for one in people_by_id(work.session, (one.person for one in aways)).values()}
    rows = [(codes[one.person], one.first_day, one.last_day) for one in aways if codes[one.person] in known]
    return inputs.previous_plan, away_toml(today_of(work, round_), rows) if rows else ""
