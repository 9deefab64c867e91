"""What has to stand before pairs are looked for: the checklist of each regulation (KAL 4.2, DAL 3.2.2, BAR 4.1.3)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from sqlmodel import Session, col, or_, select

from matcher.policy import Policy
from matcher.scheduling.terms import add_months
from service.records.policies import policy_of
from service.tables.areas import Area
from service.tables.records import Record
from service.tables.rounds import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class GateItem:
    """One line of the checklist (``gates.toml``)."""

    id: str
    title: str
    title_en: str
    clauses: dict[str, str]
    otherwise: dict[str, str]
    record: str | None = None
    code: str | None = None
    states: tuple[str, ...] = ()
    months: int | None = None
    must: bool = True
    parts: tuple[str, ...] = ()

    def clause_in(self, policy: Policy) -> str | None:
        """Return the clause on which a policy asks for this item, None where it does not ask."""
        if policy.id in self.clauses:
            return self.clauses[policy.id]
        if policy.id in _known_policies():
            return None
        asked = self.otherwise
        if (
            asked.get("document") in policy.documents
            or asked.get("approval") in policy.approvals.pair
            or asked.get("deadline") in {one.id for one in policy.deadlines}
        ):
            return "product"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFact:
    """How an item of the checklist stands in a round; ``record_id`` is the record that opens it."""

    id: str
    title: str
    title_en: str
    clause: str
    must: bool
    done: bool
    kind: str
    day: date | None = None
    record_id: str | None = None
    parts: tuple[str, ...] = ()


@cache
def gate_items() -> tuple[GateItem, ...]:
    """Return every item some regulation asks for."""
    table = tomllib.loads(resources.files("service.records").joinpath("gates.toml").read_text(encoding="utf-8"))
    return tuple(
        GateItem(
            id=name,
            title=row["title"],
            title_en=row["title_en"],
            clauses=row.get("clauses", {}),
            otherwise=row.get("otherwise", {}),
            record=row.get("record"),
            code=row.get("code"),
            states=tuple(row.get("states", ())),
            months=row.get("months"),
            must=row.get("must", True),
            parts=tuple(row.get("parts", ())),
        )
        for name, row in table.items()
    )


@cache
def _known_policies() -> frozenset[str]:
    return frozenset(policy for item in gate_items() for policy in item.clauses)


def items_of(policy: Policy) -> Iterator[tuple[GateItem, str]]:
    """Yield the items a policy asks for, each with its clause."""
    for item in gate_items():
        clause = item.clause_in(policy)
        if clause is not None:
            yield item, clause


def gate_facts(session: Session, round_: Round) -> tuple[tuple[GateFact, ...], date | None]:
    """Return how every gate of a round stands, and the day the register was last reviewed.

    What an area has done counts for its rounds and for those of the areas below it.
    """
    area = session.get(Area, round_.area_id)
    above = [] if area is None else area.path.strip("/").split("/")
    kinds = {item.record for item in gate_items() if item.record is not None} | {"gate"}
    records = session.exec(
        select(Record).where(
            col(Record.kind).in_(kinds),
            col(Record.replaced_at).is_(None),
            or_(Record.round_id == round_.id, (col(Record.round_id).is_(None)) & col(Record.area_id).in_(above)),
        )
    ).all()
    reviews = [_day(one) for one in records if one.kind == "registry_review" and one.state == "done"]
    found = tuple(_fact(item, clause, records, round_) for item, clause in items_of(policy_of(round_)))
    return found, max(reviews, default=None)


def _fact(item: GateItem, clause: str, records: Sequence[Record], round_: Round) -> GateFact:
    fitting = sorted((one for one in records if _opens(item, one, round_)), key=_day)
    opened = fitting[-1] if fitting else None
    return GateFact(
        id=item.id,
        title=item.title,
        title_en=item.title_en,
        clause=clause,
        must=item.must,
        done=opened is not None,
        kind=item.record or "gate",
        day=None if opened is None else _day(opened),
        record_id=None if opened is None else opened.root_id,
        parts=item.parts,
    )


def _opens(item: GateItem, record: Record, round_: Round) -> bool:
    if item.record is None:
        return record.kind == "gate" and record.state == "done" and record.figures.get("item") == item.id
    if record.kind != item.record or record.state not in item.states:
        return False
    if item.code is not None and record.figures.get("code") != item.code:
        return False
    if not set(item.parts) <= set(record.figures.get("parts", ())):
        return False
    return item.months is None or _day(record) >= add_months(round_.reference_day, -item.months)


def _day(record: Record) -> date:
    """Return the day a record speaks of, else the day it was written."""
    day = record.figures.get("day")
    return record.created_at.date() if day is None else date.fromisoformat(str(day))
