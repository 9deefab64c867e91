"""What is decided in a round at present: the decisions nobody has undone, read as facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select as pick
from sqlmodel import Session, col, select

from service.keys import Erased, open_for, seal_for
from service.tables.rounds import Decision
from service.vault import Vault

Two = tuple[str, str]
"""Ids of a mentor and a mentee."""
_COUNTING = ("lock", "unlock", "move", "forbid", "allow", "accept", "decline", "override", "psychologist")
"""The kinds of decisions that facts come of; the others (comments, steps, terms, agreements) say none."""


class Said(NamedTuple):
    """What a decision says, without what it changed: a round comes to have thousands, read again and again."""

    id: str
    kind: str
    mentor_id: str | None
    mentee_id: str | None
    pair_id: str | None
    details: Mapping[str, Any]
    sealed_reason: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """A rule that the curator has lifted for a pair, or for one side of any pair, and why."""

    rule: str
    mentor_id: str | None
    mentee_id: str | None
    reason: str


@dataclass(slots=True, kw_only=True)
class Decided:
    """Facts of a round. ``accepted`` holds (pair, "mentor" or "mentee"); ``opinions`` the psychologist's words."""

    locked: set[Two] = field(default_factory=set)
    released: set[Two] = field(default_factory=set)
    forbidden: set[Two] = field(default_factory=set)
    allowed: set[Two] = field(default_factory=set)
    accepted: set[tuple[str, str]] = field(default_factory=set)
    lifted: list[Lifted] = field(default_factory=list)
    opinions: dict[Two, Mapping[str, Any]] = field(default_factory=dict)

    def rules_lifted(self, mentor_id: str, mentee_id: str) -> frozenset[str]:
        """Return the rules lifted for a pair."""
        return frozenset(
            one.rule for one in self.lifted if one.mentor_id in (None, mentor_id) and one.mentee_id in (None, mentee_id)
        )


def decisions_of(session: Session, round_id: str) -> list[Decision]:
    """Return every decision of a round that nobody has undone, in order."""
    standing = select(Decision).where(Decision.round_id == round_id, col(Decision.undone_by_id).is_(None))
    return [one for one in session.exec(standing.order_by(col(Decision.number))) if one.kind != "undo"]


def read_decided(session: Session, vault: Vault, round_id: str) -> Decided:
    """Return what is decided in a round at present."""
    columns = [col(getattr(Decision, name)) for name in Said._fields]
    standing = (col(Decision.round_id) == round_id) & col(Decision.undone_by_id).is_(None)
    asked = pick(*columns).where(standing, col(Decision.kind).in_(_COUNTING)).order_by(col(Decision.number))
    found = Decided()
    for row in session.execute(asked):
        _count_in(found, Said(*row), session, vault)
    return found


def _count_in(found: Decided, one: Said, session: Session, vault: Vault) -> None:
    two = (one.mentor_id or "", one.mentee_id or "")
    if one.kind == "lock":
        found.locked.add(two)
        found.released.discard(two)
    elif one.kind == "move":
        found.locked.add(two)
        found.released.discard(two)
        if one.details.get("from"):
            found.forbidden.add((one.details["from"], two[1]))
    elif one.kind == "unlock":
        found.locked.discard(two)
        found.released.add(two)
    elif one.kind == "forbid":
        found.forbidden.add(two)
        found.allowed.discard(two)
    elif one.kind == "allow":
        found.forbidden.discard(two)
        found.allowed.add(two)
    elif one.kind == "accept" and one.pair_id is not None and "of" not in one.details:
        found.accepted.add((one.pair_id, one.details["side"]))
    elif one.kind == "decline" and one.pair_id is not None:
        found.accepted.discard((one.pair_id, one.details["side"]))
    elif one.kind == "override":
        said = open_words(session, vault, one)
        reason = str(said.get("reason", ""))
        lifted = Lifted(rule=one.details["rule"], mentor_id=one.mentor_id, mentee_id=one.mentee_id, reason=reason)
        found.lifted.append(lifted)
    elif one.kind == "psychologist":
        found.opinions[two] = open_words(session, vault, one)


def seal_words(session: Session, vault: Vault, decision: Decision, words: Mapping[str, Any]) -> None:
    """Seal what a decision says in words, under the key of the mentee it concerns, else of the mentor."""
    if words:
        content = json.dumps(words, ensure_ascii=False).encode()
        decision.sealed_reason = seal_for(session, vault, owner_of(decision), content, f"decision:{decision.id}")


def open_words(session: Session, vault: Vault, decision: Decision | Said) -> dict[str, Any]:
    """Return what a decision says in words; nothing once the person it concerns is erased."""
    if decision.sealed_reason is None:
        return {}
    try:
        content = open_for(session, vault, owner_of(decision), decision.sealed_reason, f"decision:{decision.id}")
    except Erased:
        return {}
    found: dict[str, Any] = json.loads(content)
    return found


def owner_of(decision: Decision | Said) -> str | None:
    """Return under whose key the words of a decision stand."""
    return decision.mentee_id or decision.mentor_id
