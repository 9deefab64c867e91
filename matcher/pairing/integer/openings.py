"""Which options can be chosen and which groups can open, each in which weekly slot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NO_SLOT = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Openings:
    """Groups that may open: ``group`` and ``slot`` (−1: to be agreed) per opening, sorted by group."""

    group: IntArray
    slot: IntArray

    def __len__(self) -> int:
        """Return the number of openings."""
        return len(self.group)

    def pick(self, chosen: IntArray | BoolArray) -> Openings:
        """Return some of the openings."""
        return Openings(group=self.group[chosen], slot=self.slot[chosen])


def usable_options(p: PairingProblem) -> BoolArray:
    """Return a mask of the options that keep the limits of both people taken alone."""
    mentor_minutes, mentee_minutes = _with_refunds(p)
    usable = (p.mentor_minutes <= mentor_minutes[p.mentor]) & (p.mentee_minutes <= mentee_minutes[p.mentee])
    usable &= (p.max_mentors[p.mentee] > 0) & (p.max_places[p.mentor] > 0)
    usable &= (p.group >= 0) | (p.max_individual[p.mentor] > 0)
    usable &= (p.group < 0) | (p.max_groups[p.mentor] > 0)
    if p.extra is not None:
        has_first = np.zeros(p.num_mentees, dtype=bool)
        has_first[p.mentee[usable & ~p.extra]] = True
        usable &= ~p.extra | (has_first & (p.max_mentors > 1))[p.mentee]
    while True:
        before = int(usable.sum())
        if p.companion is not None:
            usable &= (p.companion < 0) | usable[p.companion]
        seats = np.flatnonzero(usable & (p.group >= 0))
        possible = np.bincount(p.group[seats], minlength=p.num_groups) >= p.group_min_size
        possible &= (p.group_minutes <= mentor_minutes[p.group_mentor]) & (p.group_max_size >= p.group_min_size)
        usable[seats] &= possible[p.group[seats]]
        if int(usable.sum()) == before:
            return usable


def _with_refunds(p: PairingProblem) -> tuple[IntArray, IntArray]:
    """Return the minutes of every mentor and mentee with all that links could give back."""
    mentor, mentee = p.max_minutes.copy(), p.max_mentee_minutes.copy()
    for side in (p.link_first, p.link_second):
        np.add.at(mentor, p.mentor[side], p.link_refund_minutes)
        np.add.at(mentee, p.mentee[side], p.link_refund_minutes)
    return mentor, mentee


def is_free(p: PairingProblem, option: IntArray, slot: IntArray) -> BoolArray:
    """Return whether both people of each option are free in the slot beside it; true where there is none."""
    if p.slots is None:
        return np.ones(len(option), dtype=bool)
    word, bit = np.divmod(np.maximum(slot, 0), 64)
    is_set = (p.slots[option, word] >> bit.astype(np.uint64)) & np.uint64(1) > 0
    free: BoolArray = is_set | (slot == NO_SLOT)
    return free


def openings_of_seats(p: PairingProblem, seat: IntArray, openings: Openings) -> tuple[IntArray, IntArray]:
    """Return (opening, seat) index pairs: whom each opening can hold."""
    order = np.argsort(p.group[seat], kind="stable")
    begin = np.searchsorted(p.group[seat][order], openings.group)
    end = np.searchsorted(p.group[seat][order], openings.group, side="right")
    count = end - begin
    which = np.repeat(np.arange(len(openings)), count)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    member = order[begin[which] + offset]
    free = is_free(p, seat[member], openings.slot[which])
    return which[free], member[free]


def all_openings(p: PairingProblem, usable: BoolArray) -> Openings:
    """Return every opening a best plan may need.

    Where as many other slots of the group as its mentor may open groups are at least as good for every member, a slot
    is left out: one of the others is always left for the group.
    """
    seats = np.flatnonzero(usable & (p.group >= 0))
    if p.slots is None:
        groups = np.unique(p.group[seats])
        return Openings(group=groups, slot=np.full(len(groups), NO_SLOT, dtype=np.int64))
    seats = seats[np.argsort(p.group[seats], kind="stable")]
    begin = np.searchsorted(p.group[seats], np.arange(p.num_groups + 1))
    free = free_table(p, seats)
    found_group, found_slot = [], []
    for group in np.unique(p.group[seats]).tolist():
        mine = free[begin[group] : begin[group + 1]]
        kept = _undominated(mine, int(p.group_min_size[group]), int(p.max_groups[p.group_mentor[group]]))
        found_group += [group] * len(kept)
        found_slot += kept
    return Openings(group=np.array(found_group, dtype=np.int64), slot=np.array(found_slot, dtype=np.int64))


def free_table(p: PairingProblem, option: IntArray) -> BoolArray:
    """Return whether each option is free in each slot, shape (len(option), num_slots)."""
    assert p.slots is not None
    words = np.ascontiguousarray(p.slots[option])
    table: BoolArray = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little").astype(bool)
    return table


def _undominated(free: BoolArray, least: int, num_groups: int) -> list[int]:
    count = free.sum(axis=0)
    slots = np.flatnonzero(count >= max(1, least))
    if not len(slots):
        return []
    inside = free[:, slots].astype(np.int32)
    overlap = inside.T @ inside
    size = count[slots]
    # b is as good as a where everyone free in a is free in b; among equals the earlier one counts.
    as_good = overlap == size[:, None]
    earlier = np.arange(len(slots))[:, None] > np.arange(len(slots))[None, :]
    better = as_good & ((size[None, :] > size[:, None]) | earlier)
    return [int(s) for s in slots[better.sum(axis=1) < num_groups]]
