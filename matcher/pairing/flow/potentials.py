"""Exact potentials of an optimal circulation: shortest distances in its residual network, in whole numbers.

References
----------
.. [1] R. K. Ahuja, T. L. Magnanti, J. B. Orlin, *Network Flows* (1993), sections 5.3 and 9.4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.flow.network import ROOT, Network

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def potentials(network: Network, cost: IntArray, flow: IntArray, fixed: BoolArray | None) -> IntArray:
    """Return potentials (num_nodes,), zero at the root, that prove ``flow`` cheapest among the free arcs.

    With reduced costs ``cost + potential[tail] − potential[head]``, arcs below their most have none negative, arcs
    that carry flow none positive.
    """
    rising, falling = flow < network.most, flow > 0
    if fixed is not None:
        rising &= ~fixed
        falling &= ~fixed
    up, down = np.flatnonzero(rising), np.flatnonzero(falling)
    tail = np.concatenate([network.tail[up], network.head[down]])
    head = np.concatenate([network.head[up], network.tail[down]])
    length = np.concatenate([cost[up], -cost[down]])
    distance = shortest_distances(network.num_nodes, tail, head, length)
    distance -= distance[ROOT]
    return distance


def shortest_distances(num_nodes: int, tail: IntArray, head: IntArray, length: IntArray) -> IntArray:
    """Return distances ≤ 0 with ``distance[head] ≤ distance[tail] + length`` on every arc (Bellman–Ford by fronts)."""
    order = np.argsort(tail, kind="stable")
    tail, head, length = tail[order], head[order], length[order]
    first = np.zeros(num_nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=num_nodes), out=first[1:])
    distance = np.zeros(num_nodes, dtype=np.int64)
    front = np.arange(num_nodes)
    for _ in range(num_nodes + 1):
        if not len(front):
            return distance
        arc = _ranges(first[front], first[front + 1])
        reached, through = head[arc], distance[tail[arc]] + length[arc]
        nearer = through < distance[reached]
        reached, through = reached[nearer], through[nearer]
        np.minimum.at(distance, reached, through)
        is_new = np.zeros(num_nodes, dtype=bool)
        is_new[reached] = True
        front = np.flatnonzero(is_new)
    raise AssertionError("the circulation is not optimal: a cycle could be improved")


def _ranges(begin: IntArray, end: IntArray) -> IntArray:
    """Return all indices of the ranges, one range after the other."""
    count = end - begin
    before = np.cumsum(count) - count
    index: IntArray = np.arange(int(count.sum())) + np.repeat(begin - before, count)
    return index
