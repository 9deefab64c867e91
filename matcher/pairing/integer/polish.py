"""Large-neighbourhood search: free some mentors who compete for the same people, and settle them anew with HiGHS.

References
----------
.. [1] P. Shaw, "Using constraint programming and local search methods to solve vehicle routing problems", CP (1998).
"""

from __future__ import annotations

from itertools import islice

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.highs import Program
from matcher.pairing.integer.model import Model, column_values, pairing_of
from matcher.pairing.integer.neighbours import Neighbours
from matcher.pairing.integer.programs import search_free
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SECONDS, LONG, SHORT = 2.0, 0.6, 0.2
"""The most seconds of one search; more mentors are freed while a search is short, fewer when it is long."""
NODES = 300
NEAR_PER_PLACE = (3, 5, 10)
"""How many options for each mentor a mentee may have are looked at, by turns."""


class Polisher:
    """Improves a plan within a model, a few mentors at a time.

    ``loss`` (num_options,) tells how near each option is to being chosen. The number of mentors freed grows while
    the searches are quick and shrinks when they are not.
    """

    def __init__(self, model: Model, program: Program, loss: FloatArray, seed: int) -> None:
        self.model, self.loss = model, loss
        self.p = model.columns.problem
        self.program = program
        self.rng = np.random.default_rng(seed)
        self.num_mentors = min(30.0, max(2.0, self.p.num_mentors / 3))
        self.neighbours = Neighbours(self.p, model.columns.option, loss)
        self.limits = self._limits()

    def _limits(self) -> list[float]:
        """Return the losses within which options are near, by turns."""
        finite = np.sort(self.loss[self.model.columns.option])
        places = int(self.p.max_mentors[np.unique(self.p.mentee[self.model.columns.option])].sum())
        last = len(finite) - 1
        return [float(finite[min(last, near * places)]) if last >= 0 else 0.0 for near in NEAR_PER_PLACE]

    def step(self, pairing: Pairing, effort: Effort) -> Pairing | None:
        """Return another plan, at least as good by ``gain``, or None where nothing was found."""
        values = column_values(self.model.columns, pairing)
        if values is None:
            return None
        mentors = list(islice(self.neighbours.draw(self.rng), max(1, round(self.num_mentors))))
        free = self._free_columns(np.array(mentors, dtype=np.int64), pairing)
        began = effort.seconds
        found = search_free(self.program, free, values, effort, hint=values, seconds=SECONDS, nodes=NODES)
        if not effort.is_counted:
            took = effort.seconds - began
            if took > LONG:
                self.num_mentors = max(2.0, 0.9 * self.num_mentors)
            elif took < SHORT:
                self.num_mentors = min(float(self.p.num_mentors), 1.05 * self.num_mentors + 0.5)
        if found is None or found.x is None:
            return None
        whole = np.rint(found.x)
        if np.abs(found.x - whole)[: len(self.model.columns.option)].max(initial=0) > 1e-6:
            return None
        return pairing_of(self.model.columns, whole)

    def _free_columns(self, mentors: IntArray, pairing: Pairing) -> BoolArray:
        """Return the columns of these mentors, and of everything their mentees can gain."""
        p, columns = self.p, self.model.columns
        is_free = np.zeros(p.num_mentors, dtype=bool)
        is_free[mentors] = True
        outside = np.bincount(pairing.mentee[~is_free[pairing.mentor]], minlength=p.num_mentees)
        option = columns.option
        free = np.zeros(columns.num_columns, dtype=bool)
        near = (self.loss[option] <= self.rng.choice(self.limits)) | np.isin(option, pairing.option)
        free[: len(option)] = near & is_free[p.mentor[option]] & (outside < p.max_mentors)[p.mentee[option]]
        free[columns.of("opening")] = is_free[p.group_mentor[columns.openings.group]]
        touched = np.zeros(p.num_mentees, dtype=bool)
        touched[p.mentee[option[free[: len(option)]]]] = True
        free[columns.of("served")] = touched[columns.served_mentee]
        free[columns.of("guarded")] = touched[columns.guarded_mentee]
        free[columns.of("item")] = touched[p.item_mentee[columns.item]]
        free[columns.of("load")] = is_free[p.load_steps.owner]
        free[columns.of("quota")] = True
        linked = columns.link
        free[columns.of("link")] = is_free[p.mentor[p.link_first[linked]]] | is_free[p.mentor[p.link_second[linked]]]
        return free
