"""The same round with one thing changed: the problems that explanations solve again."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps, with_level

IntArray = NDArray[np.int64]
Mask = NDArray[np.bool_]
WANTED = "wanted"

_Array = TypeVar("_Array", IntArray, NDArray[np.uint64], Mask)


def wanting(problem: PairingProblem, options: IntArray) -> PairingProblem:
    """Return the problem in which one of ``options`` comes before everything else, on a new level 0."""
    changed = with_level(problem, WANTED, 0)
    points = changed.points.copy()
    points[0, options] = 1
    return replace(changed, points=points)


def with_most(problem: PairingProblem, options: IntArray, most: int) -> PairingProblem:
    """Return the problem with one more quota: at most ``most`` of ``options`` are chosen."""
    quota = problem.num_quotas
    return replace(
        problem,
        quota_option=np.r_[problem.quota_option, options],
        quota_owner=np.r_[problem.quota_owner, np.full(len(options), quota, dtype=np.int64)],
        quota_steps=Steps(
            owner=np.r_[problem.quota_steps.owner, quota],
            width=np.r_[problem.quota_steps.width, most],
            points=np.c_[problem.quota_steps.points, np.zeros(problem.num_levels, dtype=np.int64)],
        ),
    )


def with_companions(problem: PairingProblem, kept: Mask) -> Mask:
    """Return the mask without the options whose companion is not in it: nobody could choose them."""
    if problem.companion is None:
        return kept
    while True:
        lonely = kept & (problem.companion >= 0) & ~kept[problem.companion]
        if not lonely.any():
            return kept
        kept = kept & ~lonely


def keep_options(problem: PairingProblem, kept: Mask) -> PairingProblem:
    """Return the problem with only the options of the mask ``kept``; they keep their order, all else its index.

    Raises
    ------
    ValueError
        When a companion is left out without its option (see :func:`with_companions`).
    """
    p, index = problem, np.cumsum(kept) - 1
    if not np.array_equal(with_companions(p, kept), kept):
        raise ValueError("an option is kept without its companion")

    def pick(values: _Array | None) -> _Array | None:
        return None if values is None else values[kept]

    cover = kept[p.cover_option]
    quota = kept[p.quota_option]
    link = kept[p.link_first] & kept[p.link_second]
    conflict = kept[p.conflict_first] & kept[p.conflict_second]
    return replace(
        p,
        mentor=p.mentor[kept],
        mentee=p.mentee[kept],
        group=p.group[kept],
        points=p.points[:, kept],
        mentor_minutes=p.mentor_minutes[kept],
        mentee_minutes=p.mentee_minutes[kept],
        slots=pick(p.slots),
        cover_option=index[p.cover_option[cover]],
        cover_item=p.cover_item[cover],
        quota_option=index[p.quota_option[quota]],
        quota_owner=p.quota_owner[quota],
        link_first=index[p.link_first[link]],
        link_second=index[p.link_second[link]],
        link_refund_minutes=p.link_refund_minutes[link],
        link_points=p.link_points[:, link],
        conflict_first=index[p.conflict_first[conflict]],
        conflict_second=index[p.conflict_second[conflict]],
        extra=pick(p.extra),
        companion=None if p.companion is None else np.where(p.companion[kept] < 0, -1, index[p.companion[kept]]),
        floor_points=pick(p.floor_points),
        locked=p.locked[kept],
    )


def more_room(
    problem: PairingProblem,
    mentor: int,
    *,
    places: int = 0,
    minutes: int = 0,
    groups: int = 0,
    cost: IntArray | None = None,
) -> PairingProblem:
    """Return the problem in which ``mentor`` may have so many more pairs, minutes in four weeks and groups.

    A group takes a place too. ``cost`` (num_levels,) is what an added place costs, as the round would have it; by
    default an added place earns no more than the mentor's last one does, and nothing at best.
    """

    def raised(limits: IntArray, by: int) -> IntArray:
        changed = limits.copy()
        changed[mentor] = min(NO_LIMIT, int(changed[mentor]) + by)
        return changed

    return replace(
        problem,
        max_individual=raised(problem.max_individual, places),
        max_groups=raised(problem.max_groups, groups),
        max_places=raised(problem.max_places, places + groups),
        max_minutes=raised(problem.max_minutes, minutes),
        load_steps=_longer(problem.load_steps, mentor, places + groups, cost),
    )


def _longer(steps: Steps, mentor: int, by: int, cost: IntArray | None) -> Steps:
    mine = np.flatnonzero(steps.owner == mentor)
    if not len(mine) or not by:
        return steps
    at = int(mine[-1]) + 1
    points = np.minimum(0, steps.points[:, mine[-1]])
    if cost is not None:
        points = np.minimum(points, -cost)
    return Steps(
        owner=np.insert(steps.owner, at, mentor),
        width=np.insert(steps.width, at, by),
        points=np.insert(steps.points, at, points, axis=1),
    )
