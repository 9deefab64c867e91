"""The bound of the medium level: worked cases, and prices that prove nothing."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.meetings.bound import price_medium
from matcher.meetings.certificate import level_bounds, medium_bound
from matcher.meetings.problem import MeetingsProblem, Rule
from matcher.meetings.result import MediumCertificate
from tests.meeting_problems import meetings_problem


@pytest.fixture
def crowded() -> MeetingsProblem:
    """Return two meetings of 5 on an axis of 8 that two people would both like to attend: 2 grains × 2 are lost."""
    return meetings_problem(duration=[5, 5], required=[[0], [1]], preferred=[[2, 3], [2, 3]])


def test_the_bound_of_a_crowded_day(crowded: MeetingsProblem) -> None:
    certificate = price_medium(crowded, max_steps=1000)
    assert certificate is not None
    assert medium_bound(crowded, certificate) == -4


def test_any_prices_give_a_valid_bound(crowded: MeetingsProblem) -> None:
    for prices in ([0, 0], [1, 1], [2, 2], [2, 0], [9, 9], [-3, 5]):
        certificate = MediumCertificate(price=np.array(prices), scale=1)
        assert -4 <= medium_bound(crowded, certificate) <= 0
    assert medium_bound(crowded, MediumCertificate(price=np.array([2, 2]), scale=1)) == -4


@pytest.mark.parametrize(
    "certificate",
    [None, MediumCertificate(price=np.array([1]), scale=1), MediumCertificate(price=np.array([2, 2]), scale=0)],
)
def test_what_is_no_certificate_proves_nothing(crowded: MeetingsProblem, certificate: MediumCertificate | None) -> None:
    assert medium_bound(crowded, certificate) == 0


def test_nothing_to_prove_needs_no_prices() -> None:
    problem = meetings_problem(duration=[5, 5], required=[[0], [1]])
    assert price_medium(problem, max_steps=1000) is None


def test_a_search_cut_short_proves_nothing(crowded: MeetingsProblem) -> None:
    assert price_medium(crowded, max_steps=1) is None


def test_bounds_of_the_other_levels() -> None:
    problem = meetings_problem(duration=[1, 3, 2], required=[[0, 1, 2], [1], [2]], days=[2, 2], rooms=[2])
    # One seat lacks, one meeting is longer than a day; in one room the meetings end at 0, 2 and 5.
    assert level_bounds(problem, None, hard_kept=True) == (-2, 0, -7)
    # With shared rooms each may begin at once: 0, 1 and 2.
    assert level_bounds(problem, None, hard_kept=False) == (-2, 0, -3)


def test_rooms_that_may_be_shared_do_not_delay() -> None:
    problem = meetings_problem(duration=[1, 3], required=[[0], [1]], rooms=[2], weights={Rule.ROOM_CONFLICT: 0})
    assert level_bounds(problem, None, hard_kept=True)[2] == -2
