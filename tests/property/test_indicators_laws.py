"""Laws of the figures of mentoring, whatever the facts."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.indicators.catalogue import INDICATORS
from matcher.indicators.counting import count_indicators
from matcher.indicators.deadlines import due_dates
from matcher.indicators.due import DueState
from matcher.indicators.facts import (
    Count,
    Facts,
    Participant,
    Programme,
    Quantity,
    Question,
    Refusal,
    RefusalOf,
    Side,
    SurveyAnswer,
)
from matcher.indicators.period import school_year_period
from matcher.indicators.targets import planned
from matcher.indicators.workdays import add_working_days, last_working_day
from matcher.io.policy_toml import list_policies, read_policy
from matcher.policy import Policy
from matcher.policy_parts import Target
from matcher.policy_words import ScopeLevel
from matcher.roster import MentoringForm, MentoringKind, Organisation, PersonKind

POLICIES = [read_policy(id_) for id_ in list_policies()]
YEAR = 2025
PERIOD = school_year_period(YEAR)
SCHOOLS = [f"S-{at}" for at in range(4)]

days = st.dates(date(2023, 9, 1), date(2027, 8, 31))
maybe_days = st.none() | days
scores = st.none() | st.integers(0, 20).map(lambda half: half / 2)


@st.composite
def towns(draw: st.DrawFn) -> Facts:
    """Draw some schools of two towns, their people and whatever may be known of them."""
    number = st.none() | st.integers(0, 500)
    organisations = tuple(
        Organisation(
            id=id_,
            municipality=draw(st.sampled_from(["Town", "Bay"])),
            pupils=draw(number),
            pupils_15_19=draw(number),
            staff=draw(number),
            staff_under_35=draw(number),
            staff_under_35_first_three_years=draw(number),
        )
        for id_ in SCHOOLS
    )
    people = tuple(
        Participant(
            id=f"P-{at}",
            organisation=draw(st.sampled_from(SCHOOLS)),
            person_kind=draw(st.sampled_from([PersonKind.STAFF, PersonKind.PUPIL, PersonKind.PARTNER])),
            birth_date=draw(st.none() | st.dates(date(1960, 1, 1), date(2015, 1, 1))),
            career_start=draw(maybe_days),
            hired_day=draw(maybe_days),
            left_day=draw(maybe_days),
            teaching_hours=draw(st.none() | st.integers(0, 36).map(float)),
        )
        for at in range(draw(st.integers(2, 9)))
    )
    ids = st.sampled_from([person.id for person in people])
    programmes = tuple(
        Programme(
            id=f"X-{at}",
            mentor=draw(ids),
            mentee=draw(ids),
            form=draw(st.sampled_from(list(MentoringForm))),
            kind=draw(st.sampled_from(list(MentoringKind))),
            first_day=draw(maybe_days),
            last_day=draw(maybe_days),
            end_day=draw(maybe_days),
            full_cycle_day=draw(maybe_days),
            minutes=draw(st.integers(0, 900)),
            rating=draw(scores),
            mentee_wish=draw(scores),
            has_goals=draw(st.none() | st.booleans()),
        )
        for at in range(draw(st.integers(0, 9)))
    )
    surveys = tuple(
        SurveyAnswer(
            person=person.id,
            side=draw(st.sampled_from(list(Side))),
            question=draw(st.sampled_from(list(Question))),
            school_year=draw(st.sampled_from([YEAR - 1, YEAR])),
            start=draw(scores),
            end=draw(scores),
        )
        for person in people
    )
    counts = tuple(
        Count(
            organisation=draw(st.sampled_from(SCHOOLS)),
            quantity=draw(st.sampled_from(list(Quantity))),
            school_year=draw(st.sampled_from([YEAR - 1, YEAR])),
            value=Fraction(draw(st.integers(0, 50))),
        )
        for _ in range(draw(st.integers(0, 12)))
    )
    refusals = tuple(
        Refusal(person=draw(ids), day=draw(days), of=draw(st.sampled_from(list(RefusalOf)))) for _ in range(3)
    )
    return Facts(
        organisations=organisations,
        people=people,
        programmes=programmes,
        surveys=surveys,
        counts=counts,
        refusals=refusals,
        leavers_since=draw(maybe_days),
    )


@settings(max_examples=120, deadline=None)
@given(towns(), st.sets(st.sampled_from(SCHOOLS)), st.sampled_from(POLICIES))
def test_a_whole_is_the_sum_of_its_parts(facts: Facts, part: set[str], policy: Policy) -> None:
    """Any part and the rest, counted apart and as if nothing else were there, have the sums of the whole."""
    ids = sorted(INDICATORS)
    whole = count_indicators(facts, policy, PERIOD, ids).figures()
    parts = [
        {(one.id, one.part): one for one in count_indicators(facts.within(scope), policy, PERIOD, ids).figures()}
        for scope in (part, set(SCHOOLS) - part)
    ]
    for figure in whole:
        mine = [found[figure.id, figure.part] for found in parts if (figure.id, figure.part) in found]
        for name in ("numerator", "denominator", "base_numerator", "base_denominator"):
            assert sum(getattr(one, name) for one in mine) == getattr(figure, name), (figure.id, figure.part, name)
        assert sorted(map(str, figure.missing)) == sorted(str(one) for found in mine for one in found.missing)


@settings(max_examples=60, deadline=None)
@given(towns())
def test_municipalities_add_up_to_the_whole(facts: Facts) -> None:
    counted = count_indicators(facts, POLICIES[0], PERIOD, ["I-02", "I-05", "I-37"])
    areas = counted.roll_up(ScopeLevel.MUNICIPALITY)
    for figure in counted.figures():
        mine = [one for figures in areas.values() for one in figures if (one.id, one.part) == (figure.id, figure.part)]
        assert sum(one.numerator for one in mine) == figure.numerator
        # Teachers of a school without pupils are participants over nothing.
        is_whole = all(one.denominator or not one.numerator for one in mine)
        if figure.value is not None and figure.denominator and is_whole:
            values = [one.value for one in mine if one.value is not None and one.denominator]
            assert min(values) <= figure.value + 1e-9
            assert figure.value <= max(values) + 1e-9


@settings(max_examples=120, deadline=None)
@given(towns())
def test_full_cycles_are_counted_as_people_and_not_as_programmes(facts: Facts) -> None:
    """The numerator of I-02 is a plain count over all people at once (A-14)."""
    known = {one.id for one in facts.organisations if one.pupils is not None}
    known |= {one.organisation for one in facts.counts if one.quantity is Quantity.PUPILS and one.school_year == YEAR}
    done = {
        id_
        for one in facts.programmes
        if one.first_day is not None
        and one.first_day <= PERIOD.last_day
        and (one.end_day or one.last_day or date.max) >= PERIOD.first_day
        and one.full_cycle_day is not None
        and (one.end_day or one.full_cycle_day) in PERIOD
        for id_ in (one.mentor, one.mentee)
    }
    pupils = [one for one in facts.people if one.id in done and one.is_pupil and one.organisation in known]
    figure = count_indicators(facts, POLICIES[0], PERIOD, ["I-02"]).figures()[0]
    assert figure.numerator == len(pupils)


@given(
    st.integers(2000, 2040),
    st.integers(1, 30),
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(1990, 2090),
)
def test_targets_lie_between_their_ends_and_are_held(start: int, length: int, low: int, high: int, year: int) -> None:
    target = Target(
        title="", title_en="", start_year=start, start=low, end_year=start + length, end=high, unit="percent",
        source="", clause="",
    )  # fmt: skip
    found = planned(target, year)
    assert min(low, high) <= found.value <= max(low, high)
    assert found.is_held == (year > start + length)
    assert planned(target, start).value == low
    assert planned(target, start + length).value == planned(target, start + length + year).value == high
    if start < year < start + length:
        steps = [planned(target, at).value for at in (year - 1, year, year + 1)]
        assert abs((steps[2] - steps[1]) - (steps[1] - steps[0])) < 1e-9


@settings(max_examples=60, deadline=None)
@given(towns(), st.integers(2022, 2028), days, st.sampled_from(POLICIES))
def test_everything_due_lies_in_its_school_year(facts: Facts, year: int, today: date, policy: Policy) -> None:
    period = school_year_period(year)
    for one in due_dates(policy, year, facts, today):
        assert one.day is None or one.day in period or one.times is not None
        assert one.first_day is None or one.day is None or one.first_day <= one.day or one.times is not None
        assert (one.state is DueState.OVERDUE) <= (one.day is not None and today > one.day)


@given(days, st.integers(1, 12), st.sets(st.integers(0, 6), min_size=1))
def test_working_days_are_counted_one_by_one(day: date, count: int, worked: set[int]) -> None:
    def is_working_day(some: date) -> bool:
        return some.weekday() in worked

    end = add_working_days(day, count, is_working_day)
    between = [day + timedelta(days=at) for at in range(1, (end - day).days + 1)]
    assert sum(map(is_working_day, between)) == count
    assert is_working_day(end)
    last = last_working_day(day, is_working_day)
    assert last <= day
    assert is_working_day(last)
