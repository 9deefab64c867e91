"""What a plan gains, level by level, in the policy's order (requirements 9.1 note 1, 9.3; model of pairing).

Above the policy's levels stand "locks" and "least" (least loads and least quotas) where there are any. SO-01 is a level
for every tier, those left without a mentor last time before the others of their tier; under ``internal_first`` as many
levels for mentees served from inside stand directly above. A level that the policy makes of several rules has the sum
of their points, each times its weight; in a level of its own a rule counts as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import BoolArray, IntArray
from matcher.candidates.columns import Columns
from matcher.policy import Policy
from matcher.policy_words import ContourMode

_SERVED, _COVERED = "SO-01", "SO-02"
_FULL_COVER = 100
_CRITERIA = frozenset({"SO-03", "SO-04", "SO-05", "SO-06", "SO-08", "SO-10"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level: its name and the soft rules in it; for SO-01 and ``internal_first`` the mentees it is about."""

    name: str
    rules: tuple[str, ...] = ()
    tier: int | None = None
    unmatched: bool | None = None

    @property
    def is_inside(self) -> bool:
        """Return whether the level counts mentees served from inside."""
        return self.name.startswith("internal_first")


def build_levels(columns: Columns, *, has_locks: bool, has_least: bool, has_times: bool) -> tuple[Level, ...]:
    """Return the levels of a round, the deciding one first.

    Where times are known and the policy names SO-11 on no level, free time in common stands with the other criteria.
    """
    policy = columns.policy
    loose_times = has_times and not any("SO-11" in rules for rules in policy.levels)
    found = [Level(name="locks")] * has_locks + [Level(name="least")] * has_least
    for rules in policy.levels:
        if _SERVED in rules:
            found += _tiers(columns, "internal_first") if _is_internal_first(policy) else []
            found += _tiers(columns, _SERVED) if len(rules) == 1 else [Level(name="+".join(rules), rules=rules)]
        else:
            with_times = (*rules, "SO-11") if loose_times and _CRITERIA.intersection(rules) else rules
            loose_times = loose_times and with_times == rules
            found.append(Level(name="+".join(with_times), rules=with_times))
        if _COVERED in rules and policy.worst_off:
            found.append(Level(name="worst_off"))
    return tuple(found)


def _tiers(columns: Columns, name: str) -> list[Level]:
    """Return a level for every tier, one more where somebody of it was left without a mentor last time."""
    rules = (name,) if name == _SERVED else ()
    found = []
    for tier in range(len(columns.policy.tiers)):
        here = columns.mentees.tier == tier
        waited = bool(columns.mentees.unmatched_last_round[here].any())
        label = f"{name}:{tier + 1}"
        if waited:
            found.append(Level(name=f"{label}:unmatched", rules=rules, tier=tier, unmatched=True))
        found.append(Level(name=label, rules=rules, tier=tier, unmatched=False if waited else None))
    return found


def _is_internal_first(policy: Policy) -> bool:
    return policy.contours.mode is ContourMode.INTERNAL_FIRST


def mentees_of(columns: Columns, level: Level) -> BoolArray:
    """Return which mentees a tier level is about."""
    about: BoolArray = columns.mentees.tier == level.tier
    if level.unmatched is not None:
        about = about & (columns.mentees.unmatched_last_round == level.unmatched)
    return about


def weight_in(policy: Policy, level: Level, rule: str) -> int:
    """Return what a point of ``rule`` counts on ``level``: its weight, 1 where it stands alone, 0 where it is not."""
    if rule not in level.rules:
        return 0
    return 1 if len(level.rules) == 1 else policy.weights[rule]


def served_points(columns: Columns, levels: tuple[Level, ...]) -> IntArray:
    """Return what serving each mentee gains, shape (num_levels, num_mentees)."""
    points = np.zeros((len(levels), columns.num_mentees), dtype=np.int64)
    tiers = len(columns.policy.tiers)
    for at, level in enumerate(levels):
        if level.tier is not None and not level.is_inside:
            points[at] = mentees_of(columns, level)
        elif _SERVED in level.rules:
            # Tiers inside one sum: an earlier tier counts more, and so does having waited.
            order = 2 * (tiers - columns.mentees.tier) + columns.mentees.unmatched_last_round
            points[at] = _FULL_COVER * columns.policy.weights[_SERVED] * order
    return points


def item_points(columns: Columns, levels: tuple[Level, ...], mentee: IntArray, need: IntArray) -> IntArray:
    """Return what covering each item gains, shape (num_levels, num_items); ``need`` −1 is "served from inside"."""
    points = np.zeros((len(levels), len(mentee)), dtype=np.int64)
    weight = np.where(need >= 0, columns.needs.weight[mentee, np.maximum(need, 0)], 0) if len(mentee) else need
    for at, level in enumerate(levels):
        if level.is_inside:
            points[at] = (need < 0) & mentees_of(columns, level)[mentee]
        elif _COVERED in level.rules:
            scale = 1 if len(level.rules) == 1 else columns.policy.weights[_COVERED] * _FULL_COVER // 3
            points[at] = weight * scale
    return points


def load_costs(columns: Columns, mentor: IntArray, place: IntArray) -> IntArray:
    """Return what place 0, 1, … of a mentor costs (SO-07): convex, steep above ``soft_mentees``.

    A place costs 10 for each before it, 40 more for each above the soft target, and up to 20 for teaching hours (20 at
    36 hours a week).
    """
    over: IntArray = np.maximum(0, place + 1 - columns.policy.load.soft_mentees)
    hours = np.nan_to_num(columns.mentors.teaching_hours[mentor])
    busy = np.minimum(20, np.rint(hours * 20 / 36)).astype(np.int64)
    return busy + 10 * place + 40 * over
