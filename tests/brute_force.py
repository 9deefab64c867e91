"""All plans of a tiny pairing problem, enumerated in plain Python: no code shared with the judge or the solvers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from matcher.pairing.problem import PairingProblem, Steps


@dataclass(frozen=True)
class BruteForcePlan:
    """One valid plan (locks and least loads are wanted, not required): options, groups with slots, values."""

    options: tuple[int, ...]
    slot_of_group: tuple[tuple[int, int], ...]
    values: tuple[int, ...]


def best_plans(problem: PairingProblem) -> list[BruteForcePlan]:
    """Return all plans with the lexicographically greatest values."""
    best: list[BruteForcePlan] = []
    for plan in all_plans(problem):
        if not best or plan.values > best[0].values:
            best = [plan]
        elif plan.values == best[0].values:
            best.append(plan)
    return best


def best_values(problem: PairingProblem) -> tuple[int, ...]:
    """Return the lexicographically greatest values any plan has."""
    return best_plans(problem)[0].values


def all_plans(problem: PairingProblem) -> Iterator[BruteForcePlan]:
    """Yield every valid plan, the empty one among them."""
    if problem.num_options > 14:
        raise ValueError("too many options to enumerate")
    options = range(problem.num_options)
    for size in range(problem.num_options + 1):
        for chosen in combinations(options, size):
            slots = _slots_if_valid(problem, chosen)
            if slots is not None:
                yield BruteForcePlan(chosen, tuple(sorted(slots.items())), _values(problem, chosen, tuple(slots)))


def _slots_if_valid(p: PairingProblem, chosen: tuple[int, ...]) -> dict[int, int] | None:
    """Return the slot of every open group (−1 without busy times), or None when a rule is broken."""
    couples = [(int(p.mentor[o]), int(p.mentee[o])) for o in chosen]
    if len(set(couples)) < len(couples):
        return None
    members: dict[int, list[int]] = {}
    for o in chosen:
        if p.group[o] >= 0:
            members.setdefault(int(p.group[o]), []).append(o)
    if any(not p.group_min_size[g] <= len(seats) <= p.group_max_size[g] for g, seats in members.items()):
        return None
    links = [k for k in range(len(p.link_first)) if int(p.link_first[k]) in chosen and int(p.link_second[k]) in chosen]
    if any(int(a) in chosen and int(b) in chosen for a, b in zip(p.conflict_first, p.conflict_second, strict=True)):
        return None
    if p.extra is not None:
        firsts = {int(p.mentee[o]) for o in chosen if not p.extra[o]}
        if any(p.extra[o] and int(p.mentee[o]) not in firsts for o in chosen):
            return None
    if p.companion is not None and any(p.companion[o] >= 0 and int(p.companion[o]) not in chosen for o in chosen):
        return None
    if not (_mentors_keep_loads(p, chosen, members, links) and _mentees_keep_loads(p, chosen, links)):
        return None
    for quota in range(p.num_quotas):
        most = sum(int(w) for w, q in zip(p.quota_steps.width, p.quota_steps.owner, strict=True) if q == quota)
        if _quota_load(p, quota, chosen) > most:
            return None
    return _find_slots(p, members)


def _mentors_keep_loads(
    p: PairingProblem, chosen: tuple[int, ...], members: dict[int, list[int]], links: list[int]
) -> bool:
    for mentor in range(p.num_mentors):
        pairs = [o for o in chosen if p.mentor[o] == mentor and p.group[o] < 0]
        groups = [g for g in members if p.group_mentor[g] == mentor]
        if len({int(p.group_theme[g]) for g in groups}) < len(groups):
            return False
        minutes = sum(int(p.mentor_minutes[o]) for o in chosen if p.mentor[o] == mentor)
        minutes += sum(int(p.group_minutes[g]) for g in groups)
        minutes -= sum(
            int(p.link_refund_minutes[k])
            for k in links
            for side in (p.link_first, p.link_second)
            if p.mentor[side[k]] == mentor
        )
        if len(pairs) > p.max_individual[mentor] or len(groups) > p.max_groups[mentor]:
            return False
        if len(pairs) + len(groups) > p.max_places[mentor] or minutes > p.max_minutes[mentor]:
            return False
    return True


def _mentees_keep_loads(p: PairingProblem, chosen: tuple[int, ...], links: list[int]) -> bool:
    for mentee in range(p.num_mentees):
        mine = [o for o in chosen if p.mentee[o] == mentee]
        minutes = sum(int(p.mentee_minutes[o]) for o in mine) - sum(
            int(p.link_refund_minutes[k])
            for k in links
            for side in (p.link_first, p.link_second)
            if p.mentee[side[k]] == mentee
        )
        if len(mine) > p.max_mentors[mentee] or minutes > p.max_mentee_minutes[mentee]:
            return False
    return True


def _find_slots(p: PairingProblem, members: dict[int, list[int]]) -> dict[int, int] | None:
    if p.slots is None:
        return dict.fromkeys(members, -1)
    found: dict[int, int] = {}

    def place(rest: list[int]) -> bool:
        if not rest:
            return True
        group, *others = rest
        for slot in range(64 * p.slots.shape[1]):
            taken = any(found[g] == slot and p.group_mentor[g] == p.group_mentor[group] for g in found)
            if taken or not all(int(p.slots[o][slot // 64]) & (1 << (slot % 64)) for o in members[group]):
                continue
            found[group] = slot
            if place(others):
                return True
            del found[group]
        return False

    return found if place(sorted(members)) else None


def _values(p: PairingProblem, chosen: tuple[int, ...], groups: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(
        _worst_off(p, chosen) if level == p.worst_off_level else _value(p, level, chosen, groups)
        for level in range(p.num_levels)
    )


def _value(p: PairingProblem, level: int, chosen: tuple[int, ...], groups: tuple[int, ...]) -> int:
    total = sum(int(p.points[level, o]) for o in chosen) + sum(int(p.group_points[level, g]) for g in groups)
    total += sum(int(p.served_points[level, n]) for n in {int(p.mentee[o]) for o in chosen})
    covered = {int(i) for o, i in zip(p.cover_option, p.cover_item, strict=True) if int(o) in chosen}
    total += sum(int(p.item_points[level, i]) for i in covered)
    for k in range(len(p.link_first)):
        if int(p.link_first[k]) in chosen and int(p.link_second[k]) in chosen:
            total += int(p.link_points[level, k])
    for mentor in range(p.num_mentors):
        places = sum(1 for o in chosen if p.mentor[o] == mentor and p.group[o] < 0)
        places += sum(1 for g in groups if p.group_mentor[g] == mentor)
        total += _gain(p.load_steps, level, mentor, places)
    return total + sum(_gain(p.quota_steps, level, q, _quota_load(p, q, chosen)) for q in range(p.num_quotas))


def _quota_load(p: PairingProblem, quota: int, chosen: tuple[int, ...]) -> int:
    return sum(1 for o, q in zip(p.quota_option, p.quota_owner, strict=True) if q == quota and int(o) in chosen)


def _gain(steps: Steps, level: int, owner: int, load: int) -> int:
    gain = 0
    for index in range(len(steps.owner)):
        if steps.owner[index] == owner:
            filled = min(load, int(steps.width[index]))
            gain += filled * int(steps.points[level, index])
            load -= filled
    return gain


def _worst_off(p: PairingProblem, chosen: tuple[int, ...]) -> int:
    sums = []
    for mentee in range(p.num_mentees):
        mine = [o for o in chosen if p.mentee[o] == mentee]
        if p.floor_mentee[mentee] and (mine or not p.floor_served_only):
            sums.append(sum(int(p.floor_points[o]) for o in mine))
    return min(sums, default=0)
