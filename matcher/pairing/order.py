"""One order for the same problem, however its rows were listed: what makes answers independent of row order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]


def in_canonical_order(problem: PairingProblem) -> tuple[PairingProblem, IntArray]:
    """Return the problem with its options by mentee and mentor, its lists sorted, and the old index of every option.

    Options of the same two people stand by all else they say.

    >>> ordered, old = in_canonical_order(PairingProblem.from_edges([1, 0], [0, 0], [7, 5]))
    >>> old.tolist(), ordered.points.tolist()
    ([1, 0], [[5, 7]])
    """
    order = _order(problem)
    moved = np.arange(problem.num_options) if order is None else order
    changed = {} if order is None else _moved_options(problem, order)
    changed |= _sorted_lists(problem, moved)
    return (replace(problem, **changed) if changed else problem), moved


def _order(p: PairingProblem) -> IntArray | None:
    """Return the canonical order of the options, None where they stand in it and no two concern the same people."""
    step = np.diff(p.mentee)
    if ((step > 0) | ((step == 0) & (np.diff(p.mentor) > 0))).all():
        return None
    pair = p.mentee * p.num_mentors + p.mentor
    order = np.argsort(pair, kind="stable")
    if (np.diff(pair[order]) > 0).all():
        return order
    keys = [p.group, *p.points, p.mentor_minutes, p.mentee_minutes, p.locked, *_memberships(p, pair)]
    keys += [a for a in (p.extra, p.floor_points) if a is not None]
    if p.companion is not None:
        keys.append(np.where(p.companion < 0, -1, pair[p.companion]))
    if p.slots is not None:
        keys += list(p.slots.T)
    return np.lexsort((*reversed(keys), pair))


def _memberships(p: PairingProblem, pair: IntArray) -> list[IntArray]:
    """Return numbers that tell apart options with different items, quotas, links or conflicts."""
    return [
        _fingerprint(p.num_options, p.cover_option, p.cover_item),
        _fingerprint(p.num_options, p.quota_option, p.quota_owner),
        _fingerprint(p.num_options, np.r_[p.link_first, p.link_second], pair[np.r_[p.link_second, p.link_first]]),
        _fingerprint(
            p.num_options, np.r_[p.conflict_first, p.conflict_second], pair[np.r_[p.conflict_second, p.conflict_first]]
        ),
    ]


def _fingerprint(length: int, option: IntArray, name: IntArray) -> IntArray:
    """Return per option a number that depends on the set of its names, not on their order (SplitMix64 mixing)."""
    mixed = (name.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    total = np.zeros(length, dtype=np.uint64)
    np.add.at(total, option, mixed ^ (mixed >> np.uint64(27)))
    return total.view(np.int64)


def _moved_options(p: PairingProblem, order: IntArray) -> dict[str, Any]:
    fields = ("mentor", "mentee", "group", "mentor_minutes", "mentee_minutes", "locked")
    moved: dict[str, Any] = {name: getattr(p, name)[order] for name in fields}
    moved["points"] = p.points[:, order]
    for name in ("slots", "extra", "floor_points"):
        if getattr(p, name) is not None:
            moved[name] = getattr(p, name)[order]
    if p.companion is not None:
        place = np.empty(p.num_options, dtype=np.int64)
        place[order] = np.arange(p.num_options)
        wanted = p.companion[order]
        moved["companion"] = np.where(wanted < 0, -1, place[wanted])
    return moved


def _sorted_lists(p: PairingProblem, order: IntArray) -> dict[str, Any]:
    """Return the lists that name options, renamed and sorted; nothing where there are none."""
    lists: dict[str, Any] = {}
    if not any(len(a) for a in (p.cover_option, p.quota_option, p.link_first, p.conflict_first)):
        return lists
    place = np.empty(p.num_options, dtype=np.int64)
    place[order] = np.arange(p.num_options)
    for major, minor in (("cover_item", "cover_option"), ("quota_owner", "quota_option")):
        names, options = getattr(p, major), place[getattr(p, minor)]
        rows = np.lexsort((options, names))
        lists |= {major: names[rows], minor: options[rows]}
    for first, second in (("link_first", "link_second"), ("conflict_first", "conflict_second")):
        ends = np.sort(np.stack([place[getattr(p, first)], place[getattr(p, second)]]), axis=0)
        rows = np.lexsort((ends[1], ends[0]))
        lists |= {first: ends[0][rows], second: ends[1][rows]}
        if first == "link_first":
            lists["link_refund_minutes"] = p.link_refund_minutes[rows]
            lists["link_points"] = p.link_points[:, rows]
    return lists
