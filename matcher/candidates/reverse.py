"""Reverse pairs: the younger one teaches the older one new technologies (HR-08, A-31)."""

from __future__ import annotations

import numpy as np

from matcher.candidates.codes import KINDS, BoolArray, IntArray, Words, has_bit
from matcher.candidates.columns import Columns
from matcher.candidates.edges import Edges, SideForms, build_edges
from matcher.candidates.tables import GROUP, REVERSE
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


def is_only_reverse(edges: Edges) -> BoolArray:
    """Return the pairs that can meet in no other kind than the reverse one."""
    only: BoolArray = (edges.kind < 0) & has_bit(edges.kinds, REVERSE) & ~has_bit(edges.kinds, GROUP)
    return only


def may_counter(edges: Edges) -> BoolArray:
    """Return the pairs that have something to give back in a reverse pair: anything but new technologies (A-31)."""
    rest: BoolArray = (edges.covered & ~reverse_needs(edges)) > 0
    return rest & has_bit(edges.kinds, REVERSE)


def exchanged(columns: Columns, mentor: IntArray, mentee: IntArray) -> tuple[IntArray, IntArray]:
    """Return (mentor, mentee) of the same two people in exchanged roles, −1 for who is not in the other register."""
    mentor_person, mentee_person = columns.mentors.person, columns.mentees.person
    size = 1 + max(int(mentor_person.max(initial=-1)), int(mentee_person.max(initial=-1)))
    as_mentor, as_mentee = np.full((2, size), -1, dtype=np.int64)
    as_mentor[mentor_person] = np.arange(len(mentor_person))
    as_mentee[mentee_person] = np.arange(len(mentee_person))
    return as_mentor[mentee_person[mentee]], as_mentee[mentor_person[mentor]]


def reverse_counterparts(edges: Edges, at: IntArray) -> tuple[IntArray, Edges]:
    """Return those of the pairs ``at`` that could be counter-assignments, and the reverse pairs they would belong to.

    Other rules are not asked of the reverse pairs.
    """
    columns = edges.columns
    at = at[may_counter(edges.take(at))]
    mentor, mentee = exchanged(columns, edges.mentor[at], edges.mentee[at])
    known = (mentor >= 0) & (mentee >= 0)
    found = build_edges(columns, SideForms.of(columns), mentor[known], mentee[known])
    fits = may_be_reverse(found) & has_bit(found.kinds, REVERSE)
    return at[known][fits], found.take(fits)
