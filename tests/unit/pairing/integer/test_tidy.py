"""Second mentors who add nothing are taken out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.pairing.integer.tidy import tidied
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing


def two_mentors(covered_by_second: list[int], *, locked: bool = False) -> PairingProblem:
    """One mentee with two requests; the first mentor covers request 0, the second is an extra one."""
    plain = PairingProblem.from_edges([0, 1], [0, 0], [-1, -1], demand=2)
    return replace(
        plain,
        item_mentee=np.array([0, 0]),
        item_points=np.array([[5, 5]]),
        cover_option=np.array([0] + [1] * len(covered_by_second)),
        cover_item=np.array([0, *covered_by_second]),
        extra=np.array([False, True]),
        locked=np.array([False, locked]),
    )


@pytest.mark.parametrize(
    ("covered", "locked", "kept"), [([0], False, [0]), ([0, 1], False, [0, 1]), ([], False, [0]), ([0], True, [0, 1])]
)
def test_only_idle_second_mentors_go(covered: list[int], locked: bool, kept: list[int]) -> None:
    problem = two_mentors(covered, locked=locked)
    assert tidied(problem, Pairing.of(problem, [0, 1])).option.tolist() == kept
