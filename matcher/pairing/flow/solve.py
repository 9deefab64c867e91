"""Lexicographically best circulations, and the prices that prove every level of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.certificate import LevelPrices
from matcher.pairing.engine import EngineAnswer
from matcher.pairing.flow.form import FlowForm, flow_form
from matcher.pairing.flow.network import ROOT, Network, best_circulation, build_network, spans
from matcher.pairing.flow.potentials import potentials
from matcher.pairing.levels import LevelChunk, chunk_levels
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
TOO_LARGE = 2**62


def solve_flow(problem: PairingProblem, form: FlowForm | None = None) -> EngineAnswer:
    """Return a lexicographically best pairing of a problem that is a flow, with prices for every level.

    Levels are weighed together as far as that is exact in 64 bits; where it is not, the next ones are decided on the
    arcs that the levels above leave free.

    Raises
    ------
    ValueError
        When the problem is not a flow.
    """
    form = flow_form(problem) if form is None else form
    if form is None:
        raise ValueError("the problem is not a flow")
    network = build_network(problem, form)
    flow: IntArray | None = None
    fixed: BoolArray | None = None
    proof: _Proof | None = None
    prices = []
    for chunk in _chunks(network):
        gain = np.tensordot(chunk.weights, network.gain[chunk.first : chunk.first + len(chunk.weights)], 1)
        flow = best_circulation(network, gain, fixed, flow)
        for level in range(chunk.first, chunk.first + len(chunk.weights)):
            cost = -network.gain[level]
            potential = potentials(network, cost, flow, fixed)
            if problem.num_levels > 1:
                reduced = cost + potential[network.tail] - potential[network.head]
                reduced[network.most == 0] = 0
                proof = _stack(proof, potential, reduced)
                fixed = reduced != 0 if fixed is None else fixed | (reduced != 0)
            else:
                proof = _Proof(weight=np.ones(1, dtype=np.int64), potential=potential, reduced=cost)
            prices.append(_level_prices(problem, form, proof))
    assert flow is not None
    chosen = form.option[flow[: network.num_options] > 0]
    return EngineAnswer(
        pairing=Pairing.of(problem, chosen),
        prices=tuple(prices),
        proved=(True,) * problem.num_levels,
        engine="flow",
    )


def _chunks(network: Network) -> tuple[LevelChunk, ...]:
    if len(network.gain) == 1:
        return (LevelChunk(first=0, weights=(1,)),)
    largest = [int(np.abs(gain).max(initial=0)) for gain in network.gain]
    return chunk_levels(spans(network), largest, network.room)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Proof:
    """Why a circulation is best down to some level: the ``weight`` of the levels and a ``potential`` for their sum.

    ``reduced`` (num_arcs,) are the reduced costs of that sum: where they are not zero, the levels so far forbid a
    change of the flow.
    """

    weight: IntArray
    potential: IntArray
    reduced: IntArray


def _stack(above: _Proof | None, potential: IntArray, reduced: IntArray) -> _Proof:
    """Return the proof of one level more: the least weight of the levels above that keeps all their refusals.

    Where the numbers would leave 64 bits, the levels above get no weight: a valid bound, but perhaps a weak one.
    """
    if above is None:
        return _Proof(weight=np.ones(1, dtype=np.int64), potential=potential, reduced=reduced)
    refused = np.flatnonzero(above.reduced)
    against = -np.sign(above.reduced[refused]) * reduced[refused]
    factor = max(0, int((against // np.abs(above.reduced[refused])).max(initial=0))) + 1
    largest = max(int(np.abs(a).max(initial=0)) for a in (above.weight, above.potential, above.reduced))
    if factor * largest + int(max(np.abs(potential).max(), np.abs(reduced).max(initial=0))) >= TOO_LARGE:
        alone = np.zeros(len(above.weight) + 1, dtype=np.int64)
        alone[-1] = 1
        return _Proof(weight=alone, potential=potential, reduced=reduced)
    return _Proof(
        weight=np.append(factor * above.weight, 1),
        potential=factor * above.potential + potential,
        reduced=factor * above.reduced + reduced,
    )


def _level_prices(p: PairingProblem, form: FlowForm, proof: _Proof) -> LevelPrices:
    """Return the potentials as prices: what a place with a mentee, being served, an item or a quota is worth."""
    potential, levels = proof.potential, len(proof.weight)
    mentee = potential[1 : 1 + p.num_mentees]
    quota = potential[1 + p.num_mentees + p.num_mentors :]
    around = np.append(quota, potential[ROOT])  # parent −1 is the root
    worth = around[form.mentee_parent] - mentee
    inward = quota - around[form.quota_parent]
    return LevelPrices(
        weight=proof.weight,
        mentee=np.maximum(0, -worth),
        minute=np.zeros(p.num_mentees, dtype=np.int64),
        served=np.maximum(0, worth),
        item=proof.weight @ p.item_points[:levels],
        quota=np.where(form.is_mentor_quota, -inward, inward),
        floor=np.zeros(p.num_mentees, dtype=np.int64),
    )
