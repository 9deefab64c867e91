"""The long individual route of a mentee, and what those who support it say of it.

References
----------
C-24; BAR-06 (four to five years, a tutor); ANU-04 (formats); DAL-20 (goal, resources, self-analysis).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, Strict

from matcher.errors import Fault
from matcher.texts import Text, text
from service.records.kind import CURATORS, Case, HangsOn, Kind, Shown, Step, days_in_order, missing
from service.records.references import is_of_person
from service.records.shapes import Day, Fields, Id, Line, Part, Words
from service.records.words import RouteFormat
from service.tables.access import Role

_SUPPORT = CURATORS | {Role.TUTOR, Role.ROUTE_SUPPORTER}


class RouteStep(Part):
    """A step of the route."""

    title: Line
    format: RouteFormat
    first_day: Day | None = None
    last_day: Day | None = None
    result: Line | None = None
    done_day: Day | None = None


class RouteFields(Fields):
    """Contents of an individual educational route."""

    goal: Words | None = None
    goals: Annotated[tuple[Line, ...], Field(max_length=40)] = ()
    self_analysis: Words | None = None
    resources: Words | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    horizon_years: Annotated[int, Strict(), Field(ge=1, le=10)] | None = None
    tutor: Line | None = None
    formats: Annotated[tuple[RouteFormat, ...], Field(max_length=3)] = ()
    steps: Annotated[tuple[RouteStep, ...], Field(max_length=100)] = ()


class Route(Kind[RouteFields]):
    """An individual route; its horizon and its tutor are those the regulation asks for."""

    id = "route"
    path = "routes"
    title = text("individual route")
    about = "The long individual educational route of a mentee; horizon and tutor as the regulation asks."
    on = HangsOn.PERSON
    fields = RouteFields
    example: Mapping[str, Any] = {"goal": "Первая квалификационная категория", "formats": ["formal", "informal"]}
    steps = (
        Step(start="draft", to="agreed", by=_SUPPORT),
        Step(start="agreed", to="in_work", by=_SUPPORT),
        Step(start="in_work", to="completed", by=_SUPPORT),
        Step(start="in_work", to="stopped", by=_SUPPORT),
    )
    fixed = frozenset({"completed", "stopped"})
    needs_round = True
    versions = True
    sides = ("mentee", "tutor")
    shown = Shown.PERSON
    figures = ("horizon_years",)

    def check(self, case: Case, fields: RouteFields) -> Iterable[Fault]:
        """Yield where the route leaves the years of the regulation."""
        assert case.policy is not None
        yield from days_in_order(fields)
        years = case.policy.route.horizon_years
        if years is not None and fields.horizon_years is not None and not years[0] <= fields.horizon_years <= years[1]:
            cure = text("from {least} to {most} years", least=years[0], most=years[1])
            yield Fault("fields.horizon_years", text("the regulation sets other years for a route"), cure)

    def remarks(self, case: Case, fields: RouteFields) -> Iterable[Text]:
        """Say where the regulation knows no routes."""
        assert case.policy is not None
        if not case.policy.route.named:
            yield text("The regulation names no individual routes; this one is kept beside it.")

    def guard(self, case: Case, fields: RouteFields, to: str) -> Iterable[Fault]:
        """Agree a route that has a goal, and horizon and tutor where the regulation asks for them."""
        assert case.policy is not None
        if to in ("agreed", "in_work"):
            yield from missing(fields, "goal")
            if case.policy.route.horizon_years is not None:
                yield from missing(fields, "horizon_years")
            if case.policy.route.tutor:
                yield from missing(fields, "tutor")


class RouteCommentFields(Fields):
    """A comment on a route."""

    route: Id
    words: Words
    day: Day | None = None


class RouteComment(Kind[RouteCommentFields]):
    """What a tutor or another supporter says of a route."""

    id = "route_comment"
    path = "route-comments"
    title = text("comment on a route")
    about = "What a tutor or another supporter says of a route."
    on = HangsOn.PERSON
    fields = RouteCommentFields
    example: Mapping[str, Any] = {"route": "0" * 32, "words": "Курсы лучше перенести на весну", "day": "2026-11-10"}
    first = "open"
    steps = (Step(start="open", to="considered", by=_SUPPORT),)
    fixed = frozenset({"considered"})
    shown = Shown.PERSON

    def check(self, case: Case, fields: RouteCommentFields) -> Iterable[Fault]:
        """Yield a route of somebody else."""
        if not is_of_person(case, "route", fields.route, None if case.person is None else case.person.id):
            yield Fault("fields.route", text("this person has no such route"))


KINDS = (Route(), RouteComment())
