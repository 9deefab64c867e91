"""Requests of the present rounds that nobody covers though a mentor of another organisation would (SMO 8.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlmodel import Session

from matcher.indicators.facts import OpenNeed
from matcher.indicators.needs import needs_beside
from matcher.judge.facts import Facts as RoundFacts
from matcher.roster import Roster
from service.records.gathered import Gathered
from service.rounds.life import LIVE, OPEN
from service.rounds.rosters import open_nameless
from service.tables.rounds import RosterFile, Round
from service.vault import Vault

_PRESENT = ("proposed", "agreed", "confirmed", "ordered", "running", "final")


def needs_of(it: Gathered, rounds: Iterable[Round]) -> Iterator[OpenNeed]:
    """Yield the open needs of rounds whose pairs are found and not over, people by their ids."""
    for round_ in sorted(rounds, key=lambda one: one.id):
        if round_.state not in _PRESENT:
            continue
        roster = _by_ids(it.session, it.vault, round_)
        pairs = [
            (pair.mentor_id, pair.mentee_id, pair.covers)
            for pair in it.pairs.values()
            if pair.round_id == round_.id and pair.state in (*OPEN, *LIVE)
        ]
        yield from needs_beside(pairs, RoundFacts.of(roster, it.policy, round_.reference_day))


def _by_ids(session: Session, vault: Vault, round_: Round) -> Roster:
    """Return the roster of a round with ids in the place of codes, of classes too."""
    classes, roster = open_nameless(vault, session.get_one(RosterFile, round_.roster_id))
    return _with_class_ids(roster, classes)


def _with_class_ids(roster: Roster, ids: Mapping[str, str]) -> Roster:
    return replace(
        roster,
        classes=tuple(replace(one, id=ids.get(one.id, one.id)) for one in roster.classes),
        mentees=tuple(replace(one, person=ids.get(one.person, one.person)) for one in roster.mentees),
    )
