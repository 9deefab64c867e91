"""Mentees as columns; a class is one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.candidates.codes import (
    BLOCKS,
    CATEGORIES,
    KINDS,
    MODELS,
    MODES,
    PERSON_KINDS,
    BoolArray,
    IntArray,
    Numbers,
    Words,
    mask_of,
    words_of,
)
from matcher.candidates.people import derived_categories, is_student, primary_category
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
    subject_bits,
    table,
)
from matcher.policy import Policy
from matcher.roster import (
    Mentee,
    MenteeCategory,
    Person,
    PersonKind,
    Roster,
)


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
    consents = Consents(roster.consents, day)
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
        person=ints(words.person[mentee.person] for mentee in mentees),
        organisation=ints(place[person.organisation] for person in owner),
        kind=ints(PERSON_KINDS.index(person.person_kind) for person in owner),
        is_class=bools(mentee.is_class for mentee in mentees),
        is_pupil=bools(person.person_kind is PersonKind.PUPIL for person in owner),
        is_student=bools(is_student(person) for person in owner),
        is_pedagogue=bools(person.person_kind is PersonKind.STAFF for person in owner),
        consent_lapsed=bools(consents.has_lapsed(mentee.person) for mentee in mentees),
        has_consent=bools(consents.is_signed(mentee.person) for mentee in mentees),
        has_representative=bools(bool(person.legal_representative) for person in owner),
        categories=ints(mask_of(mine, CATEGORIES) for mine in categories),
        primary=ints(UNKNOWN if first is None else CATEGORIES.index(first) for first in primary),
        tier=ints(policy.tier_of(first) for first in primary),
        model=ints(UNKNOWN if mentee.model is None else MODELS.index(mentee.model) for mentee in mentees),
        kinds=masks((mentee.kinds for mentee in mentees), KINDS),
        modes=masks((mentee.modes for mentee in mentees), MODES),
        gap=table([_gaps(mentee) for mentee in mentees], len(BLOCKS)),
        subjects=words_of([subject_bits(mine, words) for mine in subjects], len(words.subject)),
        related=words_of([sorted({r for s in mine for r in related[s]}) for mine in subjects], len(words.subject)),
        age=ages(owner, day),
        grade=ints(UNKNOWN if person.grade is None else person.grade for person in owner),
        school_class=ints(
            words.school_class.get(mentee.person if mentee.is_class else person.school_class or "", UNKNOWN)
            for mentee, person in zip(mentees, owner, strict=True)
        ),
        class_size=ints((classes[m.person].size or 0) if m.is_class else 1 for m in mentees),
        experience=numbers(person.pedagogical_experience_years for person in owner),
        rank=ints(person.qualification.rank for person in owner),
        is_alumnus=bools(person.alumnus for person in owner),
        unmatched_last_round=bools(mentee.unmatched_last_round for mentee in mentees),
        max_mentors=ints(given_or(mentee.max_mentors, load.max_mentors_per_mentee) for mentee in mentees),
        max_minutes=ints(minutes(mentee.hours_per_week, load.mentee_hours_per_week) for mentee in mentees),
    )


def _class_as_person(id_: str, organisation: str, grade: int) -> Person:
    return Person(
        id=id_, organisation=organisation, grade=grade, school_class=id_, person_kind=PersonKind.PUPIL, position="pupil"
    )


def _wanted_subjects(person: Person, mentee: Mentee, policy: Policy) -> set[str]:
    """Return the subjects of the mentee's profile: his own and those of his requests."""
    asked = {request.subject for request in mentee.requests if request.subject}
    return {policy.subjects.main(subject) for subject in (*person.subjects, *asked)}


def _gaps(mentee: Mentee) -> list[int]:
    return [
        max((deficit.gap for deficit in mentee.deficits if deficit.competence is block), default=0) for block in BLOCKS
    ]
