"""Better prices than those of the linear relaxation, where a mentor's own problem is not linear: minutes and slots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.certificate import LevelPrices
from matcher.pairing.integer.certify import whole_prices
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.losses import losses
from matcher.pairing.integer.market import bundles_of
from matcher.pairing.integer.openings import IntArray, Openings
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.integer.shortlist import price_vector
from matcher.pairing.integer.volume import Pace, Prices, update_prices

FloatArray = NDArray[np.float64]

NUM_UPDATES = 500
MORE = 3.0


def sharpen_prices(
    best: Incumbent, level: int, prices: LevelPrices, option: IntArray, openings: Openings, effort: Effort
) -> FloatArray | None:
    """Update the prices of a relaxation where the mentors' best bundles can say more than it; offer what is found.

    Return the losses of the options (num_options,) at the new prices, None where there was nothing to do.
    """
    p = best.problem
    bundles = bundles_of(p, option, openings)
    if prices.floor.any() or not (len(bundles.timed) or p.slots is not None):
        return None
    weight = np.zeros(p.num_levels)
    weight[: level + 1] = prices.weight / float(prices.weight[level])
    heavier = _heavier(best, level, weight)
    relaxed = Relaxed(p, heavier, bundles)
    price = price_vector(relaxed, prices)
    more = (heavier - weight) @ p.served_points
    price[relaxed.part["mentee"]] += np.where(relaxed.folded_mentee, more, 0)
    price[relaxed.part["served"]] += np.where(relaxed.folded_mentee, 0, more)
    price = np.clip(price, relaxed.least, relaxed.most)
    seen = relaxed.evaluate(price)
    start = Prices(bound=seen.bound, price=price, openness=np.zeros(0), choice=seen.choice)

    def each(*_: object) -> bool:
        effort.spend()
        return not effort.is_over()

    value = float(heavier @ np.array(best.values, dtype=np.float64))
    found = update_prices(relaxed, start, NUM_UPDATES, value=lambda: value, pace=Pace(first=0.01), each=each)
    best.offer_prices(level, whole_prices(p, relaxed.prices(found.price, level)))
    return losses(relaxed, found.price, openings).option


def _heavier(best: Incumbent, level: int, weight: FloatArray) -> FloatArray:
    """Return the weights, larger where a level above only serves people and is proved: that leaves prices more room."""
    p = best.problem
    heavier = weight.copy()
    for above in range(level):
        other = (p.points, p.group_points, p.item_points, p.load_steps.points, p.quota_steps.points, p.link_points)
        if best.bound(above) == best.values[above] and not any(points[above].any() for points in other):
            heavier[above] *= MORE
    return heavier
