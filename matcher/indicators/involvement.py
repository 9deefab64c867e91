"""How many take part, and how many of those who might (I-01 … I-04, I-27, I-36, I-37)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from matcher.indicators.case import Case
from matcher.indicators.catalogue import indicator
from matcher.indicators.facts import Participant, Quantity, Side
from matcher.indicators.period import on
from matcher.indicators.tally import Measure, Missing, Tally, number, share, unknown
from matcher.indicators.words import FORMS, KINDS
from matcher.roster import MentoringForm, MentoringKind
from matcher.texts import Text, text

_OLDEST, _YOUNGEST = 19, 15
_RETENTION_YEARS = (1, 2, 3)
_BIRTH = text("birth date")
_CAREER = text("pedagogical experience")
_CLASS_SIZE = text("size of the class")

_PARTICIPANTS = text("all who take part, with or without a full cycle")


@indicator("I-01", text("methodologies of mentoring developed"), "DAL 5.1", "A-13", is_judged=False)
def methodologies(case: Case) -> Iterator[Tally]:
    """I-01: a number given by hand; shown, not judged."""
    given = case.quantity(Quantity.METHODOLOGIES)
    if given is None:
        yield unknown(Measure.COUNT, missing=[case.lacks(Quantity.METHODOLOGIES)])
    else:
        yield number(given)


@indicator(
    "I-02",
    text("share of pupils involved in mentoring"),
    "DAL 5.1",
    "DAL 5.2.1",
    "DAL 5.2.2",
    "A-14",
    needs_programmes=True,
)
def pupils_involved(case: Case) -> Iterator[Tally]:
    """I-02: pupils with a full cycle ÷ all pupils; beside it pupils, and all participants, ÷ all pupils (A-14)."""
    full, full_missing = _num_pupils(case, case.taking_part(is_full_cycle=True))
    pupils, missing = _num_pupils(case, case.taking_part())
    everyone = len([id_ for id_ in case.taking_part() if not case.people[id_].is_pupil]) + pupils
    yield _of(case, full, Quantity.PUPILS, missing=full_missing)
    yield _of(case, everyone, Quantity.PUPILS, "participants", text("all participants ÷ all pupils"), missing)
    yield _of(
        case, pupils, Quantity.PUPILS, "pupils", text("pupils who take part, with or without a full cycle"), missing
    )


@indicator(
    "I-03",
    text("share of teachers under 35 supported in their first three years"),
    "DAL 5.1",
    "A-11",
    "A-14",
    needs_programmes=True,
)
def young_teachers_supported(case: Case) -> Iterator[Tally]:
    """I-03: mentees on the staff, young and in their first years, ÷ all such teachers."""
    full, missing = _young(case, case.taking_part(Side.MENTEE, is_full_cycle=True))
    taking_part, unclear = _young(case, case.taking_part(Side.MENTEE))
    known = Quantity.STAFF_UNDER_35_FIRST_THREE_YEARS
    yield _of(case, len(full), known, missing=missing)
    yield _of(case, len(taking_part), known, "participants", _PARTICIPANTS, unclear)
    of_all = text("the same ÷ all teachers under 35")
    yield _of(case, len(taking_part), Quantity.STAFF_UNDER_35, "under_35", of_all, unclear)


@indicator("I-04", text("share of 15–19-year-olds acting as mentors"), "DAL 5.1", "A-14", "A-20", needs_programmes=True)
def young_mentors(case: Case) -> Iterator[Tally]:
    """I-04: pupils of 15–19 years who mentor ÷ all pupils of this age."""
    full, missing = _teenagers(case, case.taking_part(Side.MENTOR, is_full_cycle=True))
    taking_part, unclear = _teenagers(case, case.taking_part(Side.MENTOR))
    yield _of(case, len(full), Quantity.PUPILS_15_19, missing=missing)
    yield _of(case, len(taking_part), Quantity.PUPILS_15_19, "participants", _PARTICIPANTS, unclear)


@indicator("I-27", text("share of staff taking part in mentoring"), "KAL 3.9", needs_programmes=True)
def staff_involved(case: Case) -> Iterator[Tally]:
    """I-27: staff who take part ÷ staff, as a whole, by form and by kind, and staff trained as mentors.

    Forms and kinds are those of the regulation, and others where there are programmes of them.
    """
    yield _of(case, len(_staff(case, case.taking_part())), Quantity.STAFF)
    seen = {one.form for one in case.programmes} | {one.kind for one in case.programmes}
    for form in (one for one in MentoringForm if one in case.policy.forms or one in seen):
        people = {id_ for one in case.programmes if one.form is form for id_ in (one.mentor, one.mentee)}
        yield _of(case, len(_staff(case, people)), Quantity.STAFF, f"form:{form}", FORMS[form])
    for kind in (one for one in MentoringKind if one in case.policy.kinds or one in seen):
        people = {id_ for one in case.programmes if one.kind is kind for id_ in (one.mentor, one.mentee)}
        yield _of(case, len(_staff(case, people)), Quantity.STAFF, f"kind:{kind}", KINDS[kind])
    trained = sum(person.is_staff and person.training_day in case.period for person in case.people.values())
    yield _of(case, trained, Quantity.STAFF, "trained", text("trained as mentors in the period"))


@indicator("I-36", text("share of young teachers still employed after a year"), "KAL 5.2", "SMO 8.1")
def retention(case: Case) -> Iterator[Tally]:
    """I-36: of teachers hired in their first years of work, those still there 1, 2, 3 years later.

    The anniversary decides in which period somebody is counted. What the organisation counted itself comes first; from
    people it is counted where those who left since their hiring are among them.
    """
    for years in _RETENTION_YEARS:
        part, title = _RETENTION_PARTS[years]
        hired = case.quantity(Quantity.HIRED, detail=str(years))
        stayed = case.quantity(Quantity.STAYED, detail=str(years))
        first_hiring = _years_later(case.period.first_day, -years)
        if hired is not None and stayed is not None:
            yield share(stayed, hired, part, title)
        elif case.leavers_since is None or case.leavers_since > first_hiring:
            lacking = case.lacks(text("who has left since {day}", day=f"{first_hiring:%d.%m.%Y}"))
            yield unknown(Measure.SHARE, part, title, missing=[lacking])
        else:
            yield _retention_of_people(case, years)


_RETENTION_PARTS = {
    1: ("", None),
    2: ("after_2", text("after two years")),
    3: ("after_3", text("after three years")),
}


def _retention_of_people(case: Case, years: int) -> Tally:
    staff = [(one, one.hired_day) for one in case.people.values() if one.is_staff]
    days = [(one, _years_later(hired, years)) for one, hired in staff if hired is not None]
    due = [(one, day) for one, day in days if day in case.period]
    young = [(one, day) for one, day in due if case.is_early_career(one, one.hired_day)]
    stayed = sum(one.left_day is None or one.left_day > day for one, day in young)
    unclear = [case.lacks(_CAREER, one.id) for one, _ in due if one.career_start is None]
    return share(stayed, len(young), *_RETENTION_PARTS[years], missing=unclear)


@indicator("I-37", text("programmes carried to a full cycle"), "DAL 5.2.1", needs_programmes=True)
def full_cycles(case: Case) -> Iterator[Tally]:
    """I-37: programmes with the curator's mark ÷ programmes started in the period."""
    started = [one for one in case.own_programmes if one.first_day in case.period]
    yield share(sum(one.full_cycle_day is not None for one in started), len(started))


def _of(
    case: Case,
    numerator: int,
    whole: Quantity,
    part: str = "",
    title: Text | None = None,
    missing: Collection[Missing] = (),
) -> Tally:
    """Return a share of a number the organisation gives; nothing but what is missing where it gave none."""
    denominator = case.quantity(whole)
    if denominator is None:
        return unknown(Measure.SHARE, part, title, missing=[case.lacks(whole), *missing])
    return share(numerator, denominator, part, title, missing=missing)


def _num_pupils(case: Case, ids: Collection[str]) -> tuple[int, list[Missing]]:
    """Return how many pupils these are, a class with all its pupils, nobody twice."""
    people = [case.people[id_] for id_ in ids if case.people[id_].is_pupil]
    classes = [one for one in people if one.is_class]
    inside = {one.id for one in classes if one.class_size is not None}
    alone = sum(not one.is_class and one.school_class not in inside for one in people)
    missing = [case.lacks(_CLASS_SIZE, one.id) for one in classes if one.class_size is None]
    return alone + sum(one.class_size or 0 for one in classes), missing


def _young(case: Case, ids: Collection[str]) -> tuple[list[Participant], list[Missing]]:
    """Return who is young and in the first years of work, and what is not known of whom."""
    found, missing = [], []
    for person in _staff(case, ids):
        age, is_early = case.age(person), case.is_early_career(person)
        if is_early is False or (age is not None and age >= case.policy.thresholds.young_age):
            continue
        if age is None or is_early is None:
            missing.append(case.lacks(_BIRTH if age is None else _CAREER, person.id))
        else:
            found.append(person)
    return found, missing


def _teenagers(case: Case, ids: Collection[str]) -> tuple[list[Participant], list[Missing]]:
    pupils = [case.people[id_] for id_ in sorted(ids) if case.people[id_].is_pupil]
    ages = [(one, case.age(one)) for one in pupils]
    found = [one for one, age in ages if age is not None and _YOUNGEST <= age <= _OLDEST]
    return found, [case.lacks(_BIRTH, one.id) for one, age in ages if age is None]


def _staff(case: Case, ids: Collection[str]) -> list[Participant]:
    people = (case.people[id_] for id_ in sorted(ids) if id_ in case.people)
    return [one for one in people if one.is_staff]


def _years_later(day: date, years: int) -> date:
    return on(day.year + years, f"{day:%m-%d}")
