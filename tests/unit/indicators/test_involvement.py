"""I-01 … I-04, I-27, I-36, I-37 with numbers counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.indicators.facts import Quantity
from matcher.roster import MentoringForm, MentoringKind, Organisation, PersonKind
from tests.unit.indicators.town import Town

SCHOOL = Organisation(
    id="S-1", pupils=200, pupils_15_19=50, staff=40, staff_under_35=16, staff_under_35_first_three_years=8
)


def test_methodologies_are_given_by_hand_and_not_judged() -> None:
    town = Town().given(Quantity.METHODOLOGIES, 3)
    figure = town.figures("I-01")[""]
    assert (figure.value, figure.plan and figure.plan.value, figure.is_judged) == (3, 60, False)
    assert Town().value("I-01") is None
    assert Town().lacking("I-01") == ["number of methodologies developed"]


def test_pupils_count_once_and_only_with_a_full_cycle() -> None:
    """Four pupils with a full cycle, one of them with two mentors; one more on the way; two teachers mentor."""
    town = Town(SCHOOL).teacher("T-1").teacher("T-2")
    for pupil in ("P-1", "P-2", "P-3", "P-4", "P-5"):
        town.pupil(pupil)
    for pupil in ("P-1", "P-2", "P-3", "P-4"):
        town.programme("T-1", pupil, full=True, form=MentoringForm.TEACHER_PUPIL)
    town.programme("T-2", "P-1", full=True).programme("T-2", "P-5")
    assert town.value("I-02") == pytest.approx(100 * 4 / 200)
    assert town.value("I-02", "pupils") == pytest.approx(100 * 5 / 200)
    assert town.value("I-02", "participants") == pytest.approx(100 * 7 / 200)  # with two teachers


def test_a_pupil_who_mentors_is_involved() -> None:
    town = Town(SCHOOL).pupil("P-1").pupil("P-2").programme("P-1", "P-2", full=True, form=MentoringForm.PUPIL_PUPIL)
    assert town.value("I-02") == pytest.approx(100 * 2 / 200)


def test_a_class_counts_with_all_its_pupils_once() -> None:
    """The class has 25 pupils, one of whom also has a mentor of his own; another class 5 more."""
    town = (
        Town(SCHOOL)
        .teacher("T-1")
        .school_class("6A", 25)
        .pupil("P-1", school_class="6A")
        .pupil("P-2", school_class="7A")
    )
    town.programme("T-1", "6A", full=True).programme("T-1", "P-1", full=True).programme("T-1", "P-2", full=True)
    assert town.value("I-02") == pytest.approx(100 * 26 / 200)


def test_a_class_without_a_size_is_named() -> None:
    town = Town(SCHOOL).teacher("T-1").school_class("6A", None).programme("T-1", "6A", full=True)
    assert town.lacking("I-02") == ["size of the class"]
    assert not town.figures("I-02")[""].is_judged


def test_without_the_number_of_pupils_there_is_no_share() -> None:
    town = Town(Organisation(id="S-1")).pupil("P-1").teacher("T-1").programme("T-1", "P-1", full=True)
    assert town.value("I-02") is None
    assert town.lacking("I-02") == ["number of pupils"]


def test_a_number_given_comes_before_that_of_the_roster() -> None:
    town = Town(SCHOOL).pupil("P-1").teacher("T-1").programme("T-1", "P-1", full=True).given(Quantity.PUPILS, 50)
    assert town.value("I-02") == 2


def test_the_full_cycle_belongs_to_the_year_in_which_the_programme_ended() -> None:
    """The curator marks in September what ended in May; a mark without an end counts by its own day."""
    town = Town(SCHOOL).teacher("T-1").pupil("P-1").pupil("P-2")
    town.programme("T-1", "P-1", end_day=date(2026, 5, 20), full_cycle_day=date(2026, 9, 15))
    town.programme("T-1", "P-2", full_cycle_day=date(2026, 9, 15))
    assert town.value("I-02") == pytest.approx(100 * 1 / 200)


def test_young_teachers_in_their_first_years() -> None:
    """Of 8 such teachers 3 take part, 2 with a full cycle; the old, the experienced and the mentor do not count."""
    town = Town(SCHOOL).teacher("T-1").young("Y-1").young("Y-2").young("Y-3")
    town.young("old", birth_date=date(1985, 1, 1)).young("experienced", career_start=date(2015, 9, 1)).young("mentor")
    town.programme("T-1", "Y-1", full=True).programme("T-1", "Y-2", full=True).programme("T-1", "Y-3")
    town.programme("T-1", "old", full=True).programme("T-1", "experienced", full=True).programme("mentor", "old")
    assert town.value("I-03") == pytest.approx(100 * 2 / 8)
    assert town.value("I-03", "participants") == pytest.approx(100 * 3 / 8)
    assert town.value("I-03", "under_35") == pytest.approx(100 * 3 / 16)


@pytest.mark.parametrize(
    ("born", "began", "counts"),
    [
        (date(1990, 9, 1), date(2024, 9, 1), False),  # 35 on 1 September
        (date(1990, 9, 2), date(2024, 9, 1), True),  # 34 years and 364 days
        (date(1998, 1, 1), date(2022, 9, 1), True),  # three full years
        (date(1998, 1, 1), date(2022, 8, 1), False),  # three years and a month
    ],
)
def test_borders_of_age_and_experience(born: date, began: date, counts: bool) -> None:
    town = (
        Town(SCHOOL).teacher("T-1").young("Y-1", birth_date=born, career_start=began).programme("T-1", "Y-1", full=True)
    )
    assert town.figures("I-03")[""].numerator == counts


def test_unknown_age_or_experience_is_named_where_it_matters() -> None:
    town = Town(SCHOOL).teacher("T-1").young("Y-1", birth_date=None).young("Y-2", career_start=None)
    town.young("old", birth_date=date(1970, 1, 1), career_start=None)  # too old whatever the experience
    for mentee in ("Y-1", "Y-2", "old"):
        town.programme("T-1", mentee, full=True)
    found = town.figures("I-03")[""]
    assert {(str(one.what), one.subject) for one in found.missing} == {
        ("birth date", "Y-1"),
        ("pedagogical experience", "Y-2"),
    }


def test_mentors_of_fifteen_to_nineteen() -> None:
    """Of 50 such pupils two mentor, one with a full cycle; the one of 14 and the mentee do not count."""
    town = Town(SCHOOL)
    town.pupil("P-15", birth_date=date(2010, 9, 1)).pupil("P-19", birth_date=date(2005, 9, 2))
    town.pupil("P-14", birth_date=date(2010, 9, 2)).pupil("P-16", birth_date=date(2009, 5, 1))
    town.programme("P-15", "P-14", full=True).programme("P-19", "P-14").programme("P-14", "P-16", full=True)
    assert town.value("I-04") == pytest.approx(100 * 1 / 50)
    assert town.value("I-04", "participants") == pytest.approx(100 * 2 / 50)


def test_staff_by_form_and_kind() -> None:
    """Of 40 on the staff three take part; the partner is a guest; one was trained in the year."""
    town = Town(SCHOOL).teacher("T-1", training_day=date(2026, 2, 1)).teacher("T-2").teacher("T-3")
    town.teacher("T-4", training_day=date(2024, 2, 1)).teacher("G-1", person_kind=PersonKind.PARTNER).pupil("P-1")
    town.programme("T-1", "T-2").programme("T-3", "P-1", form=MentoringForm.TEACHER_PUPIL, kind=MentoringKind.FLASH)
    town.programme("G-1", "P-1", form=MentoringForm.PARTNER_PUPIL)
    assert town.value("I-27") == pytest.approx(100 * 3 / 40)
    assert town.value("I-27", "form:teacher_teacher") == pytest.approx(100 * 2 / 40)
    assert town.value("I-27", "form:teacher_pupil") == pytest.approx(100 * 1 / 40)
    assert town.value("I-27", "form:partner_pupil") == 0
    assert town.value("I-27", "kind:flash") == pytest.approx(100 * 1 / 40)
    assert town.value("I-27", "trained") == pytest.approx(100 * 1 / 40)


def test_young_teachers_who_stayed() -> None:
    """Four were hired in September 2024: one left within the year, one is no beginner; one of 2023 left after two."""
    hired = date(2024, 9, 2)
    town = Town(SCHOOL).young("Y-1", hired_day=hired).young("Y-2", hired_day=hired)
    town.young("Y-3", hired_day=hired, left_day=date(2025, 6, 1)).teacher("T-1", hired_day=hired)
    town.young("Y-4", hired_day=date(2023, 9, 2), career_start=date(2023, 9, 1), left_day=date(2025, 9, 10))
    assert town.value("I-36") is None
    assert town.lacking("I-36") == ["who has left since 01.09.2024"]
    town.facts = replace(town.facts, leavers_since=date(2024, 9, 1))
    assert (town.value("I-36"), town.value("I-36", "after_2")) == (pytest.approx(100 * 2 / 3), None)
    town.facts = replace(town.facts, leavers_since=date(2022, 9, 1))
    assert town.value("I-36") == pytest.approx(100 * 2 / 3)
    assert town.value("I-36", "after_2") == 100  # he left eight days after his second year
    assert town.value("I-36", "after_3") is None


def test_retention_counted_by_the_organisation() -> None:
    town = Town(SCHOOL).given(Quantity.HIRED, 4, detail="1").given(Quantity.STAYED, 3, detail="1")
    assert town.value("I-36") == 75
    assert town.value("I-36", "after_2") is None


def test_full_cycles_of_programmes_started_in_the_year() -> None:
    """Three of four; a programme of the year before and one of another school do not count."""
    town = Town(SCHOOL, Organisation(id="S-2")).teacher("T-1").teacher("T-2", organisation="S-2")
    for mentee in ("N-1", "N-2", "N-3", "N-4", "N-5"):
        town.teacher(mentee)
    for mentee in ("N-1", "N-2"):
        town.programme("T-1", mentee, full=True)
    town.programme("T-1", "N-3", full_cycle_day=date(2026, 9, 20)).programme("T-1", "N-4")
    town.programme("T-1", "N-5", full=True, first_day=date(2025, 3, 1))
    town.programme("T-1", "T-2")
    figures = town.figures("I-37")[""]
    assert (figures.numerator, figures.denominator) == (3, 5)  # S-1 has 3 of 4, S-2 has 0 of 1
