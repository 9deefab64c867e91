"""A plan that breaks no rule, made of as much as possible of one that may."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.incumbent import is_valid
from matcher.pairing.integer.openings import Openings
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def repaired(p: PairingProblem, option: IntArray, openings: Openings, gain: FloatArray) -> Pairing:
    """Return a valid pairing from these options: taken one by one, the greatest gain first, while no rule breaks."""
    pairing = Pairing.of(p, option, openings.group, openings.slot)
    if is_valid(p, pairing):
        return pairing
    kept = _Taker(p, openings).take(option, gain)
    while True:
        size = np.bincount(p.group[kept[p.group[kept] >= 0]], minlength=p.num_groups)
        small = size < p.group_min_size
        groups = openings.pick(~small[openings.group] & (size[openings.group] > 0))
        stays = (p.group[kept] < 0) | ~small[p.group[kept]]
        stays &= _is_supported(p, kept)
        if stays.all():
            return Pairing.of(p, kept, groups.group, groups.slot)
        kept = kept[stays]


def _is_supported(p: PairingProblem, kept: IntArray) -> NDArray[np.bool_]:
    """Return which options have the first mentor, or the companion, that they need."""
    fine = np.ones(len(kept), dtype=bool)
    if p.extra is not None:
        fine &= ~p.extra[kept] | np.isin(p.mentee[kept], p.mentee[kept[~p.extra[kept]]])
    if p.companion is not None:
        fine &= (p.companion[kept] < 0) | np.isin(p.companion[kept], kept)
    return fine


class _Taker:
    """Takes options while the limits of people, groups, quotas and conflicts allow."""

    def __init__(self, p: PairingProblem, openings: Openings) -> None:
        self.p = p
        self.open = set(openings.group.tolist())
        self.places: Counter[int] = Counter()
        self.pairs: Counter[int] = Counter()
        self.groups: Counter[int] = Counter()
        self.mentor_minutes: Counter[int] = Counter()
        self.mentors: Counter[int] = Counter()
        self.mentee_minutes: Counter[int] = Counter()
        self.seats: Counter[int] = Counter()
        self.quota_load: Counter[int] = Counter()
        self.couples: set[tuple[int, int]] = set()
        self.taken: set[int] = set()
        self.most_of_quota = np.bincount(p.quota_steps.owner, p.quota_steps.width, p.num_quotas)
        self.quotas: dict[int, list[int]] = defaultdict(list)
        for option, quota in zip(p.quota_option.tolist(), p.quota_owner.tolist(), strict=True):
            self.quotas[option].append(quota)
        self.enemies: dict[int, list[int]] = defaultdict(list)
        for a, b in zip(p.conflict_first.tolist(), p.conflict_second.tolist(), strict=True):
            self.enemies[a].append(b)
            self.enemies[b].append(a)

    def take(self, option: IntArray, gain: FloatArray) -> IntArray:
        """Return the options that fit, first those of greatest gain."""
        for o in option[np.argsort(-gain[option], kind="stable")].tolist():
            if self._fits(o):
                self._take(o)
        return np.array(sorted(self.taken), dtype=np.int64)

    def _fits(self, o: int) -> bool:
        p, mentor, mentee, group = self.p, int(self.p.mentor[o]), int(self.p.mentee[o]), int(self.p.group[o])
        needs_place = group < 0 or self.seats[group] == 0
        minutes = int(p.mentor_minutes[o]) + (int(p.group_minutes[group]) if group >= 0 and needs_place else 0)
        return (
            (mentor, mentee) not in self.couples
            and self.mentors[mentee] < p.max_mentors[mentee]
            and self.mentee_minutes[mentee] + p.mentee_minutes[o] <= p.max_mentee_minutes[mentee]
            and self.mentor_minutes[mentor] + minutes <= p.max_minutes[mentor]
            and (not needs_place or self.places[mentor] < p.max_places[mentor])
            and (group >= 0 or self.pairs[mentor] < p.max_individual[mentor])
            and (group < 0 or self._seat_fits(mentor, group, needs_place))
            and all(self.quota_load[q] < self.most_of_quota[q] for q in self.quotas[o])
            and not any(e in self.taken for e in self.enemies[o])
        )

    def _seat_fits(self, mentor: int, group: int, is_new: bool) -> bool:
        if group not in self.open or self.seats[group] >= self.p.group_max_size[group]:
            return False
        return not is_new or bool(self.groups[mentor] < self.p.max_groups[mentor])

    def _take(self, o: int) -> None:
        p, mentor, mentee, group = self.p, int(self.p.mentor[o]), int(self.p.mentee[o]), int(self.p.group[o])
        self.taken.add(o)
        self.couples.add((mentor, mentee))
        self.mentors[mentee] += 1
        self.mentee_minutes[mentee] += int(p.mentee_minutes[o])
        self.mentor_minutes[mentor] += int(p.mentor_minutes[o])
        if group < 0:
            self.pairs[mentor] += 1
            self.places[mentor] += 1
        elif not self.seats[group]:
            self.groups[mentor] += 1
            self.places[mentor] += 1
            self.mentor_minutes[mentor] += int(p.group_minutes[group])
        if group >= 0:
            self.seats[group] += 1
        for quota in self.quotas[o]:
            self.quota_load[quota] += 1
