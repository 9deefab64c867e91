"""What the figures are counted from: people, their programmes, answers and counts, dated where they happened.

Facts hold whatever is known of several years; a figure is counted for a period of them. They name people by id only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from matcher.policy_words import EndReason
from matcher.roster import MentoringForm, MentoringKind, Organisation, PersonKind


class Side(StrEnum):
    """On which side of a programme somebody takes part."""

    MENTOR = "mentor"
    MENTEE = "mentee"


class Question(StrEnum):
    """What participants are asked at the start and at the end, 0–10; satisfaction at the end only."""

    SATISFACTION = "satisfaction"
    RESULTS = "results"
    MOTIVATION = "motivation"
    INNOVATION = "innovation"
    ADAPTATION = "adaptation"
    READINESS = "readiness"


class Quantity(StrEnum):
    """What an organisation counts itself in a school year. The first five replace the figures of the roster."""

    STAFF = "staff"
    STAFF_UNDER_35 = "staff_under_35"
    STAFF_UNDER_35_FIRST_THREE_YEARS = "staff_under_35_first_three_years"
    PUPILS = "pupils"
    PUPILS_15_19 = "pupils_15_19"
    METHODOLOGIES = "methodologies"
    PROJECTS_PLANNED = "projects_planned"
    PROJECTS_DONE = "projects_done"
    ENTERPRISE_PROJECTS_PLANNED = "enterprise_projects_planned"
    ENTERPRISE_PROJECTS_DONE = "enterprise_projects_done"
    EXAM_SAT = "exam_sat"
    EXAM_PASSED = "exam_passed"
    MARKS_TOTAL = "marks_total"
    MARKS_PUPILS = "marks_pupils"
    OLYMPIAD_PARTICIPANTS = "olympiad_participants"
    EVENTS = "events"
    TESTS_SAT = "tests_sat"
    TESTS_PASSED = "tests_passed"
    PUPILS_PLANNING_EMPLOYMENT = "pupils_planning_employment"
    PUPILS_EMPLOYED = "pupils_employed"
    INNOVATION_PARTICIPANTS = "innovation_participants"
    PLANNING_MENTORS = "planning_mentors"
    PLANNING_MENTEES = "planning_mentees"
    HIRED = "hired"
    STAYED = "stayed"


class SwotSide(StrEnum):
    """A side of the programme looked at (DAL 5.3, stage 1)."""

    STRENGTH = "strength"
    WEAKNESS = "weakness"
    OPPORTUNITY = "opportunity"
    THREAT = "threat"


class RefusalOf(StrEnum):
    """What somebody refused: to take part in mentoring at all, or one proposed pair."""

    PARTICIPATION = "participation"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person, or a class that has a mentor, counted in the figures of ``organisation``.

    ``age`` (full years on 1 September) stands in where the birth date is not known. ``career_start`` is the day from
    which pedagogical experience counts; ``hired_day`` and ``left_day`` bound the work in the organisation.
    ``max_mentees`` is the person's own cap. ``is_asked`` says that the person was asked to take part in mentoring.
    """

    id: str
    organisation: str
    person_kind: PersonKind = PersonKind.STAFF
    birth_date: date | None = None
    age: int | None = None
    career_start: date | None = None
    hired_day: date | None = None
    left_day: date | None = None
    teaching_hours: float | None = None
    max_mentees: int | None = None
    training_day: date | None = None
    school_class: str | None = None
    is_class: bool = False
    class_size: int | None = None
    is_asked: bool = True

    @property
    def is_staff(self) -> bool:
        """Return whether this is one of the staff."""
        return self.person_kind is PersonKind.STAFF and not self.is_class

    @property
    def is_pupil(self) -> bool:
        """Return whether this is a pupil or a class of pupils."""
        return self.person_kind is PersonKind.PUPIL or self.is_class


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One mentor with one mentee: the personalised programme and what became of it. It counts where the mentee does.

    ``last_day`` is the planned end, ``end_day`` the real one. ``full_cycle_day`` is the day of the curator's mark
    (DAL 5.2.1). ``minutes`` and ``mentor_minutes`` are the loads of mentee and mentor in four weeks; those of a
    ``group`` load its mentor once. Of sessions, ``due`` are those whose day is over. What is None is not known.
    ``rating`` is the curator's, 0–10; ``mentor_wish`` and ``mentee_wish`` are what each side thought of the other,
    0–10; ``reports`` are the texts of its reports, or anything that is equal when the texts are.
    """

    id: str
    mentor: str
    mentee: str
    form: MentoringForm
    kind: MentoringKind
    group: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    end_day: date | None = None
    end_reason: EndReason | None = None
    full_cycle_day: date | None = None
    minutes: int = 0
    mentor_minutes: int | None = None
    sessions_planned: int | None = None
    sessions_due: int | None = None
    sessions_held: int | None = None
    sessions_missed: int | None = None
    sessions_logged: int | None = None
    has_goals: bool | None = None
    rating: float | None = None
    mentor_wish: float | None = None
    mentee_wish: float | None = None
    reports: tuple[str, ...] = ()

    @property
    def final_day(self) -> date | None:
        """Return the day on which the programme ended or is to end."""
        return self.end_day or self.last_day

    @property
    def completion_day(self) -> date | None:
        """Return the day of the full cycle: the end, or the mark where no end is known; None without the mark."""
        return None if self.full_cycle_day is None else self.end_day or self.full_cycle_day


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswer:
    """What a participant answered to a question, 0–10, at the start and at the end of a school year."""

    person: str
    side: Side
    question: Question
    school_year: int
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number an organisation gives for a school year; ``detail`` names the exam, sort or year."""

    organisation: str
    quantity: Quantity
    school_year: int
    value: Fraction
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A strength, weakness, opportunity or threat an organisation names."""

    organisation: str
    school_year: int
    side: SwotSide
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Somebody refused to take part, or declined a proposed pair. No reason is kept (C-03)."""

    person: str
    day: date
    of: RefusalOf = RefusalOf.PROPOSAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """Somebody said whom he will not work with."""

    by: str
    against: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A conflict in a pair brought before the council or the curator."""

    programme: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNeed:
    """A mentee whose request nobody covers, and mentors of other organisations who would and have no mentee."""

    mentee: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something due was done: the id of the deadline, for whom (programme, organisation, municipality), and when.

    ``covers`` is the last day of the quarter a report is about.
    """

    deadline: str
    subject: str
    day: date
    covers: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Somebody gave notice to end a programme on a day; ``by`` is who (7.10, end reasons)."""

    programme: str
    day: date
    by: EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """A mentor has to be replaced since a day (A-47)."""

    programme: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the figures are counted from. ``organisations`` are those that report.

    Of programmes that ran before the school year of ``known_since`` nothing is known (None: all are known); figures
    that need them are then not given instead of being 0. Who has left since ``leavers_since`` is among the people
    (None: nobody says so); without it those who stayed would be taken for all.
    """

    organisations: tuple[Organisation, ...] = ()
    people: tuple[Participant, ...] = ()
    programmes: tuple[Programme, ...] = ()
    surveys: tuple[SurveyAnswer, ...] = ()
    counts: tuple[Count, ...] = ()
    statements: tuple[Statement, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    open_needs: tuple[OpenNeed, ...] = ()
    done: tuple[Done, ...] = ()
    notices: tuple[Notice, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()
    known_since: date | None = None
    leavers_since: date | None = None

    def within(self, organisations: Collection[str]) -> Facts:
        """Return the facts as these organisations report them, and nobody else."""
        return replace(self, organisations=tuple(one for one in self.organisations if one.id in organisations))


def home_organisations(
    programmes: Collection[Programme], guests: Collection[str], home: Mapping[str, str]
) -> dict[str, str]:
    """Return where guests (partners, university teachers) count: with the mentee of their first programme.

    So each person counts in one organisation, and the figures of organisations add up to those of a municipality.
    """
    order = sorted(programmes, key=lambda one: (one.first_day or date.max, one.id))
    found: dict[str, str] = {}
    for programme in order:
        if programme.mentor in guests and programme.mentee in home:
            found.setdefault(programme.mentor, home[programme.mentee])
    return found
