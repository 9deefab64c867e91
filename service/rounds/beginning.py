"""A new pair made by hand: two people against whom nothing stands, proposed."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.texts import text
from service.errors import refused
from service.rounds.desk import Changes, Desk
from service.rounds.life import LIVE, OPEN
from service.rounds.people import people_by_id
from service.rounds.rules import Rules
from service.tables.rounds import Pair


def begin_pair(
    desk: Desk,
    rules: Rules,
    mentor_id: str,
    mentee_id: str,
    changes: Changes,
    *,
    instead_of: str | None = None,
    place: str = "mentor",
    **more: Any,
) -> Pair:
    """Return a new proposed pair of two people against whom nothing stands; ``more`` are further columns.

    ``instead_of`` is a pair that makes room for it, ``place`` what a fault is about.

    Raises
    ------
    Problem
        422 with every rule against it.
    """
    faults = list(rules.against(mentor_id, mentee_id, instead_of=instead_of))
    if faults:
        raise refused(faults)
    case = rules.case(mentor_id, mentee_id)
    people = people_by_id(desk.session, [mentor_id, mentee_id])
    both = (col(Pair.mentor_id) == mentor_id) & (col(Pair.mentee_id) == mentee_id)
    before = desk.session.exec(select(Pair).where(both, Pair.round_id == desk.round_.id)).all()
    if any(one.state in (*OPEN, *LIVE) for one in before):
        raise refused([Fault(place, text("the two are a pair already"))])
    same = [one for one in before if one.kind == str(case.kind) and one.since == desk.today]
    made = same[0] if same else None
    if made is None:
        made = Pair(
            round_id=desk.round_.id,
            area_id=desk.round_.area_id,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            mentor_area_id=people[mentor_id].area_id,
            mentee_area_id=people[mentee_id].area_id,
            form=str(case.form),
            kind=str(case.kind),
            contour=str(case.sides.contour),
            since=desk.today,
            state="dropped",
        )
    desk.session.add(made)
    desk.session.flush()
    changes.set(
        made,
        state="proposed",
        end_reason=None,
        model=None if case.model is None else str(case.model),
        covers=list(case.sides.covered()),
        minutes=rules.minutes(case),
        **more,
    )
    rules.count_in(made)
    return made
