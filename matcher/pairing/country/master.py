"""The best round on the kept pairs, and the prices of places that prove it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.country.problem import REFUSED, CountryProblem, Edges, Weights
from matcher.pairing.flow.network import Network, best_circulation
from matcher.pairing.flow.potentials import potentials

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """A round that is best on the kept pairs.

    ``chosen`` are indices of kept pairs. ``price`` (num_mentors,) is what a place of each mentor costs, ``worth``
    (num_mentees,) what a mentee has at least at these prices: the net gain of the pair he is in, else that of staying
    without a mentor. No kept pair is worth more.
    """

    chosen: IntArray
    value: int
    price: IntArray
    worth: IntArray


def settle(problem: CountryProblem, weights: Weights, kept: Edges) -> Settled:
    """Return the best round on the kept pairs with prices that prove it.

    References
    ----------
    .. [1] R. K. Ahuja, T. L. Magnanti, J. B. Orlin, *Network Flows* (1993), chapters 9 and 10.
    """
    served, place = weights.total(problem.mentee_points), weights.total(problem.place_points)
    network = build_master(problem, served, place, kept)
    gain = network.gain[0]
    flow = best_circulation(network, gain, None, None)
    potential = potentials(network, -gain, flow, None)
    chosen = np.flatnonzero(flow[: len(kept)] > 0)
    price = _prices(problem, -potential[1 + problem.num_mentees :], place, kept.mentor[chosen])
    # Being without a mentor gains nothing; as a gain of the pair itself that is minus what serving gains.
    worth = -served
    net = kept.gain[chosen] - price[kept.mentor[chosen]]
    worth[kept.mentee[chosen]] = net
    return Settled(chosen=chosen, value=int(gain @ flow), price=price, worth=worth)


def build_master(problem: CountryProblem, served: IntArray, place: IntArray, kept: Edges) -> Network:
    """Return the network root → mentees → mentors → root; its first arcs are the kept pairs."""
    num = problem.num_mentees
    mentees = np.flatnonzero(problem.can_be_served)
    tail = np.concatenate([1 + kept.mentee, np.zeros(len(mentees), dtype=np.int64), 1 + num + problem.place_owner])
    head = np.concatenate([1 + num + kept.mentor, 1 + mentees, np.zeros(len(place), dtype=np.int64)])
    return Network(
        num_nodes=1 + num + problem.num_mentors,
        num_options=len(kept),
        tail=tail,
        head=head,
        most=np.ones(len(tail), dtype=np.int64),
        gain=np.concatenate([kept.gain, served[mentees], place])[None, :],
    )


def _prices(problem: CountryProblem, price: IntArray, place: IntArray, busy: IntArray) -> IntArray:
    """Return prices as high as what mentors lose with their next place, where nobody is paired with them."""
    is_busy = np.zeros(problem.num_mentors, dtype=bool)
    is_busy[busy] = True
    first = np.searchsorted(problem.place_owner, np.arange(problem.num_mentors))
    has_place = np.bincount(problem.place_owner, minlength=problem.num_mentors) > 0
    idle = has_place & ~is_busy
    found = price.copy()
    found[idle] = -place[first[idle]]
    # Who has no place at all is never to be had.
    found[~has_place] = -REFUSED
    return found


def bound_of(problem: CountryProblem, weights: Weights, price: IntArray, best: IntArray) -> int:
    """Return what no round exceeds when each mentee takes, at these prices, what is best for him among all pairs."""
    served, place = weights.total(problem.mentee_points), weights.total(problem.place_points)
    net = np.where(problem.can_be_served & (best > REFUSED), np.maximum(0, served + best), 0)
    return exact_sum(net) + exact_sum(np.maximum(0, place + price[problem.place_owner]))


def exact_sum(amounts: IntArray) -> int:
    """Return the sum as a whole number of any size."""
    return (int((amounts >> 31).sum()) << 31) + int((amounts & (2**31 - 1)).sum())
