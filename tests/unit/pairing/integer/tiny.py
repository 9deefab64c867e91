"""Tiny made-up problems with every feature, small enough to enumerate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps, with_level

IntArray = NDArray[np.int64]
MOST_OPTIONS = 10


def tiny_problem(seed: int, *, with_floor: bool = False) -> PairingProblem:
    """Return a problem of at most ten options; about a third have a floor where that is asked for."""
    rng = np.random.default_rng(seed)
    num_mentors, num_mentees, num_levels = (int(rng.integers(1, most)) for most in (4, 5, 4))

    def draw(low: int, high: int, *shape: int) -> IntArray:
        return rng.integers(low, high, shape).astype(np.int64)

    groups = [(m, t) for m in range(num_mentors) for t in range(2) if rng.random() < 0.5]
    options = [(n, m, -1) for m in range(num_mentors) for n in range(num_mentees) if rng.random() < 0.6]
    options += [(n, m, g) for g, (m, _) in enumerate(groups) for n in range(num_mentees) if rng.random() < 0.7]
    rng.shuffle(options)
    options = sorted(tuple(o) for o in options[:MOST_OPTIONS])
    num_options, num_groups = len(options), len(groups)
    mentee, mentor, group = np.array(options, dtype=np.int64).reshape(-1, 3).T
    group_mentor, group_theme = np.array(groups, dtype=np.int64).reshape(-1, 2).T
    num_items, num_quotas = int(rng.integers(0, 5)), int(rng.integers(0, 3))
    item_mentee = draw(0, num_mentees, num_items)
    covers = [
        (o, i)
        for o in range(num_options)
        for i in range(num_items)
        if mentee[o] == item_mentee[i] and rng.random() < 0.6
    ]
    members = [(o, q) for q in range(num_quotas) for o in range(num_options) if rng.random() < 0.5]
    pairs = [o for o in range(num_options) if group[o] < 0]
    links = [tuple(rng.choice(pairs, 2, replace=False))] if len(pairs) > 1 and rng.random() < 0.5 else []
    conflicts = [tuple(rng.choice(num_options, 2, replace=False))] if num_options > 1 and rng.random() < 0.6 else []
    max_places, least_size = draw(0, 4, num_mentors), draw(1, 3, num_groups)
    cover_option, cover_item = np.array(covers, dtype=np.int64).reshape(-1, 2).T
    quota_option, quota_owner = np.array(members, dtype=np.int64).reshape(-1, 2).T
    link_first, link_second = np.array(links, dtype=np.int64).reshape(-1, 2).T
    conflict_first, conflict_second = np.array(conflicts, dtype=np.int64).reshape(-1, 2).T
    stepped = [m for m in range(num_mentors) if rng.random() < 0.5]
    companion = np.where(rng.random(num_options) < 0.1, draw(0, max(1, num_options), num_options), -1)
    problem = PairingProblem(
        num_mentors=num_mentors,
        num_mentees=num_mentees,
        level_names=tuple(f"level {k}" for k in range(num_levels)),
        mentor=mentor,
        mentee=mentee,
        group=group,
        points=draw(-2, 9, num_levels, num_options),
        mentor_minutes=np.where(group < 0, draw(0, 4, num_options), 0),
        mentee_minutes=draw(0, 4, num_options),
        slots=rng.integers(0, 8, (num_options, 1)).astype(np.uint64) if rng.random() < 0.5 else None,
        group_mentor=group_mentor,
        group_theme=group_theme,
        group_min_size=least_size,
        group_max_size=least_size + draw(0, 2, num_groups),
        group_minutes=draw(0, 4, num_groups),
        group_points=draw(-2, 4, num_levels, num_groups),
        max_individual=draw(0, 3, num_mentors),
        max_groups=draw(0, 3, num_mentors),
        max_places=max_places,
        max_minutes=np.where(rng.random(num_mentors) < 0.5, draw(0, 8, num_mentors), NO_LIMIT),
        load_steps=_steps(rng, num_levels, stepped, lambda m: max(1, int(max_places[m]))),
        max_mentors=draw(0, 3, num_mentees),
        max_mentee_minutes=np.where(rng.random(num_mentees) < 0.5, draw(0, 7, num_mentees), NO_LIMIT),
        served_points=draw(0, 6, num_levels, num_mentees),
        item_mentee=item_mentee,
        item_points=draw(0, 5, num_levels, num_items),
        cover_option=cover_option,
        cover_item=cover_item,
        quota_option=quota_option,
        quota_owner=quota_owner,
        quota_steps=_steps(rng, num_levels, list(range(num_quotas)), lambda _: int(rng.integers(1, 4))),
        link_first=link_first,
        link_second=link_second,
        link_refund_minutes=draw(0, 3, len(links)),
        link_points=draw(-2, 4, num_levels, len(links)),
        conflict_first=conflict_first,
        conflict_second=conflict_second,
        extra=rng.random(num_options) < 0.2 if rng.random() < 0.4 else None,
        companion=companion if rng.random() < 0.2 else None,
        locked=np.zeros(num_options, dtype=bool),
    )
    if not with_floor or rng.random() > 0.4:
        return problem
    at = int(rng.integers(0, num_levels + 1))
    return replace(
        with_level(problem, "worst_off", at),
        worst_off_level=at,
        floor_points=draw(0, 4, num_options),
        floor_mentee=rng.random(num_mentees) < 0.8,
        floor_served_only=bool(rng.random() < 0.5),
    )


def _steps(rng: np.random.Generator, num_levels: int, owners: list[int], reach: Callable[[int], int]) -> Steps:
    """Return random concave steps whose widths add up to ``reach`` of each owner."""
    owner, width, points = [], [], []
    for who in owners:
        left = reach(who)
        gain = rng.integers(-1, 5, num_levels)
        while left > 0:
            wide = int(rng.integers(1, left + 1))
            owner.append(who)
            width.append(wide)
            points.append(gain)
            gain = gain - rng.integers(0, 3, num_levels)
            left -= wide
    return Steps(
        owner=np.array(owner, dtype=np.int64),
        width=np.array(width, dtype=np.int64),
        points=np.array(points, dtype=np.int64).reshape(len(owner), num_levels).T,
    )
