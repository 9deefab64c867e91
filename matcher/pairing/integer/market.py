"""The whole problem as the price updates see it: they work on a core and are checked against everything."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Bundles, Choice
from matcher.pairing.integer.certify import whole_prices
from matcher.pairing.integer.core import Core, core_of
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.losses import Losses, losses
from matcher.pairing.integer.openings import Openings, all_openings, usable_options
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.integer.slot_bundles import SlotBundles
from matcher.pairing.integer.volume import Pace, Prices, update_prices
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MANY_OPTIONS = 60_000
"""Beyond so many options the first prices are found on a part of them."""
NEAR_PER_MENTEE, NEAR_PER_THING = 30, 5
"""How many options of a mentee, of an item and of a mentor that part has at least."""
MOST_SIFTS = 3

Each = Callable[[int, Prices, Choice, Core, Relaxed], bool]


class Market:
    """The usable options and openings of a problem, and the relaxation over all of them for any weights."""

    def __init__(self, p: PairingProblem) -> None:
        self.p = p
        usable = usable_options(p)
        self.option = np.flatnonzero(usable)
        self.openings = all_openings(p, usable)
        self._bundles: Bundles | None = None

    def relaxed(self, weight: FloatArray) -> Relaxed:
        """Return the relaxation over all usable options."""
        if self._bundles is None:
            self._bundles = bundles_of(self.p, self.option, self.openings)
        return Relaxed(self.p, weight, self._bundles)

    def first_core(self, weight: FloatArray, kept: IntArray) -> Core:
        """Return all usable options, or the promising ones where there are very many; ``kept`` are always in."""
        if len(self.option) <= MANY_OPTIONS:
            return core_of(self.p, self.option)
        p = self.p
        gain = (weight @ p.points)[self.option]
        gain += np.bincount(p.cover_option, (weight @ p.item_points)[p.cover_item], p.num_options)[self.option]
        in_use = np.zeros(p.num_options, dtype=bool)
        in_use[self.option] = True
        first = np.ones(len(self.option), dtype=bool) if p.extra is None else ~p.extra[self.option]
        alone = p.group[self.option] < 0
        chosen = np.zeros(len(self.option), dtype=bool)
        for mask in (first & alone, ~alone):
            chosen |= _best_of(p.mentee[self.option], gain, mask, NEAR_PER_MENTEE)
        chosen |= _best_of(p.mentor[self.option], gain, first, NEAR_PER_THING)
        place = np.full(p.num_options, -1, dtype=np.int64)
        place[self.option] = np.arange(len(self.option))
        covers = in_use[p.cover_option]
        covering = place[p.cover_option[covers]]
        near = _best_of(p.cover_item[covers], gain[covering], np.ones(len(covering), dtype=bool), NEAR_PER_THING)
        chosen[covering[near]] = True
        locked = np.flatnonzero(p.locked & in_use)
        return core_of(p, np.unique(np.r_[self.option[chosen], kept, locked]))

    def near_core(self, lost: Losses, count: int, best: Incumbent) -> tuple[Core, Openings, float]:
        """Return the ``count`` options of least loss, openings as near, those of the plan, and the greatest loss."""
        finite = np.sort(lost.option[np.isfinite(lost.option)])
        limit = float(finite[min(len(finite), count) - 1]) if len(finite) and count else 0.0
        locked = np.flatnonzero(self.p.locked & np.isfinite(lost.option))
        option = np.unique(np.r_[np.flatnonzero(lost.option <= limit), best.pairing.option, locked])
        core = core_of(self.p, option)
        return core, self.openings.pick((lost.opening <= limit) | self.is_open(best)), limit

    def is_open(self, best: Incumbent) -> BoolArray:
        """Return which openings the plan uses."""
        wanted = set(zip(best.pairing.open_group.tolist(), best.pairing.slot.tolist(), strict=True))
        pairs = zip(self.openings.group.tolist(), self.openings.slot.tolist(), strict=True)
        return np.array([pair in wanted for pair in pairs], dtype=bool)

    def find_prices(
        self,
        best: Incumbent,
        weight: FloatArray,
        core: Core,
        start: FloatArray | None,
        num_updates: int,
        effort: Effort,
        each: Each,
    ) -> tuple[FloatArray, Losses]:
        """Return good prices for these weights and the losses at them; offer them to ``best``.

        Updates run on the core. Options that everybody's best bundles would need beside it join it, and
        the updates go on.
        """
        level = int(np.flatnonzero(weight)[-1])
        whole = self.relaxed(weight)
        for sift in range(MOST_SIFTS):
            relaxed = self._core_relaxed(core, weight)
            first = None if start is None else _started(relaxed, start)

            def told(number: int, prices: Prices, choice: Choice) -> bool:
                effort.spend()
                return each(number, prices, choice, core, relaxed) and not effort.is_over()  # noqa: B023

            count = num_updates if sift == 0 else num_updates // 3
            found = update_prices(relaxed, first, count, value=lambda: weighted(best, weight), pace=Pace(), each=told)
            start = whole_vector(relaxed, whole, found.price)
            bound = whole.evaluate(start).bound
            best.offer_prices(level, whole_prices(self.p, whole.prices(start, level)))
            if bound <= found.bound + 1e-4 * whole.scale or effort.is_over():
                break
            lost = losses(whole, start, self.openings)
            core = core_of(self.p, np.union1d(core.option, np.flatnonzero(lost.option <= 1e-9)))
        assert start is not None
        return start, losses(whole, start, self.openings)

    def _core_relaxed(self, core: Core, weight: FloatArray) -> Relaxed:
        q = core.problem
        every = np.arange(len(core.option))
        if q.slots is None:
            usable = np.zeros(len(core.option), dtype=bool)
            usable[every] = True
            return Relaxed(q, weight, Bundles(q, every, all_openings(q, usable)))
        return Relaxed(q, weight, SlotBundles(q, every))


def bundles_of(p: PairingProblem, option: IntArray, openings: Openings) -> Bundles:
    """Return the finder of best bundles: with slots inside the groups where there are any."""
    return Bundles(p, option, openings) if p.slots is None else SlotBundles(p, option)


def weighted(best: Incumbent, weight: FloatArray) -> float:
    """Return the weighted value of the best plan."""
    return float(weight @ np.array(best.values, dtype=np.float64))


def whole_vector(core: Relaxed, whole: Relaxed, price: FloatArray) -> FloatArray:
    """Return prices of a core as prices of the whole: what the core counts at its options is priced in full."""
    full = price.copy()
    full[core.part["item"]] = np.where(core.folded_item, core.item_gain, price[core.part["item"]])
    return np.clip(full, whole.least, whole.most)


def _started(relaxed: Relaxed, price: FloatArray) -> Prices:
    """Return prices to start from, with nothing known about openings."""
    seen = relaxed.evaluate(np.clip(price, relaxed.least, relaxed.most))
    return Prices(
        bound=seen.bound,
        price=np.clip(price, relaxed.least, relaxed.most),
        openness=np.zeros(0),
        choice=seen.choice,
    )


def _best_of(owner: IntArray, gain: FloatArray, mask: BoolArray, count: int) -> BoolArray:
    """Return a mask of the ``count`` best of every owner among those of ``mask``."""
    some = np.flatnonzero(mask)
    order = some[np.lexsort((-gain[some], owner[some]))]
    rank = np.arange(len(order)) - np.searchsorted(owner[order], owner[order])
    chosen = np.zeros(len(owner), dtype=bool)
    chosen[order[rank < count]] = True
    return chosen
