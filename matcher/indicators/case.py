"""One organisation in one period: what the functions of the indicators look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from matcher.indicators.facts import (
    Count,
    Facts,
    OpenNeed,
    Participant,
    Programme,
    Quantity,
    Question,
    Refusal,
    Side,
    Statement,
    SurveyAnswer,
    Ticket,
    Veto,
)
from matcher.indicators.period import Period, in_school_year, school_year_of
from matcher.indicators.tally import Missing
from matcher.indicators.words import QUANTITIES
from matcher.months import full_months
from matcher.policy import Policy
from matcher.roster import Organisation
from matcher.texts import Text

#: Quantities that the roster knows of an organisation.
_OF_ROSTER = (
    Quantity.STAFF,
    Quantity.STAFF_UNDER_35,
    Quantity.STAFF_UNDER_35_FIRST_THREE_YEARS,
    Quantity.PUPILS,
    Quantity.PUPILS_15_19,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One organisation in one period.

    ``people`` are its own; ``programmes`` those under way in which they take part. ``is_known`` says that the
    programmes of the period are known.
    """

    organisation: Organisation
    period: Period
    policy: Policy
    people: Mapping[str, Participant]
    programmes: tuple[Programme, ...]
    surveys: tuple[SurveyAnswer, ...]
    counts: tuple[Count, ...]
    statements: tuple[Statement, ...]
    refusals: tuple[Refusal, ...]
    vetoes: tuple[Veto, ...]
    tickets: tuple[Ticket, ...]
    open_needs: tuple[OpenNeed, ...]
    is_known: bool = True
    leavers_since: date | None = None

    @property
    def is_asked(self) -> bool:
        """Return whether the organisation is asked for answers and counts: it has programmes, or may have had some."""
        return bool(self.programmes) or not self.is_known

    @property
    def own_programmes(self) -> tuple[Programme, ...]:
        """Return the programmes under way whose mentee belongs to the organisation."""
        return tuple(one for one in self.programmes if one.mentee in self.people)

    @property
    def reference_day(self) -> date:
        """Return the day on which ages and experience are counted (A-46)."""
        return in_school_year(school_year_of(self.period.first_day), self.policy.reference_day)

    def taking_part(self, *sides: Side, is_full_cycle: bool = False) -> set[str]:
        """Return the own people of programmes under way, or of those whose full cycle ended in the period."""
        found: set[str] = set()
        for one in self.programmes:
            if is_full_cycle and one.completion_day not in self.period:
                continue
            found.update(one.mentor for side in sides or Side if side is Side.MENTOR)
            found.update(one.mentee for side in sides or Side if side is Side.MENTEE)
        return found & self.people.keys()

    def quantity(self, quantity: Quantity, *, is_before: bool = False, detail: str | None = None) -> Fraction | None:
        """Return a number of the organisation in the period, or in the time before it; None where nobody gave it.

        What the roster says of staff and pupils stands in for a number that was not given.
        """
        years = self.period.years_before if is_before else self.period.school_years
        found = [
            count.value
            for count in self.counts
            if count.quantity is quantity and count.school_year in years and detail in (None, count.detail)
        ]
        if found:
            # Staff and pupils are counted on a day: the last one stands for a period of several years.
            return found[-1] if quantity in _OF_ROSTER else sum(found, Fraction(0))
        known = getattr(self.organisation, quantity) if quantity in _OF_ROSTER else None
        return None if known is None else Fraction(known)

    def details(self, quantity: Quantity) -> tuple[str, ...]:
        """Return the details under which a number was given in the period."""
        years = self.period.school_years
        return tuple(
            dict.fromkeys(
                c.detail for c in self.counts if c.quantity is quantity and c.school_year in years and c.detail
            )
        )

    def answers(self, question: Question, *sides: Side) -> tuple[SurveyAnswer, ...]:
        """Return what own people answered in the period."""
        years = self.period.school_years
        return tuple(
            one
            for one in self.surveys
            if one.question is question and one.school_year in years and one.side in (sides or Side)
        )

    def age(self, person: Participant) -> int | None:
        """Return the age in full years on the reference day, None when unknown."""
        if person.birth_date is None:
            return person.age
        return full_months(person.birth_date, self.reference_day) // 12

    def is_early_career(self, person: Participant, day: date | None = None) -> bool | None:
        """Return whether somebody is in the first years of work (A-11), None when the experience is unknown."""
        if person.career_start is None:
            return None
        return full_months(person.career_start, day or self.reference_day) <= 12 * self.policy.thresholds.novice_years

    def lacks(self, what: Text | Quantity, subject: str = "") -> Missing:
        """Return the remark that an input is missing here."""
        words = QUANTITIES[what] if isinstance(what, Quantity) else what
        return Missing(what=words, organisation=self.organisation.id, subject=subject)


def build_cases(facts: Facts, policy: Policy, period: Period) -> dict[str, Case]:
    """Return the case of every organisation that reports, in the order of the facts."""
    home = {person.id: person.organisation for person in facts.people}
    people = _by(facts.people, lambda one: (one.organisation,))
    under_way = [one for one in facts.programmes if is_under_way(one, period)]
    programmes = _by(under_way, lambda one: {home.get(one.mentor, ""), home.get(one.mentee, "")})
    of_programme = {one.id: home.get(one.mentee, "") for one in facts.programmes}
    surveys = _by(facts.surveys, lambda one: (home.get(one.person, ""),))
    counts = _by(facts.counts, lambda one: (one.organisation,))
    statements = _by(facts.statements, lambda one: (one.organisation,))
    refusals = _by((one for one in facts.refusals if one.day in period), lambda one: (home.get(one.person, ""),))
    vetoes = _by(
        (one for one in facts.vetoes if one.day in period),
        lambda one: {home.get(one.by, ""), home.get(one.against, "")},
    )
    tickets = _by((t for t in facts.tickets if t.day in period), lambda one: (of_programme.get(one.programme, ""),))
    needs = _by(facts.open_needs, lambda one: (home.get(one.mentee, ""),))
    return {
        one.id: Case(
            organisation=one,
            period=period,
            policy=policy,
            people={person.id: person for person in people[one.id]},
            programmes=tuple(programmes[one.id]),
            surveys=tuple(surveys[one.id]),
            counts=tuple(counts[one.id]),
            statements=tuple(statements[one.id]),
            refusals=tuple(refusals[one.id]),
            vetoes=tuple(vetoes[one.id]),
            tickets=tuple(tickets[one.id]),
            open_needs=tuple(needs[one.id]),
            leavers_since=facts.leavers_since,
            is_known=is_known(facts, period),
        )
        for one in facts.organisations
    }


def is_known(facts: Facts, period: Period) -> bool:
    """Return whether the programmes of a period are known: its first school year is not before that of the first day.

    Programmes begin in the autumn, so the year in which they are first known counts as a whole.
    """
    since = facts.known_since
    return since is None or school_year_of(since) <= period.school_years.start


def is_under_way(programme: Programme, period: Period) -> bool:
    """Return whether a programme runs on some day of the period."""
    return programme.first_day is not None and period.overlaps(programme.first_day, programme.final_day)


_Row = TypeVar("_Row")


def _by(rows: Iterable[_Row], organisations_of: Callable[[_Row], Iterable[str]]) -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        for organisation in organisations_of(row):
            found[organisation].append(row)
    return found
