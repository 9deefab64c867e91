"""Concrete rooms and licences for sessions that were only counted: every session keeps its room where it can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.roster import Licence
from matcher.sessions.problem import BoolArray

_MOST_STEPS = 50_000
_NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A session that needs a place of a pool: whose, on which day, from when to when."""

    activity: int
    day: int
    start: int
    end: int

    def overlaps(self, other: Use) -> bool:
        """Return whether two sessions have a minute in common."""
        return self.day == other.day and self.start < other.end and other.start < self.end


def assign_rooms(uses: Sequence[Use], fits: BoolArray, wanted: Mapping[int, int]) -> list[int]:
    """Return the room of every session at one site, −1 where no room is left.

    Activities take rooms in turn, those with most sessions first, each the one that holds most of its sessions. What is
    left over is placed by re-assigning all sessions that overlap it, exactly, with as few changes as possible: by
    matching where all overlap each other, by search where they do not.

    Parameters
    ----------
    fits
        (num_uses, num_rooms): the room is large enough and free of lessons all through the session.
    wanted
        Room that an activity had before.
    """
    room = [_NOWHERE] * len(uses)
    taken: dict[tuple[int, int], list[int]] = defaultdict(list)
    of_activity: dict[int, list[int]] = defaultdict(list)
    for at, use in enumerate(uses):
        of_activity[use.activity].append(at)
    for activity, mine in sorted(of_activity.items(), key=lambda item: (-len(item[1]), item[0])):
        best: list[int] = []
        chosen = _NOWHERE
        first = wanted.get(activity)
        for candidate in sorted(range(fits.shape[1]), key=lambda number: number != first):
            good: list[int] = []
            for at in mine:
                if fits[at, candidate] and _is_free(uses, taken, at, candidate) and not _meets(uses, at, good):
                    good.append(at)
            if len(good) > len(best):
                best, chosen = good, candidate
        for at in best:
            room[at] = chosen
            taken[uses[at].day, chosen].append(at)
    by_day: dict[int, list[int]] = defaultdict(list)
    for at, use in enumerate(uses):
        by_day[use.day].append(at)
    for mine in by_day.values():
        for at in mine:
            if room[at] == _NOWHERE:
                _make_room(uses, fits, room, [other for other in mine if room[other] != _NOWHERE or other == at], at)
    return room


def _is_free(uses: Sequence[Use], taken: Mapping[tuple[int, int], list[int]], at: int, candidate: int) -> bool:
    return not _meets(uses, at, taken.get((uses[at].day, candidate), ()))


def _meets(uses: Sequence[Use], at: int, others: Sequence[int]) -> bool:
    return any(uses[at].overlaps(uses[other]) for other in others)


def _make_room(uses: Sequence[Use], fits: BoolArray, room: list[int], day: Sequence[int], at: int) -> None:
    """Find a room for one session among those of its day, moving others where that is the only way."""
    for candidate in np.flatnonzero(fits[at]).tolist():
        if not any(room[other] == candidate and uses[other].overlaps(uses[at]) for other in day if other != at):
            room[at] = candidate
            return
    cluster = _overlapping(uses, day, at)
    found = _matched(uses, fits, room, cluster)
    if found is not None:
        for member, candidate in zip(cluster, found, strict=True):
            room[member] = candidate


def _overlapping(uses: Sequence[Use], day: Sequence[int], at: int) -> list[int]:
    """Return the sessions connected with one by overlaps, in order of time."""
    found, edge = {at}, [at]
    while edge:
        last = edge.pop()
        near = [other for other in day if other not in found and uses[other].overlaps(uses[last])]
        found.update(near)
        edge += near
    return sorted(found, key=lambda member: (uses[member].start, uses[member].end, member))


def _matched(uses: Sequence[Use], fits: BoolArray, room: Sequence[int], cluster: Sequence[int]) -> list[int] | None:
    """Return rooms for sessions that overlap, with fewest changes; None where there are not enough rooms."""
    is_clique = max(uses[at].start for at in cluster) < min(uses[at].end for at in cluster)
    if not is_clique:
        return _searched(uses, fits, room, cluster)
    stays = np.array(
        [[room[at] != candidate for candidate in range(fits.shape[1])] for at in cluster], dtype=np.float64
    )
    cost = np.where(fits[list(cluster)], stays, 1e6)
    if cost.shape[0] > cost.shape[1]:
        return None
    rows, columns = linear_sum_assignment(cost)
    if cost[rows, columns].max() >= 1e6:
        return None
    return [int(column) for column in columns]


def _searched(uses: Sequence[Use], fits: BoolArray, room: Sequence[int], cluster: Sequence[int]) -> list[int] | None:
    """Return rooms by depth-first search with the fewest changes, inside a limit of steps."""
    best: list[int] | None = None
    fewest, steps = len(cluster) + 1, 0
    chosen: list[int] = []

    def go(changes: int) -> None:
        nonlocal best, fewest, steps
        steps += 1
        if changes >= fewest or steps > _MOST_STEPS:
            return
        if len(chosen) == len(cluster):
            best, fewest = list(chosen), changes
            return
        at = cluster[len(chosen)]
        for candidate in sorted(np.flatnonzero(fits[at]).tolist(), key=lambda number: number != room[at]):
            placed = zip(cluster, chosen, strict=False)
            if any(taken == candidate and uses[other].overlaps(uses[at]) for other, taken in placed):
                continue
            chosen.append(candidate)
            go(changes + (candidate != room[at]))
            chosen.pop()

    go(0)
    return best


def assign_licences(
    uses: Sequence[Use], licences: Sequence[Licence], wanted: Mapping[int, str], given: Sequence[str | None]
) -> list[str | None]:
    """Return a licence for every online session, None where all are in use; those ``given`` stay.

    Sessions take them in order of time: each the one its activity had, else the one with most to spare. That is exact,
    since any licence will do for any session.
    """
    found: list[str | None] = [None] * len(uses)
    last = dict(wanted)
    running: list[tuple[int, int, str]] = []
    for at in sorted(range(len(uses)), key=lambda number: (uses[number].day, uses[number].start, number)):
        use = uses[at]
        running = [one for one in running if one[0] == use.day and one[1] > use.start]
        spare = {licence.id: licence.count for licence in licences}
        for _, _, id_ in running:
            spare[id_] = spare.get(id_, 0) - 1
        own = last.get(use.activity)
        best = given[at]
        if best is None:
            most = max(spare, key=lambda id_: spare[id_], default=None)
            best = own if own is not None and spare.get(own, 0) > 0 else most
            if best is None or spare[best] <= 0:
                continue
        found[at] = last[use.activity] = best
        running.append((use.day, use.end, best))
    return found
