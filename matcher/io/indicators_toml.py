"""Reads ``indicators.toml``: what people state beside a plan for the figures of mentoring."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matcher.errors import Fault, InputError
from matcher.indicators.facts import (
    Count,
    Done,
    Notice,
    Participant,
    Quantity,
    Refusal,
    Statement,
    SurveyAnswer,
    SwotSide,
    Ticket,
    Vacancy,
    Veto,
)
from matcher.indicators.inputs import Inputs, ProgrammeNote
from matcher.io.indicators_checks import misfits
from matcher.io.indicators_document import IndicatorsDocument, OrganisationTable, OwnedTable, ProgrammeTable
from matcher.io.indicators_example import indicators_example
from matcher.io.policy_faults import Example, findings
from matcher.io.toml_text import faults_in_place, parse_toml, read_toml_text
from matcher.plan import Plan
from matcher.texts import text


def read_indicators(path: str | Path, plan: Plan) -> Inputs:
    """Return what a file states beside a plan.

    Raises
    ------
    InputError
        When there is no such file, or it has faults: all of them at once, each with its line and key, what is wrong
        and what would be right.
    """
    missing = Fault(
        str(path), text("there is no such file"), text("write one with: matcher indicators --template FILE")
    )
    return parse_indicators(read_toml_text(Path(path), missing), str(path), plan)


def parse_indicators(content: str, file: str, plan: Plan) -> Inputs:
    """Return what a TOML text states beside a plan; ``file`` is the name its faults are shown under.

    Raises
    ------
    InputError
        When the text has faults: all of them at once.
    """
    document = parse_toml(content, file)
    found = list(misfits(document, plan))
    try:
        checked = IndicatorsDocument.model_validate(document)
    except ValidationError as error:
        found += findings(error, document, indicators_schema(), _example())
    else:
        if not found:
            return _inputs(checked, plan)
    raise InputError(faults_in_place(found, content, file))


@cache
def indicators_schema() -> Mapping[str, Any]:
    """Return the JSON schema of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **IndicatorsDocument.model_json_schema(),
    }


@cache
def _example() -> Example:
    return Example(
        document=tomllib.loads(indicators_example("en")),
        has=text("for example {key} = {value}"),
        like=text("write it as in: {key}"),
        described=text("see docs/reference/indicators.md, which describes every key"),
    )


def _inputs(found: IndicatorsDocument, plan: Plan) -> Inputs:
    home = {person.id: person.organisation for person in plan.roster.people}
    home |= {row.id: row.organisation for row in found.person}
    return Inputs(
        people=tuple(
            Participant(
                id=one.id,
                organisation=one.organisation,
                person_kind=one.kind,
                birth_date=one.birth_date,
                career_start=one.career_start,
                hired_day=one.hired,
            )
            for one in found.person
        ),
        programmes=tuple(_note(one) for one in found.programme),
        surveys=tuple(
            SurveyAnswer(
                person=one.person,
                side=one.side,
                question=one.question,
                school_year=one.year,
                start=one.start,
                end=one.end,
            )
            for one in found.survey
        ),
        counts=(*_counts(found, home),),
        statements=tuple(statement for one in found.organisation for statement in _statements(one)),
        refusals=tuple(Refusal(person=one.person, day=one.day, of=one.of) for one in found.refusal),
        vetoes=tuple(Veto(by=one.by, against=one.against, day=one.day) for one in found.veto),
        tickets=tuple(Ticket(programme=one.pair, day=one.day) for one in found.conflict),
        done=tuple(
            Done(deadline=one.deadline, subject=one.subject, day=one.day, covers=one.covers) for one in found.done
        ),
        notices=tuple(Notice(programme=one.pair, day=one.day, by=one.by) for one in found.notice),
        vacancies=tuple(Vacancy(programme=one.pair, day=one.day) for one in found.vacancy),
        leavers_since=found.left_since,
        left={one.person: one.day for one in found.left},
    )


def _note(one: ProgrammeTable) -> ProgrammeNote:
    mentor, _, mentee = one.pair.partition(":")
    sessions = one.sessions
    counted = {} if sessions is None else {f"sessions_{name}": value for name, value in sessions}
    return ProgrammeNote(
        mentor=mentor,
        mentee=mentee,
        form=one.form,
        kind=one.kind,
        first_day=one.started,
        last_day=one.planned_end,
        end_day=one.ended,
        end_reason=one.reason,
        full_cycle_day=one.full_cycle,
        rating=one.rating,
        has_goals=one.goals,
        reports=one.reports,
        **counted,
    )


#: Numbers of an organisation that stand by themselves.
_PLAIN = (
    Quantity.PUPILS,
    Quantity.PUPILS_15_19,
    Quantity.STAFF,
    Quantity.STAFF_UNDER_35,
    Quantity.STAFF_UNDER_35_FIRST_THREE_YEARS,
    Quantity.METHODOLOGIES,
    Quantity.INNOVATION_PARTICIPANTS,
)
#: Numbers of an organisation that stand in a table: (table, key).
_NESTED = {
    Quantity.PROJECTS_PLANNED: ("projects", "planned"),
    Quantity.PROJECTS_DONE: ("projects", "done"),
    Quantity.ENTERPRISE_PROJECTS_PLANNED: ("enterprise_projects", "planned"),
    Quantity.ENTERPRISE_PROJECTS_DONE: ("enterprise_projects", "done"),
    Quantity.TESTS_SAT: ("tests", "sat"),
    Quantity.TESTS_PASSED: ("tests", "passed"),
    Quantity.PUPILS_PLANNING_EMPLOYMENT: ("employment", "planning"),
    Quantity.PUPILS_EMPLOYED: ("employment", "working"),
    Quantity.PLANNING_MENTORS: ("planning", "mentors"),
    Quantity.PLANNING_MENTEES: ("planning", "mentees"),
}


def _counts(found: IndicatorsDocument, home: Mapping[str, str]) -> Iterator[Count]:
    for one in found.organisation:
        for quantity in _PLAIN:
            if (value := getattr(one, quantity)) is not None:
                yield _count(one.id, quantity, one.year, value)
        for quantity, (table, key) in _NESTED.items():
            if (inner := getattr(one, table)) is not None:
                yield _count(one.id, quantity, one.year, getattr(inner, key))
    for exam in found.exam:
        owner = _owner(exam, home)
        yield _count(owner, Quantity.EXAM_SAT, exam.year, exam.sat, exam.exam)
        yield _count(owner, Quantity.EXAM_PASSED, exam.year, exam.passed, exam.exam)
    for marks in found.marks:
        owner = _owner(marks, home)
        # The mark as it is written: 4.1 is 41/10, not the nearest binary number.
        yield _count(owner, Quantity.MARKS_TOTAL, marks.year, Fraction(str(marks.mean)) * marks.pupils)
        yield _count(owner, Quantity.MARKS_PUPILS, marks.year, marks.pupils)
    for olympiad in found.olympiad:
        yield _count(_owner(olympiad, home), Quantity.OLYMPIAD_PARTICIPANTS, olympiad.year, olympiad.participants)
    for row in found.retention:
        yield _count(row.organisation, Quantity.HIRED, row.year, row.hired, str(row.after))
        yield _count(row.organisation, Quantity.STAYED, row.year, row.stayed, str(row.after))
    for event in found.event:
        yield _count(_owner(event, home), Quantity.EVENTS, event.year, event.count, event.sort)


def _count(organisation: str, quantity: Quantity, year: int, value: int | Fraction, detail: str = "") -> Count:
    return Count(organisation=organisation, quantity=quantity, school_year=year, value=Fraction(value), detail=detail)


def _owner(row: OwnedTable, home: Mapping[str, str]) -> str:
    """Return the organisation a row counts in; the checks have made sure that it names one or a mentee."""
    return row.organisation if row.organisation is not None else home[row.mentee or ""]


_SIDES = {
    "strengths": SwotSide.STRENGTH,
    "weaknesses": SwotSide.WEAKNESS,
    "opportunities": SwotSide.OPPORTUNITY,
    "threats": SwotSide.THREAT,
}


def _statements(one: OrganisationTable) -> Iterator[Statement]:
    if one.swot is None:
        return
    for key, side in _SIDES.items():
        for words in getattr(one.swot, key):
            yield Statement(organisation=one.id, school_year=one.year, side=side, words=words)
