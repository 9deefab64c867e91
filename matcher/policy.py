"""One regulation as data: forms, kinds, rules with their clause, weights, loads, dates.

Everything in which the five regulations differ stands here; what they share is code. A policy is read and checked
by :func:`matcher.io.policy_toml.read_policy`; this module has no input or output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.policy_parts import (
    Approvals,
    ConflictRule,
    ConsentRule,
    Contours,
    Deadline,
    FormRule,
    LoadRule,
    ModelRule,
    Monitoring,
    Participants,
    Pattern,
    ProgrammeRule,
    Publication,
    Quotas,
    RouteRule,
    Rule,
    Subjects,
    Target,
    Thresholds,
)
from matcher.policy_words import CompatibilitySource, EndReason, KindStanding, ModelsRequired, OtherKinds, ScopeLevel
from matcher.roster import (
    CompetenceBlock,
    Contour,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    OrganisationType,
    Topic,
)

HARD_RULES = tuple(f"HR-{number:02d}" for number in range(1, 25))
SOFT_RULES = tuple(f"SO-{number:02d}" for number in range(1, 13))

#: Topics the product adds to those a regulation names (requirements 7.4).
ADDED_TOPICS = (Topic.DIGITAL, Topic.COMMUNICATION, Topic.OTHER)

#: The block in which a mentor needs a level to cover a topic (requirements 7.5); ``other`` needs none.
TOPIC_BLOCK: Mapping[Topic, CompetenceBlock | None] = {
    Topic.SUBJECT_CONTENT: CompetenceBlock.SUBJECT,
    Topic.TEACHING_METHODS: CompetenceBlock.METHODICAL,
    Topic.LESSON_ORGANISATION: CompetenceBlock.METHODICAL,
    Topic.ADDITIONAL_EDUCATION: CompetenceBlock.METHODICAL,
    Topic.UPBRINGING: CompetenceBlock.PSYCH_PEDAGOGICAL,
    Topic.PSYCH_PED_SUPPORT: CompetenceBlock.PSYCH_PEDAGOGICAL,
    Topic.PARENTS: CompetenceBlock.COMMUNICATIVE,
    Topic.COMMUNICATION: CompetenceBlock.COMMUNICATIVE,
    Topic.DIGITAL: CompetenceBlock.DIGITAL,
    Topic.OTHER: None,
}

#: Forms whose mentee is a pupil; in them HR-11 … HR-14 take the place of HR-04.
PUPIL_FORMS = frozenset(
    {MentoringForm.TEACHER_PUPIL, MentoringForm.PUPIL_PUPIL, MentoringForm.PARTNER_PUPIL, MentoringForm.EMPLOYER_PUPIL}
)

#: Distance classes, nearest first; a partner is as far away as its place.
_PLACES = (Contour.ORGANISATION, Contour.MUNICIPALITY, Contour.OTHER_MUNICIPALITY, Contour.REGION, Contour.FEDERAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One regulation as data (see ``docs/reference/policies.md`` for every key).

    ``organisation_types`` and ``topics`` are open when empty; with ``competence_blocks`` pairs are picked by blocks
    instead of topics. Mappings and tuples keep the order of the file: where the order matters, the first wins.
    """

    id: str
    version: int
    title: str
    title_en: str
    source_file: str
    valid_from: date
    valid_to: date | None
    reference_day: str
    scope_level: ScopeLevel
    organisation_types: tuple[OrganisationType, ...]
    participants: Participants
    forms: Mapping[MentoringForm, FormRule]
    forms_open: bool
    models: tuple[ModelRule, ...]
    models_required: ModelsRequired
    kinds: tuple[MentoringKind, ...]
    tolerated_kinds: tuple[MentoringKind, ...]
    other_kinds: OtherKinds
    kind_prefer: tuple[MentoringKind, ...]
    topics: tuple[Topic, ...]
    competence_blocks: tuple[CompetenceBlock, ...]
    programme: ProgrammeRule
    route: RouteRule
    contours: Contours
    approvals: Approvals
    consent: ConsentRule
    load: LoadRule
    compatibility_sources: tuple[CompatibilitySource, ...]
    rules: Mapping[str, Rule]
    weights: Mapping[str, int]
    levels: tuple[tuple[str, ...], ...]
    worst_off: bool
    tiers: tuple[tuple[str, ...], ...]
    thresholds: Thresholds
    patterns: Mapping[MentoringKind, Pattern]
    lesson_visit: Pattern | None
    pupil_session: Pattern | None
    quotas: Quotas
    subjects: Subjects
    stages: tuple[str, ...]
    form_stages: Mapping[MentoringForm, tuple[str, ...]]
    end_reasons: tuple[EndReason, ...]
    conflict: ConflictRule
    indicators: tuple[str, ...]
    indicators_on_request: bool
    risks: tuple[str, ...]
    targets: Mapping[str, Target]
    deadlines: tuple[Deadline, ...]
    publication: Publication
    documents: tuple[str, ...]
    legal_overlay: tuple[str, ...]
    monitoring: Monitoring = field(default_factory=Monitoring)

    def rule(self, rule_id: str) -> Rule:
        """Return the hard rule ``rule_id`` ("HR-04")."""
        return self.rules[rule_id]

    def clause_of(self, rule_id: str) -> str:
        """Return the clause a hard rule stands on, empty where the policy switches it off."""
        return self.rules[rule_id].clause

    def kind_standing(self, kind: MentoringKind) -> KindStanding:
        """Return whether ``kind`` is allowed, allowed with a warning, or refused (A-21)."""
        if kind in self.kinds or kind in self.tolerated_kinds:
            return KindStanding.ALLOWED
        return KindStanding.WARN if self.other_kinds is OtherKinds.WARN else KindStanding.REFUSED

    def is_topic_named(self, topic: Topic) -> bool:
        """Return whether requests on ``topic`` belong to this policy (by its topics, or by its competence blocks)."""
        if topic in ADDED_TOPICS:
            return True
        if self.competence_blocks:
            return TOPIC_BLOCK[topic] in self.competence_blocks
        return not self.topics or topic in self.topics

    def asks_approval_in(self, form: MentoringForm) -> bool:
        """Return whether mentors of ``form`` need the approvals of ``approvals.mentor``."""
        return not self.approvals.mentor_forms or form in self.approvals.mentor_forms

    def models_of(self, form: MentoringForm) -> tuple[ModelRule, ...]:
        """Return the role models of ``form``, the preferred first."""
        return tuple(model for model in self.models if model.form is form)

    def stages_of(self, form: MentoringForm) -> tuple[str, ...]:
        """Return the stages of a programme of ``form``; empty when the regulation names none."""
        return self.form_stages.get(form, self.stages)

    def tier_of(self, category: MenteeCategory | None) -> int:
        """Return the tier of a mentee's primary category, 0 decided first."""
        others = next(tier for tier, names in enumerate(self.tiers) if "*" in names)
        return next((tier for tier, names in enumerate(self.tiers) if category in names), others)

    def contour_step(self, contour: Contour, place: Contour | None = None) -> int | None:
        """Return how many steps away a contour is, 0 the nearest, or None where HR-15 refuses (9.1, note 3).

        A partner is as far away as its ``place``. A class the policy does not list counts as the next wider one.
        """
        order = self.contours.order
        if contour is Contour.PARTNER:
            step = None if place is None or place is Contour.PARTNER else self.contour_step(place)
            return order.index(contour) if step is None and contour in order else step
        wider = _PLACES[_PLACES.index(contour) :]
        return next((order.index(place_class) for place_class in wider if place_class in order), None)

    def pattern_of(self, kind: MentoringKind, form: MentoringForm | None = None) -> Pattern:
        """Return the session pattern of ``kind``; in the forms and kinds it names, the pupil session takes its place.

        Raises
        ------
        KeyError
            When the policy has no pattern of this kind: the kind is refused.
        """
        pupil = self.pupil_session
        if pupil is not None and form in (pupil.forms or PUPIL_FORMS) and kind in (pupil.kinds or (kind,)):
            return pupil
        return self.patterns[kind]

    def pattern_minutes_per_four_weeks(self, kind: MentoringKind, form: MentoringForm | None = None) -> int:
        """Return the load a kind puts on each side in four weeks, in minutes: a multiple of 4 (requirements 9.7)."""
        return self.pattern_of(kind, form).minutes_per_four_weeks

    def is_related(self, subject_a: str, subject_b: str) -> bool:
        """Return whether two different subjects are related (SO-03)."""
        return self.subjects.is_related(subject_a, subject_b)

    @property
    def required_documents(self) -> tuple[str, ...]:
        """Return the documents asked for, those of the legal overlay with them (9.1, note 2)."""
        added = {"ru_labour_351_8": "D-05", "ru_personal_data": "D-06"}
        return tuple(sorted({*self.documents, *(added[law] for law in self.legal_overlay if law in added)}))
