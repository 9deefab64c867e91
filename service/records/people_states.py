"""How a person stands in the register: a mentor from nominated to left, and anybody who has left an organisation.

References
----------
Requirements 7.10 (person: nominated → approved → available → paused → left); KAL 3.8, 3.10; A-47; SMO 8.1 (I-36).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import col, or_, select

from matcher.errors import Fault
from matcher.texts import Text, text
from service.privacy.allowed import what_people_lack
from service.records.kind import CURATORS, HEADS, Case, HangsOn, Kind, Shown, Step, missing
from service.records.shapes import Code, Day, Fields
from service.rounds.life import LIVE, OPEN
from service.rounds.people import people_by_id
from service.tables.access import Role
from service.tables.rounds import Pair

_OFFICE = CURATORS | HEADS
_APPROVERS = _OFFICE | {Role.COUNCIL_MEMBER}
_HIMSELF = _OFFICE | {Role.MENTOR}


class StandingFields(Fields):
    """Since when somebody stands so, and by which protocol or order. Why somebody pauses is never kept."""

    day: Day | None = None
    protocol: Code | None = None
    until: Day | None = None


class MentorStanding(Kind[StandingFields]):
    """How a mentor stands in the register; the next solve goes by it, over what the roster says."""

    id = "mentor_standing"
    path = "mentor-standings"
    title = text("standing of a mentor")
    about = (
        "How a mentor stands in the register (7.10): nominated, approved, available, paused, left. Solves go by it; "
        "nobody leaves while his pairs stand."
    )
    on = HangsOn.PERSON
    fields = StandingFields
    example: Mapping[str, Any] = {}
    first = "nominated"
    joint = True
    steps = (
        Step(start="nominated", to="approved", by=_APPROVERS, asks=("day", "protocol")),
        Step(start="approved", to="available", by=_OFFICE, asks=("day",)),
        Step(start="available", to="paused", by=_HIMSELF, asks=("day", "until")),
        Step(start="paused", to="available", by=_HIMSELF, asks=("day",)),
        Step(start="nominated", to="left", by=_OFFICE, asks=("day",)),
        Step(start="approved", to="left", by=_OFFICE, asks=("day",)),
        Step(start="available", to="left", by=_OFFICE, asks=("day",)),
        Step(start="paused", to="left", by=_OFFICE, asks=("day",)),
        Step(start="left", to="nominated", by=_OFFICE, asks=("day",)),
    )
    fixed = frozenset({"approved", "available", "paused", "left"})
    shown = Shown.PERSON
    figures = ("day", "until")

    def slot(self, case: Case, fields: StandingFields) -> str | None:
        """A mentor stands in one way."""
        assert case.person is not None
        return f"mentor_standing:{case.person.id}"

    def guard(self, case: Case, fields: StandingFields, to: str) -> Iterable[Fault]:
        """Approve by a protocol, begin with nothing refused, leave when no pair stands."""
        assert case.person is not None
        yield from missing(fields, "day")
        yield from not_to_come(case, fields.day)
        if to == "approved":
            yield from missing(fields, "protocol")
        if to == "available":
            lacking = what_people_lack(case.session, [case.person], "solve", case.today)
            yield from lacking.get(case.person.id, ())
        if to == "paused" and fields.until is not None and fields.day is not None and fields.until < fields.day:
            yield Fault("fields.until", text("the last day is before the first"), text("give a later day"))
        if to == "left":
            yield from _pairs_that_stand(case)


class DepartureFields(Fields):
    """The last day of somebody in the organisation. Why he leaves is never asked."""

    day: Day


class Departure(Kind[DepartureFields]):
    """Somebody has left the organisation: he takes part in no solve any more and counts for retention."""

    id = "departure"
    path = "departures"
    title = text("departure from the organisation")
    about = (
        "The last day of somebody in the organisation, announced and then kept once his pairs have ended: solves leave "
        "him out from then on, retention of young teachers (I-36) is counted by it."
    )
    on = HangsOn.PERSON
    fields = DepartureFields
    example: Mapping[str, Any] = {"day": "2026-08-31"}
    first = "announced"
    steps = (
        Step(start="announced", to="left", by=_OFFICE),
        Step(start="announced", to="withdrawn", by=_OFFICE),
        Step(start="left", to="withdrawn", by=_OFFICE),
    )
    fixed = frozenset({"left", "withdrawn"})
    shown = Shown.PERSON
    figures = ("day",)

    def slot(self, case: Case, fields: DepartureFields) -> str | None:
        """Somebody leaves once; a mark made by mistake is withdrawn, and may be made again."""
        assert case.person is not None
        ended = case.record is not None and case.record.state == "withdrawn"
        return None if ended else f"departure:{case.person.id}"

    def guard(self, case: Case, fields: DepartureFields, to: str) -> Iterable[Fault]:
        """Let nobody leave who still works in a pair, or whose day has not come."""
        if to == "left":
            yield from not_to_come(case, fields.day)
            yield from _pairs_that_stand(case)

    def remarks(self, case: Case, fields: DepartureFields) -> Iterable[Text]:
        """Tell early which pairs need another mentor first (A-47)."""
        if case.record is not None and case.record.state == "announced":
            yield from (fault.message for fault in _pairs_that_stand(case))


def not_to_come(case: Case, day: date | None) -> Iterable[Fault]:
    """Yield a day that is still to come."""
    if day is not None and day > case.today:
        yield Fault("fields.day", text("this day has not come yet"))


def _pairs_that_stand(case: Case) -> Iterable[Fault]:
    """Yield the pairs of somebody that have not ended: they are ended or given another mentor first (A-47)."""
    assert case.person is not None
    id_ = case.person.id
    either = or_(col(Pair.mentor_id) == id_, col(Pair.mentee_id) == id_)
    pairs = case.session.exec(select(Pair).where(either, col(Pair.state).in_((*OPEN, *LIVE)))).all()
    people = people_by_id(case.session, (one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)))
    cure = text("end the pair or name another mentor first")
    for place in sorted(f"{people[pair.mentor_id].code} – {people[pair.mentee_id].code}" for pair in pairs):
        yield Fault(place, text("this pair still stands"), cure)


KINDS = (MentorStanding(), Departure())
