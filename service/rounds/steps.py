"""Steps of a round and of pairs from state to state, each only when nothing is missing (requirements 7.10, HR-23)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.texts import Text, say, text
from service.errors import not_found, refused, wrong_input
from service.rounds.asked import StepIn
from service.rounds.case import gather, pair_cases, seal_order
from service.rounds.decide import forbidden
from service.rounds.desk import RUNNERS, Changes, Desk, standing_pairs
from service.rounds.ending import free_meetings
from service.rounds.life import (
    LIVE,
    PAIR_STEPS,
    ROUND_STEPS,
    needs_order,
    order_faults,
    pair_is_missing,
    state_text,
    term_faults,
    what_is_missing,
)
from service.tables.access import Role
from service.tables.areas import Area, AreaKind
from service.tables.columns import now
from service.tables.rounds import Decision, Meeting, MeetingPerson, Order, Pair

_AHEAD = timedelta(days=60)
_OF_PAIRS = ("confirmed", "active", "aftercare", "closed")


def take_step(desk: Desk, asked: StepIn) -> Decision:
    """Take a round, or pairs of it, to the next state; everything still missing is said at once."""
    if asked.pairs is not None:
        return _step_of_pairs(desk, asked, asked.pairs)
    if asked.to not in ROUND_STEPS:
        raise wrong_input([Fault("body.pairs", text("this is a step of pairs: name them"))])
    _may_step(desk, asked.to)
    _check_order_day(desk, asked)
    order = (asked.order_no, asked.order_date) if asked.to == "ordered" else None
    case = gather(desk.session, desk.vault, desk.round_, today=desk.today, lang=desk.lang, order=order)
    faults = what_is_missing(case, desk.policy, asked.to)
    if faults:
        raise refused(faults)
    before, changes = desk.round_.state, Changes()
    details: dict[str, Any] = {"from": before, "to": asked.to}
    if asked.to == "ordered":
        details |= _sign(desk, asked, standing_pairs(desk.session, desk.round_.id, ("confirmed",)))
    _carry_out(desk, asked.to, before, changes)
    changes.set(desk.round_, state=asked.to)
    if asked.to == "closed":
        desk.round_.closed_at = now()
    return desk.write("transition", details=details, words=_reason(asked), changes=changes)


def _carry_out(desk: Desk, to: str, before: str, changes: Changes) -> None:
    """Do to the pairs and meetings what a step of their round means for them."""
    if to == "confirmed":
        for pair in standing_pairs(desk.session, desk.round_.id, ("agreed",)):
            changes.set(pair, state="confirmed")
    elif to == "agreed" and before == "confirmed":
        for pair in standing_pairs(desk.session, desk.round_.id, ("confirmed",)):
            changes.set(pair, state="agreed")
    elif to == "running" and before == "ordered":
        for pair in standing_pairs(desk.session, desk.round_.id, ("confirmed",)):
            _activate(desk, pair, changes)


def _activate(desk: Desk, pair: Pair, changes: Changes) -> None:
    """Let a pair begin; the mentor it replaces ends with it (A-47)."""
    first = max(desk.round_.first_day or desk.today, pair.since)
    changes.set(pair, state="active", first_day=pair.first_day or first, last_day=pair.last_day or desk.round_.last_day)
    _publish(desk, pair)
    if pair.replaces_id is None:
        return
    old = desk.session.get_one(Pair, pair.replaces_id)
    if old.state in LIVE:
        changes.set(old, state="terminated", end_reason="curator", last_day=min(first, old.last_day or first))
        free_meetings(desk, old, first, changes)


def _publish(desk: Desk, pair: Pair) -> None:
    """Tell of the meetings of a pair that begins."""
    of_mentor = select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == pair.mentor_id)
    of_mentee = select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == pair.mentee_id)
    drafts = select(Meeting).where(Meeting.round_id == desk.round_.id, Meeting.state == "draft")
    for meeting in desk.session.exec(drafts.where(col(Meeting.id).in_(of_mentor), col(Meeting.id).in_(of_mentee))):
        meeting.state, meeting.version = "published", meeting.version + 1
        desk.session.add(meeting)


def _may_step(desk: Desk, to: str) -> None:
    """Refuse a step to whom it does not belong: pairs begin with the order of the head (C-09)."""
    if to == "ordered" and needs_order(desk.policy):
        area = desk.session.get_one(Area, desk.round_.area_id)
        signs = {Role.HEAD} if area.kind == AreaKind.ORGANISATION else {Role.HEAD, Role.MUNICIPAL_AUTHORITY}
    elif to == "agreed":
        signs = {*RUNNERS, Role.COUNCIL_MEMBER}
    elif to == "running":
        signs = {*RUNNERS, Role.HEAD}
    else:
        signs = set(RUNNERS)
    if not desk.roles & signs and not (desk.is_runner and desk.is_trial):
        raise forbidden(_whose_order(signs))


def _whose_order(signs: set[Role]) -> Text | None:
    if Role.MUNICIPAL_AUTHORITY in signs:
        return text("The order is entered by the head or by the authority of the municipality.")
    return text("The order is entered by the head of the organisation.") if signs == {Role.HEAD} else None


def _check_order_day(desk: Desk, asked: StepIn) -> None:
    if asked.order_date is not None and asked.order_date > desk.today + _AHEAD:
        raise wrong_input([Fault("body.order_date", text("the day lies too far ahead"))])


def _sign(desk: Desk, asked: StepIn, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Keep the order of the head on some pairs; nothing where the regulation asks for none."""
    if asked.order_no is None or asked.order_date is None:
        return {}
    order = Order(
        round_id=desk.round_.id,
        area_id=desk.round_.area_id,
        document="D-04",
        number=asked.order_no,
        day=asked.order_date,
        people=sorted({id_ for pair in pairs for id_ in (pair.mentor_id, pair.mentee_id)}),
        created_by=desk.viewer.actor,
    )
    seal_order(desk.vault, order, (pair.id for pair in pairs))
    desk.session.add(order)
    desk.session.flush()
    return {"order": order.id, "order_no": order.number, "order_date": order.day.isoformat()}


def _step_of_pairs(desk: Desk, asked: StepIn, ids: Sequence[str]) -> Decision:
    """Take some pairs a step on by themselves: new ones of a running round, or those that are ready first."""
    if asked.to not in _OF_PAIRS:
        may = ", ".join(f"{name} ({say(state_text(name), desk.lang)})" for name in _OF_PAIRS)
        cure = text("what may follow: {states}", states=may)
        raise wrong_input([Fault("body.to", text("this is no step of pairs"), cure)])
    signs = {Role.HEAD, Role.MUNICIPAL_AUTHORITY} if asked.to == "active" and needs_order(desk.policy) else set(RUNNERS)
    if not desk.roles & signs and not (desk.is_runner and desk.is_trial):
        raise forbidden(_whose_order(signs))
    pairs = list(desk.session.exec(select(Pair).where(Pair.round_id == desk.round_.id, col(Pair.id).in_(ids))))
    if len(pairs) != len(set(ids)):
        raise not_found()
    faults = list(_against_pairs(desk, asked, pairs))
    if faults:
        raise refused(faults)
    changes = Changes()
    details: dict[str, Any] = {"to": asked.to, "pairs": sorted(set(ids))}
    if asked.to == "active":
        details |= _sign(desk, asked, pairs)
    for pair in pairs:
        _step_of_pair(desk, pair, asked.to, changes)
    return desk.write("transition", details=details, words=_reason(asked), changes=changes)


def _against_pairs(desk: Desk, asked: StepIn, pairs: list[Pair]) -> list[Fault]:
    found: list[Fault] = []
    if asked.to == "active":
        _check_order_day(desk, asked)
        if desk.round_.state not in ("running", "final"):
            found.append(Fault("round", text("the round is not running: its pairs begin together")))
        found += order_faults(desk.policy, asked.order_no, asked.order_date)
        found += term_faults(desk.policy, desk.round_.first_day, desk.round_.last_day)
    for pair, case in zip(
        pairs, pair_cases(desk.session, desk.vault, desk.round_, pairs, today=desk.today), strict=True
    ):
        if asked.to not in PAIR_STEPS[pair.state]:
            told = {"state": state_text(pair.state), "to": state_text(asked.to)}
            found.append(Fault(case.place, text("this step does not follow: from “{state}” to “{to}”", **told)))
            continue
        if asked.to == "closed" and desk.policy.programme.aftercare and pair.state != "aftercare":
            clause = text("first the mentor stays on call for a while (DAL 3.3.6)")
            found.append(Fault(case.place, clause))
        found += pair_is_missing(case, desk.policy, asked.to)
    return found


def _step_of_pair(desk: Desk, pair: Pair, to: str, changes: Changes) -> None:
    if to == "active":
        _activate(desk, pair, changes)
        return
    if to == "closed":
        changes.set(pair, state=to, end_reason="completed", last_day=_ends(pair, desk.today))
    else:
        changes.set(pair, state=to)
    if to in ("aftercare", "closed"):
        free_meetings(desk, pair, desk.today, changes)


def _ends(pair: Pair, today: date) -> date:
    return today if pair.last_day is None else min(today, pair.last_day)


def _reason(asked: StepIn) -> dict[str, Any]:
    return {} if asked.reason is None else {"reason": asked.reason}
