"""Whether a shortage is so: an independent judge that counts by itself, without any solver.

What is checked is the sentence people read: every pair that could serve one of these mentees takes a place of one of
these mentors, or of one of these quotas; together they have so many places; so the others stay without a mentor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Protocol

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
    inside = set(claim.mentees)
    within_quota = {
        int(option)
        for option, quota in zip(problem.quota_option, problem.quota_owner, strict=True)
        if int(quota) in claim.quotas
    }
    for option in range(problem.num_options):
        if int(problem.mentee[option]) not in inside or not _can_serve(problem, option):
            continue
        if int(problem.mentor[option]) not in claim.mentors and option not in within_quota:
            return False
    return True


def is_short_by_count(problem: PairingProblem, claim: Claim) -> bool:
    """Return whether the places alone prove that no plan that keeps the locked pairs serves more than is claimed."""
    if len(claim.places) != len(claim.mentors) or len(claim.room) != len(claim.quotas):
        return False
    places = sum(_most_places(problem, mentor, set(claim.mentees)) for mentor in claim.mentors)
    room = sum(_quota_room(problem, quota, set(claim.mentees)) for quota in claim.quotas)
    return is_covered(problem, claim) and places + room <= claim.most_served < len(set(claim.mentees))


def _refund(p: PairingProblem, option: int) -> int:
    return sum(
        int(minutes)
        for a, b, minutes in zip(p.link_first, p.link_second, p.link_refund_minutes, strict=True)
        if option in (int(a), int(b))
    )


def _can_serve(p: PairingProblem, option: int) -> bool:
    """Return whether the option can stand alone in some plan, as far as the two people's own limits say."""
    if p.extra is not None and p.extra[option]:
        return False
    mentor, mentee, group = int(p.mentor[option]), int(p.mentee[option]), int(p.group[option])
    back = _refund(p, option)
    if p.mentee_minutes[option] > p.max_mentee_minutes[mentee] + back or not p.max_mentors[mentee]:
        return False
    if not p.max_places[mentor] or p.mentor_minutes[option] > p.max_minutes[mentor] + back:
        return False
    if group < 0:
        return bool(p.max_individual[mentor])
    return bool(p.max_groups[mentor]) and bool(p.group_minutes[group] <= p.max_minutes[mentor])


def _most_places(p: PairingProblem, mentor: int, mentees: set[int]) -> int:
    """Return the most of ``mentees`` that one mentor can take: every set of his groups tried, then pairs."""
    mine = [o for o in range(p.num_options) if int(p.mentor[o]) == mentor]
    fixed = [o for o in mine if p.locked[o] and int(p.mentee[o]) not in mentees]
    useful = [o for o in mine if int(p.mentee[o]) in mentees and _can_serve(p, o)]
    alone = sorted(int(p.mentor_minutes[o]) for o in useful if p.group[o] < 0)
    fixed_pairs = [o for o in fixed if p.group[o] < 0]
    limit = int(p.max_minutes[mentor]) + sum(_refund(p, o) for o in mine)
    limit -= sum(int(p.mentor_minutes[o]) for o in fixed_pairs)
    seats = _seats_by_group(p, mine, useful, fixed)
    best = 0
    for num_groups in range(min(int(p.max_groups[mentor]), len(seats)) + 1):
        for groups in combinations(sorted(seats), num_groups):
            left = limit - sum(int(p.group_minutes[g]) for g in groups)
            if left < 0:
                continue
            pairs = 0
            most = min(int(p.max_individual[mentor]), int(p.max_places[mentor]) - num_groups) - len(fixed_pairs)
            while pairs < min(most, len(alone)) and sum(alone[: pairs + 1]) <= left:
                pairs += 1
            if most >= 0:
                best = max(best, pairs + sum(seats[g] for g in groups))
    return min(best, len({int(p.mentee[o]) for o in useful}))


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
    words = [[int(w) for w in p.slots[o]] for o in options]
    slots = range(64 * p.slots.shape[1])
    return max((sum(w[s // 64] >> (s % 64) & 1 for w in words) for s in slots), default=0)


def _quota_room(p: PairingProblem, quota: int, mentees: set[int]) -> int:
    owners = zip(p.quota_steps.owner, p.quota_steps.width, strict=True)
    most = sum(int(width) for owner, width in owners if int(owner) == quota)
    members = {int(o) for o, q in zip(p.quota_option, p.quota_owner, strict=True) if int(q) == quota}
    return max(0, most - sum(bool(p.locked[o]) and int(p.mentee[o]) not in mentees for o in members))
