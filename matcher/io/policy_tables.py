"""The tables of a policy file: one model each, which knows the part of the policy it becomes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from matcher import policy_parts as parts
from matcher import policy_words as words
from matcher.io.policy_values import (
    Clock,
    Count,
    Gap,
    Hours,
    Level,
    Mark,
    MonthDay,
    Number,
    Once,
    Party,
    Percent,
    Positive,
    ProgrammeField,
    Range,
    TierWord,
    Word,
    ascending,
    check_order,
    once,
)
from matcher.roster import Approval, Contour, MentoringForm, MentoringKind, MentorSource, OrganisationType


class Table(BaseModel):
    """A table of the file; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    becomes: ClassVar[type | None] = None


def build(value: Any) -> Any:
    """Return the part of the policy a table becomes; lists and tables inside it with it."""
    if isinstance(value, Table) and value.becomes is not None:
        return value.becomes(**{name: build(getattr(value, name)) for name in type(value).model_fields})
    if isinstance(value, tuple):
        return tuple(build(item) for item in value)
    if isinstance(value, dict):
        return {key: build(item) for key, item in value.items()}
    return value


class ParticipantsTable(Table):
    """Who may take part besides teachers."""

    becomes = parts.Participants
    pupils: StrictBool
    students: StrictBool
    min_age: Annotated[Count | None, Field(description="youngest pupil, full years (HR-10)")] = None


class FormTable(Table):
    """A form under the name the regulation uses."""

    becomes = parts.FormRule
    title: Word
    title_en: Word
    clause: Word
    organisation_types: Annotated[tuple[OrganisationType, ...], Once] = ()
    elsewhere: Annotated[words.Severity, Field(description="outside these organisations: hard or warn")] = (
        words.Severity.HARD
    )
    expected_sources: Annotated[
        tuple[MentorSource, ...], Once, Field(description="a mentor of another source gets a warning")
    ] = ()


class ModelTable(Table):
    """A role model inside a form."""

    form: MentoringForm
    title: Word
    title_en: Word
    clause: Word


class MonthsTable(Table):
    """Term of a programme in months."""

    becomes = parts.Months
    min: Positive
    max: Positive
    default: Positive
    clause: Word

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        check_order(self.min, self.max)
        check_order(self.min, self.default, "min", "default")
        check_order(self.default, self.max, "default", "max")
        return self


class ProlongationTable(Table):
    """Whose agreement a longer term needs."""

    becomes = parts.Prolongation
    requires: Annotated[tuple[Party, ...], Once, Field(min_length=1)]
    clause: Word


class ProgrammeTable(Table):
    """The personalised programme of a pair."""

    becomes = parts.ProgrammeRule
    months: MonthsTable
    prolongation: ProlongationTable
    required_fields: Annotated[tuple[ProgrammeField, ...], Once]
    fields_clause: Word
    aftercare: Annotated[StrictBool, Field(description="the mentor stays on call after the end (DAL 3.3.6)")] = False


class RouteTable(Table):
    """The long individual route."""

    becomes = parts.RouteRule
    named: StrictBool
    horizon_years: Range | None = None
    tutor: StrictBool = False
    clause: StrictStr = ""


class ContoursTable(Table):
    """How near the two sides of a pair are."""

    becomes = parts.Contours
    order: Annotated[tuple[Contour, ...], Once, Field(min_length=1)]
    mode: words.ContourMode
    clause: Word


class ApprovalsTable(Table):
    """Who approves a mentor and a pair."""

    becomes = parts.Approvals
    mentor: Annotated[tuple[Approval, ...], Once]
    pair: Annotated[tuple[words.PairApproval, ...], Once]
    clause: Word
    mentor_forms: Annotated[
        tuple[MentoringForm, ...], Once, Field(description="forms in which a mentor needs them; empty: in all")
    ] = ()


class ConsentTable(Table):
    """What consents stand on."""

    becomes = parts.ConsentRule
    written: Annotated[tuple[words.ConsentBasis, ...], Once]
    personal_data: Annotated[tuple[words.ConsentBasis, ...], Once]
    minors_agreement: StrictBool
    clause: Word


class LoadTable(Table):
    """Caps of load."""

    becomes = parts.LoadRule
    max_individual_mentees: Positive
    soft_mentees: Positive
    max_mentors_per_mentee: Positive
    group_size: Annotated[Range, Field(description="least and most mentees of a group")]
    class_group_max: Positive
    max_groups_per_mentor: Count
    mentor_hours_per_week: Hours
    mentee_hours_per_week: Hours
    warn_hours: Annotated[Hours, Field(description="teaching and mentoring hours a week above which a risk is shown")]
    clause: Word

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        check_order(self.soft_mentees, self.max_individual_mentees, "soft_mentees", "max_individual_mentees")
        check_order(2, self.group_size[0], "2", "group_size")
        return self


class CompatibilityTable(Table):
    """Who says whether two people suit each other."""

    sources: Annotated[tuple[words.CompatibilitySource, ...], Once]


class TiersTable(Table):
    """Whose mentor is found first."""

    order: tuple[Annotated[tuple[TierWord, ...], Field(min_length=1)], ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        named = tuple(word for tier in self.order for word in tier)
        once(named)
        if "*" not in named:
            raise PydanticCustomError("no_others", "no tier names *")
        return self


class ThresholdsTable(Table):
    """Numbers the regulations leave open."""

    becomes = parts.Thresholds
    min_mentor_experience_years: Annotated[Count, Field(description="experienced teacher (A-43)")]
    min_level: Annotated[Level, Field(description="level a model asks of a mentor")]
    at_risk_experience_years_over: Annotated[Count, Field(description="mentor of an at-risk pupil (A-43)")]
    pupil_day_limit: Annotated[Clock, Field(description="no pupil session ends later")]
    novice_years: Annotated[Count, Field(description="a novice has at most so many full years of experience (A-11)")]
    newcomer_months: Annotated[Positive, Field(description="new in the organisation for less than this (A-45)")]
    new_position_months: Annotated[Positive, Field(description="new in the position for less than this (A-45)")]
    returning_months: Annotated[Positive, Field(description="the break ended less than this ago (A-45)")]
    min_break_months: Annotated[Positive, Field(description="a break lasts at least this")]
    young_age: Annotated[Positive, Field(description="the age under_35 is about")]
    gap_target: Annotated[Level, Field(description="level a deficit aims at unless it names another")]
    level_cutoffs: Annotated[
        tuple[Percent, Percent, Percent, Percent],
        AfterValidator(ascending),
        Field(description="percentages from which levels 1, 2, 3, 4 begin"),
    ]
    experience_gap_years: Annotated[Range, Field(description="sensible difference of experience (SO-08)")]
    neutral_wish: Annotated[StrictInt, Field(ge=0, le=10, description="a wish nobody stated counts as this (A-27)")]


class KindChoiceTable(Table):
    """Which kind a pair gets."""

    prefer: Annotated[tuple[MentoringKind, ...], Once, Field(min_length=1)]


class PatternTable(Table):
    """How the sessions of a kind are spread."""

    becomes = parts.Pattern
    minutes: Annotated[Positive, Field(description="length of a session")]
    min_minutes: Annotated[Positive, Field(description="shortest session that still counts")]
    who: words.PatternWho
    mode: words.PatternMode
    every_days: Positive | None = None
    first_month_every_days: Positive | None = None
    instead_every_days: Annotated[
        Positive | None, Field(description="spacing when a group replaces individual work")
    ] = None
    gap_days: Annotated[Gap | None, Field(description="least and, if given, most days between two sessions")] = None
    sessions: Range | None = None
    term_months: Range | None = None
    reserve_minutes_per_month: Positive | None = None
    response_days: Count | None = None
    goal_in_each: StrictBool = False
    forms: Annotated[tuple[MentoringForm, ...], Once] = ()
    kinds: Annotated[tuple[MentoringKind, ...], Once] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        check_order(self.min_minutes, self.minutes, "min_minutes", "minutes")
        return self


class QuotaTable(Table):
    """Least and most pairs of one organisation, municipality or form."""

    becomes = parts.Quota
    id: Word
    min: Count | None = None
    max: Count | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        check_order(self.min, self.max)
        return self


class QuotasTable(Table):
    """Hard rules over many pairs."""

    becomes = parts.Quotas
    organisation: tuple[QuotaTable, ...] = ()
    municipality: tuple[QuotaTable, ...] = ()
    form: tuple[QuotaTable, ...] = ()


class SubjectsTable(Table):
    """Which subjects are related, which courses belong to a subject."""

    becomes = parts.Subjects
    groups: tuple[Annotated[tuple[Word, ...], Once, Field(min_length=1)], ...]
    courses: dict[str, Word] = Field(default_factory=dict)


class ConflictTable(Table):
    """Who decides a conflict in a pair."""

    becomes = parts.ConflictRule
    body: words.ConflictBody
    outcomes: Annotated[tuple[words.ConflictOutcome, ...], Once, Field(min_length=1)]
    clause: Word


class TargetTable(Table):
    """The figure an indicator should reach."""

    becomes = parts.Target
    title: Word
    title_en: Word
    start_year: Positive
    start: Number
    end_year: Positive
    end: Number
    unit: Literal["percent", "count"]
    source: Word
    clause: Word

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        check_order(self.start_year + 1, self.end_year, "start_year", "end_year")
        return self


class DeadlineTable(Table):
    """A recurring date."""

    becomes = parts.Deadline
    id: Word
    title: Word
    title_en: Word
    level: words.ScopeLevel
    when: words.DeadlineWhen
    clause: Word
    day: MonthDay | None = None
    start_day: MonthDay | None = None
    due_days: Count | None = None
    quarters: Annotated[words.Quarters, Field(description="quarters of the calendar or of the school year (A-34)")] = (
        words.Quarters.CALENDAR
    )
    times: Annotated[Gap | None, Field(description="least and, if given, most times a year")] = None
    rolling: Annotated[StrictBool, Field(description="within a year of the last time, not by school year")] = False
    years: Annotated[Range | None, Field(description="first and last calendar year; without it, every year")] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for key in _DEADLINE_NEEDS.get(self.when, ()):
            if getattr(self, key) is None:
                raise PydanticCustomError("deadline_key", "{key} is missing", {"key": key, "when": str(self.when)})
        return self


_DEADLINE_NEEDS = {
    words.DeadlineWhen.DAY: ("day",),
    words.DeadlineWhen.WINDOW: ("start_day", "day"),
    words.DeadlineWhen.QUARTER: ("due_days",),
    words.DeadlineWhen.TIMES_A_YEAR: ("times",),
}


class MonitoringTable(Table):
    """Figures of monitoring that the regulations leave open."""

    becomes = parts.Monitoring
    satisfied_from: Annotated[Mark, Field(description="answer from which somebody counts as satisfied")] = 7
    low_wish: Annotated[Mark, Field(description="a wish that is a sign of low motivation")] = 3
    declined: Annotated[Positive, Field(description="declined proposals that are a sign of low motivation")] = 2
    missed_percent: Annotated[Percent, Field(description="missed meetings that are a sign of low motivation")] = 30
    refused_percent: Annotated[Percent, Field(description="refusals that are a sign of distrust in mentoring")] = 20


class PublicationTable(Table):
    """What is published."""

    becomes = parts.Publication
    what: words.PublicationWhat
    required: StrictBool
    clause: StrictStr = ""
    blocks: Positive | None = None
    after: Annotated[Literal["closed"] | None, Field(description="status of the programme that opens it")] = None
