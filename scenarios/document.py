"""The shape of ``scenario.toml``; every key is described in ``docs/reference/scenarios.md``."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Size = Literal["school", "small", "city", "region", "country"]
EditedTable = Literal["organisations", "people", "mentors", "mentees", "rooms", "consents", "contracts"]


class Part(BaseModel):
    """A table of the file: no key but those named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EditPart(Part):
    """Rows of the roster that get other values: the first ``count`` of those that have the values ``where``."""

    table: EditedTable
    where: dict[str, Any] = Field(default_factory=dict)
    count: int | None = Field(default=None, ge=1)
    set: dict[str, Any]


class RosterPart(Part):
    """Who takes part: files beside the scenario, or made-up people by size and seed."""

    file: str | None = None
    size: Size | None = None
    mentees: int | None = Field(default=None, ge=1)
    mentors: int | None = Field(default=None, ge=1)
    organisations: int = Field(default=1, ge=1)
    municipalities: int = Field(default=1, ge=1)
    staff: int | None = Field(default=None, ge=1)
    seed: int = Field(default=0, ge=0)
    profile: str | None = None
    edit: tuple[EditPart, ...] = ()


class ChangesPart(Part):
    """What happens in the middle of the year, to pairs chosen in the order of their ids."""

    today: date
    end: int = Field(default=0, ge=0)
    reason: str = "mentee"
    prolong: int = Field(default=0, ge=0)
    prolong_days: int = Field(default=30, ge=1)
    absent: int = Field(default=0, ge=0)
    absent_days: int = Field(default=14, ge=1)


class RangePart(Part):
    """Whole numbers from ``first`` to ``last``, both included."""

    first: int
    last: int
    step: int = Field(default=1, ge=1)


class ScenarioDocument(Part):
    """The whole file."""

    title: str
    title_en: str
    policy: str
    what: str = "plan"
    roster: RosterPart
    timetables: tuple[str, ...] | Literal["made up"] = ()
    calendar: str = "quarters"
    year: int | None = Field(default=None, ge=1990, le=2200)
    first_day: date | None = None
    last_day: date | None = None
    today: date | None = None
    stated: str | None = None
    seed: int = Field(default=0, ge=0)
    work_limit: int | None = Field(default=None, ge=1)
    time_limit: float = Field(default=600.0, gt=0)
    changes: ChangesPart | None = None
    keep: tuple[Literal["plan.json", "plan.xlsx", "report.html", "order.docx", "indicators.xlsx"], ...] = ("plan.json",)
    axes: dict[str, RangePart | list[Any]] = Field(default_factory=dict)
    options: dict[str, Any] = Field(default_factory=dict)
