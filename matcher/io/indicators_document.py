"""The shape of ``indicators.toml``: one table for each thing people state beside a plan."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict, StrictBool

from matcher.indicators.facts import Question, RefusalOf, Side
from matcher.io.changes_toml import Day
from matcher.io.policy_tables import Table
from matcher.io.policy_values import Count, Word
from matcher.policy_words import EndReason
from matcher.roster import MentoringForm, MentoringKind, PersonKind

Year = Annotated[int, Strict(), Field(ge=2000, le=2100, description="calendar year in which the school year begins")]
Score = Annotated[float, Strict(), Field(ge=0, le=10)]
MeanMark = Annotated[float, Strict(), Field(ge=1, le=5)]


class ProjectsTable(Table):
    """Projects planned and done."""

    planned: Count
    done: Count


class PassedTable(Table):
    """How many sat a test and how many passed it."""

    sat: Count
    passed: Count


class EmploymentTable(Table):
    """Pupils who plan to work, or work, at enterprises of the region."""

    planning: Count
    working: Count


class PlanningTable(Table):
    """Teachers who plan to become mentors or mentees."""

    mentors: Count
    mentees: Count


class SwotTable(Table):
    """What the organisation sees in its programme (DAL 5.3)."""

    strengths: tuple[Word, ...] = ()
    weaknesses: tuple[Word, ...] = ()
    opportunities: tuple[Word, ...] = ()
    threats: tuple[Word, ...] = ()


class OrganisationTable(Table):
    """What an organisation counts in a school year."""

    id: Word
    year: Year
    pupils: Count | None = None
    pupils_15_19: Count | None = None
    staff: Count | None = None
    staff_under_35: Count | None = None
    staff_under_35_first_three_years: Count | None = None
    methodologies: Count | None = None
    projects: ProjectsTable | None = None
    enterprise_projects: ProjectsTable | None = None
    tests: PassedTable | None = None
    employment: EmploymentTable | None = None
    innovation_participants: Count | None = None
    planning: PlanningTable | None = None
    swot: SwotTable | None = None


class OwnedTable(Table):
    """A row of a mentee's pupils, or of an organisation as a whole."""

    mentee: Word | None = None
    organisation: Word | None = None
    year: Year


class ExamTable(OwnedTable):
    """Pupils who sat an exam and who passed it."""

    exam: Literal["vpr", "oge", "ege"]
    sat: Count
    passed: Count


class MarksTable(OwnedTable):
    """The mean mark of so many pupils."""

    mean: MeanMark
    pupils: Annotated[int, Strict(), Field(ge=1)]


class OlympiadTable(OwnedTable):
    """Participants of olympiads."""

    participants: Count


class RetentionTable(Table):
    """Young teachers hired so many years before, and those of them who are still there."""

    organisation: Word
    year: Year
    after: Literal[1, 2, 3]
    hired: Count
    stayed: Count


class EventTable(OwnedTable):
    """Events in which mentees took part."""

    sort: Literal["contest", "publication", "conference"]
    count: Annotated[int, Strict(), Field(ge=0)] = 1


class SurveyTable(Table):
    """What a participant answered, 0–10."""

    person: Word
    side: Side
    question: Question
    year: Year
    start: Score | None = None
    end: Score | None = None


class SessionsTable(Table):
    """Sessions of a programme."""

    planned: Count | None = None
    due: Count | None = None
    held: Count | None = None
    missed: Count | None = None
    logged: Count | None = None


class ProgrammeTable(Table):
    """The course of a programme: of the plan, or of an earlier year."""

    pair: Word
    form: MentoringForm | None = None
    kind: MentoringKind | None = None
    started: Day | None = None
    planned_end: Day | None = None
    ended: Day | None = None
    reason: EndReason | None = None
    full_cycle: Day | None = None
    rating: Score | None = None
    goals: StrictBool | None = None
    sessions: SessionsTable | None = None
    reports: tuple[Word, ...] = ()


class PersonTable(Table):
    """Somebody the plan does not have: who took part in an earlier year."""

    id: Word
    organisation: Word
    kind: PersonKind = PersonKind.STAFF
    birth_date: Day | None = None
    career_start: Annotated[Day | None, Field(description="day from which pedagogical experience counts")] = None
    hired: Day | None = None


class RefusalTable(Table):
    """Somebody refused."""

    person: Word
    day: Day
    of: RefusalOf = RefusalOf.PROPOSAL


class VetoTable(Table):
    """Somebody refused to work with somebody."""

    by: Word
    against: Word
    day: Day


class PairDayTable(Table):
    """Something that happened in a pair on a day."""

    pair: Word
    day: Day


class NoticeTable(PairDayTable):
    """A notice to end a pair."""

    by: EndReason


class LeftTable(Table):
    """Somebody left the organisation."""

    person: Word
    day: Day


class DoneTable(Table):
    """Something due was done."""

    deadline: Word
    subject: Word
    day: Day
    covers: Day | None = None


class IndicatorsDocument(Table):
    """The whole file."""

    left_since: Annotated[Day | None, Field(description="all who left since this day are named")] = None
    organisation: tuple[OrganisationTable, ...] = ()
    person: tuple[PersonTable, ...] = ()
    exam: tuple[ExamTable, ...] = ()
    marks: tuple[MarksTable, ...] = ()
    olympiad: tuple[OlympiadTable, ...] = ()
    retention: tuple[RetentionTable, ...] = ()
    event: tuple[EventTable, ...] = ()
    survey: tuple[SurveyTable, ...] = ()
    programme: tuple[ProgrammeTable, ...] = ()
    refusal: tuple[RefusalTable, ...] = ()
    veto: tuple[VetoTable, ...] = ()
    conflict: tuple[PairDayTable, ...] = ()
    notice: tuple[NoticeTable, ...] = ()
    vacancy: tuple[PairDayTable, ...] = ()
    left: tuple[LeftTable, ...] = ()
    done: tuple[DoneTable, ...] = ()
