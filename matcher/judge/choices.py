"""Which form, model, kind and hours a pair gets (requirements 9.7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matcher.judge.facts import Sides
from matcher.policy_parts import ModelRule
from matcher.policy_words import KindStanding, ModelsRequired, Severity
from matcher.roster import (
    CompetenceBlock,
    Lock,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    MentorSource,
    PersonKind,
    RoleModel,
    Topic,
)

#: Kinds the pairing itself decides: no pair gets them by preference.
_DECIDED = frozenset({MentoringKind.GROUP, MentoringKind.REVERSE})

_CATEGORIES_OF_MODEL = {
    RoleModel.ACHIEVER_UNDERACHIEVER: (MenteeCategory.PUPIL_UNDERACHIEVING,),
    RoleModel.LEADER_PASSIVE: (MenteeCategory.PUPIL_PASSIVE,),
    RoleModel.PEER_PEER: (MenteeCategory.PUPIL_PEER,),
    RoleModel.GIFTED: (MenteeCategory.PUPIL_GIFTED, MenteeCategory.PUPIL_MOTIVATED),
    RoleModel.OVZ: (MenteeCategory.PUPIL_OVZ,),
    RoleModel.AT_RISK: (MenteeCategory.PUPIL_AT_RISK,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A pair with the form, model and kind it has or would have.

    A seat is a place in a group; ``is_locked`` says that the pair runs or is agreed as it stands here.
    """

    sides: Sides
    form: MentoringForm
    model: RoleModel | None
    kind: MentoringKind
    is_seat: bool = False
    has_counter: bool = False
    is_locked: bool = False


def forms_of(sides: Sides) -> tuple[MentoringForm, ...]:
    """Return the forms both persons fit, in the policy's order."""
    return tuple(form for form in sides.policy.forms if fits_form(sides, form))


def fits_form(sides: Sides, form: MentoringForm) -> bool:
    """Return whether the policy has the form and both persons fit its sides (7.1)."""
    rule = sides.policy.forms.get(form)
    if rule is None or (sides.mentor.forms and form not in sides.mentor.forms):
        return False
    elsewhere = rule.organisation_types and sides.mentee_organisation.type not in rule.organisation_types
    if elsewhere and rule.elsewhere is Severity.HARD:
        return False
    return _FITS_MENTOR[form](sides) and _FITS_MENTEE[form](sides)


def choose_form(sides: Sides) -> MentoringForm | None:
    """Return the form of the lock where it fits, else the only one both fit, else A-25, else the policy's first."""
    lock, forms = sides.lock, forms_of(sides)
    if lock is not None and lock.form in forms:
        return lock.form
    heads = {MentoringForm.HEAD_TEACHER, MentoringForm.TEACHER_TEACHER}
    if is_head(sides) and heads <= set(forms):
        return MentoringForm.TEACHER_TEACHER if head_as_teacher(sides) else MentoringForm.HEAD_TEACHER
    return forms[0] if forms else None


def head_as_teacher(sides: Sides) -> bool:
    """Return whether the pair's main topic is subject or methods of the head's own subject (A-25)."""
    least = sides.policy.thresholds.min_level
    covered = [wanted for wanted in sides.requests() if sides.covers_request(wanted, least)]
    if covered:
        main = min(covered, key=lambda wanted: wanted.priority)
        own = main.topic in (Topic.SUBJECT_CONTENT, Topic.TEACHING_METHODS)
        return own and (main.subject is not None or sides.shares_subject())
    gaps = [gap for gap in sides.gaps() if sides.covers_gap(gap)]
    if not gaps:
        return False
    widest = max(gaps, key=lambda gap: gap.gap)
    return widest.competence in (CompetenceBlock.SUBJECT, CompetenceBlock.METHODICAL) and sides.shares_subject()


def is_head(sides: Sides) -> bool:
    """Return whether the mentor is the head of an organisation."""
    return sides.mentor.source is MentorSource.HEAD or sides.mentor_person.position == "head"


def _is_pedagogue_mentor(sides: Sides) -> bool:
    return sides.mentor_person.person_kind in (PersonKind.STAFF, PersonKind.RETIRED)


def _is_employer(sides: Sides) -> bool:
    """A-05: the head, a deputy, a teacher the head has authorised (the register names the form), an employer."""
    by_source = sides.mentor.source in (MentorSource.EMPLOYER, MentorSource.ADMINISTRATION)
    leads = is_head(sides) or sides.mentor_person.position == "deputy_head"
    return by_source or leads or MentoringForm.EMPLOYER_STUDENT in sides.mentor.forms


def _is_university_mentor(sides: Sides) -> bool:
    return sides.mentor_person.person_kind is PersonKind.UNIVERSITY or sides.mentor.source is MentorSource.UNIVERSITY


def _is_pupil_mentor(sides: Sides) -> bool:
    return sides.mentor_person.person_kind is PersonKind.PUPIL


def _is_partner(sides: Sides) -> bool:
    if sides.mentor.source is MentorSource.SOCIAL_PARTNER:
        return True
    return sides.mentor_person.person_kind is PersonKind.PARTNER and sides.mentor.source is not MentorSource.EMPLOYER


def _is_pedagogue_mentee(sides: Sides) -> bool:
    return sides.mentee_person is not None and sides.mentee_person.person_kind is PersonKind.STAFF


def _is_student(sides: Sides) -> bool:
    person = sides.mentee_person
    if person is None or not sides.policy.participants.students:
        return False
    return person.person_kind is PersonKind.STUDENT or person.student_status is not None


def _is_young_teacher(sides: Sides) -> bool:
    return _is_pedagogue_mentee(sides) and sides.is_novice


def is_pupil(sides: Sides) -> bool:
    """Return whether the mentee is a pupil (not a class)."""
    return sides.mentee_person is not None and sides.mentee_person.person_kind is PersonKind.PUPIL


def _is_pupil(sides: Sides) -> bool:
    return sides.policy.participants.pupils and is_pupil(sides)


def _is_pupil_or_class(sides: Sides) -> bool:
    return sides.policy.participants.pupils and (is_pupil(sides) or sides.mentee_class is not None)


_FITS_MENTOR: Mapping[MentoringForm, Callable[[Sides], bool]] = {
    MentoringForm.TEACHER_TEACHER: _is_pedagogue_mentor,
    MentoringForm.HEAD_TEACHER: is_head,
    MentoringForm.EMPLOYER_STUDENT: _is_employer,
    MentoringForm.UNIVERSITY_YOUNG_TEACHER: _is_university_mentor,
    MentoringForm.TEACHER_PUPIL: _is_pedagogue_mentor,
    MentoringForm.PUPIL_PUPIL: _is_pupil_mentor,
    MentoringForm.PARTNER_PUPIL: _is_partner,
    MentoringForm.EMPLOYER_PUPIL: lambda sides: sides.mentor.source is MentorSource.EMPLOYER,
}
_FITS_MENTEE: Mapping[MentoringForm, Callable[[Sides], bool]] = {
    MentoringForm.TEACHER_TEACHER: _is_pedagogue_mentee,
    MentoringForm.HEAD_TEACHER: _is_pedagogue_mentee,
    MentoringForm.EMPLOYER_STUDENT: _is_student,
    MentoringForm.UNIVERSITY_YOUNG_TEACHER: _is_young_teacher,
    MentoringForm.TEACHER_PUPIL: _is_pupil,
    MentoringForm.PUPIL_PUPIL: _is_pupil_or_class,
    MentoringForm.PARTNER_PUPIL: _is_pupil,
    MentoringForm.EMPLOYER_PUPIL: _is_pupil,
}


def choose_model(sides: Sides, form: MentoringForm) -> RoleModel | None:
    """Return the model asked for where its conditions hold, else the first in the policy's order that holds."""
    if sides.policy.models_required is ModelsRequired.FREE:
        return sides.mentee.model
    models = [model for model in sides.policy.models_of(form) if holds_model(sides, model)]
    return next((model.id for model in models if sides.mentee.model in (None, model.id)), None)


def holds_model(sides: Sides, model: ModelRule) -> bool:
    """Return whether the hard conditions of a model hold (7.2)."""
    thresholds = sides.policy.thresholds
    gaps = sides.gaps()
    match model.id:
        case RoleModel.EXPERIENCED_YOUNG:
            years = sides.mentor_person.pedagogical_experience_years
            return sides.is_novice and years is not None and years >= thresholds.min_mentor_experience_years
        case RoleModel.LEADER_COMMUNICATION:
            return sides.mentor.community_leader and any(gap.competence == "communicative" for gap in gaps)
        case RoleModel.INNOVATOR_CONSERVATIVE:
            return any(
                gap.competence == "digital" and sides.level(gap.competence) >= thresholds.min_level for gap in gaps
            )
        case RoleModel.SUBJECT_EXPERT_NOVICE | RoleModel.SUBJECT:
            return sides.shares_subject()
        case RoleModel.YOUNG_SPECIALIST:
            return sides.is_novice
        case RoleModel.COMPETENCE:
            return any(sides.level(gap.competence) >= thresholds.min_level for gap in gaps)
    named = _CATEGORIES_OF_MODEL.get(model.id)
    if named is not None and not sides.is_of(*named) and sides.mentee.model is not model.id:
        return False
    if model.form is not MentoringForm.PUPIL_PUPIL:
        return True
    # An equal grade makes a pair of equals or a joint project only where somebody says so.
    asked = model.id is RoleModel.JOINT_PROJECT and sides.mentee.model is model.id
    return is_senior(sides, may_equal=asked or model.id is RoleModel.PEER_PEER)


def is_senior(sides: Sides, *, may_equal: bool) -> bool:
    """Return whether the mentor's grade is known to be higher than the mentee's, or equal where that is enough."""
    mentor, mentee = sides.mentor_person.grade, sides.mentee_grade
    if mentor is None or mentee is None:
        return False
    return mentor > mentee or (may_equal and mentor == mentee)


def choose_kind(sides: Sides) -> MentoringKind | None:
    """Return the kind of a pair: that of the lock, else the first preferred one both accept and the policy allows.

    Where both accept only kinds the policy does not prefer, the first of these is taken, a reverse pair last.
    One-to-one work is not for a class.
    """
    policy, fixed = sides.policy, None if sides.lock is None else sides.lock.kind
    if fixed is not None and fixed not in _DECIDED and accepts_kind(sides, fixed):
        return fixed
    order = (*policy.kind_prefer, *policy.kinds, *policy.tolerated_kinds, *MentoringKind)
    barred = {*_DECIDED, MentoringKind.TRADITIONAL} if sides.mentee_class is not None else _DECIDED
    usual = next((kind for kind in order if kind not in barred and accepts_kind(sides, kind)), None)
    if usual is None and accepts_kind(sides, MentoringKind.REVERSE):
        return MentoringKind.REVERSE
    return usual


def accepts_kind(sides: Sides, kind: MentoringKind) -> bool:
    """Return whether the policy allows the kind and both sides accept it."""
    policy = sides.policy
    if policy.kind_standing(kind) is KindStanding.REFUSED or kind not in policy.patterns:
        return False
    return all(not side.kinds or kind in side.kinds for side in (sides.mentor, sides.mentee))


def minutes_of(case: Case) -> int:
    """Return what the pair costs each side in four weeks, in minutes; a seat costs this the mentee alone.

    Hours agreed for the running pair come before the pattern. A reverse pair with its counter-assignment costs one
    and a half over both, so three quarters in each direction, unless one of them runs already.
    """
    own = own_minutes(case.sides.lock) if case.is_locked else None
    minutes = pattern_minutes(case.sides, case.kind, case.form) if own is None else own
    mentor, mentee = case.sides.ids
    is_free = not case.is_locked and case.sides.facts.lock_of(mentee, mentor) is None
    return minutes - minutes // 4 if case.has_counter and is_free else minutes


def pattern_minutes(sides: Sides, kind: MentoringKind, form: MentoringForm | None) -> int:
    """Return the minutes of a kind in four weeks, 0 where the policy has no pattern of it."""
    has_pattern = kind in sides.policy.patterns
    return sides.policy.pattern_minutes_per_four_weeks(kind, form) if has_pattern else 0


def own_minutes(lock: Lock | None) -> int | None:
    """Return the hours a running pair has agreed on, as minutes in four weeks that split into quarters (SMO 2.3)."""
    if lock is None or lock.hours_per_month is None:
        return None
    return math.ceil(round(lock.hours_per_month * 60) / 4) * 4
