"""From open groups to a whole, valid plan: flows for who goes where, repeated where gains overlap, then repaired."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.complete import Rooms, complete
from matcher.pairing.integer.openings import Openings
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.integer.repair import repaired
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NUM_LOOKS, NUM_FIRM_LOOKS = 8, 3
"""How often a plan is looked at again, and how many of these looks let go a definite option of every mentee."""
KEPT_WHOLE = 0.3
"""Share of the mentees with a place left who keep everything in a look by chance."""


class Finisher:
    """Finishes plans of one problem under the weights of a relaxation."""

    def __init__(self, relaxed: Relaxed) -> None:
        self.relaxed, self.p = relaxed, relaxed.p
        self.option = relaxed.bundles.option
        self.rng = np.random.default_rng(0)
        # Several mentors of one mentee may earn the same thing: then one flow is not enough.
        self.overlaps = bool((self.p.max_mentors > 1).any() and (len(relaxed.cover_option) or self.p.extra is not None))

    def finish(self, openings: Openings, price: FloatArray) -> Pairing:
        """Return a valid plan with groups among ``openings``, which must be compatible."""
        relaxed = self.relaxed
        item = price[relaxed.part["item"]]
        gain = (
            relaxed.option_gain + np.bincount(relaxed.cover_option, item[relaxed.cover_item], self.p.num_options)
            if len(relaxed.cover_option)
            else relaxed.option_gain
        )
        option, kept = complete(self.p, self.option, openings, gain, self._rooms(openings, self.option[:0]))
        for look in range(NUM_LOOKS if self.overlaps else 0):
            option, kept = self._look_again(option, kept, look)
        return repaired(self.p, option, kept, gain)

    def _look_again(self, option: IntArray, openings: Openings, look: int) -> tuple[IntArray, Openings]:
        """Choose one option of every mentee anew while his others stay: exactly, so the plan never gets worse."""
        p, relaxed = self.p, self.relaxed
        fixed = self._fixed(option, look)
        covered = np.unique(relaxed.cover_item[np.isin(relaxed.cover_option, fixed)])
        open_item = np.ones(p.num_items, dtype=bool)
        open_item[covered] = False
        counted = open_item[relaxed.cover_item]
        more = np.bincount(relaxed.cover_option[counted], relaxed.item_left[relaxed.cover_item[counted]], p.num_options)
        gain = relaxed.option_gain + more
        has_first = np.zeros(p.num_mentees, dtype=bool)
        has_first[p.mentee[fixed[relaxed.first[fixed]]]] = True
        couple = p.mentor * p.num_mentees + p.mentee
        free = self.option[
            (relaxed.first[self.option] | has_first[p.mentee[self.option]])
            & ~np.isin(couple[self.option], couple[fixed])
        ]
        chosen, kept = complete(p, free, openings, gain, self._rooms(openings, fixed))
        still = np.isin(p.group[fixed], kept.group) | (p.group[fixed] < 0)
        return np.sort(np.r_[chosen, fixed[still]]), kept

    def _fixed(self, option: IntArray, look: int) -> IntArray:
        """Return all but one option of every mentee: first without the least, then the best, later by chance."""
        p = self.p
        gain, extra = self.relaxed.option_gain[option], ~self.relaxed.first[option]
        if look >= NUM_FIRM_LOOKS:
            order = np.lexsort((self.rng.random(len(option)), p.mentee[option]))
        elif look % 2:
            order = np.lexsort((gain, ~extra, p.mentee[option]))
        else:
            order = np.lexsort((-gain, extra, p.mentee[option]))
        who = p.mentee[option[order]]
        is_last = np.r_[who[1:] != who[:-1], np.ones(min(1, len(who)), dtype=bool)]
        count = np.bincount(who, minlength=p.num_mentees)[who]
        # Where a mentee has a place left, everything may stay and one more is sought.
        may_stay = look % 2 == 0 if look < NUM_FIRM_LOOKS else (self.rng.random(p.num_mentees) < KEPT_WHOLE)[who]
        stays = ~is_last | (may_stay & (count < p.max_mentors[who]))
        return np.sort(option[order[stays]])

    def _rooms(self, openings: Openings, fixed: IntArray) -> Rooms:
        """Return what is left to fill beside the options that are fixed."""
        p, relaxed = self.p, self.relaxed
        opened = np.bincount(p.group_mentor[openings.group], minlength=p.num_mentors)
        pairs = np.bincount(p.mentor[fixed[p.group[fixed] < 0]], minlength=p.num_mentors)
        seats = np.bincount(p.group[fixed[p.group[fixed] >= 0]], minlength=p.num_groups)[openings.group]
        times = np.bincount(p.mentee[fixed], minlength=p.num_mentees)
        left = np.maximum(0, p.max_mentors - times)
        if len(fixed):
            left = np.minimum(left, 1)
        step_gain = relaxed.step_gain
        if step_gain is not None:
            place = (opened + pairs)[:, None] + np.arange(step_gain.shape[1])[None, :]
            step_gain = np.take_along_axis(step_gain, np.minimum(place, step_gain.shape[1] - 1), 1)
        served = np.zeros(p.num_mentees, dtype=bool)
        served[p.mentee[fixed[relaxed.first[fixed]]]] = True
        return Rooms(
            mentee=left,
            first_gain=np.where(served, 0, relaxed.served_left),
            pairs=np.maximum(0, np.minimum(p.max_individual, p.max_places - opened) - pairs),
            step_gain=step_gain,
            held=seats,
            least=np.maximum(0, p.group_min_size[openings.group] - seats),
            most=np.maximum(0, p.group_max_size[openings.group] - seats),
        )
