"""What people state beside a plan: the course of programmes, answers, counts, refusals, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.indicators.facts import (
    Count,
    Done,
    Notice,
    Participant,
    Refusal,
    Statement,
    SurveyAnswer,
    Ticket,
    Vacancy,
    Veto,
)
from matcher.policy_words import EndReason
from matcher.roster import MentoringForm, MentoringKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeNote:
    """What is stated of one programme.

    It is about the pair of the plan, unless ``first_day`` lies in an earlier school year or the plan has no such pair:
    then it is a programme of its own, and needs ``form`` and ``kind``. What is None stays as the plan has it.
    """

    mentor: str
    mentee: str
    form: MentoringForm | None = None
    kind: MentoringKind | None = None
    first_day: date | None = None
    last_day: date | None = None
    end_day: date | None = None
    end_reason: EndReason | None = None
    full_cycle_day: date | None = None
    sessions_planned: int | None = None
    sessions_due: int | None = None
    sessions_held: int | None = None
    sessions_missed: int | None = None
    sessions_logged: int | None = None
    has_goals: bool | None = None
    rating: float | None = None
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything stated beside a plan.

    ``people`` are those the plan does not have; ``left`` maps people to the day on which they left their organisation;
    all who have left since ``leavers_since`` are named there.
    Tickets, notices, vacancies and what was done name a pair as "M-1:N-1": the programme that ran on the day is meant.
    """

    people: tuple[Participant, ...] = ()
    programmes: tuple[ProgrammeNote, ...] = ()
    surveys: tuple[SurveyAnswer, ...] = ()
    counts: tuple[Count, ...] = ()
    statements: tuple[Statement, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    done: tuple[Done, ...] = ()
    notices: tuple[Notice, ...] = ()
    vacancies: tuple[Vacancy, ...] = ()
    leavers_since: date | None = None
    left: Mapping[str, date] = field(default_factory=dict)
