"""The words a policy is written in: its own enumerated values, beside those of the roster."""

from __future__ import annotations

from enum import StrEnum


class ScopeLevel(StrEnum):
    """How wide a round is, or at which level a date binds."""

    PAIR = "pair"
    ORGANISATION = "organisation"
    MUNICIPALITY = "municipality"
    REGION = "region"


class Severity(StrEnum):
    """Whether breaking a rule forbids or only warns."""

    HARD = "hard"
    WARN = "warn"


class ModelsRequired(StrEnum):
    """How many role models a pair carries: the regulation names none, any the users name, at most one, exactly one."""

    NONE = "none"
    FREE = "free"
    OPTIONAL = "optional"
    ONE = "one"


class OtherKinds(StrEnum):
    """What happens to a kind the regulation does not name."""

    REFUSE = "refuse"
    WARN = "warn"


class KindStanding(StrEnum):
    """How a policy takes a kind."""

    ALLOWED = "allowed"
    WARN = "warn"
    REFUSED = "refused"


class ContourMode(StrEnum):
    """Whether distance is a penalty, or inside mentors come before all outside ones (9.1, note 1)."""

    WEIGHTED = "weighted"
    INTERNAL_FIRST = "internal_first"


class PairApproval(StrEnum):
    """What must be there before a pair is fixed."""

    COUNCIL = "council"
    COUNCIL_ADVICE = "council_advice"
    CURATOR = "curator"
    PSYCHOLOGIST = "psychologist"
    INTERVIEW = "interview"
    QUESTIONNAIRE = "questionnaire"
    WRITTEN_CONSENT = "written_consent"
    HEAD_ORDER = "head_order"


class CompatibilitySource(StrEnum):
    """Who says whether two people suit each other."""

    CURATOR = "curator"
    MUTUAL_SCORES = "mutual_scores"
    INTERVIEW = "interview"
    QUESTIONNAIRE = "questionnaire"
    PSYCHOLOGIST = "psychologist"


class ConsentBasis(StrEnum):
    """What a consent stands on."""

    LAW = "law"
    REGULATION = "regulation"


class EndReason(StrEnum):
    """Why a programme ends."""

    COMPLETED = "completed"
    MENTOR = "mentor"
    MENTEE = "mentee"
    MUTUAL = "mutual"
    CURATOR = "curator"
    LEFT = "left"


class ConflictBody(StrEnum):
    """Who decides a conflict inside a pair."""

    COUNCIL = "council"
    CURATOR = "curator"


class ConflictOutcome(StrEnum):
    """What the deciding body may decide."""

    KEEP = "keep"
    CHANGE_PROGRAMME = "change_programme"
    MEDIATED = "mediated"
    REMATCH = "rematch"
    END = "end"


class PatternWho(StrEnum):
    """Who must be free for a session of a pattern."""

    MENTOR_AND_MENTEE = "mentor_and_mentee"
    MENTOR_AND_ALL = "mentor_and_all"
    NOBODY = "nobody"
    MENTOR_WHILE_MENTEE_TEACHES = "mentor_while_mentee_teaches"
    PUPIL_OUTSIDE_LESSONS = "pupil_outside_lessons"


class PatternMode(StrEnum):
    """Where sessions of a pattern happen; ``inside_in_person`` is in person in one organisation, else mixed."""

    INSIDE_IN_PERSON = "inside_in_person"
    IN_PERSON = "in_person"
    ROOM_OR_ONLINE = "room_or_online"
    ONLINE = "online"
    ANY = "any"


class DeadlineWhen(StrEnum):
    """What fixes a date: a day of the year, a window, the end of a quarter, so often a year, an event."""

    DAY = "day"
    WINDOW = "window"
    QUARTER = "quarter"
    TIMES_A_YEAR = "times_a_year"
    COMPLETION = "completion"
    REQUEST = "request"


class Quarters(StrEnum):
    """Which quarters a report is due after: those of the calendar, or those of the school year (A-34)."""

    CALENDAR = "calendar"
    SCHOOL = "school"


class PublicationWhat(StrEnum):
    """What a regulation has published: a section of the site, cards of practices, nothing."""

    SITE = "site"
    PRACTICES = "practices"
    NONE = "none"


#: Stages of a round or a programme (KAL 4.1, DAL 3.3, DAL 6.1).
STAGES = (
    "preparatory",
    "main",
    "final",
    "diagnostic",
    "design",
    "implementation",
    "reflexive",
    "resultative",
    "organisation",
    "appointment",
    "passing",
    "completion",
)

#: What a personalised programme may have to contain (C-12, KAL 4.9, DAL 2).
PROGRAMME_FIELDS = (
    "forms",
    "kinds",
    "participants",
    "directions",
    "activities",
    "problem",
    "goals",
    "tasks",
    "content",
    "term",
    "interim_results",
    "planned_results",
    "schedule",
    "mode",
    "conditions",
    "relevance",
    "target_audience",
    "mentor_requirements",
    "work_plan",
    "result_measures",
)

#: Who may have to agree to a longer term.
PARTIES = ("mentor", "mentee", "curator")

#: Indicators of requirements 7.7.
INDICATORS = (
    *(f"I-{number:02d}" for number in range(1, 7)),
    *(f"I-{number:02d}" for number in range(21, 28)),
    *(f"I-{number:02d}" for number in range(31, 39)),
)

#: Documents of requirements 7.8.
DOCUMENTS = tuple(f"D-{number:02d}" for number in range(1, 19))

#: Risks of SMO 8.3, with the signals of requirements 9.4.
RISKS = (
    "high_load",
    "low_motivation",
    "formal_performance",
    "mentor_opposed",
    "weak_contours",
    "not_seen_as_growth",
)

#: Laws outside the regulations that bind when switched on (requirements 10).
LAWS = ("ru_labour_351_8", "ru_personal_data", "ru_school_day")
