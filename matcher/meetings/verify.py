"""What a plan of meetings is worth by each of the twelve rules. Written before the solver; shares no code with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.meetings.problem import Level, MeetingsProblem, Rule
from matcher.meetings.result import MeetingPlan
from matcher.outcome import Violation
from matcher.texts import text

NEAR_GRAINS = 2
"""People who go from one meeting to another within so many grains would rather stay in the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """A meeting with its place in the plan; ``end`` is the grain after its last one."""

    index: int
    start: int
    end: int
    room: int
    required: frozenset[int]
    preferred: frozenset[int]

    @property
    def people(self) -> frozenset[int]:
        return self.required | self.preferred


def rule_costs(problem: MeetingsProblem, plan: MeetingPlan) -> dict[Rule, int]:
    """Return what each rule takes away from ``plan``, weights included: whole numbers, 0 where nothing is wrong.

    Raises
    ------
    ValueError
        When the plan does not give every meeting a grain of the axis and a room.
    """
    planned = _planned(problem, plan)
    count = dict.fromkeys(Rule, 0)
    for meeting in planned:
        _count_alone(problem, meeting, count)
    for first, second in _neighbours(planned):
        _count_together(first, second, count)
    return {rule: number * problem.weights[rule] for rule, number in count.items()}


def level_values(problem: MeetingsProblem, plan: MeetingPlan) -> tuple[int, int, int]:
    """Return the values of the hard, medium and soft level: 0 is perfect, below is worse."""
    costs = rule_costs(problem, plan)
    hard, medium, soft = (-sum(cost for rule, cost in costs.items() if rule.level is level) for level in Level)
    return hard, medium, soft


def violations(problem: MeetingsProblem, plan: MeetingPlan) -> tuple[Violation, ...]:
    """Return every breach of a hard rule whose weight is not 0."""
    planned = _planned(problem, plan)
    found = [violation for meeting in planned for violation in _broken_alone(problem, meeting)]
    for first, second in _neighbours(planned):
        found += _broken_together(first, second)
    return tuple(violation for violation in found if problem.weights[Rule(violation.rule)])


def check_form(problem: MeetingsProblem, plan: MeetingPlan) -> None:
    """Refuse a plan that is not one start and one room per meeting."""
    for name, array, size in (("start", plan.start, problem.num_grains), ("room", plan.room, problem.num_rooms)):
        if array.shape != (problem.num_meetings,) or ((array < 0) | (array >= size)).any():
            raise ValueError(f"{name}: one number from 0 to {size - 1} per meeting is needed")


def _planned(problem: MeetingsProblem, plan: MeetingPlan) -> list[_Planned]:
    check_form(problem, plan)
    return [
        _Planned(
            index=meeting,
            start=int(plan.start[meeting]),
            end=int(plan.start[meeting]) + int(problem.duration[meeting]),
            room=int(plan.room[meeting]),
            required=frozenset(np.flatnonzero(problem.required[meeting]).tolist()),
            preferred=frozenset(np.flatnonzero(problem.preferred[meeting]).tolist()),
        )
        for meeting in range(problem.num_meetings)
    ]


def _neighbours(planned: list[_Planned]) -> Iterator[tuple[_Planned, _Planned]]:
    """Yield the pairs, earlier start first, of which the second starts before or soon after the first ends."""
    order = sorted(planned, key=lambda meeting: meeting.start)
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            if second.start > first.end + NEAR_GRAINS:
                break
            yield first, second


def _count_alone(problem: MeetingsProblem, meeting: _Planned, count: dict[Rule, int]) -> None:
    last = meeting.end - 1
    capacity = int(problem.room_capacity[meeting.room])
    if last >= problem.num_grains:
        count[Rule.OVERTIME] += last
    elif problem.grain_day[meeting.start] != problem.grain_day[last]:
        count[Rule.SAME_DAY] += 1
    count[Rule.ROOM_CAPACITY] += max(0, len(meeting.people) - capacity)
    if problem.busy is not None:
        engaged = problem.busy[:, meeting.start : meeting.end].sum(axis=1)
        count[Rule.REQUIRED_CONFLICT] += sum(int(engaged[person]) for person in meeting.required)
        count[Rule.REQUIRED_PREFERRED_CONFLICT] += sum(int(engaged[person]) for person in meeting.preferred)
    count[Rule.AS_SOON_AS_POSSIBLE] += last
    count[Rule.LARGER_ROOMS] += sum(max(0, other - capacity) for other in problem.room_capacity.tolist())


def _count_together(first: _Planned, second: _Planned, count: dict[Rule, int]) -> None:
    """Count what two meetings do to each other; ``second`` does not start before ``first``."""
    shared = max(0, min(first.end, second.end) - second.start)
    if first.room == second.room:
        count[Rule.ROOM_CONFLICT] += shared
    crossed = len(first.required & second.preferred) + len(first.preferred & second.required)
    count[Rule.REQUIRED_CONFLICT] += shared * len(first.required & second.required)
    count[Rule.REQUIRED_PREFERRED_CONFLICT] += shared * crossed
    count[Rule.PREFERRED_CONFLICT] += shared * len(first.preferred & second.preferred)
    count[Rule.OVERLAP] += shared
    if second.start == first.end:
        count[Rule.BREAK] += 1
    if first.room != second.room and first.start < second.start <= first.end + NEAR_GRAINS:
        count[Rule.ROOM_STABILITY] += len(first.people & second.people)


def _broken_alone(problem: MeetingsProblem, meeting: _Planned) -> Iterator[Violation]:
    number, last = meeting.index, meeting.end - 1
    short = len(meeting.people) - int(problem.room_capacity[meeting.room])
    if last >= problem.num_grains:
        yield Violation(Rule.OVERTIME, (number,), text("meeting {meeting} ends after the last hour", meeting=number))
    elif problem.grain_day[meeting.start] != problem.grain_day[last]:
        message = text("meeting {meeting} does not end on the day it starts", meeting=number)
        yield Violation(Rule.SAME_DAY, (number,), message)
    if short > 0:
        message = text("the room of meeting {meeting} is {short} seats short", meeting=number, short=short)
        yield Violation(Rule.ROOM_CAPACITY, (number, meeting.room), message)
    for person in sorted(meeting.required):
        if problem.busy is not None and problem.busy[person, meeting.start : meeting.end].any():
            message = text(
                "person {person} is engaged elsewhere during meeting {meeting}", person=person, meeting=number
            )
            yield Violation(Rule.REQUIRED_CONFLICT, (number, person), message)


def _broken_together(first: _Planned, second: _Planned) -> Iterator[Violation]:
    if second.start >= first.end:
        return
    both = (first.index, second.index)
    names = {"first": first.index, "second": second.index}
    if first.room == second.room:
        message = text("meetings {first} and {second} are in room {room} at the same time", room=first.room, **names)
        yield Violation(Rule.ROOM_CONFLICT, both, message)
    for person in sorted(first.required & second.required):
        message = text(
            "person {person} has to be in meetings {first} and {second} at the same time", person=person, **names
        )
        yield Violation(Rule.REQUIRED_CONFLICT, (*both, person), message)
