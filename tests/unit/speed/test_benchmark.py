"""The table of speed events: every method is judged on the same wants; nothing is timed here."""

from __future__ import annotations

import numpy as np

from benchmarks import speed

TINY = (5, 6, 3, 3, 4, 1)


def test_a_mentee_ranks_mentors_once_each() -> None:
    wants = speed.ranked_wants(10, 7, 4, seed=3)
    assert np.array_equal(np.sort(wants, axis=0)[-4:], np.tile([[1], [2], [3], [4]], 7))
    assert not np.array_equal(wants, speed.ranked_wants(10, 7, 4, seed=4))


def test_methods_agree_on_what_is_best() -> None:
    mine, plain, greedy = (measure(*TINY) for measure in (speed.ours, speed.plain_cpsat, speed.round_by_round))
    assert mine.value == mine.bound == plain.value == plain.bound
    assert greedy.value is not None
    assert mine.value is not None
    assert 0 < greedy.value <= mine.value
    assert all("meetings" in row.note for row in (mine, plain, greedy))
