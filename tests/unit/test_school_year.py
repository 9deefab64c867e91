"""What a day of the school year is, and which week it lies in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.school_year import DayKind, ExamWindow, SchoolYear, Span

YEAR = SchoolYear(
    id="y",
    title="y",
    first_day=date(2026, 9, 1),
    last_day=date(2027, 5, 26),
    vacations=(Span(name="autumn", first_day=date(2026, 10, 26), last_day=date(2026, 11, 4)),),
    holidays=(Span(name="unity", first_day=date(2026, 11, 4), last_day=date(2026, 11, 4)),),
    working_days=(date(2026, 9, 5),),
)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 8, 31), DayKind.OUTSIDE),
        (date(2026, 9, 1), DayKind.SCHOOL),
        (date(2026, 9, 5), DayKind.SCHOOL),
        (date(2026, 9, 12), DayKind.WEEKEND),
        (date(2026, 10, 26), DayKind.VACATION),
        (date(2026, 10, 31), DayKind.VACATION),
        (date(2026, 11, 4), DayKind.HOLIDAY),
        (date(2026, 11, 5), DayKind.SCHOOL),
        (date(2027, 5, 26), DayKind.SCHOOL),
        (date(2027, 5, 27), DayKind.OUTSIDE),
    ],
)
def test_a_day_is_what_the_nearest_rule_says(day: date, kind: DayKind) -> None:
    assert YEAR.kind_of(day) is kind


def test_saturday_is_a_school_day_of_six() -> None:
    assert replace(YEAR, weekdays=6).kind_of(date(2026, 9, 12)) is DayKind.SCHOOL
    assert replace(YEAR, weekdays=6).kind_of(date(2026, 9, 13)) is DayKind.WEEKEND


def test_days_run_from_the_first_to_the_last() -> None:
    days = list(YEAR.days())
    assert (days[0], days[-1], len(days)) == (YEAR.first_day, YEAR.last_day, 268)


def test_weeks_alternate_from_monday() -> None:
    year = replace(YEAR, num_weeks=2)
    # The year begins on a Tuesday: Monday of that week is of week A too.
    assert [year.week_of(date(2026, 8, 31) + timedelta(days=n)) for n in (0, 1, 6, 7, 13, 14)] == [0, 0, 0, 1, 1, 0]
    assert replace(year, week_a_day=date(2026, 9, 9)).week_of(date(2026, 9, 1)) == 1
    assert YEAR.week_of(date(2026, 9, 9)) == 0


@given(day=st.dates(date(2026, 1, 1), date(2028, 1, 1)), anchor=st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_weeks_alternate_without_end(day: date, anchor: date) -> None:
    year = replace(YEAR, num_weeks=2, week_a_day=anchor)
    monday = day - timedelta(days=day.weekday())
    assert year.week_of(day) == year.week_of(monday)
    assert year.week_of(day) != year.week_of(day + timedelta(days=7))
    assert year.week_of(anchor) == 0


def test_an_exam_takes_everybody_where_it_names_nobody() -> None:
    day = date(2027, 4, 12)
    assert ExamWindow(name="e", first_day=day, last_day=day).is_for_all
    assert not ExamWindow(name="e", first_day=day, last_day=day, grades=(9,)).is_for_all
