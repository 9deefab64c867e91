"""The shape of a whole policy file and the policy it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, StrictBool, StrictInt, StrictStr, create_model, model_validator
from pydantic_core import PydanticCustomError

from matcher import policy_parts as parts
from matcher import policy_words as words
from matcher.io.policy_tables import (
    ApprovalsTable,
    CompatibilityTable,
    ConflictTable,
    ConsentTable,
    ContoursTable,
    DeadlineTable,
    FormTable,
    KindChoiceTable,
    LoadTable,
    ModelTable,
    MonitoringTable,
    ParticipantsTable,
    PatternTable,
    ProgrammeTable,
    PublicationTable,
    QuotasTable,
    RouteTable,
    SubjectsTable,
    Table,
    TargetTable,
    ThresholdsTable,
    TiersTable,
    build,
)
from matcher.io.policy_values import (
    Count,
    Day,
    DocumentId,
    IndicatorId,
    Law,
    MonthDay,
    Once,
    Positive,
    RiskId,
    SoftRule,
    Stage,
    Word,
)
from matcher.policy import HARD_RULES, SOFT_RULES, Policy
from matcher.roster import CompetenceBlock, MentoringForm, MentoringKind, OrganisationType, RoleModel, Topic


class RuleTable(Table):
    """A hard rule: on or off, its clause, whether it forbids or warns."""

    on: StrictBool
    clause: StrictStr = ""
    severity: words.Severity = words.Severity.HARD

    @model_validator(mode="after")
    def _has_clause(self) -> Self:
        if self.on and not self.clause:
            raise PydanticCustomError("clause_missing", "a rule that is on needs its clause")
        return self

    def part(self) -> parts.Rule:
        """Return the rule; every key of its own is a parameter."""
        own = set(type(self).model_fields) - set(RuleTable.model_fields)
        params = {name: getattr(self, name) for name in sorted(own)}
        return parts.Rule(on=self.on, clause=self.clause, severity=self.severity, params=params)


class CoverRuleTable(RuleTable):
    """HR-04: the level a mentor needs to cover a request."""

    min_mentor_level: Annotated[StrictInt, Field(ge=0, le=4)] = 3


class GradeRuleTable(RuleTable):
    """HR-11: where an equal grade, or any grade with a named skill, is enough."""

    equal_grade_models: Annotated[tuple[RoleModel, ...], Once] = ()
    skill_organisation_types: Annotated[tuple[OrganisationType, ...], Once] = ()


class PositionRuleTable(RuleTable):
    """HR-12, HR-13: the positions that make a mentor fit."""

    positions: Annotated[tuple[Word, ...], Once] = ()


class ContourRuleTable(RuleTable):
    """HR-15: whether a contract is needed, and for whom."""

    contract: Literal["hard", "warn", "none"] = "none"
    contract_for: Literal["outside", "partners"] = "partners"


class BusyRuleTable(RuleTable):
    """HR-17: who may meet in vacations (A-40)."""

    teachers_in_vacations: StrictBool = True
    pupils_in_vacations: StrictBool = False


class PupilTimeRuleTable(RuleTable):
    """HR-18: whether a class hour is a time for pupils' sessions."""

    class_hour: StrictBool = True


_OWN_TABLE: dict[str, type[RuleTable]] = {
    "HR-04": CoverRuleTable,
    "HR-11": GradeRuleTable,
    "HR-12": PositionRuleTable,
    "HR-13": PositionRuleTable,
    "HR-15": ContourRuleTable,
    "HR-17": BusyRuleTable,
    "HR-18": PupilTimeRuleTable,
}


def _named(name: str, description: str, fields: dict[str, Any]) -> type[Table]:
    """Return a table whose keys are rule ids: each must be there, none other may."""
    keys: dict[str, Any] = {rule.replace("-", "_"): (kind, Field(alias=rule)) for rule, kind in fields.items()}
    return create_model(name, __base__=Table, __doc__=description, **keys)


if TYPE_CHECKING:
    RulesTable: TypeAlias = Table
    WeightsTable: TypeAlias = Table
else:
    RulesTable = _named("RulesTable", "Hard rules.", {rule: _OWN_TABLE.get(rule, RuleTable) for rule in HARD_RULES})
    WeightsTable = _named("WeightsTable", "Points of soft rules.", dict.fromkeys(SOFT_RULES, Count))


class PatternsTable(Table):
    """Session patterns of the kinds, of lesson visits and of pupils' sessions."""

    virtual: PatternTable | None = None
    group: PatternTable | None = None
    short_term: PatternTable | None = None
    reverse: PatternTable | None = None
    situational: PatternTable | None = None
    speed: PatternTable | None = None
    traditional: PatternTable | None = None
    flash: PatternTable | None = None
    lesson_visit: PatternTable | None = None
    pupil: PatternTable | None = None


class PolicyDocument(Table):
    """A policy file."""

    id: Annotated[StrictStr, Field(pattern=r"^[a-z0-9_]+$", examples=["kalmykia"])]
    version: Positive
    title: Word
    title_en: Word
    source_file: Word
    valid_from: Day
    valid_to: Day | None = None
    reference_day: Annotated[MonthDay, Field(description="ages and experience are computed on this day (A-46)")]
    scope_level: words.ScopeLevel
    organisation_types: Annotated[tuple[OrganisationType, ...], Once, Field(description="empty: any")]
    participants: ParticipantsTable
    forms: Annotated[dict[MentoringForm, FormTable], Field(min_length=1, description="the first is preferred (9.7)")]
    forms_open: StrictBool = False
    models: dict[RoleModel, ModelTable]
    models_required: words.ModelsRequired
    kinds: Annotated[tuple[MentoringKind, ...], Once, Field(min_length=1)]
    tolerated_kinds: Annotated[
        tuple[MentoringKind, ...], Once, Field(description="not named, but taken without a warning")
    ] = ()
    other_kinds: words.OtherKinds = words.OtherKinds.REFUSE
    kind_choice: KindChoiceTable
    topics: Annotated[tuple[Topic, ...], Once, Field(description="empty: free")]
    competence_blocks: Annotated[
        tuple[CompetenceBlock, ...], Once, Field(description="pairs are picked by these blocks instead of topics")
    ] = ()
    programme: ProgrammeTable
    route: RouteTable
    contours: ContoursTable
    approvals: ApprovalsTable
    consent: ConsentTable
    load: LoadTable
    compatibility: CompatibilityTable
    rules: RulesTable
    weights: WeightsTable
    levels: Annotated[
        tuple[tuple[SoftRule, ...], ...], Field(description="decided one after another; inside one a weighted sum")
    ]
    worst_off: Annotated[StrictBool, Field(description="raise the least cover before the points")]
    tiers: TiersTable
    thresholds: ThresholdsTable
    patterns: PatternsTable
    quotas: QuotasTable = QuotasTable()
    related_subjects: SubjectsTable
    stages: Annotated[tuple[Stage, ...], Once]
    form_stages: dict[MentoringForm, Annotated[tuple[Stage, ...], Once]] = Field(default_factory=dict)
    end_reasons: Annotated[tuple[words.EndReason, ...], Once, Field(min_length=1)]
    conflict: ConflictTable
    indicators: Annotated[tuple[IndicatorId, ...], Once]
    indicators_on_request: StrictBool = False
    risks: Annotated[tuple[RiskId, ...], Once] = ()
    targets: dict[IndicatorId, TargetTable] = Field(default_factory=dict)
    deadlines: tuple[DeadlineTable, ...] = ()
    publication: PublicationTable
    documents: Annotated[tuple[DocumentId, ...], Once]
    legal_overlay: Annotated[tuple[Law, ...], Once]
    monitoring: MonitoringTable = MonitoringTable()

    def policy(self) -> Policy:
        """Return the policy this file describes."""
        same = set(Policy.__dataclass_fields__) & set(type(self).model_fields)
        plain = {name: build(getattr(self, name)) for name in same - _RESHAPED}
        patterns = {name: build(getattr(self.patterns, name)) for name in type(self.patterns).model_fields}
        return Policy(
            **plain,
            models=tuple(parts.ModelRule(id=role, **dict(model)) for role, model in self.models.items()),
            kind_prefer=self.kind_choice.prefer,
            compatibility_sources=self.compatibility.sources,
            rules=dict(zip(HARD_RULES, (rule.part() for _, rule in self.rules), strict=True)),
            weights=dict(zip(SOFT_RULES, (weight for _, weight in self.weights), strict=True)),
            tiers=self.tiers.order,
            patterns={kind: patterns[kind] for kind in MentoringKind if patterns[kind] is not None},
            lesson_visit=patterns["lesson_visit"],
            pupil_session=patterns["pupil"],
            subjects=build(self.related_subjects),
        )


_RESHAPED = {"models", "rules", "weights", "tiers", "patterns"}
