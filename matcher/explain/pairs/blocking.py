"""Stability as a report: two who may work together and would both rather do so than keep what they have.

References
----------
.. [1] D. Gale and L. S. Shapley, "College admissions and the stability of marriage", American Mathematical Monthly 69
   (1962).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.explain.case import Case
from matcher.explain.findings import BlockingPair

IntArray = NDArray[np.int64]
_WISH_SCALE = 100


def blocking_pairs(case: Case) -> tuple[BlockingPair, ...]:
    """Return the blocking pairs of a plan, by mentee and mentor.

    Each side likes another the better, the higher its own wish; between equal wishes, the more points the pair has.
    Somebody without a partner, or with a free place, likes anybody better than nobody. Locked pairs are never left.
    """
    p, state = case.problem, case.state
    options = np.flatnonzero((p.group < 0) & ~state.impossible(np.arange(p.num_options)))
    if p.extra is not None:
        options = options[~p.extra[options]]
    if p.companion is not None:
        options = options[p.companion[options] < 0]
    taste = _Tastes(case)
    mentee_gives_up = taste.worst_of_mentees()
    mentor_gives_up = taste.worst_of_mentors()
    found = {}
    both = taste.prefers(options, mentee_gives_up, mentor_gives_up)
    for option in options[both].tolist():
        mentor, mentee = case.ids_of(option)
        if (mentor, mentee) in case.couples:
            continue
        left_by_mentee = mentee_gives_up[int(p.mentee[option])]
        left_by_mentor = mentor_gives_up[int(p.mentor[option])]
        found[mentee, mentor] = BlockingPair(
            mentor=mentor,
            mentee=mentee,
            instead_mentor=None if left_by_mentee < 0 else case.ids_of(left_by_mentee)[0],
            instead_mentee=None if left_by_mentor < 0 else case.ids_of(left_by_mentor)[1],
        )
    return tuple(found[key] for key in sorted(found))


_FREE, _NOTHING_TO_GIVE = -1, -2


class _Tastes:
    """How much each side of an option likes it: own wish first, then points."""

    def __init__(self, case: Case) -> None:
        p, columns = case.problem, case.candidates.columns
        self._case = case
        neutral = columns.policy.thresholds.neutral_wish
        key = p.mentor * columns.num_mentees + p.mentee
        points = p.points[case.problem.headline].astype(np.float64)
        # Points of a pair are less than one step of a wish.
        part = (points - points.min(initial=0)) / (1 + np.ptp(points) if len(points) else 1)
        self.of_mentor = np.rint(_WISH_SCALE * columns.marks.mentor_wish.at(key, neutral)) + part
        self.of_mentee = np.rint(_WISH_SCALE * columns.marks.mentee_wish.at(key, neutral)) + part

    def worst_of_mentees(self) -> list[int]:
        """Return per mentee the chosen option he likes least, −1 where he has nobody, −2 where all are locked."""
        return self._worst(self._case.problem.mentee, self._case.problem.num_mentees, self.of_mentee, is_full=None)

    def worst_of_mentors(self) -> list[int]:
        """Return per mentor the chosen pair he likes least, −1 where he has a free place, −2 where none can go."""
        p, state = self._case.problem, self._case.state
        full = (state.pairs >= p.max_individual) | (state.pairs + state.groups >= p.max_places)
        return self._worst(p.mentor, p.num_mentors, self.of_mentor, is_full=full)

    def _worst(
        self, side: IntArray, number: int, taste: NDArray[np.float64], is_full: NDArray[np.bool_] | None
    ) -> list[int]:
        p = self._case.problem
        found = [_FREE] * number if is_full is None else [_NOTHING_TO_GIVE if f else _FREE for f in is_full.tolist()]
        for option in self._case.pairing.option.tolist():
            person = int(side[option])
            if is_full is not None and (not is_full[person] or p.group[option] >= 0):
                continue
            if p.locked[option]:
                found[person] = _NOTHING_TO_GIVE if found[person] < 0 else found[person]
            elif found[person] < 0 or taste[option] < taste[found[person]]:
                found[person] = option
        return found

    def prefers(self, options: IntArray, mentee_gives_up: list[int], mentor_gives_up: list[int]) -> NDArray[np.bool_]:
        """Return which options both sides like better than what they would give up."""
        p = self._case.problem
        both = np.ones(len(options), dtype=bool)
        for side, taste, gives_up in (
            (p.mentee, self.of_mentee, np.array(mentee_gives_up, dtype=np.int64)),
            (p.mentor, self.of_mentor, np.array(mentor_gives_up, dtype=np.int64)),
        ):
            left = gives_up[side[options]]
            kept = np.where(left >= 0, taste[np.maximum(left, 0)], -1.0)
            both &= (left != _NOTHING_TO_GIVE) & (taste[options] > kept)
        return both
