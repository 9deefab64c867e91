"""The plan while it is searched for: sessions, what they count, and the ways to change them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from matcher.sessions.effort import Effort
from matcher.sessions.layout import IntArray, Layout
from matcher.sessions.load import key_loads
from matcher.sessions.respond import Score, respond, score
from matcher.sessions.state import Placing, State


class Search:
    """A plan that gets better.

    ``least[a]`` bounds the score of activity a by itself (sessions missing and rhythm); an activity that reaches it
    is let alone. ``bounds`` are bounds of the sums of missing and rhythm, as soon as somebody knows them.
    """

    def __init__(
        self, layout: Layout, effort: Effort, least_missing: IntArray, least_rhythm: IntArray, seed: int
    ) -> None:
        self.layout = layout
        self.least_missing, self.least_rhythm = least_missing, least_rhythm
        self.effort = effort
        self.random = Random(seed)
        self.state = State(layout)
        self.load = key_loads(layout)
        self.users: list[list[int]] = [[] for _ in layout.problem.cell_pool]
        for a, activity in enumerate(layout.activities):
            for cell in sorted({cell for c in activity.choices for cell in layout.cells[c]}):
                self.users[cell].append(a)
        self.least = [
            (a.weight * missing, rhythm)
            for a, missing, rhythm in zip(layout.activities, least_missing.tolist(), least_rhythm.tolist(), strict=True)
        ]
        self.scores: list[Score] = [score(a, {}) for a in layout.activities]
        self.bound_missing = sum(missing for missing, _ in self.least)
        self.fixed_days: list[list[int]] = [[] for _ in layout.activities]
        p = layout.problem
        for a, day in zip(p.choice_activity[p.fixed_choice].tolist(), p.fixed_day.tolist(), strict=True):
            self.fixed_days[a].append(day)
        self.bound_rhythm: int | None = None
        self.settled: set[int] = set()
        """Activities of components that an exact search has proved best."""
        self._kept = list(self.state.plan)
        self.lost = sum(activity.lost_price for activity in layout.activities)

    @property
    def total(self) -> Score:
        """Return the score of the whole plan."""
        return self.sum_of(range(len(self.scores)))

    def sum_of(self, activities: Iterable[int]) -> Score:
        """Return the summed score of activities."""
        missing = moved = rhythm = 0
        for a in activities:
            one = self.scores[a]
            missing, moved, rhythm = missing + one[0], moved + one[1], rhythm + one[2]
        return missing, moved, rhythm

    def is_short(self, activity: int) -> bool:
        """Return whether an activity might do better by itself."""
        if activity in self.settled:
            return False
        missing, moved, rhythm = self.scores[activity]
        least_missing, least_rhythm = self.least[activity]
        return missing > least_missing or rhythm > least_rhythm or moved > self.layout.activities[activity].lost_price

    def is_settled(self) -> bool:
        """Return whether nothing better exists: proved by search, or all activities do as well as by themselves."""
        return not any(self.is_short(a) for a in range(len(self.scores)))

    def is_done(self) -> bool:
        """Return whether the plan is as good as its bounds on the levels that have one."""
        missing, moved, rhythm = self.total
        if moved > self.lost or self.bound_rhythm is None:
            return False
        return missing <= self.bound_missing and rhythm <= self.bound_rhythm

    def put(self, activity: int, placing: Placing) -> None:
        """Place sessions of an activity that has none now."""
        self.state.place(activity, placing)
        self.scores[activity] = score(self.layout.activities[activity], placing)

    def rivals(self, activity: int) -> list[int]:
        """Return the activities that share people with this one, or cells it would use and finds full."""
        found = self.layout.relatives(activity)
        for c in self.layout.activities[activity].choices:
            for cell in self.layout.cells[c]:
                if self.state.full_cell(cell):
                    found.update(self.users[cell])
        found.discard(activity)
        return sorted(found)

    def take(self, activities: Iterable[int]) -> dict[int, Placing]:
        """Take activities out and return what they had."""
        return {a: self.state.remove(a) for a in activities}

    def plan(self, activity: int, load: Sequence[float] | None = None) -> Score:
        """Place an activity that has no sessions now as well as it can be, and return its score."""
        self.effort.spend()
        self.put(activity, respond(self.state, activity, self.load[activity] if load is None else load))
        return self.scores[activity]

    def restore(self, placings: dict[int, Placing]) -> None:
        """Put these activities back to what they had."""
        for a in placings:
            self.state.remove(a)
        for a, placing in placings.items():
            self.put(a, placing)

    def remember(self) -> None:
        """Keep the plan as it is, to come back to when an interruption tears a change apart."""
        self._kept = list(self.state.plan)

    def come_back(self) -> None:
        """Return to the plan kept last."""
        self.state = State(self.layout)
        for a, placing in enumerate(self._kept):
            self.put(a, placing)

    def tell(self, stage: str) -> None:
        """Report the level worked on."""
        missing, _, rhythm = self.total
        if missing > self.bound_missing:
            self.effort.tell(stage, "missing", missing, self.bound_missing)
        else:
            self.effort.tell(stage, "rhythm", rhythm, self.bound_rhythm)
