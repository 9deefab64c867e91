"""Counting: the sums of every organisation, and the figures of any number of them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matcher.indicators import impact, involvement, process
from matcher.indicators.case import Case, build_cases
from matcher.indicators.catalogue import INDICATORS, Indicator
from matcher.indicators.facts import Facts
from matcher.indicators.period import Period
from matcher.indicators.tally import Measure, Missing, Tally, unknown
from matcher.indicators.targets import Planned, planned
from matcher.policy import Policy
from matcher.policy_words import ScopeLevel
from matcher.roster import Organisation
from matcher.texts import Text, text

#: The modules that declare the indicators: importing them fills the catalogue.
ROOMS = (involvement, process, impact)


class Unit(StrEnum):
    """What a figure is given in; points are those of a mark or of an answer 0–10."""

    PERCENT = "percent"
    COUNT = "count"
    POINTS = "points"


_UNITS: Mapping[Measure, Unit] = {
    Measure.SHARE: Unit.PERCENT,
    Measure.COUNT: Unit.COUNT,
    Measure.COUNT_CHANGE: Unit.COUNT,
    Measure.MEAN: Unit.POINTS,
    Measure.MEAN_CHANGE: Unit.POINTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a report. ``part`` is empty for the main figure of an indicator.

    ``value`` is None where nothing is known or there is nobody to count. ``base_numerator`` and ``base_denominator``
    are those of the year before, 0 where the figure is no change. ``plan`` is there for main figures with a target.
    ``is_judged`` says that plan and figure may be compared: the indicator is one that is judged (A-13) and no input is
    missing; ``is_met`` is then the answer, else None.
    """

    id: str
    part: str
    title: Text
    value: float | None
    unit: Unit
    measure: Measure
    numerator: float
    denominator: float
    base_numerator: float
    base_denominator: float
    plan: Planned | None
    is_judged: bool
    is_met: bool | None
    missing: tuple[Missing, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The sums of organisations in a period: by organisation, then by (indicator, part).

    Figures of a period that is not ``is_final`` are shown and not judged.
    """

    period: Period
    policy: Policy
    organisations: tuple[Organisation, ...]
    is_final: bool
    tallies: Mapping[str, Mapping[tuple[str, str], Tally]]

    def figures(self, organisations: Collection[str] | None = None) -> tuple[Figure, ...]:
        """Return the figures of these organisations together (all by default): sums first, then shares."""
        together: dict[tuple[str, str], Tally] = {}
        for one in self.organisations:
            if organisations is None or one.id in organisations:
                for key, tally in self.tallies[one.id].items():
                    together[key] = together[key] + tally if key in together else tally
        keys = sorted(together, key=lambda key: key[0])  # the parts of an indicator keep their order
        return tuple(self._figure(INDICATORS[id_], together[id_, part]) for id_, part in keys)

    def roll_up(self, level: ScopeLevel) -> dict[str, tuple[Figure, ...]]:
        """Return the figures of every organisation, municipality or region, by its id or name."""
        areas: dict[str, list[str]] = {}
        for one in self.organisations:
            areas.setdefault(area_of(one, level), []).append(one.id)
        return {area: self.figures(members) for area, members in areas.items()}

    def _figure(self, indicator: Indicator, tally: Tally) -> Figure:
        target = None if tally.part else self.policy.targets.get(indicator.id)
        plan = None if target is None else planned(target, self.period.last_day.year)
        value = tally.value
        may_judge = self.is_final and indicator.is_judged and not tally.missing
        is_judged = may_judge and plan is not None and value is not None
        return Figure(
            id=indicator.id,
            part=tally.part,
            title=tally.title or indicator.title,
            value=None if value is None else float(value),
            unit=_UNITS[tally.measure],
            measure=tally.measure,
            numerator=float(tally.numerator),
            denominator=float(tally.denominator),
            base_numerator=float(tally.base_numerator),
            base_denominator=float(tally.base_denominator),
            plan=plan,
            is_judged=is_judged,
            is_met=value >= plan.value if is_judged and plan is not None and value is not None else None,
            missing=tally.missing,
            sources=indicator.sources,
        )


def count_indicators(
    facts: Facts, policy: Policy, period: Period, ids: Iterable[str] | None = None, *, is_final: bool = True
) -> Counted:
    """Count indicators in a period, organisation by organisation.

    Parameters
    ----------
    ids
        Numbers of indicators ("I-02"); by default those of the regulation, and all where it has them on request
        (ANU 4.2).
    is_final
        Whether the period is over, so that figures may be compared with the plan.

    Raises
    ------
    KeyError
        When there is no indicator of a number.

    Examples
    --------
    >>> from matcher.indicators.facts import Count, Quantity
    >>> from matcher.indicators.period import school_year_period
    >>> from matcher.io.policy_toml import read_policy
    >>> from fractions import Fraction
    >>> given = Count(organisation="O-1", quantity=Quantity.METHODOLOGIES, school_year=2025, value=Fraction(3))
    >>> facts = Facts(organisations=(Organisation(id="O-1"),), counts=(given,))
    >>> (figure,) = count_indicators(facts, read_policy("dalnerechensk"), school_year_period(2025), ["I-01"]).figures()
    >>> figure.value, figure.plan.value, figure.is_judged
    (3.0, 60.0, False)
    """
    wanted = [INDICATORS[id_] for id_ in (asked_for(policy) if ids is None else ids)]
    cases = build_cases(facts, policy, period)
    tallies: dict[str, dict[tuple[str, str], Tally]] = {}
    for id_, case in cases.items():
        tallies[id_] = {(one.id, tally.part): tally for one in wanted for tally in _count(one, case)}
    return Counted(period=period, policy=policy, organisations=facts.organisations, is_final=is_final, tallies=tallies)


def _count(indicator: Indicator, case: Case) -> Iterator[Tally]:
    """Yield what an indicator counts; nothing is known of a period whose programmes are not."""
    for tally in indicator.count(case):
        if indicator.needs_programmes and not case.is_known:
            yield unknown(tally.measure, tally.part, tally.title, missing=[case.lacks(_PROGRAMMES)])
        else:
            yield tally


_PROGRAMMES = text("programmes of the school year")


def asked_for(policy: Policy) -> tuple[str, ...]:
    """Return the indicators a regulation asks for: all where it has them on request."""
    return tuple(sorted(INDICATORS)) if policy.indicators_on_request else policy.indicators


def area_of(organisation: Organisation, level: ScopeLevel) -> str:
    """Return the organisation, municipality or region an organisation belongs to."""
    match level:
        case ScopeLevel.MUNICIPALITY:
            return organisation.municipality
        case ScopeLevel.REGION:
            return organisation.region
        case _:
            return organisation.id
