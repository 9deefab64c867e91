"""Registers of an area, put together from its schools; the card of its school of mentoring; the statistical sheet."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.indicators.period import school_year_of, school_year_period
from matcher.indicators.report import count_participants
from matcher.roster import MenteeCategory, MentoringForm
from matcher.texts import text
from service.errors import FaultBody, fault_body, not_found, wrong_input
from service.privacy.allowed import refuse, today_in
from service.privacy.cells import write_xlsx
from service.records.banks import OVER, WORKING, Bank, areas_below, open_bank, open_merged_bank
from service.records.gate_ticks import CuratorAppointment
from service.records.monitoring import build_area_facts
from service.records.plans_of_areas import Roadmap
from service.records.policies import policy_of
from service.records.register_files import sheet_of
from service.records.registers import (
    Entry,
    MenteeEntry,
    MentorEntry,
    PartnerEntry,
    PracticeEntry,
    ProgrammeEntry,
    mentee_register,
    mentor_register,
    partner_register,
    practice_register,
    programme_register,
)
from service.records.store import read_fields
from service.records.tasks import policies_of, rounds_of
from service.routes.answers import READ, Limit, problems
from service.tables.access import Role
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.records import Record
from service.tables.rounds import Pair, Round
from service.viewer import area_of, in_scope
from service.work import Reading, Work

router = APIRouter(tags=["registers"])

AreaId = Annotated[str, Query(pattern=r"^[0-9a-f]{32}$", description="the area; all below it are put together")]
After = Annotated[str | None, Query(max_length=64, description="the `next` of the page before")]
E = TypeVar("E", bound=Entry)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegisterName(StrEnum):
    """The registers there are."""

    MENTORS = "mentors"
    MENTEES = "mentees"
    PARTNERS = "partners"
    PROGRAMMES = "programmes"
    PRACTICES = "practices"


class MentorPage(BaseModel):
    """A page of the register of mentors; ``total`` counts all.

    ``withheld`` says whom of the page a register of several schools does not name, for want of which consent.
    """

    items: list[MentorEntry]
    total: int
    next: str | None
    withheld: list[FaultBody] = []


class MenteePage(BaseModel):
    """A page of the register of mentees; ``withheld`` as of mentors."""

    items: list[MenteeEntry]
    total: int
    next: str | None
    withheld: list[FaultBody] = []


class PartnerPage(BaseModel):
    """A page of the register of partners."""

    items: list[PartnerEntry]
    total: int
    next: str | None


class ProgrammePage(BaseModel):
    """A page of the register of programmes."""

    items: list[ProgrammeEntry]
    total: int
    next: str | None


class PracticePage(BaseModel):
    """A page of the bank of practices."""

    items: list[PracticeEntry]
    total: int
    next: str | None


@router.get("/api/v1/registers/mentors", responses=READ)
def list_mentors(work: Reading, area: AreaId, limit: Limit = 50, after: After = None) -> MentorPage:
    """Return the mentors of an area with what they have done; who seems to be entered twice is shown as such."""
    bank = _bank(work, area)
    items, total, following = _page(mentor_register(work.session, bank), limit, after)
    return MentorPage(items=items, total=total, next=following, withheld=_withheld(work, bank, items))


@router.get("/api/v1/registers/mentees", responses=READ)
def list_mentees(
    work: Reading, area: AreaId, category: MenteeCategory | None = None, limit: Limit = 50, after: After = None
) -> MenteePage:
    """Return the mentees of an area, of one category where it is named (KAL 3.10)."""
    bank = _bank(work, area)
    found = mentee_register(bank, None if category is None else str(category))
    items, total, following = _page(found, limit, after)
    return MenteePage(items=items, total=total, next=following, withheld=_withheld(work, bank, items))


@router.get("/api/v1/registers/partners", responses=READ)
def list_partners(work: Reading, area: AreaId, limit: Limit = 50, after: After = None) -> PartnerPage:
    """Return the partners of an area with their contracts (DAL 3.2.1)."""
    items, total, following = _page(_partners(work, area), limit, after)
    return PartnerPage(items=items, total=total, next=following)


@router.get("/api/v1/registers/programmes", responses=READ)
def list_programmes(work: Reading, area: AreaId, limit: Limit = 50, after: After = None) -> ProgrammePage:
    """Return the programmes of pairs with a side in an area (KAL 3.9)."""
    items, total, following = _page(programme_register(work.session, _bank(work, area)), limit, after)
    return ProgrammePage(items=items, total=total, next=following)


@router.get("/api/v1/registers/practices", responses=READ)
def list_practices(
    work: Reading, area: AreaId, form: MentoringForm | None = None, limit: Limit = 50, after: After = None
) -> PracticePage:
    """Return the approved practices of an area, those of one form where it is named (DAL 3.2.1)."""
    items, total, following = _page(_practices(work, area, form), limit, after)
    return PracticePage(items=items, total=total, next=following)


@router.get("/api/v1/registers/{register}/xlsx", responses=problems(404, 409), response_class=Response)
def export_register(
    work: Reading,
    register: Annotated[RegisterName, Path()],
    area: AreaId,
    codes: Annotated[bool, Query(description="show people without their consent by code, instead of refusing")] = False,
) -> Response:
    """Return a whole register as a workbook; one of several schools names people only with their consent."""
    if register is RegisterName.PROGRAMMES and not work.viewer.roles & _WITH_NAMES:
        raise not_found()
    entries = _entries(work, register, area, codes=codes)
    sheet = sheet_of(register, entries, work.lang)
    with tempfile.TemporaryDirectory(dir=work.core.settings.folder) as folder:
        path = FilePath(folder) / "register.xlsx"
        write_xlsx(path, [sheet])
        content = path.read_bytes()
    name = {"Content-Disposition": f'attachment; filename="{register}.xlsx"', "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=name)


_WITH_NAMES = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR, Role.HEAD, Role.TECHNICAL_SPECIALIST})


def _entries(work: Work, register: RegisterName, area: str, *, codes: bool) -> Sequence[Entry]:
    """Return the lines of a register to hand out; without ``codes`` nobody may be lacking a consent to be named."""
    entries: Sequence[Entry]
    match register:
        case RegisterName.PARTNERS:
            return _partners(work, area)
        case RegisterName.PRACTICES:
            return _practices(work, area, None)
    bank = _bank(work, area)
    if register is RegisterName.PROGRAMMES:
        entries = programme_register(work.session, bank)
        pairs = {one.id: one for one in bank.pairs}
        named = {id_ for one in entries for id_ in (pairs[one.pair].mentor_id, pairs[one.pair].mentee_id)}
    else:
        entries = mentor_register(work.session, bank) if register is RegisterName.MENTORS else mentee_register(bank)
        named = {one.id for one in entries}
    if not codes:
        refuse([fault for id_ in named for fault in bank.withheld.get(id_, ())])
    return entries


def _bank(work: Work, area: str) -> Bank:
    return open_merged_bank(work.session, work.core.vault, _area(work, area), today_in(work.core))


def _withheld(work: Work, bank: Bank, items: Sequence[Entry]) -> list[FaultBody]:
    return [fault_body(fault, work.lang) for one in items for fault in bank.withheld.get(one.id, ())]


def _partners(work: Work, area: str) -> list[PartnerEntry]:
    return partner_register(work.session, work.core.vault, areas_below(work.session, _area(work, area)))


def _practices(work: Work, area: str, form: MentoringForm | None) -> list[PracticeEntry]:
    areas = areas_below(work.session, _area(work, area))
    return practice_register(work.session, work.core.vault, areas, None if form is None else str(form))


def _area(work: Work, area_id: str) -> Area:
    return area_of(work.session, work.viewer, area_id)


def _page(entries: list[E], limit: int, after: str | None) -> tuple[list[E], int, str | None]:
    start = 0
    if after is not None:
        start = next((at + 1 for at, one in enumerate(entries) if one.id == after), -1)
        if start < 0:
            raise wrong_input([Fault("after", text("this is no `next` of a page"))])
    items = entries[start : start + limit]
    more = start + limit < len(entries)
    return items, len(entries), items[-1].id if more and items else None


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
    place = _area(work, area)
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
    if state is not None:
        query = query.where(Record.state == state)
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
    place = _area(work, area)
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
