"""Whether a pairing keeps every rule, and what it is worth. Written before the solvers; uses none of them."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from matcher.outcome import Violation
from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps
from matcher.pairing.result import Pairing
from matcher.texts import Text, text

IntArray = NDArray[np.int64]


def violations(problem: PairingProblem, pairing: Pairing) -> tuple[Violation, ...]:
    """Return every broken rule of ``pairing``; empty when it is valid.

    Quota minimums and least loads are wanted, not enforced (they are levels), except ``required_min_load``.
    """
    found = _ill_formed(problem, pairing)
    if found:
        return tuple(found)
    return (
        *_twice_together(problem, pairing),
        *_mentor_loads(problem, pairing),
        *_mentee_loads(problem, pairing),
        *_group_rules(problem, pairing),
        *_slot_rules(problem, pairing),
        *_quotas(problem, pairing),
        *_conflicts(problem, pairing),
        *_extras(problem, pairing),
        *_companions(problem, pairing),
        *_locks(problem, pairing),
    )


def level_values(problem: PairingProblem, pairing: Pairing) -> tuple[int, ...]:
    """Return the value of every level, counted from the chosen options in whole numbers."""
    p, chosen = problem, pairing.option
    is_chosen = _chosen_mask(p, pairing)
    served = np.bincount(p.mentee[chosen], minlength=p.num_mentees) > 0
    covered = np.bincount(p.cover_item[is_chosen[p.cover_option]], minlength=p.num_items) > 0
    members = is_chosen[p.quota_option]
    links = is_chosen[p.link_first] & is_chosen[p.link_second]
    total = (
        p.points[:, chosen].sum(axis=1)
        + p.group_points[:, pairing.open_group].sum(axis=1)
        + p.served_points[:, served].sum(axis=1)
        + p.item_points[:, covered].sum(axis=1)
        + p.link_points[:, links].sum(axis=1)
        + _steps_gain(p.load_steps, _places(p, pairing))
        + _steps_gain(p.quota_steps, np.bincount(p.quota_owner[members], minlength=p.num_quotas))
    )
    values = [int(v) for v in total]
    if p.worst_off_level is not None:
        values[p.worst_off_level] = _worst_off(p, chosen)
    return tuple(values)


def _chosen_mask(p: PairingProblem, pairing: Pairing) -> NDArray[np.bool_]:
    is_chosen = np.zeros(p.num_options, dtype=bool)
    is_chosen[pairing.option] = True
    return is_chosen


def _worst_off(p: PairingProblem, chosen: IntArray) -> int:
    assert p.floor_points is not None
    assert p.floor_mentee is not None
    total = np.zeros(p.num_mentees, dtype=np.int64)
    np.add.at(total, p.mentee[chosen], p.floor_points[chosen])
    counted = p.floor_mentee.copy()
    if p.floor_served_only:
        counted &= np.bincount(p.mentee[chosen], minlength=p.num_mentees) > 0
    return int(total[counted].min()) if counted.any() else 0


def _places(p: PairingProblem, pairing: Pairing) -> IntArray:
    alone = pairing.mentor[pairing.group < 0]
    open_groups = p.group_mentor[pairing.open_group]
    return np.bincount(alone, minlength=p.num_mentors) + np.bincount(open_groups, minlength=p.num_mentors)


def _steps_gain(steps: Steps, load: IntArray) -> IntArray:
    """Return per level what these loads earn: each owner fills his steps in order."""
    if not len(steps.owner):
        return np.zeros(len(steps.points), dtype=np.int64)
    before = np.cumsum(steps.width) - steps.width
    first = np.searchsorted(steps.owner, steps.owner)
    filled = np.clip(load[steps.owner] - (before - before[first]), 0, steps.width)
    gain: IntArray = steps.points @ filled
    return gain


def _broken(rule: str, message: Text, *subjects: int) -> Violation:
    return Violation(rule, subjects, message)


def _ill_formed(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    found = []
    option, groups = pairing.option, pairing.open_group
    if len(option) and (option.min() < 0 or option.max() >= p.num_options):
        return [_broken("form", text("an option that does not exist"))]
    if len(groups) and (groups.min() < 0 or groups.max() >= p.num_groups):
        return [_broken("form", text("a group that does not exist"))]
    if len(np.unique(option)) < len(option) or len(np.unique(groups)) < len(groups):
        found.append(_broken("form", text("an option or a group is listed twice")))
    if pairing.slot.shape != groups.shape:
        found.append(_broken("form", text("every open group needs a slot, or −1")))
    for name in ("mentor", "mentee", "group"):
        if not np.array_equal(getattr(pairing, name), getattr(p, name)[option]):
            found.append(_broken("form", text("the {name} of a chosen option is not that of the problem", name=name)))
    return found


def _twice_together(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    pairs, times = np.unique(pairing.mentor * p.num_mentees + pairing.mentee, return_counts=True)
    return [
        _broken(
            "HR-01",
            text("the same two people are brought together {count} times", count=count),
            *divmod(pair, p.num_mentees),
        )
        for pair, count in zip(pairs[times > 1].tolist(), times[times > 1].tolist(), strict=True)
    ]


def _mentor_loads(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    alone = pairing.group < 0
    pairs = np.bincount(pairing.mentor[alone], minlength=p.num_mentors)
    groups = np.bincount(p.group_mentor[pairing.open_group], minlength=p.num_mentors)
    minutes = np.bincount(pairing.mentor, p.mentor_minutes[pairing.option], p.num_mentors).astype(np.int64)
    minutes += np.bincount(
        p.group_mentor[pairing.open_group], p.group_minutes[pairing.open_group], p.num_mentors
    ).astype(np.int64)
    minutes -= _refunds(p, pairing, p.mentor, p.num_mentors)
    found = _over(pairs, p.max_individual, text("more individual pairs than the mentor may have"))
    found += _over(groups, p.max_groups, text("more groups than the mentor may have"))
    found += _over(pairs + groups, p.max_places, text("more pairs and groups than the mentor may have"))
    found += _over(minutes, p.max_minutes, text("more hours than the mentor may give"))
    if p.required_min_load is not None:
        found += [
            _broken("least", text("fewer pairs than the mentor must have"), m)
            for m in np.flatnonzero(pairs + groups < p.required_min_load).tolist()
        ]
    return found


def _mentee_loads(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    mentors = np.bincount(pairing.mentee, minlength=p.num_mentees)
    minutes = np.bincount(pairing.mentee, p.mentee_minutes[pairing.option], p.num_mentees).astype(np.int64)
    minutes -= _refunds(p, pairing, p.mentee, p.num_mentees)
    found = _over(mentors, p.max_mentors, text("more mentors than the mentee may have"))
    return found + _over(minutes, p.max_mentee_minutes, text("more hours than the mentee may give"))


def _refunds(p: PairingProblem, pairing: Pairing, person: IntArray, length: int) -> IntArray:
    """Return the minutes that chosen links give back to each person of one side."""
    back = np.zeros(length, dtype=np.int64)
    is_chosen = _chosen_mask(p, pairing)
    linked = is_chosen[p.link_first] & is_chosen[p.link_second]
    for side in (p.link_first, p.link_second):
        np.add.at(back, person[side[linked]], p.link_refund_minutes[linked])
    return back


def _over(load: IntArray, limit: IntArray, message: Text) -> list[Violation]:
    over = np.flatnonzero((load > limit) & (limit < NO_LIMIT))
    return [_broken("HR-06", message, index) for index in over.tolist()]


def _group_rules(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    seats = pairing.group[pairing.group >= 0]
    size = np.bincount(seats, minlength=p.num_groups)
    is_open = np.zeros(p.num_groups, dtype=bool)
    is_open[pairing.open_group] = True
    found = [
        _broken("HR-07", text("somebody sits in a group that is not open"), g)
        for g in np.flatnonzero((size > 0) & ~is_open).tolist()
    ]
    wrong = is_open & ((size < p.group_min_size) | (size > p.group_max_size))
    found += [
        _broken(
            "HR-07",
            text("a group of {size}, allowed are {least} to {most}", size=n, least=least, most=most),
            g,
        )
        for g, n, least, most in zip(
            np.flatnonzero(wrong).tolist(), size[wrong], p.group_min_size[wrong], p.group_max_size[wrong], strict=True
        )
    ]
    themes = Counter((int(p.group_mentor[g]), int(p.group_theme[g])) for g in pairing.open_group)
    found += [
        _broken("HR-06", text("a mentor opens two groups on one theme"), *pair) for pair, n in themes.items() if n > 1
    ]
    return found


def _slot_rules(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    if p.slots is None:
        return []
    found = []
    taken: set[tuple[int, int]] = set()
    for group, slot in zip(pairing.open_group.tolist(), pairing.slot.tolist(), strict=True):
        if not 0 <= slot < 64 * p.slots.shape[1]:
            found.append(_broken("HR-20", text("a group has no weekly slot"), group))
            continue
        seats = pairing.option[pairing.group == group]
        word, bit = divmod(slot, 64)
        if any((int(p.slots[seat, word]) >> bit) & 1 == 0 for seat in seats.tolist()):
            found.append(_broken("HR-20", text("a member of the group is not free in its slot"), group))
        if (int(p.group_mentor[group]), slot) in taken:
            found.append(_broken("HR-20", text("two groups of one mentor meet in the same slot"), group))
        taken.add((int(p.group_mentor[group]), slot))
    return found


def _quotas(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    members = _chosen_mask(p, pairing)[p.quota_option]
    load = np.bincount(p.quota_owner[members], minlength=p.num_quotas)
    most = np.bincount(p.quota_steps.owner, p.quota_steps.width, p.num_quotas)
    return [_broken("quota", text("more pairs than the quota allows"), q) for q in np.flatnonzero(load > most).tolist()]


def _conflicts(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    """Return the chosen options that exclude each other.

    Two of one mentee are a second mentor who adds nothing (HR-04), others bring two people together twice (HR-01).
    """
    is_chosen = _chosen_mask(p, pairing)
    both = is_chosen[p.conflict_first] & is_chosen[p.conflict_second]
    return [
        _broken(
            "HR-04" if p.mentee[a] == p.mentee[b] else "HR-01",
            text("two chosen options exclude each other"),
            int(a),
            int(b),
        )
        for a, b in zip(p.conflict_first[both], p.conflict_second[both], strict=True)
    ]


def _extras(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    if p.extra is None:
        return []
    is_extra = p.extra[pairing.option]
    alone = np.setdiff1d(pairing.mentee[is_extra], pairing.mentee[~is_extra])
    return [
        _broken("HR-04", text("a second mentor without a first who covers the main request"), n) for n in alone.tolist()
    ]


def _companions(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    if p.companion is None:
        return []
    wanted = p.companion[pairing.option]
    alone = pairing.option[(wanted >= 0) & ~np.isin(wanted, pairing.option)]
    return [_broken("HR-08", text("a counter-assignment without its reverse pair"), o) for o in alone.tolist()]


def _locks(p: PairingProblem, pairing: Pairing) -> list[Violation]:
    missing = p.locked.copy()
    missing[pairing.option] = False
    return [_broken("HR-22", text("a locked pair is missing"), o) for o in np.flatnonzero(missing).tolist()]
