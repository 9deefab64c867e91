"""The dive: fix the groups that are open most of the time, price again, and so on until every group is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Choice
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.integer.rivals import clashes, compatible
from matcher.pairing.integer.volume import Prices

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MOST_ROUNDS = 60
BONUS = 1000.0
"""How much more than any gain a settled opening earns, so that the mentor takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How carefully to dive: price updates in a round and the share of the groups still to open settled in it."""

    num_updates: int = 60
    share: float = 0.10


def dive(
    relaxed: Relaxed,
    start: Prices,
    depth: Depth,
    *,
    value: Callable[[], float],
    settle: Callable[[IntArray], None],
    go_on: Callable[[float], bool],
    noise: FloatArray | None = None,
) -> None:
    """Settle openings round by round; ``settle`` is given the openings of every plan worth finishing.

    ``value()`` is the best value known, ``go_on(bound)`` tells whether to continue after an update. ``noise`` (factors
    per opening) makes another dive of it.
    """
    state = _State(relaxed)
    price, openness = start.price, start.openness.copy()
    for _ in range(MOST_ROUNDS):
        liking = openness if noise is None else openness * noise
        if not state.settle_some(liking, depth.share):
            break
        bound, price, openness, choice = _reprice(state, price, openness, depth.num_updates, value, go_on)
        settle(np.sort(choice.opening))
        often = np.flatnonzero((openness > 0.5) & ~state.is_shut)
        settle(often[compatible(relaxed.p, relaxed.bundles.openings.pick(often), openness[often])])
        if bound < value() + 1 or not go_on(bound):
            return
    settle(np.flatnonzero(state.is_open))


class _State:
    """Which openings are settled: open, shut, or still free."""

    def __init__(self, relaxed: Relaxed) -> None:
        self.relaxed, self.bundles = relaxed, relaxed.bundles
        count = len(self.bundles.openings)
        self.is_open, self.is_shut = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        largest = float(np.abs(relaxed.option_gain).max(initial=1)) + float(np.abs(relaxed.opening_gain).max(initial=1))
        self.bonus = BONUS * largest

    def settle_some(self, liking: FloatArray, share: float) -> bool:
        """Open the openings liked best among the free ones; return whether there were any."""
        candidates = np.flatnonzero(~self.is_open & ~self.is_shut & (liking > 0.03))
        if not len(candidates):
            return False
        order = candidates[np.argsort(-liking[candidates], kind="stable")]
        count = max(2, int(share * liking[order].sum()), int((liking[order] > 0.9).sum()))
        for opening in order[:count].tolist():
            if not self.is_shut[opening]:
                self._open(opening)
        return True

    def _open(self, opening: int) -> None:
        bundles, openings = self.bundles, self.bundles.openings
        self.is_open[opening] = True
        mentor = bundles.opener[opening]
        mine = bundles.of_mentor.entries_of(np.array([mentor]))[0]
        mine = mine[mine < len(openings)]
        rivals = mine[~self.is_open[mine]]
        is_full = self.is_open[mine].sum() >= bundles.most_groups[mentor]
        clash = clashes(bundles.p, openings, rivals, opening)
        self.is_shut[rivals[is_full | clash]] = True

    def opening_gain(self) -> FloatArray:
        """Return the gains of the openings with the bonus of what is settled."""
        return self.relaxed.opening_gain + self.bonus * self.is_open - 10 * self.bonus * self.is_shut


def _reprice(
    state: _State,
    price: FloatArray,
    openness: FloatArray,
    num_updates: int,
    value: Callable[[], float],
    go_on: Callable[[float], bool],
) -> tuple[float, FloatArray, FloatArray, Choice]:
    """Update the prices while what is settled stays; return the bound of the rest, prices, openness and last choice."""
    relaxed = state.relaxed
    gain, kept = relaxed.opening_gain, state.bonus * float(state.is_open.sum())
    relaxed.opening_gain = state.opening_gain()
    try:
        seen = relaxed.evaluate(price)
        best, factor, failures = seen.bound - kept, 0.02, 0
        mean, openness = seen.slope.copy(), 0.5 * openness
        openness[seen.choice.opening] += 0.5
        for _ in range(num_updates):
            slope = np.where((mean > 0) & (price <= relaxed.least), 0, mean)
            length = float(slope @ slope)
            if length <= 1e-12:
                break
            distance = max(best - value(), 0.0006 * relaxed.scale) + 0.001 * relaxed.scale
            trial = np.clip(price - factor * distance / length * slope, relaxed.least, relaxed.most)
            seen = relaxed.evaluate(trial)
            bound = seen.bound - kept
            mean = 0.9 * mean + 0.1 * seen.slope
            openness *= 0.9
            openness[seen.choice.opening] += 0.1
            if bound < best:
                best, price, failures = bound, trial, 0
            else:
                failures += 1
                if failures >= 10:
                    factor, failures = 0.66 * factor, 0
            if not go_on(best):
                break
    finally:
        relaxed.opening_gain = gain
    return best, price, openness, seen.choice
