"""Diagnostics of difficulties, and the gaps they add to the roster (C-23, DAL 3.3.2, ANU 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, Strict

from matcher.errors import Fault
from matcher.roster import CompetenceBlock, Topic
from matcher.texts import text
from service.records.kind import CURATORS, Case, HangsOn, Kind, Shown, Step, missing
from service.records.shapes import Day, Fields, Level, Line, Part, Words
from service.records.words import DeficitSource
from service.tables.access import Role

_WRITERS = CURATORS | {Role.PSYCHOLOGIST, Role.METHODICAL_SERVICE, Role.TUTOR, Role.MENTOR}


class MeasuredDeficit(Part):
    """A competence as it was found."""

    competence: CompetenceBlock
    level: Level
    target: Level = 3
    note: Line | None = None


class FoundRequest(Part):
    """What the mentee asks for, as it came out."""

    topic: Topic
    subject: Line | None = None
    priority: Annotated[int, Strict(), Field(ge=1, le=3)] = 1


class DiagnosticsFields(Fields):
    """What diagnostics have shown."""

    day: Day | None = None
    source: DeficitSource = DeficitSource.DIAGNOSTICS
    deficits: Annotated[tuple[MeasuredDeficit, ...], Field(max_length=6)] = ()
    requests: Annotated[tuple[FoundRequest, ...], Field(max_length=20)] = ()
    strengths: Words | None = None
    needs: Words | None = None


class Diagnostics(Kind[DiagnosticsFields]):
    """Diagnostics of one person; once final, its gaps are offered to the roster."""

    id = "diagnostics"
    path = "diagnostics"
    title = text("diagnostics")
    about = "Diagnostics of difficulties (C-23); once final, its gaps go into the next solve of the person's rounds."
    on = HangsOn.PERSON
    fields = DiagnosticsFields
    example: Mapping[str, Any] = {
        "day": "2026-09-10",
        "source": "questionnaire",
        "deficits": [{"competence": "digital", "level": 1, "target": 3}],
    }
    steps = (Step(start="draft", to="final", by=_WRITERS), Step(start="final", to="draft", by=CURATORS))
    fixed = frozenset({"final"})
    shown = Shown.PERSON
    figures = ("day", "source")

    def check(self, case: Case, fields: DiagnosticsFields) -> Iterable[Fault]:
        """Yield competences that stand twice."""
        seen: set[CompetenceBlock] = set()
        for number, one in enumerate(fields.deficits):
            if one.competence in seen:
                yield Fault(f"fields.deficits.{number}.competence", text("this competence stands twice"))
            seen.add(one.competence)

    def guard(self, case: Case, fields: DiagnosticsFields, to: str) -> Iterable[Fault]:
        """Finish only diagnostics that say when they were made."""
        if to == "final":
            yield from missing(fields, "day")


KINDS = (Diagnostics(),)
