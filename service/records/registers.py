"""The registers of an area: mentors, mentees, partners, programmes, practices, of all schools together.

Registers of schools are put together, never people: whoever seems to be one person in two of them (the same name,
letters folded, and the same birthday) is shown as such, and a human decides.

References
----------
C-19; KAL-14, KAL-15, KAL-19; DAL-07, DAL-16; SMO-09.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlmodel import Session, col, select

from service.among import among
from service.records.banks import OVER, WORKING, Bank, doubles_of, folded, same_names
from service.records.for_rosters import standings, training_days
from service.records.resources import Partner, PartnerContract, Practice
from service.records.store import read_fields
from service.rounds.people import Known, known_people
from service.tables.areas import Area
from service.tables.columns import now as moment
from service.tables.records import Record
from service.vault import Vault

E = TypeVar("E", "MentorEntry", "MenteeEntry")


class Entry(BaseModel):
    """A line of a register; ``same_as`` are lines that seem to be about the same person or partner."""

    id: str
    area: str
    organisation: str
    same_as: list[str] = []


class MentorEntry(Entry):
    """A mentor as the newest roster has him, and what he has done."""

    code: str
    name: str
    position: str | None = None
    status: str | None = None
    source: str | None = None
    forms: list[str] = []
    topics: list[str] = []
    approvals: list[str] = []
    results_confirmed: bool | None = None
    trained_on: date | None = None
    pairs_now: int = 0
    pairs_over: int = 0
    full_cycles: int = 0


class MenteeEntry(Entry):
    """A mentee as the newest roster has him, and what became of his programmes."""

    code: str
    name: str
    position: str | None = None
    primary_category: str | None = None
    categories: list[str] = []
    topics: list[str] = []
    mentors_now: int = 0
    pairs_over: int = 0
    full_cycles: int = 0
    unmatched_last_round: bool = False


class PartnerEntry(Entry):
    """A partner and its contract in force."""

    name: str
    type: str
    code: str | None = None
    contact: str | None = None
    state: str
    contract: str | None = None
    contract_until: date | None = None


class ProgrammeEntry(Entry):
    """A programme of a pair."""

    pair: str
    mentor: str
    mentee: str
    form: str
    kind: str
    state: str
    number: int
    first_day: date | None = None
    last_day: date | None = None
    complete: bool
    full_cycle: bool


class PracticeEntry(Entry):
    """A card of a practice."""

    title: str
    form: str | None = None
    mentoring_kind: str | None = None
    problem: str | None = None
    state: str


def mentor_register(session: Session, bank: Bank) -> list[MentorEntry]:
    """Return the mentors of an area."""
    ids = {*bank.mentors, *(pair.mentor_id for pair in bank.pairs if pair.state in (*WORKING, *OVER))} & set(
        bank.people
    )
    trained, stands = training_days(session, ids), standings(session, ids, moment().date())
    now, over, cycles = _numbers(bank, "mentor_id")
    found = []
    for id_ in ids:
        mentor, said = bank.mentors.get(id_), bank.said.get(id_)
        days = [day for day in (trained.get(id_), None if mentor is None else mentor.mentor_training_day) if day]
        found.append(
            MentorEntry(
                **_head(bank, id_),
                position=None if said is None else said.position,
                status=stands.get(id_, None if mentor is None else str(mentor.status)),
                source=None if mentor is None else str(mentor.source),
                forms=[] if mentor is None else list(map(str, mentor.forms)),
                topics=[] if mentor is None else list(map(str, mentor.topics)),
                approvals=[] if mentor is None else list(map(str, mentor.approvals)),
                results_confirmed=None if mentor is None else mentor.results_confirmed,
                trained_on=max(days, default=None),
                pairs_now=now[id_],
                pairs_over=over[id_],
                full_cycles=cycles[id_],
            )
        )
    return _with_doubles(found, bank)


def mentee_register(bank: Bank, category: str | None = None) -> list[MenteeEntry]:
    """Return the mentees of an area, of one category where it is named (KAL-19)."""
    ids = {*bank.mentees, *(pair.mentee_id for pair in bank.pairs if pair.state in (*WORKING, *OVER))} & set(
        bank.people
    )
    now, over, cycles = _numbers(bank, "mentee_id")
    found = []
    for id_ in ids:
        mentee, said = bank.mentees.get(id_), bank.said.get(id_)
        categories = [] if mentee is None else list(map(str, mentee.categories))
        primary = None if mentee is None or mentee.primary_category is None else str(mentee.primary_category)
        if category is not None and category not in (*categories, primary):
            continue
        found.append(
            MenteeEntry(
                **_head(bank, id_),
                position=None if said is None else said.position,
                primary_category=primary,
                categories=categories,
                topics=[] if mentee is None else [str(one.topic) for one in mentee.requests],
                mentors_now=now[id_],
                pairs_over=over[id_],
                full_cycles=cycles[id_],
                unmatched_last_round=mentee is not None and mentee.unmatched_last_round,
            )
        )
    return _with_doubles(found, bank)


def programme_register(session: Session, bank: Bank) -> list[ProgrammeEntry]:
    """Return the programmes of pairs with a side in an area."""
    pairs = {pair.id: pair for pair in bank.pairs}
    people = known_people(session, (one for pair in bank.pairs for one in (pair.mentor_id, pair.mentee_id)))
    found = []
    for record in _records(session, "programme", Record.pair_id, pairs):
        pair = pairs[record.pair_id or ""]
        first, last = record.figures.get("first_day"), record.figures.get("last_day")
        found.append(
            ProgrammeEntry(
                id=record.root_id,
                area=record.area_id,
                organisation=bank.areas[record.area_id].name if record.area_id in bank.areas else "",
                pair=pair.id,
                mentor=_shown_name(bank, people[pair.mentor_id]),
                mentee=_shown_name(bank, people[pair.mentee_id]),
                form=pair.form,
                kind=pair.kind,
                state=record.state,
                number=record.number,
                first_day=None if first is None else date.fromisoformat(first),
                last_day=None if last is None else date.fromisoformat(last),
                complete=not record.figures.get("missing"),
                full_cycle=pair.full_cycle,
            )
        )
    return sorted(found, key=lambda one: (one.mentee, one.id))


def partner_register(session: Session, vault: Vault, areas: Mapping[str, Area]) -> list[PartnerEntry]:
    """Return the partners of areas with their contracts; partners of one name in two areas are shown as such."""
    kind, contracts = Partner(), _contracts(session, vault, areas)
    found = []
    for record in _records(session, kind.id, Record.area_id, areas):
        fields = read_fields(session, vault, kind, record)
        number, until = contracts.get(record.root_id, (None, None))
        found.append(
            PartnerEntry(
                id=record.root_id,
                area=record.area_id,
                organisation=areas[record.area_id].name,
                name=fields.name,
                type=str(fields.type),
                code=fields.code,
                contact=fields.contact,
                state=record.state,
                contract=number,
                contract_until=until,
            )
        )
    doubles = same_names((one.id, folded(one.name)) for one in found)
    for one in found:
        one.same_as = doubles.get(one.id, [])
    return sorted(found, key=lambda one: (folded(one.name), one.id))


def practice_register(
    session: Session, vault: Vault, areas: Mapping[str, Area], form: str | None = None
) -> list[PracticeEntry]:
    """Return the approved practices of areas, those of one form where it is named (DAL 3.2.1)."""
    kind = Practice()
    found = []
    for record in _records(session, kind.id, Record.area_id, areas):
        if record.state == "draft" or (form is not None and record.figures.get("form") != form):
            continue
        fields = read_fields(session, vault, kind, record)
        found.append(
            PracticeEntry(
                id=record.root_id,
                area=record.area_id,
                organisation=areas[record.area_id].name,
                title=fields.title,
                form=None if fields.form is None else str(fields.form),
                mentoring_kind=None if fields.mentoring_kind is None else str(fields.mentoring_kind),
                problem=fields.problem,
                state=record.state,
            )
        )
    return sorted(found, key=lambda one: (folded(one.title), one.id))


def _head(bank: Bank, id_: str) -> dict[str, Any]:
    person = bank.people[id_]
    area = bank.areas[person.area_id]
    return {
        "id": id_,
        "area": area.id,
        "organisation": area.name,
        "code": person.code,
        "name": bank.words[id_].name,
    }


def _numbers(bank: Bank, side: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    now = Counter(getattr(pair, side) for pair in bank.pairs if pair.state in WORKING)
    over = Counter(getattr(pair, side) for pair in bank.pairs if pair.state in OVER)
    cycles = Counter(getattr(pair, side) for pair in bank.pairs if pair.full_cycle)
    return now, over, cycles


def _with_doubles(entries: list[E], bank: Bank) -> list[E]:
    doubles = doubles_of({one.id: bank.words[one.id] for one in entries})
    for one in entries:
        one.same_as = doubles.get(one.id, [])
    return sorted(entries, key=lambda one: (folded(one.name), one.code, one.id))


def _shown_name(bank: Bank, person: Known) -> str:
    """Return the name of somebody of these areas, of anybody else only the code."""
    words = bank.words.get(person.id)
    return person.code if words is None or not words.name else words.name


def _contracts(session: Session, vault: Vault, areas: Mapping[str, Area]) -> dict[str, tuple[str | None, date | None]]:
    kind = PartnerContract()
    found: dict[str, tuple[str | None, date | None]] = {}
    for record in _records(session, kind.id, Record.area_id, areas):
        if record.state == "signed":
            fields = read_fields(session, vault, kind, record)
            found[fields.partner] = (fields.number, fields.last_day)
    return found


def _records(session: Session, kind: str, column: Any, ids: Iterable[str]) -> list[Record]:
    query = select(Record).where(Record.kind == kind, col(Record.replaced_at).is_(None), among(column, ids))
    return list(session.exec(query))
