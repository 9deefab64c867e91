"""The words records are written in."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Direction of an activity of a programme (KAL 4.9)."""

    SCIENTIFIC_THEORETICAL = "scientific_theoretical"
    NORMATIVE_LEGAL = "normative_legal"
    SUBJECT_PROFESSIONAL = "subject_professional"
    PSYCHOLOGICAL_PEDAGOGICAL = "psychological_pedagogical"
    METHODICAL = "methodical"


class ActivityType(StrEnum):
    """What is done (KAL 4.8, DAL 4.1–4.3, SMO 5.1)."""

    CONSULTATION = "consultation"
    LESSON_VISIT = "lesson_visit"
    ORIENTATION = "orientation"
    SUPPORT = "support"
    TRAINING = "training"
    SUBJECT_DEEPENING = "subject_deepening"
    ARTICLE = "article"
    CONFERENCE = "conference"
    EXAM_PREPARATION = "exam_preparation"
    CONTEST = "contest"
    WORKSHOP = "workshop"
    PROJECT = "project"
    MENTOR_HOUR = "mentor_hour"
    EXTRACURRICULAR = "extracurricular"
    FAMILY_WORK = "family_work"
    OTHER = "other"


SUBJECT_DEPTH = frozenset(
    {ActivityType.SUBJECT_DEEPENING, ActivityType.ARTICLE, ActivityType.CONFERENCE, ActivityType.EXAM_PREPARATION}
)
"""Of these the model of a subject expert with a subject novice needs one (SMO 5.1 (4))."""


class DeficitSource(StrEnum):
    """Where a gap was found (C-23)."""

    DIAGNOSTICS = "diagnostics"
    QUESTIONNAIRE = "questionnaire"
    INTERVIEW = "interview"
    ATTESTATION = "attestation"


class RouteFormat(StrEnum):
    """Formats of learning of a route (ANU 3.1)."""

    FORMAL = "formal"
    NON_FORMAL = "non_formal"
    INFORMAL = "informal"


class RoadmapItemType(StrEnum):
    """What an item of a roadmap is about (KAL 4.2, DAL 3.2.2, DAL roadmap)."""

    LEGAL_ACTS = "legal_acts"
    INFORMING = "informing"
    REGISTER = "register"
    TRAINING = "training"
    MATCHING = "matching"
    PROGRAMMES = "programmes"
    MONITORING = "monitoring"
    CONTEST = "contest"
    FORUM = "forum"
    DISSEMINATION = "dissemination"
    OTHER = "other"


class EventType(StrEnum):
    """Sorts of events (BAR 3.4, KAL 3.7, DAL roadmap)."""

    FORUM = "forum"
    CONTEST = "contest"
    WORKSHOP = "workshop"
    YOUNG_TEACHER_SCHOOL = "young_teacher_school"
    SEMINAR = "seminar"
    TRAINING = "training"
    AWARD = "award"
    OTHER = "other"


class Incentive(StrEnum):
    """What a mentor (SMO 6.1: or mentee) may be recognised by (C-21)."""

    EXTRA_PAY = "extra_pay"
    BONUS = "bonus"
    DIPLOMA = "diploma"
    CERTIFICATE = "certificate"
    STATE_AWARD = "state_award"
    PERSONNEL_RESERVE = "personnel_reserve"
    ATTESTATION = "attestation"
    CONTEST_JURY = "contest_jury"
    FORUM = "forum"
    PUBLICATION = "publication"
    STATUS = "status"
    OTHER = "other"


class PaymentBasis(StrEnum):
    """Where the amount is set; the regulations name none (A-39)."""

    LOCAL_ACT = "local_act"
    COLLECTIVE_AGREEMENT = "collective_agreement"
    CONTRACT = "contract"
    NONE = "none"


class SiteBlock(StrEnum):
    """The seven blocks of the section of the site (KAL 4.12)."""

    PROGRAMMES = "programmes"
    MENTORS = "mentors"
    MENTEES = "mentees"
    BEST_CASES = "best_cases"
    NORMS = "norms"
    METHODICAL = "methodical"
    NEWS = "news"


class Naming(StrEnum):
    """How people are shown in what is published (A-29)."""

    NAMES = "names"
    INITIALS = "initials"
    COUNTS = "counts"


class EvidenceType(StrEnum):
    """What shows a result (DAL 5.3)."""

    MAP = "map"
    ROUTE = "route"
    DIARY = "diary"
    PORTFOLIO = "portfolio"
    CASE = "case"
    LESSON_PLAN = "lesson_plan"
    ARTICLE = "article"
    DIPLOMA = "diploma"
    REVIEW = "review"
    OTHER = "other"


class PartnerType(StrEnum):
    """Who helps from outside (BAR 4.1.1, DAL 3.2.1, KAL 4.3)."""

    ENTERPRISE = "enterprise"
    UNIVERSITY = "university"
    COLLEGE = "college"
    CULTURE = "culture"
    SPORT = "sport"
    SOCIAL = "social"
    AUTHORITY = "authority"
    OTHER = "other"


class PersonSide(StrEnum):
    """On which side of a pair somebody is."""

    MENTOR = "mentor"
    MENTEE = "mentee"
