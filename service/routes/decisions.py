"""Decisions of a round: each a row that says who, when and why; undone only by another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlmodel import col, or_, select

from matcher.errors import Fault
from matcher.texts import text
from service.errors import refused
from service.records.shapes import Id
from service.rounds.asked import DecisionIn, DecisionKind
from service.rounds.decide import KINDS
from service.rounds.desk import Desk, pairs_in_sight, visible_round
from service.rounds.ending import accept_term, prolong, replace, terminate
from service.rounds.moving import move
from service.rounds.paging import cut, no_such_page
from service.rounds.show import DecisionOut, decision_out
from service.rounds.undo import undo
from service.routes.answers import EDIT, READ, Limit
from service.routes.rounds import desk_of
from service.tables.rounds import Decision, Pair
from service.work import Reading, WorkRoute, Writing, etag

router = APIRouter(route_class=WorkRoute, tags=["decisions"])

_ALL = {**KINDS, "terminate": terminate, "prolong": prolong, "replace": replace, "move": move, "undo": undo}


class DecisionPage(BaseModel):
    """A page of decisions, the newest first."""

    items: list[DecisionOut]
    next: str | None


@router.post("/api/v1/rounds/{round_id}/decisions", status_code=201, responses=EDIT)
def decide(work: Writing, round_id: Id, body: DecisionIn, response: Response) -> DecisionOut:
    """Decide something on a pair or on the round; the ETag of the answer is the round's new version."""
    desk = desk_of(work, round_id)
    work.expect(desk.round_.version)
    done = decide_at(desk, body)
    response.headers.update(etag(desk.round_.version))
    return decision_out(desk, done)


def decide_at(desk: Desk, asked: DecisionIn) -> Decision:
    """Decide something at a desk whose version the caller has checked, and return the row of the decision."""
    if desk.round_.state == "closed" and asked.kind != "comment":
        raise refused([Fault("round", text("the round is closed"))])
    if asked.kind == "accept" and asked.decision is not None:
        return accept_term(desk, asked)
    return _ALL[asked.kind](desk, asked)


@router.get("/api/v1/rounds/{round_id}/decisions", responses=READ)
def list_decisions(
    work: Reading,
    round_id: Id,
    kind: Annotated[DecisionKind | None, Query()] = None,
    pair: Annotated[Id | None, Query()] = None,
    after: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> DecisionPage:
    """List the decisions one may know of; reasons are shown to those who may read them only."""
    round_ = visible_round(work.session, work.viewer, round_id)
    desk = desk_of(work, round_id, hold=False)
    asked = select(Decision).where(Decision.round_id == round_.id)
    if not desk.roles:
        seen = select(Pair.id).where(Pair.round_id == round_.id, pairs_in_sight(work.viewer))
        asked = asked.where(or_(col(Decision.pair_id).in_(seen), col(Decision.made_by) == work.viewer.actor))
    if kind is not None:
        asked = asked.where(Decision.kind == kind)
    if pair is not None:
        asked = asked.where(Decision.pair_id == pair)
    if after is not None:
        last = work.session.exec(asked.where(Decision.id == after)).first()
        if last is None:
            raise no_such_page()
        asked = asked.where(Decision.number < last.number)
    rows = work.session.exec(asked.order_by(col(Decision.number).desc()).limit(limit + 1)).all()
    kept, following = cut(rows, limit, None)
    return DecisionPage(items=[decision_out(desk, one) for one in kept], next=following)
