"""What an organisation states of itself for the figures of a school year, and dates it has kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, Strict

from matcher.errors import Fault
from matcher.indicators.facts import Quantity, SwotSide
from matcher.texts import text
from service.records.kind import AUTHORITIES, CURATORS, HEADS, Case, HangsOn, Kind, Step
from service.records.shapes import Code, Day, Fields, Line, Part, Words
from service.tables.areas import AreaKind

SchoolYear = Annotated[int, Strict(), Field(ge=2000, le=2100, description="the year in which the school year begins")]


def _to_hundredths(value: float) -> float:
    """Return a number as it is counted with: what is smaller than a hundredth is nothing."""
    return round(value, 2)


class GivenCount(Part):
    """A number for a school year; ``detail`` names the exam or the sort of event."""

    quantity: Quantity
    value: Annotated[float, Field(ge=0, le=1_000_000_000), AfterValidator(_to_hundredths)]
    detail: Line | None = None


class GivenStatement(Part):
    """A strength, weakness, opportunity or threat."""

    side: SwotSide
    words: Words


class InputFields(Fields):
    """What an organisation counts itself in a school year.

    ``leavers_since`` is the day from which everybody who left the staff has a record of his departure.
    """

    school_year: SchoolYear
    leavers_since: Day | None = None
    counts: Annotated[tuple[GivenCount, ...], Field(max_length=200)] = ()
    statements: Annotated[tuple[GivenStatement, ...], Field(max_length=100)] = ()


class IndicatorInputs(Kind[InputFields]):
    """Numbers and statements of one organisation for one school year; every change keeps what was there before."""

    id = "indicator_inputs"
    path = "indicator-inputs"
    title = text("figures of an organisation")
    about = "Numbers and statements an organisation gives for the indicators of a school year."
    on = HangsOn.AREA
    fields = InputFields
    example: Mapping[str, Any] = {"school_year": 2026, "counts": [{"quantity": "staff", "value": 48}]}
    first = "kept"
    versions = True
    figures = ("school_year",)

    def slot(self, case: Case, fields: InputFields) -> str | None:
        """An organisation gives its figures once a school year."""
        return slot_of_inputs(case.area.id, fields.school_year)

    def check(self, case: Case, fields: InputFields) -> Iterable[Fault]:
        """Yield areas that are no organisation, and numbers that stand twice."""
        if case.area.kind != AreaKind.ORGANISATION:
            yield Fault("area", text("figures are given by organisations"))
        seen = set()
        for number, one in enumerate(fields.counts):
            if (one.quantity, one.detail) in seen:
                yield Fault(f"fields.counts.{number}", text("this number stands twice"))
            seen.add((one.quantity, one.detail))


def slot_of_inputs(area_id: str, school_year: int) -> str:
    """Return the slot of the figures of an organisation and a school year."""
    return f"indicator_inputs:{area_id}:{school_year}"


class DeadlineFields(Fields):
    """A date of the regulation that was kept."""

    deadline: Code
    day: Day
    note: Line | None = None


class DeadlineMark(Kind[DeadlineFields]):
    """The mark that something due was done: monitoring finished, the statistical form handed in."""

    id = "deadline_mark"
    path = "deadline-marks"
    title = text("mark of a date that was kept")
    about = "The mark that something the regulation sets a date for was done (DAL 5.2.1, 5.2.2, roadmap)."
    on = HangsOn.AREA
    fields = DeadlineFields
    example: Mapping[str, Any] = {"deadline": "school_monitoring", "day": "2026-10-15"}
    first = "kept"
    steps = (Step(start="kept", to="withdrawn", by=CURATORS | HEADS | AUTHORITIES),)
    fixed = frozenset({"withdrawn"})
    figures = ("deadline", "day")

    def check(self, case: Case, fields: DeadlineFields) -> Iterable[Fault]:
        """Yield a day still to come."""
        if fields.day > case.today:
            yield Fault("fields.day", text("this day has not come yet"))


KINDS = (IndicatorInputs(), DeadlineMark())
