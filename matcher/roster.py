"""People, organisations and what is known about them: the validated, immutable input of a round.

Identifiers are strings as the user wrote them. Enumerated values keep the identifiers of the glossary
(``docs/glossary.md``). What a policy decides (who is a novice, whose approval counts) is not computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class MentoringForm(StrEnum):
    """Who mentors whom (форма наставничества)."""

    TEACHER_TEACHER = "teacher_teacher"
    HEAD_TEACHER = "head_teacher"
    EMPLOYER_STUDENT = "employer_student"
    UNIVERSITY_YOUNG_TEACHER = "university_young_teacher"
    TEACHER_PUPIL = "teacher_pupil"
    PUPIL_PUPIL = "pupil_pupil"
    PARTNER_PUPIL = "partner_pupil"
    EMPLOYER_PUPIL = "employer_pupil"


class MentoringKind(StrEnum):
    """How they work (вид наставничества)."""

    VIRTUAL = "virtual"
    GROUP = "group"
    SHORT_TERM = "short_term"
    REVERSE = "reverse"
    SITUATIONAL = "situational"
    SPEED = "speed"
    TRADITIONAL = "traditional"
    FLASH = "flash"


class RoleModel(StrEnum):
    """The role model inside a form (ролевая модель, основание)."""

    EXPERIENCED_YOUNG = "experienced_young"
    LEADER_COMMUNICATION = "leader_communication"
    INNOVATOR_CONSERVATIVE = "innovator_conservative"
    SUBJECT_EXPERT_NOVICE = "subject_expert_novice"
    SUBJECT = "subject"
    YOUNG_SPECIALIST = "young_specialist"
    COMPETENCE = "competence"
    ACHIEVER_UNDERACHIEVER = "achiever_underachiever"
    LEADER_PASSIVE = "leader_passive"
    PEER_PEER = "peer_peer"
    JOINT_PROJECT = "joint_project"
    GIFTED = "gifted"
    OVZ = "ovz"
    AT_RISK = "at_risk"


class Topic(StrEnum):
    """What a request is about (вопросы, по которым подбираются пары)."""

    SUBJECT_CONTENT = "subject_content"
    TEACHING_METHODS = "teaching_methods"
    UPBRINGING = "upbringing"
    LESSON_ORGANISATION = "lesson_organisation"
    PSYCH_PED_SUPPORT = "psych_ped_support"
    PARENTS = "parents"
    ADDITIONAL_EDUCATION = "additional_education"
    DIGITAL = "digital"
    COMMUNICATION = "communication"
    OTHER = "other"


class CompetenceBlock(StrEnum):
    """Block of competences, levels 0–4."""

    SUBJECT = "subject"
    METHODICAL = "methodical"
    PSYCH_PEDAGOGICAL = "psych_pedagogical"
    COMMUNICATIVE = "communicative"
    DIGITAL = "digital"
    NORMATIVE_LEGAL = "normative_legal"


class MenteeCategory(StrEnum):
    """Why somebody needs a mentor."""

    NOVICE = "novice"
    NEWCOMER = "newcomer"
    NEW_POSITION = "new_position"
    RETURNING = "returning"
    NO_PED_EDUCATION = "no_ped_education"
    EXPERIENCED_NEW_APPROACHES = "experienced_new_approaches"
    DEFICIT = "deficit"
    POST_ATTESTATION = "post_attestation"
    STUDENT_TRAINEE = "student_trainee"
    PUPIL_GIFTED = "pupil_gifted"
    PUPIL_MOTIVATED = "pupil_motivated"
    PUPIL_OVZ = "pupil_ovz"
    PUPIL_AT_RISK = "pupil_at_risk"
    PUPIL_UNDERACHIEVING = "pupil_underachieving"
    PUPIL_PASSIVE = "pupil_passive"
    PUPIL_PEER = "pupil_peer"
    CLASS_GROUP = "class_group"


class PersonKind(StrEnum):
    """What a person is to the organisation."""

    STAFF = "staff"
    RETIRED = "retired"
    UNIVERSITY = "university"
    STUDENT = "student"
    PUPIL = "pupil"
    PARTNER = "partner"


class MentorSource(StrEnum):
    """Where a mentor comes from."""

    STAFF = "staff"
    ADMINISTRATION = "administration"
    HEAD = "head"
    RETIRED = "retired"
    MUNICIPAL_BEST = "municipal_best"
    REGIONAL_BEST = "regional_best"
    UNIVERSITY = "university"
    EMPLOYER = "employer"
    SOCIAL_PARTNER = "social_partner"
    PUPIL = "pupil"


class MentorStatus(StrEnum):
    """Status of a person in the register of mentors (requirements 7.10)."""

    NOMINATED = "nominated"
    APPROVED = "approved"
    AVAILABLE = "available"
    PAUSED = "paused"
    LEFT = "left"


class Approval(StrEnum):
    """Whose approval a mentor has."""

    RESULTS_CONFIRMED = "results_confirmed"
    COMPETENCE_LEVEL = "competence_level"
    HEAD = "head"
    PEDAGOGICAL_COUNCIL = "pedagogical_council"
    SENIOR_METHODIST = "senior_methodist"
    DEPUTY_HEAD = "deputy_head"


class Qualification(StrEnum):
    """Qualification category; its rank orders the levels of A-32."""

    NONE = "none"
    POSITION_FIT = "position_fit"
    FIRST = "first"
    HIGHEST = "highest"
    METHODIST = "methodist"
    MENTOR_CATEGORY = "mentor_category"

    @property
    def rank(self) -> int:
        """Return 0 (none) … 4 (methodist, mentor category)."""
        return {"none": 0, "position_fit": 1, "first": 2, "highest": 3, "methodist": 4, "mentor_category": 4}[self]


class OrganisationType(StrEnum):
    """Type of an organisation."""

    GENERAL_SCHOOL = "general_school"
    KINDERGARTEN = "kindergarten"
    ADDITIONAL_EDUCATION = "additional_education"
    COLLEGE = "college"
    UNIVERSITY = "university"
    PARTNER = "partner"


class Contour(StrEnum):
    """How far apart the two sides of a pair are, nearest first (C-15, note 3)."""

    ORGANISATION = "organisation"
    MUNICIPALITY = "municipality"
    OTHER_MUNICIPALITY = "other_municipality"
    REGION = "region"
    FEDERAL = "federal"
    PARTNER = "partner"


class SessionMode(StrEnum):
    """Where sessions may happen."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    MIXED = "mixed"


class LockStatus(StrEnum):
    """Why a pair is fixed: status of the running or agreed assignment (7.10), or a prohibition."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    PROLONGED = "prolonged"
    AFTERCARE = "aftercare"
    FORBIDDEN = "forbidden"


class ConsentPurpose(StrEnum):
    """What a person consents to; each is a separate document."""

    MENTORING = "mentoring"
    PERSONAL_DATA = "personal_data"
    DISSEMINATION = "dissemination"


class AvailabilityState(StrEnum):
    """What a person says of a time of the week."""

    PREFERRED = "preferred"
    POSSIBLE = "possible"
    NOT_IN_BUILDING = "not_in_building"
    NOT_REACHABLE = "not_reachable"


class Recommendation(StrEnum):
    """The psychologist's word on a pair (A-28)."""

    RECOMMENDED = "recommended"
    NEUTRAL = "neutral"
    NOT_RECOMMENDED = "not_recommended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A school, kindergarten, university or partner; inside a municipality, inside a region."""

    id: str
    name: str = ""
    type: OrganisationType = OrganisationType.GENERAL_SCHOOL
    municipality: str = ""
    region: str = ""
    time_zone: str = "Europe/Moscow"
    staff: int | None = None
    staff_under_35: int | None = None
    staff_under_35_first_three_years: int | None = None
    pupils: int | None = None
    pupils_15_19: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A building of an organisation."""

    id: str
    organisation: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Minutes between two sites, both ways unless the other way is given too."""

    from_site: str
    to_site: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolClass:
    """A class of pupils; may itself be a mentee (DAL 4.1)."""

    id: str
    organisation: str
    grade: int
    size: int | None = None
    class_teacher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the round. Dates are civil dates; experience and hours are in years and hours a week."""

    id: str
    name: str = ""
    person_kind: PersonKind = PersonKind.STAFF
    organisation: str
    site: str | None = None
    position: str = "teacher"
    position_since: date | None = None
    organisation_since: date | None = None
    birth_date: date | None = None
    pedagogical_experience_years: float | None = None
    break_ended: date | None = None
    pedagogical_education: bool | None = None
    attestation_recommendation: bool = False
    qualification: Qualification = Qualification.NONE
    titles: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    teaching_hours: float | None = None
    student_status: str | None = None
    alumnus: bool = False
    grade: int | None = None
    school_class: str | None = None
    legal_representative: str | None = None
    timetable_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    """A person in the register of mentors. ``None`` means the policy's default."""

    person: str
    status: MentorStatus = MentorStatus.AVAILABLE
    ready: bool = True
    source: MentorSource = MentorSource.STAFF
    forms: tuple[MentoringForm, ...] = ()
    results_confirmed: bool = False
    approvals: tuple[Approval, ...] = ()
    topics: tuple[Topic, ...] = ()
    levels: Mapping[CompetenceBlock, int] = field(default_factory=dict)
    community_leader: bool = False
    tutor_role: bool = False
    ovz_course_completed: bool = False
    class_teacher_of: tuple[str, ...] = ()
    mentor_training_day: date | None = None
    high_results: bool = False
    contest_winner: bool = False
    leader: bool = False
    active: bool = False
    named_skill: str | None = None
    max_individual: int | None = None
    min_individual: int | None = None
    max_groups: int | None = None
    hours_per_week: float | None = None
    contours: tuple[Contour, ...] = ()
    kinds: tuple[MentoringKind, ...] = ()
    modes: tuple[SessionMode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a mentee asks for; priority 1 is the most urgent."""

    topic: Topic
    subject: str | None = None
    priority: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Deficit:
    """A measured gap: level 0–4 now, level wanted, and where it was measured (C-23)."""

    competence: CompetenceBlock
    level: int
    target: int = 3
    source: str | None = None
    day: date | None = None

    @property
    def gap(self) -> int:
        """Return how many levels are missing, 0 when none."""
        return max(0, self.target - self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentee:
    """Somebody (or a class) who needs a mentor; requests and deficits belong to it."""

    person: str
    is_class: bool = False
    categories: tuple[MenteeCategory, ...] = ()
    primary_category: MenteeCategory | None = None
    model: RoleModel | None = None
    max_mentors: int | None = None
    hours_per_week: float | None = None
    kinds: tuple[MentoringKind, ...] = ()
    modes: tuple[SessionMode, ...] = ()
    unmatched_last_round: bool = False
    requests: tuple[Request, ...] = ()
    deficits: tuple[Deficit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How much one side wants the other, 0–10; a veto forbids the pair (A-27)."""

    from_person: str
    to_person: str
    score: float | None = None
    veto: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compatibility:
    """What the psychologist and the questionnaire say of a pair, −2 … +2 each."""

    mentor: str
    mentee: str
    psychologist: int | None = None
    recommendation: Recommendation | None = None
    questionnaire: int | None = None
    override_reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """The curator lifts one rule for one pair (or one side), and says why."""

    rule: str
    mentor: str | None = None
    mentee: str | None = None
    reason: str
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A pair that stays (running, agreed) or is forbidden by the council."""

    mentor: str
    mentee: str
    form: MentoringForm | None = None
    kind: MentoringKind | None = None
    status: LockStatus = LockStatus.AGREED
    since: date | None = None
    hours_per_month: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room of a site; ``kind`` is free text of the roster (class, laboratory, hall)."""

    id: str
    site: str
    name: str = ""
    kind: str | None = None
    capacity: int | None = None
    videoconf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A pool of video licences."""

    id: str
    name: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """A weekly time of a person; weekday 1 = Monday, week "" = every week, else A or B."""

    person: str
    weekday: int
    week: str = ""
    start: time
    end: time
    state: AvailabilityState


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which a person is away, both ends included."""

    person: str
    start_day: date
    end_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A signed consent; it counts from its date until it expires or is withdrawn."""

    person: str
    purpose: ConsentPurpose
    day: date
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract between an organisation and a partner, from a day to a day (open where None)."""

    organisation: str
    partner: str
    start_day: date | None = None
    end_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Everything known at the start of a round. References between the parts are already checked by the reader."""

    organisations: tuple[Organisation, ...] = ()
    sites: tuple[Site, ...] = ()
    travel: tuple[Travel, ...] = ()
    classes: tuple[SchoolClass, ...] = ()
    people: tuple[Person, ...] = ()
    mentors: tuple[Mentor, ...] = ()
    mentees: tuple[Mentee, ...] = ()
    wishes: tuple[Wish, ...] = ()
    compatibility: tuple[Compatibility, ...] = ()
    overrides: tuple[Override, ...] = ()
    locks: tuple[Lock, ...] = ()
    rooms: tuple[Room, ...] = ()
    licences: tuple[Licence, ...] = ()
    availability: tuple[Availability, ...] = ()
    absences: tuple[Absence, ...] = ()
    consents: tuple[Consent, ...] = ()
    contracts: tuple[Contract, ...] = ()
