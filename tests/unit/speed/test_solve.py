"""Solving speed events: proofs, unequal sides, narrow rooms; certificates that prove nothing are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.outcome import Proof, SolveStatus
from matcher.speed.certificate import level_bounds
from matcher.speed.problem import SpeedProblem
from matcher.speed.solve import solve_speed


def ranked(num_mentors: int, num_mentees: int, most: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    wants = np.zeros((num_mentors, num_mentees), dtype=np.int64)
    for mentee in range(num_mentees):
        wants[rng.permutation(num_mentors)[:most], mentee] = np.arange(most, 0, -1)
    return wants


@pytest.mark.parametrize(("num_mentors", "num_mentees", "num_tables"), [(40, 40, 40), (35, 60, 35), (60, 35, 20)])
def test_the_sum_of_wants_is_proved(num_mentors: int, num_mentees: int, num_tables: int) -> None:
    wants = ranked(num_mentors, num_mentees, 8, seed=1)
    result = solve_speed(SpeedProblem.from_wants(wants, num_rounds=8, num_tables=num_tables))
    assert result.status is SolveStatus.OPTIMAL
    assert [(level.value, level.proof) for level in result.levels] == [(result.levels[0].bound, Proof.CERTIFICATE)]
    assert np.bincount(result.schedule.round).max() <= num_tables


def test_free_places_are_filled_without_giving_up_a_want() -> None:
    wants = ranked(12, 12, 3, seed=2)
    plain = solve_speed(SpeedProblem.from_wants(wants, num_rounds=4, num_tables=12))
    filled = solve_speed(SpeedProblem.from_wants(wants, num_rounds=4, num_tables=12, fill=True))
    assert filled.levels[0].value == plain.levels[0].value
    assert len(filled.schedule) == 48 > len(plain.schedule)


def test_those_whom_nobody_else_wants_come_first_where_cover_is_asked() -> None:
    wants = [[9, 8, 1]]
    assert solve_speed(SpeedProblem.from_wants(wants, num_rounds=2, num_tables=1)).levels[0].value == 17
    # Two mentors, one place a round: mentee 0 could have both meetings, cover gives one to mentee 1.
    both = [[9, 0], [9, 1]]
    first = SpeedProblem.from_wants(both, num_rounds=2, num_tables=1, least=1)
    found = solve_speed(first)
    assert [(level.name, level.value) for level in found.levels] == [("cover", 2), ("wants", 10)]


def test_meetings_are_spread_evenly() -> None:
    wants = np.array([[9, 5, 1]] * 3)
    found = solve_speed(SpeedProblem.from_wants(wants, num_rounds=3, num_tables=2, least=3))
    problem = SpeedProblem.from_wants(wants, num_rounds=3, num_tables=2, least=3)
    assert np.bincount(problem.mentee[found.schedule.pair]).tolist() == [2, 2, 2]


def test_an_event_without_pairs_is_an_answer() -> None:
    result = solve_speed(SpeedProblem.from_wants(np.zeros((2, 3), dtype=int), num_rounds=2, num_tables=1, least=1))
    assert len(result.schedule) == 0
    assert [level.value for level in result.levels] == [0, 0]


def test_a_person_may_have_no_meeting_at_all() -> None:
    problem = SpeedProblem.from_wants([[1, 1]], num_rounds=2, num_tables=2, max_mentee_meetings=[0, 1])
    assert problem.mentee[solve_speed(problem).schedule.pair].tolist() == [1]


def test_weaker_prices_give_a_weaker_bound_and_wrong_ones_none() -> None:
    problem = SpeedProblem.from_wants(ranked(5, 5, 3, seed=3), num_rounds=2, num_tables=3)
    result = solve_speed(problem)
    values = [level.value for level in result.levels]
    none = replace(result.prices, place=0, mentor=np.zeros(5, dtype=np.int64), mentee=np.zeros(5, dtype=np.int64))
    assert level_bounds(problem, none, values)[0] > values[0]
    large = replace(result.prices, place=2**60)
    assert level_bounds(problem, large, values)[0] > 2**60
    for wrong in (
        replace(result.prices, place=-1),
        replace(result.prices, weight=(1, 1)),
        replace(result.prices, mentor=-1 - result.prices.mentor),
        replace(result.prices, mentee=result.prices.mentee[1:]),
    ):
        with pytest.raises(ValueError, match="prices do not fit"):
            level_bounds(problem, wrong, values)
