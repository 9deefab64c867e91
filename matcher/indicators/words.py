"""The words of inputs, parts and signals, as a curator reads them."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.indicators.facts import Quantity, Question, Side, SwotSide
from matcher.roster import MentoringForm, MentoringKind
from matcher.texts import Text, text


def decimal(value: float) -> Text | str:
    """Return a number with at most one decimal place, and the reader's decimal sign.

    >>> str(decimal(31.5)), str(decimal(30.0))
    ('31.5', '30')
    """
    whole, tenths = divmod(round(value * 10), 10)
    return text("{whole}.{tenths}", whole=whole, tenths=tenths) if tenths else str(whole)


QUANTITIES: Mapping[Quantity, Text] = {
    Quantity.STAFF: text("number of staff"),
    Quantity.STAFF_UNDER_35: text("number of teachers under 35"),
    Quantity.STAFF_UNDER_35_FIRST_THREE_YEARS: text("number of teachers under 35 in their first three years"),
    Quantity.PUPILS: text("number of pupils"),
    Quantity.PUPILS_15_19: text("number of pupils aged 15–19"),
    Quantity.METHODOLOGIES: text("number of methodologies developed"),
    Quantity.PROJECTS_PLANNED: text("joint projects planned"),
    Quantity.PROJECTS_DONE: text("joint projects done"),
    Quantity.ENTERPRISE_PROJECTS_PLANNED: text("projects with enterprises planned"),
    Quantity.ENTERPRISE_PROJECTS_DONE: text("projects with enterprises done"),
    Quantity.EXAM_SAT: text("pupils who sat the exam"),
    Quantity.EXAM_PASSED: text("pupils who passed the exam"),
    Quantity.MARKS_TOTAL: text("mean mark"),
    Quantity.MARKS_PUPILS: text("pupils behind the mean mark"),
    Quantity.OLYMPIAD_PARTICIPANTS: text("participants of olympiads"),
    Quantity.EVENTS: text("events of mentees"),
    Quantity.TESTS_SAT: text("pupils who sat professional and competence tests"),
    Quantity.TESTS_PASSED: text("pupils who passed professional and competence tests"),
    Quantity.PUPILS_PLANNING_EMPLOYMENT: text("pupils who plan to work at enterprises of the region"),
    Quantity.PUPILS_EMPLOYED: text("pupils who work at enterprises of the region"),
    Quantity.INNOVATION_PARTICIPANTS: text("mentees taking part in innovation"),
    Quantity.PLANNING_MENTORS: text("teachers who plan to become mentors"),
    Quantity.PLANNING_MENTEES: text("teachers who plan to become mentees"),
    Quantity.HIRED: text("young teachers hired"),
    Quantity.STAYED: text("young teachers who stayed"),
}

QUESTIONS: Mapping[Question, Text] = {
    Question.SATISFACTION: text("answers on satisfaction"),
    Question.RESULTS: text("answers on educational results"),
    Question.MOTIVATION: text("answers on motivation"),
    Question.INNOVATION: text("answers on involvement in innovation"),
    Question.ADAPTATION: text("answers on adaptation"),
    Question.READINESS: text("answers on readiness to be a mentor or mentee again"),
}

SIDES: Mapping[Side, Text] = {Side.MENTOR: text("results of mentors"), Side.MENTEE: text("results of mentees")}

SWOT: Mapping[SwotSide, Text] = {
    SwotSide.STRENGTH: text("strengths"),
    SwotSide.WEAKNESS: text("weaknesses"),
    SwotSide.OPPORTUNITY: text("opportunities"),
    SwotSide.THREAT: text("threats"),
}

FORMS: Mapping[MentoringForm, Text] = {
    MentoringForm.TEACHER_TEACHER: text("form “teacher – teacher”"),
    MentoringForm.HEAD_TEACHER: text("form “head – teacher”"),
    MentoringForm.EMPLOYER_STUDENT: text("form “employer – student”"),
    MentoringForm.UNIVERSITY_YOUNG_TEACHER: text("form “university – young teacher”"),
    MentoringForm.TEACHER_PUPIL: text("form “teacher – pupil”"),
    MentoringForm.PUPIL_PUPIL: text("form “pupil – pupil”"),
    MentoringForm.PARTNER_PUPIL: text("form “social partner – pupil”"),
    MentoringForm.EMPLOYER_PUPIL: text("form “employer – pupil”"),
}

KINDS: Mapping[MentoringKind, Text] = {
    MentoringKind.VIRTUAL: text("kind: virtual"),
    MentoringKind.GROUP: text("kind: in a group"),
    MentoringKind.SHORT_TERM: text("kind: short-term"),
    MentoringKind.REVERSE: text("kind: reverse"),
    MentoringKind.SITUATIONAL: text("kind: situational"),
    MentoringKind.SPEED: text("kind: speed"),
    MentoringKind.TRADITIONAL: text("kind: one-to-one"),
    MentoringKind.FLASH: text("kind: flash"),
}

EXAMS: Mapping[str, Text] = {
    "vpr": text("all-Russian check papers"),
    "oge": text("state exam after grade 9"),
    "ege": text("state exam after grade 11"),
}

EVENTS: Mapping[str, Text] = {
    "contest": text("contests"),
    "publication": text("publications"),
    "conference": text("conferences"),
}

RISKS: Mapping[str, Text] = {
    "high_load": text("high load"),
    "low_motivation": text("low motivation"),
    "formal_performance": text("formal performance"),
    "mentor_opposed": text("the mentee opposes the mentor"),
    "weak_contours": text("weak interaction of contours"),
    "not_seen_as_growth": text("mentoring is not seen as growth"),
}
