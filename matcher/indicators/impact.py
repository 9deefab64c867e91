"""What the programmes do to their participants: satisfaction (I-05, I-06) and the five results (I-31 … I-35)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matcher.indicators.case import Case
from matcher.indicators.catalogue import indicator
from matcher.indicators.facts import Quantity, Question, Side
from matcher.indicators.tally import Measure, Tally, mean, number, share, unknown
from matcher.indicators.words import QUESTIONS, SIDES
from matcher.texts import Text, text

_FIVE = ("BAR 5.2", "KAL 5.3", "SMO 8.2")


@indicator("I-05", text("share of mentees satisfied with their programme"), "DAL 5.1")
def mentees_satisfied(case: Case) -> Iterator[Tally]:
    """I-05: mentees whose answer reaches ``monitoring.satisfied_from`` ÷ mentees who answered."""
    yield from _satisfied(case, Side.MENTEE)


@indicator("I-06", text("share of mentors satisfied with their programme"), "DAL 5.1")
def mentors_satisfied(case: Case) -> Iterator[Tally]:
    """I-06: mentors whose answer reaches ``monitoring.satisfied_from`` ÷ mentors who answered."""
    yield from _satisfied(case, Side.MENTOR)


@indicator("I-31", text("educational results of mentees and mentors: change"), *_FIVE)
def educational_results(case: Case) -> Iterator[Tally]:
    """I-31: mean of (end − start) over those who answered twice, and by side."""
    yield from _changes(case, Question.RESULTS, Side.MENTEE, Side.MENTOR)
    for side in Side:
        yield _change(case, Question.RESULTS, side, part=f"side:{side}", title=SIDES[side])


@indicator("I-32", text("motivation of mentees: change"), *_FIVE)
def motivation(case: Case) -> Iterator[Tally]:
    """I-32: mean of (end − start) over mentees who answered twice."""
    yield from _changes(case, Question.MOTIVATION, Side.MENTEE)


@indicator("I-33", text("involvement of mentees in innovation: change"), *_FIVE)
def innovation(case: Case) -> Iterator[Tally]:
    """I-33: mean of (end − start), and the number of mentees who take part in innovation."""
    yield from _changes(case, Question.INNOVATION, Side.MENTEE)
    title = text("mentees taking part in innovation")
    yield _number_given(case, Quantity.INNOVATION_PARTICIPANTS, "taking_part", title)


@indicator("I-34", text("quality and pace of adaptation of newcomers: change"), *_FIVE)
def adaptation(case: Case) -> Iterator[Tally]:
    """I-34: mean of (end − start) over those who were asked about their adaptation, all in one school year."""
    yield from _changes(case, Question.ADAPTATION, Side.MENTEE)


@indicator("I-35", text("readiness to be a mentor or mentee again: change"), *_FIVE)
def readiness(case: Case) -> Iterator[Tally]:
    """I-35: mean of (end − start), and the number of teachers who plan to become mentors or mentees."""
    yield from _changes(case, Question.READINESS, Side.MENTEE, Side.MENTOR)
    mentors = text("teachers who plan to become mentors")
    yield _number_given(case, Quantity.PLANNING_MENTORS, "planning_mentors", mentors)
    mentees = text("teachers who plan to become mentees")
    yield _number_given(case, Quantity.PLANNING_MENTEES, "planning_mentees", mentees)


def _satisfied(case: Case, side: Side) -> Iterator[Tally]:
    answers = {one.person: one.end for one in case.answers(Question.SATISFACTION, side) if one.end is not None}
    asked = case.taking_part(side)
    least = case.policy.monitoring.satisfied_from
    answered = text("share of them who answered")
    if _is_asked(case, side) and not answers:
        lacking = [case.lacks(QUESTIONS[Question.SATISFACTION])]
        yield unknown(Measure.SHARE, missing=lacking)
    else:
        yield share(sum(answer >= least for answer in answers.values()), len(answers))
    yield share(len(asked & answers.keys()), len(asked), "answered", answered)


def _is_asked(case: Case, *sides: Side) -> bool:
    """Return whether somebody takes part on these sides, or may have done so."""
    return bool(case.taking_part(*sides)) or not case.is_known


def _changes(case: Case, question: Question, *sides: Side) -> Iterator[Tally]:
    """Yield the mean change, and the share of people who rose."""
    yield _change(case, question, *sides)
    both = _answered_twice(case, question, *sides)
    title = text("share of those who rose")
    if both or not _is_asked(case, *sides):
        yield share(sum(change > 0 for change in both), len(both), "rose", title)
    else:
        yield unknown(Measure.SHARE, "rose", title, missing=[case.lacks(QUESTIONS[question])])


def _change(case: Case, question: Question, *sides: Side, part: str = "", title: Text | None = None) -> Tally:
    both = _answered_twice(case, question, *sides)
    if both or not _is_asked(case, *sides):
        return mean(sum(both, Fraction(0)), len(both), part, title)
    return unknown(Measure.MEAN, part, title, missing=[case.lacks(QUESTIONS[question])])


def _answered_twice(case: Case, question: Question, *sides: Side) -> list[Fraction]:
    """Return the change of everybody who answered at the start and at the end."""
    return [
        Fraction(one.end) - Fraction(one.start)
        for one in case.answers(question, *sides)
        if one.start is not None and one.end is not None
    ]


def _number_given(case: Case, quantity: Quantity, part: str, title: Text) -> Tally:
    value = case.quantity(quantity)
    if value is not None:
        return number(value, part, title)
    return unknown(Measure.COUNT, part, title, missing=[case.lacks(quantity)] if case.is_asked else [])
