"""The first page of a mentor, a mentee or a legal representative: what is proposed to him, what he answers."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlmodel import select

from matcher.texts import text
from service.errors import Problem, not_found, stale
from service.pages.own import OwnPair, acting, clock, own_pairs, own_rounds, today, weekday_names
from service.pages.own_meetings import own_meetings
from service.pages.shell import go, page
from service.privacy.consents import State, state
from service.privacy.purposes import uses
from service.privacy.rows import consents_of
from service.records.shapes import Id
from service.rounds.asked import DecisionIn
from service.rounds.decide import BEFORE_PROPOSED
from service.rounds.decided import decisions_of
from service.rounds.life import state_text
from service.rounds.own_week import person_hours
from service.routes.consents import list_purposes
from service.routes.decisions import decide_at
from service.routes.rounds import desk_of
from service.routes.wishes import WishIn, say_wish
from service.tables.rounds import Pair
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

Who = Annotated[str, Query(max_length=32)]
WhoForm = Annotated[str, Form(max_length=32)]
_STAGES = ("waits", "answered", "works", "over")


@router.get("/mine")
def mine(work: Reading, person: Who = "", said: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Show what concerns oneself, and what is to be done first."""
    return mine_page(work, person, said=said)


def mine_page(work: Work, person: str, *, said: str = "", problem: Problem | None = None) -> Response:
    """Return one's own first page, with what came of the last thing done."""
    me = acting(work, person)
    pairs = own_pairs(work, me)
    rounds = own_rounds(work, me.id)
    return page(
        work,
        "mine",
        status=200 if problem is None else problem.status,
        me=me,
        pairs={stage: [one for one in pairs if one.stage == stage] for stage in _STAGES},
        wishes=[one for one in rounds if _is_asked(one.state, pairs, one.id)],
        unread=_unread(work, me.id),
        has_week=person_hours(work.session, me.id),
        meetings=own_meetings(work, me),
        state_text=state_text,
        weekday=lambda day: weekday_names(day.isoweekday(), work.lang)[1],
        clock=clock,
        said=said,
        problem=problem,
    )


def _is_asked(state: str, pairs: list[OwnPair], round_id: str) -> bool:
    """Say whether wishes still count in a round: until its pairs are ordered, and while something is open."""
    return state in (*BEFORE_PROPOSED, "proposed") or any(one.round_id == round_id and one.waits for one in pairs)


def _unread(work: Work, person_id: str) -> int:
    """Return how many of the consents that work needs the person has not spoken of yet."""
    rows = consents_of(work.session, [person_id])[person_id]
    asked = {one.id for one in list_purposes(work, person_id)} & set(uses()["activation"].needs)
    return sum(state(rows, purpose, today(work)) is State.NONE for purpose in asked)


@router.post("/mine/answer")
def answer(
    work: Writing,
    pair: Annotated[Id, Form()],
    version: Annotated[int, Form()],
    what: Annotated[Literal["accept", "decline", "veto"], Form()],
    person: WhoForm = "",
) -> Response:
    """Accept a proposal, decline it, or say that one will not work with the other at all; nobody is asked why."""
    me = acting(work, person)
    done = go(f"/mine?said={what}{me.query.replace('?', '&')}")
    row = _own_pair(work, me.id, pair, None)
    side: Literal["mentor", "mentee"] = "mentor" if row.mentor_id == me.id else "mentee"
    if _is_answered(work, row, side, what):
        return done  # the button was pressed twice
    row = _own_pair(work, me.id, pair, version)
    desk = desk_of(work, row.round_id)
    decide_at(desk, DecisionIn(kind="accept" if what == "accept" else "decline", pair=pair, side=side))
    if what == "veto":
        other = row.mentee_id if side == "mentor" else row.mentor_id
        say_wish(work, row.round_id, WishIn(to=other, veto=True, author=me.id))
    return done


def _is_answered(work: Work, pair: Pair, side: str, what: str) -> bool:
    """Say whether this side has given the same answer before; a veto is more than a refusal."""
    said = [
        one
        for one in decisions_of(work.session, pair.round_id)
        if one.pair_id == pair.id and one.kind in ("accept", "decline") and one.details.get("side") == side
    ]
    wanted = {"accept": "accept", "decline": "decline"}.get(what)
    return bool(said) and "of" not in said[-1].details and said[-1].kind == wanted


@router.post("/mine/term")
def answer_term(
    work: Writing,
    pair: Annotated[Id, Form()],
    version: Annotated[int, Form()],
    decision: Annotated[Id, Form()],
    person: WhoForm = "",
) -> Response:
    """Agree to another last day that was proposed."""
    me = acting(work, person)
    row = _own_pair(work, me.id, pair, version)
    side: Literal["mentor", "mentee"] = "mentor" if row.mentor_id == me.id else "mentee"
    decide_at(desk_of(work, row.round_id), DecisionIn(kind="accept", decision=decision, side=side))
    return go(f"/mine?said=term{me.query.replace('?', '&')}")


@router.post("/mine/word")
def tell_curator(
    work: Writing, pair: Annotated[Id, Form()], words: Annotated[str, Form(max_length=2000)], person: WhoForm = ""
) -> Response:
    """Tell the curator something about a pair, such as that another mentor is wanted."""
    me = acting(work, person)
    row = _own_pair(work, me.id, pair, None)
    if not words.strip():
        raise Problem(422, "wrong-input", text("Write a few words to the curator."))
    decide_at(desk_of(work, row.round_id), DecisionIn(kind="comment", pair=pair, reason=words.strip()))
    return go(f"/mine?said=word{me.query.replace('?', '&')}")


def _own_pair(work: Work, person_id: str, pair_id: str, version: int | None) -> Pair:
    """Return a pair of the person, as he has seen it; the round may have gone on meanwhile."""
    row = work.session.exec(select(Pair).where(Pair.id == pair_id)).first()
    if row is None or person_id not in (row.mentor_id, row.mentee_id):
        raise not_found()
    if version is not None and row.version != version:
        raise stale()
    return row
