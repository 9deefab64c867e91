"""From the dual prices of a linear relaxation, or of the price updates, to the whole prices of the certificate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.certificate import LevelPrices
from matcher.pairing.integer.model import Columns, Model, level_grid
from matcher.pairing.problem import NO_LIMIT, PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MOST_UNITS = 10**6
"""Finest fraction of a point in which prices are counted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FloatPrices:
    """Prices as solvers find them, in points of the level: fields as in :class:`LevelPrices`."""

    weight: FloatArray
    mentee: FloatArray
    minute: FloatArray
    served: FloatArray
    item: FloatArray
    quota: FloatArray
    floor: FloatArray
    threshold: int = 0


def whole_prices(p: PairingProblem, prices: FloatPrices, folded: Columns | None = None) -> LevelPrices:
    """Return the prices in whole numbers, as finely as 64 bits allow.

    Where ``folded`` counts gains at the options themselves, their price is the whole gain.
    """
    units = _units(p, prices)
    level = len(prices.weight)
    weight = np.rint(np.maximum(0, prices.weight) * units).astype(np.int64)

    def whole(values: FloatArray) -> IntArray:
        return np.rint(values * units).astype(np.int64)

    served, item = whole(np.maximum(0, prices.served)), whole(np.maximum(0, prices.item))
    if folded is not None:
        served = np.where(folded.folded_mentee, weight @ p.served_points[:level], served)
        item = np.where(folded.folded_item, weight @ p.item_points[:level], item)
    minute = np.where(p.max_mentee_minutes < NO_LIMIT, np.maximum(0, prices.minute), 0)
    return LevelPrices(
        weight=weight,
        mentee=whole(np.maximum(0, prices.mentee)),
        minute=whole(minute),
        served=served,
        item=item,
        quota=whole(prices.quota),
        floor=whole(np.maximum(0, prices.floor)),
        threshold=prices.threshold,
    )


def _units(p: PairingProblem, prices: FloatPrices) -> int:
    """Return in how many units a point can be counted without leaving 64 bits."""
    level = len(prices.weight)
    reach = 4.0 * max(
        float(np.abs(a).max(initial=0)) for a in (prices.mentee, prices.served, prices.item, prices.quota)
    )
    reach += float(prices.minute.max(initial=0)) * max(1, int(p.mentee_minutes.max(initial=0)))
    points = (p.points, p.group_points, p.served_points, p.item_points, p.link_points)
    arrays = (*points, p.load_steps.points, p.quota_steps.points)
    largest = np.array([max(int(np.abs(a[j]).max(initial=0)) for a in arrays) for j in range(level)])
    reach += 3 * float(np.abs(prices.weight) @ largest)
    if p.floor_points is not None:
        reach += float(prices.floor.max(initial=0)) * float(np.abs(p.floor_points).max(initial=0))
    room = 2.0**61 / (max(1.0, reach) * max(1, p.num_options + p.num_mentees + p.num_items))
    units = 1
    while units < MOST_UNITS and units * 10 <= room:
        units *= 10
    return units


def row_prices(model: Model, price: FloatArray, weight: FloatArray, threshold: int = 0) -> FloatPrices:
    """Return the duals of a relaxation's rows as prices; ``weight`` are those of the levels."""
    p = model.columns.problem

    def of(kind: str, length: int) -> FloatArray:
        values = np.zeros(length)
        if kind in model.blocks:
            first, owner = model.blocks[kind]
            values[owner] = price[first : first + len(owner)]
        return values

    return FloatPrices(
        weight=weight,
        mentee=of("mentee", p.num_mentees),
        minute=of("minute", p.num_mentees),
        served=of("served", p.num_mentees),
        item=of("item", p.num_items),
        quota=of("quota", p.num_quotas),
        floor=-of("floor", p.num_mentees) / (1 if p.floor_points is None else level_grid(p.floor_points)),
        threshold=threshold,
    )
