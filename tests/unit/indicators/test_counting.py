"""Roll-up, targets and what is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.indicators.catalogue import INDICATORS
from matcher.indicators.counting import asked_for, count_indicators
from matcher.indicators.facts import Quantity
from matcher.indicators.period import Period, reporting_periods, school_year_of
from matcher.indicators.targets import planned
from matcher.io.policy_toml import list_policies, read_policy
from matcher.policy_words import INDICATORS as NAMED
from matcher.policy_words import ScopeLevel
from matcher.roster import Organisation
from tests.unit.indicators.town import DAL, PERIOD, Town


def test_every_indicator_of_the_catalogue_is_counted() -> None:
    assert sorted(INDICATORS) == sorted(NAMED)
    assert len(INDICATORS) == 21


@pytest.mark.parametrize("policy", list_policies())
def test_every_policy_is_counted_on_nothing(policy: str) -> None:
    """With one school and nothing known nothing breaks, and no figure is made up."""
    found = count_indicators(Town().facts, read_policy(policy), PERIOD).figures()
    assert {one.id for one in found} == set(asked_for(read_policy(policy)))
    assert not any(one.is_met for one in found)


def test_anuchino_has_all_on_request() -> None:
    assert len(asked_for(read_policy("anuchino"))) == 21


def two_schools() -> Town:
    """S-1 involves 2 of 4 pupils, S-2 1 of 16: 3 of 20 together, and not the mean of 50 and 6.25 percent."""
    town = Town(
        Organisation(id="S-1", municipality="Town", region="R", pupils=4),
        Organisation(id="S-2", municipality="Town", region="R", pupils=16),
        Organisation(id="S-3", municipality="Bay", region="R", pupils=5),
    )
    town.pupil("P-1").pupil("P-2").pupil("P-3", organisation="S-2").pupil("P-4", organisation="S-3")
    town.teacher("T-1", organisation="S-2")
    for pupil in ("P-1", "P-2", "P-3", "P-4"):
        town.programme("T-1", pupil, full=True)
    return town


def test_shares_are_rolled_up_by_their_sums() -> None:
    counted = count_indicators(two_schools().facts, DAL, PERIOD, ["I-02"])
    towns = {area: figures[0].value for area, figures in counted.roll_up(ScopeLevel.MUNICIPALITY).items()}
    assert towns == {"Town": 15, "Bay": 20}
    schools = {area: figures[0].value for area, figures in counted.roll_up(ScopeLevel.ORGANISATION).items()}
    assert schools == {"S-1": 50, "S-2": 6.25, "S-3": 20}
    assert counted.roll_up(ScopeLevel.REGION)["R"][0].value == 100 * 4 / 25
    assert counted.figures(["S-1", "S-3"])[0].value == pytest.approx(100 * 3 / 9)


def test_a_mentor_of_another_school_counts_at_home() -> None:
    """T-1 of S-2 mentors in three schools: he is one participant, of S-2."""
    counted = count_indicators(two_schools().facts, DAL, PERIOD, ["I-02"])
    everyone = {
        area: next(one.numerator for one in figures if one.part == "participants")
        for area, figures in counted.roll_up(ScopeLevel.ORGANISATION).items()
    }
    assert everyone == {"S-1": 2, "S-2": 2, "S-3": 1}


def test_a_school_that_gave_nothing_is_named_and_the_whole_not_judged() -> None:
    town = two_schools()
    first, *others = town.facts.organisations
    town.facts = replace(town.facts, organisations=(replace(first, pupils=None), *others))
    figure = count_indicators(town.facts, DAL, PERIOD, ["I-02"]).figures()[0]
    assert (figure.numerator, figure.denominator) == (2, 21)  # S-1 is left out on both sides of the stroke
    assert [one.organisation for one in figure.missing] == ["S-1"]
    assert (figure.is_judged, figure.is_met) == (False, None)


def test_facts_within_a_scope_count_nobody_else() -> None:
    counted = count_indicators(two_schools().facts.within({"S-2"}), DAL, PERIOD, ["I-02"])
    assert [one.value for one in counted.figures()] == [6.25, 12.5, 6.25]


def test_plan_and_fact() -> None:
    town = Town(Organisation(id="S-1", pupils=2)).pupil("P-1").pupil("P-2").programme("P-1", "P-2", full=True)
    figure = town.figures("I-02")[""]
    assert figure.plan is not None
    assert (figure.value, figure.plan.value, figure.plan.is_held, figure.plan.year) == (100, 55, True, 2026)
    assert (figure.is_judged, figure.is_met) == (True, True)
    assert all(one.plan is None for one in town.figures("I-02").values() if one.part)


def test_a_period_that_is_not_over_is_not_judged() -> None:
    town = Town(Organisation(id="S-1", pupils=2)).pupil("P-1").pupil("P-2").programme("P-1", "P-2", full=True)
    figure = count_indicators(town.facts, DAL, PERIOD, ["I-02"], is_final=False).figures()[0]
    assert (figure.value, figure.is_judged, figure.is_met) == (100, False, None)


def test_a_year_whose_programmes_are_unknown_has_no_shares() -> None:
    town = two_schools()
    town.facts = replace(town.facts, known_since=date(2026, 9, 1))
    figure = count_indicators(town.facts, DAL, PERIOD, ["I-02", "I-22"]).figures()
    assert [one.value for one in figure] == [None] * 4
    assert {str(one.what) for one in figure[0].missing} == {"programmes of the school year"}
    assert figure[-1].missing  # and the counts are asked of every school


@pytest.mark.parametrize(
    ("since", "is_given"),
    [(None, True), (date(2024, 3, 1), True), (date(2025, 10, 15), True), (date(2026, 9, 1), False)],
)
def test_the_year_in_which_programmes_are_first_known_counts_as_a_whole(since: date | None, is_given: bool) -> None:
    town = two_schools()
    town.facts = replace(town.facts, known_since=since)
    assert (town.value("I-02") is not None) is is_given


@pytest.mark.parametrize(
    ("id_", "year", "value", "is_held"),
    [
        ("I-03", 2019, 10, False),
        ("I-03", 2020, 10, False),
        ("I-03", 2021, 25, False),
        ("I-03", 2022, 40, False),
        ("I-03", 2023, 55, False),
        ("I-03", 2024, 70, False),
        ("I-03", 2025, 70, True),
        ("I-03", 2026, 70, True),
        ("I-01", 2023, 45.25, False),
        ("I-02", 2022, 52.5, False),
        ("I-04", 2021, 4, False),
        ("I-05", 2023, 76.25, False),
        ("I-06", 2028, 85, True),
    ],
)
def test_targets_are_linear_and_then_held(id_: str, year: int, value: float, is_held: bool) -> None:
    found = planned(DAL.targets[id_], year)
    assert (found.value, found.is_held) == (value, is_held)


def test_the_year_before_is_reported_and_this_one_shown() -> None:
    before, current = reporting_periods(2026)
    assert before == Period(first_day=date(2025, 9, 1), last_day=date(2026, 8, 31))
    assert current == Period(first_day=date(2026, 9, 1), last_day=date(2027, 8, 31))
    assert [school_year_of(day) for day in (before.first_day, before.last_day, current.first_day)] == [2025, 2025, 2026]


def test_any_days_may_be_asked_for() -> None:
    """ANU 4.2: data on request, here of a calendar year, whose counts are of both school years."""
    calendar_year = Period(first_day=date(2025, 1, 1), last_day=date(2025, 12, 31))
    town = Town().teacher("T-1").teacher("N-1").programme("T-1", "N-1")
    town.given(Quantity.EVENTS, 2, 2024, "contest").given(Quantity.EVENTS, 3, 2025, "contest")
    counted = count_indicators(town.facts, read_policy("anuchino"), calendar_year, ["I-26"])
    assert counted.figures()[0].value == 5


def test_a_number_that_is_no_indicator_is_refused() -> None:
    with pytest.raises(KeyError):
        count_indicators(Town().facts, DAL, PERIOD, ["I-99"])
