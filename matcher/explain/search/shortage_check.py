"""Whether a shortage is so: an independent judge that counts by itself, without any solver.

What is checked is the sentence people read: every pair that could serve one of these mentees takes a place of one of
these mentors, or of one of these quotas; together they have so many places; so the others stay without a mentor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Protocol

import numpy as np

from matcher.pairing.problem import PairingProblem


class Claim(Protocol):
    """What a shortage claims."""

    @property
    def mentees(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def mentors(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def places(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def quotas(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def room(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def most_served(self) -> int: ...  # noqa: D102


def is_covered(problem: PairingProblem, claim: Claim) -> bool:
    """Return whether every option that can serve one of the mentees belongs to the mentors or quotas named."""
    return _Judge(problem, claim).is_covered()


def is_short_by_count(problem: PairingProblem, claim: Claim) -> bool:
    """Return whether the places alone prove that no plan that keeps the locked pairs serves more than is claimed."""
    if len(claim.places) != len(claim.mentors) or len(claim.room) != len(claim.quotas):
        return False
    judge = _Judge(problem, claim)
    places = sum(judge.most_places(mentor) for mentor in set(claim.mentors))
    room = sum(judge.quota_room(quota) for quota in set(claim.quotas))
    return judge.is_covered() and places + room <= claim.most_served < len(judge.mentees)


class _Judge:
    """Counts one claim anew, option by option."""

    def __init__(self, problem: PairingProblem, claim: Claim) -> None:
        self.problem, self.claim = problem, claim
        self.mentees = set(claim.mentees)
        self._refund: dict[int, int] = defaultdict(int)
        for first, second, minutes in zip(
            problem.link_first.tolist(), problem.link_second.tolist(), problem.link_refund_minutes.tolist(), strict=True
        ):
            self._refund[first] += minutes
            self._refund[second] += minutes

    def is_covered(self) -> bool:
        p = self.problem
        mine = np.flatnonzero(np.isin(p.mentee, sorted(self.mentees))).tolist()
        members = zip(p.quota_option.tolist(), p.quota_owner.tolist(), strict=True)
        in_quota = {o for o, quota in members if quota in self.claim.quotas} if self.claim.quotas else set()
        return all(int(p.mentor[o]) in self.claim.mentors or o in in_quota for o in mine if self._can_serve(o))

    def _can_serve(self, option: int) -> bool:
        """Return whether the option can stand alone in some plan, as far as the two people's own limits say."""
        p = self.problem
        if p.extra is not None and p.extra[option]:
            return False
        mentor, mentee, group = int(p.mentor[option]), int(p.mentee[option]), int(p.group[option])
        back = self._refund[option]
        if p.mentee_minutes[option] > p.max_mentee_minutes[mentee] + back or not p.max_mentors[mentee]:
            return False
        if not p.max_places[mentor] or p.mentor_minutes[option] > p.max_minutes[mentor] + back:
            return False
        if group < 0:
            return bool(p.max_individual[mentor])
        return bool(p.max_groups[mentor]) and bool(p.group_minutes[group] <= p.max_minutes[mentor])

    def most_places(self, mentor: int) -> int:
        """Return the most of the mentees that one mentor can take: every set of his groups tried, then pairs."""
        p = self.problem
        mine = np.flatnonzero(p.mentor == mentor).tolist()
        fixed = [o for o in mine if p.locked[o] and int(p.mentee[o]) not in self.mentees]
        useful = [o for o in mine if int(p.mentee[o]) in self.mentees and self._can_serve(o)]
        alone = sorted(int(p.mentor_minutes[o]) for o in useful if p.group[o] < 0)
        fixed_pairs = [o for o in fixed if p.group[o] < 0]
        limit = int(p.max_minutes[mentor]) + sum(self._refund[o] for o in mine)
        limit -= sum(int(p.mentor_minutes[o]) for o in fixed_pairs)
        seats = _seats_by_group(p, mine, useful, fixed)
        best = 0
        for num_groups in range(min(int(p.max_groups[mentor]), len(seats)) + 1):
            for groups in combinations(sorted(seats), num_groups):
                left = limit - sum(int(p.group_minutes[g]) for g in groups)
                most = min(int(p.max_individual[mentor]), int(p.max_places[mentor]) - num_groups) - len(fixed_pairs)
                if left < 0 or most < 0:
                    continue
                pairs = 0
                while pairs < min(most, len(alone)) and sum(alone[: pairs + 1]) <= left:
                    pairs += 1
                best = max(best, pairs + sum(seats[g] for g in groups))
        return min(best, len({int(p.mentee[o]) for o in useful}))

    def quota_room(self, quota: int) -> int:
        p = self.problem
        most: int
        owners = zip(p.quota_steps.owner.tolist(), p.quota_steps.width.tolist(), strict=True)
        most = sum(width for owner, width in owners if owner == quota)
        members = {o for o, q in zip(p.quota_option.tolist(), p.quota_owner.tolist(), strict=True) if q == quota}
        return max(0, most - sum(bool(p.locked[o]) and int(p.mentee[o]) not in self.mentees for o in members))


def _seats_by_group(p: PairingProblem, mine: list[int], useful: list[int], fixed: list[int]) -> dict[int, int]:
    members: dict[int, list[int]] = defaultdict(list)
    for option in mine:
        if p.group[option] >= 0:
            members[int(p.group[option])].append(option)
    seats = {}
    for group, options in members.items():
        if _in_one_slot(p, options) >= int(p.group_min_size[group]):
            held = sum(int(p.group[o]) == group for o in fixed)
            wanted = _in_one_slot(p, [o for o in options if o in set(useful)])
            seats[group] = max(0, min(int(p.group_max_size[group]) - held, wanted))
    return {group: number for group, number in seats.items() if number}


def _in_one_slot(p: PairingProblem, options: list[int]) -> int:
    if p.slots is None:
        return len(options)
    words: list[list[int]] = [p.slots[o].tolist() for o in options]
    slots = range(64 * p.slots.shape[1])
    return max((sum((w[s // 64] >> (s % 64)) & 1 for w in words) for s in slots), default=0)
