"""What a round still needs, in the order in which it is done, and what is to be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.policy import Policy
from matcher.policy_labels import clause_text
from matcher.policy_words import PairApproval
from matcher.scheduling.terms import add_months
from matcher.texts import Text, say, text
from service.jobs.port import UNFINISHED
from service.organisations.details import open_details
from service.pages.acting import names_of_actors
from service.pages.gate_forms import Blank, PlanLine, blanks_of, plan_lines, state_back
from service.records.facts import facts_of_pairs, round_facts
from service.records.gates import GateFact
from service.records.mistakes import TakenBack, taken_back_of
from service.records.policies import policy_of
from service.rounds.case import gather
from service.rounds.decided import decisions_of
from service.rounds.desk import RUNNERS, roles_over
from service.rounds.life import LIVE, ROUND_STEPS, PairCase, RoundCase, needs_order, what_is_missing
from service.rounds.papers import ACCEPT, AGREEMENT, DUTIES, PERSONAL_DATA, Side, wanted_papers
from service.rounds.people import open_people, people_by_id
from service.tables.access import Role
from service.tables.areas import Area, AreaKind
from service.tables.columns import now
from service.tables.records import Record
from service.tables.rounds import Order, Pair, RosterFile, Round, Run
from service.work import Work

PAPER_WORDS: Mapping[str, Text] = {
    ACCEPT: text("Agrees to the pair"),
    DUTIES: text("Consent to the duties"),
    AGREEMENT: text("Agreement of a parent"),
    PERSONAL_DATA: text("Consent to the use of personal data"),
    "interview": text("Interview"),
    "questionnaire": text("Questionnaire"),
}
"""What is asked of a person, in the order of the columns."""
_BEFORE_AGREED = ("draft", "preparatory", "matching", "proposed")
_LAST_OF_YEAR = (5, 31)


class Part(StrEnum):
    """The parts of the way of a round; each is done, to be done now, or still to come."""

    PEOPLE = "people"
    RUN = "run"
    GATES = "gates"
    OPINIONS = "opinions"
    AGREEMENT = "agreement"
    PAPERS = "papers"
    ORDER = "order"
    BEGIN = "begin"
    WORK = "work"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """An item of the checklist with its form, who recorded it and when."""

    fact: GateFact
    title: str
    clause: Text
    by: str
    blanks: Sequence[Blank]
    back: str | None
    mistake: TakenBack | None
    mistake_by: str


@dataclass(slots=True, kw_only=True)
class PersonLine:
    """A person of the pairs: ``cells`` are what he signs or does; "done", or the words of the tick that records it."""

    id: str
    name: str
    side: str
    with_whom: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def num_missing(self) -> int:
        """Return how much of it is not there yet."""
        return sum(one != "done" for one in self.cells.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Who has done a part, and when."""

    by: str
    at: Any


@dataclass(slots=True, kw_only=True)
class Prepared:
    """Everything the page shows."""

    round_: Round
    policy: Policy
    roster: RosterFile
    case: RoundCase
    parts: Sequence[Part]
    current: Part | None
    gates: Sequence[GateLine]
    plan_lines: Sequence[PlanLine]
    opinions: Sequence[tuple[str, str]]
    against: int
    people: Sequence[PersonLine]
    columns: Sequence[str]
    done: Mapping[Part, Done]
    missing: Sequence[Fault]
    run: Run | None
    order: Order | None
    may: Mapping[str, bool]
    first_day: date
    last_day: date
    back: str | None

    @property
    def num_people_missing(self) -> int:
        """Return how many people have something left to sign or do."""
        return sum(one.num_missing > 0 for one in self.people)


def prepare(work: Work, round_: Round) -> Prepared:
    """Return how a round stands."""
    session, vault, policy, today = work.session, work.core.vault, policy_of(round_), now().date()
    case = gather(session, vault, round_, today=today, lang=work.lang)
    gates = _gate_lines(work, round_, today)
    names = _names(work, case, round_)
    run = session.exec(select(Run).where(Run.round_id == round_.id).order_by(col(Run.created_at).desc())).first()
    people = _people(work, round_, case, policy, names) if round_.state in ("agreed", "confirmed") else []
    opinions = _opinions(case, policy, names)
    parts = _parts(policy)
    first_day, last_day = _term(round_, policy, today)
    roles = roles_over(session, work.viewer, round_.area_id)
    roster = session.get_one(RosterFile, round_.roster_id)
    order = session.exec(
        select(Order).where(Order.round_id == round_.id, Order.document == "D-04").order_by(col(Order.created_at))
    ).first()
    current = _current(case, gates, opinions, run, parts)
    return Prepared(
        round_=round_,
        policy=policy,
        roster=roster,
        case=case,
        parts=parts,
        current=current,
        gates=gates,
        plan_lines=plan_lines(work, today),
        opinions=opinions,
        against=sum(one.psychologist == "not_recommended" for one in case.standing),
        people=people,
        columns=[name for name in PAPER_WORDS if any(name in one.cells for one in people)],
        done=_done(work, round_, order),
        missing=_missing(case, policy),
        run=run,
        order=order,
        may=_may(session.get_one(Area, round_.area_id), roles, policy, is_trial=roster.is_made_up),
        first_day=first_day,
        last_day=last_day,
        back=_back(round_.state),
    )


def _parts(policy: Policy) -> list[Part]:
    asked = PairApproval.PSYCHOLOGIST in policy.approvals.pair
    return [part for part in Part if part is not Part.OPINIONS or asked]


def _current(
    case: RoundCase,
    gates: Sequence[GateLine],
    opinions: Sequence[Any],
    run: Run | None,
    parts: Sequence[Part],
) -> Part | None:
    """Return the part that is to be done now; None once the round is closed."""
    if not case.has_plan or (run is not None and run.status in UNFINISHED):
        return Part.RUN
    if case.state in _BEFORE_AGREED:
        if any(line.fact.must and not line.fact.done for line in gates):
            return Part.GATES
        return Part.OPINIONS if opinions and Part.OPINIONS in parts else Part.AGREEMENT
    return {
        "agreed": Part.PAPERS,
        "confirmed": Part.ORDER,
        "ordered": Part.BEGIN,
        "running": Part.WORK,
        "final": Part.CLOSING,
    }.get(case.state)


def _missing(case: RoundCase, policy: Policy) -> tuple[Fault, ...]:
    """Return what the next step waits for; up to the agreement the parts themselves say it."""
    if case.state in (*_BEFORE_AGREED, "closed", "confirmed"):
        return ()
    return what_is_missing(case, policy, ROUND_STEPS[case.state][0])


def _back(state: str) -> str | None:
    order = list(ROUND_STEPS)
    earlier = [one for one in ROUND_STEPS[state] if order.index(one) < order.index(state)]
    return earlier[0] if earlier and state in ("agreed", "confirmed", "final") else None


def _may(area: Area, roles: frozenset[Role], policy: Policy, *, is_trial: bool) -> dict[str, bool]:
    runs = bool(roles & RUNNERS)
    signs = {Role.HEAD} if area.kind == AreaKind.ORGANISATION else {Role.HEAD, Role.MUNICIPAL_AUTHORITY}
    return {
        "run": runs,
        "gates": runs or Role.HEAD in roles,
        "agree": runs or Role.COUNCIL_MEMBER in roles,
        "judge": Role.PSYCHOLOGIST in roles or (runs and is_trial),
        "judge_on_paper": runs and PairApproval.PSYCHOLOGIST in policy.approvals.pair,
        "order": bool(roles & signs) or (runs and (is_trial or not needs_order(policy))),
        "begin": runs or Role.HEAD in roles,
    }


def _gate_lines(work: Work, round_: Round, today: date) -> list[GateLine]:
    facts = round_facts(work.session, work.core.vault, round_).gates
    ids = [one.record_id for one in facts if one.record_id is not None]
    rows = work.session.exec(select(Record.root_id, Record.created_by).where(col(Record.root_id).in_(ids))).all()
    by = dict(rows)
    mistakes = taken_back_of(work.session, work.core.vault, round_, facts)
    names = names_of_actors(work.session, {*by.values(), *(one.by for one in mistakes.values())})
    details, _ = open_details(work.session, work.core.vault, round_.area_id)
    lines = []
    for fact in facts:
        title, mistake = fact.title if work.lang == "ru" else fact.title_en, mistakes.get(fact.id)
        lines.append(
            GateLine(
                fact=fact,
                title=title,
                clause=clause_text(fact.clause),
                by=names.get(by.get(fact.record_id or "", ""), ""),
                blanks=[] if fact.done else blanks_of(work, fact, today, details, title),
                back=state_back(fact),
                mistake=mistake,
                mistake_by="" if mistake is None else names.get(mistake.by, ""),
            )
        )
    return lines


def _names(work: Work, case: RoundCase, round_: Round) -> dict[str, tuple[Pair, str, str]]:
    """Return the row of each pair of a round with the names of both."""
    rows = {pair.id: pair for pair in work.session.exec(select(Pair).where(Pair.round_id == round_.id))}
    people = people_by_id(work.session, (id_ for row in rows.values() for id_ in (row.mentor_id, row.mentee_id)))
    said = open_people(work.session, work.core.vault, people.values())

    def name(id_: str) -> str:
        return said[id_].name or people[id_].code

    return {pair.id: (pair, name(pair.mentor_id), name(pair.mentee_id)) for pair in rows.values()}


def _opinions(case: RoundCase, policy: Policy, names: Mapping[str, tuple[Pair, str, str]]) -> list[tuple[str, str]]:
    """Return the pairs of which the psychologist has said nothing: id, and who with whom."""
    if PairApproval.PSYCHOLOGIST not in policy.approvals.pair:
        return []
    silent = [one for one in case.standing if one.psychologist is None and "HR-24" not in one.lifted]
    return sorted(((one.id, f"{names[one.id][2]} — {names[one.id][1]}") for one in silent), key=lambda two: two[1])


def _people(
    work: Work, round_: Round, case: RoundCase, policy: Policy, names: Mapping[str, tuple[Pair, str, str]]
) -> list[PersonLine]:
    """Return everybody of the pairs that are agreed, with what each has still to sign or do."""
    pairs = [one for one in case.standing if one.state not in LIVE]
    facts = facts_of_pairs(work.session, work.core.vault, [names[one.id][0] for one in pairs])
    found: dict[tuple[str, str], PersonLine] = {}
    for one in pairs:
        row, mentor, mentee = names[one.id]
        sides = (("mentor", row.mentor_id, mentor, one.mentor), ("mentee", row.mentee_id, mentee, one.mentee))
        for side, person_id, name, said in sides:
            line = found.setdefault((person_id, side), PersonLine(id=person_id, name=name, side=side))
            line.with_whom.append(mentee if side == "mentor" else mentor)
            _cells(line, one, said, policy, is_mentor=side == "mentor")
            if said.kind is not None:
                _talks(line, policy, side, facts[one.id])
    order = {"mentee": 1, "mentor": 0}
    return sorted(found.values(), key=lambda line: (order[line.side], line.name.casefold()))


def _cells(line: PersonLine, pair: PairCase, side: Side, policy: Policy, *, is_mentor: bool) -> None:
    wanted = wanted_papers(side, policy, is_mentor=is_mentor)
    before = line.cells.get(ACCEPT)
    for name in (DUTIES, AGREEMENT, PERSONAL_DATA):
        if name in side.consents:
            line.cells.setdefault(name, "done")
    for name in wanted:
        line.cells[name] = f"consent:{line.id}:{name}"
        if name == ACCEPT:
            others = [] if before in (None, "done") else [before]
            line.cells[name] = " ".join([*others, f"accept:{pair.id}:{line.side}"])
    if side.accepted and ACCEPT not in line.cells:
        line.cells[ACCEPT] = "done"


def _talks(line: PersonLine, policy: Policy, side: str, facts: Any) -> None:
    if PairApproval.INTERVIEW in policy.approvals.pair:
        done = getattr(facts, f"{side}_interviewed")
        line.cells["interview"] = "done" if done else f"interview:{line.id}:{side}"
    if PairApproval.QUESTIONNAIRE in policy.approvals.pair:
        done = getattr(facts, f"{side}_asked")
        line.cells["questionnaire"] = "done" if done else f"questionnaire:{line.id}:{side}"


def _done(work: Work, round_: Round, order: Order | None) -> dict[Part, Done]:
    """Return who has done which part; what was taken back since does not count."""
    standing = {Part.PEOPLE: (work.session.get_one(RosterFile, round_.roster_id), "created_by", "created_at")}
    found: dict[Part, tuple[str, Any]] = {
        part: (getattr(row, by), getattr(row, at)) for part, (row, by, at) in standing.items()
    }
    reached = {"agreed": Part.AGREEMENT, "confirmed": Part.PAPERS, "ordered": Part.ORDER, "running": Part.BEGIN}
    reached |= {"final": Part.WORK, "closed": Part.CLOSING}
    states = list(ROUND_STEPS)
    for one in decisions_of(work.session, round_.id):
        to = one.details.get("to") if one.kind == "transition" and "pairs" not in one.details else None
        if to in reached and states.index(to) <= states.index(round_.state):
            found[reached[to]] = (one.made_by, one.made_at)
    names = names_of_actors(work.session, {by for by, _ in found.values()})
    return {part: Done(by=names.get(by, ""), at=at) for part, (by, at) in found.items()}


def _term(round_: Round, policy: Policy, today: date) -> tuple[date, date]:
    """Return the term of a round; where none is given, one from today to the end of the school year that may be."""
    first = round_.first_day or today
    if round_.last_day is not None:
        return first, round_.last_day
    months = policy.programme.months
    shortest = add_months(first, months.min) - timedelta(days=1)
    longest = add_months(first, months.max) - timedelta(days=1)
    end = date(first.year + (first.month > 5), *_LAST_OF_YEAR)
    return first, min(max(end, shortest), longest)


def part_titles(policy: Policy) -> Mapping[Part, Text]:
    """Return what the parts of the way are called under a regulation."""
    council = PairApproval.COUNCIL in policy.approvals.pair
    return {
        Part.PEOPLE: text("List of people"),
        Part.RUN: text("Pairs are found"),
        Part.GATES: text("What the regulation asks for beforehand"),
        Part.OPINIONS: text("Word of the psychologist"),
        Part.AGREEMENT: text("The council agrees to the pairs") if council else text("The curator agrees to the pairs"),
        Part.PAPERS: text("Consents and papers of both sides"),
        Part.ORDER: text("Order of the head") if needs_order(policy) else text("Term of the work"),
        Part.BEGIN: text("The pairs begin"),
        Part.WORK: text("The pairs work"),
        Part.CLOSING: text("Summing up and closing"),
    }


def agreement_clause(policy: Policy, work: Work) -> str:
    """Return the clause on which pairs are approved."""
    return say(clause_text(policy.approvals.clause), work.lang)
