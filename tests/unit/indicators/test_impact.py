"""I-05, I-06 and I-31 … I-35 with numbers counted by hand."""

from __future__ import annotations

import pytest

from matcher.indicators.facts import Quantity, Question, Side
from tests.unit.indicators.town import Town


def asked() -> Town:
    """Three mentees of two mentors."""
    town = Town().teacher("T-1").teacher("T-2").teacher("N-1").teacher("N-2").teacher("N-3")
    return town.programme("T-1", "N-1").programme("T-1", "N-2").programme("T-2", "N-3")


def test_satisfied_mentees() -> None:
    """Answers 9, 7, 6: the seven is still satisfied, the six is not."""
    town = asked()
    for person, end in (("N-1", 9), ("N-2", 7), ("N-3", 6)):
        town.answer(person, Question.SATISFACTION, None, end)
    assert town.value("I-05") == pytest.approx(100 * 2 / 3)
    assert town.value("I-05", "answered") == 100


def test_satisfied_mentors_and_those_who_kept_silent() -> None:
    town = asked().answer("T-1", Question.SATISFACTION, None, 8, Side.MENTOR)
    assert town.value("I-06") == 100
    assert town.value("I-06", "answered") == 50
    assert town.value("I-05") is None
    assert town.lacking("I-05") == ["answers on satisfaction"]


def test_satisfaction_is_judged_against_the_target() -> None:
    town = asked()
    for person in ("N-1", "N-2", "N-3"):
        town.answer(person, Question.SATISFACTION, None, 10)
    figure = town.figures("I-05")[""]
    assert (figure.value, figure.is_judged, figure.is_met) == (100, True, True)


def test_educational_results_of_both_sides() -> None:
    """Mentees +4 and −1, a mentor +3: 6 ÷ 3 = 2; two of three rose. An answer without a start does not count."""
    town = asked().answer("N-1", Question.RESULTS, 4, 8).answer("N-2", Question.RESULTS, 6, 5)
    town.answer("T-1", Question.RESULTS, 5, 8, Side.MENTOR).answer("N-3", Question.RESULTS, None, 9)
    assert town.value("I-31") == 2
    assert town.value("I-31", "rose") == pytest.approx(100 * 2 / 3)
    assert (town.value("I-31", "side:mentee"), town.value("I-31", "side:mentor")) == (1.5, 3)


@pytest.mark.parametrize(
    ("id_", "question"),
    [("I-32", Question.MOTIVATION), ("I-33", Question.INNOVATION), ("I-34", Question.ADAPTATION)],
)
def test_change_of_mentees_only(id_: str, question: Question) -> None:
    town = asked().answer("N-1", question, 3, 7).answer("N-2", question, 5, 6)
    town.answer("T-1", question, 0, 10, Side.MENTOR)
    assert town.value(id_) == 2.5
    assert town.lacking(id_) == []


def test_innovation_counts_participants() -> None:
    assert asked().given(Quantity.INNOVATION_PARTICIPANTS, 4).value("I-33", "taking_part") == 4
    assert asked().lacking("I-33", "taking_part") == ["mentees taking part in innovation"]


def test_readiness_of_both_sides_and_plans() -> None:
    town = asked().answer("N-1", Question.READINESS, 2, 6).answer("T-1", Question.READINESS, 7, 7, Side.MENTOR)
    town.given(Quantity.PLANNING_MENTORS, 3).given(Quantity.PLANNING_MENTEES, 5)
    assert town.value("I-35") == 2
    assert (town.value("I-35", "planning_mentors"), town.value("I-35", "planning_mentees")) == (3, 5)


def test_nobody_is_asked_where_nobody_takes_part() -> None:
    town = Town().teacher("T-1")
    for id_ in ("I-05", "I-06", "I-31", "I-32", "I-33", "I-34", "I-35"):
        assert town.value(id_) is None
        assert town.lacking(id_) == []
