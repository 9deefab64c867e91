"""Whom an unmatched mentee could push aside: alternating reachability over the options.

From a mentee one reaches every mentor (or full quota) his options need; from a full mentor everybody who holds one of
his places. Locked pairs do not move. Where the search meets a free place, the way to it is a chain of exchanges; where
it meets none, the people and the mentors reached are a set that is short.

References
----------
.. [1] P. Hall, "On representatives of subsets", Journal of the London Mathematical Society 10 (1935).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.explain.search.occupancy import Occupancy

IntArray = NDArray[np.int64]


@dataclass(slots=True)
class Reach:
    """What can be reached from one mentee.

    ``mentor_via`` maps a mentor to the option by which he was reached, ``quota_via`` likewise; ``mentee_via`` maps a
    mentee to the chosen option he would have to give up. ``open_ends`` are options nothing blocks, ``spare`` chosen
    options whose mentee stays served without them: each is the end of a chain that serves the first mentee.
    """

    first: int
    mentees: list[int] = field(default_factory=list)
    mentor_via: dict[int, int] = field(default_factory=dict)
    quota_via: dict[int, int] = field(default_factory=dict)
    mentee_via: dict[int, tuple[int, str, int]] = field(default_factory=dict)
    open_ends: list[int] = field(default_factory=list)
    spare: list[tuple[int, str, int]] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        """Return whether no chain serves the first mentee: those reached can go nowhere else."""
        return not self.open_ends and not self.spare


def standing_options(state: Occupancy, mentees: IntArray) -> IntArray:
    """Return the options that can serve these mentees on their own: possible ones, not meant for a second mentor."""
    options = state.options_of_all(mentees)
    return options[can_stand(state, options)]


def can_stand(state: Occupancy, options: IntArray) -> NDArray[np.bool_]:
    """Return which options can serve somebody on their own."""
    alone = ~state.impossible(options)
    if state.problem.extra is not None:
        alone &= ~state.problem.extra[options]
    return alone


class Ways:
    """The options by which one could go on from each mentee, found once for many searches.

    Seats in groups that are not open are no way to go, since somebody would have to come with him. ``with_groups``
    counts them as ways through their mentor all the same: what is closed even so can go nowhere else.
    """

    def __init__(self, state: Occupancy, *, with_groups: bool = False) -> None:
        self.state = state
        p = state.problem
        options = np.flatnonzero(~state.is_chosen)
        options = options[can_stand(state, options)]
        if not with_groups:
            options = options[~state.in_closed_group(options)]
        # Individual options first: they are the ways a chain can really take.
        options = options[np.lexsort((options, p.group[options] >= 0, p.mentee[options]))]
        blocked = state.blocked_by_mentor(options)
        in_quota: dict[int, list[int]] = {}
        for option, quota in state.full_quotas_of(options[~blocked]):
            in_quota.setdefault(option, []).append(quota)
        self.in_quota = in_quota
        self._option, self._blocked = options, blocked
        self._start = np.searchsorted(p.mentee[options], np.arange(p.num_mentees + 1))

    def of(self, mentees: list[int]) -> tuple[IntArray, IntArray]:
        """Return (options blocked by their mentor, options not blocked by him) of some mentees."""
        rows = np.concatenate([np.arange(self._start[n], self._start[n + 1]) for n in mentees])
        options, blocked = self._option[rows], self._blocked[rows]
        return options[blocked], options[~blocked]


def reach_from(ways: Ways, mentee: int) -> Reach:
    """Return everything reachable from ``mentee``, breadth first, up to the first layer with an open end."""
    state = ways.state
    reach = Reach(first=mentee, mentees=[mentee])
    frontier = [mentee]
    seen = {mentee}
    while frontier and reach.is_closed:
        needed = _needs(ways, reach, frontier)
        frontier = []
        for option, kind, index in needed:
            holder = int(state.problem.mentee[option])
            if holder in seen:
                continue
            if state.mentors[holder] > 1 and state.stays_served_without(option):
                reach.spare.append((option, kind, index))
            seen.add(holder)
            reach.mentees.append(holder)
            reach.mentee_via[holder] = (option, kind, index)
            frontier.append(holder)
    return reach


def _needs(ways: Ways, reach: Reach, mentees: list[int]) -> list[tuple[int, str, int]]:
    """Note the mentors and quotas these mentees need; return the movable chosen options that hold them."""
    state, p = ways.state, ways.state.problem
    blocked, rest = ways.of(mentees)
    held: list[tuple[int, str, int]] = []
    mentors, first = np.unique(p.mentor[blocked], return_index=True)
    for at in np.argsort(first, kind="stable").tolist():
        mentor, option = int(mentors[at]), int(blocked[first[at]])
        if mentor not in reach.mentor_via:
            reach.mentor_via[mentor] = option
            held += [(o, "mentor", mentor) for o in state.chosen_with(mentor).tolist() if not p.locked[o]]
    for option in rest.tolist():
        if option not in ways.in_quota:
            reach.open_ends.append(option)
            continue
        for quota in ways.in_quota[option]:
            if quota not in reach.quota_via:
                reach.quota_via[quota] = option
                members = p.quota_option[p.quota_owner == quota]
                mine = members[state.is_chosen[members]]
                held += [(o, "quota", quota) for o in mine.tolist() if not p.locked[o]]
    return held


def chain_to(state: Occupancy, reach: Reach, last: int) -> tuple[list[int], list[int]]:
    """Return (options added, options given up) of the chain that ends with option ``last`` of a reached mentee."""
    added, given_up = [last], []
    mentee = int(state.problem.mentee[last])
    while mentee != reach.first:
        option, kind, index = reach.mentee_via[mentee]
        given_up.append(option)
        via = reach.mentor_via[index] if kind == "mentor" else reach.quota_via[index]
        added.append(via)
        mentee = int(state.problem.mentee[via])
    return added, given_up


def chain_dropping(state: Occupancy, reach: Reach, spare: tuple[int, str, int]) -> tuple[list[int], list[int]]:
    """Return the chain in which the mentee of a spare option gives it up and keeps his other mentor."""
    option, kind, index = spare
    via = reach.mentor_via[index] if kind == "mentor" else reach.quota_via[index]
    added, given_up = chain_to(state, reach, via)
    return added, [option, *given_up]
