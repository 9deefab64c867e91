"""Everybody of the lists, and the card of one: what is kept of him, what he has consented to, how he is erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Response
from pydantic import ValidationError
from sqlmodel import col, or_, select

from matcher.texts import Text, text
from service.errors import Problem, not_found
from service.pages.acting import word
from service.pages.role_words import ROLE_WORDS
from service.pages.shell import go, page
from service.pages.upload_form import Sent
from service.privacy.grounds import TERMS, Ground
from service.privacy.purposes import TITLES
from service.records.shapes import Id
from service.rounds.desk import pairs_in_sight
from service.rounds.life import state_text
from service.rounds.people import open_people, open_person, people_by_id
from service.routes.consents import list_consents
from service.routes.people import ErasureAsked, ErasureItem, ask_to_erase, carry_out, list_erasures
from service.tables.access import Role
from service.tables.areas import Area, Person
from service.tables.rounds import Pair, Round
from service.viewer import in_scope
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

PER_PAGE = 100
ERASERS = frozenset({Role.HEAD, Role.MUNICIPAL_OPERATOR, Role.ADMINISTRATOR})
CONSENT_STATES: Mapping[str, Text] = {
    "valid": text("in force"),
    "refused": text("refused"),
    "expired": text("has run out"),
    "withdrawn": text("withdrawn"),
    "none": text("not yet in force"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person in the list."""

    id: str
    name: str
    code: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """A pair of a person."""

    id: str
    round_id: str
    round_name: str
    side: str
    other: str
    state: Text


@router.get("/people/list")
def everybody(
    work: Reading,
    q: Annotated[str, Query(max_length=100)] = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """List the people of all lists, by name."""
    rows = list(
        work.session.exec(select(Person).where(in_scope(work.viewer, Person.area_id), col(Person.erased_at).is_(None)))
    )
    said = open_people(work.session, work.core.vault, rows)
    names = dict(
        work.session.exec(select(Area.id, Area.name).where(col(Area.id).in_({one.area_id for one in rows}))).all()
    )
    found = [
        PersonLine(id=one.id, name=said[one.id].name or one.code, code=one.code, area=names[one.area_id])
        for one in rows
        if one.sealed is not None
    ]
    wanted = q.casefold().split()
    kept = [one for one in found if all(part in f"{one.name} {one.code} {one.area}".casefold() for part in wanted)]
    kept.sort(key=lambda one: (one.name.casefold(), one.code))
    return page(
        work,
        "people_list",
        lines=kept[start : start + PER_PAGE],
        total=len(kept),
        start=start,
        per_page=PER_PAGE,
        q=q,
        erasures=_erasures(work),
    )


def _erasures(work: Work) -> list[tuple[ErasureItem, str]]:
    """Return who waits to be erased, with the name while it is still known."""
    items = list_erasures(work, 50, None).items
    people = people_by_id(work.session, [one.person for one in items])
    said = open_people(work.session, work.core.vault, people.values())
    return [(one, said[one.person].name or people[one.person].code) for one in items]


@router.get("/people/list/{person_id}")
def card(work: Reading, person_id: Id) -> Response:
    """Show the card of one person."""
    return _card(work, person_id)


def _card(work: Work, person_id: str, problem: Problem | None = None) -> Response:
    seen = in_scope(work.viewer, Person.area_id)
    person = work.session.exec(select(Person).where(Person.id == person_id, seen)).first()
    if person is None:
        raise not_found()
    words = open_person(work.session, work.core.vault, person)
    waiting = [one for one in list_erasures(work, 200, None).items if one.person == person_id]
    return page(
        work,
        "person_card",
        status=200 if problem is None else problem.status,
        person=person,
        words=words,
        area=work.session.get_one(Area, person.area_id),
        pairs=_pairs(work, person_id),
        consents=list_consents(work, 200, None, person_id).items,
        titles=TITLES,
        consent_states=CONSENT_STATES,
        grounds=TERMS,
        erasure=waiting[0] if waiting else None,
        may_erase=bool(work.viewer.roles & ERASERS),
        role_words=ROLE_WORDS,
        problem=problem,
    )


def _pairs(work: Work, person_id: str) -> list[PairLine]:
    own = or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id)
    rows = work.session.exec(
        select(Pair, Round)
        .join(Round, col(Round.id) == col(Pair.round_id))
        .where(own, pairs_in_sight(work.viewer), Pair.state != "dropped")
        .order_by(col(Round.created_at).desc())
    ).all()
    others = {pair.id: pair.mentee_id if pair.mentor_id == person_id else pair.mentor_id for pair, _ in rows}
    people = people_by_id(work.session, others.values())
    said = open_people(work.session, work.core.vault, people.values())
    return [
        PairLine(
            id=pair.id,
            round_id=round_.id,
            round_name=round_.name,
            side="mentor" if pair.mentor_id == person_id else "mentee",
            other=said[others[pair.id]].name or people[others[pair.id]].code,
            state=state_text(pair.state),
        )
        for pair, round_ in rows
    ]


@router.post("/people/list/{person_id}/erasure")
def ask_erasure(work: Writing, person_id: Id, form: Sent) -> Response:
    """Queue a person to be erased."""
    try:
        body = ErasureAsked.model_validate({"ground": word(form, "ground") or Ground.PURPOSE_REACHED})
    except ValidationError:
        raise not_found() from None
    ask_to_erase(work, person_id, body, Response())
    return go(f"/people/list/{person_id}")


@router.post("/people/erasures/{erasure_id}")
def erase(work: Writing, erasure_id: Id, after: BackgroundTasks) -> Response:
    """Erase a person now, and show the list, where the act can be taken."""
    carry_out(work, erasure_id, after)
    return go(f"/people/erased/{erasure_id}")


@router.get("/people/erased/{erasure_id}")
def erased(work: Reading, erasure_id: Id) -> Response:
    """Show that a person is erased, and the papers that prove it."""
    found = [one for one in list_erasures(work, 200, None, True).items if one.id == erasure_id]
    if not found:
        raise not_found()
    return page(work, "erased", erasure=found[0])
