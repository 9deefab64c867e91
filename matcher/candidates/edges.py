"""A batch of pairs with everything the rules ask about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from matcher.candidates.codes import KINDS, PERSON_KINDS, BoolArray, IntArray, Words
from matcher.candidates.columns import Columns
from matcher.candidates.forms import (
    DECIDED_BY_PAIRING,
    choose_form,
    choose_kind,
    kinds_of_policy,
    mentee_forms,
    mentor_forms,
)
from matcher.candidates.models import choose_model
from matcher.candidates.places import distance_class
from matcher.roster import MentoringKind, PersonKind

_SPEED = KINDS.index(MentoringKind.SPEED)
_DECIDED = sum(1 << KINDS.index(kind) for kind in DECIDED_BY_PAIRING)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideForms:
    """Forms each person fits, as masks: computed once per round."""

    mentor: IntArray
    mentee: IntArray
    mentee_elsewhere: IntArray
    kinds: int

    @classmethod
    def of(cls, columns: Columns) -> Self:
        """Return the forms and kinds of a round."""
        mentee, elsewhere = mentee_forms(columns)
        return cls(
            mentor=mentor_forms(columns), mentee=mentee, mentee_elsewhere=elsewhere, kinds=kinds_of_policy(columns)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edges:
    """Pairs and what they are, one entry per pair in every array.

    ``covered`` has bit k set where the k-th need of the mentee is covered, ``covered_main`` at the level and among the
    needs of HR-04; ``first`` is the most urgent need covered. ``contour`` is the distance class, ``step`` how many
    steps away the policy counts it (−1: refused). ``kinds`` are those both accept and the policy allows; ``kind`` is
    that of an individual pair.
    """

    columns: Columns
    mentor: IntArray
    mentee: IntArray
    key: IntArray
    covered: Words
    covered_main: Words
    first: IntArray
    contour: IntArray
    is_partner: BoolArray
    step: IntArray
    form: IntArray
    kinds: IntArray
    kind: IntArray
    model: IntArray

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.mentor)

    def take(self, chosen: Any) -> Edges:
        """Return the pairs of an index array or mask."""
        arrays = {name: getattr(self, name)[chosen] for name in _ARRAYS}
        return Edges(columns=self.columns, **arrays)


def joined(columns: Columns, parts: list[Edges]) -> Edges:
    """Return the pairs of several batches, one after the other."""
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS}
    return Edges(columns=columns, **arrays)


_ARRAYS = (
    "mentor", "mentee", "key", "covered", "covered_main", "first", "contour", "is_partner", "step", "form", "kinds",
    "kind", "model",
)  # fmt: skip


def build_edges(columns: Columns, sides: SideForms, mentor: IntArray, mentee: IntArray) -> Edges:
    """Return what these pairs are; nothing is judged yet."""
    covered, covered_main = covers(columns, mentor, mentee)
    first = lowest_bit(covered)
    form = choose_form(columns, sides.mentor[mentor] & sides.mentee[mentee], mentor, mentee, first)
    kinds = columns.mentors.kinds[mentor] & columns.mentees.kinds[mentee] & sides.kinds
    contour, partner, step = distance(columns, mentor, mentee)
    return Edges(
        columns=columns,
        mentor=mentor,
        mentee=mentee,
        key=columns.key(mentor, mentee),
        covered=covered,
        covered_main=covered_main,
        first=first,
        contour=contour,
        is_partner=partner,
        step=step,
        form=form,
        kinds=kinds,
        kind=_without_low_speed(columns, choose_kind(columns, kinds, mentor, mentee), kinds, mentor, mentee),
        model=choose_model(columns, form, mentor, mentee),
    )


def is_higher_level(columns: Columns, mentor: IntArray, mentee: IntArray) -> BoolArray:
    """Return whether the mentor is of a higher level: category, title, or a named expert (A-32)."""
    higher: BoolArray = columns.mentors.rank[mentor] > columns.mentees.rank[mentee]
    return higher | columns.mentors.is_expert[mentor]


def _without_low_speed(
    columns: Columns, kind: IntArray, kinds: IntArray, mentor: IntArray, mentee: IntArray
) -> IntArray:
    """Return the kinds, −1 where a speed meeting would break HR-09 but a group or a reverse pair may still be."""
    if not columns.policy.rule("HR-09").on:
        return kind
    fails = (kind == _SPEED) & ~is_higher_level(columns, mentor, mentee)
    lifted = columns.marks.lifted.get("HR-09")
    if lifted is not None:
        fails &= ~lifted.covers(columns.key(mentor, mentee), mentor, mentee)
    return np.where(fails & (kinds & _DECIDED > 0), -1, kind)


def covers(columns: Columns, mentor: IntArray, mentee: IntArray) -> tuple[Words, Words]:
    """Return per pair the bit sets of needs covered, and of those that count for HR-04."""
    needs = columns.needs
    covered, main = np.zeros((2, len(mentor)), dtype=np.uint64)
    same = needs.cover_main is needs.cover
    for at in range(needs.width):
        need = needs.need[mentee, at]
        here = np.flatnonzero(need >= 0)
        bit = np.uint64(1 << at)
        covered[here] |= needs.cover[need[here], mentor[here]] * bit
        if not same:
            main[here] |= needs.cover_main[need[here], mentor[here]] * bit
    return covered, (covered if same else main) & needs.main_mask[mentee]


def lowest_bit(bits: Words) -> IntArray:
    """Return the number of the lowest bit set, −1 where none is."""
    lowest = bits & (~bits + np.uint64(1))
    number = np.zeros(bits.shape, dtype=np.int64)
    for shift in (32, 16, 8, 4, 2, 1):
        high = (lowest >> np.uint64(shift)) > 0
        number += shift * high
        lowest = np.where(high, lowest >> np.uint64(shift), lowest)
    return np.where(bits > 0, number, -1)


def is_guest(columns: Columns) -> BoolArray:
    """Return per mentor whether he is a partner's or a university's: to another organisation he is a partner."""
    kinds = [PERSON_KINDS.index(PersonKind.PARTNER), PERSON_KINDS.index(PersonKind.UNIVERSITY)]
    return np.isin(columns.mentors.kind, kinds)


def distance(columns: Columns, mentor: IntArray, mentee: IntArray) -> tuple[IntArray, BoolArray, IntArray]:
    """Return per pair (distance class, "a partner of another organisation", steps away; −1: not allowed)."""
    mentor_place = columns.mentors.organisation[mentor]
    mentee_place = columns.mentees.organisation[mentee]
    contour = distance_class(columns.places, mentor_place, mentee_place)
    partner = is_guest(columns)[mentor] & (mentor_place != mentee_place)
    return contour, partner, columns.contour_step[contour, partner.astype(np.int64)]
