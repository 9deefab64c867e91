"""The last pass: cheaper times and modes, and sessions spread evenly, with nothing lost above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.layout import ActivityLayout, days_of
from matcher.sessions.respond import respond
from matcher.sessions.search import Search
from matcher.sessions.state import Placing

FloatArray = NDArray[np.float64]
ROUNDS = 2
COST = 1e6
"""A unit of cost outweighs any unevenness of an activity."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A day a session may lie on: its local choice (−1: a fixed session), its cost, and whether it has to be there."""

    day: int
    choice: int
    cost: int
    is_kept: bool


def spread_evenly(search: Search, until: float) -> None:
    """Move sessions inside the rhythm keys of their activity (or equally good ones) for little cost and even gaps.

    Sessions missing, hints kept and rhythm stay as they are or get better.
    """
    rank = _school_days(search)
    for _ in range(ROUNDS):
        is_changed = False
        for a in range(len(search.scores)):
            if search.effort.is_stopped() or search.effort.clock() > until:
                return
            is_changed |= _spread(search, a, rank)
        if not is_changed:
            return


def _school_days(search: Search) -> FloatArray:
    """Return for each day how many days with any choice lie before it: vacations are no gaps."""
    is_school: NDArray[np.bool_] = np.any(search.layout.problem.choice_days, axis=0)
    return np.cumsum(is_school) - is_school.astype(np.float64)


def _spread(search: Search, a: int, rank: FloatArray) -> bool:
    activity = search.layout.activities[a]
    before, had = search.scores[a], search.state.remove(a)
    if not had:
        return False
    usable = search.state.usable(a)
    best, worth = had, _worth(search, a, had, rank)
    candidates = [had]
    if worth >= COST and not activity.hints:
        costs = search.layout.problem.choice_cost
        cheap = [float(costs[activity.choices[members[0]]]) for members in activity.keys]
        candidates.append(respond(search.state, a, cheap))
        search.effort.spend()
    for candidate in candidates:
        found = _even(search, a, candidate, usable, rank)
        if found is not None:
            value = _worth(search, a, found, rank)
            search.put(a, found)
            if search.scores[a] <= before and value < worth:
                best, worth = found, value
            search.state.remove(a)
    search.put(a, best)
    return best is not had


def _worth(search: Search, a: int, placing: Placing, rank: FloatArray) -> float:
    """Return the cost and unevenness of an activity's sessions."""
    activity = search.layout.activities[a]
    costs = search.layout.problem.choice_cost
    cost = sum(int(costs[activity.choices[i]]) * mask.bit_count() for i, mask in placing.items())
    days = sorted([*search.fixed_days[a], *(day for mask in placing.values() for day in days_of(mask))])
    gaps = np.diff(rank[days])
    return COST * cost + float(((gaps - _ideal(activity, rank)) ** 2).sum())


def _ideal(activity: ActivityLayout, rank: FloatArray) -> float:
    """Return the gap that would spread all wanted sessions over the school year."""
    return float(rank[-1] + 1) / max(1, activity.need + activity.fixed)


def _nodes(search: Search, a: int, placing: Placing, usable: list[int]) -> list[_Node]:
    """Return the days that the rhythm keys in use offer, those of fixed sessions and kept hints among them."""
    activity = search.layout.activities[a]
    costs = search.layout.problem.choice_cost
    kept = {day: i for day, (i, _) in activity.hints.items() if placing.get(i, 0) >> day & 1}
    keys = {activity.key_of[i] for i in placing}.union(activity.fixed_keys)
    nodes = {day: _Node(day, -1, 0, True) for day in search.fixed_days[a]}
    for i in sorted((i for k in keys for i in activity.keys[k]), key=activity.rank.__getitem__):
        cost = int(costs[activity.choices[i]])
        for day in days_of(usable[i]):
            if day not in nodes and kept.get(day, i) == i:
                nodes[day] = _Node(day, i, cost, day in kept)
    return [nodes[day] for day in sorted(nodes)]


def _even(search: Search, a: int, placing: Placing, usable: list[int], rank: FloatArray) -> Placing | None:
    """Return as many sessions on the same keys with least cost and unevenness: a path through the days.

    ``reach[j][n]`` is the least of j + 1 sessions that end on node n.
    """
    activity = search.layout.activities[a]
    nodes = _nodes(search, a, placing, usable)
    number = sum(mask.bit_count() for mask in placing.values()) + len(search.fixed_days[a])
    day = [node.day for node in nodes]
    step = np.full((len(nodes), len(nodes)), np.inf)
    kept = np.cumsum([node.is_kept for node in nodes])
    ideal, place = _ideal(activity, rank), rank[day]
    for n in range(len(nodes)):
        allowed = _following(activity, nodes, n, kept)
        step[n, allowed] = (place[allowed] - place[n] - ideal) ** 2 + [COST * nodes[m].cost for m in allowed]
    start = np.array([COST * node.cost if kept[n] - node.is_kept == 0 else np.inf for n, node in enumerate(nodes)])
    reach, back = [start], []
    for _ in range(number - 1):
        options = reach[-1][:, None] + step
        back.append(options.argmin(axis=0))
        reach.append(options.min(axis=0))
    ends = np.where(kept == kept[-1], reach[-1], np.inf)
    if not np.isfinite(ends).any():
        return None
    n = int(ends.argmin())
    chosen = [n]
    for links in reversed(back):
        n = int(links[n])
        chosen.append(n)
    found: dict[int, int] = {}
    for node in (nodes[n] for n in chosen if nodes[n].choice >= 0):
        found[node.choice] = found.get(node.choice, 0) | 1 << node.day
    return None if search.state.is_overfull(a, found) else found


def _following(activity: ActivityLayout, nodes: list[_Node], n: int, kept: NDArray[np.int64]) -> list[int]:
    """Return the nodes that may come right after node n: far enough, with nothing kept left out between."""
    allowed: list[int] = []
    for m in range(n + 1, len(nodes)):
        both_fixed = nodes[n].choice < 0 and nodes[m].choice < 0
        if kept[m] - nodes[m].is_kept == kept[n] and (both_fixed or activity.after[nodes[n].day] >> nodes[m].day & 1):
            allowed.append(m)
        if nodes[m].is_kept:
            break
    return allowed
