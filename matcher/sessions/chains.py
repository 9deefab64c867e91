"""Chains of moves that make room: a missing session takes a full cell, what it pushes out moves on, till one is free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.sessions.layout import days_of
from matcher.sessions.search import Search
from matcher.sessions.state import Placing

MOST_VISITS = 400
Step = tuple[int, int, int, int, int]
"""An activity's session moved from (local choice, day) to (local choice, day); the first step comes from (-1, -1)."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A full cell on a day, and the step that would overfill it."""

    cell: int
    day: int
    step: Step
    before: int


def fill_by_chains(search: Search, *, until: float) -> bool:
    """Place missing sessions by pushing others from full cells; return whether it helped.

    The search goes breadth first from the cells that a missing session could use, through the sessions in them, to a
    cell with room: the augmenting path of a matching, with the spacing of the sessions kept at each step. A session
    pushed on stays between its neighbours in time.
    """
    helped = False
    for a in range(len(search.scores)):
        while search.scores[a][0] > search.least[a][0]:
            if search.effort.is_over() or search.effort.clock() > until:
                return helped
            if not _fill(search, a):
                break
            helped = True
    return helped


class _Hunt:
    """One breadth-first search on a plan that does not change meanwhile."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.known: dict[int, list[int]] = {}
        self.seen: set[tuple[int, int]] = set()
        self.nodes: list[_Node] = []

    def open_days(self, a: int) -> list[int]:
        """Return the days of each local choice that people and weeks allow, cells apart."""
        if a not in self.known:
            self.search.effort.spend()
            had = self.search.state.remove(a)
            self.known[a] = self.search.state.usable(a, with_cells=False)
            self.search.state.place(a, had)
        return self.known[a]

    def targets(self, a: int, left: int, right: int, from_choice: int, from_day: int, before: int) -> Step | None:
        """Look at all places between two sessions; return the step to one with room, or note the full cells."""
        state, layout = self.search.state, self.search.layout
        activity = layout.activities[a]
        between = between_mask(activity.after, left, right, layout.problem.num_days)
        for i, mask in enumerate(self.open_days(a)):
            cells = layout.cells[activity.choices[i]]
            own = 1 << from_day if i == from_choice else 0
            rest = mask & between & ~own
            if not rest:
                continue
            full = [(cell, state.full_cell(cell)) for cell in cells]
            free = rest
            for _, days in full:
                free &= ~days
            if free:
                day = (free & -free).bit_length() - 1
                return a, from_choice, from_day, i, day
            for day in days_of(rest):
                blocked = [cell for cell, days in full if days >> day & 1]
                if len(blocked) == 1 and (blocked[0], day) not in self.seen:
                    self.seen.add((blocked[0], day))
                    self.nodes.append(_Node(blocked[0], day, (a, from_choice, from_day, i, day), before))
        return None

    def path(self, last: Step, before: int) -> list[Step]:
        """Return the steps of a chain, the one into a free cell first."""
        steps = [last]
        while before >= 0:
            steps.append(self.nodes[before].step)
            before = self.nodes[before].before
        return steps


def between_mask(after: list[int], left: int, right: int, num_days: int) -> int:
    """Return the days that may lie between a session on ``left`` (−1: none) and one on ``right`` (num_days: none)."""
    mask = after[left] if left >= 0 else (1 << num_days) - 1
    if right >= num_days:
        return mask
    mask &= (1 << right) - 1
    while mask:
        last = mask.bit_length() - 1
        if after[last] >> right & 1:
            return mask
        mask ^= 1 << last
    return 0


def _fill(search: Search, a: int) -> bool:
    hunt = _Hunt(search)
    num_days = search.layout.problem.num_days
    days = _days(search, a)
    for left, right in zip([-1, *days], [*days, num_days], strict=True):
        step = hunt.targets(a, left, right, -1, -1, -1)
        if step is not None:
            return _apply(search, [step])
    visited = at = 0
    while at < len(hunt.nodes) and visited < MOST_VISITS:
        node = hunt.nodes[at]
        for b, i in _occupants(search, node):
            if b == a:
                continue
            visited += 1
            theirs = _days(search, b)
            n = theirs.index(node.day)
            left = theirs[n - 1] if n else -1
            right = theirs[n + 1] if n + 1 < len(theirs) else num_days
            step = hunt.targets(b, left, right, i, node.day, at)
            if step is not None and _apply(search, hunt.path(step, at)):
                return True
        at += 1
    return False


def _days(search: Search, a: int) -> list[int]:
    mask = 0
    for days in search.state.plan[a].values():
        mask |= days
    return days_of(mask)


def _occupants(search: Search, node: _Node) -> Iterator[tuple[int, int]]:
    """Return the activities with a session in the cell on the day, and its local choice."""
    layout = search.layout
    for b in search.users[node.cell]:
        for i, mask in search.state.plan[b].items():
            if mask >> node.day & 1 and node.cell in layout.cells[layout.activities[b].choices[i]]:
                yield b, i
                break


def _apply(search: Search, steps: list[Step]) -> bool:
    """Make the moves, the last of the chain first; undo all when one of them is not possible any more."""
    had: dict[int, Placing] = {a: search.state.plan[a] for a, *_ in steps}
    before = search.sum_of(had)
    for a, from_choice, from_day, i, day in steps:
        placing = dict(search.state.remove(a))
        if from_choice >= 0:
            placing[from_choice] = placing.get(from_choice, 0) & ~(1 << from_day)
        fits = bool(search.state.usable(a)[i] >> day & 1) and _is_apart(search, a, placing, day)
        placing[i] = placing.get(i, 0) | 1 << day
        fits = fits and not search.state.is_overfull(a, placing)
        search.put(a, {j: mask for j, mask in placing.items() if mask} if fits else had[a])
        if not fits:
            search.restore({b: had[b] for b in had})
            return False
    if search.sum_of(had) < before:
        return True
    search.restore(had)
    return False


def _is_apart(search: Search, a: int, placing: Placing, day: int) -> bool:
    after = search.layout.activities[a].after
    mask = 0
    for days in placing.values():
        mask |= days
    earlier, later = mask & (1 << day) - 1, mask >> day << day
    if earlier and not after[earlier.bit_length() - 1] >> day & 1:
        return False
    return not later or bool(after[day] >> ((later & -later).bit_length() - 1) & 1)
