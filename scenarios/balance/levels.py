"""A regulation with one soft rule weighed earlier, or not at all."""

from __future__ import annotations

from dataclasses import replace

from matcher.policy import Policy

_SERVED = "SO-01"
_POINTS = "SO-03"


def right_after_served(policy: Policy, rule: str) -> Policy:
    """Return the regulation with a soft rule on a level of its own, right after who has a mentor at all (SO-01)."""
    others = [tuple(one for one in level if one != rule) for level in policy.levels]
    at = next(number for number, level in enumerate(others, start=1) if _SERVED in level)
    levels = (*others[:at], (rule,), *others[at:])
    weight = max(1, policy.weights[rule])
    return replace(policy, levels=tuple(level for level in levels if level), weights={**policy.weights, rule: weight})


def beside_points(policy: Policy, rule: str, weight: int) -> Policy:
    """Return the regulation with a soft rule on the level of points (that of SO-03), where it weighs so much."""
    others = [tuple(one for one in level if one != rule) for level in policy.levels]
    levels = tuple((*level, rule) if _POINTS in level else level for level in others)
    return replace(policy, levels=tuple(level for level in levels if level), weights={**policy.weights, rule: weight})


def without(policy: Policy, rule: str) -> Policy:
    """Return the regulation with a soft rule that weighs nothing."""
    return replace(policy, weights={**policy.weights, rule: 0})
