"""Mentors who compete for the same mentees: what a small search frees together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Neighbours:
    """Draws mentors together by how much they want the same mentees; ``loss`` (num_options,) tells who wants whom."""

    def __init__(self, p: PairingProblem, option: IntArray, loss: FloatArray) -> None:
        self.num_mentors = p.num_mentors
        finite = loss[option][np.isfinite(loss[option])]
        scale = max(1e-9, float(np.median(finite)) / 2) if len(finite) else 1.0
        nearness = np.exp(-np.minimum(50, loss[option] / scale))
        shape = (p.num_mentees, p.num_mentors)
        wants = csr_array((nearness, (p.mentee[option], p.mentor[option])), shape=shape)
        self.affinity = csr_array(wants.T @ wants)

    def draw(self, rng: np.random.Generator) -> Iterator[int]:
        """Yield all mentors, from a random one on by how much they compete with those before, with some chance."""
        mentor = int(rng.integers(self.num_mentors))
        pull = np.zeros(self.num_mentors)
        is_left = np.ones(self.num_mentors, dtype=bool)
        while True:
            yield mentor
            is_left[mentor] = False
            if not is_left.any():
                return
            pull += self.affinity[[mentor]].toarray()[0]
            liking = pull * rng.random(self.num_mentors) ** 2
            mentor = int(np.where(is_left, liking, -1.0).argmax())
