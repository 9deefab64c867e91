"""How many sessions fit into days, and what an activity reaches by itself."""

from __future__ import annotations

import numpy as np

from matcher.sessions.count import count, least_alone, walk
from matcher.sessions.layout import build_layout, days_of, to_mask
from tests.session_problems import problem_of

NEXT_OF_THREE_DAYS = np.tile(np.minimum(10, np.arange(10) + 3), (2, 1))


def test_a_mask_and_its_days_agree() -> None:
    row = np.zeros(300, dtype=np.bool_)
    row[[0, 7, 8, 299]] = True
    assert days_of(to_mask(row)) == [0, 7, 8, 299]


def test_the_walk_takes_the_earliest_day_that_is_far_enough() -> None:
    activity = build_layout(problem_of(next_day=NEXT_OF_THREE_DAYS, wanted=[4, 4])).activities[0]
    mask = sum(1 << day for day in (0, 2, 3, 5, 6, 9))
    assert walk(mask, activity) == [0, 3, 6, 9]
    assert count(mask, activity) == 4


def test_no_more_days_than_needed() -> None:
    activity = build_layout(problem_of(next_day=NEXT_OF_THREE_DAYS, wanted=[2, 2])).activities[0]
    assert walk((1 << 10) - 1, activity) == [0, 3]


def test_alone_an_activity_misses_the_window_without_a_day() -> None:
    days = np.zeros((4, 10), dtype=np.bool_)
    days[0, [0, 5]] = True
    days[2, 0] = days[3, 0] = True
    missing, rhythm = least_alone(problem_of(choice_days=days))
    assert missing.tolist() == [0, 1]
    assert rhythm.tolist() == [1, 1]


def test_two_keys_are_needed_where_each_time_serves_one_week_only() -> None:
    days = np.zeros((4, 10), dtype=np.bool_)
    days[0, 0] = days[1, 5] = days[2, [0, 5]] = True
    assert least_alone(problem_of(choice_days=days))[1].tolist() == [2, 1]


def test_a_week_limit_counts_alone_too() -> None:
    every = np.ones((4, 10), dtype=np.bool_)
    problem = problem_of(
        choice_days=every,
        next_day=np.tile(np.minimum(10, np.arange(10) + 1), (2, 1)),
        wanted=[6, 6],
        week_minutes=[100, -1, -1],
    )
    assert least_alone(problem)[0].tolist() == [2, 2]


def test_the_fixed_session_of_another_takes_the_day() -> None:
    days = np.zeros((4, 10), dtype=np.bool_)
    days[0, [0, 5]] = days[2, [0, 5]] = True
    assert least_alone(problem_of(choice_days=days, fixed_choice=[0], fixed_day=[0]))[0].tolist() == [0, 1]
