"""Interviews and questionnaires: what is asked before pairs are fixed, and at the start and the end.

References
----------
DAL-34, DAL-22; KAL-30; requirements 7.7 (start and end on 0–10).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import Field

from matcher.errors import Fault
from matcher.texts import text
from service.records.kind import CURATORS, PARTICIPANTS, Case, HangsOn, Kind, Shown, Step, missing
from service.records.shapes import Day, Fields, Score, Words
from service.records.words import PersonSide
from service.tables.access import Role

_INTERVIEWERS = CURATORS | {Role.PSYCHOLOGIST}


class Moment(StrEnum):
    """When somebody is asked."""

    BEFORE = "before"
    START = "start"
    DURING = "during"
    END = "end"


class Template(StrEnum):
    """Which questionnaire."""

    DIFFICULTIES = "difficulties"
    SATISFACTION = "satisfaction"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question; ``type`` is "scale" (0–10), "text" or "choice"."""

    id: str
    words: str
    words_en: str
    type: str
    choices: tuple[str, ...] = ()
    optional: bool = False
    indicator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A questionnaire: whom it asks and when."""

    id: str
    title: str
    title_en: str
    clause: str
    sides: tuple[str, ...]
    moments: tuple[str, ...]
    questions: tuple[Question, ...]


@cache
def read_forms() -> Mapping[str, Form]:
    """Return every questionnaire."""
    table = tomllib.loads(resources.files("service.records").joinpath("questionnaires.toml").read_text("utf-8"))
    return {
        name: Form(
            id=name,
            title=row["title"],
            title_en=row["title_en"],
            clause=row["clause"],
            sides=tuple(row["sides"]),
            moments=tuple(row["moments"]),
            questions=tuple(Question(**{**one, "choices": tuple(one.get("choices", ()))}) for one in row["questions"]),
        )
        for name, row in table.items()
    }


class QuestionnaireFields(Fields):
    """Answers of one person to one questionnaire."""

    template: Template
    moment: Moment = Moment.BEFORE
    side: PersonSide
    day: Day | None = None
    answers: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")], Score | Words],
        Field(max_length=40, default_factory=dict),
    ]


class Questionnaire(Kind[QuestionnaireFields]):
    """A questionnaire of one person; its answers are shown to himself and the curator only."""

    id = "questionnaire"
    path = "questionnaires"
    title = text("questionnaire")
    about = "Answers of one person to a questionnaire (D-10); shown to the person and the curator only."
    on = HangsOn.PERSON
    fields = QuestionnaireFields
    example: Mapping[str, Any] = {
        "template": "interest",
        "side": "mentee",
        "answers": {"interest": 8, "work_together": "mixed"},
    }
    first = "open"
    steps = (
        Step(start="open", to="submitted", by=CURATORS | PARTICIPANTS),
        Step(start="submitted", to="open", by=CURATORS),
    )
    fixed = frozenset({"submitted"})
    needs_round = True
    joint = True
    shown = Shown.PERSON
    figures = ("template", "moment", "side", "day")
    document = "D-10"

    def slot(self, case: Case, fields: QuestionnaireFields) -> str | None:
        """One person answers a questionnaire once for each moment and side."""
        assert case.person is not None
        assert case.round_ is not None
        parts = (case.round_.id, case.person.id, fields.template, fields.moment, fields.side)
        return ":".join(("questionnaire", *parts))

    def prefill(self, case: Case) -> Mapping[str, Any]:
        """Return the day."""
        return {"day": case.today}

    def check(self, case: Case, fields: QuestionnaireFields) -> Iterable[Fault]:
        """Yield answers to questions nobody asks, and answers that do not fit."""
        form = read_forms()[fields.template]
        if fields.side not in form.sides:
            yield Fault("fields.side", text("this questionnaire is not for this side"))
        if fields.moment not in form.moments:
            yield Fault("fields.moment", text("this questionnaire is not asked at this moment"))
        known = {one.id: one for one in form.questions}
        for name, given in fields.answers.items():
            question = known.get(name)
            place = f"fields.answers.{name}"
            if question is None:
                yield Fault(place, text("there is no such question"))
            elif question.type == "scale" and not isinstance(given, int):
                yield Fault(place, text("this is answered by a number"), text("from 0 to 10"))
            elif question.type != "scale" and isinstance(given, int):
                yield Fault(place, text("this is answered in words"))
            elif question.type == "choice" and given not in question.choices:
                yield Fault(place, text("there is no such answer"), text("one of {words}", words=_list(question)))

    def guard(self, case: Case, fields: QuestionnaireFields, to: str) -> Iterable[Fault]:
        """Take in only what is answered in full."""
        if to == "submitted":
            for question in read_forms()[fields.template].questions:
                if not question.optional and question.id not in fields.answers:
                    yield Fault(f"fields.answers.{question.id}", text("this has to be answered"))

    def more_figures(self, case: Case, fields: QuestionnaireFields) -> Mapping[str, Any]:
        """Return the marks given, by the question of monitoring they count for."""
        marks = {
            one.indicator: fields.answers[one.id]
            for one in read_forms()[fields.template].questions
            if one.indicator is not None and isinstance(fields.answers.get(one.id), int)
        }
        return {"marks": marks}


def _list(question: Question) -> str:
    return ", ".join(question.choices)


class InterviewFields(Fields):
    """What came out of an interview."""

    side: PersonSide
    day: Day | None = None
    interest: Score | None = None
    notes: Words | None = None


class Interview(Kind[InterviewFields]):
    """An interview with one side before pairs are fixed (DAL 4.2)."""

    id = "interview"
    path = "interviews"
    title = text("interview")
    about = "An interview with a mentor or a mentee before pairs are fixed (DAL 4.2)."
    on = HangsOn.PERSON
    fields = InterviewFields
    example: Mapping[str, Any] = {"side": "mentor", "day": "2026-09-20", "interest": 8}
    first = "planned"
    steps = (
        Step(start="planned", to="done", by=_INTERVIEWERS),
        Step(start="done", to="planned", by=_INTERVIEWERS),
        Step(start="planned", to="cancelled", by=_INTERVIEWERS),
    )
    fixed = frozenset({"done", "cancelled"})
    needs_round = True
    figures = ("side", "day")

    def due(self, case: Case, fields: InterviewFields) -> Any:
        """Return the day of the interview."""
        return fields.day

    def guard(self, case: Case, fields: InterviewFields, to: str) -> Iterable[Fault]:
        """Note an interview as done only with its day, which has come."""
        if to == "done":
            yield from missing(fields, "day")
            if fields.day is not None and fields.day > case.today:
                yield Fault("fields.day", text("this day has not come yet"))


KINDS = (Questionnaire(), Interview())
