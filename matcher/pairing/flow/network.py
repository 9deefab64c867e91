"""The flow network of a pairing problem and its minimum-cost circulations.

Node 0 is the root; then come mentees, mentors and quotas. Flow runs root → (quotas of mentees) → mentees → mentors →
(quotas of mentors) → root, so that nobody is forced: the empty plan is the empty circulation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matcher.pairing.flow.form import FlowForm
from matcher.pairing.problem import PairingProblem, Steps

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Arcs = tuple[IntArray, IntArray, IntArray, IntArray]
ROOT = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Arcs of a circulation: ``tail``, ``head``, ``most`` (num_arcs,) and ``gain`` (num_levels, num_arcs).

    The first ``num_options`` arcs are the options, each of at most one unit.
    """

    num_nodes: int
    num_options: int
    tail: IntArray
    head: IntArray
    most: IntArray
    gain: IntArray

    @property
    def room(self) -> int:
        """Return the largest gain of an arc that the solver takes without overflow."""
        return int(2**61 // (self.num_nodes + 1))


def build_network(p: PairingProblem, form: FlowForm) -> Network:
    """Return the network of the problem ``p`` read as ``form``."""
    mentees, mentors = 1 + np.arange(p.num_mentees), 1 + p.num_mentees + np.arange(p.num_mentors)
    quotas = 1 + p.num_mentees + p.num_mentors + np.arange(p.num_quotas)

    def outward(parent: IntArray) -> IntArray:
        return np.where(parent < 0, ROOT, 1 + p.num_mentees + p.num_mentors + parent)

    mentor, mentee = p.mentor[form.option], p.mentee[form.option]
    one_each = np.ones(len(form.option), dtype=np.int64)
    parts: list[Arcs] = [(1 + mentee, 1 + p.num_mentees + mentor, one_each, form.gain)]
    parts += _mentee_arcs(p, form, mentees, outward(form.mentee_parent))
    heads = np.minimum(form.mentor_most, np.bincount(mentor, minlength=p.num_mentors))
    parts += _mentor_arcs(p, heads, mentors, outward(form.mentor_parent))
    if p.num_quotas:
        parts.append(_quota_arcs(p.quota_steps, form.is_mentor_quota, quotas, outward(form.quota_parent)))
    tail, head, most = (np.concatenate([part[i] for part in parts]) for i in range(3))
    return Network(
        num_nodes=1 + p.num_mentees + p.num_mentors + p.num_quotas,
        num_options=len(form.option),
        tail=tail,
        head=head,
        most=most,
        gain=np.concatenate([part[3] for part in parts], axis=1),
    )


def _mentee_arcs(p: PairingProblem, form: FlowForm, node: IntArray, parent: IntArray) -> list[Arcs]:
    """Return the ways in: the first unit earns the points of being served."""
    most = form.mentee_most
    if not p.served_points.any():
        return [(parent, node, most, np.zeros((p.num_levels, len(node)), dtype=np.int64))]
    further = most > 1
    nothing = np.zeros((p.num_levels, int(further.sum())), dtype=np.int64)
    return [
        (parent, node, np.minimum(most, 1), p.served_points),
        (parent[further], node[further], most[further] - 1, nothing),
    ]


def _mentor_arcs(p: PairingProblem, heads: IntArray, node: IntArray, parent: IntArray) -> list[Arcs]:
    """Return the ways out: one arc, or one per step of the load, cut at the mentor's places."""
    steps = p.load_steps
    plain = np.bincount(steps.owner, minlength=p.num_mentors) == 0
    nothing = np.zeros((p.num_levels, int(plain.sum())), dtype=np.int64)
    arcs: list[Arcs] = [(node[plain], parent[plain], heads[plain], nothing)]
    if len(steps.owner):
        before = _before(steps)
        width = np.clip(heads[steps.owner] - before, 0, steps.width)
        used = width > 0
        owner = steps.owner[used]
        arcs.append((node[owner], parent[owner], width[used], steps.points[:, used]))
    return arcs


def _before(steps: Steps) -> IntArray:
    """Return how many units the earlier steps of the same owner hold."""
    total = np.cumsum(steps.width) - steps.width
    return total - total[np.searchsorted(steps.owner, steps.owner)]


def _quota_arcs(steps: Steps, is_mentor_quota: BoolArray, node: IntArray, parent: IntArray) -> Arcs:
    own, outer = node[steps.owner], parent[steps.owner]
    outward = is_mentor_quota[steps.owner]
    return np.where(outward, own, outer), np.where(outward, outer, own), steps.width, steps.points


def best_circulation(network: Network, gain: IntArray, fixed: BoolArray | None, flow: IntArray | None) -> IntArray:
    """Return a circulation of greatest total ``gain`` (num_arcs,); arcs of ``fixed`` keep their ``flow``.

    References
    ----------
    .. [1] A. V. Goldberg, "An efficient implementation of a scaling minimum-cost flow algorithm",
       Journal of Algorithms 22 (1997), in the implementation of OR-Tools.
    """
    solver = SimpleMinCostFlow()
    if fixed is None or flow is None:
        arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.most, -gain)
        _solve(solver)
        return np.asarray(solver.flows(arcs), dtype=np.int64)
    free = np.flatnonzero(~fixed)
    kept = np.flatnonzero(fixed & (flow > 0))
    supply = np.zeros(network.num_nodes, dtype=np.int64)
    np.subtract.at(supply, network.tail[kept], flow[kept])
    np.add.at(supply, network.head[kept], flow[kept])
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        network.tail[free], network.head[free], network.most[free], -gain[free]
    )
    solver.set_nodes_supplies(np.arange(network.num_nodes), supply)
    _solve(solver)
    changed = flow.copy()
    changed[free] = solver.flows(arcs)
    return changed


def _solve(solver: SimpleMinCostFlow) -> None:
    status = solver.solve()
    if status != SimpleMinCostFlow.Status.OPTIMAL:
        raise AssertionError(f"the flow ended with {status}")


def spans(network: Network) -> list[int]:
    """Return per level the most by which two circulations can differ, in whole numbers."""
    options = slice(0, network.num_options)
    mentee = network.tail[options]
    into = np.bincount(network.head, network.most, network.num_nodes).astype(np.int64)
    heads = np.minimum(into, np.bincount(mentee, minlength=network.num_nodes))
    flow = np.minimum(network.most, int(heads.sum()))[network.num_options :]
    found = []
    for gain in network.gain:
        best, worst = np.zeros(network.num_nodes, dtype=np.int64), np.zeros(network.num_nodes, dtype=np.int64)
        np.maximum.at(best, mentee, gain[options])
        np.minimum.at(worst, mentee, gain[options])
        reach = (heads * (best - worst)).tolist()
        rest = (flow * np.abs(gain[network.num_options :])).tolist()
        found.append(sum(reach) + sum(rest))
    return found
