"""What is read of an area once, before its facts are told: pairs, newest records, decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from matcher.policy import Policy
from service.among import among
from service.records.banks import Bank
from service.tables.areas import Area, AreaKind
from service.tables.records import Record
from service.tables.rounds import Decision, Pair
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


def records_of(session: Session, pairs: Mapping[str, Pair], bank: Bank) -> dict[str, list[Record]]:
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
        query = select(Record).where(col(Record.kind).in_(kinds), col(Record.replaced_at).is_(None))
        for record in session.exec(query.where(among(column, ids))):
            found[record.kind].append(record)
    return found


def decisions_of(session: Session, pairs: Mapping[str, Pair]) -> list[Decision]:
    """Return the decisions nobody has undone that end a pair, replace a mentor or decline."""
    query = select(Decision).where(among(Decision.pair_id, pairs), col(Decision.undone_by_id).is_(None))
    return list(session.exec(query.where(col(Decision.kind).in_(("terminate", "replace", "decline")))))


def lines_of(session: Session, areas: Iterable[Area]) -> dict[str, tuple[str, str]]:
    """Return the municipality and the region of each area, by ids."""
    known = {area.id: area for area in areas}
    above = {part for area in known.values() for part in area.path.strip("/").split("/")} - set(known)
    known |= {one.id: one for one in session.exec(select(Area).where(among(Area.id, above)))}

    def of_kind(area: Area, kind: AreaKind) -> str:
        line = [known[part] for part in area.path.strip("/").split("/") if part in known]
        return next((one.id for one in line if one.kind == kind), "")

    return {id_: (of_kind(area, AreaKind.MUNICIPALITY), of_kind(area, AreaKind.REGION)) for id_, area in known.items()}


def day_of(record: Record) -> date:
    """Return the day a record speaks of, else the day it was written."""
    day = record.figures.get("day")
    return record.created_at.date() if day is None else date.fromisoformat(str(day))
