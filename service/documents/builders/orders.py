"""Orders of the head: fixing pairs (D-04), ending and replacing them (D-18)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.texts import Text, say, text_n
from service.documents.material import Material, Someone, Two
from service.documents.words import day, listed, long_day, word
from service.organisations.details import House
from service.rounds.life import LIVE
from service.tables.rounds import Decision, Pair

ORDERED = ("agreed", "confirmed", *LIVE)
"""States of pairs that an order may fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """A line of the table of pairs."""

    number: int
    mentor: str
    position: str
    mentee: str
    mentee_position: str
    form: str
    kind: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A line of the table of groups."""

    number: int
    mentor: str
    id: str
    members: str
    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSheet:
    """The order of one organisation; ``points`` are the numbers of its points."""

    house: House
    organisation: str
    number: str
    day: str
    points: Mapping[str, int]
    pairs: tuple[PairRow, ...]
    groups: tuple[GroupRow, ...]
    num_sessions: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """D-04: an order for each organisation of mentees."""

    regulation: str
    first_day: str
    last_day: str
    council: bool
    council_day: str
    council_minutes: str
    orders: tuple[OrderSheet, ...]


def build_orders(it: Material) -> Orders:
    """Return the orders that fix the pairs which are agreed or already work."""
    by_area: dict[str, list[Pair]] = defaultdict(list)
    replaced = {pair.replaces_id for pair in it.pairs}
    for pair in it.pairs:
        if pair.state in ORDERED and pair.id not in replaced:
            by_area[pair.mentee_area_id].append(pair)
    firsts = [one for one in (it.first_day(pair) for pair in it.pairs) if one is not None]
    lasts = [one for one in (it.last_day(pair) for pair in it.pairs) if one is not None]
    agreed = next((one.details for one in reversed(it.decisions) if one.kind == "agree" and _minutes(one)), {})
    return Orders(
        regulation=it.policy.title,
        first_day=day(it.round_.first_day or min(firsts, default=None)),
        last_day=day(it.round_.last_day or max(lasts, default=None)),
        council="council" in map(str, it.policy.approvals.pair),
        council_day=long_day(date.fromisoformat(agreed["minutes_day"])) if agreed else "",
        council_minutes=str(agreed.get("minutes", "")),
        orders=tuple(_sheet(it, by_area[id_]) for id_ in sorted(by_area, key=lambda one: it.houses[one].name)),
    )


def _minutes(decision: Decision) -> bool:
    return {"minutes", "minutes_day"} <= decision.details.keys()


def _sheet(it: Material, pairs: Sequence[Pair]) -> OrderSheet:
    house = it.houses[pairs[0].mentee_area_id]
    single = [it.two(pair) for pair in pairs if pair.group_code is None]
    groups: dict[tuple[str, str], list[Two]] = defaultdict(list)
    for pair in pairs:
        if pair.group_code is not None:
            groups[pair.group_code, pair.mentor_id].append(it.two(pair))
    num_sessions = len({one.id for pair in pairs for one in it.meetings[pair.id]})
    wanted = {"pairs": bool(single), "groups": bool(groups), "schedule": bool(num_sessions)}
    names = ("pairs", "groups", "schedule", "programme", "curator", "control")
    present = [name for name in names if wanted.get(name, True)]
    people = {one.name.name for two in (*single, *(t for g in groups.values() for t in g)) for one in _both(two)}
    return OrderSheet(
        house=house,
        organisation=house.name,
        number="" if it.order is None else it.order.number,
        day="" if it.order is None else long_day(it.order.day),
        points={name: number for number, name in enumerate(present, start=1)},
        pairs=tuple(_row(number, two) for number, two in enumerate(single, start=1)),
        groups=tuple(_group(number, key[0], group) for number, (key, group) in enumerate(sorted(groups.items()), 1)),
        num_sessions="" if not num_sessions else say(_meetings(num_sessions), "ru"),
        people=tuple(sorted(people)),
    )


def _meetings(count: int) -> Text:
    return text_n("{count} meeting", "{count} meetings", count=count)


def _both(two: Two) -> tuple[Someone, Someone]:
    return two.mentor, two.mentee


def _row(number: int, two: Two) -> PairRow:
    return PairRow(
        number=number,
        mentor=two.mentor.name.name,
        position=two.mentor.position,
        mentee=two.mentee.name.name,
        mentee_position=listed([two.mentee.position, two.mentee.school_class]),
        form=two.form,
        kind=two.kind,
        first_day=two.first_day,
        last_day=two.last_day,
    )


def _group(number: int, code: str, group: Sequence[Two]) -> GroupRow:
    return GroupRow(
        number=number,
        mentor=group[0].mentor.name.name,
        id=code,
        members=listed(two.mentee.name.name for two in group),
        theme=listed(topic for two in group for topic in two.topics),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSheet:
    """The order that ends a pair; with ``new_mentor`` also the one that replaces its mentor."""

    house: House
    number: str
    day: str
    pair: Two
    reason: str
    notice_day: str
    last_day: str
    new_mentor: Someone | None
    new_first_day: str
    new_last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """D-18: an order for each pair that has ended early or gets another mentor."""

    regulation: str
    order_number: str
    order_day: str
    papers: tuple[EndSheet, ...]


def build_ends(it: Material) -> Ends:
    """Return the orders that end pairs before their term or replace their mentors."""
    made = {one.pair_id: one for one in it.decisions if one.kind in ("terminate", "replace") and one.pair_id}
    successors = {pair.replaces_id: pair for pair in it.all_pairs if pair.replaces_id is not None}
    ended = [pair for pair in it.all_pairs if _is_ended(pair, successors, made.get(pair.id))]
    return Ends(
        regulation=it.policy.title,
        order_number="" if it.order is None else it.order.number,
        order_day="" if it.order is None else long_day(it.order.day),
        papers=tuple(_end(it, pair, made.get(pair.id), successors.get(pair.id)) for pair in it.in_order(ended)),
    )


def _is_ended(pair: Pair, successors: Mapping[str, Pair], decision: Decision | None) -> bool:
    if pair.state == "dropped":
        return False
    return pair.state == "terminated" or pair.id in successors or decision is not None


def _end(it: Material, pair: Pair, decision: Decision | None, successor: Pair | None) -> EndSheet:
    details = {} if decision is None else decision.details
    reason = word("end_reason", pair.end_reason) if pair.end_reason else word("trigger", details.get("trigger"))
    notice = details.get("notice_day")
    order = it.end_orders.get(pair.id)
    return EndSheet(
        house=it.houses[pair.mentee_area_id],
        number="" if order is None else order.number,
        day="" if order is None else long_day(order.day),
        pair=it.two(pair),
        reason=reason,
        notice_day=day(None if notice is None else date.fromisoformat(notice)),
        last_day=day(pair.last_day if pair.state == "terminated" else None),
        new_mentor=None if successor is None else it.people.get(successor.mentor_id),
        new_first_day="" if successor is None else day(it.first_day(successor)),
        new_last_day="" if successor is None else day(it.last_day(successor)),
    )
