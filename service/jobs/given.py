"""Pairs that stand, as a solver process is told of them: by the codes of its roster, in ``task.json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from matcher.plan import Plan, PlannedPair
from matcher.roster import Contour, MentoringForm, MentoringKind
from service.rounds.life import LIVE, OPEN
from service.rounds.people import known_people
from service.tables.rounds import Pair, Round

_TOLD = ("form", "kind", "contour", "group_code")


def told_pairs(session: Session, round_: Round) -> list[dict[str, Any]]:
    """Return the pairs of a round that stand, nobody of whom is erased."""
    asked = select(Pair).where(Pair.round_id == round_.id, col(Pair.state).in_((*OPEN, *LIVE)))
    pairs = session.exec(asked.order_by(col(Pair.id))).all()
    people = known_people(session, sorted({id_ for pair in pairs for id_ in (pair.mentor_id, pair.mentee_id)}))
    code = {id_: one.code for id_, one in people.items() if one.erased_at is None}
    return [
        {"mentor": code[pair.mentor_id], "mentee": code[pair.mentee_id]} | {name: getattr(pair, name) for name in _TOLD}
        for pair in pairs
        if pair.mentor_id in code and pair.mentee_id in code
    ]


def given_pairs(told: Iterable[Mapping[str, Any]], plan: Plan) -> list[PlannedPair]:
    """Return the pairs that were told of; what a plan knows of them besides is taken from there."""
    known = {(pair.mentor, pair.mentee, str(pair.kind)): pair for pair in plan.pairs}
    return [_given(one, known.get((one["mentor"], one["mentee"], one["kind"]))) for one in told]


def _given(one: Mapping[str, Any], known: PlannedPair | None) -> PlannedPair:
    return PlannedPair(
        mentor=one["mentor"],
        mentee=one["mentee"],
        form=MentoringForm(one["form"]),
        kind=MentoringKind(one["kind"]),
        contour=Contour(one["contour"]),
        group=one["group_code"],
        counter=known is not None and known.counter,
    )
