"""Large problems: prices, plans finished by flows, the dive, then small searches level by level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Bundles, Choice
from matcher.pairing.integer.core import Core
from matcher.pairing.integer.dive import Depth, dive
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.finish import Finisher
from matcher.pairing.integer.improve import improve_level
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.losses import Losses
from matcher.pairing.integer.market import Market, weighted
from matcher.pairing.integer.openings import Openings
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.integer.rivals import compatible
from matcher.pairing.integer.rules import build_model
from matcher.pairing.integer.slot_bundles import SlotBundles
from matcher.pairing.integer.volume import Pace, Prices, update_prices
from matcher.pairing.integer.weights import level_weights
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

NUM_UPDATES, NUM_LEVEL_UPDATES, NUM_OPENING_UPDATES = 600, 200, 180
FLOW_EVERY, RARE_FLOW_EVERY = 25, 100
DEPTHS = (Depth(), Depth(num_updates=100, share=0.05))
MOST_OPTIONS = 8000
OPTIONS_PER_PLACE = 10
"""How many options the core keeps for each mentor a mentee may have."""


class LargeSearch:
    """The search in a large problem, from first prices to the last polish."""

    def __init__(self, best: Incumbent, effort: Effort, seed: int) -> None:
        self.best, self.effort, self.seed = best, effort, seed
        self.p = best.problem
        self.market = Market(self.p)
        self.weight = level_weights(self.p, self.market.option)
        self.finishers: dict[int, Finisher] = {}

    def run(self) -> None:
        """Search until the effort is spent or everything is proved."""
        core = self.market.first_core(self.weight, self.best.pairing.option)
        price, lost = self.market.find_prices(
            self.best, self.weight, core, None, NUM_UPDATES, self.effort, self._finish_now_and_then
        )
        if self.effort.is_over() or self._is_proved():
            return
        count = OPTIONS_PER_PLACE * int(self.p.max_mentors.sum())
        core, openings, _ = self.market.near_core(lost, count, self.best)
        self._dive(core, openings, price)
        self._improve(core, openings, price, lost)

    def _is_proved(self) -> bool:
        return all(self.best.is_proved(level) for level in range(self.p.num_levels))

    def tell(self, stage: str, level: int | None = None) -> None:
        """Report how far a level is, the headline by default."""
        level = self.p.headline % self.p.num_levels if level is None else level
        self.effort.tell(
            stage, self.p.level_names[level], float(self.best.values[level]), float(self.best.bound(level))
        )

    def _finish_now_and_then(self, number: int, prices: Prices, choice: Choice, core: Core, relaxed: Relaxed) -> bool:
        """Finish a plan from time to time with the groups of the present choice."""
        finisher = self._finisher(relaxed)
        if number % (RARE_FLOW_EVERY if finisher.overlaps else FLOW_EVERY) == 0:
            bundles, opened = relaxed.bundles, choice.opening
            slots = bundles.slot if isinstance(bundles, SlotBundles) else bundles.openings.slot
            openings = Openings(group=bundles.openings.group[opened], slot=slots[opened])
            openings = openings.pick(compatible(self.p, openings, prices.openness[opened]))
            self._offer(core, finisher, openings, prices.price)
            self.tell("prices")
        return True

    def _finisher(self, relaxed: Relaxed) -> Finisher:
        if id(relaxed) not in self.finishers:
            self.finishers = {id(relaxed): Finisher(relaxed)}
        return self.finishers[id(relaxed)]

    def _offer(self, core: Core, finisher: Finisher, openings: Openings, price: FloatArray) -> None:
        self.effort.spend()
        self.best.offer(core.outward(finisher.finish(openings, price)))

    def _dive(self, core: Core, openings: Openings, price: FloatArray) -> None:
        """Dive into the core, slower the second time."""
        if not len(openings):
            return
        relaxed = Relaxed(core.problem, self.weight, Bundles(core.problem, np.arange(len(core.option)), openings))
        finisher = self._finisher(relaxed)
        start = update_prices(
            relaxed,
            Prices(
                bound=np.inf,
                price=np.clip(price, relaxed.least, relaxed.most),
                openness=np.zeros(0),
                choice=relaxed.evaluate(price).choice,
            ),
            NUM_OPENING_UPDATES,
            value=self._value,
            pace=Pace(first=0.1, newest=0.03, newest_least=0.03, may_rise=False),
            each=lambda *_: self._count(),
        )

        def settle(opened: IntArray) -> None:
            self._offer(core, finisher, openings.pick(opened), start.price)
            self.tell("dive")

        for depth in DEPTHS:
            if self.effort.is_over():
                return
            dive(relaxed, start, depth, value=self._value, settle=settle, go_on=lambda _: self._count())

    def _value(self) -> float:
        return weighted(self.best, self.weight)

    def _count(self) -> bool:
        self.effort.spend()
        return not self.effort.is_over()

    def _improve(self, core: Core, openings: Openings, price: FloatArray, lost: Losses) -> None:
        """Prove and improve level by level."""
        model = build_model(core.problem, np.arange(len(core.option)), openings)
        for level in range(self.p.num_levels):
            if self.best.is_proved(level) or self.weight[level] == 0:
                continue
            if self.effort.is_over():
                return
            if self.weight[level + 1 :].any():
                self._price_level(level, core, price)
            if not self.best.is_proved(level):
                improve_level(
                    self.best,
                    core,
                    model,
                    level,
                    self.weight,
                    lost.option[core.option],
                    self.effort,
                    seconds=self._share(level),
                    seed=self.seed,
                    tell=lambda level=level: self.tell("polish", level),  # type: ignore[misc]
                )

    def _price_level(self, level: int, core: Core, price: FloatArray) -> None:
        """Find prices for one level that leave the levels below out."""
        weight = self.weight.copy()
        weight[level + 1 :] = 0
        self.market.find_prices(self.best, weight, core, price, NUM_LEVEL_UPDATES, self.effort, lambda *_: True)

    def _share(self, level: int) -> float:
        """Return the seconds for one level: what is left, shared out among the levels in need."""
        needy = [k for k in range(level, self.p.num_levels) if self.weight[k] and not self.best.is_proved(k)]
        headline = self.p.headline % self.p.num_levels
        parts = {k: 3.0 if k == headline else 1.0 for k in needy}
        return self.effort.left() * parts.get(level, 1.0) / max(1.0, sum(parts.values()))


def solve_large(best: Incumbent, effort: Effort, *, seed: int = 0) -> None:
    """Improve ``best`` on a problem with many options."""
    LargeSearch(best, effort, seed).run()


def is_large(p: PairingProblem) -> bool:
    """Return whether a problem has too many options to be searched as one program."""
    return p.num_options > MOST_OPTIONS and p.num_groups > 0 and p.worst_off_level is None
