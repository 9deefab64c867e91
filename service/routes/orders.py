"""Orders of the head on a round: those that fix pairs, and those that end them or replace a mentor."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from service.errors import not_found
from service.privacy.allowed import today_in
from service.records.shapes import Code, Day, Id
from service.rounds.end_orders import pairs_of_order, sign_end
from service.routes.answers import READ, WRITE
from service.tables.rounds import Order, Round
from service.viewer import in_scope
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["orders"])

RoundId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="id of the round")]


class NewOrder(BaseModel):
    """An order the head has signed: that ends pairs before their term, or replaces their mentors."""

    model_config = ConfigDict(extra="forbid")

    document: Literal["D-18"] = "D-18"
    number: Code = Field(examples=["45-о"])
    day: Day = Field(examples=["2027-02-01"])
    pairs: list[Id] = Field(min_length=1, max_length=500, examples=[["0123456789abcdef0123456789abcdef"]])


class OrderOut(BaseModel):
    """An order, and the pairs it is on."""

    id: str
    document: str
    number: str
    day: date
    pairs: list[str]
    created_at: datetime


class OrderList(BaseModel):
    """The orders of a round, the newest first."""

    items: list[OrderOut]


@router.get("/api/v1/rounds/{round_id}/orders", responses=READ)
def list_orders(work: Reading, round_id: RoundId) -> OrderList:
    """Return the orders on a round."""
    round_ = _round(work, round_id)
    rows = work.session.exec(
        select(Order).where(Order.round_id == round_.id).order_by(col(Order.created_at).desc(), col(Order.id))
    )
    return OrderList(items=[_shown(work, one) for one in rows])


@router.post("/api/v1/rounds/{round_id}/orders", status_code=201, responses=WRITE)
def record_order(work: Writing, round_id: RoundId, body: NewOrder, response: Response) -> OrderOut:
    """Record number and day of a signed order on pairs that have ended, or whose mentor is replaced (D-18)."""
    round_ = _round(work, round_id)
    order = sign_end(
        work.session,
        work.core,
        round_,
        body.pairs,
        number=body.number,
        day=body.day,
        by=work.viewer.actor,
        today=today_in(work.core),
    )
    response.headers["Location"] = f"/api/v1/rounds/{round_.id}/orders"
    return _shown(work, order)


def _round(work: Work, round_id: str) -> Round:
    found = work.session.exec(select(Round).where(Round.id == round_id, in_scope(work.viewer, Round.area_id))).first()
    if found is None:
        raise not_found()
    return found


def _shown(work: Work, order: Order) -> OrderOut:
    return OrderOut(
        id=order.id,
        document=order.document,
        number=order.number,
        day=order.day,
        pairs=list(pairs_of_order(work.core.vault, order)),
        created_at=order.created_at,
    )
