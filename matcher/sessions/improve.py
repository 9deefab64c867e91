"""Which way to better the plan next: cheap random steps, exact neighbourhoods, chains that make room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcher.sessions.chains import fill_by_chains
from matcher.sessions.components import components
from matcher.sessions.neighbourhood import WORK_PER_SECOND, improve_exactly
from matcher.sessions.renew import renew
from matcher.sessions.search import Search

SLICE_SECONDS = 1.0
LEAST_EXACT_SECONDS, MOST_EXACT_SECONDS = 1.0, 3.0
SHORTEST_SECONDS = 0.02
"""An exact search is not begun for less, and never runs far beyond the end of all."""
MOST_OF_A_MENTOR = 8
FEWEST_LITERALS, FIRST_LITERALS, MOST_LITERALS = 1_000, 1_500, 12_000
FORGET = 0.5


def improve(search: Search, between: Callable[[], None]) -> None:
    """Better the plan until its bounds are met or the effort is spent; ``between`` is called now and then.

    Exact neighbourhoods, random steps and chains take turns; what helped more for its time lately gets more of it.
    """
    unit = WORK_PER_SECOND if search.effort.is_counted else 1.0
    exact = _Exact(search, unit)
    gain = {"chains": 1.0, "renew": 1.0, "exact": 1.0}
    while not search.effort.is_over() and not search.is_done():
        if search.is_settled():
            return
        search.effort.spend()
        for name in sorted(gain, key=lambda name: -gain[name]):
            share = SLICE_SECONDS * unit * (0.2 + gain[name] / max(1e-9, sum(gain.values())))
            before, since = search.total, search.effort.clock()
            if name == "renew":
                renew(search, until=since + share, steps=1 << 30)
            elif name == "chains":
                if before[0] <= search.bound_missing:
                    continue
                fill_by_chains(search, until=since + share)
            else:
                exact.run(since + share)
            won = _worth(before) - _worth(search.total)
            gain[name] = FORGET * gain[name] + won / max(1e-3, (search.effort.clock() - since) / unit)
            search.tell(name)
            between()
            if search.effort.is_over() or search.is_done():
                return


def _worth(total: Sequence[int]) -> float:
    return 10.0 * total[0] + total[1] + total[2]


class _Exact:
    """Goes round the activities that fall short and plans their neighbourhoods exactly, as wide as can be proved."""

    def __init__(self, search: Search, unit: float) -> None:
        self.search = search
        self.unit = unit
        self.literals = FIRST_LITERALS
        self.queue: list[int] = []
        self.tried: set[tuple[int, ...]] = set()
        self.rounds = 0
        self.lead = search.layout.problem.lead.tolist()
        self.by_lead: dict[int, list[int]] = {}
        for a, person in enumerate(self.lead):
            self.by_lead.setdefault(person, []).append(a)
        groups = components(search.layout)
        self.component = {a: group for group in groups for a in group}
        self.component_size = {a: size for group in groups for size in [sum(map(self._size, group))] for a in group}

    def run(self, until: float) -> None:
        """Work on neighbourhoods until this time; a component that is proved best as a whole is let alone then."""
        search = self.search
        while search.effort.clock() < until and not search.effort.is_over() and not search.is_done():
            if not self.queue:
                self.queue = self._round()
                if not self.queue:
                    break
            a = self.queue.pop(0)
            family = self._around(a)
            name = tuple(sorted(family))
            if name in self.tried or not search.is_short(a):
                search.effort.spend()
                continue
            self.tried.add(name)
            seconds = min(MOST_EXACT_SECONDS, max(LEAST_EXACT_SECONDS, (until - search.effort.clock()) / self.unit))
            if not search.effort.is_counted:
                seconds = min(seconds, max(SHORTEST_SECONDS, search.effort.left()))
            is_proved = improve_exactly(search, family, seconds=seconds)
            if is_proved and len(family) == len(self.component[a]):
                search.settled.update(family)
            if not is_proved:
                self.literals = max(FEWEST_LITERALS, int(0.95 * self.literals))

    def _round(self) -> list[int]:
        """Return the activities that fall short, what is missing first; a round later they get wider neighbourhoods."""
        search = self.search
        self.rounds += 1
        if self.rounds > 2 and self.tried:
            self.literals = min(MOST_LITERALS, int(1.3 * self.literals))
        self.tried.clear()
        short = [a for a in range(len(search.scores)) if search.is_short(a)]
        search.random.shuffle(short)
        return sorted(short, key=lambda a: search.least[a][0] - search.scores[a][0])

    def _around(self, a: int) -> list[int]:
        """Return an activity and its nearest rivals, theirs after them, while the model stays small enough."""
        search = self.search
        if self.component_size[a] <= self.literals:
            return self.component[a]
        family, size = [a], self._size(a)
        if self.rounds == 1:
            # The mentor's own activities first: most of what can be won is won there.
            return [a, *(q for q in self.by_lead[self.lead[a]] if q != a)][:MOST_OF_A_MENTOR]
        seen = {a}
        for b in family:
            rivals = [q for q in search.rivals(b) if q not in seen]
            search.random.shuffle(rivals)
            relatives = search.layout.relatives(b)
            for q in sorted(rivals, key=lambda q: q not in relatives):
                if size + self._size(q) <= self.literals or len(family) == 1:
                    family.append(q)
                    size += self._size(q)
                    seen.add(q)
            if size > 0.8 * self.literals:
                break
        return family

    def _size(self, a: int) -> int:
        return sum(mask.bit_count() for mask in self.search.layout.activities[a].days)
