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


def reach_from(state: Occupancy, mentee: int, *, with_groups: bool = False) -> Reach:
    """Return everything reachable from ``mentee``, breadth first, up to the first layer with an open end.

    Seats in groups that are not open are no way to go, since somebody would have to come with him: the open ends found
    are ends of real chains. ``with_groups`` counts them as ways through their mentor all the same: a reach that is
    closed even so is a set that can go nowhere else.
    """
    reach = Reach(first=mentee, mentees=[mentee])
    frontier = [mentee]
    seen = {mentee}
    while frontier and reach.is_closed:
        needed = _needs(state, reach, np.array(frontier, dtype=np.int64), with_groups=with_groups)
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


def _needs(state: Occupancy, reach: Reach, mentees: IntArray, *, with_groups: bool) -> list[tuple[int, str, int]]:
    """Note the mentors and quotas these mentees need; return the movable chosen options that hold them."""
    p = state.problem
    options = standing_options(state, mentees)
    options = options[~state.is_chosen[options]]
    if not with_groups:
        options = options[~state.in_closed_group(options)]
    # Individual options first: they are the ways a chain can really take.
    options = options[np.argsort(p.group[options] >= 0, kind="stable")]
    blocked = state.blocked_by_mentor(options)
    held: list[tuple[int, str, int]] = []
    for option in options[blocked].tolist():
        mentor = int(p.mentor[option])
        if mentor not in reach.mentor_via:
            reach.mentor_via[mentor] = option
            held += [(o, "mentor", mentor) for o in state.chosen_with(mentor).tolist() if not p.locked[o]]
    rest = options[~blocked]
    in_quota = state.full_quotas_of(rest)
    for option, quota in in_quota:
        if quota not in reach.quota_via:
            reach.quota_via[quota] = option
            members = p.quota_option[p.quota_owner == quota]
            mine = members[state.is_chosen[members]]
            held += [(o, "quota", quota) for o in mine.tolist() if not p.locked[o]]
    stopped = {option for option, _ in in_quota}
    reach.open_ends += [o for o in rest.tolist() if o not in stopped]
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
