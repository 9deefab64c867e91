"""A set that is short: so many mentees, only these mentors, fewer places. Built here, judged in `shortage_check`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.explain.search.occupancy import Occupancy
from matcher.explain.search.reach import Reach, can_stand, standing_options
from matcher.explain.search.variants import keep_options
from matcher.outcome import Proof
from matcher.pairing.problem import PairingProblem, Steps
from matcher.pairing.result import Pairing
from matcher.pairing.solve import solve_pairing

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Mentees who can be served only by certain mentors (or within certain quotas), and how many of them can be.

    ``places`` (one entry per mentor) is the most of these mentees each of them can take, seats in groups included and
    what locked pairs of others hold left out; ``room`` (one per quota) the members a quota still admits.
    ``most_served`` is what no plan exceeds; ``proof`` says who vouches for it: `CERTIFICATE` that counting the places
    suffices, `SOLVER` that a search over these people found no more, None that nothing is proved.
    """

    mentees: tuple[int, ...]
    mentors: tuple[int, ...]
    places: tuple[int, ...]
    quotas: tuple[int, ...] = ()
    room: tuple[int, ...] = ()
    most_served: int
    proof: Proof | None

    @property
    def missing(self) -> int:
        """Return how many of the mentees stay without a mentor at least."""
        return len(self.mentees) - self.most_served


def build_shortage(state: Occupancy, reaches: Iterable[Reach], *, time_limit: float = 2.0) -> Shortage:
    """Return the shortage of one or several closed reaches; where counting proves nothing, search decides."""
    reaches = list(reaches)
    mentees = tuple(sorted({n for r in reaches for n in r.mentees}))
    mentors = tuple(sorted({m for r in reaches for m in r.mentor_via}))
    quotas = tuple(sorted({q for r in reaches for q in r.quota_via}))
    places = tuple(most_with_one_mentor(state, m, mentees) for m in mentors)
    room = tuple(_room(state, q, mentees) for q in quotas)
    counted = min(len(mentees), sum(places) + sum(room))
    closed = all(reach.is_closed for reach in reaches)
    found = Shortage(
        mentees=mentees,
        mentors=mentors,
        places=places,
        quotas=quotas,
        room=room,
        most_served=counted,
        proof=Proof.CERTIFICATE if closed and counted < len(mentees) else None,
    )
    if found.proof is not None or not closed:
        return found
    return _searched(state, found, time_limit)


def most_with_one_mentor(state: Occupancy, mentor: int, mentees: tuple[int, ...]) -> int:
    """Return the most of ``mentees`` that ``mentor`` can take: pairs and groups within his limits."""
    p, everything = state.problem, state.options_with(mentor)
    inside = np.isin(p.mentee[everything], mentees)
    options = everything[inside]
    options = options[can_stand(state, options)]
    fixed = everything[p.locked[everything] & ~inside]
    pairs = options[p.group[options] < 0]
    pair_minutes = np.sort(p.mentor_minutes[pairs])
    seats = _seats(state, everything, options[p.group[options] >= 0], fixed)
    room = int(p.max_minutes[mentor] + state.refund[everything].sum() - p.mentor_minutes[fixed].sum())
    alone = int((p.group[fixed] < 0).sum())
    best = 0
    most_pairs = min(len(pairs), int(p.max_individual[mentor]) - alone)
    for num_groups in range(min(len(seats), int(p.max_groups[mentor])) + 1):
        group_minutes = sum(sorted(minutes for _, minutes in seats)[:num_groups])
        in_groups = sum(sorted((size for size, _ in seats), reverse=True)[:num_groups])
        within = int(np.searchsorted(np.cumsum(pair_minutes), room - group_minutes, side="right"))
        num_pairs = min(most_pairs, int(p.max_places[mentor]) - alone - num_groups, within)
        if num_pairs >= 0 and group_minutes <= room:
            best = max(best, num_pairs + in_groups)
    return min(best, len(np.unique(p.mentee[options])))


def _seats(state: Occupancy, everything: IntArray, options: IntArray, fixed: IntArray) -> list[tuple[int, int]]:
    """Return (most seats for these options' mentees, minutes) of every group that can reach its least size."""
    p, found = state.problem, []
    for group in np.unique(p.group[options]).tolist():
        if _together(p, everything[p.group[everything] == group]) < int(p.group_min_size[group]):
            continue
        taken = int((p.group[fixed] == group).sum())
        mine = options[p.group[options] == group]
        most = min(int(p.group_max_size[group]) - taken, _together(p, mine))
        if most > 0:
            found.append((most, int(p.group_minutes[group])))
    return found


def _together(p: PairingProblem, seats: IntArray) -> int:
    """Return how many of these seats fit into one weekly slot."""
    if p.slots is None:
        return len(seats)
    return int(_bits(p.slots[seats]).sum(axis=0).max(initial=0))


def _bits(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return np.unpackbits(np.ascontiguousarray(words).view(np.uint8), axis=1)


def _room(state: Occupancy, quota: int, mentees: tuple[int, ...]) -> int:
    p = state.problem
    members = p.quota_option[p.quota_owner == quota]
    fixed = p.locked[members] & ~np.isin(p.mentee[members], mentees)
    return max(0, int(state.quota_cap[quota]) - int(fixed.sum()))


def _searched(state: Occupancy, found: Shortage, time_limit: float) -> Shortage:
    """Return the shortage with the most mentees served that a search over these people alone can prove."""
    problem = served_problem(state, found)
    answer = solve_pairing(problem, time_limit=time_limit)
    level = answer.levels[-1]
    most = level.bound if level.proof is None else level.value
    if most >= len(found.mentees):
        return found
    by_count = level.bound <= most
    return replace(found, most_served=most, proof=Proof.CERTIFICATE if by_count else Proof.SOLVER)


def served_problem(state: Occupancy, found: Shortage) -> PairingProblem:
    """Return the problem "serve as many of these mentees as possible", locked pairs of their mentors kept.

    Everybody else leaves; the groups they could have filled may be smaller by them. So no plan of the whole round
    serves more of these mentees than the best plan here.
    """
    p = state.problem
    mine = np.zeros(p.num_options, dtype=bool)
    mine[standing_options(state, np.array(found.mentees, dtype=np.int64))] = True
    kept = mine | (p.locked & np.isin(p.mentor, found.mentors))
    outside = np.bincount(p.group[~kept & (p.group >= 0)], minlength=p.num_groups)
    served = np.zeros((2, p.num_mentees), dtype=np.int64)
    served[1, list(found.mentees)] = 1
    locks = np.zeros((2, p.num_options), dtype=np.int64)
    locks[0] = p.locked
    bare = replace(
        p,
        level_names=("locks", "served"),
        headline=1,
        points=locks,
        group_min_size=np.maximum(1, p.group_min_size - outside),
        group_points=np.zeros((2, p.num_groups), dtype=np.int64),
        served_points=served,
        item_points=np.zeros((2, p.num_items), dtype=np.int64),
        link_points=np.zeros((2, len(p.link_first)), dtype=np.int64),
        load_steps=Steps.none(2),
        quota_steps=_caps_only(p.quota_steps),
        worst_off_level=None,
        floor_points=None,
        floor_mentee=None,
        required_min_load=None,
        extra=None,
        companion=None,
    )
    return keep_options(bare, kept)


def _caps_only(steps: Steps) -> Steps:
    return replace(steps, points=np.zeros((2, len(steps.owner)), dtype=np.int64))


def is_tight(state: Occupancy, found: Shortage) -> bool:
    """Return whether the present plan serves as many of the set as is proved possible."""
    return served_in(state.pairing, found.mentees) == found.most_served


def served_in(pairing: Pairing, mentees: tuple[int, ...]) -> int:
    """Return how many of these mentees have a mentor."""
    return int(np.isin(mentees, pairing.mentee).sum())
