"""Rooms and licences for sessions that were only counted."""

from __future__ import annotations

import numpy as np

from matcher.roster import Licence
from matcher.scheduling.rooms import Use, assign_licences, assign_rooms


def use(activity: int, start: int, end: int, day: int = 0) -> Use:
    return Use(activity=activity, day=day, start=start, end=end)


def holds(uses: list[Use], rooms: list[int]) -> bool:
    """Return whether no room is used twice at a time."""
    return not any(
        rooms[a] == rooms[b] and uses[a].overlaps(uses[b]) for a in range(len(uses)) for b in range(a)
    )  # fmt: skip


def test_an_activity_keeps_its_room_through_the_year() -> None:
    uses = [use(activity, 0, 60, day) for day in range(5) for activity in (0, 1)]
    rooms = assign_rooms(uses, np.ones((10, 3), dtype=bool), {})
    assert len({rooms[at] for at in range(0, 10, 2)}) == 1
    assert holds(uses, rooms)


def test_the_room_it_had_before_comes_first() -> None:
    assert assign_rooms([use(0, 0, 60)], np.ones((1, 3), dtype=bool), {0: 2}) == [2]


def test_others_move_where_that_is_the_only_way() -> None:
    """The first activity sits in the only room that the second one could use on the first day."""
    uses = [use(0, 0, 60, 0), use(0, 0, 60, 1), use(1, 0, 60, 0)]
    fits = np.array([[True, True], [True, False], [True, False]])
    rooms = assign_rooms(uses, fits, {})
    assert rooms == [1, 0, 0]


def test_chains_of_overlaps_are_searched() -> None:
    uses = [use(0, 0, 60), use(1, 50, 110), use(2, 100, 160), use(3, 0, 160)]
    fits = np.array([[True, True, False], [True, True, False], [True, False, False], [True, False, True]])
    rooms = assign_rooms(uses, fits, {})
    assert -1 not in rooms
    assert holds(uses, rooms)
    assert all(fits[at, room] for at, room in enumerate(rooms))


def test_too_few_rooms_leave_a_session_without() -> None:
    uses = [use(0, 0, 60), use(1, 0, 60)]
    assert sorted(assign_rooms(uses, np.ones((2, 1), dtype=bool), {})) == [-1, 0]


def test_licences_go_to_sessions_in_turn_and_stay_with_activities() -> None:
    pool = [Licence(id="A", count=1), Licence(id="B", count=1)]
    uses = [use(0, 0, 60), use(1, 30, 90), use(0, 0, 60, 1), use(1, 30, 90, 1)]
    found = assign_licences(uses, pool, {0: "B"}, [None] * 4)
    assert found == ["B", "A", "B", "A"]


def test_licences_given_before_stay() -> None:
    pool = [Licence(id="A", count=1), Licence(id="B", count=1)]
    assert assign_licences([use(0, 0, 60), use(1, 0, 60)], pool, {}, [None, "A"])[1] == "A"


def test_without_a_licence_left_there_is_none() -> None:
    found = assign_licences([use(0, 0, 60), use(1, 0, 60)], [Licence(id="A", count=1)], {}, [None, None])
    assert sorted(found, key=str) == ["A", None]
