"""What people say of working with each other: wishes and vetoes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.texts import text
from service.audit import append_audit
from service.errors import not_found, wrong_input
from service.records.shapes import Flag, Id
from service.rounds.desk import RUNNERS, roles_over, visible_round
from service.rounds.paging import cut
from service.rounds.people import open_people, people_by_id
from service.rounds.rosters import open_nameless
from service.routes.answers import READ, WRITE, Limit
from service.tables.rounds import RosterFile, Round, Wish
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["wishes"])


class WishIn(BaseModel):
    """How much one wants to work with somebody, 0 to 10, or not at all; ``author`` where it is entered from paper."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"to": "0f" * 16, "score": 8}]})

    to: Id
    score: Annotated[int, Field(ge=0, le=10)] | None = None
    veto: Flag = False
    author: Id | None = None


class WishOut(BaseModel):
    """A wish, shown to its author and the curator only."""

    id: str
    author: str
    to: str
    score: int | None
    veto: bool


class WishPage(BaseModel):
    """A page of wishes."""

    items: list[WishOut]
    next: str | None


class Choice(BaseModel):
    """Somebody of the other side about whom a wish may be said."""

    person: str
    name: str


class ChoiceList(BaseModel):
    """Those of one's own organisation on the other side."""

    items: list[Choice]


@router.get("/api/v1/rounds/{round_id}/wishes", responses=READ)
def list_wishes(
    work: Reading, round_id: Id, after: Annotated[Id | None, Query()] = None, limit: Limit = 50
) -> WishPage:
    """List one's own wishes; those who run the round see all."""
    round_ = visible_round(work.session, work.viewer, round_id)
    asked = select(Wish).where(Wish.round_id == round_.id)
    if not roles_over(work.session, work.viewer, round_.area_id) & RUNNERS:
        asked = asked.where(col(Wish.from_id).in_(work.viewer.person_ids))
    kept, following = cut(list(work.session.exec(asked.order_by(col(Wish.id)))), limit, after)
    return WishPage(items=list(map(_wish, kept)), next=following)


@router.put("/api/v1/rounds/{round_id}/wishes", responses=WRITE)
def say_wish(work: Writing, round_id: Id, body: WishIn) -> WishOut:
    """Say how much one wants to work with somebody of the other side, or that one does not."""
    round_ = visible_round(work.session, work.viewer, round_id)
    author = _author(work, round_, body.author)
    if (body.score is None) == (not body.veto):
        raise wrong_input([Fault("body", text("give a score from 0 to 10, or a veto"))])
    sides = _sides(work, round_)
    if author not in sides or body.to not in sides or author == body.to:
        raise not_found()
    if not (_is(sides, author, "mentor", body.to, "mentee") or _is(sides, author, "mentee", body.to, "mentor")):
        raise wrong_input([Fault("body.to", text("a wish is about somebody of the other side"))])
    asked = select(Wish).where(Wish.round_id == round_.id, Wish.from_id == author, Wish.to_id == body.to)
    wish = work.session.exec(asked).first() or Wish(round_id=round_.id, from_id=author, to_id=body.to)
    wish.score, wish.veto = body.score, body.veto
    work.session.add(wish)
    work.session.flush()
    _note(work, "wish.say", round_.area_id, [round_.id, wish.id, author])
    return _wish(wish)


@router.delete("/api/v1/rounds/{round_id}/wishes/{wish_id}", status_code=204, responses=WRITE)
def remove_wish(work: Writing, round_id: Id, wish_id: Id) -> None:
    """Take back what one has said of working with somebody; those who run the round may remove any."""
    round_ = visible_round(work.session, work.viewer, round_id)
    wish = work.session.exec(select(Wish).where(Wish.round_id == round_.id, Wish.id == wish_id)).first()
    if wish is None:
        raise not_found()
    author = _author(work, round_, wish.from_id)
    work.session.delete(wish)
    work.session.flush()
    _note(work, "wish.remove", round_.area_id, [round_.id, wish_id, author])


@router.get("/api/v1/rounds/{round_id}/choices", responses=READ)
def list_choices(work: Reading, round_id: Id) -> ChoiceList:
    """List those of one's own organisation about whom one may say a wish: mentors to a mentee, mentees to a mentor."""
    round_ = visible_round(work.session, work.viewer, round_id)
    sides = _sides(work, round_)
    own = people_by_id(work.session, work.viewer.person_ids & sides.keys())
    areas = {person.area_id for person in own.values()}
    wanted = {other for id_ in own for other, of in sides.items() if other != id_ and of - sides[id_]}
    found = [person for person in people_by_id(work.session, wanted).values() if person.area_id in areas]
    words = open_people(work.session, work.core.vault, found)
    items = [Choice(person=person.id, name=words[person.id].name or person.code) for person in found]
    return ChoiceList(items=sorted(items, key=lambda one: (one.name, one.person))[:1000])


def _author(work: Work, round_: Round, author: str | None) -> str:
    """Return whose wish it is: one's own, or that of a paper those who run the round have."""
    own = sorted(work.viewer.person_ids)
    if author is None or author in own:
        if not own:
            raise wrong_input([Fault("body.author", text("say whose wish it is"))])
        return author or own[0]
    if not roles_over(work.session, work.viewer, round_.area_id) & RUNNERS:
        raise not_found()
    return author


def _sides(work: Work, round_: Round) -> dict[str, frozenset[str]]:
    """Return on which side everybody of the registers may be."""
    classes, roster = open_nameless(work.core.vault, work.session.get_one(RosterFile, round_.roster_id))
    found: dict[str, frozenset[str]] = {}
    for mentor in roster.mentors:
        found[mentor.person] = frozenset({"mentor"})
    for mentee in roster.mentees:
        id_ = classes[mentee.person] if mentee.is_class else mentee.person
        found[id_] = found.get(id_, frozenset()) | {"mentee"}
    return found


def _is(sides: dict[str, frozenset[str]], one: str, side: str, other: str, other_side: str) -> bool:
    return side in sides[one] and other_side in sides[other]


def _wish(wish: Wish) -> WishOut:
    return WishOut(id=wish.id, author=wish.from_id, to=wish.to_id, score=wish.score, veto=wish.veto)


def _note(work: Work, action: str, area_id: str, subjects: list[str]) -> None:
    append_audit(
        work.session, work.core.vault, actor=work.viewer.actor, action=action, area_id=area_id, subjects=subjects
    )
