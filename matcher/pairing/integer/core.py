"""The core of a problem: the same problem with fewer options."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Core:
    """A problem with some of the options of ``whole``; ``option`` are their indices there, ascending."""

    problem: PairingProblem
    whole: PairingProblem
    option: IntArray

    def outward(self, pairing: Pairing) -> Pairing:
        """Return a pairing of the core as one of the whole problem."""
        return Pairing.of(self.whole, self.option[pairing.option], pairing.open_group, pairing.slot)

    def inward(self, pairing: Pairing) -> Pairing | None:
        """Return a pairing of the whole problem as one of the core, None where it uses other options."""
        place = np.minimum(np.searchsorted(self.option, pairing.option), max(0, len(self.option) - 1))
        if len(pairing.option) and not np.array_equal(self.option[place], pairing.option):
            return None
        return Pairing.of(self.problem, place, pairing.open_group, pairing.slot)


def core_of(p: PairingProblem, option: IntArray) -> Core:
    """Return the core of ``p`` with the options ``option`` and whatever these need as companions."""
    if p.companion is not None:
        while True:
            needed = p.companion[option]
            more = np.union1d(option, needed[needed >= 0])
            if len(more) == len(option):
                break
            option = more
    option = np.unique(option)
    place = np.full(p.num_options, -1, dtype=np.int64)
    place[option] = np.arange(len(option))
    covers, members = place[p.cover_option] >= 0, place[p.quota_option] >= 0
    links = (place[p.link_first] >= 0) & (place[p.link_second] >= 0)
    conflicts = (place[p.conflict_first] >= 0) & (place[p.conflict_second] >= 0)
    companion = None
    if p.companion is not None:
        wanted = p.companion[option]
        companion = np.where(wanted >= 0, place[wanted], -1)
    problem = replace(
        p,
        mentor=p.mentor[option],
        mentee=p.mentee[option],
        group=p.group[option],
        points=p.points[:, option],
        mentor_minutes=p.mentor_minutes[option],
        mentee_minutes=p.mentee_minutes[option],
        slots=None if p.slots is None else p.slots[option],
        cover_option=place[p.cover_option[covers]],
        cover_item=p.cover_item[covers],
        quota_option=place[p.quota_option[members]],
        quota_owner=p.quota_owner[members],
        link_first=place[p.link_first[links]],
        link_second=place[p.link_second[links]],
        link_refund_minutes=p.link_refund_minutes[links],
        link_points=p.link_points[:, links],
        conflict_first=place[p.conflict_first[conflicts]],
        conflict_second=place[p.conflict_second[conflicts]],
        extra=None if p.extra is None else p.extra[option],
        companion=companion,
        floor_points=None if p.floor_points is None else p.floor_points[option],
        locked=p.locked[option],
    )
    return Core(problem=problem, whole=p, option=option)
