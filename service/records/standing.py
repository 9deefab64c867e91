"""Who has approved a mentor, and the report with which a round closes.

References
----------
DAL-33, KAL-10 (approvals of a mentor); C-18: BAR-14, KAL-17, SMO-23 (final analytical report, D-13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.errors import Fault
from matcher.roster import Approval
from matcher.texts import text
from service.records.kind import CURATORS, HEADS, Case, HangsOn, Kind, Shown, Step, missing
from service.records.shapes import Code, Day, Fields, Line, Words

_OFFICE = CURATORS | HEADS


class ApprovalFields(Fields):
    """An approval of a mentor: by whom, when, in which protocol."""

    approval: Approval
    day: Day | None = None
    protocol: Code | None = None
    note: Line | None = None


class MentorApproval(Kind[ApprovalFields]):
    """An approval of a mentor, asked and given; those given go into the next solve."""

    id = "mentor_approval"
    path = "mentor-approvals"
    title = text("approval of a mentor")
    about = "An approval of a mentor by council, head or deputy (DAL 4.2, KAL 3.8); given ones count in solves."
    on = HangsOn.PERSON
    fields = ApprovalFields
    example: Mapping[str, Any] = {"approval": "pedagogical_council"}
    first = "asked"
    steps = (
        Step(start="asked", to="given", by=_OFFICE, asks=("day", "protocol")),
        Step(start="asked", to="refused", by=_OFFICE, asks=("day", "protocol")),
        Step(start="given", to="withdrawn", by=_OFFICE),
    )
    fixed = frozenset({"given", "refused", "withdrawn"})
    shown = Shown.PERSON
    figures = ("approval", "day")

    def slot(self, case: Case, fields: ApprovalFields) -> str | None:
        """A person is approved by each once; after a refusal or withdrawal it may be asked again."""
        assert case.person is not None
        ended = case.record is not None and case.record.state in ("refused", "withdrawn")
        return None if ended else f"mentor_approval:{case.person.id}:{fields.approval}"

    def guard(self, case: Case, fields: ApprovalFields, to: str) -> Iterable[Fault]:
        """Note a word with its day; that of a council with its protocol."""
        if to in ("given", "refused"):
            yield from missing(fields, "day")
            if fields.approval is Approval.PEDAGOGICAL_COUNCIL:
                yield from missing(fields, "protocol")


class AnalyticalFields(Fields):
    """The final analytical report of the curator."""

    day: Day | None = None
    results: Words | None = None
    indicators: Words | None = None
    risks: Words | None = None
    plan_next_year: Words | None = None


class AnalyticalReport(Kind[AnalyticalFields]):
    """The report with which the curator closes a round; the head accepts it."""

    id = "analytical_report"
    path = "analytical-reports"
    title = text("final analytical report")
    about = "The final analytical report of the curator on a round (D-13): presented, then accepted by the head."
    on = HangsOn.ROUND
    fields = AnalyticalFields
    example: Mapping[str, Any] = {"results": "Все программы выполнены", "plan_next_year": "Подготовить наставников"}
    steps = (
        Step(start="draft", to="presented", by=CURATORS),
        Step(start="presented", to="accepted", by=HEADS),
        Step(start="presented", to="draft", by=HEADS),
    )
    fixed = frozenset({"presented", "accepted"})
    versions = True
    figures = ("day",)
    document = "D-13"

    def slot(self, case: Case, fields: AnalyticalFields) -> str | None:
        """A round closes with one report."""
        assert case.round_ is not None
        return f"analytical_report:{case.round_.id}"

    def guard(self, case: Case, fields: AnalyticalFields, to: str) -> Iterable[Fault]:
        """Present what names results, risks and the plan of the next year."""
        if to == "presented":
            yield from missing(fields, "day", "results", "risks", "plan_next_year")


KINDS = (MentorApproval(), AnalyticalReport())
