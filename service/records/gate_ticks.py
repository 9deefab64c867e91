"""Items of the checklist that the curator ticks, and the papers that open the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from matcher.errors import Fault
from matcher.texts import Text, text
from service.records.gates import items_of
from service.records.kind import AUTHORITIES, CURATORS, HEADS, Case, HangsOn, Kind, Step, missing, taken_back
from service.records.shapes import Code, Day, Fields, Flag, Line, Part, Words
from service.tables.access import Role

_OFFICE = CURATORS | HEADS


class GateWord(StrEnum):
    """Items of ``gates.toml`` that no other record opens."""

    COUNCIL_TASKS = "council_tasks"
    PSYCHOLOGIST = "psychologist"
    INFORMING = "informing"


class DocumentCode(StrEnum):
    """Documents of requirements 7.8."""

    D_01 = "D-01"
    D_02 = "D-02"
    D_03 = "D-03"
    D_04 = "D-04"
    D_05 = "D-05"
    D_06 = "D-06"
    D_07 = "D-07"
    D_08 = "D-08"
    D_09 = "D-09"
    D_10 = "D-10"
    D_11 = "D-11"
    D_12 = "D-12"
    D_13 = "D-13"
    D_14 = "D-14"
    D_15 = "D-15"
    D_16 = "D-16"
    D_17 = "D-17"
    D_18 = "D-18"


class GateFields(Fields):
    """An item of the checklist, done."""

    item: GateWord
    day: Day | None = None
    note: Line | None = None
    mistake: Line | None = None


class Gate(Kind[GateFields]):
    """An item of the checklist before pairs are looked for; those opened by other records need no tick."""

    id = "gate"
    path = "gates"
    title = text("step of preparation")
    about = "An item of the checklist before pairs are looked for (KAL 4.2), ticked by hand."
    on = HangsOn.ROUND
    fields = GateFields
    example: Mapping[str, Any] = {"item": "council_tasks", "day": "2026-09-05"}
    first = "open"
    steps = (Step(start="open", to="done", by=_OFFICE), taken_back("done", _OFFICE, to="open"))
    fixed = frozenset({"done"})
    below = True
    figures = ("item", "day")

    def slot(self, case: Case, fields: GateFields) -> str | None:
        """A round has every item once."""
        assert case.round_ is not None
        return f"gate:{case.round_.id}:{fields.item}"

    def check(self, case: Case, fields: GateFields) -> Iterable[Fault]:
        """Yield items the regulation does not ask for."""
        assert case.policy is not None
        if fields.item not in {item.id for item, _ in items_of(case.policy)}:
            yield Fault("fields.item", text("the regulation does not ask for this"))

    def guard(self, case: Case, fields: GateFields, to: str) -> Iterable[Fault]:
        """Tick with the day."""
        if to == "done":
            yield from missing(fields, "day")


class ActPart(StrEnum):
    """What an implementing act has to say (DAL 3.2.2)."""

    GROUNDS = "grounds"
    TERMS = "terms"
    RESPONSIBLE = "responsible"
    MONITORING = "monitoring"
    PLANNED_RESULTS = "planned_results"


class DocumentFields(Fields):
    """A paper the regulation asks for: what it is, its number and where it is kept."""

    code: DocumentCode | None = None
    title: Line
    number: Code | None = None
    day: Day | None = None
    parts: Annotated[tuple[ActPart, ...], Field(max_length=5)] = ()
    kept_at: Line | None = None
    note: Line | None = None
    mistake: Line | None = None


class Document(Kind[DocumentFields]):
    """A local act or another paper; the file itself stays where the organisation keeps its papers."""

    id = "document"
    path = "document-slots"
    title = text("document")
    about = "A paper the regulation asks for (D-01, D-02 …): number, day and parts; the file stays in the organisation."
    on = HangsOn.AREA
    fields = DocumentFields
    example: Mapping[str, Any] = {"code": "D-02", "title": "Положение о наставничестве", "number": "12-о"}
    steps = (
        Step(start="draft", to="in_force", by=_OFFICE | AUTHORITIES),
        Step(start="in_force", to="ended", by=_OFFICE | AUTHORITIES),
        taken_back("in_force", _OFFICE | AUTHORITIES),
    )
    fixed = frozenset({"ended", "withdrawn"})
    below = True
    versions = True
    figures = ("code", "day", "parts")

    def guard(self, case: Case, fields: DocumentFields, to: str) -> Iterable[Fault]:
        """Put in force what has a number, a day and, for an implementing act, all five parts."""
        if to != "in_force":
            return
        yield from missing(fields, "number", "day")
        if fields.code == "D-01" and set(fields.parts) != set(ActPart):
            absent = ", ".join(sorted(set(ActPart) - set(fields.parts)))
            yield Fault("fields.parts", text("an implementing act has five parts"), text("add {parts}", parts=absent))


class AppointmentFields(Fields):
    """Who runs mentoring here."""

    name: Line
    position: Line
    deputy_head: Flag | None = None
    partner: Line | None = None
    order_number: Code | None = None
    day: Day | None = None
    mistake: Line | None = None


class CuratorAppointment(Kind[AppointmentFields]):
    """The curator of an organisation, named by the head."""

    id = "curator_appointment"
    path = "curator-appointments"
    title = text("appointment of the curator")
    about = "The curator an organisation has named (KAL 3.8, BAR 4.1.2); a curator who is no deputy is remarked (A-09)."
    on = HangsOn.AREA
    fields = AppointmentFields
    example: Mapping[str, Any] = {"name": "Н. Н.", "position": "заместитель директора", "deputy_head": True}
    steps = (
        Step(start="draft", to="in_force", by=_OFFICE),
        Step(start="in_force", to="ended", by=_OFFICE),
        taken_back("in_force", _OFFICE),
    )
    fixed = frozenset({"ended", "withdrawn"})
    figures = ("day", "deputy_head")

    def remarks(self, case: Case, fields: AppointmentFields) -> Iterable[Text]:
        """Remark a curator who is neither a deputy head nor of a partner."""
        if fields.deputy_head is False and fields.partner is None:
            yield text("The regulations name deputy heads as curators.")

    def guard(self, case: Case, fields: AppointmentFields, to: str) -> Iterable[Fault]:
        """Put in force with order and day."""
        if to == "in_force":
            yield from missing(fields, "order_number", "day")


class Member(Part):
    """A member of the council."""

    name: Line
    duty: Line | None = None


class CouncilFields(Fields):
    """The council of mentors (methodical association)."""

    title: Line
    members: Annotated[tuple[Member, ...], Field(max_length=60)] = ()
    order_number: Code | None = None
    day: Day | None = None
    mistake: Line | None = None


class Council(Kind[CouncilFields]):
    """Who sits in the council: the curator presents, the head approves (KAL 3.9)."""

    id = "council"
    path = "councils"
    title = text("council of mentors")
    about = "The membership of the council of mentors: presented by the curator, approved by the head (KAL 3.9)."
    on = HangsOn.AREA
    fields = CouncilFields
    example: Mapping[str, Any] = {"title": "Совет наставников", "members": [{"name": "Н. Н.", "duty": "председатель"}]}
    steps = (
        Step(start="draft", to="approved", by=HEADS | CURATORS),
        Step(start="approved", to="ended", by=_OFFICE),
        taken_back("approved", _OFFICE),
    )
    fixed = frozenset({"ended", "withdrawn"})
    versions = True
    figures = ("day",)

    def guard(self, case: Case, fields: CouncilFields, to: str) -> Iterable[Fault]:
        """Approve members by a paper with its day."""
        if to == "approved":
            yield from missing(fields, "members", "day")
            if Role.HEAD not in case.viewer.roles:  # the curator notes what the head has signed on paper
                yield from missing(fields, "order_number")


class SignOffFields(Fields):
    """What the trade union says of a document."""

    document: DocumentCode
    day: Day | None = None
    protocol: Code | None = None
    words: Words | None = None


class UnionSignOff(Kind[SignOffFields]):
    """The word of the trade union on a document (BAR 4.1.4, SMO 6.1)."""

    id = "union_sign_off"
    path = "union-sign-offs"
    title = text("word of the trade union")
    about = "The trade union's agreement or objection to a document of a round (BAR 4.1.4, SMO 6.1)."
    on = HangsOn.ROUND
    fields = SignOffFields
    example: Mapping[str, Any] = {"document": "D-02"}
    first = "asked"
    steps = (
        Step(start="asked", to="signed", by=frozenset({Role.UNION}), asks=("day", "protocol", "words")),
        Step(start="asked", to="objected", by=frozenset({Role.UNION}), asks=("day", "protocol", "words")),
        Step(start="objected", to="asked", by=CURATORS),
    )
    fixed = frozenset({"signed", "objected"})
    figures = ("document", "day")

    def slot(self, case: Case, fields: SignOffFields) -> str | None:
        """A document of a round is signed once."""
        assert case.round_ is not None
        return f"union_sign_off:{case.round_.id}:{fields.document}"

    def guard(self, case: Case, fields: SignOffFields, to: str) -> Iterable[Fault]:
        """Object with a reason."""
        if to in ("signed", "objected"):
            yield from missing(fields, "day")
        if to == "objected":
            yield from missing(fields, "words")


KINDS = (Gate(), Document(), CuratorAppointment(), Council(), UnionSignOff())
