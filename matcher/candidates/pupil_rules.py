"""Hard rules on pairs with pupils (HR-10 … HR-14), one function each, as in :mod:`matcher.candidates.requirements`."""

from __future__ import annotations

import numpy as np

from matcher.candidates.codes import (
    CATEGORIES,
    FORMS,
    MODELS,
    ORGANISATION_TYPES,
    PERSON_KINDS,
    BoolArray,
    has_bit,
)
from matcher.candidates.edges import Edges
from matcher.candidates.models import has_equal_grade, has_higher_grade
from matcher.roster import MenteeCategory, MentoringForm, PersonKind, RoleModel


def _in_form(edges: Edges, form: MentoringForm) -> BoolArray:
    found: BoolArray = edges.form == FORMS.index(form)
    return found


def _has_category(edges: Edges, *categories: MenteeCategory) -> BoolArray:
    mask = edges.columns.mentees.categories[edges.mentee]
    found = np.zeros(len(edges), dtype=bool)
    for category in categories:
        found |= has_bit(mask, CATEGORIES.index(category))
    return found


def is_old_enough(edges: Edges) -> BoolArray:
    """A pupil takes part from the age the regulation names; without a date of birth this cannot be seen."""
    columns = edges.columns
    least = columns.policy.participants.min_age
    if least is None:
        return np.ones(len(edges), dtype=bool)
    young_mentee = columns.mentees.is_pupil & ~columns.mentees.is_class & (columns.mentees.age < least)
    young_mentor = (columns.mentors.kind == PERSON_KINDS.index(PersonKind.PUPIL)) & (columns.mentors.age < least)
    allowed: BoolArray = ~young_mentee[edges.mentee] & ~young_mentor[edges.mentor]
    return allowed


def is_senior_pupil(edges: Edges) -> BoolArray:
    """Between pupils: one organisation, the mentor in a higher grade, a class mentor distinguished."""
    columns, rule = edges.columns, edges.columns.policy.rule("HR-11")
    here = np.flatnonzero(_in_form(edges, MentoringForm.PUPIL_PUPIL))
    mentor, mentee = edges.mentor[here], edges.mentee[here]
    same = columns.mentors.organisation[mentor] == columns.mentees.organisation[mentee]
    higher, equal = has_higher_grade(columns, mentor, mentee), has_equal_grade(columns, mentor, mentee)
    may_equal = np.isin(edges.model[here], [MODELS.index(RoleModel(name)) for name in rule.words("equal_grade_models")])
    wanted = rule.words("skill_organisation_types")
    types = [at for at, type_ in enumerate(ORGANISATION_TYPES) if type_.value in wanted]
    place = columns.places.type[columns.mentees.organisation[mentee]]
    taught = np.isin(place, types) & columns.mentors.has_skill[mentor]
    distinguished = higher & (columns.mentors.qualities[mentor] > 0)
    senior = higher | (equal & may_equal) | taught
    allowed = np.ones(len(edges), dtype=bool)
    allowed[here] = same & np.where(columns.mentees.is_class[mentee], distinguished, senior)
    return allowed


def is_qualified_for_disabilities(edges: Edges) -> BoolArray:
    """A pupil with disabilities needs a special pedagogue, a teacher trained for this, or the class teacher."""
    columns = edges.columns
    posts = columns.policy.rule("HR-12").words("positions")
    trained = columns.holds_position(posts) | columns.mentors.ovz_course
    asked = _in_form(edges, MentoringForm.TEACHER_PUPIL) & _has_category(edges, MenteeCategory.PUPIL_OVZ)
    return ~asked | trained[edges.mentor] | is_class_teacher(edges)


def is_class_teacher(edges: Edges) -> BoolArray:
    """Return whether the mentor is the class teacher of the mentee's class."""
    columns = edges.columns
    num_classes = int(max(columns.mentees.school_class.max(initial=-1), columns.class_teacher.max(initial=-1))) + 1
    led = columns.class_teacher[:, 0] * num_classes + columns.class_teacher[:, 1]
    school_class = columns.mentees.school_class[edges.mentee]
    return np.isin(edges.mentor * num_classes + school_class, led) & (school_class >= 0)


def is_tutor_for_gifted(edges: Edges) -> BoolArray:
    """A gifted or highly motivated pupil needs a mentor in the role or post of a tutor."""
    columns = edges.columns
    tutors = columns.holds_position(columns.policy.rule("HR-13").words("positions")) | columns.mentors.is_tutor
    gifted = _has_category(edges, MenteeCategory.PUPIL_GIFTED, MenteeCategory.PUPIL_MOTIVATED)
    return ~(gifted & _in_form(edges, MentoringForm.TEACHER_PUPIL)) | tutors[edges.mentor]


def is_experienced_for_at_risk(edges: Edges) -> BoolArray:
    """A pupil at risk needs an experienced mentor."""
    years = edges.columns.mentors.experience[edges.mentor]
    at_risk = _has_category(edges, MenteeCategory.PUPIL_AT_RISK) & _in_form(edges, MentoringForm.TEACHER_PUPIL)
    return ~at_risk | (years > edges.columns.policy.thresholds.at_risk_experience_years_over)
