"""Local search where only pairs within hours are chosen: the mentees of a few mentors are shared out anew, exactly.

A few mentors with some forty mentees leave more plans than any search could visit, but two lists of partial plans and
what fits together among them cover all that lose little at the prices of the linear relaxation. One of the good plans
is taken by chance, so that the walk goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, vstack

from matcher.pairing.integer.halves import Choices, build_half, join
from matcher.pairing.integer.highs import Program
from matcher.pairing.integer.model import Model, column_values, pairing_of
from matcher.pairing.integer.neighbours import Neighbours
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

NUM_MENTEES, MOST_MENTORS = 48, 12
"""How many mentees, and at most how many mentors, are freed together."""
MOST_UNSERVED = 8
MOST_PLANS = 8000
"""Partial plans in one list."""
MOST_CHOICES = 4
"""Choices of one mentee, the nearest."""
WORSE, HEAT = 0.12, 0.03
"""How much worse a step may be, and the heat of the choice: shares of the distance from plan to relaxation."""
MOST_WORSE = 3
"""After so many times of that below the best plan the walk returns to it."""
ROUNDING = 1e-6
ROWS = frozenset({"mentee", "individual", "places", "mentor_minute"})


def has_only_hours(model: Model) -> bool:
    """Return whether everything chosen is pairs, limited by numbers and hours alone."""
    columns = model.columns
    only_pairs = columns.num_columns == len(columns.option)
    return only_pairs and "mentor_minute" in model.blocks and ROWS.issuperset(model.blocks)


class Blocks:
    """A walk through plans of one level; ``price`` are dual prices of the rows of ``program``, ``value`` its optimum.

    ``loss`` (num_options,) tells who wants whom. Everything counts in the units of ``program.gain``.
    """

    def __init__(
        self, model: Model, program: Program, price: FloatArray, value: float, loss: FloatArray, seed: int
    ) -> None:
        self.columns, self.gain, self.value = model.columns, program.gain, value
        self.p = model.columns.problem
        self.rng = np.random.default_rng(seed)
        self.neighbours = Neighbours(self.p, self.columns.option, loss)
        self._set_rows(model, program, price)
        self.worth: FloatArray = self.gain - self.rows.T @ self.price
        self.present = self.best = np.zeros(0)

    def _set_rows(self, model: Model, program: Program, price: FloatArray) -> None:
        """Keep all rows but those of the mentees, turned so that each has a room above."""
        first, owner = model.blocks.get("mentee", (0, self.p.mentee[:0]))
        rest = np.ones(len(price), dtype=bool)
        rest[first : first + len(owner)] = False
        above, below = rest & np.isfinite(program.row_upper), rest & np.isfinite(program.row_lower)
        self.rows = csr_array(vstack([program.matrix[above], -program.matrix[below]]))
        self.by_column = csc_array(self.rows)
        self.room = np.r_[program.row_upper[above], -program.row_lower[below]]
        self.price = np.r_[np.maximum(0, price[above]), np.maximum(0, -price[below])]

    def step(self, best: Pairing) -> Pairing | None:
        """Go one step from the present plan, or from ``best`` where that is much better; None where none is found."""
        values = column_values(self.columns, best)
        if values is None:
            return None
        missing = max(0.0, self.value - float(self.gain @ values))
        if not np.array_equal(values, self.best):
            self.best = self.present = values
        elif self.gain @ self.present < self.gain @ values - MOST_WORSE * WORSE * missing:
            self.present = values
        found = self._settle(WORSE * missing, HEAT * missing)
        if found is None:
            return None
        self.present = found
        return pairing_of(self.columns, found)

    def _settle(self, worse: float, heat: float) -> FloatArray | None:
        """Share out anew the mentees of a few mentors; return the new plan."""
        p, option = self.p, self.columns.option
        mentors, mentees = self._free()
        column = np.flatnonzero(np.isin(p.mentor[option], mentors) & np.isin(p.mentee[option], mentees))
        held = self.present.copy()
        held[column] = 0
        part = csr_array(self.by_column[:, column])
        rows = np.flatnonzero(np.diff(part.indptr))
        amount = np.rint(part[rows].toarray().T).astype(np.int64)
        room = np.floor((self.room - self.rows @ held)[rows] + ROUNDING).astype(np.int64)
        price, worth, who = self.price[rows], self.worth[column], p.mentee[option[column]]
        places = p.max_mentors - np.bincount(p.mentee[option], held, p.num_mentees).astype(np.int64)
        sets = [_nearest(np.flatnonzero(who == mentee), worth, int(places[mentee])) for mentee in mentees.tolist()]
        value = [np.array([worth[chosen].sum() for chosen in mine]) for mine in sets]
        choices = [
            Choices(loss=v.max() - v, amount=np.array([amount[chosen].sum(axis=0) for chosen in mine]))
            for v, mine in zip(value, sets, strict=True)
        ]
        now = self.present[column] > 0
        lost = sum(float(v.max()) for v in value) - worth[now].sum() + price @ (room - amount[now].sum(axis=0))
        found = self._meet(choices, room, price, max(0.0, float(lost)) + worse + ROUNDING, heat)
        for index, choice in found or ():
            held[column[sets[index][choice]]] = 1
        return None if found is None else held

    def _meet(
        self, choices: Sequence[Choices], room: IntArray, price: FloatArray, budget: float, heat: float
    ) -> list[tuple[int, int]] | None:
        """Return the choice of every mentee, by two halves of them drawn by chance."""

        def hardest_first(index: int) -> float:
            return -float(np.sort(choices[index].loss)[:2][-1])

        shuffled = self.rng.permutation(len(choices)).tolist()
        half = len(shuffled) // 2
        parts = [sorted(part, key=hardest_first) for part in (shuffled[:half], shuffled[half:])]
        one, other = (build_half([choices[i] for i in part], len(room), budget, MOST_PLANS) for part in parts)
        pair = join(one, other, room, price, budget, rng=self.rng, heat=heat)
        if pair is None:
            return None
        chosen = one.trace(pair[0]) + other.trace(pair[1])
        return list(zip(parts[0] + parts[1], chosen, strict=True))

    def _free(self) -> tuple[IntArray, IntArray]:
        """Return some mentors who compete, and their mentees with a few who lack a mentor."""
        p, option = self.p, self.columns.option
        chosen = option[self.present > 0.5]
        size = np.bincount(p.mentor[chosen], minlength=p.num_mentors)
        mentors: list[int] = []
        for mentor in self.neighbours.draw(self.rng):
            mentors.append(mentor)
            if len(mentors) >= MOST_MENTORS or (size[mentors].sum() >= NUM_MENTEES and len(mentors) > 1):
                break
        mine = np.unique(p.mentee[chosen[np.isin(p.mentor[chosen], mentors)]])
        lacking = np.bincount(p.mentee[chosen], minlength=p.num_mentees) < p.max_mentors
        wanted = np.unique(p.mentee[option[np.isin(p.mentor[option], mentors) & lacking[p.mentee[option]]]])
        wanted = np.setdiff1d(wanted, mine)
        some = self.rng.permutation(wanted)[:MOST_UNSERVED]
        return np.array(mentors, dtype=np.int64), np.sort(np.r_[mine, some])


def _nearest(column: IntArray, worth: FloatArray, places: int) -> list[IntArray]:
    """Return the sets of at most ``places`` of these columns that are worth most, with the empty one among all."""
    near = column[np.argsort(-worth[column], kind="stable")][:MOST_CHOICES]
    sets = [
        near[list(chosen)]
        for size in range(min(places, len(near)) + 1)
        for chosen in combinations(range(len(near)), size)
    ]
    return sorted(sets, key=lambda chosen: -worth[chosen].sum())[:MOST_CHOICES]
