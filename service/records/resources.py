"""Who helps from outside, and what is worth passing on: partners, their contracts, practices, evidence.

References
----------
BAR-11, DAL-07, DAL-18 (partners and contracts); C-19, ANU-10, DAL-53 (practices); DAL-51 (evidence); C-21 (rewards);
KAL-16 (training of mentors).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, Strict
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.roster import MentoringForm, MentoringKind
from matcher.texts import text
from service.records.kind import AUTHORITIES, CURATORS, HEADS, Case, HangsOn, Kind, Shown, Step, days_in_order, missing
from service.records.references import is_below
from service.records.shapes import Code, Count, Day, Fields, Id, Line, Words
from service.records.words import EvidenceType, Incentive, PartnerType, PaymentBasis
from service.tables.access import Role
from service.tables.areas import Area
from service.tables.records import Record

_OFFICE = CURATORS | HEADS
_WIDE = _OFFICE | AUTHORITIES | {Role.METHODICAL_SERVICE}


class PartnerFields(Fields):
    """An enterprise or organisation that takes part."""

    name: Line
    type: PartnerType = PartnerType.OTHER
    code: Code | None = None
    address: Line | None = None
    contact: Line | None = None
    offers: Words | None = None


class Partner(Kind[PartnerFields]):
    """A partner; ``code`` is its id in rosters."""

    id = "partner"
    path = "partners"
    title = text("partner")
    about = "A partner enterprise or organisation of an area; the register of partners is made of these."
    on = HangsOn.AREA
    fields = PartnerFields
    example: Mapping[str, Any] = {"name": "Дальнереченский завод", "type": "enterprise", "code": "P-1"}
    first = "active"
    steps = (Step(start="active", to="ended", by=_WIDE), Step(start="ended", to="active", by=_WIDE))
    fixed = frozenset({"ended"})
    figures = ("type",)


class ContractFields(Fields):
    """A contract with a partner."""

    partner: Id
    number: Code | None = None
    day: Day | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    subject: Line | None = None


class PartnerContract(Kind[ContractFields]):
    """A contract with a partner; signed ones open the way for its mentors (HR-15)."""

    id = "partner_contract"
    path = "partner-contracts"
    title = text("contract with a partner")
    about = "A cooperation contract with a partner; while it is signed and runs, the partner's mentors may be paired."
    on = HangsOn.AREA
    fields = ContractFields
    example: Mapping[str, Any] = {"partner": "0" * 32, "number": "7", "first_day": "2026-09-01"}
    steps = (Step(start="draft", to="signed", by=_OFFICE), Step(start="signed", to="ended", by=_OFFICE))
    fixed = frozenset({"signed", "ended"})
    figures = ("first_day", "last_day")

    def check(self, case: Case, fields: ContractFields) -> Iterable[Fault]:
        """Yield a partner nobody here knows, and days in the wrong order."""
        yield from days_in_order(fields)
        known = select(Record.id).where(
            Record.kind == "partner",
            Record.root_id == fields.partner,
            col(Record.replaced_at).is_(None),
            col(Record.area_id).in_(line_of(case.area)),
        )
        if case.session.exec(known).first() is None:
            yield Fault("fields.partner", text("there is no such partner here"))

    def guard(self, case: Case, fields: ContractFields, to: str) -> Iterable[Fault]:
        """Sign with number and day."""
        if to == "signed":
            yield from missing(fields, "number", "day")

    def due(self, case: Case, fields: ContractFields) -> Any:
        """Return when it ends."""
        return fields.last_day


def line_of(area: Area) -> list[str]:
    """Return an area and those it lies in."""
    return area.path.strip("/").split("/")


class PracticeFields(Fields):
    """A card of a practice worth passing on; it names nobody."""

    title: Line
    form: MentoringForm | None = None
    mentoring_kind: MentoringKind | None = None
    problem: Words | None = None
    description: Words | None = None
    result: Words | None = None
    conditions: Words | None = None
    programme: Id | None = None
    link: Line | None = None


class Practice(Kind[PracticeFields]):
    """A card of a best practice, sorted by form (DAL-07)."""

    id = "practice"
    path = "practices"
    title = text("best practice")
    about = "A card of a best practice (C-19); approved ones make the bank of practices."
    on = HangsOn.AREA
    fields = PracticeFields
    example: Mapping[str, Any] = {"title": "Обратное наставничество по цифровым урокам", "form": "teacher_teacher"}
    steps = (
        Step(start="draft", to="approved", by=_WIDE),
        Step(start="approved", to="published", by=_WIDE),
        Step(start="approved", to="draft", by=_WIDE),
        Step(start="published", to="approved", by=_WIDE),
    )
    fixed = frozenset({"approved", "published"})
    below = True
    figures = ("form", "mentoring_kind")

    def check(self, case: Case, fields: PracticeFields) -> Iterable[Fault]:
        """Yield a programme that nobody here knows."""
        if fields.programme is not None and not is_below(case, "programme", fields.programme):
            yield Fault("fields.programme", text("there is no such programme here"))

    def guard(self, case: Case, fields: PracticeFields, to: str) -> Iterable[Fault]:
        """Approve what can be repeated: problem, description, result."""
        if to == "approved":
            yield from missing(fields, "problem", "description", "result")


class EvidenceFields(Fields):
    """What shows a result: the thing itself is kept where it is."""

    type: EvidenceType
    title: Line
    day: Day | None = None
    kept_at: Line | None = None
    words: Words | None = None


class Evidence(Kind[EvidenceFields]):
    """A map, diary, portfolio or case of a pair (DAL 5.3); no file is taken in."""

    id = "evidence"
    path = "evidence"
    title = text("evidence")
    about = "What shows a pair's result (DAL 5.3): a map, diary, portfolio, case. Only where it is kept, no file."
    on = HangsOn.PAIR
    fields = EvidenceFields
    example: Mapping[str, Any] = {"type": "portfolio", "title": "Портфолио", "kept_at": "кабинет 12"}
    first = "kept"
    joint = True
    shown = Shown.PAIR
    figures = ("type", "day")


class IncentiveFields(Fields):
    """How somebody is recognised. Amounts are set elsewhere and may stay unknown (A-39)."""

    type: Incentive
    ground: Words | None = None
    payment_basis: PaymentBasis = PaymentBasis.LOCAL_ACT
    payment_amount: Annotated[int, Strict(), Field(ge=0, le=100_000_000)] | None = None
    order_number: Code | None = None
    day: Day | None = None


class IncentiveRecord(Kind[IncentiveFields]):
    """An incentive for one person; a payment stands on a local act where no amount is given."""

    id = "incentive"
    path = "incentives"
    title = text("incentive")
    about = "How a mentor or mentee is recognised (C-21); amounts may stay empty: they are set by a local act."
    on = HangsOn.PERSON
    fields = IncentiveFields
    example: Mapping[str, Any] = {"type": "extra_pay", "payment_basis": "local_act"}
    first = "proposed"
    steps = (
        Step(start="proposed", to="approved", by=HEADS, asks=("order_number", "day")),
        Step(start="proposed", to="declined", by=HEADS),
        Step(start="approved", to="given", by=_OFFICE),
    )
    fixed = frozenset({"approved", "declined", "given"})
    shown = Shown.PERSON
    figures = ("type", "payment_basis")

    def check(self, case: Case, fields: IncentiveFields) -> Iterable[Fault]:
        """Yield an amount that stands on nothing."""
        if fields.payment_amount is not None and fields.payment_basis is PaymentBasis.NONE:
            yield Fault("fields.payment_basis", text("an amount needs what it stands on"))


class TrainingFields(Fields):
    """A course a mentor has taken."""

    title: Line
    first_day: Day | None = None
    last_day: Day | None = None
    hours: Count | None = None
    place: Line | None = None
    certificate: Code | None = None
    is_internship: Annotated[bool, Strict()] = False


class MentorTraining(Kind[TrainingFields]):
    """Training of a mentor (KAL 3.9); once completed, its last day counts in the choice of mentors."""

    id = "mentor_training"
    path = "mentor-trainings"
    title = text("training of a mentor")
    about = "Training of a mentor (KAL 3.9, DAL 3.3.1); completed training counts in the choice of mentors."
    on = HangsOn.PERSON
    fields = TrainingFields
    example: Mapping[str, Any] = {"title": "Школа наставника", "hours": 36, "last_day": "2026-08-28"}
    first = "planned"
    steps = (Step(start="planned", to="completed", by=_OFFICE), Step(start="planned", to="cancelled", by=_OFFICE))
    fixed = frozenset({"completed", "cancelled"})
    shown = Shown.PERSON
    figures = ("last_day", "hours", "is_internship")

    def check(self, case: Case, fields: TrainingFields) -> Iterable[Fault]:
        """Yield days in the wrong order."""
        return days_in_order(fields)

    def guard(self, case: Case, fields: TrainingFields, to: str) -> Iterable[Fault]:
        """Complete with the day."""
        if to == "completed":
            yield from missing(fields, "last_day")
            if fields.last_day is not None and fields.last_day > case.today:
                yield Fault("fields.last_day", text("this day has not come yet"))


KINDS = (Partner(), PartnerContract(), Practice(), Evidence(), IncentiveRecord(), MentorTraining())
