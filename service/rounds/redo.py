"""Doing again what was undone last; as often as there is something undone, until somebody decides anew."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from service.rounds.asked import DecisionIn
from service.rounds.decided import open_words
from service.rounds.undo import NEVER
from service.tables.rounds import Decision
from service.vault import Vault

AGAIN = "again"
"""In the details of a decision that was done again: the number of the one it repeats."""
_CAN = frozenset({"lock", "unlock", "forbid", "allow", "accept", "decline", "override", "move", "agree"})


def last_standing(session: Session, round_id: str) -> Decision | None:
    """Return the decision that undoing would undo next, None where there is none."""
    asked = select(Decision).where(Decision.round_id == round_id, col(Decision.undone_by_id).is_(None))
    asked = asked.where(col(Decision.kind).not_in((*NEVER, "comment")))
    return session.exec(asked.order_by(col(Decision.number).desc()).limit(1)).first()


def last_undone(session: Session, round_id: str) -> Decision | None:
    """Return the decision that can be done again next, None where there is none."""
    asked = select(Decision.kind, Decision.details, Decision.undoes_id)
    asked = asked.where(Decision.round_id == round_id, Decision.kind != "comment")
    done_again = 0
    for kind, details, undoes_id in session.exec(asked.order_by(col(Decision.number).desc()).limit(500)):
        if kind == "undo":
            if not done_again:
                found = session.get(Decision, undoes_id)
                return found if found is not None and found.kind in _CAN else None
            done_again -= 1
        elif AGAIN in details:
            done_again += 1
        else:
            return None
    return None


def as_asked(session: Session, vault: Vault, one: Decision) -> DecisionIn:
    """Return what has to be asked for to take a decision once more."""
    details: dict[str, Any] = one.details
    given: dict[str, Any] = {
        "kind": one.kind,
        "mentor": one.mentor_id,
        "mentee": one.mentee_id,
        "pair": one.pair_id,
        "side": details.get("side"),
        "paper": bool(details.get("paper")),
        "rule": details.get("rule"),
        "reason": open_words(session, vault, one).get("reason"),
    }
    if one.kind == "move":
        begins = [{"mentor": mentor, "mentee": mentee} for mentor, mentee in details["begins"]]
        given |= {"pair": details.get("from_pair"), "ends": details["ends"], "begins": begins}
    return DecisionIn.model_validate({name: value for name, value in given.items() if value is not None})
