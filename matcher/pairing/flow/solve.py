"""Lexicographically best circulations, and the prices that prove every level of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.certificate import LevelPrices, is_exact
from matcher.pairing.engine import EngineAnswer
from matcher.pairing.flow.exchange import level_rates
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
    prices: list[LevelPrices] = []
    faces: list[BoolArray | None] = []
    for chunk in _chunks(network):
        gain = np.tensordot(chunk.weights, network.gain[chunk.first : chunk.first + len(chunk.weights)], 1)
        flow = best_circulation(network, gain, fixed, flow)
        for level in range(chunk.first, chunk.first + len(chunk.weights)):
            faces.append(fixed)
            cost = -network.gain[level]
            potential = potentials(network, cost, flow, fixed)
            reduced = cost
            if problem.num_levels > 1:
                reduced = cost + potential[network.tail] - potential[network.head]
                reduced[network.most == 0] = 0
                fixed = reduced != 0 if fixed is None else fixed | (reduced != 0)
            alone = _Proof(weight=_only(level), potential=potential, reduced=reduced)
            proof = alone if proof is None else _stack(proof, alone)
            prices.append(_exact_prices(problem, form, level, proof, alone))
    assert flow is not None
    chosen = form.option[flow[: network.num_options] > 0]
    return EngineAnswer(
        pairing=Pairing.of(problem, chosen),
        prices=tuple(prices),
        proved=(True,) * problem.num_levels,
        engine="flow",
        rates=level_rates(network, flow, faces),
    )


def _chunks(network: Network) -> tuple[LevelChunk, ...]:
    if len(network.gain) == 1:
        return (LevelChunk(first=0, weights=(1,)),)
    largest = [int(np.abs(gain).max(initial=0)) for gain in network.gain]
    return chunk_levels(spans(network), largest, network.room)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Proof:
    """Why a circulation is best down to some level: the ``weight`` of the levels and a ``potential`` for their sum.

    ``reduced`` (num_arcs,) are the reduced costs of that sum: where they are not zero, the levels so far forbid any
    change of the flow.
    """

    weight: IntArray
    potential: IntArray
    reduced: IntArray


def _only(level: int) -> IntArray:
    weight = np.zeros(level + 1, dtype=np.int64)
    weight[level] = 1
    return weight


def _stack(above: _Proof, below: _Proof) -> _Proof:
    """Return the proof of one level more: the least weight of the levels above that keeps all they forbid.

    Where the numbers would leave 64 bits, ``below`` stands alone: a valid bound, but perhaps a weak one.
    """
    forbidden = np.flatnonzero(above.reduced)
    against = -np.sign(above.reduced[forbidden]) * below.reduced[forbidden]
    factor = max(0, int((against // np.abs(above.reduced[forbidden])).max(initial=0))) + 1

    def largest(proof: _Proof) -> int:
        return max(int(np.abs(a).max(initial=0)) for a in (proof.weight, proof.potential, proof.reduced))

    if factor * largest(above) + largest(below) >= TOO_LARGE:
        return below
    return _Proof(
        weight=np.append(factor * above.weight, 0) + below.weight,
        potential=factor * above.potential + below.potential,
        reduced=factor * above.reduced + below.reduced,
    )


def _exact_prices(p: PairingProblem, form: FlowForm, level: int, proof: _Proof, alone: _Proof) -> LevelPrices:
    """Return the prices of ``proof``, or weaker ones where those would leave exact arithmetic."""
    for prices in (_level_prices(p, form, proof), _level_prices(p, form, alone)):
        if is_exact(p, prices):
            return prices
    return LevelPrices.zero(p, level)


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
