"""Price updates by the volume algorithm.

References
----------
.. [1] F. Barahona, R. Anbil, "The volume algorithm: producing primal solutions with a subgradient method",
   Mathematical Programming 87 (2000).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Choice
from matcher.pairing.integer.relaxed import Relaxed

FloatArray = NDArray[np.float64]


FAR, NEAR = 0.06, 0.001
"""The value aimed at is at most so much, and at least so much, below the bound, in parts of the relaxation's scale."""

PATIENCE, SLOW = 100, 5e-5
"""The updates end where so many of them together gain no more than this part of the scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast prices move: the ``first`` step factor, the weight of the newest choice and how it falls."""

    first: float = 1.0
    newest: float = 0.1
    newest_falls: float = 0.7
    newest_least: float = 0.01
    may_rise: bool = True


@dataclass(slots=True, kw_only=True, eq=False)
class Prices:
    """The best prices so far: ``bound`` and ``price``; ``openness`` is how often each opening was chosen of late."""

    bound: float
    price: FloatArray
    openness: FloatArray
    choice: Choice


def update_prices(
    relaxed: Relaxed,
    start: Prices | None,
    num_updates: int,
    *,
    value: Callable[[], float],
    pace: Pace,
    each: Callable[[int, Prices, Choice], bool] = lambda *_: True,
) -> Prices:
    """Return better prices after ``num_updates`` updates.

    ``value()`` is the best value known (−inf: none); ``each`` is called after every update and ends the updates by
    returning False.
    """
    price = relaxed.start() if start is None else start.price
    seen = relaxed.evaluate(price)
    mean = seen.slope.copy()
    openness = np.zeros(len(relaxed.bundles.openings))
    openness[seen.choice.opening] = 1
    if start is not None and len(start.openness) == len(openness):
        openness = 0.5 * start.openness + 0.5 * openness
    best = Prices(bound=seen.bound, price=price, openness=openness, choice=seen.choice)
    factor, newest, failures = pace.first, pace.newest, 0
    earlier = [np.inf] * PATIENCE
    for number in range(1, num_updates + 1):
        slope = np.where((mean > 0) & (best.price <= relaxed.least), 0, mean)
        slope[(slope < 0) & (best.price >= relaxed.most)] = 0
        scale = relaxed.scale
        target = max(value(), best.bound - FAR * scale)
        length = float(slope @ slope)
        if length <= 1e-12:
            break
        step = factor * (best.bound - target + NEAR * scale) / length
        seen = relaxed.evaluate(np.clip(best.price - step * slope, relaxed.least, relaxed.most))
        if number % 100 == 0:
            newest = max(pace.newest_least, newest * pace.newest_falls)
        mean = (1 - newest) * mean + newest * seen.slope
        best.openness *= 1 - newest
        best.openness[seen.choice.opening] += newest
        if seen.bound < best.bound:
            if pace.may_rise and seen.slope @ slope > 0:
                factor = min(2.0, 1.1 * factor)
            best.bound, best.choice, failures = seen.bound, seen.choice, 0
            best.price = np.clip(best.price - step * slope, relaxed.least, relaxed.most)
        else:
            failures += 1
            if failures >= 10:
                factor, failures = 0.66 * factor, 0
        earlier.append(best.bound)
        if not each(number, best, seen.choice) or earlier[-1 - PATIENCE] - best.bound < SLOW * scale:
            break
    return best
