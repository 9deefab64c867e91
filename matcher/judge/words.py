"""What people read for the words of a plan: forms, kinds, models, distances, statuses, approvals."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from matcher.roster import Approval, Contour, MentoringForm, MentoringKind, MentorStatus, RoleModel
from matcher.texts import Text, text

_WORDS: Mapping[StrEnum, Text] = {
    MentoringForm.TEACHER_TEACHER: text("teacher – teacher"),
    MentoringForm.HEAD_TEACHER: text("head – teacher"),
    MentoringForm.EMPLOYER_STUDENT: text("employer – student"),
    MentoringForm.UNIVERSITY_YOUNG_TEACHER: text("university teacher – young teacher"),
    MentoringForm.TEACHER_PUPIL: text("teacher – pupil"),
    MentoringForm.PUPIL_PUPIL: text("pupil – pupil"),
    MentoringForm.PARTNER_PUPIL: text("social partner – pupil"),
    MentoringForm.EMPLOYER_PUPIL: text("employer – pupil"),
    MentoringKind.VIRTUAL: text("virtual mentoring"),
    MentoringKind.GROUP: text("mentoring in a group"),
    MentoringKind.SHORT_TERM: text("short-term mentoring"),
    MentoringKind.REVERSE: text("reverse mentoring"),
    MentoringKind.SITUATIONAL: text("situational mentoring"),
    MentoringKind.SPEED: text("speed mentoring"),
    MentoringKind.TRADITIONAL: text("traditional mentoring"),
    MentoringKind.FLASH: text("flash mentoring"),
    RoleModel.EXPERIENCED_YOUNG: text("experienced teacher – young specialist"),
    RoleModel.LEADER_COMMUNICATION: text("community leader – teacher with difficulties in communication"),
    RoleModel.INNOVATOR_CONSERVATIVE: text("innovator – conservative teacher"),
    RoleModel.SUBJECT_EXPERT_NOVICE: text("subject expert – beginner in the subject"),
    RoleModel.SUBJECT: text("by subject"),
    RoleModel.YOUNG_SPECIALIST: text("mentor – young specialist"),
    RoleModel.COMPETENCE: text("owner of a competence – learner of it"),
    RoleModel.ACHIEVER_UNDERACHIEVER: text("achiever – underachiever"),
    RoleModel.LEADER_PASSIVE: text("leader – passive pupil"),
    RoleModel.PEER_PEER: text("peer – peer"),
    RoleModel.JOINT_PROJECT: text("joint project"),
    RoleModel.GIFTED: text("teacher – gifted pupil"),
    RoleModel.OVZ: text("teacher – pupil with special needs"),
    RoleModel.AT_RISK: text("teacher – pupil at risk"),
    Contour.ORGANISATION: text("one organisation"),
    Contour.MUNICIPALITY: text("one municipality"),
    Contour.OTHER_MUNICIPALITY: text("another municipality"),
    Contour.REGION: text("the region"),
    Contour.FEDERAL: text("another region"),
    Contour.PARTNER: text("a partner or university"),
    MentorStatus.NOMINATED: text("nominated"),
    MentorStatus.APPROVED: text("approved"),
    MentorStatus.AVAILABLE: text("available"),
    MentorStatus.PAUSED: text("paused"),
    MentorStatus.LEFT: text("has left"),
    Approval.RESULTS_CONFIRMED: text("confirmed results"),
    Approval.COMPETENCE_LEVEL: text("a competence at the level asked for"),
    Approval.HEAD: text("the head's approval"),
    Approval.PEDAGOGICAL_COUNCIL: text("the approval of the pedagogical council"),
    Approval.SENIOR_METHODIST: text("the approval of the senior methodist"),
    Approval.DEPUTY_HEAD: text("the approval of the deputy head"),
}


def word(value: object) -> Text | str:
    """Return what people read for a value, a dash where there is none."""
    if value is None:
        return "–"
    return _WORDS[value] if isinstance(value, StrEnum) else str(value)
