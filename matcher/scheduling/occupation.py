"""What a plan takes of people, weeks, rooms and licences, and what therefore blocks a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum

import numpy as np

from matcher.sessions.problem import NO_LIMIT, SessionProblem
from matcher.sessions.result import SessionResult


class Block(IntEnum):
    """What stands against a time, the plainest first."""

    PERSON = 0
    POOL = 1
    WEEK = 2
    GAP = 3
    NOTHING = 4


class Occupation:
    """The sessions of a result laid out by person, week and cell."""

    def __init__(self, problem: SessionProblem, result: SessionResult) -> None:
        self._problem = problem
        self._members: dict[int, list[int]] = defaultdict(list)
        for activity, person in zip(problem.member_activity.tolist(), problem.member_person.tolist(), strict=True):
            self._members[activity].append(person)
        self._at: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._minutes: dict[tuple[int, int], int] = defaultdict(int)
        self._used: dict[tuple[int, int], int] = defaultdict(int)
        self._own: dict[int, list[int]] = defaultdict(list)
        for choice, day in zip(result.sessions.choice.tolist(), result.sessions.day.tolist(), strict=True):
            activity = int(problem.choice_activity[choice])
            self._own[activity].append(day)
            for person in self._members[activity]:
                self._at[person, day].append(choice)
                self._minutes[person, int(problem.week[day])] += int(problem.choice_minutes[choice])
            for cell in self._cells(choice):
                self._used[cell, day] += 1

    def blocks(self, activity: int, choice: int, day: int) -> Iterator[tuple[Block, int]]:
        """Yield what blocks an activity's choice on a day, with the person or the pool it is about."""
        problem = self._problem
        for person in self._members[activity]:
            if any(self._collide(choice, other) for other in self._at.get((person, day), ())):
                yield Block.PERSON, person
        for cell in self._cells(choice):
            if self._used.get((cell, day), 0) >= int(problem.cell_size[cell, day]):
                yield Block.POOL, int(problem.cell_pool[cell])
        for person in self._members[activity]:
            limit = int(problem.week_minutes[person])
            spent = self._minutes.get((person, int(problem.week[day])), 0)
            if limit != NO_LIMIT and spent + int(problem.choice_minutes[choice]) > limit:
                yield Block.WEEK, person
        for other in self._own.get(activity, ()):
            first, second = min(day, other), max(day, other)
            if first == second or second < int(problem.next_day[activity, first]):
                yield Block.GAP, -1

    def _cells(self, choice: int) -> list[int]:
        start = self._problem.choice_cell_start
        found: list[int] = np.asarray(self._problem.choice_cell[start[choice] : start[choice + 1]]).tolist()
        return found

    def _collide(self, choice: int, other: int) -> bool:
        """Return whether a person cannot be at two sessions of a day: they overlap, or the way between is too long."""
        problem = self._problem
        mine, theirs = int(problem.choice_slot[choice]), int(problem.choice_slot[other])
        here = int(problem.venue_site[problem.choice_venue[choice]])
        there = int(problem.venue_site[problem.choice_venue[other]])
        to = from_ = 0
        if here >= 0 and there >= 0:
            to, from_ = int(problem.travel[here, there]), int(problem.travel[there, here])
        return bool(
            problem.slot_start[mine] < problem.slot_end[theirs] + from_
            and problem.slot_start[theirs] < problem.slot_end[mine] + to
        )
