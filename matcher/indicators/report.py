"""The whole report of a school year: last year's figures, this year's round, dates and risks (A-15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.indicators.case import build_cases
from matcher.indicators.counting import Counted, Figure, count_indicators
from matcher.indicators.deadlines import due_dates
from matcher.indicators.due import Due
from matcher.indicators.facts import Facts, Side
from matcher.indicators.period import Period, reporting_periods
from matcher.indicators.risks import Signal, find_signals
from matcher.indicators.workdays import IsWorkingDay
from matcher.policy import Policy
from matcher.roster import MentoringForm, PersonKind
from matcher.texts import Text, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """How many people take part in a form, on one side, by kind of person and age: a row of the statistical sheet.

    ``ages`` is "–9", "10–14", "15–19", "20–34", "35–" or empty where the age is unknown.
    """

    organisation: str
    form: MentoringForm
    side: Side
    person_kind: PersonKind
    ages: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """The report of one school year.

    ``before`` are the figures of the school year before it, which are judged; ``current`` the snapshot of its own
    round, which is not. Dates, signals and the numbers of participants are of the year itself.
    """

    school_year: int
    before: Counted
    current: Counted
    due: tuple[Due, ...]
    signals: tuple[Signal, ...]
    participants: tuple[Participation, ...]


def build_monitoring(
    facts: Facts,
    policy: Policy,
    school_year: int,
    today: date,
    *,
    ids: Iterable[str] | None = None,
    is_working_day: IsWorkingDay | None = None,
    school_quarters: Sequence[date] = (),
) -> Monitoring:
    """Return the report of the school year that begins in ``school_year`` (see the functions it calls)."""
    wanted = None if ids is None else tuple(ids)
    before, current = reporting_periods(school_year)
    return Monitoring(
        school_year=school_year,
        before=count_indicators(facts, policy, before, wanted, is_final=before.last_day < today),
        current=count_indicators(facts, policy, current, wanted, is_final=False),
        due=due_dates(
            policy, school_year, facts, today, is_working_day=is_working_day, school_quarters=school_quarters
        ),
        signals=find_signals(facts, policy, current),
        participants=count_participants(facts, policy, current),
    )


def advice(figures: Iterable[Figure]) -> Text | None:
    """Return what DAL 5.3 has follow from the comparison with the plan; None where nothing is judged."""
    judged = [one.is_met for one in figures if one.is_judged]
    if not judged:
        return None
    if all(judged):
        return text("The plan is reached: describe the programme as a best practice (DAL 5.3).")
    return text("The plan is missed: rework the roadmap and the programmes (DAL 5.3).")


def count_participants(facts: Facts, policy: Policy, period: Period) -> tuple[Participation, ...]:
    """Return the numbers of participants for the statistical forms (KAL 3.9, DAL 5.2.2), each person once in a row."""
    rows: Counter[tuple[str, MentoringForm, Side, PersonKind, str]] = Counter()
    for id_, case in build_cases(facts, policy, period).items():
        seen = {(one.form, Side.MENTOR, one.mentor) for one in case.programmes}
        seen |= {(one.form, Side.MENTEE, one.mentee) for one in case.programmes}
        for form, side, person_id in sorted(seen, key=lambda row: (row[0], row[1] is Side.MENTEE, row[2])):
            person = case.people.get(person_id)
            if person is not None:
                size = (person.class_size or 0) if person.is_class else 1
                rows[id_, form, side, person.person_kind, _ages(case.age(person))] += size
    return tuple(
        Participation(organisation=id_, form=form, side=side, person_kind=kind, ages=ages, people=people)
        for (id_, form, side, kind, ages), people in rows.items()
    )


_BANDS = ((10, "–9"), (15, "10–14"), (20, "15–19"), (35, "20–34"))
_OLDEST = "35–"
#: Ages of the statistical sheet, the unknown ones last.
AGES = (*(band for _, band in _BANDS), _OLDEST, "")


def _ages(age: int | None) -> str:
    if age is None:
        return ""
    return next((band for bound, band in _BANDS if age < bound), _OLDEST)
