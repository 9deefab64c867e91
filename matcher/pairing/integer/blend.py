"""All levels of a problem blended into one, with weights that keep their order nearly always."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem, Steps

IntArray = NDArray[np.int64]

RISE = 1.25
"""By how much a level outweighs the next one where both count single people."""
MARGIN = 1.5
"""By how much one unit of a level outweighs the most that one choice can gain on a lower one."""
MOST = 2.0**40


def blend_weights(p: PairingProblem) -> IntArray:
    """Return one whole weight per level, zero where nothing can be gained and below the headline.

    One unit of a level outweighs what one choice can gain on any lower one. It need not outweigh many choices together,
    so the blend finds good plans and proves nothing about the levels.
    """
    weight = np.zeros(p.num_levels)
    outweighed = 1.0
    for level in range(p.headline % p.num_levels, -1, -1):
        reach = _reach(p, level)
        if reach:
            weight[level] = outweighed
            outweighed = max(RISE * outweighed, MARGIN * weight[level] * reach)
    whole: IntArray = np.rint(weight * min(1.0, MOST / max(1.0, weight.max(initial=0)))).astype(np.int64)
    return whole


def _reach(p: PairingProblem, level: int) -> int:
    """Return the most that one choice can gain or lose on a level."""
    points = (p.points, p.group_points, p.served_points, p.item_points, p.link_points)
    arrays = (*points, p.load_steps.points, p.quota_steps.points)
    return max(int(np.abs(array[level]).max(initial=0)) for array in arrays)


def blended(p: PairingProblem, weight: IntArray) -> PairingProblem:
    """Return the problem with one level: the weighted sum of all."""

    def blend(points: IntArray) -> IntArray:
        return np.asarray(weight @ points, dtype=np.int64)[None, :]

    def blend_steps(steps: Steps) -> Steps:
        return replace(steps, points=blend(steps.points))

    return replace(
        p,
        level_names=("blend",),
        headline=0,
        points=blend(p.points),
        group_points=blend(p.group_points),
        load_steps=blend_steps(p.load_steps),
        served_points=blend(p.served_points),
        item_points=blend(p.item_points),
        quota_steps=blend_steps(p.quota_steps),
        link_points=blend(p.link_points),
    )


def below(p: PairingProblem, level: int, blend: PairingProblem) -> PairingProblem:
    """Return the problem with the levels down to ``level`` and, below them, the blend of all."""

    def stack(name: str) -> IntArray:
        return np.concatenate([getattr(p, name)[: level + 1], getattr(blend, name)])

    def stack_steps(name: str) -> Steps:
        steps: Steps = getattr(p, name)
        return replace(steps, points=np.concatenate([steps.points[: level + 1], getattr(blend, name).points]))

    return replace(
        p,
        level_names=(*p.level_names[: level + 1], "blend"),
        headline=-1,
        points=stack("points"),
        group_points=stack("group_points"),
        load_steps=stack_steps("load_steps"),
        served_points=stack("served_points"),
        item_points=stack("item_points"),
        quota_steps=stack_steps("quota_steps"),
        link_points=stack("link_points"),
    )
