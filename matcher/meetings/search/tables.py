"""A meetings problem as tables the search reads fast: what two meetings cost each other per shared grain, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.meetings.problem import MeetingsProblem, Rule

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Score = tuple[int, int, int]
"""Costs on the hard, medium and soft level; smaller is better, the first decides."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """Costs with the weights multiplied in.

    ``hard_pair``, ``medium_pair`` (num_meetings, num_meetings) per grain that two meetings share; ``hard_grain``,
    ``medium_grain`` (num_meetings, num_grains) for running at a grain, None where nobody is engaged elsewhere;
    ``starts`` the grains each meeting may start at. Rooms are counted by nested classes: of the meetings with
    ``room_class`` at most k, ``class_rooms[k]`` can run at a time, since only so many rooms are large enough.
    """

    num_grains: int
    duration: IntArray
    hard_pair: IntArray
    medium_pair: IntArray
    hard_grain: IntArray | None
    medium_grain: IntArray | None
    starts: tuple[IntArray, ...]
    room_class: IntArray
    class_rooms: IntArray
    room_weight: int
    soon_weight: int
    break_weight: int
    overlap_weight: int

    @property
    def num_meetings(self) -> int:
        """Return the number of meetings."""
        return len(self.duration)

    def score(self, start: IntArray) -> Score:
        """Return what these starts cost; rooms count as far as too many meetings run at a time."""
        end = start + self.duration
        hard = self.room_weight * self._room_excess(start, end)
        medium = breaks = overlaps = 0
        order = np.argsort(start, kind="stable")
        longest = int(self.duration.max(initial=0))
        for step in range(1, len(start)):
            first, second = order[:-step], order[step:]
            gap = start[second] - start[first]
            if gap.min() > longest:
                break
            shared = np.maximum(0, np.minimum(end[first], end[second]) - start[second])
            hard += int((shared * self.hard_pair[first, second]).sum())
            medium += int((shared * self.medium_pair[first, second]).sum())
            overlaps += int(shared.sum())
            breaks += int((end[first] == start[second]).sum())
        if self.hard_grain is not None and self.medium_grain is not None:
            for meeting, (s, e) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
                hard += int(self.hard_grain[meeting, s:e].sum())
                medium += int(self.medium_grain[meeting, s:e].sum())
        soft = self.soon_weight * int((end - 1).sum()) + self.break_weight * breaks + self.overlap_weight * overlaps
        return hard, medium, soft

    def _room_excess(self, start: IntArray, end: IntArray) -> int:
        excess = 0
        for room_class, rooms in enumerate(self.class_rooms.tolist()):
            inside = self.room_class <= room_class
            change = np.bincount(start[inside], minlength=self.num_grains + 1)
            change -= np.bincount(end[inside], minlength=self.num_grains + 1)
            excess += int(np.maximum(0, np.cumsum(change) - rooms).sum())
        return excess


def build_tables(problem: MeetingsProblem) -> Tables:
    """Return the tables of ``problem``."""
    weights = problem.weights
    required, preferred = problem.required, problem.preferred
    crossed = _common(required, preferred.T)
    hard = weights[Rule.REQUIRED_CONFLICT] * _common(required, required.T)
    medium = weights[Rule.REQUIRED_PREFERRED_CONFLICT] * (crossed + crossed.T)
    medium += weights[Rule.PREFERRED_CONFLICT] * _common(preferred, preferred.T)
    np.fill_diagonal(hard, 0)
    np.fill_diagonal(medium, 0)
    hard_grain = medium_grain = None
    if problem.busy is not None:
        hard_grain = weights[Rule.REQUIRED_CONFLICT] * _common(required, problem.busy)
        medium_grain = weights[Rule.REQUIRED_PREFERRED_CONFLICT] * _common(preferred, problem.busy)
    room_class, class_rooms = _room_classes(problem)
    return Tables(
        num_grains=problem.num_grains,
        duration=problem.duration,
        hard_pair=hard,
        medium_pair=medium,
        hard_grain=hard_grain,
        medium_grain=medium_grain,
        starts=_starts(problem),
        room_class=room_class,
        class_rooms=class_rooms,
        room_weight=weights[Rule.ROOM_CONFLICT],
        soon_weight=weights[Rule.AS_SOON_AS_POSSIBLE],
        break_weight=weights[Rule.BREAK],
        overlap_weight=weights[Rule.OVERLAP],
    )


def _common(rows: BoolArray, columns: BoolArray) -> IntArray:
    """Return how many entries a row and a column share: a product of masks, in floats because those are quick."""
    shared: IntArray = (rows.astype(np.float32) @ columns.astype(np.float32)).astype(np.int64)
    return shared


def _starts(problem: MeetingsProblem) -> tuple[IntArray, ...]:
    """Return the starts that keep each meeting inside a day; inside the axis, where no day is long enough."""
    found: dict[int, IntArray] = {}
    day = problem.grain_day
    for length in set(problem.duration.tolist()):
        inside = np.arange(problem.num_grains - length + 1)
        same_day = inside[day[inside] == day[inside + length - 1]]
        strict = problem.weights[Rule.SAME_DAY] > 0 and len(same_day) > 0
        found[length] = same_day if strict else inside
    return tuple(found[length] for length in problem.duration.tolist())


def _room_classes(problem: MeetingsProblem) -> tuple[IntArray, IntArray]:
    """Return the class of each meeting and the rooms of each class; too large a meeting asks for the largest room."""
    capacity = np.sort(problem.room_capacity)[::-1]
    size = np.minimum(problem.attendance, capacity[0])
    if not problem.weights[Rule.ROOM_CAPACITY]:
        size = np.zeros_like(size)
    fitting = (capacity[None, :] >= size[:, None]).sum(axis=1)
    class_rooms = np.unique(np.append(fitting, len(capacity)))
    return np.searchsorted(class_rooms, fitting), class_rooms
