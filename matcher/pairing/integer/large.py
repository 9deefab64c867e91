"""Large problems: prices, plans finished by flows, the dive, then small searches until the effort is spent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Bundles, Choice
from matcher.pairing.integer.certify import whole_prices
from matcher.pairing.integer.core import Core, core_of
from matcher.pairing.integer.dive import Depth, dive
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.finish import Finisher
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.losses import Losses, losses
from matcher.pairing.integer.openings import Openings, all_openings, usable_options
from matcher.pairing.integer.polish import Polisher
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.integer.rivals import compatible
from matcher.pairing.integer.rules import build_model
from matcher.pairing.integer.slot_bundles import SlotBundles
from matcher.pairing.integer.volume import Pace, Prices, update_prices
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

NUM_UPDATES = 600
FLOW_EVERY = 25
DEPTHS = (Depth(), Depth(num_updates=100, share=0.05))
OPTIONS_PER_PLACE = 10
"""How many options the core keeps for each mentor a mentee may have."""


class LargeSearch:
    """The search for one weighting of the levels, from first prices to the last polish."""

    def __init__(self, best: Incumbent, weight: FloatArray, effort: Effort, seed: int) -> None:
        self.best, self.weight, self.effort, self.seed = best, weight, effort, seed
        self.p = best.problem
        usable = usable_options(self.p)
        self.option = np.flatnonzero(usable)
        self.openings = all_openings(self.p, usable)
        bundles = (
            Bundles(self.p, self.option, self.openings) if self.p.slots is None else SlotBundles(self.p, self.option)
        )
        self.relaxed = Relaxed(self.p, weight, bundles)
        self.bound = np.inf

    @property
    def level(self) -> int:
        """Return the lowest level that counts."""
        return int(np.flatnonzero(self.weight)[-1])

    def value(self) -> float:
        """Return the weighted value of the best plan."""
        return float(self.weight @ np.array(self.best.values, dtype=np.float64))

    def tell(self, stage: str) -> None:
        """Report how far the lowest level is."""
        scale, level = float(self.weight[self.level]), self.level
        above = float(self.weight[:level] @ np.array(self.best.values[:level], dtype=np.float64))
        bound = None if np.isinf(self.bound) else (self.bound - above) / scale
        self.effort.tell(stage, self.p.level_names[level], float(self.best.values[level]), bound)

    def run(self) -> Prices:
        """Search until the effort is spent or nothing is left to gain; return the last prices."""
        prices = self.update()
        if not self.effort.is_over():
            self.improve(prices)
        return prices

    def update(self) -> Prices:
        """Update the prices, finishing a plan now and then."""
        finisher = Finisher(self.relaxed)
        bundles = self.relaxed.bundles

        def each(number: int, prices: Prices, choice: Choice) -> bool:
            self.effort.spend()
            self.bound = prices.bound
            if number % FLOW_EVERY == 0:
                opened = choice.opening
                slots = bundles.slot if isinstance(bundles, SlotBundles) else bundles.openings.slot
                openings = Openings(group=bundles.openings.group[opened], slot=slots[opened])
                openings = openings.pick(compatible(self.p, openings, prices.openness[opened]))
                self.offer(finisher.finish(openings, prices.price))
                self.tell("prices")
            return not self.effort.is_over()

        prices = update_prices(self.relaxed, None, NUM_UPDATES, value=self.value, pace=Pace(), each=each)
        self.bound = prices.bound
        self.best.offer_prices(self.level, whole_prices(self.p, self.relaxed.prices(prices.price, self.level)))
        return prices

    def offer(self, pairing: Pairing) -> None:
        """Offer a finished plan of the whole problem."""
        self.effort.spend()
        self.best.offer(pairing)

    def improve(self, prices: Prices) -> None:
        """Dive, then polish, in the core of the problem."""
        lost = losses(self.relaxed, prices.price, self.openings)
        core, openings = self.core(lost)
        relaxed = Relaxed(core.problem, self.weight, Bundles(core.problem, np.arange(len(core.option)), openings))
        start = self.core_prices(relaxed, prices)
        for depth in DEPTHS:
            if self.effort.is_over() or self.best.is_proved(self.level):
                return
            self.dive(core, relaxed, start, depth)
        self.polish(core, openings, lost)

    def core(self, lost: Losses) -> tuple[Core, Openings]:
        """Return the options and openings of small loss, those of the plan among them."""
        finite = np.sort(lost.option[np.isfinite(lost.option)])
        count = min(len(finite), OPTIONS_PER_PLACE * int(self.p.max_mentors.sum()))
        limit = finite[count - 1] if count else 0.0
        option = np.union1d(np.flatnonzero(lost.option <= limit), self.best.pairing.option)
        core = core_of(self.p, option)
        near = lost.opening <= limit
        wanted = set(zip(self.best.pairing.open_group.tolist(), self.best.pairing.slot.tolist(), strict=True))
        pairs = zip(self.openings.group.tolist(), self.openings.slot.tolist(), strict=True)
        near |= np.array([pair in wanted for pair in pairs], dtype=bool)
        return core, self.openings.pick(near)

    def core_prices(self, relaxed: Relaxed, prices: Prices) -> Prices:
        """Return the prices with the openness of the core's openings; where these have slots it is found anew."""
        if len(prices.openness) == len(self.openings):
            group = relaxed.bundles.openings.group
            place = np.searchsorted(self.openings.group, group)
            return Prices(bound=prices.bound, price=prices.price, openness=prices.openness[place], choice=prices.choice)
        return update_prices(
            relaxed,
            prices,
            180,
            value=self.value,
            pace=Pace(first=0.1, newest=0.03, newest_least=0.03, may_rise=False),
            each=lambda *_: self._count(),
        )

    def _count(self) -> bool:
        self.effort.spend()
        return not self.effort.is_over()

    def dive(self, core: Core, relaxed: Relaxed, start: Prices, depth: Depth) -> None:
        """Dive once."""
        finisher = Finisher(relaxed)

        def settle(opened: IntArray) -> None:
            self.offer(core.outward(finisher.finish(relaxed.bundles.openings.pick(opened), start.price)))
            self.tell("dive")

        dive(relaxed, start, depth, value=self.value, settle=settle, go_on=lambda _: self._count())

    def polish(self, core: Core, openings: Openings, lost: Losses) -> None:
        """Polish until the effort is spent or the bound is met."""
        model = build_model(core.problem, np.arange(len(core.option)), openings)
        gain = self.weight @ model.columns.gain
        polisher = Polisher(model, gain, lost.option[core.option], self.seed)
        while not self.effort.is_over() and not self.best.is_proved(self.level):
            pairing = core.inward(self.best.pairing)
            if pairing is None:
                return
            found = polisher.step(pairing, self.effort)
            if found is not None:
                self.best.offer(core.outward(found))
            self.tell("polish")
