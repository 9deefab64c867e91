"""Second mentors who would cover nothing that is left open (HR-04)."""

from __future__ import annotations

import numpy as np

from matcher.candidates.second import may_stay, rivals
from matcher.pairing.verify import violations
from matcher.roster import MentoringKind, Topic
from tests.rosters import MATHS, Round, request

UPBRINGING = request(Topic.UPBRINGING, priority=2)


def arrays(rows: list[tuple[int, int, bool, bool]]) -> tuple[np.ndarray, ...]:  # type: ignore[type-arg]
    """Return mentor, covered, extra, risky of the options of one mentee."""
    mentor, covered, extra, risky = (np.array(column) for column in zip(*rows, strict=True))
    return mentor.astype(np.int64), covered.astype(np.uint64), extra.astype(bool), risky.astype(bool)


def test_with_two_mentors_a_seat_conflicts_with_first_mentors_who_cover_as_much() -> None:
    mentor, covered, extra, risky = arrays(
        [(0, 0b11, False, False), (1, 0b01, False, False), (2, 0b10, True, True), (3, 0b10, True, False)]
    )
    mentee = np.zeros(4, dtype=np.int64)
    assert may_stay(mentor, mentee, covered, extra, risky, np.array([2])).all()
    first, second = rivals(mentee, covered, extra, risky, np.array([2]))
    assert (first.tolist(), second.tolist()) == ([2], [0])


def test_a_need_no_first_mentor_covers_needs_no_conflict() -> None:
    mentor, covered, extra, risky = arrays([(0, 0b01, False, False), (1, 0b10, True, True)])
    mentee = np.zeros(2, dtype=np.int64)
    assert may_stay(mentor, mentee, covered, extra, risky, np.array([2])).all()
    assert len(rivals(mentee, covered, extra, risky, np.array([2]))[0]) == 0


def test_with_three_mentors_only_a_need_of_nobody_else_stays() -> None:
    mentor, covered, extra, risky = arrays(
        [(0, 0b001, False, False), (1, 0b010, True, True), (2, 0b010, True, False), (3, 0b100, True, True)]
    )
    mentee = np.zeros(4, dtype=np.int64)
    assert may_stay(mentor, mentee, covered, extra, risky, np.array([3])).tolist() == [True, False, True, True]


def test_too_many_conflicts_are_not_written_down() -> None:
    mentor, covered, extra, risky = arrays([(0, 0b11, False, False), (1, 0b10, True, True)])
    mentee = np.zeros(2, dtype=np.int64)
    assert may_stay(mentor, mentee, covered, extra, risky, np.array([2]), most=0).tolist() == [True, False]


def test_nobody_fills_a_group_without_getting_anything_from_it() -> None:
    here = Round().mentor("M-1").mentor("M-2", topics=(Topic.UPBRINGING,), max_individual=0)
    here.mentee("N-1", requests=(MATHS, UPBRINGING), max_mentors=2)
    here.mentee("N-2", requests=(request(Topic.UPBRINGING),), kinds=(MentoringKind.GROUP,), max_mentors=2)
    here.add(wishes=[])
    built, result = here.solve()
    pairs = {
        (built.columns.mentor_id[m], built.columns.mentee_id[n])
        for m, n in zip(result.pairing.mentor.tolist(), result.pairing.mentee.tolist(), strict=True)
    }
    covered_by_first = ("M-1", "N-1") in pairs
    assert covered_by_first
    assert len(built.problem.conflict_first) > 0
    assert violations(built.problem, result.pairing) == ()
    assert ("M-2", "N-1") not in pairs
