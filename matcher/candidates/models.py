"""Conditions of the role models, and which model a pair gets (requirements 7.2, 9.7, A-17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from matcher.candidates.codes import (
    BLOCKS,
    CATEGORIES,
    FORMS,
    MODELS,
    BoolArray,
    IntArray,
    has_bit,
    intersects,
)
from matcher.candidates.columns import Columns
from matcher.policy_words import ModelsRequired
from matcher.roster import CompetenceBlock, MenteeCategory, RoleModel

Condition = Callable[[Columns, IntArray, IntArray], BoolArray]


def _has_category(columns: Columns, mentee: IntArray, *categories: MenteeCategory) -> BoolArray:
    mask = columns.mentees.categories[mentee]
    found = np.zeros(mentee.shape, dtype=bool)
    for category in categories:
        found |= has_bit(mask, CATEGORIES.index(category))
    return found


def _level(columns: Columns, mentor: IntArray, block: CompetenceBlock) -> IntArray:
    levels: IntArray = columns.mentors.levels[mentor, BLOCKS.index(block)]
    return levels


def _has_gap(columns: Columns, mentee: IntArray, block: CompetenceBlock) -> BoolArray:
    found: BoolArray = columns.mentees.gap[mentee, BLOCKS.index(block)] > 0
    return found


def is_novice(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether the mentee is a young specialist."""
    return _has_category(columns, mentee, MenteeCategory.NOVICE)


def is_experienced_with_novice(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether an experienced teacher meets a young specialist (SMO 5.1, 1); unknown years do not count."""
    years: BoolArray = columns.mentors.experience[mentor] >= columns.policy.thresholds.min_mentor_experience_years
    return years & is_novice(columns, mentor, mentee)


def is_leader_with_difficulties(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether a leader of the community meets somebody with a gap in communication (SMO 5.1, 2)."""
    return columns.mentors.is_leader[mentor] & _has_gap(columns, mentee, CompetenceBlock.COMMUNICATIVE)


def is_innovator_with_conservative(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether a mentor strong in digital technologies meets a gap there (SMO 5.1, 3)."""
    strong: BoolArray = _level(columns, mentor, CompetenceBlock.DIGITAL) >= columns.policy.thresholds.min_level
    return strong & _has_gap(columns, mentee, CompetenceBlock.DIGITAL)


def has_same_subject(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether both have a subject in common (SMO 5.1, 4; ANU 4.3.1, a)."""
    return intersects(columns.mentors.subjects[mentor], columns.mentees.subjects[mentee])


def closes_a_gap(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether the mentor owns, at the threshold, a competence the mentee has to form (ANU 4.3.1, c)."""
    found = np.zeros(mentor.shape, dtype=bool)
    for block in BLOCKS:
        owns = _level(columns, mentor, block) >= columns.policy.thresholds.min_level
        found |= owns & _has_gap(columns, mentee, block)
    return found


def has_higher_grade(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether the mentor's grade is higher; an unknown grade is not."""
    mine, theirs = columns.mentors.grade[mentor], columns.mentees.grade[mentee]
    found: BoolArray = (mine > theirs) & (theirs >= 0)
    return found


def has_equal_grade(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether both grades are known and equal."""
    mine, theirs = columns.mentors.grade[mentor], columns.mentees.grade[mentee]
    found: BoolArray = (mine == theirs) & (theirs >= 0)
    return found


def _is_higher_or_equal(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    return has_higher_grade(columns, mentor, mentee) | has_equal_grade(columns, mentor, mentee)


def _declared(*categories: MenteeCategory) -> Condition:
    def is_declared(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
        return _has_category(columns, mentee, *categories)

    return is_declared


def _always(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    return np.ones(mentor.shape, dtype=bool)


#: What must hold for a model, whoever asks for it (HR-11 … HR-14 ask more of pairs with pupils).
CONDITIONS: Mapping[RoleModel, Condition] = {
    RoleModel.EXPERIENCED_YOUNG: is_experienced_with_novice,
    RoleModel.LEADER_COMMUNICATION: is_leader_with_difficulties,
    RoleModel.INNOVATOR_CONSERVATIVE: is_innovator_with_conservative,
    RoleModel.SUBJECT_EXPERT_NOVICE: has_same_subject,
    RoleModel.SUBJECT: has_same_subject,
    RoleModel.YOUNG_SPECIALIST: is_novice,
    RoleModel.COMPETENCE: closes_a_gap,
    RoleModel.ACHIEVER_UNDERACHIEVER: has_higher_grade,
    RoleModel.LEADER_PASSIVE: has_higher_grade,
    RoleModel.PEER_PEER: _is_higher_or_equal,
    RoleModel.JOINT_PROJECT: _is_higher_or_equal,
    RoleModel.GIFTED: _always,
    RoleModel.OVZ: _always,
    RoleModel.AT_RISK: _always,
}

#: What else must hold for a model nobody asked for: the mentee is of the kind the model is named after.
_UNASKED: Mapping[RoleModel, Condition] = {
    RoleModel.ACHIEVER_UNDERACHIEVER: _declared(MenteeCategory.PUPIL_UNDERACHIEVING),
    RoleModel.LEADER_PASSIVE: _declared(MenteeCategory.PUPIL_PASSIVE),
    RoleModel.PEER_PEER: _declared(MenteeCategory.PUPIL_PEER),
    RoleModel.JOINT_PROJECT: has_higher_grade,
    RoleModel.GIFTED: _declared(MenteeCategory.PUPIL_GIFTED, MenteeCategory.PUPIL_MOTIVATED),
    RoleModel.OVZ: _declared(MenteeCategory.PUPIL_OVZ),
    RoleModel.AT_RISK: _declared(MenteeCategory.PUPIL_AT_RISK),
}


def choose_model(columns: Columns, form: IntArray, mentor: IntArray, mentee: IntArray) -> IntArray:
    """Return the model of every pair: the first of the policy whose conditions hold in this form, −1 where none does.

    Where the mentee asks for a model, only this one counts.
    """
    policy = columns.policy
    wanted = columns.mentees.model[mentee]
    if policy.models_required is ModelsRequired.FREE:
        return wanted
    chosen = np.full(mentor.shape, -1, dtype=np.int64)
    for rule in reversed(policy.models):
        code = MODELS.index(rule.id)
        here = np.flatnonzero((form == FORMS.index(rule.form)) & ((wanted < 0) | (wanted == code)))
        fits = CONDITIONS[rule.id](columns, mentor[here], mentee[here])
        unasked = _UNASKED.get(rule.id)
        if unasked is not None:
            fits &= (wanted[here] == code) | unasked(columns, mentor[here], mentee[here])
        chosen[here[fits]] = code
    return chosen
