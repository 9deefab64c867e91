"""Which meetings are held: a minimum-cost circulation, best on all levels, with the prices that prove it.

Root → hall (the places of rounds × tables) → mentors → mentees → root. The k-th meeting of a mentee earns less than the
one before it, so the arcs of a mentee are used in order, and loads are as even as can be: such loads form a
polymatroid, where one plan is best for every depth at once.

References
----------
.. [1] R. K. Ahuja, T. L. Magnanti, J. B. Orlin, *Network Flows* (1993), chapter 9.
.. [2] A. Federgruen, H. Groenevelt, "The greedy procedure for resource allocation problems",
   Operations Research 34 (1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.flow.network import ROOT, Network, best_circulation
from matcher.pairing.flow.potentials import potentials
from matcher.speed.certificate import SpeedPrices
from matcher.speed.problem import COVER, FILL, WANTS, SpeedProblem

IntArray = NDArray[np.int64]
_HALL = 1


def choose_meetings(problem: SpeedProblem) -> tuple[IntArray, SpeedPrices]:
    """Return the pairs that meet, ascending, and the prices by which no choice is better."""
    network = _network(problem)
    gain = network.gain[0]
    flow = best_circulation(network, gain, None, None)
    potential = potentials(network, -gain, flow, None)
    first_mentee = 2 + problem.num_mentors
    prices = SpeedPrices(
        weight=problem.level_weights,
        place=max(0, int(potential[_HALL])),
        mentor=np.maximum(0, potential[2:first_mentee] - potential[_HALL]),
        mentee=-potential[first_mentee:],
    )
    return np.flatnonzero(flow[: problem.num_pairs]), prices


def _network(p: SpeedProblem) -> Network:
    mentors = 2 + np.arange(p.num_mentors)
    mentees = 2 + p.num_mentors + np.arange(p.num_mentees)
    weight = dict(zip(p.level_names, p.level_weights, strict=True))
    tail = [mentors[p.mentor], np.array([ROOT]), np.full(p.num_mentors, _HALL)]
    head = [mentees[p.mentee], np.array([_HALL]), mentors]
    most = [np.ones(p.num_pairs), np.array([p.num_places]), np.minimum(p.max_mentor_meetings, p.num_rounds)]
    gain = [p.want * weight[WANTS], np.zeros(1 + p.num_mentors)]
    for meeting in range(1, p.num_rounds + 1):
        node = mentees[p.max_mentee_meetings >= meeting]
        worth = weight.get(COVER, 0) * max(0, p.least + 1 - meeting)
        worth += weight.get(FILL, 0) * (p.num_rounds + 1 - meeting)
        tail.append(node)
        head.append(np.full(len(node), ROOT))
        most.append(np.ones(len(node)))
        gain.append(np.full(len(node), worth))

    def joined(parts: Sequence[NDArray[Any]]) -> IntArray:
        return np.concatenate([part.astype(np.int64) for part in parts])

    return Network(
        num_nodes=2 + p.num_mentors + p.num_mentees,
        num_options=p.num_pairs,
        tail=joined(tail),
        head=joined(head),
        most=joined(most),
        gain=joined(gain)[None, :],
    )
