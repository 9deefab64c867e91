"""Ways to bring one pair into a finished pairing: who makes room, where he goes, who takes the place that is left."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matcher.explain.search.exchange import chains_of
from matcher.explain.search.gains import best_first, option_gains
from matcher.explain.search.occupancy import Occupancy
from matcher.explain.search.reach import Ways, reach_from
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
Mask = NDArray[np.bool_]
Exchange = tuple[list[int], list[int]]
_MOST_FREE, _MOST_ALONE = 3, 3


class Start:
    """A round without the place the mentee gives up, from which chains set out; made once for many mentors."""

    def __init__(self, problem: PairingProblem, present: Pairing, leaving: IntArray) -> None:
        rest = np.setdiff1d(present.option, leaving)
        used = np.isin(present.open_group, problem.group[rest])
        pairing = Pairing.of(problem, rest, present.open_group[used], present.slot[used])
        self.problem, self.leaving = problem, leaving
        self.state = Occupancy.of(problem, pairing)
        self.ways = Ways(self.state)
        served = np.bincount(pairing.mentee, minlength=problem.num_mentees)
        mine = problem.mentee[leaving]
        self.alone = [n for n in np.flatnonzero(served == 0).tolist() if n not in set(mine.tolist())]


def exchanges_for(start: Start, may: Mask, wanted: int, most_victims: int, most_chains: int) -> Iterator[Exchange]:
    """Yield exchanges that bring the option ``wanted`` in: (options added, options given up).

    ``may`` says which options may be chosen at all; of a full mentor so many pairs are tried, each by so many chains.
    """
    state, p = start.state, start.problem
    given_up = start.leaving.tolist()
    mentor = int(p.mentor[wanted])
    mine = state.options_of(int(p.mentee[wanted]))
    extras: list[int] = mine[state.is_chosen[mine]].tolist()
    for lost in _one_by_one(given_up, extras):
        yield [wanted], lost
        for filler in _fillers(start, may):
            yield [wanted, filler], lost
    held = state.chosen_with(mentor)
    held = held[~p.locked[held] & (p.group[held] < 0)]
    cheap = held[best_first(option_gains(p, held))[::-1]]
    for victim in cheap[:most_victims].tolist():
        lost = [*given_up, victim]
        yield [wanted], lost
        for place in _places_for(start, may, int(p.mentee[victim]), mentor):
            yield [wanted, place], lost
        reach = reach_from(start.ways, int(p.mentee[victim]))
        for added, freed in chains_of(state, reach, most=most_chains):
            if wanted not in added and victim not in freed:
                yield [wanted, *added], [*lost, *freed]


def _one_by_one(given_up: list[int], extras: list[int]) -> Iterator[list[int]]:
    """Yield what the mentee gives up: the pair he leaves, then also what rests on it."""
    yield given_up
    if extras:
        yield [*given_up, *extras]


def _fillers(start: Start, may: Mask) -> list[int]:
    """Return options by which somebody without a mentor takes the place that was left."""
    if not len(start.leaving) or not start.alone:
        return []
    p, left = start.problem, set(start.problem.mentor[start.leaving].tolist())
    options = start.state.options_of_all(np.array(start.alone, dtype=np.int64))
    options = options[np.isin(p.mentor[options], list(left)) & (p.group[options] < 0) & may[options]]
    found: list[int] = options[best_first(option_gains(p, options))][:_MOST_ALONE].tolist()
    return found


def _places_for(start: Start, may: Mask, mentee: int, but: int) -> list[int]:
    """Return where somebody who has to make room could go at once, the best first."""
    p, state = start.problem, start.state
    options = state.options_of(mentee)
    options = options[(p.group[options] < 0) & (p.mentor[options] != but) & may[options]]
    options = options[~state.is_chosen[options] & ~state.blocked_by_mentor(options)]
    found: list[int] = options[best_first(option_gains(p, options))][:_MOST_FREE].tolist()
    return found
