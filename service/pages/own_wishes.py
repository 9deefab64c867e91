"""Wishes about the people one may work with: 0 to 10, or not at all; read by their author and the curator only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlmodel import select

from matcher.errors import Fault
from matcher.texts import text
from service.errors import wrong_input
from service.pages.own import acting
from service.pages.shell import go, page
from service.records.shapes import Id
from service.rounds.desk import visible_round
from service.routes.wishes import WishIn, list_choices, remove_wish, say_wish
from service.tables.rounds import Wish
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

PER_PAGE = 40
_VETO = "veto"
_SCORES = tuple(str(score) for score in range(10, -1, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody of the other side, and what one has said of working with him: "0" … "10", "veto", or nothing."""

    person: str
    name: str
    said: str
    wish: str | None


@router.get("/mine/wishes/{round_id}")
def wishes(
    work: Reading,
    round_id: Id,
    person: Annotated[str, Query(max_length=32)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    saved: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """Show the people one may say a wish about."""
    me = acting(work, person)
    round_ = visible_round(work.session, work.viewer, round_id)
    lines = _lines(work, round_id, me.id)
    kept = [one for one in lines if all(part in one.name.casefold() for part in q.casefold().split())]
    kept.sort(key=lambda one: (not one.said, one.name))
    return page(
        work,
        "mine_wishes",
        me=me,
        round=round_,
        lines=kept[:PER_PAGE],
        num_more=max(0, len(kept) - PER_PAGE),
        num_all=len(lines),
        scores=_SCORES,
        q=q,
        saved=bool(saved),
    )


@router.post("/mine/wishes/{round_id}")
def say_wishes(
    work: Writing,
    round_id: Id,
    to: Annotated[list[Id], Form(max_length=PER_PAGE)],
    score: Annotated[list[Annotated[str, Form(max_length=4)]], Form(max_length=PER_PAGE)],
    person: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Keep the wishes that have changed; what is said no more is removed."""
    me = acting(work, person)
    before = {one.person: one for one in _lines(work, round_id, me.id)}
    if len(to) != len(score) or not set(score) <= {"", _VETO, *_SCORES}:
        raise wrong_input([Fault("score", text("give a score from 0 to 10, or a veto"))])
    for other, said in zip(to, score, strict=True):
        known = before.get(other)
        if known is not None and known.wish is not None and not said:
            remove_wish(work, round_id, known.wish)
        elif said and (known is None or known.said != said):
            wish = WishIn(to=other, author=me.id, veto=said == _VETO, score=None if said == _VETO else int(said))
            say_wish(work, round_id, wish)
    return go(f"/mine/wishes/{round_id}?saved=1{me.query.replace('?', '&')}")


def _lines(work: Work, round_id: str, person_id: str) -> list[Line]:
    """Return those about whom one may say a wish, with what one has said."""
    asked = select(Wish).where(Wish.round_id == round_id, Wish.from_id == person_id)
    own = {wish.to_id: (_VETO if wish.veto else str(wish.score), wish.id) for wish in work.session.exec(asked)}
    choices = list_choices(work, round_id).items
    return [_line(one.person, one.name, *own.get(one.person, ("", None))) for one in choices]


def _line(person: str, name: str, said: str, wish: str | None) -> Line:
    return Line(person=person, name=name, said=said, wish=wish)
