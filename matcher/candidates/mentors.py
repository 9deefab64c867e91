"""Mentors as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.candidates.codes import (
    APPROVALS,
    BLOCKS,
    CONTOURS,
    FORMS,
    KINDS,
    MODES,
    PERSON_KINDS,
    SOURCES,
    TOPICS,
    BoolArray,
    IntArray,
    Numbers,
    Words,
    mask_of,
)
from matcher.candidates.places import PlaceColumns
from matcher.candidates.sides import (
    UNKNOWN,
    Consents,
    Vocabulary,
    ages,
    bools,
    given_or,
    ints,
    masks,
    minutes,
    numbers,
    subject_words,
    table,
)
from matcher.policy import Policy
from matcher.roster import (
    Approval,
    Mentor,
    MentorSource,
    MentorStatus,
    Person,
    Roster,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MentorColumns:
    """Mentors in the order of their ids; every array has one entry per mentor.

    Masks over ``KINDS``, ``MODES``, ``CONTOURS``, ``FORMS`` are full where the person named nothing. ``age`` (full
    years) and ``grade`` are −1 and ``experience`` is NaN where unknown.
    ``missing_approvals`` is a mask over ``APPROVALS`` of what the policy still asks for. ``status`` is a position in
    ``MentorStatus``.
    """

    person: IntArray
    organisation: IntArray
    kind: IntArray
    source: IntArray
    status: IntArray
    is_ready: BoolArray
    has_left: BoolArray
    consent_lapsed: BoolArray
    has_consent: BoolArray
    missing_approvals: IntArray
    results_confirmed: BoolArray
    forms: IntArray
    named_forms: IntArray
    kinds: IntArray
    modes: IntArray
    contours: IntArray
    topics: IntArray
    levels: IntArray
    subjects: Words
    age: IntArray
    grade: IntArray
    experience: Numbers
    rank: IntArray
    is_expert: BoolArray
    is_head: BoolArray
    is_deputy: BoolArray
    position: IntArray
    is_tutor: BoolArray
    ovz_course: BoolArray
    is_leader: BoolArray
    is_trained: BoolArray
    has_skill: BoolArray
    qualities: IntArray
    teaching_hours: Numbers
    max_individual: IntArray
    min_individual: IntArray
    max_groups: IntArray
    max_minutes: IntArray


def build_mentors(
    mentors: list[Mentor], people: dict[str, Person], roster: Roster, policy: Policy, places: PlaceColumns,
    words: Vocabulary, day: date,
) -> MentorColumns:  # fmt: skip
    """Return the columns of mentors."""
    owner = [people[mentor.person] for mentor in mentors]
    consents = Consents(roster.consents, day)
    place = places.index()
    load = policy.load
    sources = [mentor.source for mentor in mentors]
    best = (MentorSource.MUNICIPAL_BEST, MentorSource.REGIONAL_BEST)
    return MentorColumns(
        person=ints(words.person[person.id] for person in owner),
        organisation=ints(place[person.organisation] for person in owner),
        kind=ints(PERSON_KINDS.index(person.person_kind) for person in owner),
        source=ints(SOURCES.index(source) for source in sources),
        status=ints(tuple(MentorStatus).index(mentor.status) for mentor in mentors),
        is_ready=bools(mentor.ready for mentor in mentors),
        has_left=bools(mentor.status is MentorStatus.LEFT for mentor in mentors),
        consent_lapsed=bools(consents.has_lapsed(mentor.person) for mentor in mentors),
        has_consent=bools(consents.is_signed(mentor.person) for mentor in mentors),
        missing_approvals=ints(mask_of(_missing(mentor, policy), APPROVALS) for mentor in mentors),
        results_confirmed=bools(mentor.results_confirmed for mentor in mentors),
        forms=masks((mentor.forms for mentor in mentors), FORMS),
        named_forms=ints(mask_of(mentor.forms, FORMS) for mentor in mentors),
        kinds=masks((mentor.kinds for mentor in mentors), KINDS),
        modes=masks((mentor.modes for mentor in mentors), MODES),
        contours=masks((mentor.contours for mentor in mentors), CONTOURS),
        topics=ints(mask_of(mentor.topics, TOPICS) for mentor in mentors),
        levels=table([[mentor.levels.get(block, 0) for block in BLOCKS] for mentor in mentors], len(BLOCKS)),
        subjects=subject_words(owner, policy, words),
        age=ages(owner, day),
        grade=ints(UNKNOWN if person.grade is None else person.grade for person in owner),
        experience=numbers(person.pedagogical_experience_years for person in owner),
        rank=ints(person.qualification.rank for person in owner),
        is_expert=bools(bool(person.titles) or source in best for person, source in zip(owner, sources, strict=True)),
        is_head=bools(
            person.position == "head" or source is MentorSource.HEAD
            for person, source in zip(owner, sources, strict=True)
        ),
        is_deputy=bools(
            person.position == "deputy_head" or source is MentorSource.ADMINISTRATION
            for person, source in zip(owner, sources, strict=True)
        ),
        position=ints(words.position[person.position] for person in owner),
        is_tutor=bools(mentor.tutor_role for mentor in mentors),
        ovz_course=bools(mentor.ovz_course_completed for mentor in mentors),
        is_leader=bools(mentor.community_leader for mentor in mentors),
        is_trained=bools(mentor.mentor_training_day is not None for mentor in mentors),
        has_skill=bools(bool(mentor.named_skill) for mentor in mentors),
        qualities=ints(m.high_results + m.contest_winner + m.leader + m.active for m in mentors),
        teaching_hours=numbers(person.teaching_hours for person in owner),
        max_individual=ints(given_or(mentor.max_individual, load.max_individual_mentees) for mentor in mentors),
        min_individual=ints(given_or(mentor.min_individual, 0) for mentor in mentors),
        max_groups=ints(given_or(mentor.max_groups, load.max_groups_per_mentor) for mentor in mentors),
        max_minutes=ints(minutes(mentor.hours_per_week, load.mentor_hours_per_week) for mentor in mentors),
    )


def _missing(mentor: Mentor, policy: Policy) -> list[Approval]:
    """Return the approvals of ``approvals.mentor`` this mentor has not."""
    has = set(mentor.approvals)
    if mentor.results_confirmed:
        has.add(Approval.RESULTS_CONFIRMED)
    if any(level >= policy.thresholds.min_level for level in mentor.levels.values()):
        has.add(Approval.COMPETENCE_LEVEL)
    return [approval for approval in policy.approvals.mentor if approval not in has]
