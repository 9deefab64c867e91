"""Reverse pairs: the younger one teaches the older one new technologies (HR-08, A-31)."""

from __future__ import annotations

import numpy as np

from matcher.candidates.codes import KINDS, BoolArray, Words
from matcher.candidates.edges import Edges
from matcher.roster import MentoringKind


def may_be_reverse(edges: Edges) -> BoolArray:
    """Return the pairs whose mentor is known to be younger and covers a need in new technologies (HR-08)."""
    columns = edges.columns
    mine, theirs = columns.mentors.age[edges.mentor], columns.mentees.age[edges.mentee]
    younger: BoolArray = (mine >= 0) & (mine < theirs)
    return younger & (reverse_needs(edges) > 0) if columns.policy.rule("HR-08").on else reverse_needs(edges) > 0


def reverse_needs(edges: Edges) -> Words:
    """Return per pair the covered needs that are new technologies."""
    needs = edges.columns.needs
    mask = np.zeros(edges.columns.num_mentees, dtype=np.uint64)
    for at in range(needs.width):
        need = needs.need[:, at]
        mask |= ((need >= 0) & needs.is_reverse[need]).astype(np.uint64) << np.uint64(at)
    return edges.covered & mask[edges.mentee]


def is_fixed_in(edges: Edges, kind: MentoringKind) -> BoolArray:
    """Return the pairs that run, or are agreed, in this kind."""
    found: BoolArray = edges.columns.marks.lock_kind.at(edges.key, -1) == KINDS.index(kind)
    return found
