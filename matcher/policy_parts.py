"""The parts of a policy, one frozen type each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from matcher.policy_words import (
    ConflictBody,
    ConflictOutcome,
    ConsentBasis,
    ContourMode,
    DeadlineWhen,
    PairApproval,
    PatternMode,
    PatternWho,
    PublicationWhat,
    Quarters,
    ScopeLevel,
    Severity,
)
from matcher.roster import Approval, Contour, MentoringForm, MentoringKind, MentorSource, OrganisationType, RoleModel

RuleValue = int | str | bool | tuple[str, ...]

_FOUR_WEEKS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Participants:
    """Who may take part besides teachers; ``min_age`` is the youngest pupil in full years (HR-10)."""

    pupils: bool
    students: bool
    min_age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRule:
    """A form the regulation allows, under the name it uses.

    Where ``organisation_types`` is given, the form belongs to these and ``elsewhere`` says what happens outside them.
    A mentor of a source outside ``expected_sources`` (when given) is a warning.
    """

    title: str
    title_en: str
    clause: str
    organisation_types: tuple[OrganisationType, ...] = ()
    elsewhere: Severity = Severity.HARD
    expected_sources: tuple[MentorSource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRule:
    """A role model inside a form."""

    id: RoleModel
    form: MentoringForm
    title: str
    title_en: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Bounds and default of a programme's term, in months."""

    min: int
    max: int
    default: int
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolongation:
    """Whose agreement a longer (or shorter) term needs."""

    requires: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRule:
    """Term and contents of a personalised programme; ``aftercare`` keeps a mentor on call after its end (DAL 3.3.6)."""

    months: Months
    prolongation: Prolongation
    required_fields: tuple[str, ...]
    fields_clause: str
    aftercare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRule:
    """The long individual route: whether the regulation knows it, its years, whether a tutor supports it."""

    named: bool
    horizon_years: tuple[int, int] | None = None
    tutor: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contours:
    """Distance classes from the nearest, and how distance counts."""

    order: tuple[Contour, ...]
    mode: ContourMode
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Who approves a mentor and a pair; a mentor's approvals are asked in ``mentor_forms`` (empty: in all forms)."""

    mentor: tuple[Approval, ...]
    pair: tuple[PairApproval, ...]
    clause: str
    mentor_forms: tuple[MentoringForm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRule:
    """What consents stand on, and whether minors need an agreement with their legal representative (D-07)."""

    written: tuple[ConsentBasis, ...]
    personal_data: tuple[ConsentBasis, ...]
    minors_agreement: bool
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRule:
    """Caps of load; hours are per week, a person's own figures in the roster come first (A-01)."""

    max_individual_mentees: int
    soft_mentees: int
    max_mentors_per_mentee: int
    group_size: tuple[int, int]
    class_group_max: int
    max_groups_per_mentor: int
    mentor_hours_per_week: float
    mentee_hours_per_week: float
    warn_hours: float
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A hard rule of the policy: on or off, its clause, whether it forbids or warns, and its own figures."""

    on: bool
    clause: str = ""
    severity: Severity = Severity.HARD
    params: Mapping[str, RuleValue] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """Return the whole number ``name`` of this rule."""
        return _typed(self.params, name, int)

    def word(self, name: str) -> str:
        """Return the word ``name`` of this rule."""
        return _typed(self.params, name, str)

    def words(self, name: str) -> tuple[str, ...]:
        """Return the list ``name`` of this rule."""
        return tuple(_typed(self.params, name, tuple))

    def flag(self, name: str) -> bool:
        """Return the yes-or-no ``name`` of this rule."""
        return _typed(self.params, name, bool)


_Value = TypeVar("_Value", int, str, tuple[str, ...], bool)


def _typed(params: Mapping[str, RuleValue], name: str, kind: type[_Value]) -> _Value:
    value = params[name]
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {value!r}, not {kind.__name__}")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Numbers the regulations leave open (A-18, A-27, A-43 … A-46); all computed on ``Policy.reference_day``.

    ``level_cutoffs`` maps an imported percentage to a level: the level is how many of the four it reaches.
    ``experience_gap_years`` is the range of (mentor − mentee) experience that counts as sensible in SO-08.
    """

    min_mentor_experience_years: int
    min_level: int
    at_risk_experience_years_over: int
    pupil_day_limit: str
    novice_years: int
    newcomer_months: int
    new_position_months: int
    returning_months: int
    min_break_months: int
    young_age: int
    gap_target: int
    level_cutoffs: tuple[int, int, int, int]
    experience_gap_years: tuple[int, int]
    neutral_wish: int

    def level_of_percent(self, percent: float) -> int:
        """Return the level 0–4 an imported percentage stands for."""
        return sum(percent >= cutoff for cutoff in self.level_cutoffs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How the sessions of a kind are spread (requirements 9.6). Lengths in minutes, spacing in days.

    ``sessions`` and ``term_months`` are (least, most); ``gap_days`` is (least, most or None) between two sessions.
    ``instead_every_days`` is the spacing when a group replaces individual work. ``forms`` and ``kinds`` narrow a
    pattern that takes the place of a kind's own (pupil sessions); empty means all.
    """

    minutes: int
    min_minutes: int
    who: PatternWho
    mode: PatternMode
    every_days: int | None = None
    first_month_every_days: int | None = None
    instead_every_days: int | None = None
    gap_days: tuple[int, int | None] | None = None
    sessions: tuple[int, int] | None = None
    term_months: tuple[int, int] | None = None
    reserve_minutes_per_month: int | None = None
    response_days: int | None = None
    goal_in_each: bool = False
    forms: tuple[MentoringForm, ...] = ()
    kinds: tuple[MentoringKind, ...] = ()

    @property
    def minutes_per_four_weeks(self) -> int:
        """Return the load of four weeks in minutes, rounded up to a multiple of 4 so that quarters stay whole.

        A reserve counts as it is, a single session as if it fell into these four weeks (requirements 9.7).
        """
        if self.reserve_minutes_per_month is not None:
            minutes = self.reserve_minutes_per_month
        elif self.every_days is not None:
            minutes = -(-self.minutes * _FOUR_WEEKS // self.every_days)
        else:
            minutes = self.minutes * (self.sessions or (1, 1))[1]
        return -(-minutes // 4) * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Least and most pairs of one organisation, municipality or form (``id``); None is no bound."""

    id: str
    min: int | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Hard rules over many pairs."""

    organisation: tuple[Quota, ...] = ()
    municipality: tuple[Quota, ...] = ()
    form: tuple[Quota, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Which subjects are related, and which courses belong to a subject.

    Inside a group all are related to each other; ``foreign_language.*`` stands for every code with this beginning.
    """

    groups: tuple[tuple[str, ...], ...]
    courses: Mapping[str, str] = field(default_factory=dict)

    def main(self, subject: str) -> str:
        """Return the subject a course belongs to, any other subject unchanged."""
        return self.courses.get(subject, subject)

    def is_related(self, subject_a: str, subject_b: str) -> bool:
        """Return whether two different subjects are related; the order does not matter."""
        a, b = self.main(subject_a), self.main(subject_b)
        return a != b and any(_in_group(a, group) and _in_group(b, group) for group in self.groups)


def _in_group(subject: str, group: tuple[str, ...]) -> bool:
    return any(subject == member or (member.endswith(".*") and subject.startswith(member[:-1])) for member in group)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRule:
    """Who decides a conflict in a pair, and what may come out."""

    body: ConflictBody
    outcomes: tuple[ConflictOutcome, ...]
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The figure an indicator should reach: linear between two years, then held (A-12)."""

    title: str
    title_en: str
    start_year: int
    start: float
    end_year: int
    end: float
    unit: str
    source: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A recurring date. ``day`` and ``start_day`` are "MM-DD"; ``due_days`` counts from the end of the quarter.

    ``rolling`` counts a year from the last time instead of the school year (BAR 4.1.3).
    """

    id: str
    title: str
    title_en: str
    level: ScopeLevel
    when: DeadlineWhen
    clause: str
    day: str | None = None
    start_day: str | None = None
    due_days: int | None = None
    quarters: Quarters = Quarters.CALENDAR
    times: tuple[int, int | None] | None = None
    rolling: bool = False
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """Figures of monitoring that the regulations leave open.

    ``satisfied_from`` is the answer, 0–10, from which somebody counts as satisfied (I-05, I-06). A risk is signalled
    from ``low_wish`` downwards and from the other figures upwards (SMO 8.3): proposals a person ``declined``, percent
    of meetings missed, percent of those asked who refused to take part.
    """

    satisfied_from: int = 7
    low_wish: int = 3
    declined: int = 2
    missed_percent: int = 30
    refused_percent: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is published, whether it must be, in how many blocks, after which status of the programme."""

    what: PublicationWhat
    required: bool
    clause: str
    blocks: int | None = None
    after: str | None = None
