"""Giving a mentee another mentor: whom he could have, what it costs before it is done, and doing it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from matcher.errors import Fault
from matcher.explain.audience import Audience
from matcher.texts import text
from service.errors import Problem, not_found, stale, wrong_input
from service.jobs.plan_keeper import ask_plan, open_ahead
from service.pages.board import show_board
from service.pages.board_lines import Reader, pair_in_sight
from service.pages.board_shapes import Asked, Who
from service.pages.shell import go, page
from service.records.shapes import Id
from service.rounds.asked import Couple, DecisionIn
from service.rounds.desk import RUNNERS, roles_over, visible_round
from service.rounds.standing_now import Now, standing_now
from service.routes.decisions import decide_at
from service.routes.rounds import desk_of
from service.tables.access import Role
from service.tables.rounds import Pair, PlanFileRow, Round
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

_FULL_READERS = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A move that is asked about: the mentee, the pair he would leave (None: he has nobody, or gets one more)."""

    work: Work
    round_: Round
    plan: PlanFileRow
    now: Now
    pair: Pair | None
    mentee_id: str
    code_of: Mapping[str, str]

    def ask(self, what: str, **more: Any) -> dict[str, Any]:
        """Return what the plan that is kept open answers."""
        audience = Audience.CURATOR if self.work.viewer.roles & _FULL_READERS else Audience.COUNCIL
        left = None if self.pair is None else self.code_of[self.pair.mentor_id]
        asked = {"ask": what, "mentee": self.code_of[self.mentee_id], "instead_of": left, "lang": self.work.lang}
        self.work.session.expunge(self.plan)
        with self.work.elsewhere():
            return ask_plan(self.work.core, self.plan, self.now.standing, {**asked, "audience": str(audience), **more})


def _question(work: Work, round_id: str, who: str, *others: str) -> Question:
    """Return the question about a pair (its id) or a mentee who has nobody (his id)."""
    round_ = visible_round(work.session, work.viewer, round_id)
    plan = None if round_.plan_id is None else work.session.get(PlanFileRow, round_.plan_id)
    if plan is None or not roles_over(work.session, work.viewer, round_.area_id) & RUNNERS:
        raise not_found()
    pair = pair_in_sight(work, round_, who)
    mentee_id = who if pair is None else pair.mentee_id
    asked = standing_now(work.session, work.core.vault, round_, mentee_id, *others)
    code_of = {id_: code for code, id_ in asked.id_of.items()}
    if mentee_id not in code_of or any(one not in code_of for one in others):
        raise not_found()
    return Question(work=work, round_=round_, plan=plan, now=asked, pair=pair, mentee_id=mentee_id, code_of=code_of)


@router.get("/rounds/{round_id}/moves/{who}")
def choose(work: Reading, round_id: Id, who: Id, mentor: Annotated[Id | None, Query()] = None) -> Response:
    """Show the mentors a mentee could have, those with a place first, and why the others not."""
    question = _question(work, round_id, who)
    people = _named(work, question)
    targets = _with_ids(work, question, question.ask("targets")["targets"])
    targets.sort(key=lambda one: (not one["may"], not one["has_place"], -one["covers"], one["name"]))
    return page(
        work,
        "board_move",
        round=question.round_,
        who=who,
        pair=question.pair,
        people=people,
        mentee=people[question.mentee_id],
        left=None if question.pair is None else people[question.pair.mentor_id],
        groups=_grouped(targets),
        chosen=mentor,
    )


def _named(work: Work, question: Question) -> dict[str, Who]:
    ids = {question.mentee_id} | (set() if question.pair is None else {question.pair.mentor_id})
    return Reader(work, question.round_).who(ids)


def _grouped(targets: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return mentors by how hard they are to have."""
    groups: dict[str, list[dict[str, Any]]] = {"free": [], "full": [], "not": []}
    for one in targets:
        groups["not" if not one["may"] else "free" if one["has_place"] else "full"].append(one)
    return [(name, found) for name, found in groups.items() if found]


def _with_ids(work: Work, question: Question, targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return targets with the ids of their people, which addresses and forms speak of."""
    ids = Reader(work, question.round_).ids_of_mentors()
    return [{**one, "id": ids[one["mentor"]]} for one in targets if one["mentor"] in ids]


@router.get("/rounds/{round_id}/targets")
def get_ready(work: Reading, round_id: Id) -> Response:
    """Begin to open the plan of a round for questions: somebody looks at its board."""
    round_ = visible_round(work.session, work.viewer, round_id)
    plan = None if round_.plan_id is None else work.session.get(PlanFileRow, round_.plan_id)
    if plan is not None:
        work.session.expunge(plan)
        with work.elsewhere():
            open_ahead(work.core, plan)
    return Response(status_code=204)


@router.get("/rounds/{round_id}/targets/{who}")
def targets(work: Reading, round_id: Id, who: Id) -> JSONResponse:
    """Send where a mentee who is being dragged may be dropped, and why not elsewhere."""
    question = _question(work, round_id, who)
    found = _with_ids(work, question, question.ask("targets")["targets"])
    return JSONResponse(
        {
            one["id"]: {
                "name": one["name"], "school": one["school"], "pairs": one["pairs"], "most": one["most"],
                "may": one["may"], "place": one["has_place"], "why": one["why"], "covers": one["covers"],
            }
            for one in found
        }
    )  # fmt: skip


@router.get("/rounds/{round_id}/moves/{who}/price")
def price(work: Reading, round_id: Id, who: Id, mentor: Id, sharper: bool = False) -> Response:
    """Show what a move costs; at first at most, ``sharper`` also what no plan can save."""
    question = _question(work, round_id, who, mentor)
    found = question.ask("price", mentor=question.code_of[mentor], thorough=sharper)
    reader = Reader(work, question.round_)
    return page(
        work,
        "board_price",
        round=question.round_,
        who=who,
        pair=question.pair,
        price=found,
        mentor=mentor,
        mentee=question.mentee_id,
        names=reader.who({mentor, question.mentee_id}),
        is_sharp=sharper or found["is_exact"],
        plan=json.dumps(_as_ids(question, found["moves"], mentor)),
    )


def _as_ids(question: Question, moves: list[dict[str, Any]], mentor: str) -> dict[str, Any]:
    """Return who else ends and begins, by ids: what the form sends back so that what was shown is what is done."""
    id_of = question.now.id_of
    ends, begins = [], []
    for one in moves:
        mentee = id_of[one["mentee"]]
        gone = [id_of[code] for code in one["before"] if code not in one["after"]]
        new = [code for code in one["after"] if code not in one["before"]]
        if mentee == question.mentee_id:
            left = None if question.pair is None else question.pair.mentor_id
            gone = [id_ for id_ in gone if id_ != left]
        ends += [[id_, mentee] for id_ in gone]
        begins += [[code, one["mentee"]] for code in new if (id_of.get(code), mentee) != (mentor, question.mentee_id)]
    return {"ends": ends, "begins": begins}


@router.post("/rounds/{round_id}/moves/{who}")
def move_here(
    work: Writing,
    round_id: Id,
    who: Id,
    version: Annotated[int, Form()],
    mentor: Annotated[str, Form(max_length=64)],
    plan: Annotated[str, Form(max_length=20_000)] = "{}",
) -> Response:
    """Make a move as it was shown, and everything that goes with it."""
    desk = desk_of(work, round_id)
    if desk.round_.version != version:
        raise stale()
    pair = pair_in_sight(work, desk.round_, who)
    standing = {(one.mentor_id, one.mentee_id): one.id for one in Reader(work, desk.round_).standing() if one.id != who}
    try:
        told = json.loads(plan)
        asked = DecisionIn(
            kind="move",
            mentor=mentor,
            mentee=who if pair is None else pair.mentee_id,
            pair=None if pair is None else pair.id,
            ends=[standing[one, other] for one, other in told.get("ends", [])],
            begins=[Couple(mentor=one, mentee=other) for one, other in told.get("begins", [])],
        )
    except (ValidationError, ValueError, TypeError, AttributeError):
        raise wrong_input([Fault("plan", text("this value does not fit"))]) from None
    except KeyError:
        raise stale() from None
    try:
        with work.session.begin_nested():
            done = decide_at(desk, asked)
    except Problem as problem:
        work.session.expire_all()
        return show_board(work, visible_round(work.session, work.viewer, round_id), Asked(), problem)
    return go(f"/rounds/{round_id}#pair-{done.pair_id}")
