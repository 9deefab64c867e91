"""The facts of monitoring of an area, gathered from rosters, pairs, meetings, decisions and records.

Organisations, municipalities and regions are named by the ids of their areas, programmes by the ids of their pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from matcher.indicators.build import reports
from matcher.indicators.facts import (
    Count,
    Done,
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
from matcher.policy_words import DeadlineWhen, EndReason, ScopeLevel
from matcher.roster import MentoringForm, MentoringKind, Organisation, OrganisationType, PersonKind
from matcher.scheduling.terms import add_months
from service.records.banks import OVER, WORKING, Bank, open_bank
from service.records.figures_given import IndicatorInputs
from service.records.store import read_fields
from service.rounds.people import chunks
from service.tables.areas import Area, AreaKind
from service.tables.privacy import Consent
from service.tables.records import Record
from service.tables.rounds import Decision, Meeting, MeetingPerson, Pair, Round, Wish
from service.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """An area with what is read of it once."""

    session: Session
    vault: Vault
    policy: Policy
    today: date
    bank: Bank
    pairs: Mapping[str, Pair]
    records: Mapping[str, Sequence[Record]]
    decisions: Sequence[Decision]
    lines: Mapping[str, tuple[str, str]]


def build_area_facts(
    session: Session, vault: Vault, area: Area, policy: Policy, today: date, *, bank: Bank | None = None
) -> Facts:
    """Return the facts of an area as one regulation counts them: pairs of rounds that follow it.

    Whose requests nobody covers though others would is known to a plan, not here: that signal is not given.
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
        records=_records(session, pairs, bank),
        decisions=_decisions(session, pairs),
        lines=_lines(session, bank.areas.values()),
    )
    programmes = tuple(_programmes(it))
    return Facts(
        organisations=tuple(_organisations(it)),
        people=_people(it, programmes),
        programmes=programmes,
        surveys=tuple(_surveys(it)),
        counts=tuple(_counts(it)),
        statements=tuple(_statements(it)),
        refusals=tuple(_refusals(it)),
        vetoes=tuple(_vetoes(it)),
        tickets=tuple(Ticket(programme=one.pair_id or "", day=_day(one)) for one in it.records["conflict"]),
        done=tuple(_done(it)),
        notices=tuple(_notices(it)),
        vacancies=tuple(_vacancies(it)),
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
        records=_records(session, by_id, replace(bank, areas={})),
        decisions=_decisions(session, by_id),
        lines=_lines(session, areas.values()),
    )
    return Facts(
        organisations=tuple(Organisation(id=id_) for id_ in areas),
        people=tuple(Participant(id=pair.mentee_id, organisation=pair.mentee_area_id) for pair in pairs),
        programmes=tuple(_programmes(it)),
        done=tuple(_done(it)),
        notices=tuple(_notices(it)),
        vacancies=tuple(_vacancies(it)),
    )


def _among(pairs: Sequence[Pair]) -> ColumnElement[bool]:
    return col(Area.id).in_({pair.mentee_area_id for pair in pairs})


def _rounds(session: Session, ids: Iterable[str], policy_id: str) -> set[str]:
    found: set[str] = set()
    for part in chunks(sorted(ids)):
        query = select(Round.id).where(col(Round.id).in_(part), Round.policy_id == policy_id)
        found.update(session.exec(query))
    return found


def _records(session: Session, pairs: Mapping[str, Pair], bank: Bank) -> dict[str, list[Record]]:
    """Return the newest versions of the records of pairs, of areas and of people, by their kind."""
    people = {one for pair in pairs.values() for one in (pair.mentor_id, pair.mentee_id)}
    found: dict[str, list[Record]] = defaultdict(list)
    of_pairs = ("programme", "quarterly_report", "final_report", "conflict", "session_log", "publication")
    of_areas = ("coordination_meeting", "event", "registry_review", "deadline_mark", "indicator_inputs")
    for kinds, column, ids in (
        (of_pairs, Record.pair_id, pairs),
        (of_areas, Record.area_id, bank.areas),
        (("questionnaire",), Record.person_id, people),
    ):
        for part in chunks(sorted(ids)):
            query = select(Record).where(col(Record.kind).in_(kinds), col(Record.replaced_at).is_(None))
            for record in session.exec(query.where(col(column).in_(part))):
                found[record.kind].append(record)
    return found


def _decisions(session: Session, pairs: Mapping[str, Pair]) -> list[Decision]:
    found: list[Decision] = []
    for part in chunks(sorted(pairs)):
        query = select(Decision).where(col(Decision.pair_id).in_(part), col(Decision.undone_by_id).is_(None))
        found += session.exec(query.where(col(Decision.kind).in_(("terminate", "replace", "decline")))).all()
    return found


def _lines(session: Session, areas: Iterable[Area]) -> dict[str, tuple[str, str]]:
    """Return the municipality and the region of each area, by ids."""
    known = {area.id: area for area in areas}
    above = {part for area in known.values() for part in area.path.strip("/").split("/")} - set(known)
    for part in chunks(sorted(above)):
        known |= {one.id: one for one in session.exec(select(Area).where(col(Area.id).in_(part)))}

    def of_kind(area: Area, kind: AreaKind) -> str:
        line = [known[part] for part in area.path.strip("/").split("/") if part in known]
        return next((one.id for one in line if one.kind == kind), "")

    return {id_: (of_kind(area, AreaKind.MUNICIPALITY), of_kind(area, AreaKind.REGION)) for id_, area in known.items()}


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
    found = [_participant(it, id_, organisation, refused) for id_, organisation in home.items()]
    return (*found, *(_participant(it, id_, organisation, refused) for id_, organisation in away.items()))


def _participant(it: Gathered, id_: str, organisation: str, refused: set[str]) -> Participant:
    bank = it.bank
    said, mentor, mentee = bank.said.get(id_), bank.mentors.get(id_), bank.mentees.get(id_)
    words = bank.words.get(id_)
    if said is None:
        is_class = mentee is not None and mentee.is_class
        return Participant(id=id_, organisation=organisation, is_class=is_class, person_kind=_kind_of(is_class))
    years = said.pedagogical_experience_years
    return Participant(
        id=id_,
        organisation=organisation,
        person_kind=said.person_kind,
        birth_date=said.birth_date if words is None else words.birth_date or said.birth_date,
        career_start=None if years is None else add_months(it.today, -int(years * 12)),
        hired_day=said.organisation_since,
        teaching_hours=said.teaching_hours,
        max_mentees=None if mentor is None else mentor.max_individual,
        training_day=None if mentor is None else mentor.mentor_training_day,
        school_class=said.school_class,
        is_asked=mentor is not None or mentee is not None or id_ in refused,
    )


def _kind_of(is_class: bool) -> PersonKind:
    return PersonKind.PUPIL if is_class else PersonKind.STAFF


def _programmes(it: Gathered) -> Iterator[Programme]:
    started = {id_: pair for id_, pair in it.pairs.items() if pair.state in (*WORKING, *OVER)}
    meetings = _meetings(it, started.values())
    wishes = _wishes(it)
    goals = {one.pair_id: one.figures.get("goals", 0) > 0 for one in it.records["programme"]}
    ratings = {one.pair_id: one.figures.get("rating") for one in it.records["final_report"] if one.state == "signed"}
    logs = Counter(one.pair_id for one in it.records["session_log"])
    digests: dict[str | None, list[str]] = defaultdict(list)
    for report in it.records["quarterly_report"]:
        if report.state != "draft":
            digests[report.pair_id].append(str(report.figures.get("digest")))
    for id_, pair in started.items():
        sums = meetings.get(id_, Counter())
        over = pair.state in (*OVER, "aftercare")
        yield Programme(
            id=id_,
            mentor=pair.mentor_id,
            mentee=pair.mentee_id,
            form=MentoringForm(pair.form),
            kind=MentoringKind(pair.kind),
            group=pair.group_code,
            first_day=pair.first_day or pair.since,
            last_day=pair.last_day,
            end_day=pair.last_day if over else None,
            end_reason=None if pair.end_reason is None else EndReason(pair.end_reason),
            full_cycle_day=pair.full_cycle_day if pair.full_cycle else None,
            minutes=pair.minutes,
            sessions_planned=sums["planned"] or None,
            sessions_due=sums["due"] if sums["planned"] else None,
            sessions_held=sums["held"] if sums["marked"] else None,
            sessions_missed=sums["missed"] if sums["marked"] else None,
            sessions_logged=sums["logged"] + logs[id_],
            has_goals=goals.get(id_),
            rating=ratings.get(id_),
            mentor_wish=wishes.get((pair.round_id, pair.mentor_id, pair.mentee_id)),
            mentee_wish=wishes.get((pair.round_id, pair.mentee_id, pair.mentor_id)),
            reports=tuple(digests.get(id_, ())),
        )


def _meetings(it: Gathered, pairs: Iterable[Pair]) -> dict[str, Counter[str]]:
    """Return how many meetings of each pair were planned, are over, were held, missed, logged."""
    by_people = {(pair.round_id, pair.mentor_id, pair.mentee_id): pair.id for pair in pairs}
    seats: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, Meeting] = {}
    for part in chunks(sorted({key[0] for key in by_people})):
        query = select(Meeting, MeetingPerson.person_id).join(
            MeetingPerson, col(MeetingPerson.meeting_id) == col(Meeting.id)
        )
        for meeting, person in it.session.exec(query.where(col(Meeting.round_id).in_(part))):
            rows[meeting.id] = meeting
            seats[meeting.id].add(person)
    logged = {one.figures.get("meeting") for one in it.records["session_log"]}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for id_, meeting in rows.items():
        if meeting.state == "cancelled":
            continue
        for mentor in seats[id_]:
            for mentee in seats[id_] - {mentor}:
                pair = by_people.get((meeting.round_id, mentor, mentee))
                if pair is not None:
                    found[pair].update(_sums(meeting, it.today, in_log=id_ in logged))
    return found


def _sums(meeting: Meeting, today: date, *, in_log: bool) -> dict[str, int]:
    return {
        "planned": 1,
        "due": int(meeting.day < today),
        "held": int(meeting.state == "held"),
        "missed": int(meeting.state == "missed"),
        "marked": int(meeting.state in ("held", "missed")),
        "logged": int(meeting.sealed_log is not None and not in_log),
    }


def _wishes(it: Gathered) -> dict[tuple[str, str, str], float]:
    found: dict[tuple[str, str, str], float] = {}
    for part in chunks(sorted({pair.round_id for pair in it.pairs.values()})):
        for one in it.session.exec(select(Wish).where(col(Wish.round_id).in_(part), col(Wish.score).is_not(None))):
            found[one.round_id, one.from_id, one.to_id] = float(one.score or 0)
    return found


def _surveys(it: Gathered) -> Iterator[SurveyAnswer]:
    """Yield the marks of start and end, put together for each person, side, question and school year."""
    marks: dict[tuple[str, str, str, int], dict[str, float]] = defaultdict(dict)
    for one in it.records["questionnaire"]:
        moment = one.figures.get("moment")
        if one.state != "submitted" or moment not in ("start", "end") or one.person_id is None:
            continue
        year = school_year_of(_day(one))
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
    for part in chunks(sorted(it.bank.people)):
        query = select(Consent).where(col(Consent.person_id).in_(part), col(Consent.refused).is_(True))
        for consent in it.session.exec(query.where(Consent.purpose == "mentoring")):
            yield Refusal(person=consent.person_id, day=consent.given_day, of=RefusalOf.PARTICIPATION)


def _vetoes(it: Gathered) -> Iterator[Veto]:
    for part in chunks(sorted({pair.round_id for pair in it.pairs.values()})):
        for one in it.session.exec(select(Wish).where(col(Wish.round_id).in_(part), col(Wish.veto).is_(True))):
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


def _done(it: Gathered) -> Iterator[Done]:
    """Yield what was done of what the regulation sets dates for."""
    for rule in it.policy.deadlines:
        if rule.when is DeadlineWhen.QUARTER:
            yield from _reports_done(it, rule.id)
        elif rule.when is DeadlineWhen.COMPLETION:
            yield from _published(it, rule.id)
        else:
            yield from _of_areas(it, rule.id, rule.level)
    for pair in it.pairs.values():
        if pair.replaces_id in it.pairs:
            yield Done(deadline="replacement", subject=str(pair.replaces_id), day=pair.since)


def _reports_done(it: Gathered, deadline: str) -> Iterator[Done]:
    for one in it.records["quarterly_report"]:
        if one.state in ("submitted", "checked") and one.pair_id is not None:
            covers = date.fromisoformat(str(one.figures["covers"]))
            yield Done(deadline=deadline, subject=one.pair_id, day=one.created_at.date(), covers=covers)


def _published(it: Gathered, deadline: str) -> Iterator[Done]:
    for one in it.records["publication"]:
        if one.state == "published" and one.pair_id is not None:
            yield Done(deadline=deadline, subject=one.pair_id, day=_day(one))


def _of_areas(it: Gathered, deadline: str, level: ScopeLevel) -> Iterator[Done]:
    """Yield what was done by an organisation, municipality or region: marked by hand, or shown by its own records."""
    found = [one for one in it.records["deadline_mark"] if one.figures.get("deadline") == deadline]
    found = [one for one in found if one.state == "kept"]
    if deadline.endswith("coordination"):
        held = [one for one in it.records["coordination_meeting"] if one.state == "held"]
        found += [one for one in held if one.figures.get("level") == level]
    if deadline == "yearly_review":
        found += [one for one in it.records["registry_review"] if one.state == "done"]
    if deadline == "forum":
        forums = [one for one in it.records["event"] if one.figures.get("type") == "forum"]
        found += [one for one in forums if one.state == "held"]
    for one in found:
        for subject in _subjects(it, one.area_id, level):
            yield Done(deadline=deadline, subject=subject, day=_day(one))


def _subjects(it: Gathered, area_id: str, level: ScopeLevel) -> list[str]:
    """Return for whom something done in an area counts: what a municipality does itself its schools need not do."""
    municipality, region = it.lines[area_id]
    if level is ScopeLevel.MUNICIPALITY:
        return [municipality]
    if level is ScopeLevel.REGION:
        return [region]
    path = it.bank.areas[area_id].path
    below = [one for one in it.bank.areas.values() if one.path.startswith(path)]
    return [one.id for one in below if one.kind == AreaKind.ORGANISATION]


def _day(record: Record) -> date:
    day = record.figures.get("day")
    return record.created_at.date() if day is None else date.fromisoformat(str(day))
