"""What an area hands over of itself: the history of a person, the card of its school of mentoring, statistics."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from sqlmodel import col, select

from matcher.indicators.period import school_year_of, school_year_period
from matcher.indicators.report import count_participants
from service.errors import not_found
from service.records.banks import OVER, WORKING, open_bank
from service.records.gate_ticks import CuratorAppointment
from service.records.monitoring import build_area_facts
from service.records.plans_of_areas import Roadmap
from service.records.policies import policy_of
from service.records.registers import mentee_register, mentor_register, partner_register, practice_register
from service.records.store import read_fields
from service.records.tasks import policies_of, rounds_of
from service.routes.answers import READ
from service.routes.records_registers import AreaId
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.records import Record
from service.tables.rounds import Pair, Round
from service.viewer import area_of, in_scope
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["registers"])


class Took(BaseModel):
    """A part somebody took in mentoring."""

    round: str
    round_name: str
    pair: str
    side: str
    form: str
    kind: str
    state: str
    first_day: date | None
    last_day: date | None
    end_reason: str | None
    full_cycle: bool


class History(BaseModel):
    """Everything somebody took part in, the newest first."""

    person: str
    code: str
    items: list[Took]


@router.get("/api/v1/registers/people/{person_id}/history", responses=READ)
def history_of(work: Reading, person_id: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]) -> History:
    """Return the rounds and pairs of one person of one's areas (KAL 3.9: personified account)."""
    session = work.session
    person = session.exec(select(Person).where(Person.id == person_id, in_scope(work.viewer, Person.area_id))).first()
    if person is None:
        raise not_found()
    either = (col(Pair.mentor_id) == person_id) | (col(Pair.mentee_id) == person_id)
    query = select(Pair, Round).join(Round, col(Round.id) == col(Pair.round_id)).where(either)
    rows = session.exec(query.order_by(col(Pair.since).desc(), col(Pair.id))).all()
    items = [
        Took(
            round=round_.id,
            round_name=round_.name,
            pair=pair.id,
            side="mentor" if pair.mentor_id == person_id else "mentee",
            form=pair.form,
            kind=pair.kind,
            state=pair.state,
            first_day=pair.first_day,
            last_day=pair.last_day,
            end_reason=pair.end_reason,
            full_cycle=pair.full_cycle,
        )
        for pair, round_ in rows
    ]
    return History(person=person_id, code=person.code, items=items)


class SchoolCard(BaseModel):
    """The School of Mentoring of an area, for the register of the regional network (ANU 4.2, D-17)."""

    area: str
    name: str
    curator: str | None
    curator_position: str | None
    roadmap: str | None
    roadmap_state: str | None
    organisations: list[str]
    regulations: list[str]
    mentors: int
    mentees: int
    pairs_now: int
    pairs_over: int
    by_form: dict[str, int]
    by_ground: dict[str, int]
    practices: list[str]
    partners: list[str]


@router.get("/api/v1/registers/school-card", responses=READ)
def school_card(work: Reading, area: AreaId) -> SchoolCard:
    """Return the card of the School of Mentoring; it names nobody but the curator."""
    session, vault = work.session, work.core.vault
    place = area_of(work.session, work.viewer, area)
    bank = open_bank(session, vault, place)
    appointment = _own(work, place, "curator_appointment", "in_force")
    roadmap = _own(work, place, "roadmap", None)
    named = None if appointment is None else read_fields(session, vault, CuratorAppointment(), appointment)
    working = [pair for pair in bank.pairs if pair.state in WORKING]
    return SchoolCard(
        area=place.id,
        name=place.name,
        curator=None if named is None else named.name,
        curator_position=None if named is None else named.position,
        roadmap=None if roadmap is None else read_fields(session, vault, Roadmap(), roadmap).title,
        roadmap_state=None if roadmap is None else roadmap.state,
        organisations=sorted(one.name for one in bank.areas.values() if one.kind == "organisation"),
        regulations=sorted(policies_of(rounds_of(session, place))),
        mentors=len(mentor_register(session, bank)),
        mentees=len(mentee_register(bank)),
        pairs_now=len(working),
        pairs_over=sum(pair.state in OVER for pair in bank.pairs),
        by_form=dict(sorted(Counter(pair.form for pair in working).items())),
        by_ground=dict(sorted(Counter(pair.model for pair in working if pair.model is not None).items())),
        practices=[one.title for one in practice_register(session, vault, bank.areas)],
        partners=[one.name for one in partner_register(session, vault, bank.areas) if one.state == "active"],
    )


def _own(work: Work, area: Area, kind: str, state: str | None) -> Record | None:
    query = select(Record).where(Record.kind == kind, Record.area_id == area.id, col(Record.replaced_at).is_(None))
    query = query.where(Record.state == state) if state is not None else query.where(Record.state != "withdrawn")
    return work.session.exec(query.order_by(col(Record.created_at).desc()).limit(1)).first()


class StatisticalRow(BaseModel):
    """How many people take part in a form, on one side, by kind of person and age."""

    organisation: str
    form: str
    side: str
    person_kind: str
    ages: str
    people: int


class StatisticalSheet(BaseModel):
    """The data of the statistical form (KAL 3.9, DAL 5.2.2, D-15); sending it is outside (A-16)."""

    area: str
    policy: str
    school_year: int
    first_day: date
    last_day: date
    items: list[StatisticalRow]


@router.get("/api/v1/registers/statistics", responses=READ)
def statistics(
    work: Reading,
    area: AreaId,
    policy: Annotated[str | None, Query(max_length=100, description="id of the regulation")] = None,
    school_year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> StatisticalSheet:
    """Return the number of participants by form and age; without a regulation that of the newest round counts."""
    place = area_of(work.session, work.viewer, area)
    known = rounds_of(work.session, place)
    chosen = next((one for one in known if policy in (None, one.policy_id)), None)
    if chosen is None:
        raise not_found()
    today = now().date()
    year = school_year_of(today) if school_year is None else school_year
    period = school_year_period(year)
    facts = build_area_facts(work.session, work.core.vault, place, policy_of(chosen), today)
    items = [
        StatisticalRow(
            organisation=one.organisation,
            form=str(one.form),
            side=str(one.side),
            person_kind=str(one.person_kind),
            ages=one.ages,
            people=one.people,
        )
        for one in count_participants(facts, policy_of(chosen), period)
    ]
    return StatisticalSheet(
        area=place.id,
        policy=chosen.policy_id,
        school_year=year,
        first_day=period.first_day,
        last_day=period.last_day,
        items=items,
    )
