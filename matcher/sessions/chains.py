"""Chains of moves that make room: a missing session pushes another out of its way, which moves on, till one is free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from matcher.sessions.count import count
from matcher.sessions.layout import days_of
from matcher.sessions.search import Search
from matcher.sessions.state import Blocks, Placing

MOST_VISITS = 500
Holders = Callable[[], Iterator[tuple[int, int, int]]]
Step = tuple[int, int, int, int, int]
"""An activity's session moved from (local choice, day) to (local choice, day)."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A place somebody wants and others hold: one of ``holders()`` (activity, local choice, day) has to leave it.

    On ``avoid`` it would still be in the way, and on ``day`` at times that clash with ``spot`` (−1: none). ``step`` is
    the move into the place (None: the session missing), ``before`` the node that this move empties.
    """

    holders: Holders
    avoid: int
    day: int
    spot: int
    step: Step | None
    before: int


def fill_by_chains(search: Search, *, until: float) -> bool:
    """Place missing sessions by pushing others away; return whether it helped.

    The search goes breadth first from the days that would give an activity one session more and are closed by one
    session only (in a full cell, of somebody who is needed, in a full week), through the sessions that close them, to
    a place with room: the augmenting path of a matching, with the spacing of sessions kept at each step. A session
    pushed on stays between its neighbours in time.
    """
    helped = False
    order = [a for a, score in enumerate(search.scores) if score[0] > search.least[a][0]]
    search.random.shuffle(order)
    for a in order:
        while search.scores[a][0] > search.least[a][0]:
            if search.effort.is_over() or search.effort.clock() > until:
                return helped
            if not _fill(search, a):
                break
            helped = True
    return helped


def _fill(search: Search, a: int) -> bool:
    hunt = _Hunt(search)
    hunt.start(a)
    at = visits = 0
    while at < len(hunt.nodes) and visits < MOST_VISITS:
        node = hunt.nodes[at]
        for b, i, day in node.holders():
            if b == a:
                continue
            visits += 1
            step = hunt.move(b, i, day, at)
            if step is not None and _apply(search, a, hunt.path(step, at)):
                return True
        at += 1
    return False


class _Hunt:
    """One breadth-first search on a plan that does not change meanwhile."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.known: dict[int, list[Blocks]] = {}
        self.seen: set[tuple[int, int, int]] = set()
        self.nodes: list[_Node] = []

    def blocks(self, a: int) -> list[Blocks]:
        """Return for each local choice what closes its days, the activity's own sessions thought away."""
        if a not in self.known:
            self.search.effort.spend()
            had = self.search.state.remove(a)
            self.known[a] = self.search.state.blocks(a)
            self.search.state.place(a, had)
        return self.known[a]

    def start(self, a: int) -> None:
        """Note the days that would give an activity one session more."""
        layout, state = self.search.layout.activities[a], self.search.state
        blocks = self.blocks(a)
        every = 0
        for block in blocks:
            every |= block.days & ~block.closed
        number = sum(mask.bit_count() for mask in state.plan[a].values())
        weeks = state.weeks(a) if layout.is_weekly else None
        useful: dict[int, bool] = {}
        for i, block in enumerate(blocks):
            for day in days_of(block.closed & ~every):
                if day not in useful:
                    useful[day] = count(every | 1 << day, layout, weeks) > number
                if useful[day]:
                    self._note(a, i, day, None, -1)

    def move(self, a: int, from_choice: int, from_day: int, before: int) -> Step | None:
        """Return the step of a session to a place with room between its neighbours, or note what closes the others."""
        days = _days(self.search, a)
        n, num_days = days.index(from_day), self.search.layout.problem.num_days
        left = days[n - 1] if n else -1
        right = days[n + 1] if n + 1 < len(days) else num_days
        after = self.search.layout.activities[a].after
        node = self.nodes[before]
        between = between_mask(after, left, right, num_days) & ~node.avoid
        barred = dict.fromkeys(self.search.layout.hit(a, node.spot), 1 << node.day) if node.spot >= 0 else {}
        barred[from_choice] = barred.get(from_choice, 0) | 1 << from_day
        open_days = [block.days & between & ~barred.get(i, 0) for i, block in enumerate(self.blocks(a))]
        for i, (block, mask) in enumerate(zip(self.blocks(a), open_days, strict=True)):
            free = mask & ~block.closed
            if free:
                return a, from_choice, from_day, i, (free & -free).bit_length() - 1
        for i, (block, mask) in enumerate(zip(self.blocks(a), open_days, strict=True)):
            for day in days_of(mask & block.closed):
                self._note(a, i, day, (a, from_choice, from_day, i, day), before)
        return None

    def path(self, last: Step, before: int) -> list[Step]:
        """Return the moves of a chain, the one into a place with room first."""
        steps = [last]
        while before >= 0:
            step = self.nodes[before].step
            if step is not None:
                steps.append(step)
            before = self.nodes[before].before
        return steps

    def _note(self, a: int, i: int, day: int, step: Step | None, before: int) -> None:
        """Note the sessions each of which, gone, would open this place, though several things may close it."""
        search, block, bit = self.search, self.blocks(a)[i], 1 << day
        layout = search.layout
        activity, choice = layout.activities[a], layout.activities[a].choices[i]
        cells = [cell for cell in layout.cells[choice] if search.state.full_cell(cell) & bit]
        over = [q for q in activity.people if block.weeks & bit and search.state.is_over(q, choice, day)]
        week = layout.week_mask[layout.week[day]]
        spot = layout.spot[choice] if block.people & bit else -1
        if len(cells) == 1 and not over and spot < 0:
            self._add((0, cells[0], day), _Node(partial(self._in_cell, cells[0], day), 0, day, -1, step, before))
        elif len(over) == 1 and not cells and spot < 0:
            holders_in = partial(self._in_week, a, over[0], week)
            self._add((1, over[0], layout.week[day]), _Node(holders_in, week, day, -1, step, before))
        else:
            if spot >= 0:
                holders = list(self._clashing(a, i, day))
                if len(holders) > 1:
                    return
            else:
                holders = list(self._in_week(a, over[0], week) if over else self._in_cell(cells[0], day))
            holders = [one for one in holders if self._opens(one, cells, day, over)]
            if holders:
                name = (2 + len(cells), holders[0][0], day)
                self._add(name, _Node(partial(iter, holders), week if over else 0, day, spot, step, before))

    def _opens(self, holder: tuple[int, int, int], cells: list[int], day: int, over: list[int]) -> bool:
        """Return whether a session holds all of these cells on the day and counts in the weeks of these people."""
        b, j, its_day = holder
        activity = self.search.layout.activities[b]
        held = self.search.layout.cells[activity.choices[j]] if its_day == day else ()
        return all(cell in held for cell in cells) and all(person in activity.people for person in over)

    def _add(self, name: tuple[int, int, int], node: _Node) -> None:
        if name not in self.seen:
            self.seen.add(name)
            self.nodes.append(node)

    def _in_cell(self, cell: int, day: int) -> Iterator[tuple[int, int, int]]:
        layout = self.search.layout
        for b in self.search.users[cell]:
            for i, mask in self.search.state.plan[b].items():
                if mask >> day & 1 and cell in layout.cells[layout.activities[b].choices[i]]:
                    yield b, i, day

    def _clashing(self, a: int, i: int, day: int) -> Iterator[tuple[int, int, int]]:
        layout = self.search.layout
        spot = layout.spot[layout.activities[a].choices[i]]
        for b in sorted(layout.relatives(a)):
            hit = layout.hit(b, spot)
            for j, mask in self.search.state.plan[b].items():
                if mask >> day & 1 and j in hit:
                    yield b, j, day

    def _in_week(self, a: int, person: int, week: int) -> Iterator[tuple[int, int, int]]:
        for b in self.search.layout.of_person[person]:
            if b != a:
                for j, mask in self.search.state.plan[b].items():
                    for day in days_of(mask & week):
                        yield b, j, day


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


def _days(search: Search, a: int) -> list[int]:
    mask = 0
    for days in search.state.plan[a].values():
        mask |= days
    return days_of(mask)


def _apply(search: Search, wanting: int, steps: list[Step]) -> bool:
    """Make the moves, the last of the chain first, then plan ``wanting`` anew; undo all when it does not help."""
    had: dict[int, Placing] = {a: search.state.plan[a] for a in [wanting, *(a for a, *_ in steps)]}
    before = search.sum_of(had)
    search.take([wanting])
    for a, from_choice, from_day, i, day in steps:
        placing = dict(search.state.remove(a))
        placing[from_choice] = placing.get(from_choice, 0) & ~(1 << from_day)
        fits = bool(search.state.usable(a)[i] >> day & 1) and _is_apart(search, a, placing, day)
        placing[i] = placing.get(i, 0) | 1 << day
        if not fits or search.state.is_overfull(a, placing):
            search.restore(had)
            return False
        search.put(a, {j: mask for j, mask in placing.items() if mask})
    search.plan(wanting)
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
