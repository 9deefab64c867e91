"""Wrong meetings problems: every fault at once, each at its place."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.errors import InputError
from matcher.meetings.problem import MeetingsProblem, Rule
from tests.meeting_problems import meetings_problem


def places(problem: MeetingsProblem, **changes: object) -> list[str]:
    fields = {name: getattr(problem, name) for name in MeetingsProblem.__dataclass_fields__}
    with pytest.raises(InputError) as error:
        MeetingsProblem(**(fields | changes))
    return [fault.place for fault in error.value.faults]


@pytest.fixture
def problem() -> MeetingsProblem:
    return meetings_problem(duration=[1, 2], required=[[0], [1]], preferred=[[1], []])


def test_narrow_numbers_are_widened(problem: MeetingsProblem) -> None:
    narrow = MeetingsProblem(
        grain_day=problem.grain_day.astype(np.int8),
        duration=problem.duration.astype(np.uint16),
        required=problem.required,
        preferred=problem.preferred,
        room_capacity=problem.room_capacity.astype(np.int32),
    )
    assert {a.dtype for a in (narrow.grain_day, narrow.duration, narrow.room_capacity)} == {np.dtype(np.int64)}


def test_shapes_and_kinds_are_looked_at_first(problem: MeetingsProblem) -> None:
    assert places(
        problem,
        preferred=np.zeros((2, 5), dtype=bool),
        required=np.ones((2, 6)),
        room_capacity=np.array([1.5]),
        busy=np.zeros((6, 3), dtype=bool),
    ) == ["required", "preferred", "room_capacity", "busy"]


def test_every_fault_of_meaning_is_listed(problem: MeetingsProblem) -> None:
    assert places(
        problem,
        grain_day=np.array([1, 0, 0]),
        duration=np.array([0, 4]),
        preferred=problem.required,
        room_capacity=np.array([3, 0]),
        weights={rule: 1 for rule in Rule if rule is not Rule.BREAK} | {Rule.OVERLAP: -1},
    ) == [
        "grain_day",
        "duration[0]",
        "duration[1]",
        "room_capacity[1]",
        "preferred[0, 0]",
        "preferred[1, 1]",
        "weights[break]",
        "weights[overlap]",
    ]


def test_no_time_and_no_rooms_are_faults(problem: MeetingsProblem) -> None:
    none = np.zeros(0, dtype=np.int64)
    assert places(problem, grain_day=none, room_capacity=none)[:2] == ["grain_day", "room_capacity"]
