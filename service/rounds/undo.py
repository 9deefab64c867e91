"""Undoing a decision: whatever it changed becomes as it was, and what it said does not count any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.texts import text
from service.errors import not_found, refused
from service.rounds.asked import DecisionIn
from service.rounds.decide import forbidden, reason_of
from service.rounds.desk import Changes, Desk, Row
from service.rounds.life import LIVE
from service.tables.rounds import Decision, Meeting, MeetingPerson, Order, Pair, Round

NEVER = ("undo", "transition")


def undo(desk: Desk, asked: DecisionIn) -> Decision:
    """Undo a decision, the last one that can be where none is named."""
    decision = _named(desk, asked) if asked.decision is not None else _last(desk)
    if not desk.is_runner and decision.made_by != desk.viewer.actor:
        raise forbidden()
    faults = list(against_undoing(desk, decision))
    if faults:
        raise refused(faults)
    changes = Changes()
    for key, columns in decision.before.get("changed", {}).items():
        changes.set(_row(desk, key), **_restored(desk, key, columns))
    for key in decision.before.get("created", []):
        changes.set(_row(desk, key), state="dropped")
    for meeting_id, person_id in decision.details.get("left", []):
        desk.session.add(MeetingPerson(meeting_id=meeting_id, person_id=person_id))
    ids = {"mentor_id": decision.mentor_id, "mentee_id": decision.mentee_id, "pair_id": decision.pair_id}
    details = {"kind": decision.kind, "number": decision.number}
    done = desk.write("undo", **ids, details=details, words=reason_of(asked), undoes_id=decision.id, changes=changes)
    decision.undone_by_id = done.id
    desk.session.add(decision)
    desk.session.flush()
    return done


def _named(desk: Desk, asked: DecisionIn) -> Decision:
    found = desk.session.exec(
        select(Decision).where(Decision.id == asked.decision, Decision.round_id == desk.round_.id)
    ).first()
    if found is None or not (desk.roles or found.made_by == desk.viewer.actor):
        raise not_found()
    return found


def _last(desk: Desk) -> Decision:
    standing = select(Decision).where(
        Decision.round_id == desk.round_.id,
        col(Decision.undone_by_id).is_(None),
        col(Decision.kind).not_in(NEVER),
    )
    found = desk.session.exec(standing.order_by(col(Decision.number).desc()).limit(1)).first()
    if found is None:
        raise not_found()
    return found


def against_undoing(desk: Desk, decision: Decision) -> Iterator[Fault]:
    """Yield why a decision cannot be undone."""
    place = f"decision {decision.number}"
    if decision.kind in NEVER:
        yield Fault(place, text("this is not undone but followed by another step"))
        return
    if decision.undone_by_id is not None:
        yield Fault(place, text("the decision is undone already"))
        return
    order = _order_since(desk, decision)
    if order is not None:
        told = {"number": order.number, "day": f"{order.day:%d.%m.%Y}"}
        message = text("the head has signed an order on it since: № {number} of {day}", **told)
        yield Fault(place, message, text("a signed order is changed by another order: end, prolong or replace"))
        return
    later = _later_on_same(desk, decision)
    if later is not None:
        message = text("decision {number} rests on it", number=later.number)
        yield Fault(place, message, text("undo that one first"))
        return
    if decision.kind in ("accept", "psychologist", "override") and "of" not in decision.details:
        confirmed = select(Pair).where(Pair.round_id == desk.round_.id, col(Pair.state).in_(("confirmed", *LIVE)))
        two = (col(Pair.mentor_id) == decision.mentor_id) & (col(Pair.mentee_id) == decision.mentee_id)
        if desk.session.exec(confirmed.where(two)).first() is not None:
            yield Fault(place, text("the pair was confirmed on it"), text("take the round a step back first"))
            return
    for key, columns in decision.before.get("changed", {}).items():
        row = _row(desk, key)
        if any(_plain(getattr(row, name)) != new for name, (_, new) in columns.items() if name != "sequence"):
            yield Fault(place, text("what it changed has changed again since"))
            return


def _order_since(desk: Desk, decision: Decision) -> Order | None:
    """Return an order on the same people signed after the decision."""
    if decision.kind == "comment":
        return None
    later = select(Order).where(Order.round_id == desk.round_.id, Order.created_at >= decision.made_at)
    people = {id_ for id_ in (decision.mentor_id, decision.mentee_id) if id_ is not None}
    return next((order for order in desk.session.exec(later) if not people or people <= set(order.people)), None)


def _later_on_same(desk: Desk, decision: Decision) -> Decision | None:
    """Return a later decision, still standing, that touches the same pair or rows."""
    later = select(Decision).where(
        Decision.round_id == desk.round_.id,
        Decision.number > decision.number,
        col(Decision.undone_by_id).is_(None),
        col(Decision.kind).not_in((*NEVER, "comment")),
    )
    touched = _touched(decision)
    for one in desk.session.exec(later.order_by(col(Decision.number).desc())):
        same_two = (one.mentor_id, one.mentee_id) == (decision.mentor_id, decision.mentee_id)
        if (same_two and decision.mentee_id is not None) or touched & _touched(one):
            return one
    return None


def _touched(decision: Decision) -> set[str]:
    changed: set[str] = set(decision.before.get("changed", {}))
    changed |= set(decision.before.get("created", []))
    if decision.pair_id is not None:
        changed.add(f"pair:{decision.pair_id}")
    return changed


def _row(desk: Desk, key: str) -> Row:
    table, _, id_ = key.partition(":")
    if table == "pair":
        return desk.session.get_one(Pair, id_)
    return desk.session.get_one(Meeting, id_) if table == "meeting" else desk.session.get_one(Round, id_)


def _restored(desk: Desk, key: str, columns: dict[str, list[Any]]) -> dict[str, Any]:
    """Return the old values; the number of a meeting's changes only grows, or calendars would pass them over."""
    found = {name: _value(name, old) for name, (old, _) in columns.items() if name != "sequence"}
    if "sequence" in columns:
        meeting = _row(desk, key)
        assert isinstance(meeting, Meeting)
        found["sequence"] = meeting.sequence + 1
    return found


def _value(name: str, plain: Any) -> Any:
    return date.fromisoformat(plain) if name.endswith("day") and isinstance(plain, str) else plain


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
