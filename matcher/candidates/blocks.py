"""Pairs that keep every hard rule, found block by block: no table of all pairs is ever held.

A block is some mentees with the mentors near enough for the policy. Three cheap tests on the whole block (forms,
contour, needs) leave the pairs on which all rules are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import CONTOURS, BoolArray, IntArray
from matcher.candidates.columns import Columns
from matcher.candidates.edges import Edges, SideForms, build_edges, is_guest
from matcher.candidates.marks import Marks
from matcher.candidates.places import distance_class
from matcher.candidates.requirements import (
    REQUIREMENTS,
    asks_main_need,
    covers_a_need,
    has_form,
    is_contour_allowed,
    judge,
)
from matcher.policy import PUPIL_FORMS
from matcher.roster import Contour

MOST_PAIRS = 400_000
"""Pairs looked at in one block."""

_BIT = {requirement.check: bit for bit, requirement in enumerate(REQUIREMENTS)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Allowed pairs of one block.

    ``lifted`` (num_pairs,) says which rules a curator lifted (bit i: ``REQUIREMENTS[i]``), ``asks_main`` which pairs
    are for a second mentor only unless they cover a need of HR-04. ``refused`` (num_requirements,) counts the pairs of
    the block by the first rule that refused them; ``num_looked_at`` all of them.
    """

    edges: Edges
    lifted: IntArray
    asks_main: BoolArray
    refused: IntArray
    num_looked_at: int

    def take(self, kept: BoolArray) -> Block:
        """Return the block with some of its pairs."""
        return Block(
            edges=self.edges.take(kept),
            lifted=self.lifted[kept],
            asks_main=self.asks_main[kept],
            refused=self.refused,
            num_looked_at=self.num_looked_at,
        )


def each_block(columns: Columns, sides: SideForms, *, most_pairs: int = MOST_PAIRS) -> Iterator[Block]:
    """Yield the allowed pairs of a round, in blocks of at most ``most_pairs`` pairs looked at (one mentee at least).

    The first block, which may be empty, has the pairs with overrides of the rules the cheap tests stand for.
    """
    special = _special_pairs(columns)
    mentor, mentee = np.divmod(special.key, max(1, columns.num_mentees))
    yield _judged(build_edges(columns, sides, mentor, mentee), np.zeros(len(REQUIREMENTS), dtype=np.int64), len(mentor))
    for mentees, mentors in _neighbourhoods(columns):
        size = max(1, most_pairs // max(1, len(mentors)))
        for start in range(0, len(mentees), size):
            yield _block(columns, sides, mentors, mentees[start : start + size], special)


def _special_pairs(columns: Columns) -> Marks:
    """Return the pairs on which all rules are asked whatever the cheap tests say: overrides of HR-04 and HR-15."""
    everyone_m, everyone_n = np.arange(columns.num_mentors), np.arange(columns.num_mentees)
    keys = [np.zeros(0, dtype=np.int64)]
    for rule in ("HR-04", "HR-15"):
        lifted = columns.marks.lifted.get(rule)
        if lifted is not None:
            keys.append(lifted.pairs.key)
            keys.append(columns.key(lifted.mentors[:, None], everyone_n).ravel())
            keys.append(columns.key(everyone_m[:, None], lifted.mentees).ravel())
    key = np.unique(np.concatenate(keys))
    return Marks(key=key, value=np.ones(len(key)))


def _neighbourhoods(columns: Columns) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield (mentees, mentors) so that every pair the policy's contours allow falls into exactly one of them.

    Mentees are taken region by region unless mentors of other regions are allowed.
    """
    everyone = np.arange(columns.num_mentors)
    federal = CONTOURS.index(Contour.FEDERAL)
    region_m = columns.places.region[columns.mentors.organisation]
    region_n = columns.places.region[columns.mentees.organisation]
    from_afar = np.where(is_guest(columns), columns.contour_step[federal, 1], columns.contour_step[federal, 0]) >= 0
    if from_afar.all():
        yield np.arange(columns.num_mentees), everyone
        return
    for region in np.unique(region_n).tolist():
        yield np.flatnonzero(region_n == region), everyone[(region_m == region) | from_afar]


def _block(columns: Columns, sides: SideForms, mentors: IntArray, mentees: IntArray, special: Marks) -> Block:
    refused = np.zeros(len(REQUIREMENTS), dtype=np.int64)
    kept = np.ones((len(mentees), len(mentors)), dtype=bool)
    if len(special.key):
        kept = ~special.has(columns.key(mentors, mentees[:, None]))
    num_looked_at = int(kept.sum())
    for check, test in (
        (has_form, _fit_a_form),
        (is_contour_allowed, _are_near),
        (covers_a_need, _cover_something),
    ):
        if columns.policy.rule(REQUIREMENTS[_BIT[check]].rule).on:
            before = int(kept.sum())
            kept &= test(columns, sides, mentors, mentees)
            refused[_BIT[check]] = before - int(kept.sum())
    row, column = np.nonzero(kept)
    return _judged(build_edges(columns, sides, mentors[column], mentees[row]), refused, num_looked_at)


def _fit_a_form(columns: Columns, sides: SideForms, mentors: IntArray, mentees: IntArray) -> BoolArray:
    fits: BoolArray = (sides.mentee[mentees][:, None] & sides.mentor[mentors]) != 0
    return fits


def _are_near(columns: Columns, sides: SideForms, mentors: IntArray, mentees: IntArray) -> BoolArray:
    theirs, mine = columns.mentees.organisation[mentees][:, None], columns.mentors.organisation[mentors]
    is_partner = is_guest(columns)[mentors] & (mine != theirs)
    step = columns.contour_step[distance_class(columns.places, mine, theirs), is_partner.astype(np.int64)]
    near: BoolArray = step >= 0
    return near


def _cover_something(columns: Columns, sides: SideForms, mentors: IntArray, mentees: IntArray) -> BoolArray:
    """Return who covers any need; pupils pass, since their forms have rules of their own."""
    wanted = columns.needs.need[mentees]
    has = np.zeros((len(mentees), len(columns.needs.key)), dtype=np.float32)
    row, at = np.nonzero(wanted >= 0)
    has[row, wanted[row, at]] = 1
    used = np.flatnonzero(has.any(axis=0))
    covered = has[:, used] @ columns.needs.cover[np.ix_(used, mentors)].astype(np.float32) > 0
    if columns.policy.forms.keys() & PUPIL_FORMS:
        covered |= columns.mentees.is_pupil[mentees][:, None]
    return covered


def _judged(edges: Edges, refused: IntArray, num_looked_at: int) -> Block:
    refusals = judge(edges)
    broken = refusals.refused[~refusals.allowed]
    first = np.zeros(len(REQUIREMENTS), dtype=np.int64)
    for bit in range(len(REQUIREMENTS)):
        first[bit] = int(((broken & -broken) == 1 << bit).sum())
    kept, lifted = edges.take(refusals.allowed), refusals.lifted[refusals.allowed]
    asks = asks_main_need(kept)
    overrides = edges.columns.marks.lifted.get("HR-04")
    if overrides is not None:
        excused = asks & overrides.covers(kept.key, kept.mentor, kept.mentee)
        lifted |= (excused & (kept.covered_main == 0)).astype(np.int64) << _BIT[covers_a_need]
        asks &= ~excused
    return Block(edges=kept, lifted=lifted, asks_main=asks, refused=refused + first, num_looked_at=num_looked_at)
