"""What the records say of a pair and of a round: what the guards of their steps ask.

Everything here only reads, and only columns that are not sealed: what a programme lacks is written into its figures
when it is saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from service.among import among
from service.records.gates import GateFact, gate_facts
from service.tables.records import Record
from service.tables.rounds import Pair, Round
from service.vault import Vault

BOTH = ("mentor", "mentee")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFacts:
    """What is on record for a pair.

    ``programme_missing`` are the fields and obligatory activities its newest version still lacks (words of the
    policy); a pair without a programme lacks "programme". ``open_conflicts`` counts tickets nobody has decided.
    """

    mentor_interviewed: bool = False
    mentee_interviewed: bool = False
    mentor_asked: bool = False
    mentee_asked: bool = False
    mentee_diagnosed: bool = False
    programme_id: str | None = None
    programme_number: int = 0
    programme_state: str | None = None
    programme_missing: tuple[str, ...] = ("programme",)
    programme_acknowledged: frozenset[str] = frozenset()
    programme_in_force: int = 0
    open_conflicts: int = 0
    final_report_signed: bool = False
    full_cycle: bool = False

    @property
    def interview_done(self) -> bool:
        """Say whether both sides have been interviewed (DAL 4.2)."""
        return self.mentor_interviewed and self.mentee_interviewed

    @property
    def questionnaire_done(self) -> bool:
        """Say whether both sides have handed in a questionnaire (DAL 4.2)."""
        return self.mentor_asked and self.mentee_asked

    @property
    def programme_complete(self) -> bool:
        """Say whether the newest version has all its policy asks for."""
        return not self.programme_missing

    @property
    def programme_ready(self) -> bool:
        """Say whether the newest version is complete and both sides have acknowledged it."""
        return self.programme_complete and self.programme_acknowledged >= frozenset(BOTH)

    @property
    def programme_closed(self) -> bool:
        """Say whether the programme has been closed."""
        return self.programme_state == "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What is on record for a round: its gates, the documents the union has signed, the last review of the register."""

    gates: tuple[GateFact, ...] = ()
    union_signed: frozenset[str] = frozenset()
    union_objected: frozenset[str] = frozenset()
    last_review_day: date | None = None

    @property
    def open_gates(self) -> tuple[GateFact, ...]:
        """Return what still has to be done before pairs may be looked for."""
        return tuple(gate for gate in self.gates if gate.must and not gate.done)


def pair_facts(session: Session, vault: Vault, pair: Pair) -> PairFacts:
    """Return what is on record for a pair."""
    return facts_of_pairs(session, vault, [pair])[pair.id]


def facts_of_pairs(session: Session, vault: Vault, pairs: Sequence[Pair]) -> Mapping[str, PairFacts]:
    """Return what is on record for pairs, by their ids."""
    people = {person for pair in pairs for person in (pair.mentor_id, pair.mentee_id)}
    records = _newest(
        session,
        ("interview", "questionnaire", "diagnostics", "programme", "conflict", "final_report", "full_cycle"),
        pairs=[pair.id for pair in pairs],
        people=people,
    )
    by_pair: dict[str | None, list[Record]] = {}
    by_person: dict[str | None, list[Record]] = {}
    for record in records:
        by_pair.setdefault(record.pair_id, []).append(record)
        by_person.setdefault(record.person_id, []).append(record)
    numbers = _numbers_in_force(session, [one.root_id for one in records if one.kind == "programme"])
    return {pair.id: _facts(pair, by_pair.get(pair.id, []), by_person, numbers) for pair in pairs}


def round_facts(session: Session, vault: Vault, round_: Round) -> RoundFacts:
    """Return what is on record for a round."""
    gates, last_review = gate_facts(session, round_)
    signed = session.exec(
        select(Record).where(
            Record.kind == "union_sign_off", Record.round_id == round_.id, col(Record.replaced_at).is_(None)
        )
    ).all()
    return RoundFacts(
        gates=gates,
        union_signed=frozenset(str(one.figures["document"]) for one in signed if one.state == "signed"),
        union_objected=frozenset(str(one.figures["document"]) for one in signed if one.state == "objected"),
        last_review_day=last_review,
    )


def _newest(session: Session, kinds: Iterable[str], *, pairs: Iterable[str], people: Iterable[str]) -> list[Record]:
    """Return the newest records of pairs and of people, each once."""
    found: dict[str, Record] = {}
    newest = select(Record).where(col(Record.kind).in_(list(kinds)), col(Record.replaced_at).is_(None))
    for column, ids in ((Record.pair_id, pairs), (Record.person_id, people)):
        found |= {one.id: one for one in session.exec(newest.where(among(column, ids)))}
    return list(found.values())


def _numbers_in_force(session: Session, roots: Sequence[str]) -> dict[str, int]:
    """Return the newest version of each programme that both sides have acknowledged."""
    found: dict[str, int] = {}
    for record in session.exec(select(Record).where(among(Record.root_id, roots))) if roots else ():
        if set(record.acknowledged) >= set(BOTH):
            found[record.root_id] = max(found.get(record.root_id, 0), record.number)
    return found


def _facts(
    pair: Pair,
    own: Sequence[Record],
    by_person: Mapping[str | None, Sequence[Record]],
    numbers: Mapping[str, int],
) -> PairFacts:
    def has(person: str, kind: str, state: str) -> bool:
        return any(
            one.kind == kind and one.state == state and one.round_id in (None, pair.round_id)
            for one in by_person.get(person, ())
        )

    programme = next((one for one in own if one.kind == "programme"), None)
    return PairFacts(
        mentor_interviewed=has(pair.mentor_id, "interview", "done"),
        mentee_interviewed=has(pair.mentee_id, "interview", "done"),
        mentor_asked=has(pair.mentor_id, "questionnaire", "submitted"),
        mentee_asked=has(pair.mentee_id, "questionnaire", "submitted"),
        mentee_diagnosed=has(pair.mentee_id, "diagnostics", "final"),
        programme_id=None if programme is None else programme.root_id,
        programme_number=0 if programme is None else programme.number,
        programme_state=None if programme is None else programme.state,
        programme_missing=("programme",) if programme is None else tuple(programme.figures.get("missing", ())),
        programme_acknowledged=frozenset() if programme is None else frozenset(programme.acknowledged),
        programme_in_force=0 if programme is None else numbers.get(programme.root_id, 0),
        open_conflicts=sum(one.kind == "conflict" and one.state in ("open", "in_review") for one in own),
        final_report_signed=any(one.kind == "final_report" and one.state == "signed" for one in own),
        full_cycle=any(one.kind == "full_cycle" and one.state == "marked" for one in own),
    )
