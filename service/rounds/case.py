"""Gathers what is on record for a round, so that :mod:`service.rounds.life` can say what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select

from matcher.months import full_months
from matcher.roster import PersonKind, Roster
from matcher.texts import Lang
from service.among import among
from service.records.facts import facts_of_pairs, round_facts
from service.rounds.decided import Decided, read_decided
from service.rounds.life import OpenGate, PairCase, RoundCase
from service.rounds.papers import Side
from service.rounds.people import Known, PersonWords, known_people
from service.rounds.rosters import open_nameless
from service.tables.privacy import Consent
from service.tables.rounds import Order, Pair, RosterFile, Round
from service.vault import Vault

_OF_AGE = 18 * 12


def gather(
    session: Session,
    vault: Vault,
    round_: Round,
    *,
    today: date,
    lang: Lang,
    pairs: Iterable[Pair] | None = None,
    order: tuple[str | None, date | None] | None = None,
) -> RoundCase:
    """Return a round with all on record for it; ``order`` is what the caller says of the order of the head."""
    rows = list(session.exec(select(Pair).where(Pair.round_id == round_.id))) if pairs is None else list(pairs)
    number, day = order or _order_of(session, round_)
    return RoundCase(
        state=round_.state,
        open_gates=tuple(
            OpenGate(title=gate.title if lang == "ru" else gate.title_en, clause=gate.clause)
            for gate in round_facts(session, vault, round_).open_gates
        ),
        has_plan=round_.plan_id is not None,
        pairs=pair_cases(session, vault, round_, rows, today=today),
        first_day=round_.first_day,
        last_day=round_.last_day,
        order_number=number,
        order_day=day,
    )


def _order_of(session: Session, round_: Round) -> tuple[str | None, date | None]:
    order = session.exec(
        select(Order)
        .where(Order.round_id == round_.id, Order.document == "D-04")
        .order_by(col(Order.created_at).desc())
    ).first()
    return (None, None) if order is None else (order.number, order.day)


def seal_order(vault: Vault, order: Order, pairs: Iterable[str]) -> None:
    """Write down which pairs an order is on."""
    order.sealed = vault.seal(json.dumps({"pairs": sorted(pairs)}).encode(), f"order:{order.id}")


def ordered_pairs(session: Session, vault: Vault, round_id: str) -> frozenset[str]:
    """Return the pairs that stand in an order of the head."""
    found: set[str] = set()
    for order in session.exec(select(Order).where(Order.round_id == round_id, Order.document == "D-04")):
        if order.sealed is not None:
            found.update(json.loads(vault.open(order.sealed, f"order:{order.id}"))["pairs"])
    return frozenset(found)


def pair_cases(
    session: Session,
    vault: Vault,
    round_: Round,
    pairs: list[Pair],
    *,
    today: date,
    decided: Decided | None = None,
    people: Mapping[str, Known] | None = None,
    words: Mapping[str, PersonWords] | None = None,
) -> tuple[PairCase, ...]:
    """Return pairs with all on record for them, in the order given; what the caller has read already he may give."""
    decided = decided or read_decided(session, vault, round_.id)
    if people is None:
        people = known_people(session, (id_ for pair in pairs for id_ in (pair.mentor_id, pair.mentee_id)))
    if words is None:
        words = {id_: person.words(vault) for id_, person in people.items()}
    classes, roster = open_nameless(vault, session.get_one(RosterFile, round_.roster_id))
    kinds: dict[str, PersonKind | None] = {person.id: person.person_kind for person in roster.people}
    kinds |= dict.fromkeys(classes.values())
    consents = consents_in_force(session, people, round_.id, today)
    marks = _opinions(roster)
    records = facts_of_pairs(session, vault, pairs)
    ordered = ordered_pairs(session, vault, round_.id)

    def side(pair: Pair, name: str, person: Known) -> Side:
        kind = kinds.get(person.id, PersonKind.STAFF)
        return Side(
            code=person.code,
            kind=kind,
            is_minor=_is_minor(kind, words[person.id], today),
            accepted=(pair.id, name) in decided.accepted,
            consents=consents.get(person.id, {}),
        )

    def case(pair: Pair) -> PairCase:
        two = (pair.mentor_id, pair.mentee_id)
        said = decided.opinions.get(two, {})
        mentee, facts = side(pair, "mentee", people[pair.mentee_id]), records[pair.id]
        if mentee.kind is None:  # a class is neither interviewed nor given a questionnaire; its mentor is
            facts = replace(facts, mentee_interviewed=True, mentee_asked=True)
        return PairCase(
            id=pair.id,
            state=pair.state,
            mentor=side(pair, "mentor", people[pair.mentor_id]),
            mentee=mentee,
            psychologist=said.get("recommendation") or marks.get(two),
            lifted=decided.rules_lifted(*two),
            interview_done=facts.interview_done,
            questionnaire_done=facts.questionnaire_done,
            final_report_signed=facts.final_report_signed,
            is_ordered=pair.id in ordered,
        )

    return tuple(map(case, pairs))


def _opinions(roster: Roster) -> dict[tuple[str, str], str]:
    """Return what the psychologist has said in the roster; a score without a word is a neutral opinion."""
    found: dict[tuple[str, str], str] = {}
    for one in roster.compatibility:
        if one.recommendation is not None:
            found[one.mentor, one.mentee] = str(one.recommendation)
        elif one.psychologist is not None:
            found[one.mentor, one.mentee] = "neutral"
    return found


def _is_minor(kind: PersonKind | None, words: PersonWords, today: date) -> bool:
    if kind is None:
        return False
    if words.birth_date is None:
        return kind is PersonKind.PUPIL
    return full_months(words.birth_date, today) < _OF_AGE


def consents_in_force(
    session: Session, people: Iterable[str], round_id: str | None, today: date
) -> Mapping[str, Mapping[str, str]]:
    """Return for each person the purposes consented to, and who gave the consent; a later word counts over earlier."""
    rows = session.exec(select(Consent).where(among(Consent.person_id, set(people))))
    found: dict[str, dict[str, str]] = {}
    for one in sorted(rows, key=lambda row: (row.given_day, row.recorded_at)):
        if one.round_id not in (None, round_id) or one.given_day > today:
            continue
        own = found.setdefault(one.person_id, {})
        if one.refused:
            own.pop(one.purpose, None)
        elif one.withdrawn_at is None and (one.expires_day is None or one.expires_day >= today):
            own[one.purpose] = one.given_by
    return found
