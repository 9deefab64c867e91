"""Choose for many at once by meeting in the middle: two lists of partial plans, and the best pair that fits together.

References
----------
.. [1] E. Horowitz, S. Sahni, "Computing partitions with applications to the knapsack problem", J. ACM 21 (1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MOST_KEYS = 3
"""By how many rows the lists are sorted into cells."""
MOST_MEETINGS = 2_000_000
"""How many pairs of partial plans are looked at for one choice of cells."""

NUM_STEPS = 256
"""How finely losses are counted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """What one mentee may get: the ``loss`` (num_choices,) and ``amount`` (num_choices, num_rows) of each choice."""

    loss: FloatArray
    amount: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Half:
    """Partial plans for some mentees: ``loss``, ``amount``; ``steps`` tell plan and choice each was made of."""

    loss: FloatArray
    amount: IntArray
    steps: list[tuple[IntArray, IntArray]]

    def trace(self, index: int) -> list[int]:
        """Return the choice of every mentee in one of the plans."""
        chosen = []
        for parent, choice in reversed(self.steps):
            chosen.append(int(choice[index]))
            index = int(parent[index])
        return chosen[::-1]


def build_half(mentees: Sequence[Choices], num_rows: int, budget: float, most: int) -> Half:
    """Return the partial plans that lose least, about ``most``, none of them more than ``budget``.

    The best choice of every mentee loses nothing.
    """
    limit = _limit([mentee.loss for mentee in mentees], budget, most)
    loss, amount = np.zeros(1), np.zeros((1, num_rows), dtype=np.int64)
    steps = []
    for mentee in mentees:
        total = np.add.outer(loss, mentee.loss).ravel()
        kept = np.flatnonzero(total <= limit)
        if len(kept) > most:
            kept = kept[np.argpartition(total[kept], most)[:most]]
        parent, choice = np.divmod(kept, len(mentee.loss))
        loss, amount = total[kept], amount[parent] + mentee.amount[choice]
        steps.append((parent, choice))
    return Half(loss=loss, amount=amount, steps=steps)


def _limit(losses: Sequence[FloatArray], budget: float, most: int) -> float:
    """Return the loss within which there are about ``most`` partial plans, counted in steps of the budget."""
    count = np.zeros(NUM_STEPS)
    count[0] = 1
    for loss in losses:
        before, count = count, np.zeros(NUM_STEPS)
        for step in np.rint(loss / budget * NUM_STEPS)[loss < budget].astype(np.int64).tolist():
            count[step:] += before[: NUM_STEPS - step]
    reached = int(np.searchsorted(np.cumsum(count), most, side="right"))
    return budget * max(1, reached) / NUM_STEPS


def join(
    one: Half,
    other: Half,
    room: IntArray,
    price: FloatArray,
    budget: float,
    *,
    rng: np.random.Generator,
    heat: float,
) -> tuple[int, int] | None:
    """Return one plan of each half that fit into ``room`` together and lose less than ``budget``, None if none do.

    What is left of the room is lost at ``price`` (num_rows,) a unit. The pair that loses least is returned, or, with
    ``heat``, a random one with chances that fall off with what it loses (by Gumbel noise).
    """
    order = np.argsort(one.loss, kind="stable")
    left = room - one.amount[order]
    fits = (left >= np.minimum(0, other.amount.min(axis=0, initial=0))).all(axis=1)
    order, left = order[fits], left[fits]
    rows, width = _keys(other.amount, price, budget)
    cell = other.amount[:, rows] // width
    lowest, count = cell.min(axis=0, initial=0), np.ptp(cell, axis=0) + 1 if len(cell) else np.ones_like(width)
    key = _mixed(cell - lowest, count)
    sorted_key = np.argsort(key, kind="stable")
    key = key[sorted_key]
    target = left[:, rows] // width - lowest
    found: tuple[int, int] | None = None
    least = np.inf
    # What is left lies in [0, width): the partner stands in the cell of the room, or in the one below.
    for below in product((0, 1), repeat=len(rows)):
        wanted = target - np.array(below, dtype=np.int64)
        inside = np.flatnonzero(((wanted >= 0) & (wanted < count)).all(axis=1))
        first, second = _meetings(_mixed(wanted[inside], count), key)
        first, second = inside[first], sorted_key[second]
        loss = one.loss[order[first]] + other.loss[second]
        for row in np.argsort(-price, kind="stable").tolist():
            rest = left[first, row] - other.amount[second, row]
            loss = loss + price[row] * rest
            kept = np.flatnonzero((rest >= 0) & (loss < budget))
            first, second, loss = first[kept], second[kept], loss[kept]
        if len(loss):
            noisy = loss - heat * rng.gumbel(size=len(loss)) if heat else loss
            best = int(noisy.argmin())
            if noisy[best] < least:
                least, found = float(noisy[best]), (int(order[first[best]]), int(second[best]))
    return found


def _keys(amount: IntArray, price: FloatArray, budget: float) -> tuple[IntArray, IntArray]:
    """Return the rows that tell partial plans apart best, and how many units of each may be left, plus one."""
    width = np.floor(np.minimum(budget / np.maximum(price, 1e-12), 2.0**40)).astype(np.int64) + 1
    num_cells = np.ptp(amount, axis=0) / width if len(amount) else np.zeros(len(price))
    rows = np.argsort(-num_cells, kind="stable")[:MOST_KEYS]
    rows = rows[num_cells[rows] > 1]
    return rows, width[rows]


def _mixed(cell: IntArray, count: IntArray) -> IntArray:
    """Return one number for every row of cells."""
    key = np.zeros(len(cell), dtype=np.int64)
    for column, base in enumerate(count.tolist()):
        key = key * base + cell[:, column]
    return key


def _meetings(wanted: IntArray, key: IntArray) -> tuple[IntArray, IntArray]:
    """Return all pairs of equal keys, as places in ``wanted`` and in ``key`` (ascending)."""
    begin = np.searchsorted(key, wanted, side="left")
    count = np.searchsorted(key, wanted, side="right") - begin
    some = int(np.searchsorted(np.cumsum(count), MOST_MEETINGS, side="right"))
    begin, count = begin[:some], count[:some]
    first = np.repeat(np.arange(some), count)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    return first, begin[first] + offset
