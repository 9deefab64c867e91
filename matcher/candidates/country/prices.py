"""What points of the soft rules weigh, all levels in one whole number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from matcher.candidates.codes import IntArray
from matcher.candidates.criteria import CRITERIA, IDEAL
from matcher.candidates.levels import Level, weight_in
from matcher.policy import Policy

_FULL_COVER = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointPrices:
    """Weighted points: of one point of a ``criterion``, of covering a need of weight one, of the tie-break, of a lock.

    ``per_level`` (num_levels,) are the weights of the levels they come from.
    """

    criterion: Mapping[str, int]
    cover: int
    tie: int
    lock: int
    per_level: IntArray

    def of(self, rule: str) -> int:
        """Return the price of a point of a criterion."""
        return self.criterion[rule]

    @classmethod
    def of_levels(cls, policy: Policy, levels: tuple[Level, ...], per_level: IntArray) -> Self:
        """Return the prices when one point of each level weighs ``per_level``."""
        weight = per_level.tolist()
        rules = [rule.rule for rule in CRITERIA]
        first = first_level_of_criteria(levels)
        return cls(
            criterion={
                rule: sum(w * weight_in(policy, level, rule) for w, level in zip(weight, levels, strict=True))
                for rule in rules
            },
            cover=sum(w * cover_scale(policy, level) for w, level in zip(weight, levels, strict=True)),
            tie=0 if first is None else weight[first],
            lock=sum(w for w, level in zip(weight, levels, strict=True) if level.name == "locks"),
            per_level=per_level,
        )


def first_level_of_criteria(levels: tuple[Level, ...]) -> int | None:
    """Return the level on which kinds break ties."""
    rules = {rule.rule for rule in CRITERIA}
    return next((at for at, level in enumerate(levels) if rules & set(level.rules)), None)


def cover_scale(policy: Policy, level: Level) -> int:
    """Return what covering a need of weight one counts on a level (SO-02)."""
    if "SO-02" not in level.rules:
        return 0
    return 1 if len(level.rules) == 1 else policy.weights["SO-02"] * _FULL_COVER // 3


def most_of_pair(policy: Policy, levels: tuple[Level, ...], most_cover: int, most_tie: int) -> IntArray:
    """Return the greatest absolute number of points of a pair on every level."""
    found = np.zeros(len(levels), dtype=np.int64)
    for at, level in enumerate(levels):
        for rule in CRITERIA:
            lacking = 2 * IDEAL if rule.rule == "SO-05" else IDEAL
            found[at] += lacking * weight_in(policy, level, rule.rule)
        found[at] += cover_scale(policy, level) * most_cover + (level.name == "locks")
        if at == first_level_of_criteria(levels):
            found[at] += most_tie
    return found
