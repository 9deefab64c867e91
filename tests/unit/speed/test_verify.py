"""The judge of speed events: each rule with a schedule that keeps it and one that breaks it."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.speed.problem import SpeedProblem
from matcher.speed.result import Schedule
from matcher.speed.verify import level_values, violations

# Pairs: 0 = (0, 0), 1 = (0, 1), 2 = (1, 0), 3 = (1, 1).
WANTS = [[5, 1], [2, 4]]


def event(num_rounds: int = 2, num_tables: int = 2, **changes: object) -> SpeedProblem:
    return SpeedProblem.from_wants(WANTS, num_rounds=num_rounds, num_tables=num_tables, **changes)  # type: ignore[arg-type]


def rules(problem: SpeedProblem, pair: list[int], round_: list[int], table: list[int]) -> set[str]:
    return {v.rule for v in violations(problem, Schedule.of(pair, round_, table))}


def test_a_full_event_keeps_every_rule() -> None:
    assert rules(event(), [0, 3, 1, 2], [0, 0, 1, 1], [0, 1, 0, 1]) == set()


def test_nobody_needs_to_meet() -> None:
    assert rules(event(), [], [], []) == set()


@pytest.mark.parametrize(
    ("pair", "round_", "table"), [([4], [0], [0]), ([-1], [0], [0]), ([0], [2], [0]), ([0], [0], [2]), ([0], [-1], [0])]
)
def test_pairs_rounds_and_tables_exist(pair: list[int], round_: list[int], table: list[int]) -> None:
    assert rules(event(), pair, round_, table) == {"form"}


def test_every_meeting_has_a_round_and_a_table() -> None:
    one, two = np.zeros(1, dtype=np.int64), np.zeros(2, dtype=np.int64)
    assert [v.rule for v in violations(event(), Schedule(pair=two, round=one, table=two))] == ["form"]


def test_nobody_meets_the_same_person_twice() -> None:
    assert rules(event(), [0, 0], [0, 1], [0, 0]) == {"twice"}


def test_a_mentor_sits_in_one_meeting_a_round() -> None:
    found = violations(event(), Schedule.of([0, 1], [0, 0], [0, 1]))
    assert [(v.rule, v.subjects) for v in found] == [("clash", (0, 0))]
    assert rules(event(), [0, 1], [0, 1], [0, 1]) == set()


def test_a_mentee_sits_in_one_meeting_a_round() -> None:
    found = violations(event(), Schedule.of([1, 3], [1, 1], [0, 1]))
    assert [(v.rule, v.subjects) for v in found] == [("clash", (1, 1))]
    assert rules(event(), [1, 3], [0, 1], [0, 1]) == set()


def test_a_person_has_so_many_meetings_at_most() -> None:
    for side in ("max_mentor_meetings", "max_mentee_meetings"):
        assert rules(event(**{side: 1}), [0, 3], [0, 1], [0, 0]) == set()
        assert rules(event(**{side: [1, 2]}), [0, 1, 2], [0, 1, 1], [0, 0, 1]) == {"most"}


def test_no_more_meetings_at_once_than_tables() -> None:
    assert rules(event(num_tables=1), [0, 3], [0, 1], [0, 0]) == set()
    assert rules(event(num_tables=1), [0, 3], [0, 0], [0, 0]) == {"tables"}


def test_one_meeting_at_a_table() -> None:
    found = violations(event(), Schedule.of([0, 3], [1, 1], [1, 1]))
    assert [(v.rule, v.subjects) for v in found] == [("tables", (1, 1))]


def test_wants_are_added_up() -> None:
    assert level_values(event(), Schedule.of([0, 3], [0, 0], [0, 1])) == (9,)


def test_the_first_meetings_of_a_mentee_count_above_wants_and_even_ones_more() -> None:
    problem = event(least=2, fill=True)
    assert problem.level_names == ("cover", "wants", "fill")
    both_of_one = Schedule.of([0, 2], [0, 1], [0, 0])
    one_each = Schedule.of([0, 3], [0, 0], [0, 1])
    assert level_values(problem, both_of_one) == (1 + 2, 7, 1 + 2)
    assert level_values(problem, one_each) == (2 + 2, 9, 2 + 2)
