"""How full everybody is in a pairing, and which options are free, blocked or impossible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
Mask = NDArray[np.bool_]
CLOSED = -2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Occupancy:
    """A pairing seen from its limits.

    Per mentor: ``pairs``, ``groups``, ``minutes`` in use. Per mentee: ``mentors`` and ``mentee_minutes``. Per quota:
    ``quota_load``, ``quota_cap``. Per group: ``size`` and ``slot`` (`CLOSED` where it is not open). Per option:
    ``is_chosen`` and ``refund``, the minutes that links may give back. ``order`` lists the options by mentee, those of
    mentee n from ``start[n]`` to ``start[n + 1]``; ``mentor_order`` and ``mentor_start`` list them by mentor.
    """

    problem: PairingProblem
    pairing: Pairing
    is_chosen: Mask
    pairs: IntArray
    groups: IntArray
    minutes: IntArray
    mentors: IntArray
    mentee_minutes: IntArray
    quota_load: IntArray
    quota_cap: IntArray
    size: IntArray
    slot: IntArray
    refund: IntArray
    order: IntArray
    start: IntArray
    mentor_order: IntArray
    mentor_start: IntArray

    @classmethod
    def of(cls, problem: PairingProblem, pairing: Pairing) -> Occupancy:
        """Return the loads of ``pairing``."""
        p, chosen = problem, pairing.option
        is_chosen = np.zeros(p.num_options, dtype=bool)
        is_chosen[chosen] = True
        alone = pairing.mentor[pairing.group < 0]
        size = np.bincount(pairing.group[pairing.group >= 0], minlength=p.num_groups)
        slot = np.full(p.num_groups, CLOSED, dtype=np.int64)
        slot[pairing.open_group] = pairing.slot
        opened = pairing.open_group
        minutes = np.bincount(pairing.mentor, p.mentor_minutes[chosen], p.num_mentors).astype(np.int64)
        minutes += np.bincount(p.group_mentor[opened], p.group_minutes[opened], p.num_mentors).astype(np.int64)
        mentee_minutes = np.bincount(pairing.mentee, p.mentee_minutes[chosen], p.num_mentees).astype(np.int64)
        refund = np.zeros(p.num_options, dtype=np.int64)
        for side in (p.link_first, p.link_second):
            np.add.at(refund, side, p.link_refund_minutes)
        linked = is_chosen[p.link_first] & is_chosen[p.link_second]
        for side in (p.link_first[linked], p.link_second[linked]):
            np.subtract.at(minutes, p.mentor[side], p.link_refund_minutes[linked])
            np.subtract.at(mentee_minutes, p.mentee[side], p.link_refund_minutes[linked])
        order, mentor_order = (np.argsort(side, kind="stable") for side in (p.mentee, p.mentor))
        return cls(
            problem=p,
            pairing=pairing,
            is_chosen=is_chosen,
            pairs=np.bincount(alone, minlength=p.num_mentors),
            groups=np.bincount(p.group_mentor[opened], minlength=p.num_mentors),
            minutes=minutes,
            mentors=np.bincount(pairing.mentee, minlength=p.num_mentees),
            mentee_minutes=mentee_minutes,
            quota_load=np.bincount(p.quota_owner[is_chosen[p.quota_option]], minlength=p.num_quotas),
            quota_cap=np.bincount(p.quota_steps.owner, p.quota_steps.width, p.num_quotas).astype(np.int64),
            size=size,
            slot=slot,
            refund=refund,
            order=order,
            start=np.searchsorted(p.mentee[order], np.arange(p.num_mentees + 1)),
            mentor_order=mentor_order,
            mentor_start=np.searchsorted(p.mentor[mentor_order], np.arange(p.num_mentors + 1)),
        )

    def options_of(self, mentee: int) -> IntArray:
        """Return the options of one mentee, ascending."""
        found: IntArray = self.order[self.start[mentee] : self.start[mentee + 1]]
        return found

    def options_with(self, mentor: int) -> IntArray:
        """Return the options of one mentor, ascending."""
        found: IntArray = self.mentor_order[self.mentor_start[mentor] : self.mentor_start[mentor + 1]]
        return found

    def chosen_with(self, mentor: int) -> IntArray:
        """Return the chosen options of one mentor."""
        mine = self.options_with(mentor)
        return mine[self.is_chosen[mine]]

    def options_of_all(self, mentees: IntArray) -> IntArray:
        """Return the options of several mentees, one mentee after the other."""
        if not len(mentees):
            return np.zeros(0, dtype=np.int64)
        return np.concatenate([self.options_of(n) for n in mentees.tolist()])

    def impossible(self, options: IntArray) -> Mask:
        """Return which options no plan can choose: they alone exceed the hours, places or groups of a side."""
        p, mentor, mentee, group = self.problem, *(a[options] for a in self._sides())
        back = self.refund[options]
        seat = group >= 0
        never: Mask = p.mentee_minutes[options] > p.max_mentee_minutes[mentee] + back
        never |= p.mentor_minutes[options] > p.max_minutes[mentor] + back
        never |= (p.max_places[mentor] == 0) | (p.max_mentors[mentee] == 0)
        never |= ~seat & (p.max_individual[mentor] == 0)
        if p.num_groups:
            never |= seat & ((p.max_groups[mentor] == 0) | (p.group_minutes[group] > p.max_minutes[mentor]))
        return never

    def blocked_by_mentor(self, options: IntArray) -> Mask:
        """Return which options the mentor has no room for now (a seat in a group that is not open counts as such)."""
        p, mentor, _, group = self.problem, *(a[options] for a in self._sides())
        seat = group >= 0
        full = self.pairs[mentor] >= p.max_individual[mentor]
        full |= self.pairs[mentor] + self.groups[mentor] >= p.max_places[mentor]
        full |= self.minutes[mentor] + p.mentor_minutes[options] > p.max_minutes[mentor]
        if not p.num_groups:
            return full
        taken = (self.slot[group] == CLOSED) | (self.size[group] >= p.group_max_size[group])
        if p.slots is not None:
            slot = np.maximum(self.slot[group], 0)
            words = p.slots[options, slot // 64]
            taken |= (words >> (slot % 64).astype(np.uint64)) & np.uint64(1) == 0
        return np.where(seat, taken, full)

    def in_closed_group(self, options: IntArray) -> Mask:
        """Return which options are seats in groups that are not open."""
        group = self.problem.group[options]
        if not self.problem.num_groups:
            return np.zeros(len(options), dtype=bool)
        closed: Mask = (group >= 0) & (self.slot[group] == CLOSED)
        return closed

    def full_quotas_of(self, options: IntArray) -> list[tuple[int, int]]:
        """Return (option, quota) for every full quota that an option belongs to."""
        p = self.problem
        full = self.quota_load >= self.quota_cap
        if not full.any():
            return []
        which = np.flatnonzero(np.isin(p.quota_option, options) & full[p.quota_owner])
        return [(int(p.quota_option[k]), int(p.quota_owner[k])) for k in which]

    def stays_served_without(self, option: int) -> bool:
        """Return whether the mentee of a chosen option keeps another mentor who may stand alone."""
        others = [o for o in self.options_of(int(self.problem.mentee[option])).tolist() if self.is_chosen[o]]
        extra = self.problem.extra
        return any(o != option and (extra is None or not extra[o]) for o in others)

    def _sides(self) -> tuple[IntArray, IntArray, IntArray]:
        return self.problem.mentor, self.problem.mentee, self.problem.group
