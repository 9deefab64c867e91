"""Rounds: opened over a roster, led from state to state, renamed, given their term."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlmodel import Session, col, or_, select

from matcher.candidates.people import reference_day_of
from matcher.errors import Fault
from matcher.io.policy_toml import SHIPPED, parse_policy, read_policy_text
from matcher.policy import Policy
from matcher.texts import text
from service.audit import append_audit
from service.errors import FaultBody, fault_body, not_found, refused, wrong_input
from service.records.policies import policy_of
from service.records.shapes import Day, Id, Line
from service.rounds.asked import RoundState, StepIn
from service.rounds.case import gather
from service.rounds.desk import Desk, open_desk, roles_over, visible_round
from service.rounds.inputs import timetables_of
from service.rounds.life import next_states, term_faults, what_is_missing
from service.rounds.paging import newest_first
from service.rounds.plan_files import open_plan
from service.rounds.publish import take_plan
from service.rounds.show import DecisionOut, RoundOut, decision_out, round_out
from service.rounds.steps import take_step
from service.routes.answers import EDIT, READ, WRITE, Limit
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.rounds import Pair, PlanFileRow, RosterFile, Round, RoundTimetable, TimetableFile
from service.viewer import area_of, in_areas, in_scope
from service.work import Reading, Work, WorkRoute, Writing, etag

router = APIRouter(route_class=WorkRoute, tags=["rounds"])

_LONGEST_POLICY = 200_000


class RoundIn(BaseModel):
    """A round to open: over a roster, under a shipped regulation (``policy``) or one of one's own (``policy_toml``)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"roster": "0f" * 16, "policy": "kalmykia", "name": "Осень 2026", "first_day": "2026-10-01"}]
        },
    )

    roster: Id
    policy: Line | None = Field(default=None, description="id of a shipped regulation")
    policy_toml: Annotated[str, Field(min_length=1, max_length=_LONGEST_POLICY)] | None = None
    name: Line
    area: Id | None = Field(default=None, description="by default that of the roster")
    timetables: Annotated[list[Id], Field(max_length=500)] = []
    reference_day: Day | None = Field(default=None, description="the day on which ages and experience are counted")
    first_day: Day | None = None
    last_day: Day | None = None

    @model_validator(mode="after")
    def _one_policy(self) -> RoundIn:
        if (self.policy is None) == (self.policy_toml is None):
            raise ValueError("give policy or policy_toml")
        return self


class RoundEdit(BaseModel):
    """What may be changed of a round: its name, its term, its roster and timetables before anything is ordered."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Осень 2026, вторая очередь"}]})

    name: Line | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    roster: Id | None = None
    timetables: Annotated[list[Id], Field(max_length=500)] | None = None


class PlanChoice(BaseModel):
    """A plan that a run of the round has found."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"plan": "0f" * 16}]})

    plan: Id


class RoundPage(BaseModel):
    """A page of rounds, the newest first."""

    items: list[RoundOut]
    next: str | None


class StepFacts(BaseModel):
    """What a step to a state still waits for; nothing: it may be taken."""

    to: str
    missing: list[FaultBody]


class Steps(BaseModel):
    """The steps that may follow."""

    state: str
    steps: list[StepFacts]


@router.post("/api/v1/rounds", status_code=201, responses=WRITE)
def open_round(work: Writing, body: RoundIn, response: Response) -> RoundOut:
    """Open a round over a roster under a regulation."""
    roster = _roster(work, body.roster)
    area = area_of(work.session, work.viewer, body.area or roster.area_id)
    if not work.session.get_one(Area, roster.area_id).path.startswith(area.path):
        raise wrong_input([Fault("body.area", text("the roster does not belong to this area"))])
    content, policy = _policy(body)
    faults = _term_faults(policy, body.first_day, body.last_day)
    if faults:
        raise wrong_input(faults)
    round_ = Round(
        area_id=area.id,
        name=body.name,
        roster_id=roster.id,
        policy_id=policy.id,
        policy_toml=content,
        reference_day=body.reference_day or reference_day_of(policy, now().date()),
        first_day=body.first_day,
        last_day=body.last_day,
        created_by=work.viewer.actor,
    )
    work.session.add(round_)
    work.session.flush()
    _use_timetables(work, round_, body.timetables)
    _note(work, round_, "round.open", {"policy": policy.id})
    response.headers.update({**etag(round_.version), "Location": f"/api/v1/rounds/{round_.id}"})
    return _shown(work.session, round_)


@router.get("/api/v1/rounds", responses=READ)
def list_rounds(
    work: Reading,
    area: Annotated[Id | None, Query()] = None,
    state: Annotated[RoundState | None, Query()] = None,
    policy: Annotated[Line | None, Query()] = None,
    after: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> RoundPage:
    """List the rounds one may know of: of one's areas, of areas above, and those with a pair of one's own."""
    viewer = work.viewer
    own_pair = select(Pair.round_id).where(in_scope(viewer, person_ids=(Pair.mentor_id, Pair.mentee_id)))
    near = or_(in_areas(Round.area_id, viewer), col(Round.area_id).in_(viewer.above), col(Round.id).in_(own_pair))
    wanted = [near]
    wanted += [] if area is None else [col(Round.area_id) == area]
    wanted += [] if state is None else [col(Round.state) == state]
    wanted += [] if policy is None else [col(Round.policy_id) == policy]
    rows, following = newest_first(work.session, Round, wanted, limit, after)
    return RoundPage(items=[_shown(work.session, round_) for round_ in rows], next=following)


@router.get("/api/v1/rounds/{round_id}", responses=READ)
def show_round(work: Reading, round_id: Id, response: Response) -> RoundOut:
    """Return a round; its ETag is what If-Match has to name when something in it is decided."""
    round_ = visible_round(work.session, work.viewer, round_id)
    response.headers.update(etag(round_.version))
    return _shown(work.session, round_)


@router.patch("/api/v1/rounds/{round_id}", responses=EDIT)
def edit_round(work: Writing, round_id: Id, body: RoundEdit, response: Response) -> RoundOut:
    """Rename a round or give it another term; its roster and timetables change only while nothing is agreed."""
    desk = desk_of(work, round_id)
    if not desk.roles:
        raise not_found()
    work.expect(desk.round_.version)
    round_ = change_round(work, desk, body)
    response.headers.update(etag(round_.version))
    return _shown(work.session, round_)


def change_round(work: Work, desk: Desk, body: RoundEdit) -> Round:
    """Change a round held at a desk, and write that down.

    Raises
    ------
    Problem
        422 where something may not be changed any more, or does not fit the regulation.
    """
    round_ = desk.round_
    faults = _edit_faults(desk, body)
    if faults:
        raise wrong_input(faults)
    for name in ("name", "first_day", "last_day"):
        if name in body.model_fields_set and (name != "name" or body.name is not None):
            setattr(round_, name, getattr(body, name))
    if body.roster is not None:
        round_.roster_id = _roster(work, body.roster).id
    if body.timetables is not None:
        _use_timetables(work, round_, body.timetables)
    round_.version += 1
    work.session.add(round_)
    work.session.flush()
    _note(work, round_, "round.edit", {"fields": sorted(body.model_fields_set)})
    return round_


@router.get("/api/v1/rounds/{round_id}/transitions", responses=READ)
def list_steps(work: Reading, round_id: Id) -> Steps:
    """Say which states may follow, and for each everything that is still missing."""
    round_ = visible_round(work.session, work.viewer, round_id)
    if not roles_over(work.session, work.viewer, round_.area_id):
        raise not_found()
    case = gather(work.session, work.core.vault, round_, today=now().date(), lang=work.lang)
    policy = policy_of(round_)
    steps = [
        StepFacts(to=to, missing=[fault_body(fault, work.lang) for fault in what_is_missing(case, policy, to)])
        for to in next_states(round_.state)
    ]
    return Steps(state=round_.state, steps=steps)


@router.post("/api/v1/rounds/{round_id}/transitions", responses=EDIT)
def step(work: Writing, round_id: Id, body: StepIn, response: Response) -> DecisionOut:
    """Take a round to its next state, or some of its pairs; refused with everything that is still missing."""
    desk = desk_of(work, round_id)
    if not desk.roles:
        raise not_found()
    work.expect(desk.round_.version)
    done = take_step(desk, body)
    response.headers.update(etag(desk.round_.version))
    return decision_out(desk, done)


@router.post("/api/v1/rounds/{round_id}/plan", responses=EDIT)
def choose_plan(work: Writing, round_id: Id, body: PlanChoice, response: Response) -> RoundOut:
    """Make the plan of some run the plan of the round: agreed pairs stay, other proposals are replaced."""
    desk = desk_of(work, round_id)
    if not desk.roles:
        raise not_found()
    work.expect(desk.round_.version)
    if desk.round_.state == "closed":
        raise refused([Fault("round", text("the round is closed"))])
    asked = select(PlanFileRow).where(PlanFileRow.id == body.plan, PlanFileRow.round_id == desk.round_.id)
    row = work.session.exec(asked).first()
    if row is None:
        raise not_found()
    plan = open_plan(work.core.vault, row)
    take_plan(work.session, work.core, desk.round_, plan, row, actor=work.viewer.actor, asked=True)
    response.headers.update(etag(desk.round_.version))
    return _shown(work.session, desk.round_)


def desk_of(work: Work, round_id: str, *, hold: bool = True) -> Desk:
    """Return the desk at which a decision of this request is made, or from which one only looks (``hold`` False)."""
    return open_desk(work.session, work.core.vault, work.viewer, work.lang, round_id, today=now().date(), hold=hold)


def _shown(session: Session, round_: Round) -> RoundOut:
    return round_out(round_, next_states(round_.state), [one.id for one in timetables_of(session, round_.id)])


def _roster(work: Work, roster_id: str) -> RosterFile:
    asked = select(RosterFile).where(RosterFile.id == roster_id, in_areas(RosterFile.area_id, work.viewer))
    found = work.session.exec(asked).first()
    if found is None:
        raise not_found()
    return found


def _policy(body: RoundIn) -> tuple[str, Policy]:
    if body.policy_toml is not None:
        return body.policy_toml, parse_policy(body.policy_toml, "policy_toml")
    if body.policy not in SHIPPED:
        cure = text("one of: {names}", names=", ".join(SHIPPED))
        raise wrong_input([Fault("body.policy", text("there is no such regulation"), cure)])
    content, name = read_policy_text(body.policy)
    return content, parse_policy(content, name)


def _term_faults(policy: Policy, first_day: date | None, last_day: date | None) -> list[Fault]:
    if first_day is None or last_day is None:
        return []
    return list(term_faults(policy, first_day, last_day))


def _edit_faults(desk: Desk, body: RoundEdit) -> list[Fault]:
    found: list[Fault] = []
    round_ = desk.round_
    if body.model_fields_set - {"name"} and round_.state in ("ordered", "running", "final", "closed"):
        found.append(Fault("body", text("the head has signed: term, roster and timetables stay as they are")))
    elif body.roster is not None and round_.state not in ("draft", "preparatory", "matching"):
        found.append(Fault("body.roster", text("pairs are proposed from the roster: take the round back first")))
    terms = [getattr(body, name) if name in body.model_fields_set else getattr(round_, name) for name in _TERM]
    return found + _term_faults(desk.policy, terms[0], terms[1])


_TERM = ("first_day", "last_day")


def _use_timetables(work: Work, round_: Round, ids: list[str]) -> None:
    asked = select(TimetableFile.id).where(col(TimetableFile.id).in_(ids), in_areas(TimetableFile.area_id, work.viewer))
    if len(set(work.session.exec(asked))) != len(set(ids)):
        raise not_found()
    for old in work.session.exec(select(RoundTimetable).where(RoundTimetable.round_id == round_.id)):
        work.session.delete(old)
    work.session.flush()
    work.session.add_all(RoundTimetable(round_id=round_.id, timetable_id=id_) for id_ in sorted(set(ids)))
    work.session.flush()


def _note(work: Work, round_: Round, action: str, details: dict[str, object]) -> None:
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action=action,
        area_id=round_.area_id,
        subjects=[round_.id],
        details=details,
    )
