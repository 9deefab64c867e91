"""Small meetings problems, and a plan scored a second time, grain by grain, from the sentences of the rules."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
from hypothesis import strategies as st

from matcher.meetings.problem import Level, MeetingsProblem, Rule
from matcher.meetings.result import MeetingPlan


def meetings_problem(
    *,
    duration: list[int],
    required: list[list[int]],
    preferred: list[list[int]] | None = None,
    days: list[int] | None = None,
    rooms: list[int] | None = None,
    num_people: int = 6,
    busy: list[tuple[int, int]] | None = None,
    weights: dict[Rule, int] | None = None,
) -> MeetingsProblem:
    """Return a problem from lists of people per meeting; ``days`` are lengths, ``busy`` pairs (person, grain)."""
    lengths = days or [8]
    usual = {rule: {Rule.BREAK: 100, Rule.OVERLAP: 10}.get(rule, 1) for rule in Rule}
    grains = np.repeat(np.arange(len(lengths)), lengths)
    engaged = np.zeros((num_people, len(grains)), dtype=bool)
    for person, grain in busy or []:
        engaged[person, grain] = True
    return MeetingsProblem(
        grain_day=grains,
        duration=np.array(duration, dtype=np.int64),
        required=_mask(required, num_people),
        preferred=_mask(preferred or [[] for _ in required], num_people),
        room_capacity=np.array(rooms or [10, 5], dtype=np.int64),
        busy=engaged if busy else None,
        weights=usual | (weights or {}),
    )


def _mask(people: list[list[int]], num_people: int) -> np.ndarray:
    mask = np.zeros((len(people), num_people), dtype=bool)
    for meeting, members in enumerate(people):
        mask[meeting, members] = True
    return mask


def meeting_plan(start: list[int], room: list[int]) -> MeetingPlan:
    return MeetingPlan(start=np.array(start, dtype=np.int64), room=np.array(room, dtype=np.int64))


@st.composite
def meetings_problems(draw: st.DrawFn, max_meetings: int = 5) -> MeetingsProblem:
    num_meetings = draw(st.integers(1, max_meetings))
    num_people = draw(st.integers(1, 4))
    days = draw(st.lists(st.integers(2, 5), min_size=1, max_size=3))
    role = st.sampled_from(["", "", "required", "preferred"])
    roles = [[draw(role) for _ in range(num_people)] for _ in range(num_meetings)]
    grains = sum(days)
    busy = draw(st.lists(st.tuples(st.integers(0, num_people - 1), st.integers(0, grains - 1)), max_size=3))
    weight = st.sampled_from([0, 1, 1, 2])
    return meetings_problem(
        duration=[draw(st.integers(1, min(4, grains))) for _ in range(num_meetings)],
        required=[[p for p, r in enumerate(row) if r == "required"] for row in roles],
        preferred=[[p for p, r in enumerate(row) if r == "preferred"] for row in roles],
        days=days,
        rooms=draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)),
        num_people=num_people,
        busy=busy or None,
        weights={rule: draw(weight) for rule in Rule},
    )


@st.composite
def planned_problems(draw: st.DrawFn) -> tuple[MeetingsProblem, MeetingPlan]:
    problem = draw(meetings_problems())
    start = [draw(st.integers(0, problem.num_grains - 1)) for _ in range(problem.num_meetings)]
    room = [draw(st.integers(0, problem.num_rooms - 1)) for _ in range(problem.num_meetings)]
    return problem, meeting_plan(start, room)


def scored_by_grain(problem: MeetingsProblem, plan: MeetingPlan) -> dict[Rule, int]:
    """Return what each rule takes away, counted on a wall calendar: who is where at which grain."""
    runs = [set(range(s, s + d)) for s, d in zip(plan.start.tolist(), problem.duration.tolist(), strict=True)]
    must = [set(np.flatnonzero(row).tolist()) for row in problem.required]
    may = [set(np.flatnonzero(row).tolist()) for row in problem.preferred]
    seats = problem.room_capacity[plan.room].tolist()
    count = dict.fromkeys(Rule, 0)
    axis = set(range(problem.num_grains))
    for m, run in enumerate(runs):
        outside = max(run) not in axis
        count[Rule.OVERTIME] += max(run) if outside else 0
        count[Rule.SAME_DAY] += not outside and problem.grain_day[min(run)] != problem.grain_day[max(run)]
        count[Rule.ROOM_CAPACITY] += max(0, len(must[m]) + len(may[m]) - seats[m])
        count[Rule.AS_SOON_AS_POSSIBLE] += max(run)
        count[Rule.LARGER_ROOMS] += sum(c - seats[m] for c in problem.room_capacity.tolist() if c > seats[m])
        for grain in run & axis:
            if problem.busy is not None:
                count[Rule.REQUIRED_CONFLICT] += sum(bool(problem.busy[p, grain]) for p in must[m])
                count[Rule.REQUIRED_PREFERRED_CONFLICT] += sum(bool(problem.busy[p, grain]) for p in may[m])
    for grain in set().union(*runs):
        for a, b in combinations([m for m, run in enumerate(runs) if grain in run], 2):
            count[Rule.OVERLAP] += 1
            count[Rule.ROOM_CONFLICT] += plan.room[a] == plan.room[b]
            for person in range(problem.num_people):
                roles = sorted("must" if person in must[m] else "may" if person in may[m] else "" for m in (a, b))
                count[Rule.REQUIRED_CONFLICT] += roles == ["must", "must"]
                count[Rule.REQUIRED_PREFERRED_CONFLICT] += roles == ["may", "must"]
                count[Rule.PREFERRED_CONFLICT] += roles == ["may", "may"]
    for a, b in permutations(range(problem.num_meetings), 2):
        count[Rule.BREAK] += max(runs[a]) + 1 == min(runs[b])
        if min(runs[a]) < min(runs[b]) and min(runs[b]) - max(runs[a]) - 1 <= 2 and plan.room[a] != plan.room[b]:
            count[Rule.ROOM_STABILITY] += len((must[a] | may[a]) & (must[b] | may[b]))
    return {rule: int(number) * problem.weights[rule] for rule, number in count.items()}


def levels_of(costs: dict[Rule, int]) -> tuple[int, ...]:
    return tuple(-sum(cost for rule, cost in costs.items() if rule.level is level) for level in Level)
