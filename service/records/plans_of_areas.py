"""What an organisation or a municipality keeps of its own: roadmap, meetings and events, reviews, risks.

References
----------
A-10, DAL-06 (roadmap); DAL-05 (coordination meetings); BAR-13 (yearly review); BAR-10, KAL-09, DAL-61 (events);
SMO-29 (risks); DAL-51 (outside expert).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from matcher.errors import Fault
from matcher.texts import text
from service.records.kind import (
    AUTHORITIES,
    CURATORS,
    HEADS,
    Case,
    HangsOn,
    Kind,
    Step,
    days_in_order,
    missing,
    taken_back,
)
from service.records.shapes import Clock, Code, Count, Day, Fields, Flag, Line, Part, Score, Words
from service.records.words import EventType, RoadmapItemType
from service.tables.access import Role

_OFFICE = CURATORS | HEADS
_WIDE = CURATORS | AUTHORITIES | {Role.METHODICAL_SERVICE}


class RoadmapItem(Part):
    """An activity of the roadmap: what, when, who, with what (KAL 4.2)."""

    title: Line
    type: RoadmapItemType = RoadmapItemType.OTHER
    first_day: Day | None = None
    last_day: Day | None = None
    responsible: Line | None = None
    resources: Line | None = None
    result: Line | None = None
    done_day: Day | None = None


class RoadmapFields(Fields):
    """A roadmap (plan of activities)."""

    title: Line
    first_day: Day | None = None
    last_day: Day | None = None
    difficulties: Words | None = None
    items: Annotated[tuple[RoadmapItem, ...], Field(max_length=200)] = ()
    review: Words | None = None
    order_number: Code | None = None
    day: Day | None = None
    mistake: Line | None = None


class Roadmap(Kind[RoadmapFields]):
    """The curator drafts, the head approves; a municipality's roadmap is agreed by the authority (A-10, DAL 3.2.1)."""

    id = "roadmap"
    path = "roadmaps"
    title = text("roadmap")
    about = "The roadmap or plan of activities (D-03): the curator drafts, head or authority agrees, work, review."
    on = HangsOn.AREA
    fields = RoadmapFields
    example: Mapping[str, Any] = {
        "title": "Дорожная карта на 2026/27 год",
        "items": [{"title": "Обучение наставников", "type": "training", "last_day": "2026-10-30"}],
    }
    steps = (
        Step(start="draft", to="agreed", by=HEADS | AUTHORITIES | CURATORS),
        Step(start="agreed", to="in_work", by=CURATORS | AUTHORITIES),
        Step(start="in_work", to="reviewed", by=_OFFICE | AUTHORITIES, asks=("review",)),
        Step(start="reviewed", to="in_work", by=_OFFICE | AUTHORITIES),
        taken_back("agreed", _OFFICE | AUTHORITIES),
        taken_back("in_work", _OFFICE | AUTHORITIES),
    )
    fixed = frozenset({"withdrawn"})
    versions = True
    below = True
    document = "D-03"

    def check(self, case: Case, fields: RoadmapFields) -> Iterable[Fault]:
        """Yield terms that end before they begin."""
        yield from days_in_order(fields)
        for number, item in enumerate(fields.items):
            if item.first_day is not None and item.last_day is not None and item.last_day < item.first_day:
                yield Fault(f"fields.items.{number}.last_day", text("the last day is before the first"))

    def guard(self, case: Case, fields: RoadmapFields, to: str) -> Iterable[Fault]:
        """Agree what has items with terms and responsible people; review in words."""
        if to == "agreed":
            yield from missing(fields, "items")
            for number, item in enumerate(fields.items):
                for name in ("last_day", "responsible"):
                    if getattr(item, name) is None:
                        yield Fault(f"fields.items.{number}.{name}", text("this has to be given"))
            if not case.viewer.roles & (HEADS | AUTHORITIES):  # the curator notes what the head has signed on paper
                yield from missing(fields, "order_number", "day")
        if to == "reviewed":
            yield from missing(fields, "review")

    def more_figures(self, case: Case, fields: RoadmapFields) -> Mapping[str, Any]:
        """Return how much of it is done."""
        return {"items": len(fields.items), "items_done": sum(one.done_day is not None for one in fields.items)}


class MeetingLevel(StrEnum):
    """For whom a meeting is."""

    ORGANISATION = "organisation"
    MUNICIPALITY = "municipality"
    REGION = "region"


class CoordinationFields(Fields):
    """A coordination meeting on the network of mentoring."""

    day: Day
    start: Clock | None = None
    level: MeetingLevel = MeetingLevel.ORGANISATION
    agenda: Words | None = None
    decisions: Words | None = None
    participants: Count | None = None


class CoordinationMeeting(Kind[CoordinationFields]):
    """A coordination meeting, at least once or twice a year (DAL 3.2.1, 3.2.2)."""

    id = "coordination_meeting"
    path = "coordination-meetings"
    title = text("coordination meeting")
    about = "A coordination meeting of an organisation or a municipality (DAL 3.2.1, 3.2.2)."
    on = HangsOn.AREA
    fields = CoordinationFields
    example: Mapping[str, Any] = {"day": "2026-10-05", "level": "municipality", "agenda": "Итоги подбора пар"}
    first = "planned"
    steps = (
        Step(start="planned", to="held", by=_WIDE | HEADS, asks=("decisions", "participants")),
        Step(start="planned", to="cancelled", by=_WIDE | HEADS),
    )
    fixed = frozenset({"held", "cancelled"})
    below = True
    figures = ("day", "level", "participants")

    def due(self, case: Case, fields: CoordinationFields) -> date | None:
        """Return its day."""
        return fields.day

    def guard(self, case: Case, fields: CoordinationFields, to: str) -> Iterable[Fault]:
        """Hold it on a day that has come, with decisions."""
        if to == "held":
            yield from missing(fields, "decisions")
            yield from _come(fields.day, case)


class EventFields(Fields):
    """A forum, contest, workshop or seminar."""

    type: EventType
    title: Line
    day: Day
    last_day: Day | None = None
    place: Line | None = None
    words: Words | None = None
    participants: Count | None = None


class Event(Kind[EventFields]):
    """An event of the area."""

    id = "event"
    path = "events"
    title = text("event")
    about = "A forum, contest, workshop, young teachers' school or seminar of an area."
    on = HangsOn.AREA
    fields = EventFields
    example: Mapping[str, Any] = {"type": "forum", "title": "Форум наставников", "day": "2026-12-10"}
    first = "planned"
    steps = (
        Step(start="planned", to="held", by=_WIDE | HEADS, asks=("participants",)),
        Step(start="planned", to="cancelled", by=_WIDE | HEADS),
    )
    fixed = frozenset({"held", "cancelled"})
    below = True
    figures = ("type", "day", "participants")

    def due(self, case: Case, fields: EventFields) -> date | None:
        """Return its day."""
        return fields.day

    def check(self, case: Case, fields: EventFields) -> Iterable[Fault]:
        """Yield an end before the beginning."""
        return days_in_order(fields, "day")

    def guard(self, case: Case, fields: EventFields, to: str) -> Iterable[Fault]:
        """Hold it on a day that has come."""
        if to == "held":
            yield from _come(fields.day, case)


class ReviewFields(Fields):
    """A look through the register: who needs a mentor."""

    day: Day
    people: Count | None = None
    need_mentors: Count | None = None
    note: Words | None = None
    mistake: Line | None = None


class RegistryReview(Kind[ReviewFields]):
    """The review of who needs a mentor, at least once a year (BAR 4.1.3, SMO 6.1)."""

    id = "registry_review"
    path = "registry-reviews"
    title = text("review of the register")
    about = "The yearly review of who needs a mentor (BAR 4.1.3); without it no round starts there."
    on = HangsOn.AREA
    fields = ReviewFields
    example: Mapping[str, Any] = {"day": "2026-09-01", "people": 48, "need_mentors": 7}
    steps = (Step(start="draft", to="done", by=_OFFICE), taken_back("done", _OFFICE))
    fixed = frozenset({"done", "withdrawn"})
    below = True
    figures = ("day", "people", "need_mentors")

    def guard(self, case: Case, fields: ReviewFields, to: str) -> Iterable[Fault]:
        """Finish a review whose day has come."""
        return _come(fields.day, case) if to == "done" else ()


class RiskWord(StrEnum):
    """The risks of SMO 8.3 and any other."""

    HIGH_LOAD = "high_load"
    LOW_MOTIVATION = "low_motivation"
    FORMAL_PERFORMANCE = "formal_performance"
    MENTOR_OPPOSED = "mentor_opposed"
    WEAK_CONTOURS = "weak_contours"
    NOT_SEEN_AS_GROWTH = "not_seen_as_growth"
    OTHER = "other"


class RiskFields(Fields):
    """A risk somebody sees, and what is done about it."""

    risk: RiskWord
    day: Day | None = None
    words: Words
    measures: Words | None = None
    responsible: Line | None = None


class RiskNote(Kind[RiskFields]):
    """A risk of a round and the measures against it."""

    id = "risk_note"
    path = "risk-notes"
    title = text("risk")
    about = "A risk seen in a round (SMO 8.3) and what is done about it."
    on = HangsOn.ROUND
    fields = RiskFields
    example: Mapping[str, Any] = {"risk": "high_load", "words": "У трёх наставников больше 30 часов в неделю"}
    first = "open"
    steps = (
        Step(start="open", to="handled", by=_OFFICE, asks=("measures",)),
        Step(start="handled", to="open", by=_OFFICE),
    )
    fixed = frozenset({"handled"})
    figures = ("risk", "day")

    def guard(self, case: Case, fields: RiskFields, to: str) -> Iterable[Fault]:
        """Say what was done."""
        if to == "handled":
            yield from missing(fields, "measures")


class ExpertFields(Fields):
    """What an outside expert says of a programme or a round."""

    day: Day | None = None
    expert: Line
    subject: Line | None = None
    rating: Score | None = None
    findings: Words | None = None
    advice: Words | None = None


class ExpertReview(Kind[ExpertFields]):
    """A review by an outside expert (DAL 5.3)."""

    id = "expert_review"
    path = "expert-reviews"
    title = text("review by an outside expert")
    about = "A review by an outside expert (DAL 5.3)."
    on = HangsOn.ROUND
    fields = ExpertFields
    example: Mapping[str, Any] = {"expert": "Н. Н., методист ЦНППМ", "rating": 8, "findings": "Цели достигнуты"}
    steps = (Step(start="draft", to="given", by=CURATORS | {Role.OUTSIDE_EXPERT}),)
    fixed = frozenset({"given"})
    figures = ("day", "rating")

    def guard(self, case: Case, fields: ExpertFields, to: str) -> Iterable[Fault]:
        """Give a review that says something."""
        yield from missing(fields, "day", "findings")


class SwotFields(Fields):
    """Strengths, weaknesses, opportunities and threats (DAL 5.3)."""

    day: Day | None = None
    strengths: Words | None = None
    weaknesses: Words | None = None
    opportunities: Words | None = None
    threats: Words | None = None
    is_final: Flag | None = None


class Swot(Kind[SwotFields]):
    """The analysis of strengths and threats of a round (DAL 5.3, stage 1)."""

    id = "swot"
    path = "swot-analyses"
    title = text("strengths and threats")
    about = "Strengths, weaknesses, opportunities and threats of the programmes of a round (DAL 5.3)."
    on = HangsOn.ROUND
    fields = SwotFields
    example: Mapping[str, Any] = {"strengths": "Опытные наставники", "threats": "Нагрузка"}
    first = "kept"
    figures = ("day",)


def _come(day: date, case: Case) -> list[Fault]:
    return [] if day <= case.today else [Fault("fields.day", text("this day has not come yet"))]


KINDS = (Roadmap(), CoordinationMeeting(), Event(), RegistryReview(), RiskNote(), ExpertReview(), Swot())
