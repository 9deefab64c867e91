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

# Networks below this size are settled at once; in larger ones, a sample of arcs tells which share is near.
SMALL = 200_000
SAMPLE = 10_000
NEAR = 0.25


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
    """Return the greatest distances ≤ 0 with ``distance[head] ≤ distance[tail] + length`` on every arc.

    In large networks most arcs are far from mattering: distances settle on those with least slack first, and all arcs
    are looked at again until none is too short.
    """
    distance = np.zeros(num_nodes, dtype=np.int64)
    if len(tail) < SMALL:
        _settle(distance, tail, head, length)
        return distance
    for _ in range(2):
        through = distance[tail] + length
        nearer = np.flatnonzero(through < distance[head])
        np.minimum.at(distance, head[nearer], through[nearer])
    while True:
        slack = distance[tail] + length - distance[head]
        if slack.min() >= 0:
            return distance
        sample = slack[:: len(slack) // SAMPLE]
        near = np.flatnonzero(slack <= max(0, int(np.quantile(sample, NEAR))))
        _settle(distance, tail[near], head[near], length[near])


def _settle(distance: IntArray, tail: IntArray, head: IntArray, length: IntArray) -> None:
    """Lower ``distance``, in place, until every arc is kept (Bellman–Ford by fronts)."""
    num_nodes = len(distance)
    order = np.argsort(tail, kind="stable")
    tail, head, length = tail[order], head[order], length[order]
    first = np.zeros(num_nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=num_nodes), out=first[1:])
    front = np.arange(num_nodes)
    for _ in range(num_nodes + 1):
        if not len(front):
            return
        count = first[front + 1] - first[front]
        arc = np.arange(int(count.sum())) + np.repeat(first[front] - np.cumsum(count) + count, count)
        reached, through = head[arc], np.repeat(distance[front], count) + length[arc]
        nearer = np.flatnonzero(through < distance[reached])
        np.minimum.at(distance, reached[nearer], through[nearer])
        is_new = np.zeros(num_nodes, dtype=bool)
        is_new[reached[nearer]] = True
        front = np.flatnonzero(is_new)
    raise AssertionError("the circulation is not optimal: a cycle could be improved")
