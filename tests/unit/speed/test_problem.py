"""What a speed problem refuses, all faults at once, and what its levels weigh."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.errors import InputError
from matcher.speed.problem import SpeedProblem


def problem(**changes: object) -> SpeedProblem:
    parts: dict[str, object] = {
        "num_mentors": 2,
        "num_mentees": 3,
        "num_rounds": 2,
        "num_tables": 2,
        "mentor": np.array([0, 1, 1]),
        "mentee": np.array([0, 0, 2]),
        "want": np.array([3, 1, 2]),
        "max_mentor_meetings": np.array([2, 2]),
        "max_mentee_meetings": np.array([2, 2, 2]),
    }
    return SpeedProblem(**(parts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"want": np.array([1, 2])}, ["want"]),
        ({"want": np.array([1.0, 2.0, 3.0])}, ["want"]),
        ({"max_mentor_meetings": np.array([2])}, ["max_mentor_meetings"]),
        ({"mentor": np.array([0, 1, 2]), "mentee": np.array([-1, 0, 1])}, ["mentor", "mentee"]),
        ({"num_rounds": 0, "num_tables": 0, "least": 1}, ["num_rounds", "num_tables", "least"]),
        ({"want": np.array([-1, 1, 1])}, ["want"]),
        ({"max_mentee_meetings": np.array([2, -2, 2])}, ["max_mentee_meetings"]),
        ({"least": 3}, ["least"]),
        ({"mentor": np.array([1, 1, 1]), "want": np.array([0, 1, 1])}, ["mentor", "want"]),
        ({"want": np.array([2**59, 1, 1])}, ["want"]),
    ],
)  # fmt: skip
def test_faults_are_told_all_at_once(changes: dict[str, object], places: list[str]) -> None:
    with pytest.raises(InputError) as error:
        problem(**changes)
    assert [fault.place for fault in error.value.faults] == places


def test_unwanted_pairs_are_for_filling_only() -> None:
    assert problem(want=np.array([0, 1, 1]), fill=True).num_pairs == 3
    wants = [[3, 0], [0, 0]]
    assert SpeedProblem.from_wants(wants, num_rounds=1, num_tables=1).num_pairs == 1
    assert SpeedProblem.from_wants(wants, num_rounds=1, num_tables=1, fill=True).num_pairs == 4
    forbidden = [[True, False], [False, False]]
    assert SpeedProblem.from_wants(wants, num_rounds=1, num_tables=1, fill=True, forbidden=forbidden).num_pairs == 3


@pytest.mark.parametrize("wants", [[1, 2], [[0.5, 1.0]]])
def test_wants_are_a_table_of_whole_numbers(wants: object) -> None:
    with pytest.raises(InputError, match="a table of mentors by mentees"):
        SpeedProblem.from_wants(wants, num_rounds=1, num_tables=1)  # type: ignore[arg-type]


def test_a_unit_of_a_level_outweighs_all_below() -> None:
    found = problem(least=2, fill=True)
    below = 0
    for limit, weight in zip(reversed(found.level_limits), reversed(found.level_weights), strict=True):
        assert weight > below
        below += limit * weight
