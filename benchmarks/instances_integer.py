"""Instances for the integer engine: the published ones read from files, and made-up ones that are drawn from a seed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps, with_level

IntArray = NDArray[np.int64]

UNMATCHED = 2000
"""What it costs to leave a mentee without a mentor."""
BEST_FIT = 450
"""Points of a roster count what a pair falls short of this fit, as the regulations' criteria do."""


def _none(*shape: int) -> IntArray:
    return np.zeros(shape or (0,), dtype=np.int64)


def groups_instance(path: Path, *, slots_seed: int | None = None) -> PairingProblem:
    """Return ``groups_2000x500``; with ``slots_seed`` every group also needs one of 40 weekly slots."""
    with np.load(path) as data:
        raw = {name: data[name].astype(np.int64) for name in data.files}
    order = np.lexsort((raw["topic"], raw["mentor"], raw["mentee"]))
    mentee, mentor, topic, points = (raw[name][order] for name in ("mentee", "mentor", "topic", "points"))
    num_mentees, num_mentors = int(raw["num_mentees"]), int(raw["num_mentors"])
    slots = None
    if slots_seed is not None:
        rng = np.random.default_rng(slots_seed)
        slots = _common_slots(rng, mentor, mentee, num_mentors, num_mentees)
    return _with_groups(
        mentee,
        mentor,
        topic,
        points[None, :],
        served=np.full((1, num_mentees), UNMATCHED),
        loads=(raw["places"], np.broadcast_to(raw["max_groups"], raw["places"].shape), raw["places"]),
        sizes=(int(raw["min_size"]), int(raw["max_size"])),
        most_mentors=1,
        slots=slots,
    )


def gap_instance(path: Path) -> PairingProblem:
    """Return a generalised assignment instance: everyone once is wanted first, then the least cost within the hours."""
    numbers = [int(word) for word in path.read_text().split()]
    num_mentors, num_mentees = numbers[:2]
    table = num_mentors * num_mentees
    cost = np.array(numbers[2 : 2 + table]).reshape(num_mentors, num_mentees)
    hours = np.array(numbers[2 + table : 2 + 2 * table]).reshape(num_mentors, num_mentees)
    limit = np.array(numbers[2 + 2 * table :])
    plain = PairingProblem.from_scores(-cost, capacity=num_mentees, hours=hours, hours_limit=limit)
    problem = with_level(plain, "cover", 0)
    served = problem.served_points.copy()
    served[0] = 1
    return replace(problem, served_points=served)


def bids_instance(path: Path, *, worst_off: bool) -> PairingProblem:
    """Return a bidding instance: three mentors each, twelve mentees at most; by total, or the worst-off first."""
    words = path.read_text().split()
    num_mentees, num_mentors = int(words[0]), int(words[1])
    score = np.array(words[2 : 2 + num_mentees * num_mentors], dtype=np.float64).reshape(num_mentees, num_mentors).T
    problem = PairingProblem.from_scores(score, forbidden=score == 0, capacity=12, demand=3)
    return problem.with_objective("worst_off_first") if worst_off else problem


def roster_instance(
    seed: int,
    *,
    num_mentees: int = 2000,
    num_mentors: int = 500,
    num_near: int = 20,
    num_organisations: int = 88,
    by_levels: bool = False,
) -> PairingProblem:
    """Return a made-up roster: groups in common weekly slots, and up to two mentors who cover a union of requests.

    Every mentee wants three of 24 topics; ``num_near`` mentors who know at least one of them can be his mentor alone or
    in a group on that topic. Loads are those of the regulations: three pairs, one group of two to six. With
    ``by_levels`` the wishes stand in lexicographic order as in a policy, otherwise
    they are one sum.
    """
    rng = np.random.default_rng(seed)
    num_topics, wanted_topics = 24, 3
    knows, skill = rng.random((num_mentors, num_topics)) < 0.35, rng.random((num_mentors, num_topics))
    wants = np.argsort(rng.random((num_mentees, num_topics)), axis=1)[:, :wanted_topics]
    place_of = rng.integers(0, num_organisations, num_mentors), rng.integers(0, num_organisations, num_mentees)
    rows: list[tuple[int, int, int, int]] = []
    covers: list[tuple[int, int]] = []
    for mentee in range(num_mentees):
        able = np.flatnonzero(knows[:, wants[mentee]].any(axis=1))
        for mentor in np.sort(rng.choice(able, min(num_near, len(able)), replace=False)).tolist():
            known = [k for k in range(wanted_topics) if knows[mentor, wants[mentee, k]]]
            near = 150 * int(place_of[0][mentor] == place_of[1][mentee])
            fit = max(1.0, 100 + near + 200 * float(skill[mentor, wants[mentee, known]].max()) + rng.normal(0, 40))
            covers += [(len(rows), wanted_topics * mentee + k) for k in known]
            rows.append((mentee, mentor, -1, round(fit) - BEST_FIT))
            for k in known:
                covers.append((len(rows), wanted_topics * mentee + k))
                rows.append((mentee, mentor, int(wants[mentee, k]), round(0.75 * fit) - BEST_FIT))
    mentee_of, mentor_of, topic, points = np.array(rows, dtype=np.int64).T
    slots = _common_slots(rng, mentor_of, mentee_of, num_mentors, num_mentees)
    worth = np.array([300, 200, 100])
    problem = _with_groups(
        mentee_of,
        mentor_of,
        topic,
        points[None, :],
        served=np.full((1, num_mentees), UNMATCHED),
        loads=(np.full(num_mentors, 3), np.full(num_mentors, 1), np.full(num_mentors, 4)),
        sizes=(2, 6),
        most_mentors=2,
        slots=slots,
    )
    problem = replace(
        problem,
        item_mentee=np.repeat(np.arange(num_mentees), wanted_topics),
        item_points=np.tile(worth, num_mentees)[None, :],
        cover_option=np.array(covers)[:, 0],
        cover_item=np.array(covers)[:, 1],
    )
    return _in_levels(problem, rng, place_of) if by_levels else problem


def _common_slots(
    rng: np.random.Generator, mentor: IntArray, mentee: IntArray, num_mentors: int, num_mentees: int
) -> NDArray[np.uint64]:
    """Return bit sets of 40 weekly slots: everybody is free in 30 to 70 % of them."""
    free_mentor = rng.random((num_mentors, 40)) < rng.uniform(0.3, 0.7, (num_mentors, 1))
    free_mentee = rng.random((num_mentees, 40)) < rng.uniform(0.3, 0.7, (num_mentees, 1))
    both = free_mentor[mentor] & free_mentee[mentee]
    bits = np.left_shift(np.uint64(1), np.arange(40, dtype=np.uint64))
    slots: NDArray[np.uint64] = np.where(both, bits[None, :], np.uint64(0)).sum(axis=1, dtype=np.uint64)
    return slots[:, None]


def _with_groups(
    mentee: IntArray,
    mentor: IntArray,
    topic: IntArray,
    points: IntArray,
    *,
    served: IntArray,
    loads: tuple[IntArray, IntArray, IntArray],
    sizes: tuple[int, int],
    most_mentors: int,
    slots: NDArray[np.uint64] | None,
) -> PairingProblem:
    num_topics = int(topic.max()) + 1
    key = mentor * num_topics + topic
    groups = np.unique(key[topic >= 0])
    num_levels, num_options, num_groups = len(points), len(mentee), len(groups)
    num_mentees, num_mentors = served.shape[1], len(loads[0])
    return PairingProblem(
        num_mentors=num_mentors,
        num_mentees=num_mentees,
        mentor=mentor,
        mentee=mentee,
        group=np.where(topic >= 0, np.searchsorted(groups, key), -1),
        points=points,
        mentor_minutes=_none(num_options),
        mentee_minutes=_none(num_options),
        slots=slots,
        group_mentor=groups // num_topics,
        group_theme=groups % num_topics,
        group_min_size=np.full(num_groups, sizes[0]),
        group_max_size=np.full(num_groups, sizes[1]),
        group_minutes=_none(num_groups),
        group_points=_none(num_levels, num_groups),
        max_individual=loads[0],
        max_groups=loads[1],
        max_places=loads[2],
        max_minutes=np.full(num_mentors, NO_LIMIT),
        load_steps=Steps.none(num_levels),
        max_mentors=np.full(num_mentees, most_mentors),
        max_mentee_minutes=np.full(num_mentees, NO_LIMIT),
        served_points=served,
        item_points=_none(num_levels, 0),
        quota_steps=Steps.none(num_levels),
        link_points=_none(num_levels, 0),
        locked=np.zeros(num_options, dtype=bool),
    )


def _in_levels(
    problem: PairingProblem, rng: np.random.Generator, place_of: tuple[IntArray, IntArray]
) -> PairingProblem:
    """Return the roster with its wishes in order: six tiers served, requests, points, balance, few changes."""
    p = problem
    names = (*(f"served_{k}" for k in range(1, 7)), "requests", "points", "balance", "changes")
    levels = {name: number for number, name in enumerate(names)}
    tier = rng.choice(6, p.num_mentees, p=[0.02, 0.1, 0.05, 0.25, 0.08, 0.5])
    served = np.zeros((len(names), p.num_mentees), dtype=np.int64)
    served[tier, np.arange(p.num_mentees)] = 1
    points = np.zeros((len(names), p.num_options), dtype=np.int64)
    points[levels["points"]] = p.points[0]
    kept = rng.random(p.num_options) < 0.03
    points[levels["changes"]] = kept
    items = np.zeros((len(names), p.num_items), dtype=np.int64)
    items[levels["requests"]] = p.item_points[0] // 100
    steps = np.zeros((len(names), p.num_mentors, 2), dtype=np.int64)
    steps[levels["balance"]] = [0, -1]
    organisation = place_of[0]
    quota = np.zeros((len(names), 88, 3), dtype=np.int64)
    quota[levels["balance"]] = [0, -1, -3]
    mean = -(-2 * p.num_mentees // 88)
    return replace(
        p,
        level_names=names,
        headline=levels["points"],
        points=points,
        served_points=served,
        item_points=items,
        group_points=_none(len(names), p.num_groups),
        load_steps=Steps(
            owner=np.repeat(np.arange(p.num_mentors), 2),
            width=np.ones(2 * p.num_mentors, dtype=np.int64),
            points=steps.reshape(len(names), -1),
        ),
        quota_option=np.arange(p.num_options),
        quota_owner=organisation[p.mentor],
        quota_steps=Steps(
            owner=np.repeat(np.arange(88), 3),
            width=np.tile([mean, mean, NO_LIMIT // 2], 88),
            points=quota.reshape(len(names), -1),
        ),
        link_points=_none(len(names), 0),
    )
