"""I-21 … I-26 and I-38 with numbers counted by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from matcher.indicators.facts import Quantity, Statement, SwotSide, Ticket
from tests.unit.indicators.town import STARTED, YEAR, Town


def pair() -> Town:
    return Town().teacher("T-1").teacher("N-1").programme("T-1", "N-1")


def test_ratings_and_signals_of_risk() -> None:
    """Ratings 8 and 5 make 6.5; the third programme is not rated; one conflict, one programme without goals."""
    town = Town().teacher("T-1", max_mentees=9).teacher("N-1").teacher("N-2").teacher("N-3")
    town.programme("T-1", "N-1", rating=8).programme("T-1", "N-2", rating=5, has_goals=False).programme("T-1", "N-3")
    town.add(tickets=[Ticket(programme="T-1:N-1", day=STARTED)])
    assert town.value("I-21") == 6.5
    assert [(str(one.what), one.subject) for one in town.figures("I-21")[""].missing] == [
        ("curator's rating", "T-1:N-3")
    ]
    assert town.value("I-21", "signals") == 2
    assert town.value("I-21", "risk:mentor_opposed") == 1
    assert town.value("I-21", "risk:formal_performance") == 1
    assert town.value("I-21", "risk:high_load") == 0


def test_joint_projects() -> None:
    town = pair().given(Quantity.PROJECTS_PLANNED, 4).given(Quantity.PROJECTS_DONE, 3)
    assert town.value("I-22") == 75
    assert pair().lacking("I-22") == ["joint projects done", "joint projects planned"]


def test_a_school_without_programmes_is_not_asked() -> None:
    assert Town().lacking("I-22") == []
    assert Town().value("I-22") is None


def test_exams_as_a_whole_and_each() -> None:
    """Of 24 + 16 pupils 23 + 13 passed: 36 of 40, and not the mean of two percentages."""
    town = pair().given(Quantity.EXAM_SAT, 24, detail="oge").given(Quantity.EXAM_PASSED, 23, detail="oge")
    town.given(Quantity.EXAM_SAT, 16, detail="vpr").given(Quantity.EXAM_PASSED, 13, detail="vpr")
    assert town.value("I-23") == 90
    assert town.value("I-23", "exam:oge") == pytest.approx(100 * 23 / 24)
    assert town.value("I-23", "exam:vpr") == pytest.approx(100 * 13 / 16)
    assert "exam:ege" not in town.figures("I-23")


def test_attainment_is_compared_with_the_year_before() -> None:
    """This year 20 pupils with a mean of 4.1 and 10 with 3.8: 4.0; the year before 25 with 3.9: +0.1."""
    town = pair().given(Quantity.MARKS_PUPILS, 20).given(Quantity.MARKS_PUPILS, 10)
    town.given(Quantity.MARKS_TOTAL, Fraction(82)).given(Quantity.MARKS_TOTAL, Fraction(38))
    assert town.lacking("I-24") == ["mean mark of the year before"]
    town.given(Quantity.MARKS_PUPILS, 25, YEAR - 1).given(Quantity.MARKS_TOTAL, Fraction(975, 10), YEAR - 1)
    assert town.value("I-24") == pytest.approx(0.1)


def test_olympiads_are_compared_with_the_year_before() -> None:
    town = pair().given(Quantity.OLYMPIAD_PARTICIPANTS, 31)
    assert town.lacking("I-25") == ["participants of olympiads in the year before"]
    town.given(Quantity.OLYMPIAD_PARTICIPANTS, 40, YEAR - 1)
    assert town.value("I-25") == -9


def test_events_by_sort() -> None:
    town = pair().given(Quantity.EVENTS, 2, detail="contest").given(Quantity.EVENTS, 1, detail="publication")
    town.given(Quantity.EVENTS, 4, detail="contest").given(Quantity.EVENTS, 9, YEAR - 1, detail="contest")
    assert town.value("I-26") == 7
    assert (town.value("I-26", "event:contest"), town.value("I-26", "event:publication")) == (6, 1)
    assert "event:conference" not in town.figures("I-26")


def test_enterprises_tests_and_lists() -> None:
    town = pair().given(Quantity.ENTERPRISE_PROJECTS_PLANNED, 2).given(Quantity.ENTERPRISE_PROJECTS_DONE, 1)
    town.given(Quantity.TESTS_SAT, 40).given(Quantity.TESTS_PASSED, 36)
    town.given(Quantity.PUPILS_PLANNING_EMPLOYMENT, 12).given(Quantity.PUPILS_EMPLOYED, 3)
    assert town.lacking("I-38", "swot:threat") == ["threats"]
    rows = [(SwotSide.STRENGTH, YEAR), (SwotSide.STRENGTH, YEAR), (SwotSide.THREAT, YEAR), (SwotSide.THREAT, YEAR - 1)]
    town.add(statements=[Statement(organisation="S-1", school_year=year, side=side, words="…") for side, year in rows])
    assert town.value("I-38") == 50
    assert town.value("I-38", "tests") == 90
    assert (town.value("I-38", "planning_employment"), town.value("I-38", "employed")) == (12, 3)
    assert [town.value("I-38", f"swot:{side}") for side in SwotSide] == [2, 0, 0, 1]
