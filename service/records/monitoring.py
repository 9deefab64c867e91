"""The facts of monitoring of an area, gathered from rosters, pairs, meetings, decisions and records.

Organisations, municipalities and regions are named by the ids of their areas, programmes by the ids of their pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from matcher.indicators.build import reports
from matcher.indicators.facts import (
    Count,
    Facts,
    Notice,
    Participant,
    Programme,
    Question,
    Refusal,
    RefusalOf,
    Side,
    Statement,
    SurveyAnswer,
    Ticket,
    Vacancy,
    Veto,
    home_organisations,
)
from matcher.indicators.period import school_year_of
from matcher.policy import Policy
from matcher.policy_words import EndReason
from matcher.roster import Organisation, OrganisationType, PersonKind
from matcher.scheduling.terms import add_months
from service.among import among
from service.records.banks import Bank, open_bank
from service.records.figures_given import IndicatorInputs
from service.records.for_rosters import left_days
from service.records.gathered import Gathered, day_of, decisions_of, lines_of, records_of
from service.records.monitored_dates import done_of
from service.records.monitored_programmes import programmes_of
from service.records.open_needs import needs_of
from service.records.store import read_fields
from service.rounds.papers import DUTIES
from service.tables.areas import Area, AreaKind
from service.tables.privacy import Consent
from service.tables.records import Record
from service.tables.rounds import Pair, Round, Wish
from service.vault import Vault


def build_area_facts(
    session: Session,
    vault: Vault,
    area: Area,
    policy: Policy,
    today: date,
    *,
    bank: Bank | None = None,
    with_needs: bool = False,
) -> Facts:
    """Return the facts of an area as one regulation counts them: pairs of rounds that follow it.

    Whose requests nobody covers though others would is looked for where risks are told (``with_needs``).
    """
    bank = bank or open_bank(session, vault, area)
    rounds = _rounds(session, {pair.round_id for pair in bank.pairs}, policy.id)
    pairs = {pair.id: pair for pair in bank.pairs if pair.round_id in rounds}
    it = Gathered(
        session=session,
        vault=vault,
        policy=policy,
        today=today,
        bank=bank,
        pairs=pairs,
        records=records_of(session, pairs, bank),
        decisions=decisions_of(session, pairs),
        lines=lines_of(session, bank.areas.values()),
    )
    programmes = tuple(programmes_of(it))
    return Facts(
        organisations=tuple(_organisations(it)),
        people=_people(it, programmes),
        programmes=programmes,
        surveys=tuple(_surveys(it)),
        counts=tuple(_counts(it)),
        statements=tuple(_statements(it)),
        refusals=tuple(_refusals(it)),
        vetoes=tuple(_vetoes(it)),
        tickets=tuple(Ticket(programme=one.pair_id or "", day=day_of(one)) for one in it.records["conflict"]),
        done=tuple(done_of(it)),
        notices=tuple(_notices(it)),
        vacancies=tuple(_vacancies(it)),
        open_needs=tuple(needs_of(it, rounds.values())) if with_needs else (),
        leavers_since=_leavers_since(it),
        known_since=min((one.first_day for one in programmes if one.first_day is not None), default=None),
    )


def build_pair_facts(session: Session, vault: Vault, pairs: Sequence[Pair], policy: Policy, today: date) -> Facts:
    """Return the facts of some pairs alone: enough for the dates that bind their participants."""
    areas = {one.id: one for one in session.exec(select(Area).where(_among(pairs)))}
    bank = Bank(areas=areas, people={}, words={}, said={}, mentors={}, mentees={}, organisations={}, pairs=tuple(pairs))
    by_id = {pair.id: pair for pair in pairs}
    it = Gathered(
        session=session,
        vault=vault,
        policy=policy,
        today=today,
        bank=bank,
        pairs=by_id,
        records=records_of(session, by_id, replace(bank, areas={})),
        decisions=decisions_of(session, by_id),
        lines=lines_of(session, areas.values()),
    )
    return Facts(
        organisations=tuple(Organisation(id=id_) for id_ in areas),
        people=tuple(Participant(id=pair.mentee_id, organisation=pair.mentee_area_id) for pair in pairs),
        programmes=tuple(programmes_of(it)),
        done=tuple(done_of(it)),
        notices=tuple(_notices(it)),
        vacancies=tuple(_vacancies(it)),
    )


def _among(pairs: Sequence[Pair]) -> ColumnElement[bool]:
    return col(Area.id).in_({pair.mentee_area_id for pair in pairs})


def _rounds(session: Session, ids: Iterable[str], policy_id: str) -> dict[str, Round]:
    query = select(Round).where(among(Round.id, ids), Round.policy_id == policy_id)
    return {round_.id: round_ for round_ in session.exec(query)}


def _leavers_since(it: Gathered) -> date | None:
    """Return since when everybody who left is recorded in all organisations that give figures; None: in some never."""
    said: dict[str, date] = {}
    for record, fields in _inputs(it):
        if fields.leavers_since is not None:
            said[record.area_id] = min(fields.leavers_since, said.get(record.area_id, fields.leavers_since))
    schools = {one.id for one in _organisations(it)}
    return max(said[one] for one in schools) if schools and schools <= said.keys() else None


def _organisations(it: Gathered) -> Iterator[Organisation]:
    for area in it.bank.areas.values():
        if area.kind != AreaKind.ORGANISATION:
            continue
        said = it.bank.organisations.get(area.code, Organisation(id=area.code))
        municipality, region = it.lines[area.id]
        kind = said.type if area.organisation_type is None else OrganisationType(area.organisation_type)
        found = replace(said, id=area.id, name=area.name, type=kind, municipality=municipality, region=region)
        if reports(found, it.policy):
            yield found


def _people(it: Gathered, programmes: Sequence[Programme]) -> tuple[Participant, ...]:
    organisations = {id_ for id_, area in it.bank.areas.items() if area.kind == AreaKind.ORGANISATION}
    home = {id_: one.area_id for id_, one in it.bank.people.items() if one.area_id in organisations}
    guests = {one.mentor for one in programmes} - set(home)
    away = home_organisations(programmes, guests, home)
    refused = {one.person for one in _refusals(it)}
    left = left_days(it.session, {*home, *away}, it.today)
    places = {**home, **away}
    return tuple(_participant(it, id_, organisation, refused, left) for id_, organisation in places.items())


def _participant(it: Gathered, id_: str, organisation: str, refused: set[str], left: Mapping[str, date]) -> Participant:
    bank = it.bank
    said, mentor, mentee = bank.said.get(id_), bank.mentors.get(id_), bank.mentees.get(id_)
    words = bank.words.get(id_)
    if said is None:
        is_class = mentee is not None and mentee.is_class
        return Participant(
            id=id_,
            organisation=organisation,
            is_class=is_class,
            class_size=bank.class_sizes.get(id_),
            person_kind=_kind_of(is_class),
            left_day=left.get(id_),
        )
    years = said.pedagogical_experience_years
    return Participant(
        id=id_,
        organisation=organisation,
        person_kind=said.person_kind,
        birth_date=said.birth_date if words is None else words.birth_date or said.birth_date,
        career_start=None if years is None else add_months(it.today, -int(years * 12)),
        hired_day=said.organisation_since,
        left_day=left.get(id_),
        teaching_hours=said.teaching_hours,
        max_mentees=None if mentor is None else mentor.max_individual,
        training_day=None if mentor is None else mentor.mentor_training_day,
        school_class=said.school_class,
        is_asked=mentor is not None or mentee is not None or id_ in refused,
    )


def _kind_of(is_class: bool) -> PersonKind:
    return PersonKind.PUPIL if is_class else PersonKind.STAFF


def _surveys(it: Gathered) -> Iterator[SurveyAnswer]:
    """Yield the marks of start and end, put together for each person, side, question and school year."""
    marks: dict[tuple[str, str, str, int], dict[str, float]] = defaultdict(dict)
    for one in it.records["questionnaire"]:
        moment = one.figures.get("moment")
        if one.state != "submitted" or moment not in ("start", "end") or one.person_id is None:
            continue
        year = school_year_of(day_of(one))
        for question, mark in one.figures.get("marks", {}).items():
            marks[one.person_id, str(one.figures["side"]), question, year][str(moment)] = float(mark)
    for (person, side, question, year), given in marks.items():
        yield SurveyAnswer(
            person=person,
            side=Side(side),
            question=Question(question),
            school_year=year,
            start=given.get("start"),
            end=given.get("end"),
        )


def _counts(it: Gathered) -> Iterator[Count]:
    for record, fields in _inputs(it):
        for one in fields.counts:
            yield Count(
                organisation=record.area_id,
                quantity=one.quantity,
                school_year=fields.school_year,
                value=Fraction(str(one.value)),
                detail=one.detail or "",
            )


def _statements(it: Gathered) -> Iterator[Statement]:
    for record, fields in _inputs(it):
        for one in fields.statements:
            yield Statement(organisation=record.area_id, school_year=fields.school_year, side=one.side, words=one.words)


def _inputs(it: Gathered) -> Iterator[tuple[Record, Any]]:
    kind = IndicatorInputs()
    for record in it.records["indicator_inputs"]:
        yield record, read_fields(it.session, it.vault, kind, record)


def _refusals(it: Gathered) -> Iterator[Refusal]:
    for one in it.decisions:
        if one.kind == "decline":
            person = one.mentor_id if one.details.get("side") == "mentor" else one.mentee_id
            if person is not None:
                yield Refusal(person=person, day=one.made_at.date(), of=RefusalOf.PROPOSAL)
    query = select(Consent).where(among(Consent.person_id, it.bank.people), col(Consent.refused).is_(True))
    for consent in it.session.exec(query.where(Consent.purpose == DUTIES)):
        yield Refusal(person=consent.person_id, day=consent.given_day, of=RefusalOf.PARTICIPATION)


def _vetoes(it: Gathered) -> Iterator[Veto]:
    rounds = {pair.round_id for pair in it.pairs.values()}
    for one in it.session.exec(select(Wish).where(among(Wish.round_id, rounds), col(Wish.veto).is_(True))):
        yield Veto(by=one.from_id, against=one.to_id, day=one.said_at.date())


def _notices(it: Gathered) -> Iterator[Notice]:
    for one in it.decisions:
        if one.kind == "terminate" and one.pair_id is not None:
            day = date.fromisoformat(one.details["notice_day"])
            yield Notice(programme=one.pair_id, day=day, by=EndReason(one.details["end_reason"]))


def _vacancies(it: Gathered) -> Iterator[Vacancy]:
    for one in it.decisions:
        if one.kind == "terminate" and one.pair_id is not None:
            yield Vacancy(programme=one.pair_id, day=date.fromisoformat(one.details["notice_day"]))
        elif one.kind == "replace" and one.pair_id is not None:
            yield Vacancy(programme=one.pair_id, day=one.made_at.date())
