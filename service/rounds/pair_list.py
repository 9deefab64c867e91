"""Pairs as they are listed: who is who, who has agreed, what the next step waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import false
from sqlalchemy import select as pick
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from matcher.texts import Lang, say
from service.among import among
from service.records.policies import policy_of
from service.rounds.case import pair_cases
from service.rounds.decide import BEFORE_PROPOSED
from service.rounds.decided import decisions_of, read_decided
from service.rounds.desk import pairs_in_sight
from service.rounds.life import LIVE, OPEN, pair_is_missing
from service.rounds.people import known_people
from service.rounds.show import PairOut
from service.tables.areas import Person
from service.tables.rounds import Decision, Pair, Round
from service.vault import Vault
from service.viewer import Viewer

_NEXT = {"proposed": "agreed", "agreed": "confirmed", "confirmed": "active"}


class Listed(NamedTuple):
    """A pair before it is shown: the codes of both, by which lists are ordered."""

    id: str
    state: str
    mentor: str
    mentee: str


def pairs_seen_by(session: Session, viewer: Viewer, round_: Round, pair_id: str | None = None) -> list[Pair]:
    """Return the pairs of a round in sight (or one of them); those who take part see theirs once they may answer."""
    asked = select(Pair).where(*_seen(viewer, round_))
    return list(session.exec(asked if pair_id is None else asked.where(Pair.id == pair_id)))


def codes_of_pairs(session: Session, viewer: Viewer, round_: Round, wanted: Sequence[Any]) -> list[Listed]:
    """Return the pairs of a round in sight that meet conditions, with no more than a list is ordered by."""
    mentor, mentee = aliased(Person), aliased(Person)
    asked = (
        pick(col(Pair.id), col(Pair.state), col(mentor.code), col(mentee.code))
        .join(mentor, col(mentor.id) == col(Pair.mentor_id))
        .join(mentee, col(mentee.id) == col(Pair.mentee_id))
        .where(*_seen(viewer, round_), *wanted)
    )
    return list(map(Listed._make, session.execute(asked)))


def pairs_in_order(session: Session, ids: Sequence[str]) -> list[Pair]:
    """Return the pairs of these ids in their order."""
    found = {pair.id: pair for pair in session.exec(select(Pair).where(among(Pair.id, ids)))}
    return [found[id_] for id_ in ids]


def _seen(viewer: Viewer, round_: Round) -> list[Any]:
    found = [col(Pair.round_id) == round_.id, pairs_in_sight(viewer)]
    if viewer.paths:
        return found
    return [false()] if round_.state in BEFORE_PROPOSED else [*found, col(Pair.state) != "dropped"]


def show_pairs(
    session: Session, vault: Vault, round_: Round, pairs: Sequence[Pair], *, today: date, lang: Lang, viewer: Viewer
) -> list[PairOut]:
    """Return pairs as they are sent. Who has agreed is told to those who run the round, and of himself to each."""
    people = known_people(session, (id_ for pair in pairs for id_ in (pair.mentor_id, pair.mentee_id)))
    words = {id_: person.words(vault) for id_, person in people.items()}
    decided, policy = read_decided(session, vault, round_.id), policy_of(round_)
    cases = pair_cases(session, vault, round_, list(pairs), today=today, decided=decided, people=people, words=words)
    found = []
    for pair, case in zip(pairs, cases, strict=True):
        sides = {"mentor": pair.mentor_id, "mentee": pair.mentee_id}
        seen = [side for side, person_id in sides.items() if viewer.paths or person_id in viewer.person_ids]
        to = _NEXT.get(pair.state)
        faults = pair_is_missing(case, policy, to) if to is not None and viewer.paths else ()
        found.append(
            PairOut(
                id=pair.id,
                mentor=pair.mentor_id,
                mentor_code=people[pair.mentor_id].code,
                mentor_name=words[pair.mentor_id].name,
                mentee=pair.mentee_id,
                mentee_code=people[pair.mentee_id].code,
                mentee_name=words[pair.mentee_id].name,
                mentor_area=pair.mentor_area_id,
                mentee_area=pair.mentee_area_id,
                group=pair.group_code,
                form=pair.form,
                model=pair.model,
                kind=pair.kind,
                contour=pair.contour,
                state=pair.state,
                locked=pair.locked,
                covers=list(pair.covers),
                minutes=pair.minutes,
                since=pair.since,
                first_day=pair.first_day,
                last_day=pair.last_day,
                end_reason=pair.end_reason if viewer.paths else None,
                replaces=pair.replaces_id,
                accepted=[side for side in seen if (pair.id, side) in decided.accepted],
                missing=[say(fault.message, lang) for fault in faults],
                version=pair.version,
            )
        )
    return found


def open_tasks(session: Session, round_: Round) -> list[tuple[Decision, Pair]]:
    """Return the replacements asked for and not made yet: the decision that opened each, and the pair it is about."""
    opened: dict[str, Decision] = {}
    for one in decisions_of(session, round_.id):
        if one.kind in ("terminate", "replace") and one.pair_id is not None and "new_pair" not in one.details:
            opened.setdefault(one.pair_id, one)
    pairs = {pair.id: pair for pair in session.exec(select(Pair).where(col(Pair.id).in_(list(opened))))}
    standing = session.exec(select(Pair).where(Pair.round_id == round_.id, col(Pair.state).in_((*OPEN, *LIVE)))).all()
    return [(one, pairs[id_]) for id_, one in opened.items() if not _is_served(one, pairs[id_], standing)]


def _is_served(opened: Decision, pair: Pair, standing: Sequence[Pair]) -> bool:
    """Say whether the mentee of a pair has been given another mentor since the task was opened."""
    return any(
        one.replaces_id == pair.id
        or (one.mentee_id == pair.mentee_id and one.id != pair.id and one.since >= opened.made_at.date())
        for one in standing
    )
