"""Second mentors who would cover nothing that is left open: HR-04 does not allow them.

An option for a second mentor costs points and is chosen only for what it covers, with one exception: a seat can also
be wanted because it fills a group for others, a reverse pair because of its counter-assignment. Such a *risky* option
must not stand beside others that cover everything it covers. Where it covers a need that no first mentor covers (no
other mentor at all, where the mentee may have three), this cannot happen. Else, with two mentors at most, it is a
conflict with every first mentor who covers as much; where these conflicts are too many to write down the option is left
out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcher.candidates.codes import BoolArray, IntArray, Words

MOST_RIVALS = 20_000
"""Conflicts between first and second mentors that are written down one by one."""

_NOTHING = np.uint64(0)


def may_stay(
    mentor: IntArray,
    mentee: IntArray,
    covered: Words,
    extra: BoolArray,
    risky: BoolArray,
    max_mentors: IntArray,
    *,
    most: int = MOST_RIVALS,
) -> BoolArray:
    """Return which options stay, as :mod:`matcher.candidates.second` says; arrays are per option, by mentee."""
    two_at_most = max_mentors[mentee] <= 2
    own = _not_of_first(mentee, covered, extra)
    more = np.flatnonzero(~two_at_most)
    own[more] = _of_nobody_else(mentor[more], mentee[more], covered[more])
    plain = risky & (own == _NOTHING)
    writable = plain & two_at_most
    if _num_rivals(mentee, covered, extra, writable) > most:
        writable = np.zeros_like(plain)
    stays: BoolArray = ~plain | writable
    return stays


def rivals(
    mentee: IntArray, covered: Words, extra: BoolArray, risky: BoolArray, max_mentors: IntArray
) -> tuple[IntArray, IntArray]:
    """Return the conflicts: a risky option, and a first mentor of the same mentee who covers as much."""
    plain = risky & (_not_of_first(mentee, covered, extra) == _NOTHING) & (max_mentors[mentee] <= 2)
    rows_of = _rows_by_mentee(mentee)
    first, second = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for at in np.flatnonzero(plain).tolist():
        mine = rows_of(int(mentee[at]))
        outdone = mine[~extra[mine] & (covered[mine] & covered[at] == covered[at])]
        first.append(np.full(len(outdone), at))
        second.append(outdone)
    return np.concatenate(first), np.concatenate(second)


def _not_of_first(mentee: IntArray, covered: Words, extra: BoolArray) -> Words:
    """Return per option the needs it covers and no first mentor of the mentee does."""
    by_first = np.zeros(int(mentee.max(initial=-1)) + 1, dtype=np.uint64)
    np.bitwise_or.at(by_first, mentee[~extra], covered[~extra])
    found: Words = covered & ~by_first[mentee]
    return found


def _of_nobody_else(mentor: IntArray, mentee: IntArray, covered: Words) -> Words:
    """Return per option the needs it covers and no option of another mentor does."""
    found = np.zeros(len(covered), dtype=np.uint64)
    num_mentees = int(mentee.max(initial=-1)) + 1
    for at in range(int(covered.max(initial=_NOTHING)).bit_length()):
        bit = np.uint64(1 << at)
        has = np.flatnonzero(covered & bit > _NOTHING)
        pairs = np.unique(mentor[has] * num_mentees + mentee[has])
        num_mentors = np.bincount(pairs % max(1, num_mentees), minlength=num_mentees)
        found[has] |= np.where(num_mentors[mentee[has]] == 1, bit, _NOTHING)
    return found


def _num_rivals(mentee: IntArray, covered: Words, extra: BoolArray, plain: BoolArray) -> int:
    """Return how many conflicts options have with first mentors, counted by different patterns of needs."""
    rows_of = _rows_by_mentee(mentee)
    total = 0
    for n in np.unique(mentee[plain]).tolist():
        mine = rows_of(n)
        pattern, number = np.unique(covered[mine[plain[mine]]], return_counts=True)
        by_first = covered[mine[~extra[mine]]]
        total += int((((by_first[:, None] & pattern) == pattern).sum(axis=0) * number).sum())
    return total


def _rows_by_mentee(mentee: IntArray) -> Callable[[int], IntArray]:
    """Return a function that gives the options of a mentee; options are sorted by mentee."""
    begin = np.searchsorted(mentee, np.arange(int(mentee.max(initial=-1)) + 2))

    def rows_of(n: int) -> IntArray:
        return np.arange(begin[n], begin[n + 1])

    return rows_of
