"""What a pairing problem accepts, what it refuses, and what its short forms mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.errors import InputError
from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps
from tests.unit.pairing.building import build, ints, steps


def small() -> PairingProblem:
    return build(
        [(0, 0), (1, 1), (1, 0)],
        [1, 2, 3],
        group=[-1, -1, 0],
        groups=[(1, 0, 1, 2)],
        item_mentee=[0],
        item_points=ints([[1]]),
        cover_option=[0],
        cover_item=[0],
        quota_option=[0],
        quota_owner=[0],
        quota_steps=steps([(0, 2, [0])]),
    )


def places_of(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [fault.place for fault in error.value.faults]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("mentee", ints([0, 1])),
        ("points", ints([[1, 2]])),
        ("points", np.array([[1.5, 2, 3]])),
        ("mentor", ints([0, 2, 1])),
        ("mentee", ints([0, -1, 0])),
        ("group", ints([-1, -1, 1])),
        ("group", ints([0, -1, 0])),
        ("max_places", ints([-1, 1])),
        ("mentor_minutes", ints([-1, 1, 0])),
        ("served_points", ints([[-1, 0]])),
        ("item_points", ints([[-1]])),
        ("cover_item", ints([1])),
        ("quota_owner", ints([1])),
        ("locked", ints([0, 0, 1])),
        ("extra", ints([0, 0, 1])),
        ("companion", ints([-1, 3, 0])),
        ("group_min_size", ints([0])),
        ("slots", np.zeros((2, 1), dtype=np.uint64)),
        ("required_min_load", ints([1])),
        ("points", ints([[0, 0, 2**40]])),
        ("load_steps", steps([(1, 1, [0]), (0, 1, [0])])),
        ("load_steps", steps([(0, 1, [0]), (0, 1, [1])])),
        ("load_steps", steps([(1, 1, [0])])),
        ("quota_steps", steps([(0, -1, [0])])),
        ("worst_off_level", 0),
    ],
)
def test_what_is_wrong_is_named(place: str, value: Any) -> None:
    with pytest.raises(InputError) as error:
        replace(small(), **{place: value})
    assert places_of(error) == [place]


@pytest.mark.parametrize(("first", "second"), [("cover_option", "cover_item"), ("quota_option", "quota_owner")])
def test_an_entry_listed_twice_is_refused(first: str, second: str) -> None:
    with pytest.raises(InputError) as error:
        replace(small(), **{first: ints([0, 0]), second: ints([0, 0])})
    assert places_of(error) == [first]


def test_all_faults_come_at_once() -> None:
    with pytest.raises(InputError) as error:
        replace(small(), mentor=ints([0, 2, 1]), mentee=ints([0, -1, 0]), max_places=ints([-1, 1]))
    assert set(places_of(error)) >= {"mentor", "mentee", "max_places"}


def test_narrow_numbers_are_widened() -> None:
    assert replace(small(), mentor=np.array([0, 1, 1], dtype=np.int8)).mentor.dtype == np.int64


def test_a_table_becomes_options_row_by_row_without_the_forbidden() -> None:
    problem = PairingProblem.from_scores([[3, 1, 2], [2, 4, 0]], forbidden=[[0, 1, 0], [0, 0, 0]], capacity=[2, 1])
    assert problem.mentor.tolist() == [0, 0, 1, 1, 1]
    assert problem.mentee.tolist() == [0, 2, 0, 1, 2]
    assert problem.points.tolist() == [[3, 2, 2, 4, 0]]
    assert (problem.max_places.tolist(), problem.max_mentors.tolist(), problem.unit) == ([2, 1], [1, 1, 1], 1)


def test_fractions_are_rounded_to_the_scale_and_whole_floats_stay() -> None:
    fractions = PairingProblem.from_scores([[0.25, 1.0]], scale=100)
    assert (fractions.points.tolist(), fractions.unit) == ([[25, 100]], 100)
    whole = PairingProblem.from_scores([[2.0, -1.0]])
    assert (whole.points.tolist(), whole.unit) == ([[2, -1]], 1)


def test_hours_and_their_limits_share_one_unit() -> None:
    problem = PairingProblem.from_edges([0, 0], [0, 1], [1, 1], hours=[1.5, 2.0], hours_limit=3.25, scale=4)
    assert problem.mentor_minutes.tolist() == [6, 8]
    assert problem.max_minutes.tolist() == [13]
    assert PairingProblem.from_edges([0], [0], [1], hours=[2]).max_minutes.tolist() == [NO_LIMIT]


@pytest.mark.parametrize("scores", [[[1.0, np.nan]], [[np.inf, 0.0]]])
def test_a_score_that_is_no_number_is_refused(scores: Any) -> None:
    with pytest.raises(InputError) as error:
        PairingProblem.from_scores(scores)
    assert places_of(error) == ["score"]


def test_a_list_is_no_table() -> None:
    with pytest.raises(InputError):
        PairingProblem.from_scores([1, 2, 3])


def test_an_edge_outside_is_refused() -> None:
    with pytest.raises(InputError) as error:
        PairingProblem.from_edges([0, 5], [0, 1], [1, 1], num_mentors=2, quotas=[([0, 1], 1)])
    assert "mentor" in places_of(error)


def test_a_quota_of_unknown_mentors_is_refused() -> None:
    with pytest.raises(InputError) as error:
        PairingProblem.from_edges([0], [0], [1], quotas=[([0, 3], 1)])
    assert places_of(error) == ["quotas"]


def test_quotas_list_the_edges_of_their_mentors() -> None:
    problem = PairingProblem.from_edges([0, 1, 2, 1], [0, 1, 2, 2], [1] * 4, quotas=[([0, 1], 2), ([1], 1)])
    members = sorted(zip(problem.quota_owner.tolist(), problem.quota_option.tolist(), strict=True))
    assert members == [(0, 0), (0, 1), (0, 3), (1, 1), (1, 3)]
    assert problem.quota_steps.width.tolist() == [2, 1]


def test_locks_and_least_loads_are_levels_above_the_points() -> None:
    problem = PairingProblem.from_edges([0, 1], [0, 1], [5, 6], locked=[True, False], min_load=[0, 2], capacity=[1, 3])
    assert problem.level_names == ("locks", "least", "points")
    assert problem.points.tolist() == [[1, 0], [0, 0], [5, 6]]
    found = problem.load_steps
    assert (found.owner.tolist(), found.width.tolist()) == ([0, 1, 1], [1, 2, 1])
    assert found.points.tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_cover_first_counts_each_side_once() -> None:
    problem = PairingProblem.from_edges([0, 0], [0, 1], [5, 6], capacity=[2]).with_objective("cover_first")
    assert problem.level_names == ("cover", "points")
    assert problem.served_points.tolist() == [[1, 1], [0, 0]]
    assert problem.load_steps.width.tolist() == [1, 1]
    assert problem.load_steps.points.tolist() == [[1, 0], [0, 0]]


def test_cover_first_keeps_the_steps_there_are() -> None:
    problem = build([(0, 0)], [1], max_individual=[4], max_places=[4], load_steps=steps([(0, 2, [5]), (0, 2, [3])]))
    found = replace(problem, level_names=("points",)).with_objective("cover_first").load_steps
    assert found.width.tolist() == [1, 1, 2]
    assert found.points.tolist() == [[1, 0, 0], [5, 5, 3]]


def test_worst_off_first_guards_the_points() -> None:
    problem = PairingProblem.from_edges([0, 0], [0, 1], [5, 6]).with_objective("worst_off_first")
    assert problem.level_names == ("worst_off", "points")
    assert problem.worst_off_level == 0
    assert problem.floor_points is not None
    assert problem.floor_points.tolist() == [5, 6]
    assert problem.with_objective("total") is problem


def test_an_unknown_objective_does_not_become_another() -> None:
    with pytest.raises(InputError) as error:
        PairingProblem.from_scores([[1]]).with_objective("best")  # type: ignore[arg-type]
    assert places_of(error) == ["objective"]


def test_nothing_at_all_is_a_problem_too() -> None:
    problem = PairingProblem.from_edges([], [], np.zeros(0, dtype=np.int64))
    assert (problem.num_mentors, problem.num_mentees, problem.num_options, problem.num_quotas) == (0, 0, 0, 0)
    assert Steps.none(2).points.shape == (2, 0)


def test_an_option_covers_items_of_its_own_mentee_only() -> None:
    plain = PairingProblem.from_edges([0, 0], [0, 1], [1, 1])
    covered = {"item_mentee": np.array([1]), "item_points": np.array([[1]]), "cover_item": np.array([0])}
    assert replace(plain, **covered, cover_option=np.array([1])).num_items == 1
    with pytest.raises(InputError, match="another mentee"):
        replace(plain, **covered, cover_option=np.array([0]))
