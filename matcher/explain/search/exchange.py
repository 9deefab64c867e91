"""Exchanges: a finished pairing, some options given up, some added, and what the judge says of the outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matcher.explain.search.gains import best_first
from matcher.explain.search.occupancy import Occupancy
from matcher.explain.search.reach import Reach, chain_dropping, chain_to
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values, violations

_MOST_ENDS = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """A valid pairing that was found, and its values by level."""

    pairing: Pairing
    values: tuple[int, ...]


def exchanged(
    problem: PairingProblem,
    pairing: Pairing,
    added: Iterable[int],
    given_up: Iterable[int] = (),
    opened: Iterable[tuple[int, int]] = (),
) -> Pairing:
    """Return the pairing after the exchange: ``opened`` are new groups with their slots; empty groups are closed."""
    options = np.setdiff1d(pairing.option, np.array(list(given_up), dtype=np.int64))
    options = np.union1d(options, np.array(list(added), dtype=np.int64))
    new = list(opened)
    groups = np.r_[pairing.open_group, np.array([group for group, _ in new], dtype=np.int64)]
    slots = np.r_[pairing.slot, np.array([slot for _, slot in new], dtype=np.int64)]
    used = np.isin(groups, problem.group[options])
    return Pairing.of(problem, options, groups[used], slots[used])


def broken_rules(problem: PairingProblem, pairing: Pairing) -> frozenset[tuple[str, tuple[int | str, ...]]]:
    """Return the rules a pairing breaks, with their subjects."""
    return frozenset((found.rule, found.subjects) for found in violations(problem, pairing))


def judged(
    problem: PairingProblem,
    pairing: Pairing,
    known: frozenset[tuple[str, tuple[int | str, ...]]] = frozenset(),
    wishes: frozenset[str] = frozenset(),
) -> Outcome | None:
    """Return the pairing with its values, or None where it breaks a rule.

    ``known`` is what the present plan breaks already: locks the council has been told it could not keep. ``wishes`` are
    rules that may be broken, since a level counts them.
    """
    if any(rule not in wishes for rule, _ in broken_rules(problem, pairing) - known):
        return None
    return Outcome(pairing=pairing, values=level_values(problem, pairing))


def best_outcome(outcomes: Iterable[Outcome | None]) -> Outcome | None:
    """Return the valid outcome with the lexicographically greatest values, the first of equals; None without any."""
    best: Outcome | None = None
    for outcome in outcomes:
        if outcome is not None and (best is None or outcome.values > best.values):
            best = outcome
    return best


def chains_of(state: Occupancy, reach: Reach, *, most: int = 8) -> list[tuple[list[int], list[int]]]:
    """Return the most promising chains that serve the first mentee of ``reach``: (options added, options given up).

    Of those whose last option earns most, the shortest come first.
    """
    ends = np.array(reach.open_ends, dtype=np.int64)
    ends = ends[best_first(state.problem.points[:, ends])][:_MOST_ENDS]
    by_length = sorted((len(chain_to(state, reach, o)[0]), rank, o) for rank, o in enumerate(ends.tolist()))
    chains = [chain_to(state, reach, o) for _, _, o in by_length[:most]]
    return chains + [chain_dropping(state, reach, spare) for spare in reach.spare[: most - len(chains)]]
