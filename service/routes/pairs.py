"""Pairs of a round, mentees who have nobody, and replacements that are due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from matcher.roster import Roster
from matcher.texts import say
from service.errors import not_found
from service.records.policies import policy_of
from service.records.shapes import Id
from service.rounds.common_slots import count_common
from service.rounds.desk import pairs_in_sight, roles_over, visible_round
from service.rounds.inputs import present_sides
from service.rounds.life import LIVE, OPEN
from service.rounds.nobody import why_nobody
from service.rounds.paging import cut, in_counting_order, no_such_page
from service.rounds.pair_list import Listed, codes_of_pairs, open_tasks, pairs_in_order, pairs_seen_by, show_pairs
from service.rounds.people import Known, known_people, people_by_id
from service.rounds.rosters import ids_of
from service.rounds.show import PairOut
from service.routes.answers import READ, Limit
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.rounds import Pair, RosterFile, Round
from service.viewer import in_areas
from service.work import Reading, Work, WorkRoute, etag

router = APIRouter(route_class=WorkRoute, tags=["pairs"])

PairState = Literal[
    "proposed",
    "agreed",
    "confirmed",
    "active",
    "prolonged",
    "aftercare",
    "closed",
    "terminated",
    "declined",
    "dropped",
]
_STATES = (*OPEN, *LIVE, "closed", "terminated", "declined", "dropped")


class PairPage(BaseModel):
    """A page of pairs."""

    items: list[PairOut]
    next: str | None


class Reason(BaseModel):
    """A rule, and how many mentors it keeps away."""

    rule: str
    clause: str
    message: str
    mentors: int


class Nobody(BaseModel):
    """A mentee who has nobody, and why; ``only_full`` mentors fit, but have no room or were needed elsewhere."""

    mentee: str
    code: str
    name: str
    reasons: list[Reason]
    only_full: int


class NobodyPage(BaseModel):
    """A page of mentees who have nobody."""

    items: list[Nobody]
    next: str | None


class Task(BaseModel):
    """A mentee who needs another mentor, and by when one is to be proposed (five working days)."""

    pair: str
    mentee: str
    why: str
    due_day: date
    overdue: bool
    decision: str


class TaskList(BaseModel):
    """The replacements that are due, the most urgent first."""

    items: list[Task]


class CommonSlots(BaseModel):
    """Hours of a usual week that two people have in common; null where the week of one of them is not known."""

    common_slots: int | None


@router.get("/api/v1/rounds/{round_id}/pairs", responses=READ)
def list_pairs(
    work: Reading,
    round_id: Id,
    state: Annotated[list[PairState] | None, Query()] = None,
    mentor: Annotated[Id | None, Query()] = None,
    mentee: Annotated[Id | None, Query()] = None,
    area: Annotated[Id | None, Query(description="an organisation of either side")] = None,
    sort: Annotated[Literal["mentor", "mentee", "state"], Query()] = "mentee",
    after: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> PairPage:
    """List the pairs one may see: of one's round, of one's school on either side, or one's own."""
    round_ = visible_round(work.session, work.viewer, round_id)
    wanted: list[ColumnElement[bool]] = [] if state is None else [col(Pair.state).in_(state)]
    wanted += [] if mentor is None else [col(Pair.mentor_id) == mentor]
    wanted += [] if mentee is None else [col(Pair.mentee_id) == mentee]
    wanted += [] if area is None else [or_(col(Pair.mentor_area_id) == area, col(Pair.mentee_area_id) == area)]
    listed = codes_of_pairs(work.session, work.viewer, round_, wanted)
    kept, following = cut(sorted(listed, key=_KEYS[sort]), limit, after)
    return PairPage(items=_shown(work, round_, pairs_in_order(work.session, [one.id for one in kept])), next=following)


@router.get("/api/v1/rounds/{round_id}/pairs/{pair_id}", responses=READ)
def show_pair(work: Reading, round_id: Id, pair_id: Id, response: Response) -> PairOut:
    """Return one pair; the ETag is that of its round, on which decisions rest."""
    round_ = visible_round(work.session, work.viewer, round_id)
    found = pairs_seen_by(work.session, work.viewer, round_, pair_id)
    if not found:
        raise not_found()
    response.headers.update(etag(round_.version))
    return _shown(work, round_, found)[0]


@router.get("/api/v1/rounds/{round_id}/unmatched", responses=READ)
def list_unmatched(
    work: Reading,
    round_id: Id,
    after: Annotated[Id | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=50, description="how many to send at most")] = 20,
) -> NobodyPage:
    """List the mentees of one's areas who have no pair, with the rules that keep mentors away."""
    vault = work.core.vault
    round_ = visible_round(work.session, work.viewer, round_id)
    roster, free = free_mentees(work, round_)
    if after is not None and all(person.id != after for person in free):
        raise no_such_page()
    kept, following = cut(free, limit, after)
    codes = [person.code for person in kept]
    why = why_nobody(roster, policy_of(round_), round_.reference_day, codes) if codes else {}
    items = []
    for person in kept:
        reasons = [
            Reason(rule=one.rule, clause=one.clause, message=say(one.message, work.lang), mentors=one.mentors)
            for one in why[person.code].obstacles
        ]
        found = {"mentee": person.id, "code": person.code, "name": person.words(vault).name}
        items.append(Nobody(**found, reasons=reasons, only_full=why[person.code].fitting))
    return NobodyPage(items=items, next=following)


def free_mentees(work: Work, round_: Round) -> tuple[Roster, list[Known]]:
    """Return the mentors and mentees of a round, and the mentees of one's areas who have no pair, by code."""
    session = work.session
    roster, ids = present_sides(session, work.core.vault, round_)
    served = set(session.exec(select(Pair.mentee_id).where(Pair.round_id == round_.id, _standing())))
    rows = known_people(session, (ids[mentee.person] for mentee in roster.mentees))
    whole = bool(roles_over(session, work.viewer, round_.area_id))
    below = set() if whole else _areas_of(work)
    free = [person for id_, person in rows.items() if id_ not in served and (whole or person.area_id in below)]
    return roster, sorted(free, key=lambda person: (in_counting_order(person.code), person.id))


@router.get("/api/v1/rounds/{round_id}/replacements", responses=READ)
def list_replacements(work: Reading, round_id: Id) -> TaskList:
    """List who needs another mentor, and by when one is to be proposed."""
    round_ = visible_round(work.session, work.viewer, round_id)
    seen = {pair.id for pair in work.session.exec(select(Pair).where(Pair.round_id == round_.id, _in_sight(work)))}
    today = now().date()
    found = [
        Task(
            pair=pair.id,
            mentee=pair.mentee_id,
            why=str(one.details.get("trigger") or one.details.get("end_reason")),
            due_day=date.fromisoformat(one.details["due_day"]),
            overdue=date.fromisoformat(one.details["due_day"]) < today,
            decision=one.id,
        )
        for one, pair in open_tasks(work.session, round_)
        if pair.id in seen
    ]
    return TaskList(items=sorted(found, key=lambda task: (task.due_day, task.pair)))


@router.get("/api/v1/rounds/{round_id}/common-slots", responses=READ)
def show_common_slots(
    work: Reading,
    round_id: Id,
    mentor: Annotated[Id, Query(description="the mentor")],
    mentee: Annotated[Id, Query(description="the mentee")],
) -> CommonSlots:
    """Say how many hours of a usual week two people have in common, never when: for people of other schools too."""
    round_ = visible_round(work.session, work.viewer, round_id)
    rows = people_by_id(work.session, (mentor, mentee))
    ids = ids_of(work.session, work.core.vault, work.session.get_one(RosterFile, round_.roster_id))
    own = bool(roles_over(work.session, work.viewer, round_.area_id)) or bool(
        {person.area_id for person in rows.values()} & _areas_of(work)
    )
    if len(rows) != 2 or not {mentor, mentee} <= set(ids.values()) or not own:
        raise not_found()
    codes = (rows[mentor].code, rows[mentee].code)
    return CommonSlots(common_slots=count_common(work.session, work.core.vault, round_, codes))


def _shown(work: Work, round_: Round, pairs: list[Pair]) -> list[PairOut]:
    return show_pairs(
        work.session, work.core.vault, round_, pairs, today=now().date(), lang=work.lang, viewer=work.viewer
    )


_KEYS: Mapping[str, Callable[[Listed], tuple[object, ...]]] = {
    "mentor": lambda one: (one.mentor, one.mentee, one.id),
    "mentee": lambda one: (one.mentee, one.mentor, one.id),
    "state": lambda one: (_STATES.index(one.state), one.mentee, one.mentor, one.id),
}


def _standing() -> Any:
    return col(Pair.state).in_((*OPEN, *LIVE))


def _in_sight(work: Work) -> Any:
    return pairs_in_sight(work.viewer)


def _areas_of(work: Work) -> set[str]:
    return set(work.session.exec(select(Area.id).where(in_areas(Area.id, work.viewer))))
