"""Many options and many levels, as whole cities have them: a short list, a blended plan, then level by level.

The blend of all levels finds a plan that is good on every level at once. Most levels are then proved by prices alone;
the others are priced and searched within the short list, which grows until nothing outside can matter or the effort
ends. The prices of the list are prices of the whole problem: the certificate looks at every option.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.certificate import LevelPrices
from matcher.pairing.integer.blend import below, blend_weights, blended
from matcher.pairing.integer.bundles import Bundles
from matcher.pairing.integer.core import Core
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.exact import Relaxation, price_level, search_level
from matcher.pairing.integer.finish import Finisher
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.model import Model
from matcher.pairing.integer.openings import Openings
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.integer.rivals import compatible
from matcher.pairing.integer.rules import build_model
from matcher.pairing.integer.shortlist import Shortlist, price_vector
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values

FloatArray = NDArray[np.float64]

BLEND_ROUNDS = 12
LEVEL_ROUNDS = 4
BLEND_SHARE, MEND_SHARE = 0.6, 0.5
"""Shares of the effort left that the search of the blend, and mending, may take; a level may take half."""
NODES = 400
MOST_OPTIONS = 8000
"""Problems with more options are priced from a short list."""
HALF = 0.5
SETTLED = 1e-5
"""Relative rise of the blended relaxation below which the list is long enough to search in."""


class WideSearch:
    """The search for the plan of a wide problem; ``best`` gathers plan and prices."""

    def __init__(self, best: Incumbent, effort: Effort, seed: int) -> None:
        self.best, self.effort, self.seed = best, effort, seed
        self.p = best.problem
        weight = blend_weights(self.p)
        self.blend = blended(self.p, weight)
        gain = self.blend.points[0].copy()
        np.add.at(gain, self.p.cover_option, self.blend.item_points[0, self.p.cover_item])
        self.list = Shortlist(self.p, gain)
        self.list.admit(best.pairing)

    def run(self) -> None:
        """Search until every level is settled or the effort is spent."""
        self.offer_first_plan()
        self.offer_free_prices()
        self.search_blend()
        for level in range(self.p.num_levels):
            if self.effort.is_over():
                return
            if not self.best.is_proved(level):
                self.prove(level)
                self.tell("levels", level)

    def tell(self, stage: str, level: int) -> None:
        """Report value and bound of a level."""
        name = self.p.level_names[level]
        self.effort.tell(stage, name, float(self.best.values[level]), float(self.best.bound(level)))

    def offer_first_plan(self) -> None:
        """Offer a plan of pairs alone, made by flows in an instant: a stopped search has something to keep."""
        core, openings = self.list.core(self.blend)
        nothing = openings.pick(np.zeros(len(openings), dtype=bool))
        relaxed = Relaxed(core.problem, np.ones(1), Bundles(core.problem, np.arange(core.problem.num_options), nothing))
        self.best.offer(core.outward(Finisher(relaxed).finish(nothing, relaxed.start())))
        self.list.admit(self.best.pairing)

    def offer_free_prices(self) -> None:
        """Offer the prices that prove what is plain: nobody is served, and nothing covered, whom no option reaches."""
        p = self.p
        option = self.list.option
        served = np.zeros(p.num_mentees, dtype=bool)
        served[p.mentee[option if p.extra is None else option[~p.extra[option]]]] = True
        reached = np.zeros(p.num_options, dtype=bool)
        reached[option] = True
        covered = np.zeros(p.num_items, dtype=bool)
        covered[p.cover_item[reached[p.cover_option]]] = True
        for level in range(p.num_levels):
            prices = LevelPrices.zero(p, level)
            prices.served[~served] = p.served_points[level, ~served]
            prices.item[~covered] = p.item_points[level, ~covered]
            self.best.offer_prices(level, prices)

    def search_blend(self) -> None:
        """Find a plan that is good on all levels at once."""
        relaxed = Relaxed(self.blend, np.ones(1), self.list.bundles)
        last = -np.inf
        found: Relaxation | None = None
        for _ in range(BLEND_ROUNDS):
            core, openings = self.list.core(self.blend)
            held = Incumbent(core.problem)
            option = np.arange(core.problem.num_options)
            found = price_level(held, build_model(core.problem, option, openings, relaxed=True), 0, self.effort)
            if found is None or self.effort.is_over():
                break
            grown = self.list.grow(relaxed, price_vector(relaxed, found.prices))
            if not grown or found.value <= last + SETTLED * abs(last):
                break
            last = found.value
        present = core.inward(self.best.pairing)
        if present is not None:
            held.offer(present)
        if found is not None:
            model = build_model(core.problem, option, openings)
            held.offer(finished(model, found))
            part = self.part(BLEND_SHARE)
            search_level(held, model, 0, found, part, seed=self.seed)
            self.effort.spend(part.work)
        self.best.offer(core.outward(held.pairing))
        self.list.admit(self.best.pairing)
        self.tell("blend", self.p.headline % self.p.num_levels)

    def part(self, share: float) -> Effort:
        """Return an effort that is a share of what is left."""
        return self.effort.part(share, NODES)

    def prove(self, level: int) -> None:
        """Price one level, then search it, in a list that grows."""
        for _ in range(LEVEL_ROUNDS):
            part = self.price(level)
            if part is None or self.best.is_proved(level) or self.effort.is_over():
                return
            if not self.search(level, part):
                return
            # What could still be better by one unit must be in the list; else the search proves nothing.
            relaxed = self.relaxed_at(level, part.found)
            target = self.worth_of(part.found.prices, level)
            if self.list.is_enough(relaxed, price_vector(relaxed, part.found.prices), target):
                self.best.searched[level] = True
                return

    def take(self, pairing: Pairing, level: int) -> None:
        """Offer a plan found for one level; where it gains there at the cost of the levels below, mend these first.

        A plan that cannot be mended in time is not taken: one mentee more on a high level is no reason to send away
        hundreds on the lower ones. The level then stays unproved.
        """
        values = level_values(self.p, pairing)
        if values[: level + 1] > self.best.values[: level + 1]:
            pairing = self.mended(pairing, level)
            if self.blend_value(pairing) < self.blend_value(self.best.pairing):
                return
        self.best.offer(pairing)
        self.list.admit(self.best.pairing)

    def blend_value(self, pairing: Pairing) -> int:
        """Return the weighted value of a plan on all levels."""
        return level_values(self.blend, pairing)[0]

    def mended(self, pairing: Pairing, level: int) -> Pairing:
        """Return a plan as good on the levels down to ``level`` and good again on those below."""
        self.list.admit(pairing)
        core, openings = self.list.core(below(self.p, level, self.blend))
        held = Incumbent(core.problem)
        present = core.inward(pairing)
        assert present is not None
        held.offer(present)
        option, effort = np.arange(core.problem.num_options), self.part(MEND_SHARE)
        found = price_level(held, build_model(core.problem, option, openings, relaxed=True), level + 1, effort)
        search_level(held, build_model(core.problem, option, openings), level + 1, found, effort, seed=self.seed)
        self.effort.spend(effort.work)
        return core.outward(held.pairing)

    def price(self, level: int) -> Part | None:
        """Find prices of one level in the list, letting it grow while the bound of the whole falls."""
        bound: float = np.inf
        part: Part | None = None
        for last in (*[False] * LEVEL_ROUNDS, True):
            core, openings = self.list.core(self.p)
            held = Incumbent(core.problem)
            present = core.inward(self.best.pairing)
            assert present is not None
            held.offer(present)
            effort = self.part(0.5)
            model = build_model(core.problem, np.arange(core.problem.num_options), openings, relaxed=True)
            found = price_level(held, model, level, effort)
            self.effort.spend(effort.work)
            if found is None:
                return part
            part = Part(core=core, openings=openings, held=held, found=found)
            self.take(core.outward(held.pairing), level)
            self.best.offer_prices(level, found.prices)
            if self.best.is_proved(level) or self.effort.is_over() or last or self.best.bound(level) >= bound:
                return part
            bound = self.best.bound(level)
            relaxed = self.relaxed_at(level, found)
            if not self.list.grow(relaxed, price_vector(relaxed, found.prices)):
                return part
        return part

    def relaxed_at(self, level: int, found: Relaxation) -> Relaxed:
        """Return the relaxation of the whole problem under the weights of the prices found."""
        weight = np.zeros(self.p.num_levels)
        weight[: level + 1] = found.prices.weight / float(found.prices.weight[-1])
        return Relaxed(self.p, weight, self.list.bundles)

    def worth_of(self, prices: LevelPrices, level: int) -> float:
        """Return the weighted value that a plan better by one unit on the level, and no worse above it, exceeds."""
        weight = prices.weight / float(prices.weight[-1])
        values = np.array(self.best.values[: level + 1], dtype=np.float64)
        return float(weight @ values) + 0.5

    def search(self, level: int, part: Part) -> bool:
        """Search one level within the list; return whether the search came to its end."""
        effort = self.part(0.5)
        model = build_model(part.core.problem, np.arange(part.core.problem.num_options), part.openings)
        search_level(part.held, model, level, part.found, effort, seed=self.seed)
        self.effort.spend(effort.work)
        self.take(part.core.outward(part.held.pairing), level)
        return part.held.is_proved(level) and part.held.values[: level + 1] == self.best.values[: level + 1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """The listed part of the problem, the best plan held in it, and the relaxation of a level."""

    core: Core
    openings: Openings
    held: Incumbent
    found: Relaxation


def finished(model: Model, found: Relaxation) -> Pairing:
    """Return a plan made of the relaxation: its nearly open groups, and everybody else by flows."""
    columns = model.columns
    openness = found.x[columns.of("opening")]
    near = np.flatnonzero(openness > HALF)
    relaxed = Relaxed(columns.problem, np.ones(1), Bundles(columns.problem, columns.option, columns.openings))
    opened = near[compatible(columns.problem, columns.openings.pick(near), openness[near])]
    return Finisher(relaxed).finish(columns.openings.pick(opened), price_vector(relaxed, found.prices))


def solve_wide(best: Incumbent, effort: Effort, *, seed: int = 0) -> None:
    """Improve ``best`` on a problem with many options and levels."""
    WideSearch(best, effort, seed).run()


def is_wide(p: PairingProblem) -> bool:
    """Return whether a problem has too many options to be written down whole, and several levels."""
    return p.num_options > MOST_OPTIONS and p.num_levels > 2 and p.worst_off_level is None
