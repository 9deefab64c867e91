"""Which form and which kind a pair gets (requirements 7.1, 9.7, A-05, A-25)."""

from __future__ import annotations

import numpy as np

from matcher.candidates.codes import (
    BLOCKS,
    CATEGORIES,
    FORMS,
    KINDS,
    ORGANISATION_TYPES,
    PERSON_KINDS,
    SOURCES,
    TOPICS,
    BoolArray,
    IntArray,
    has_bit,
    intersects,
)
from matcher.candidates.columns import Columns
from matcher.policy_words import KindStanding, Severity
from matcher.roster import (
    CompetenceBlock,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    MentorSource,
    PersonKind,
    Topic,
)

#: Topics and blocks in which a head helps as a teacher of his own subject (A-25).
_SUBJECT_TOPICS = (TOPICS.index(Topic.SUBJECT_CONTENT), TOPICS.index(Topic.TEACHING_METHODS))
_SUBJECT_BLOCKS = (BLOCKS.index(CompetenceBlock.SUBJECT), BLOCKS.index(CompetenceBlock.METHODICAL))

#: Kinds that are not chosen for a single pair: the pairing itself decides on them.
DECIDED_BY_PAIRING = (MentoringKind.GROUP, MentoringKind.REVERSE)


def mentor_forms(columns: Columns) -> IntArray:
    """Return per mentor the mask of forms whose mentor side he fits, among those he named."""
    mentors = columns.mentors
    is_source = {source: mentors.source == SOURCES.index(source) for source in MentorSource}
    is_kind = {kind: mentors.kind == PERSON_KINDS.index(kind) for kind in PersonKind}
    is_pedagogue = is_kind[PersonKind.STAFF] | is_kind[PersonKind.RETIRED]
    is_employer = is_source[MentorSource.EMPLOYER]
    is_partner = is_source[MentorSource.SOCIAL_PARTNER] | (is_kind[PersonKind.PARTNER] & ~is_employer)
    authorised = has_bit(mentors.named_forms, FORMS.index(MentoringForm.EMPLOYER_STUDENT))
    fits = {
        MentoringForm.TEACHER_TEACHER: is_pedagogue,
        MentoringForm.HEAD_TEACHER: mentors.is_head,
        MentoringForm.EMPLOYER_STUDENT: mentors.is_head | mentors.is_deputy | is_employer | authorised,
        MentoringForm.UNIVERSITY_YOUNG_TEACHER: is_kind[PersonKind.UNIVERSITY] | is_source[MentorSource.UNIVERSITY],
        MentoringForm.TEACHER_PUPIL: is_pedagogue,
        MentoringForm.PUPIL_PUPIL: is_kind[PersonKind.PUPIL],
        MentoringForm.PARTNER_PUPIL: is_partner,
        MentoringForm.EMPLOYER_PUPIL: is_employer,
    }
    mask = np.zeros(columns.num_mentors, dtype=np.int64)
    for form in columns.policy.forms:
        mask |= fits[form].astype(np.int64) << FORMS.index(form)
    return mask & mentors.forms


def mentee_forms(columns: Columns) -> tuple[IntArray, IntArray]:
    """Return per mentee (forms whose mentee side he fits, those among them that are meant for other organisations)."""
    mentees, policy = columns.mentees, columns.policy
    is_novice = has_bit(mentees.categories, CATEGORIES.index(MenteeCategory.NOVICE))
    pupil = mentees.is_pupil & ~mentees.is_class if policy.participants.pupils else np.zeros_like(mentees.is_pupil)
    student = mentees.is_student if policy.participants.students else np.zeros_like(mentees.is_student)
    fits = {
        MentoringForm.TEACHER_TEACHER: mentees.is_pedagogue,
        MentoringForm.HEAD_TEACHER: mentees.is_pedagogue,
        MentoringForm.EMPLOYER_STUDENT: student,
        MentoringForm.UNIVERSITY_YOUNG_TEACHER: mentees.is_pedagogue & is_novice,
        MentoringForm.TEACHER_PUPIL: pupil,
        MentoringForm.PUPIL_PUPIL: mentees.is_pupil if policy.participants.pupils else pupil,
        MentoringForm.PARTNER_PUPIL: pupil,
        MentoringForm.EMPLOYER_PUPIL: pupil,
    }
    mask, elsewhere = (np.zeros(columns.num_mentees, dtype=np.int64) for _ in range(2))
    place_type = columns.places.type[mentees.organisation]
    for form, rule in policy.forms.items():
        bit, allowed = FORMS.index(form), fits[form]
        if rule.organisation_types:
            meant = np.isin(place_type, [ORGANISATION_TYPES.index(type_) for type_ in rule.organisation_types])
            if rule.elsewhere is Severity.HARD:
                allowed = allowed & meant
            elsewhere |= (~meant).astype(np.int64) << bit
        mask |= allowed.astype(np.int64) << bit
    return mask, elsewhere & mask


def choose_form(columns: Columns, fits: IntArray, mentor: IntArray, mentee: IntArray, first: IntArray) -> IntArray:
    """Return the form of every pair, −1 where none fits both.

    ``fits`` is the mask of forms both fit, ``first`` the most urgent need covered (−1: none). The first form in the
    policy's order is taken; a head is a teacher where he helps with his own subject, else a head (A-25).
    """
    form = np.full(mentor.shape, -1, dtype=np.int64)
    for candidate in reversed(tuple(columns.policy.forms)):
        code = FORMS.index(candidate)
        form = np.where(has_bit(fits, code), code, form)
    teacher, head = FORMS.index(MentoringForm.TEACHER_TEACHER), FORMS.index(MentoringForm.HEAD_TEACHER)
    both = np.flatnonzero(has_bit(fits, teacher) & has_bit(fits, head))
    if len(both):
        own = helps_with_own_subject(columns, mentor[both], mentee[both], first[both])
        form[both] = np.where(own, teacher, head)
    locked = columns.marks.lock_form.at(columns.key(mentor, mentee), -1).astype(np.int64)
    return np.where((locked >= 0) & has_bit(fits, np.maximum(locked, 0)), locked, form)


def helps_with_own_subject(columns: Columns, mentor: IntArray, mentee: IntArray, first: IntArray) -> BoolArray:
    """Return whether a pair's main need is content or methods of the mentor's own subject."""
    needs, keys = columns.needs, columns.needs.key
    of_subject = np.array(
        [k.block in _SUBJECT_BLOCKS if k.is_gap else k.topic in _SUBJECT_TOPICS for k in keys], dtype=bool
    )
    names_subject = np.array([bool(key.subject) for key in keys], dtype=bool)
    if not len(keys):
        return np.zeros(mentor.shape, dtype=bool)
    shared = intersects(columns.mentors.subjects[mentor], columns.mentees.subjects[mentee])
    need = np.where(first >= 0, needs.need[mentee, np.maximum(first, 0)], 0)
    # A covered need that names a subject is covered by a mentor who has this subject.
    helps: BoolArray = (first >= 0) & of_subject[need] & (names_subject[need] | shared)
    return helps


def kinds_of_policy(columns: Columns) -> int:
    """Return the mask of kinds the policy allows, with or without a warning, and has a pattern for."""
    policy = columns.policy
    return sum(
        1 << at
        for at, kind in enumerate(KINDS)
        if policy.kind_standing(kind) is not KindStanding.REFUSED and kind in policy.patterns
    )


def choose_kind(columns: Columns, kinds: IntArray, mentor: IntArray, mentee: IntArray) -> IntArray:
    """Return the kind of every individual pair, −1 where both accept none but a group or a reverse pair.

    A running pair keeps its kind. Otherwise the first of ``kind_choice.prefer`` both accept, then any other kind of the
    policy. One-to-one work is not for a class.
    """
    policy = columns.policy
    order = dict.fromkeys((*policy.kind_prefer, *policy.kinds, *policy.tolerated_kinds, *KINDS))
    chosen = np.full(mentor.shape, -1, dtype=np.int64)
    for kind in reversed([kind for kind in order if kind not in DECIDED_BY_PAIRING]):
        fits = has_bit(kinds, KINDS.index(kind))
        if kind is MentoringKind.TRADITIONAL:
            fits &= ~columns.mentees.is_class[mentee]
        chosen = np.where(fits, KINDS.index(kind), chosen)
    locked = columns.marks.lock_kind.at(columns.key(mentor, mentee), -1).astype(np.int64)
    apart = np.isin(locked, [KINDS.index(kind) for kind in DECIDED_BY_PAIRING])
    return np.where(
        (locked >= 0) & ~apart & has_bit(kinds, np.maximum(locked, 0)),
        locked,
        chosen,
    )
