"""Many copies of a plan at different temperatures, stepped together and exchanged: parallel tempering.

One move takes a meeting out of every copy, prices all its starts at once and draws the new one with probability
∝ exp(−cost / temperature): the cost of running at each grain is a sum over the other meetings that starts and ends with
them, so two running sums give the cost of every start.

References
----------
Geyer, C. J. (1991), Markov chain Monte Carlo maximum likelihood. Hukushima, K., Nemoto, K. (1996), Exchange Monte Carlo
method and application to spin glass simulations. Geman, S., Geman, D. (1984), Stochastic relaxation, Gibbs
distributions, and the Bayesian restoration of images.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.meetings.search.tables import Score, Tables

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
DEARER = 1.5
"""How much the price of a level rises when a copy pays it to gain on a lower one."""
RETRY_EVERY, FEW = 4, 20
"""Every so many draws a costly meeting is tried again, if at most one in ``FEW`` is costly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one unit of each level costs in the energy of a copy."""

    hard: float
    medium: float
    soft: float

    def of(self, score: Score) -> float:
        """Return the energy of a score."""
        return self.hard * score[0] + self.medium * score[1] + self.soft * score[2]


class Tempering:
    """Copies of a plan at the temperatures of ``ladder`` (ascending), all with the same ``prices``.

    ``energy`` (width,) is what each copy costs at the prices. ``best`` and ``best_start`` are the best score met so far
    and its starts. ``moves`` counts draws in all copies. ``unseated`` says what starts without excess of meetings still
    lose because no rooms can be found for them.
    Tables of copies by grains are kept flat, with a spare grain between two copies, so that one running sum does all.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        prices: Prices,
        ladder: FloatArray,
        rng: np.random.Generator,
        unseated: Callable[[IntArray], int],
        start: IntArray | None = None,
    ) -> None:
        self.tables, self.prices, self.rng = tables, prices, rng
        self._unseated = unseated
        self.width = len(ladder)
        self.moves = 0
        self._span = tables.num_grains + 1
        self._size = self.width * self._span
        self._copy = np.arange(self.width)
        self._row = self._copy * self._span
        self._rung = np.arange(self.width)
        self._inverse = (1.0 / ladder)[:, None]
        self._coldest = 0
        self._costly: set[int] = set()
        self._sweeps = 0
        # Scoring takes the longer, the more meetings there are.
        self._patience = max(1, tables.num_meetings // 50)
        self._start = np.zeros((tables.num_meetings, self.width), dtype=np.int64)
        # Where meetings begin and end in flat tables; the last, spare grain stands for "not placed".
        self._place = np.full((2 * tables.num_meetings, self.width), self._size - 1, dtype=np.int64)
        self._running = np.zeros((len(tables.class_rooms), self._size), dtype=np.int16)
        self._starting = np.zeros(self._size, dtype=np.int16)
        self._ending = np.zeros(self._size, dtype=np.int16)
        self._price_tables()
        self._shuffle_noise()
        if start is None:
            self._insert_all()
        else:
            for meeting in range(tables.num_meetings):
                self._put(meeting, np.full(self.width, start[meeting], dtype=np.int64))
        self.best_start = self._start[:, 0].copy()
        self.best = self._seated(tables.score(self.best_start), self.best_start)
        self._reckon()

    def starts(self) -> list[IntArray]:
        """Return the starts of every copy."""
        return [self._start[:, copy].copy() for copy in range(self.width)]

    def sweep(self, stop: Callable[[], bool]) -> None:
        """Redraw every meeting once in every copy, in random order, then exchange neighbours on the ladder.

        Where only a few meetings still cost something in the coldest copy, they are tried again and again between the
        others. ``stop`` is asked now and then and ends the sweep early.
        """
        order = self.rng.permutation(self.tables.num_meetings).tolist()
        for step, meeting in enumerate(order):
            self._redraw(meeting)
            if step % RETRY_EVERY == 0 and 0 < len(self._costly) * FEW <= self.tables.num_meetings:
                self._redraw(sorted(self._costly)[int(self.rng.integers(len(self._costly)))])
            if step % self._patience == 0:
                self._offer()
                if stop():
                    return
        self._offer(raise_prices=True)
        self._exchange()
        self._sweeps += 1
        if self._sweeps % 16 == 0:
            self._shuffle_noise()

    def _insert_all(self) -> None:
        """Insert the meetings one after another, the long and well attended first, each where it costs least."""
        t = self.tables
        weight = t.duration * (1 + t.medium_pair.sum(axis=1) + t.hard_pair.sum(axis=1))
        for meeting in np.lexsort((np.arange(t.num_meetings), -weight)).tolist():
            self._put(meeting, self._draw(self._costs(meeting)))
            self.moves += self.width

    def _redraw(self, meeting: int) -> None:
        old = self._start[meeting].copy()
        self._count(meeting, -1)
        cost = self._costs(meeting)
        new = self._draw(cost)
        self._put(meeting, new)
        self.energy += cost[self._copy, new] - cost[self._copy, old]
        self.moves += self.width
        if cost[self._coldest, new[self._coldest]] > 0:
            self._costly.add(meeting)
        else:
            self._costly.discard(meeting)

    def _costs(self, meeting: int) -> FloatArray:
        """Return the energy each start of a lifted meeting adds, shape (width, num_grains + 1); inf: not allowed."""
        t = self.tables
        change = np.bincount(
            self._place.ravel(), weights=np.repeat(self._signed[meeting], self.width), minlength=self._size
        )
        load = change.cumsum()
        for room_class in self._classes[meeting]:
            load += self._room_price * (self._running[room_class] >= t.class_rooms[room_class])
        length = int(t.duration[meeting])
        cost = _window_sums(load, length)
        if self.prices.soft and t.break_weight:
            beside = self._ending.copy()
            beside[:-length] += self._starting[length:]
            cost += (self.prices.soft * t.break_weight) * beside
        table: FloatArray = cost.reshape(self.width, self._span)
        table += self._fixed[meeting]
        return table

    def _draw(self, cost: FloatArray) -> IntArray:
        """Return one start of each copy, drawn with probability ∝ exp(−cost / temperature).

        The least of cost / temperature − noise, with Gumbel noise, is such a draw. The noise comes from a stock that is
        read at random places and renewed now and then: drawing it afresh would take most of the time.
        """
        place = int(self.rng.integers(len(self._noise) - self._size))
        race = cost * self._inverse
        race -= self._noise[place : place + self._size].reshape(race.shape)
        first: IntArray = race.argmin(axis=1)
        return first

    def _shuffle_noise(self) -> None:
        amount = max(2**18, 8 * self._size)
        self._noise = -np.log(self.rng.standard_exponential(amount))

    def _put(self, meeting: int, start: IntArray) -> None:
        place = self._row + start
        self._start[meeting] = start
        self._place[meeting] = place
        self._place[meeting + self.tables.num_meetings] = place + self.tables.duration[meeting]
        self._count(meeting, 1)

    def _count(self, meeting: int, change: int) -> None:
        """Count a placed meeting in or out of the rooms in use and of what starts and ends when."""
        t = self.tables
        first, after = self._place[meeting], self._place[meeting + t.num_meetings]
        if self._classes[meeting]:
            grains = (first + np.arange(t.duration[meeting])[:, None]).ravel()
            for room_class in self._classes[meeting]:
                self._running[room_class][grains] += change
        self._starting[first] += change
        self._ending[after] += change

    def _price_tables(self) -> None:
        t, p = self.tables, self.prices
        pair = p.hard * t.hard_pair + p.medium * t.medium_pair + p.soft * t.overlap_weight
        np.fill_diagonal(pair, 0.0)
        self._signed = np.hstack([pair, -pair])
        self._room_price = p.hard * t.room_weight
        self._classes = [range(k, len(t.class_rooms)) if t.room_weight else () for k in t.room_class.tolist()]
        self._fixed = np.full((t.num_meetings, self._span), np.inf)
        grain = np.zeros((t.num_meetings, self._span))
        if t.hard_grain is not None and t.medium_grain is not None:
            np.cumsum(p.hard * t.hard_grain + p.medium * t.medium_grain, axis=1, out=grain[:, 1:])
        for meeting, starts in enumerate(t.starts):
            after = starts + t.duration[meeting]
            soon = p.soft * t.soon_weight * (after - 1)
            self._fixed[meeting, starts] = grain[meeting, after] - grain[meeting, starts] + soon

    def _reckon(self) -> None:
        """Compute the energy of every copy anew."""
        self.energy = np.array([self.prices.of(self.tables.score(start)) for start in self.starts()])

    def _offer(self, *, raise_prices: bool = False) -> None:
        """Keep the copy of least energy if it is better than the best, level by level."""
        copy = int(self.energy.argmin())
        if self.energy[copy] >= self.prices.of(self.best):
            return
        start = self._start[:, copy].copy()
        counted = self.tables.score(start)
        if counted < self.best:
            score = self._seated(counted, start)
            if score < self.best:
                self.best, self.best_start = score, start
        elif raise_prices:
            self._raise_prices(counted)

    def _seated(self, score: Score, start: IntArray) -> Score:
        hard, medium, soft = score
        return (hard or self._unseated(start), medium, soft)

    def _raise_prices(self, score: Score) -> None:
        """Make dearer what a copy of less energy than the best has paid to save on a lower level."""
        p = self.prices
        if score[0] > self.best[0]:
            self.prices = replace(p, hard=p.hard * DEARER)
        else:
            self.prices = replace(p, hard=p.hard * DEARER, medium=p.medium * DEARER)
        self._price_tables()
        self._reckon()

    def _exchange(self) -> None:
        """Let neighbours on the ladder change temperatures; every second pair in turn."""
        copy_of = np.argsort(self._rung)
        low, high = copy_of[self._sweeps % 2 : -1 : 2], copy_of[self._sweeps % 2 + 1 :: 2]
        gain = (self.energy[low] - self.energy[high]) * (self._inverse[low, 0] - self._inverse[high, 0])
        swap = self.rng.random(len(low)) < np.exp(np.minimum(0.0, gain))
        low, high = low[swap], high[swap]
        for array in (self._rung, self._inverse):
            array[low], array[high] = array[high], array[low]
        self._coldest = int(self._rung.argmin())


def _window_sums(load: FloatArray, length: int) -> FloatArray:
    """Return the sum of ``length`` entries from each place on, by doubling; places near the end are not complete."""
    power, block = 1, load
    total = np.zeros_like(load) if not length & 1 else load.copy()
    have = length & 1
    while 2 * power <= length:
        wider = block.copy()
        wider[:-power] += block[power:]
        block, power = wider, 2 * power
        if length & power:
            total[: len(total) - have] += block[have:]
            have += power
    return total
