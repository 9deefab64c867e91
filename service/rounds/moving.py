"""Giving a mentee another mentor by hand, with everybody who has to move for it: one decision, undone as one."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from matcher.texts import text
from service.errors import not_found
from service.rounds.asked import DecisionIn
from service.rounds.beginning import begin_pair
from service.rounds.decide import Subject, needed, only, reason_of, refuse
from service.rounds.desk import RUNNERS, Changes, Desk, pairs_in_sight
from service.rounds.rules import Rules
from service.tables.rounds import Decision, Pair


def move(desk: Desk, asked: DecisionIn) -> Decision:
    """Pair two people instead of the pair ``asked.pair``, or beside what there is; the new one is fixed at once.

    The old one does not come back. Pairs that make room end (``ends``), those their people find begin (``begins``);
    every new pair keeps all rules.
    """
    only(desk, RUNNERS)
    needed(asked, "mentor", "mentee")
    left = None if asked.pair is None else _proposed(desk, asked.pair)
    ends = [_proposed(desk, id_) for id_ in dict.fromkeys(asked.ends)]
    subject = Subject(desk, asked.model_copy(update={"pair": None, "kind": "move"}))
    if left is not None and left.mentee_id != subject.mentee_id:
        refuse("pair", text("the pair is not one of this mentee"))
    if left is not None and left.mentor_id == subject.mentor_id:
        refuse("mentor", text("this is the mentor of the pair already"))
    rules, changes = Rules(desk), Changes()
    rules.leave_out({pair.id for pair in (left, *ends) if pair is not None})
    for pair in (left, *ends):
        if pair is not None:
            changes.set(pair, state="dropped", locked=False)
    replaces = None if left is None else left.id
    new = begin_pair(desk, rules, *subject.two, changes, locked=True, replaces_id=replaces)
    begins = []
    for couple in asked.begins:
        other = Subject(desk, DecisionIn(kind="move", mentor=couple.mentor, mentee=couple.mentee))
        begin_pair(desk, rules, *other.two, changes)
        begins.append(list(other.two))
    details: dict[str, Any] = {"ends": [pair.id for pair in ends], "begins": begins}
    if left is not None:
        details |= {"from": left.mentor_id, "from_pair": left.id}
    ids = {"mentor_id": subject.mentor_id, "mentee_id": subject.mentee_id, "pair_id": new.id}
    return desk.write("move", **ids, details=details, words=reason_of(asked), changes=changes)


def _proposed(desk: Desk, id_: str) -> Pair:
    """Return a pair that may be ended by a move: nobody has agreed to it or fixed it."""
    asked = select(Pair).where(Pair.id == id_, Pair.round_id == desk.round_.id, pairs_in_sight(desk.viewer))
    found = desk.session.exec(asked).first()
    if found is None:
        raise not_found()
    if found.locked:
        refuse("pair", text("the pair is fixed"), text("release it first"))
    if found.state != "proposed":
        refuse("pair", text("the pair is not in a state in which this can be decided"))
    return found
