"""Conflicts in a pair: a ticket, and the decision of the body the regulation names.

References
----------
BAR-18 (arbitration), KAL-21 (mediation).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.errors import Fault
from matcher.policy_words import ConflictBody, ConflictOutcome, EndReason
from matcher.texts import Text, text
from service.records.kind import COUNCIL, CURATORS, PARTICIPANTS, Case, HangsOn, Kind, Shown, Step, missing
from service.records.shapes import Code, Day, Fields, Words
from service.tables.access import Role

_BODY = CURATORS | COUNCIL


class ConflictFields(Fields):
    """What is wrong between two people, and what was decided."""

    day: Day | None = None
    words: Words
    wanted: Words | None = None
    outcome: ConflictOutcome | None = None
    decision: Words | None = None
    decided_day: Day | None = None
    protocol: Code | None = None
    end_reason: EndReason | None = None


class Conflict(Kind[ConflictFields]):
    """A ticket on a pair. Whoever opened it sees it, and those who decide; the other side does not."""

    id = "conflict"
    path = "conflicts"
    title = text("conflict in a pair")
    about = "A ticket on a pair: opened by either side or the curator, decided by the body its regulation names."
    on = HangsOn.PAIR
    fields = ConflictFields
    example: Mapping[str, Any] = {"words": "Не удаётся договориться о времени встреч", "wanted": "Другой наставник"}
    first = "open"
    steps = (
        Step(start="open", to="in_review", by=_BODY),
        Step(
            start="in_review",
            to="decided",
            by=_BODY,
            asks=("outcome", "decision", "decided_day", "protocol", "end_reason"),
        ),
        Step(start="open", to="withdrawn", by=CURATORS | PARTICIPANTS),
        Step(start="in_review", to="withdrawn", by=CURATORS | PARTICIPANTS),
    )
    fixed = frozenset({"decided", "withdrawn"})
    shown = Shown.AUTHOR
    figures = ("day", "outcome", "decided_day")

    def prefill(self, case: Case) -> Mapping[str, Any]:
        """Return the day."""
        return {"day": case.today}

    def guard(self, case: Case, fields: ConflictFields, to: str) -> Iterable[Fault]:
        """Decide what the regulation allows, by the body it names; a council's word needs its protocol."""
        policy = case.policy
        assert policy is not None
        if to != "decided":
            return
        yield from missing(fields, "outcome", "decision")
        if fields.outcome is not None and fields.outcome not in policy.conflict.outcomes:
            allowed = ", ".join(policy.conflict.outcomes)
            yield Fault("fields.outcome", text("the regulation does not name this outcome"), _one_of(allowed))
        if fields.outcome is ConflictOutcome.END and fields.end_reason in (EndReason.COMPLETED, EndReason.LEFT):
            yield Fault("fields.end_reason", text("a conflict does not end a pair in this way"))
        by_council = Role.COUNCIL_MEMBER in case.viewer.roles or fields.protocol is not None
        if policy.conflict.body is ConflictBody.COUNCIL and not by_council:
            yield Fault(
                "fields.protocol",
                text("the council of mentors decides here"),
                text("give the number of its protocol"),
            )

    def effect(self, case: Case, fields: ConflictFields, to: str) -> None:
        """Bring about what was decided: another mentor is looked for, or the pair ends."""
        if to == "decided" and fields.outcome in (ConflictOutcome.REMATCH, ConflictOutcome.END):
            from service.records.effects import bring_about  # decisions on pairs ask the records in their turn

            bring_about(case, fields.outcome, fields.end_reason, fields.decision)


def _one_of(words: str) -> Text:
    return text("one of {words}", words=words)


KINDS = (Conflict(),)
