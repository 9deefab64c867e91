"""How the programmes go (BAR 5.1, SMO 8.2, DAL 5.3): I-21 … I-26, I-38."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from matcher.indicators.case import Case
from matcher.indicators.catalogue import indicator
from matcher.indicators.facts import Quantity
from matcher.indicators.risks import signals_of
from matcher.indicators.tally import Measure, Tally, mean, number, share, unknown
from matcher.indicators.words import EVENTS, EXAMS, RISKS, SWOT
from matcher.texts import Text, text

_RATING = text("curator's rating")


@indicator(
    "I-21", text("results of programmes: the curator's mean rating"), "BAR 5.1", "SMO 8.2", needs_programmes=True
)
def results_and_risks(case: Case) -> Iterator[Tally]:
    """I-21: the mean of the curator's ratings, 0–10, and the number of signals of each risk."""
    programmes = case.own_programmes
    rated = [Fraction(one.rating) for one in programmes if one.rating is not None]
    unrated = [case.lacks(_RATING, one.id) for one in programmes if one.rating is None]
    yield mean(sum(rated), len(rated), missing=unrated)
    found = Counter(signal.risk for signal in signals_of(case))
    yield number(found.total(), "signals", text("signals of risk"))
    for risk, words in RISKS.items():
        yield number(found[risk], f"risk:{risk}", words)


@indicator("I-22", text("joint educational and cultural projects carried out"), "BAR 5.1", "SMO 8.2", "DAL 5.3")
def joint_projects(case: Case) -> Iterator[Tally]:
    """I-22: joint projects done ÷ planned."""
    yield _given_share(case, Quantity.PROJECTS_DONE, Quantity.PROJECTS_PLANNED)


@indicator("I-23", text("mentees' pupils who passed VPR, OGE, EGE"), "BAR 5.1", "SMO 8.2")
def exams_passed(case: Case) -> Iterator[Tally]:
    """I-23: pupils who passed ÷ pupils who sat, as a whole and by exam."""
    yield _given_share(case, Quantity.EXAM_PASSED, Quantity.EXAM_SAT)
    given = case.details(Quantity.EXAM_SAT)
    for exam, words in EXAMS.items():
        if exam in given:
            yield _given_share(case, Quantity.EXAM_PASSED, Quantity.EXAM_SAT, f"exam:{exam}", words, exam)


@indicator("I-24", text("change of the mean mark of mentees' pupils"), "BAR 5.1", "SMO 8.2")
def attainment(case: Case) -> Iterator[Tally]:
    """I-24: mean mark of the period − mean mark of the time before."""
    needed = (Quantity.MARKS_TOTAL, Quantity.MARKS_PUPILS)
    now = [case.quantity(one) for one in needed]
    before = [case.quantity(one, is_before=True) for one in needed]
    if now[0] is None or now[1] is None:
        yield _unasked(case, Measure.MEAN_CHANGE, Quantity.MARKS_TOTAL)
    elif before[0] is None or before[1] is None:
        lacking = case.lacks(text("mean mark of the year before"))
        yield unknown(Measure.MEAN_CHANGE, missing=[lacking])
    else:
        yield Tally(
            measure=Measure.MEAN_CHANGE,
            numerator=now[0],
            denominator=now[1],
            base_numerator=before[0],
            base_denominator=before[1],
        )


@indicator("I-25", text("change of the number of participants of olympiads"), "BAR 5.1", "SMO 8.2")
def olympiads(case: Case) -> Iterator[Tally]:
    """I-25: participants of olympiads in the period − in the time before."""
    now = case.quantity(Quantity.OLYMPIAD_PARTICIPANTS)
    before = case.quantity(Quantity.OLYMPIAD_PARTICIPANTS, is_before=True)
    if now is None:
        yield _unasked(case, Measure.COUNT_CHANGE, Quantity.OLYMPIAD_PARTICIPANTS)
    elif before is None:
        lacking = case.lacks(text("participants of olympiads in the year before"))
        yield unknown(Measure.COUNT_CHANGE, missing=[lacking])
    else:
        yield Tally(measure=Measure.COUNT_CHANGE, numerator=now, base_numerator=before)


@indicator("I-26", text("events of mentees: contests, publications, conferences"), "BAR 5.1", "SMO 8.2")
def events(case: Case) -> Iterator[Tally]:
    """I-26: events in which mentees took part, in all and by sort."""
    yield _given(case, Quantity.EVENTS)
    given = case.details(Quantity.EVENTS)
    for sort, words in EVENTS.items():
        if sort in given:
            yield number(case.quantity(Quantity.EVENTS, detail=sort) or 0, f"event:{sort}", words)


@indicator("I-38", text("projects carried out with enterprises"), "DAL 5.3")
def enterprises(case: Case) -> Iterator[Tally]:
    """I-38: projects with enterprises, tests passed, pupils planning to work or working there, and the four lists."""
    yield _given_share(case, Quantity.ENTERPRISE_PROJECTS_DONE, Quantity.ENTERPRISE_PROJECTS_PLANNED)
    tests = text("pupils who passed professional and competence tests")
    yield _given_share(case, Quantity.TESTS_PASSED, Quantity.TESTS_SAT, "tests", tests)
    planning = text("pupils who plan to work at enterprises of the region")
    yield _given(case, Quantity.PUPILS_PLANNING_EMPLOYMENT, "planning_employment", planning)
    employed = text("pupils who work at enterprises of the region")
    yield _given(case, Quantity.PUPILS_EMPLOYED, "employed", employed)
    said = Counter(one.side for one in case.statements if one.school_year in case.period.school_years)
    for side, words in SWOT.items():
        if said or not case.is_asked:
            yield number(said[side], f"swot:{side}", words)
        else:
            yield unknown(Measure.COUNT, f"swot:{side}", words, missing=[case.lacks(words)])


def _given(case: Case, quantity: Quantity, part: str = "", title: Text | None = None) -> Tally:
    """Return a number the organisation gives."""
    value = case.quantity(quantity)
    return (
        _unasked(case, Measure.COUNT, quantity, part=part, title=title) if value is None else number(value, part, title)
    )


def _given_share(
    case: Case,
    numerator: Quantity,
    denominator: Quantity,
    part: str = "",
    title: Text | None = None,
    detail: str | None = None,
) -> Tally:
    """Return the share of two numbers the organisation gives."""
    over, under = case.quantity(numerator, detail=detail), case.quantity(denominator, detail=detail)
    if over is None or under is None:
        lacking = [what for what, value in ((numerator, over), (denominator, under)) if value is None]
        return _unasked(case, Measure.SHARE, *lacking, part=part, title=title)
    return share(over, under, part, title)


def _unasked(case: Case, measure: Measure, *lacking: Quantity, part: str = "", title: Text | None = None) -> Tally:
    """Return an unknown figure; an organisation without programmes is not asked for what it lacks."""
    missing = [case.lacks(what) for what in lacking] if case.is_asked else []
    return unknown(measure, part, title, missing=missing)
