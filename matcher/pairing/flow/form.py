"""Whether a pairing problem is a flow, and the shape it then has: an exact reading of the problem, no heuristics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FlowForm:
    """A pairing problem read as a flow root → mentees → mentors → root.

    ``option`` are the options that can be chosen at all, ``gain`` (num_levels, len(option)) their points with the items
    they cover. ``mentee_most``, ``mentor_most`` are heads, hours already turned into heads. Quotas are nested on one
    side each: ``mentee_parent``, ``mentor_parent`` name the innermost quota of a person, ``quota_parent`` the next one
    outward (−1: none), ``is_mentor_quota`` the side.
    """

    option: IntArray
    gain: IntArray
    mentee_most: IntArray
    mentor_most: IntArray
    mentee_parent: IntArray
    mentor_parent: IntArray
    quota_parent: IntArray
    is_mentor_quota: BoolArray


def is_flow(problem: PairingProblem) -> bool:
    """Return whether the problem, as it is, is a minimum-cost flow on every level.

    So it is when no group can open and nothing links, conflicts or guards the worst-off; hours do not bind or are
    alike for all options of a person; an item is covered by one option only, or its mentee has one mentor; and quotas
    consist of whole mentors, or of whole mentees, nested in each other.
    """
    return flow_form(problem) is not None


def flow_form(problem: PairingProblem) -> FlowForm | None:
    """Return the problem as a flow, None where it is not one."""
    p = problem
    if p.worst_off_level is not None or len(p.link_first):
        return None
    option = _usable_options(p)
    if _can_open_a_group(p) or _has_conflict(p, option):
        return None
    if (p.extra is not None and p.extra[option].any()) or (
        p.companion is not None and (p.companion[option] >= 0).any()
    ):
        return None
    mentor_most = _heads(
        p.mentor[option], p.mentor_minutes[option], np.minimum(p.max_individual, p.max_places), p.max_minutes
    )
    mentee_most = _heads(p.mentee[option], p.mentee_minutes[option], p.max_mentors, p.max_mentee_minutes)
    if mentor_most is None or mentee_most is None or _has_twins(p, option, mentor_most, mentee_most):
        return None
    gain = _gain_with_items(p, option, mentee_most)
    quotas = _nest_quotas(p, option)
    if gain is None or quotas is None:
        return None
    mentor_parent, mentee_parent, quota_parent, is_mentor_quota = quotas
    return FlowForm(
        option=option,
        gain=gain,
        mentee_most=mentee_most,
        mentor_most=mentor_most,
        mentee_parent=mentee_parent,
        mentor_parent=mentor_parent,
        quota_parent=quota_parent,
        is_mentor_quota=is_mentor_quota,
    )


def _usable_options(p: PairingProblem) -> IntArray:
    """Return the individual pairs that keep each person's own limits."""
    usable = p.group < 0
    for person, minutes, most, most_minutes in (
        (p.mentor, p.mentor_minutes, np.minimum(p.max_individual, p.max_places), p.max_minutes),
        (p.mentee, p.mentee_minutes, p.max_mentors, p.max_mentee_minutes),
    ):
        if minutes.any():
            usable &= minutes <= most_minutes[person]
        if not most.all():
            usable &= most[person] > 0
    while (kept := usable & _has_what_it_needs(p, usable)).sum() < usable.sum():
        usable = kept
    return np.flatnonzero(usable)


def _has_what_it_needs(p: PairingProblem, usable: BoolArray) -> BoolArray:
    """Return which options have the others they need: a first mentor for an extra one, their companion."""
    found = np.ones(p.num_options, dtype=bool)
    if p.extra is not None:
        first = np.bincount(p.mentee[usable & ~p.extra], minlength=p.num_mentees) > 0
        found &= ~p.extra | (first & (p.max_mentors > 1))[p.mentee]
    if p.companion is not None:
        found &= (p.companion < 0) | usable[p.companion]
    return found


def _can_open_a_group(p: PairingProblem) -> bool:
    if not p.num_groups:
        return False
    seats = p.group[
        (p.group >= 0) & (p.mentee_minutes <= p.max_mentee_minutes[p.mentee]) & (p.max_mentors[p.mentee] > 0)
    ]
    owner = p.group_mentor
    allowed = (p.max_groups[owner] > 0) & (p.max_places[owner] > 0) & (p.group_minutes <= p.max_minutes[owner])
    enough = np.bincount(seats, minlength=p.num_groups) >= p.group_min_size
    return bool((allowed & enough & (p.group_max_size >= p.group_min_size)).any())


def _has_conflict(p: PairingProblem, option: IntArray) -> bool:
    if not len(p.conflict_first):
        return False
    usable = np.zeros(p.num_options, dtype=bool)
    usable[option] = True
    return bool((usable[p.conflict_first] & usable[p.conflict_second]).any())


def _heads(person: IntArray, minutes: IntArray, most: IntArray, most_minutes: IntArray) -> IntArray | None:
    """Return how many options each person can take, None where hours bind in another way than a number of heads."""
    if not minutes.any():
        return most
    order = np.lexsort((-minutes, person))
    person, minutes = person[order], minutes[order]
    first = np.searchsorted(person, np.arange(len(most) + 1))
    has_any = first[1:] > first[:-1]
    heads = most.copy()
    longest, shortest = (np.zeros(len(most), dtype=np.int64) for _ in range(2))
    longest[has_any], shortest[has_any] = minutes[first[:-1][has_any]], minutes[first[1:][has_any] - 1]
    alike = has_any & (longest == shortest) & (longest > 0)
    heads[alike] = np.minimum(most[alike], most_minutes[alike] // longest[alike])
    rank = np.arange(len(order)) - first[person]
    taken = rank < heads[person]
    total = np.bincount(person[taken], minutes[taken], len(most)).astype(np.int64)
    return heads if (total <= most_minutes).all() else None


def _has_twins(p: PairingProblem, option: IntArray, mentor_most: IntArray, mentee_most: IntArray) -> bool:
    """Return whether some mentor and mentee could be brought together twice."""
    if mentee_most.max(initial=0) <= 1 or mentor_most.max(initial=0) <= 1:
        return False
    mentor, mentee = p.mentor[option], p.mentee[option]
    several = (mentee_most[mentee] > 1) & (mentor_most[mentor] > 1)
    pair = mentee[several] * p.num_mentors + mentor[several]
    if (pair[1:] > pair[:-1]).all():
        return False
    pair = np.sort(pair)
    return bool((pair[1:] == pair[:-1]).any())


def _gain_with_items(p: PairingProblem, option: IntArray, mentee_most: IntArray) -> IntArray | None:
    """Return the points of the options with all items they cover, None where two options could share an item."""
    everything = len(option) == p.num_options
    gain = p.points if everything else p.points[:, option]
    if not len(p.cover_option):
        return gain
    place = np.full(p.num_options, -1, dtype=np.int64)
    place[option] = np.arange(len(option))
    kept = place[p.cover_option] >= 0
    covering, item = p.cover_option[kept], p.cover_item[kept]
    who = p.mentee[covering]
    least, most = np.full(p.num_items, p.num_mentees, dtype=np.int64), np.full(p.num_items, -1, dtype=np.int64)
    np.minimum.at(least, item, who)
    np.maximum.at(most, item, who)
    times = np.bincount(item, minlength=p.num_items)
    once = (least == most) & (mentee_most[np.minimum(least, p.num_mentees - 1)] <= 1)
    if ((times > 1) & ~once).any():
        return None
    gain = gain.copy()
    for level in range(p.num_levels):
        np.add.at(gain[level], place[covering], p.item_points[level, item])
    return gain


def _nest_quotas(p: PairingProblem, option: IntArray) -> tuple[IntArray, IntArray, IntArray, BoolArray] | None:
    """Return the innermost quota of mentors and of mentees, the parent and the side of each quota."""
    parent = np.full(p.num_quotas, -1, dtype=np.int64)
    innermost = (np.full(p.num_mentors, -1, dtype=np.int64), np.full(p.num_mentees, -1, dtype=np.int64))
    is_mentor_quota = np.ones(p.num_quotas, dtype=bool)
    if not p.num_quotas:
        return (*innermost, parent, is_mentor_quota)
    usable = np.zeros(p.num_options, dtype=bool)
    usable[option] = True
    kept = usable[p.quota_option]
    member, owner = p.quota_option[kept], p.quota_owner[kept]
    by_mentor = _whole_people(owner, p.mentor[member], p.mentor[option], p.num_mentors, p.num_quotas)
    by_mentee = _whole_people(owner, p.mentee[member], p.mentee[option], p.num_mentees, p.num_quotas)
    size = np.bincount(owner, minlength=p.num_quotas)
    for quota in np.argsort(-size, kind="stable").tolist():
        for side, people in enumerate((by_mentor[quota], by_mentee[quota])):
            if people is None:
                continue
            outer = np.unique(innermost[side][people])
            if len(outer) > 1:
                continue
            parent[quota] = outer[0] if len(outer) else -1
            innermost[side][people] = quota
            is_mentor_quota[quota] = side == 0
            break
        else:
            return None
    return (*innermost, parent, is_mentor_quota)


def _whole_people(
    owner: IntArray, person: IntArray, everyone: IntArray, num_people: int, num_quotas: int
) -> list[IntArray | None]:
    """Return the people of each quota, None where it has some but not all options of a person."""
    num_options = np.bincount(everyone, minlength=num_people)
    key, times = np.unique(owner * num_people + person, return_counts=True)
    quota, who = np.divmod(key, num_people) if len(key) else (key, key)
    broken = np.bincount(quota[times != num_options[who]], minlength=num_quotas) > 0
    cut = np.searchsorted(quota, np.arange(num_quotas + 1))
    return [None if broken[q] else who[cut[q] : cut[q + 1]] for q in range(num_quotas)]
