"""The adapter of the benchmark workbooks, and the first plan of the smallest one."""

from __future__ import annotations

import pytest

from benchmarks.meeting_workbooks import read_workbook, workbook
from matcher.meetings.bound import price_medium
from matcher.meetings.certificate import medium_bound
from matcher.meetings.problem import Rule
from matcher.meetings.solve import solve_meetings

pytestmark = pytest.mark.shared


@pytest.mark.parametrize(("num_meetings", "num_grains"), [(50, 160), (100, 320), (200, 640)])
def test_sizes_are_those_of_the_file_name(num_meetings: int, num_grains: int) -> None:
    problem = read_workbook(workbook(num_meetings))
    assert (problem.num_meetings, problem.num_grains, problem.num_rooms) == (num_meetings, num_grains, 5)
    assert problem.weights[Rule.BREAK] == 100
    # The workbook itself says what all meetings without a room would lack in seats.
    assert int(problem.attendance.sum()) == {50: 539, 100: 935, 200: 2038}[num_meetings]


def test_a_bound_of_the_medium_level_is_certified() -> None:
    problem = read_workbook(workbook(50))
    assert medium_bound(problem, price_medium(problem, max_steps=50_000)) == -131


def test_a_good_plan_comes_soon() -> None:
    result = solve_meetings(read_workbook(workbook(50)), work_limit=150_000, seed=1)
    assert result.hard.value == 0
    assert result.medium.value >= -200
