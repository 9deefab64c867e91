"""Which days are taken: people, week limits and cells, kept as masks of days while sessions come and go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.sessions.layout import ActivityLayout, Layout, days_of
from matcher.sessions.problem import NO_LIMIT

Placing = Mapping[int, int]
"""Sessions of an activity: local choice → days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The days of a choice, those with other sessions of its people or in full weeks; ``closed``: by these or cells."""

    days: int
    people: int
    weeks: int
    closed: int


class Weeks:
    """How many more sessions of one activity each week holds for all its people."""

    def __init__(self, layout: Layout, used: list[list[int]], activity: ActivityLayout, minutes: int) -> None:
        self.layout = layout
        self.used = [used[person] for person in activity.people if layout.week_minutes[person] != NO_LIMIT]
        self.limits = [layout.week_minutes[q] for q in activity.people if layout.week_minutes[q] != NO_LIMIT]
        self.minutes = max(1, minutes)

    def left_after(self, days: list[int]) -> int:
        """Return the mask of all days but those of the last day's week when it is full."""
        week = self.layout.week[days[-1]]
        number = 0
        for day in reversed(days):
            if self.layout.week[day] != week:
                break
            number += 1
        for used, limit in zip(self.used, self.limits, strict=True):
            if used[week] + (number + 1) * self.minutes > limit:
                return ~self.layout.week_mask[week]
        return -1


class State:
    """The sessions placed so far, and for every activity the days that are still free.

    Fixed sessions are placed from the start and stay. ``plan[a]`` maps local choices to days.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        p = layout.problem
        num_weeks = max(layout.week, default=-1) + 1
        self.plan: list[Placing] = [{} for _ in layout.activities]
        self._busy: list[dict[int, int]] = [{} for _ in range(p.num_people)]
        self._used = [[0] * num_weeks for _ in range(p.num_people)]
        self._left: list[list[int]] = p.cell_size.tolist()
        closed = np.packbits(p.cell_size <= 0, axis=1, bitorder="little")
        self._full = [int.from_bytes(row.tobytes(), "little") for row in closed]
        self._over: list[dict[int, int]] = [{} for _ in range(p.num_people)]
        for person, limit in enumerate(layout.week_minutes):
            if limit != NO_LIMIT:
                never = (1 << p.num_days) - 1
                self._over[person] = {m: never if m > limit else 0 for m in layout.person_minutes[person]}
        for choice, day in zip(p.fixed_choice.tolist(), p.fixed_day.tolist(), strict=True):
            self._take(layout.activities[int(p.choice_activity[choice])], choice, 1 << day)

    def usable(self, activity: int) -> list[int]:
        """Return the free days of each local choice of an activity that is not placed itself."""
        a = self.layout.activities[activity]
        full, cells = self._full, self.layout.cells
        free = list(a.days)
        for i, c in enumerate(a.choices):
            for cell in cells[c]:
                if full[cell]:
                    free[i] &= ~full[cell]
        for person in a.people:
            for spot, mask in self._busy[person].items():
                for i in self.layout.hit(activity, spot):
                    free[i] &= ~mask
            over = self._over[person]
            if over:
                minutes = self.layout.minutes
                for i, c in enumerate(a.choices):
                    free[i] &= ~over[minutes[c]]
        return free

    def blocks(self, activity: int) -> list[Blocks]:
        """Return for each local choice of an activity that is not placed itself what closes its days."""
        a = self.layout.activities[activity]
        people = [0] * len(a.choices)
        for person in a.people:
            for spot, mask in self._busy[person].items():
                for i in self.layout.hit(activity, spot):
                    people[i] |= mask
        found: list[Blocks] = []
        for i, c in enumerate(a.choices):
            cells = weeks = 0
            for cell in self.layout.cells[c]:
                cells |= self._full[cell]
            for person in a.people:
                weeks |= self._over[person].get(self.layout.minutes[c], 0)
            closed = a.days[i] & (cells | people[i] | weeks)
            found.append(Blocks(days=a.days[i], people=people[i], weeks=weeks, closed=closed))
        return found

    def is_over(self, person: int, choice: int, day: int) -> bool:
        """Return whether a person's week holds no session of this choice any more."""
        return bool(self._over[person].get(self.layout.minutes[choice], 0) >> day & 1)

    def weeks(self, activity: int, *, shortest: bool = False) -> Weeks:
        """Return what weeks hold of an activity, reckoned in its longest (or shortest) sessions."""
        a = self.layout.activities[activity]
        lengths = [self.layout.minutes[c] for c in a.choices] or [0]
        return Weeks(self.layout, self._used, a, min(lengths) if shortest else max(lengths))

    def is_overfull(self, activity: int, placing: Placing) -> bool:
        """Return whether sessions of an activity (not placed now) might break a week limit between themselves."""
        if not self.layout.activities[activity].is_weekly:
            return False
        weeks = self.weeks(activity)
        days: list[int] = []
        for day in sorted(day for mask in placing.values() for day in days_of(mask)):
            if days and not weeks.left_after(days) >> day & 1:
                return True
            days.append(day)
        return False

    def place(self, activity: int, placing: Placing) -> None:
        """Place sessions of an activity that has none."""
        a = self.layout.activities[activity]
        self.plan[activity] = placing
        for i, mask in placing.items():
            self._take(a, a.choices[i], mask)

    def remove(self, activity: int) -> Placing:
        """Take all sessions of an activity out, fixed ones apart, and return them."""
        a, placing = self.layout.activities[activity], self.plan[activity]
        self.plan[activity] = {}
        for i, mask in placing.items():
            self._free(a, a.choices[i], mask)
        return placing

    def cell_left(self, cell: int, day: int) -> int:
        """Return how many sessions more a cell holds on a day."""
        return self._left[cell][day]

    def minutes_used(self, person: int, week: int) -> int:
        """Return the minutes of a person's sessions in a week."""
        return self._used[person][week]

    def full_cell(self, cell: int) -> int:
        """Return the days on which a cell is full."""
        return self._full[cell]

    def _take(self, activity: ActivityLayout, choice: int, mask: int) -> None:
        spot, minutes, days = self.layout.spot[choice], self.layout.minutes[choice], days_of(mask)
        for person in activity.people:
            busy = self._busy[person]
            busy[spot] = busy.get(spot, 0) | mask
            self._add_minutes(person, days, minutes)
        for cell in self.layout.cells[choice]:
            left = self._left[cell]
            for day in days:
                left[day] -= 1
                if left[day] <= 0:
                    self._full[cell] |= 1 << day

    def _free(self, activity: ActivityLayout, choice: int, mask: int) -> None:
        spot, minutes, days = self.layout.spot[choice], self.layout.minutes[choice], days_of(mask)
        for person in activity.people:
            busy = self._busy[person]
            rest = busy[spot] & ~mask
            if rest:
                busy[spot] = rest
            else:
                del busy[spot]
            self._add_minutes(person, days, -minutes)
        for cell in self.layout.cells[choice]:
            left = self._left[cell]
            for day in days:
                left[day] += 1
                if left[day] > 0:
                    self._full[cell] &= ~(1 << day)

    def _add_minutes(self, person: int, days: list[int], minutes: int) -> None:
        over = self._over[person]
        if not over:
            return
        used, limit, week = self._used[person], self.layout.week_minutes[person], self.layout.week
        for day in days:
            w = week[day]
            used[w] += minutes
            for m in over:
                if used[w] + m > limit:
                    over[m] |= self.layout.week_mask[w]
                else:
                    over[m] &= ~self.layout.week_mask[w]
