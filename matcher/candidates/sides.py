"""Mentors and mentees as columns: the last place that reads a person's fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from matcher.candidates.codes import (
    APPROVALS,
    BLOCKS,
    CATEGORIES,
    CONTOURS,
    FORMS,
    KINDS,
    MODELS,
    MODES,
    PERSON_KINDS,
    SOURCES,
    TOPICS,
    BoolArray,
    IntArray,
    Numbers,
    Words,
    every,
    mask_of,
    words_of,
)
from matcher.candidates.people import derived_categories, full_years, is_student, primary_category
from matcher.candidates.places import PlaceColumns
from matcher.policy import Policy
from matcher.roster import (
    Approval,
    Consent,
    ConsentPurpose,
    Mentee,
    MenteeCategory,
    Mentor,
    MentorSource,
    MentorStatus,
    Person,
    PersonKind,
    Roster,
)

UNKNOWN = -1
_MINUTES_PER_WEEKLY_HOUR = 60 * 4
_Number = TypeVar("_Number", int, float)


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MenteeColumns:
    """Mentees in the order of their ids; every array has one entry per mentee.

    ``gap`` (num_mentees, num_blocks) is the greatest gap of a block. ``categories`` is a mask over ``CATEGORIES``.
    ``model`` is the wanted role model (−1: none). ``subjects`` are his own ones and those of his requests. A class has
    no age, experience or consent of its own.
    """

    person: IntArray
    organisation: IntArray
    kind: IntArray
    is_class: BoolArray
    is_pupil: BoolArray
    is_student: BoolArray
    is_pedagogue: BoolArray
    consent_lapsed: BoolArray
    has_consent: BoolArray
    has_representative: BoolArray
    categories: IntArray
    primary: IntArray
    tier: IntArray
    model: IntArray
    kinds: IntArray
    modes: IntArray
    gap: IntArray
    subjects: Words
    related: Words
    age: IntArray
    grade: IntArray
    school_class: IntArray
    class_size: IntArray
    experience: Numbers
    rank: IntArray
    is_alumnus: BoolArray
    unmatched_last_round: BoolArray
    max_mentors: IntArray
    max_minutes: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """Words of this roster that become numbers: people and classes, positions, classes, subjects."""

    person: dict[str, int]
    school_class: dict[str, int]
    position: dict[str, int]
    subject: dict[str, int]


def build_mentors(
    mentors: list[Mentor], people: dict[str, Person], roster: Roster, policy: Policy, places: PlaceColumns,
    words: Vocabulary, day: date,
) -> MentorColumns:  # fmt: skip
    """Return the columns of mentors."""
    owner = [people[mentor.person] for mentor in mentors]
    consents = _Consents(roster.consents, day)
    place = places.index()
    load = policy.load
    sources = [mentor.source for mentor in mentors]
    best = (MentorSource.MUNICIPAL_BEST, MentorSource.REGIONAL_BEST)
    return MentorColumns(
        person=_ints(words.person[person.id] for person in owner),
        organisation=_ints(place[person.organisation] for person in owner),
        kind=_ints(PERSON_KINDS.index(person.person_kind) for person in owner),
        source=_ints(SOURCES.index(source) for source in sources),
        status=_ints(tuple(MentorStatus).index(mentor.status) for mentor in mentors),
        is_ready=_bools(mentor.ready for mentor in mentors),
        has_left=_bools(mentor.status is MentorStatus.LEFT for mentor in mentors),
        consent_lapsed=_bools(consents.has_lapsed(mentor.person) for mentor in mentors),
        has_consent=_bools(consents.is_signed(mentor.person) for mentor in mentors),
        missing_approvals=_ints(mask_of(_missing(mentor, policy), APPROVALS) for mentor in mentors),
        results_confirmed=_bools(mentor.results_confirmed for mentor in mentors),
        forms=_masks((mentor.forms for mentor in mentors), FORMS),
        named_forms=_ints(mask_of(mentor.forms, FORMS) for mentor in mentors),
        kinds=_masks((mentor.kinds for mentor in mentors), KINDS),
        modes=_masks((mentor.modes for mentor in mentors), MODES),
        contours=_masks((mentor.contours for mentor in mentors), CONTOURS),
        topics=_ints(mask_of(mentor.topics, TOPICS) for mentor in mentors),
        levels=_table([[mentor.levels.get(block, 0) for block in BLOCKS] for mentor in mentors], len(BLOCKS)),
        subjects=_subjects(owner, policy, words),
        age=_ages(owner, day),
        grade=_ints(UNKNOWN if person.grade is None else person.grade for person in owner),
        experience=_numbers(person.pedagogical_experience_years for person in owner),
        rank=_ints(person.qualification.rank for person in owner),
        is_expert=_bools(bool(person.titles) or source in best for person, source in zip(owner, sources, strict=True)),
        is_head=_bools(
            person.position == "head" or source is MentorSource.HEAD
            for person, source in zip(owner, sources, strict=True)
        ),
        is_deputy=_bools(
            person.position == "deputy_head" or source is MentorSource.ADMINISTRATION
            for person, source in zip(owner, sources, strict=True)
        ),
        position=_ints(words.position[person.position] for person in owner),
        is_tutor=_bools(mentor.tutor_role for mentor in mentors),
        ovz_course=_bools(mentor.ovz_course_completed for mentor in mentors),
        is_leader=_bools(mentor.community_leader for mentor in mentors),
        is_trained=_bools(mentor.mentor_training_day is not None for mentor in mentors),
        has_skill=_bools(bool(mentor.named_skill) for mentor in mentors),
        qualities=_ints(m.high_results + m.contest_winner + m.leader + m.active for m in mentors),
        teaching_hours=_numbers(person.teaching_hours for person in owner),
        max_individual=_ints(_or(mentor.max_individual, load.max_individual_mentees) for mentor in mentors),
        min_individual=_ints(_or(mentor.min_individual, 0) for mentor in mentors),
        max_groups=_ints(_or(mentor.max_groups, load.max_groups_per_mentor) for mentor in mentors),
        max_minutes=_ints(_minutes(mentor.hours_per_week, load.mentor_hours_per_week) for mentor in mentors),
    )


def build_mentees(
    mentees: list[Mentee], people: dict[str, Person], roster: Roster, policy: Policy, places: PlaceColumns,
    words: Vocabulary, day: date,
) -> MenteeColumns:  # fmt: skip
    """Return the columns of mentees; a class stands in for a person of its organisation."""
    classes = {found.id: found for found in roster.classes}
    owner = [
        _class_as_person(mentee.person, classes[mentee.person].organisation, classes[mentee.person].grade)
        if mentee.is_class
        else people[mentee.person]
        for mentee in mentees
    ]
    consents = _Consents(roster.consents, day)
    place, load = places.index(), policy.load
    categories = [
        {*mentee.categories, MenteeCategory.CLASS_GROUP}
        if mentee.is_class
        else {*mentee.categories, *derived_categories(person, mentee, policy, day)}
        for mentee, person in zip(mentees, owner, strict=True)
    ]
    primary = [primary_category(m, mine, policy) for m, mine in zip(mentees, categories, strict=True)]
    subjects = [_wanted_subjects(person, mentee, policy) for person, mentee in zip(owner, mentees, strict=True)]
    related = {s: [at for other, at in words.subject.items() if policy.is_related(s, other)] for s in words.subject}
    return MenteeColumns(
        person=_ints(words.person[mentee.person] for mentee in mentees),
        organisation=_ints(place[person.organisation] for person in owner),
        kind=_ints(PERSON_KINDS.index(person.person_kind) for person in owner),
        is_class=_bools(mentee.is_class for mentee in mentees),
        is_pupil=_bools(person.person_kind is PersonKind.PUPIL for person in owner),
        is_student=_bools(is_student(person) for person in owner),
        is_pedagogue=_bools(person.person_kind is PersonKind.STAFF for person in owner),
        consent_lapsed=_bools(consents.has_lapsed(mentee.person) for mentee in mentees),
        has_consent=_bools(consents.is_signed(mentee.person) for mentee in mentees),
        has_representative=_bools(bool(person.legal_representative) for person in owner),
        categories=_ints(mask_of(mine, CATEGORIES) for mine in categories),
        primary=_ints(UNKNOWN if first is None else CATEGORIES.index(first) for first in primary),
        tier=_ints(policy.tier_of(first) for first in primary),
        model=_ints(UNKNOWN if mentee.model is None else MODELS.index(mentee.model) for mentee in mentees),
        kinds=_masks((mentee.kinds for mentee in mentees), KINDS),
        modes=_masks((mentee.modes for mentee in mentees), MODES),
        gap=_table([_gaps(mentee) for mentee in mentees], len(BLOCKS)),
        subjects=words_of([_bits(mine, words) for mine in subjects], len(words.subject)),
        related=words_of([sorted({r for s in mine for r in related[s]}) for mine in subjects], len(words.subject)),
        age=_ages(owner, day),
        grade=_ints(UNKNOWN if person.grade is None else person.grade for person in owner),
        school_class=_ints(
            words.school_class.get(mentee.person if mentee.is_class else person.school_class or "", UNKNOWN)
            for mentee, person in zip(mentees, owner, strict=True)
        ),
        class_size=_ints((classes[m.person].size or 0) if m.is_class else 1 for m in mentees),
        experience=_numbers(person.pedagogical_experience_years for person in owner),
        rank=_ints(person.qualification.rank for person in owner),
        is_alumnus=_bools(person.alumnus for person in owner),
        unmatched_last_round=_bools(mentee.unmatched_last_round for mentee in mentees),
        max_mentors=_ints(_or(mentee.max_mentors, load.max_mentors_per_mentee) for mentee in mentees),
        max_minutes=_ints(_minutes(mentee.hours_per_week, load.mentee_hours_per_week) for mentee in mentees),
    )


def build_vocabulary(roster: Roster, mentors: list[Mentor], mentees: list[Mentee], policy: Policy) -> Vocabulary:
    """Return the numbers of the words used, in alphabetical order."""
    main = policy.subjects.main
    taking_part = {mentor.person for mentor in mentors} | {mentee.person for mentee in mentees}
    subjects = {main(s) for person in roster.people if person.id in taking_part for s in person.subjects}
    subjects |= {main(request.subject) for mentee in mentees for request in mentee.requests if request.subject}
    return Vocabulary(
        person={word: at for at, word in enumerate(sorted(taking_part))},
        school_class={word: at for at, word in enumerate(sorted(found.id for found in roster.classes))},
        position={word: at for at, word in enumerate(sorted({person.position for person in roster.people}))},
        subject={word: at for at, word in enumerate(sorted(subjects))},
    )


class _Consents:
    """Which consents to mentoring are signed, and which have ended without a new one."""

    def __init__(self, consents: Iterable[Consent], day: date) -> None:
        self._valid: set[str] = set()
        self._ended: set[str] = set()
        for consent in consents:
            if consent.purpose is ConsentPurpose.MENTORING:
                is_over = consent.expires is not None and consent.expires < day
                (self._ended if is_over else self._valid).add(consent.person)

    def is_signed(self, person: str) -> bool:
        return person in self._valid

    def has_lapsed(self, person: str) -> bool:
        return person in self._ended and person not in self._valid


def _missing(mentor: Mentor, policy: Policy) -> list[Approval]:
    """Return the approvals of ``approvals.mentor`` this mentor has not."""
    has = set(mentor.approvals)
    if mentor.results_confirmed:
        has.add(Approval.RESULTS_CONFIRMED)
    if any(level >= policy.thresholds.min_level for level in mentor.levels.values()):
        has.add(Approval.COMPETENCE_LEVEL)
    return [approval for approval in policy.approvals.mentor if approval not in has]


def _class_as_person(id_: str, organisation: str, grade: int) -> Person:
    return Person(
        id=id_, organisation=organisation, grade=grade, school_class=id_, person_kind=PersonKind.PUPIL, position="pupil"
    )


def _wanted_subjects(person: Person, mentee: Mentee, policy: Policy) -> set[str]:
    """Return the subjects of the mentee's profile: his own and those of his requests."""
    asked = {request.subject for request in mentee.requests if request.subject}
    return {policy.subjects.main(subject) for subject in (*person.subjects, *asked)}


def _subjects(owner: list[Person], policy: Policy, words: Vocabulary) -> Words:
    mine = [_bits({policy.subjects.main(s) for s in person.subjects}, words) for person in owner]
    return words_of(mine, len(words.subject))


def _bits(subjects: set[str], words: Vocabulary) -> list[int]:
    return [words.subject[subject] for subject in sorted(subjects)]


def _gaps(mentee: Mentee) -> list[int]:
    return [
        max((deficit.gap for deficit in mentee.deficits if deficit.competence is block), default=0) for block in BLOCKS
    ]


def _masks(words: Iterable[tuple[object, ...]], order: tuple[object, ...]) -> IntArray:
    """Return masks; naming nothing means everything."""
    return _ints(mask_of(mine, order) if mine else every(order) for mine in words)


def _ages(owner: list[Person], day: date) -> IntArray:
    years = (full_years(person.birth_date, day) for person in owner)
    return _ints(UNKNOWN if age is None else age for age in years)


def _minutes(hours: float | None, default: float) -> int:
    """Return hours a week as whole minutes in four weeks."""
    return round(_or(hours, default) * _MINUTES_PER_WEEKLY_HOUR)


def _or(value: _Number | None, default: _Number) -> _Number:
    return default if value is None else value


def _ints(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)


def _bools(values: Iterable[bool]) -> BoolArray:
    return np.fromiter(values, dtype=np.bool_)


def _numbers(values: Iterable[float | None]) -> Numbers:
    return np.fromiter((np.nan if value is None else value for value in values), dtype=np.float64)


def _table(rows: list[list[int]], width: int) -> IntArray:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)
