"""Reverse pairs: the younger one teaches the older one new technologies (HR-08, A-31)."""

from __future__ import annotations

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
    return edges.covered & edges.columns.needs.reverse_mask[edges.mentee]


def is_fixed_in(edges: Edges, kind: MentoringKind) -> BoolArray:
    """Return the pairs that run, or are agreed, in this kind."""
    found: BoolArray = edges.columns.marks.lock_kind.at(edges.key, -1) == KINDS.index(kind)
    return found
