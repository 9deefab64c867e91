"""The contents of a programme.

References
----------
C-12; KAL-31 (note), KAL-32 (directions); DAL-02 (twelve blocks).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from matcher.policy_words import EndReason
from matcher.roster import MentoringForm, MentoringKind, SessionMode
from service.records.shapes import Clock, Day, Fields, Flag, Id, Line, Part, Term, Words
from service.records.words import ActivityType, Direction, PersonSide


class Participant(Part):
    """Who takes part, and as what."""

    person: Id
    side: PersonSide
    duty: Line | None = None


class Activity(Part):
    """A line of the plan of activities."""

    title: Line
    direction: Direction
    type: ActivityType = ActivityType.OTHER
    day: Day | None = None
    result: Line | None = None
    done_day: Day | None = None


class Content(Part):
    """What each side does."""

    mentor: Words | None = None
    mentee: Words | None = None


class Result(Part):
    """A result and the day by which it is expected."""

    result: Line
    day: Day | None = None
    reached: Flag | None = None


class PlannedMeeting(Part):
    """A line of the schedule of meetings."""

    day: Day
    start: Clock
    end: Clock
    mode: SessionMode
    place: Line | None = None
    goal: Line | None = None


Lines = Annotated[tuple[Line, ...], Field(max_length=40)]
Results = Annotated[tuple[Result, ...], Field(max_length=40)]


class ProgrammeFields(Fields):
    """Contents of a programme: the note of KAL 4.9, the twelve blocks of DAL 2, the plan by directions."""

    forms: Annotated[tuple[MentoringForm, ...], Field(max_length=8)] = ()
    kinds: Annotated[tuple[MentoringKind, ...], Field(max_length=8)] = ()
    participants: Annotated[tuple[Participant, ...], Field(max_length=40)] = ()
    directions: Annotated[tuple[Direction, ...], Field(max_length=5)] = ()
    activities: Annotated[tuple[Activity, ...], Field(max_length=200)] = ()
    problem: Words | None = None
    relevance: Words | None = None
    goals: Lines = ()
    tasks: Lines = ()
    content: Content | None = None
    target_audience: Words | None = None
    term: Term | None = None
    mentor_requirements: Words | None = None
    work_plan: Words | None = None
    interim_results: Results = ()
    planned_results: Results = ()
    result_measures: Words | None = None
    schedule: Annotated[tuple[PlannedMeeting, ...], Field(max_length=400)] = ()
    mode: SessionMode | None = None
    conditions: Words | None = None
    route: Id | None = None
    curator_note: Words | None = None
    """Why a programme goes on beyond the longest term (A-07)."""
    end_reason: EndReason | None = None
    end_day: Day | None = None
