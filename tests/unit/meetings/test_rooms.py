"""Rooms for known starts."""

from __future__ import annotations

import numpy as np

from matcher.meetings.problem import Rule
from matcher.meetings.search.rooms import Rooms
from matcher.meetings.verify import rule_costs
from tests.meeting_problems import meeting_plan, meetings_problem


def test_the_best_attended_choose_first() -> None:
    problem = meetings_problem(duration=[4, 2], required=[[0], [1, 2, 3]], rooms=[3, 1])
    room, shared = Rooms(problem).first_fit(np.array([0, 2]))
    assert room.tolist() == [1, 0]
    assert not shared.any()


def test_a_shared_room_is_told() -> None:
    problem = meetings_problem(duration=[4, 3, 1], required=[[0, 1], [2, 3], [4]], rooms=[2, 1])
    rooms = Rooms(problem)
    start = np.array([0, 1, 7])
    assert rooms.first_fit(start)[1].sum() == 1
    # The smaller room lacks one seat (1); sharing the larger one would cost three grains.
    assert rooms.unseated(start) > 0


def test_rooms_that_first_fit_misses_are_found() -> None:
    # By attendance and length: a then takes the large room and leaves the long c without one.
    problem = meetings_problem(
        duration=[2, 2, 4, 2, 2], required=[[0], [1], [2], [3], [4]], days=[8], rooms=[1, 1], num_people=5
    )
    start = np.array([0, 4, 2, 0, 2])
    rooms = Rooms(problem)
    walked = rooms.best_rooms(start)
    plan = meeting_plan(start.tolist(), [walked[m] for m in range(5)])
    assert rule_costs(problem, plan)[Rule.ROOM_CONFLICT] == 0
    assert rooms.unseated(start) == 0


def test_people_stay_in_the_room() -> None:
    problem = meetings_problem(duration=[2, 2, 2], required=[[0], [1], [1]], rooms=[4, 4])
    found = Rooms(problem).best_rooms(np.array([0, 0, 3]))
    assert found[1] == found[2] != found[0]
