"""How rounds, pairs and decisions are sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from service.rounds.decided import open_words
from service.rounds.desk import RUNNERS, Desk
from service.tables.access import Role
from service.tables.rounds import Decision, Pair, Round
from service.viewer import Viewer

FOR_CURATORS = ("psychologist",)
"""Kinds whose words are shown to their author and the curator only."""


class RoundOut(BaseModel):
    """A round. ``next`` are the states that may follow; its version is the ETag."""

    id: str
    area: str
    name: str
    roster: str
    policy: str
    state: str
    next: list[str]
    reference_day: date
    first_day: date | None
    last_day: date | None
    plan: str | None
    timetables: list[str]
    created_at: datetime
    closed_at: datetime | None
    version: int


class DecisionOut(BaseModel):
    """A decision. Of an answer others than the curator learn only that one side has given it."""

    id: str
    number: int
    kind: str
    mentor: str | None
    mentee: str | None
    pair: str | None
    details: dict[str, Any]
    reason: str | None
    made_by: str | None
    made_at: datetime
    undoes: str | None
    undone_by: str | None


class PairOut(BaseModel):
    """A pair, by the ids and codes of both; ``common_slots`` where only figures of the other side may be seen."""

    id: str
    mentor: str
    mentor_code: str
    mentor_name: str
    mentee: str
    mentee_code: str
    mentee_name: str
    mentor_area: str
    mentee_area: str
    group: str | None
    form: str
    model: str | None
    kind: str
    contour: str
    state: str
    locked: bool
    covers: list[str]
    minutes: int
    since: date
    first_day: date | None
    last_day: date | None
    end_reason: str | None
    replaces: str | None
    accepted: list[str]
    missing: list[str]
    version: int


def round_out(round_: Round, steps: tuple[str, ...], timetables: list[str]) -> RoundOut:
    """Return a round as it is sent."""
    return RoundOut(
        id=round_.id,
        area=round_.area_id,
        name=round_.name,
        roster=round_.roster_id,
        policy=round_.policy_id,
        state=round_.state,
        next=list(steps),
        reference_day=round_.reference_day,
        first_day=round_.first_day,
        last_day=round_.last_day,
        plan=round_.plan_id,
        timetables=timetables,
        created_at=round_.created_at,
        closed_at=round_.closed_at,
        version=round_.version,
    )


def decision_out(desk: Desk, one: Decision) -> DecisionOut:
    """Return a decision as this viewer may see it."""
    is_own = one.made_by == desk.viewer.actor
    sees_all = is_own or bool(desk.roles & RUNNERS)
    details = dict(one.details)
    if one.kind in ("accept", "decline") and not sees_all:
        details = {}
    details.pop("left", None)
    reason = None
    if is_own or _sees_reason(desk, one):
        words = open_words(desk.session, desk.vault, one)
        reason = words.pop("reason", None)
        details |= words
    return DecisionOut(
        id=one.id,
        number=one.number,
        kind=one.kind,
        mentor=one.mentor_id,
        mentee=one.mentee_id,
        pair=one.pair_id,
        details=details,
        reason=reason,
        made_by=one.made_by if sees_all or one.kind not in ("accept", "decline", "psychologist") else None,
        made_at=one.made_at,
        undoes=one.undoes_id,
        undone_by=one.undone_by_id,
    )


def _sees_reason(desk: Desk, one: Decision) -> bool:
    if one.kind in FOR_CURATORS or one.kind in ("accept", "decline"):
        return bool(desk.roles & RUNNERS)
    return bool(desk.roles & (RUNNERS | {Role.HEAD, Role.COUNCIL_MEMBER}))


def is_participant_only(viewer: Viewer) -> bool:
    """Say whether the viewer comes only as a person of a roster."""
    return not viewer.paths


def sorted_pairs(pairs: list[Pair]) -> list[Pair]:
    """Return pairs in the order they are listed in."""
    return sorted(pairs, key=lambda pair: pair.id)
