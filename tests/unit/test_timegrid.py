"""The grid of the week and who is taken when."""

from __future__ import annotations

from datetime import time

import numpy as np
import pytest

from matcher.roster import Availability, AvailabilityState, Roster
from matcher.timegrid import (
    Busy,
    BusyState,
    BusyTime,
    Grid,
    Slot,
    availability_times,
    count_bits,
    slots_of,
    standard_grid,
)


def taken(
    state: BusyState = BusyState.LESSON,
    *,
    week: int | None = None,
    weekday: int = 1,
    start: int = 480,
    end: int = 525,
    person: str = "P-1",
) -> BusyTime:
    return BusyTime(person=person, week=week, weekday=weekday, start_minute=start, end_minute=end, state=state)


def free_slots(busy: Busy, person: str, *, online: bool) -> set[int]:
    words, _ = busy.free([person], online=online)
    return set(slots_of(words[0]))


def test_the_standard_grid_has_hours_of_six_days() -> None:
    grid = standard_grid(num_weeks=2)
    assert len(grid.slots) == 144
    assert grid.num_words == 3
    assert grid.slots[0] == Slot(week=0, weekday=1, start_minute=480, end_minute=540)
    assert (grid.slots[0].start, grid.slots[0].end) == (time(8), time(9))
    assert int(count_bits(grid.every_slot())) == 144


def test_a_lesson_takes_every_slot_it_touches() -> None:
    grid = standard_grid()
    assert grid.touched(None, 1, 480, 525) == [0]
    assert grid.touched(None, 1, 510, 560) == [0, 1]
    assert grid.touched(None, 1, 540, 600) == [1]
    assert grid.touched(None, 7, 480, 525) == []


def test_weeks_are_told_apart_only_where_there_are_two() -> None:
    two, one = standard_grid(num_weeks=2), standard_grid()
    assert two.touched(0, 1, 480, 525) == [0]
    assert two.touched(1, 1, 480, 525) == [72]
    assert two.touched(None, 1, 480, 525) == [0, 72]
    assert one.touched(1, 1, 480, 525) == [0]


def test_a_time_may_run_past_midnight_or_begin_before_it() -> None:
    night = Grid(
        slots=(
            Slot(week=0, weekday=1, start_minute=0, end_minute=60),
            Slot(week=0, weekday=1, start_minute=1380, end_minute=1440),
            Slot(week=0, weekday=2, start_minute=0, end_minute=60),
        )
    )
    assert night.touched(None, 1, 1400, 1460) == [1, 2]
    assert night.touched(None, 2, -30, 20) == [1, 2]
    assert night.touched(None, 7, 1420, 1480) == [0]


def test_lessons_and_absences_are_kept_apart() -> None:
    grid = standard_grid()
    times = [
        taken(),
        taken(BusyState.NOT_IN_BUILDING, start=540, end=600),
        taken(BusyState.NOT_REACHABLE, start=600, end=660),
        taken(BusyState.PREFERRED, start=660, end=720),
    ]
    busy = Busy.of(grid, times)
    everything = set(range(72))
    assert free_slots(busy, "P-1", online=True) == everything - {0, 2}
    assert free_slots(busy, "P-1", online=False) == everything - {0, 1, 2}
    assert slots_of(busy.preferred[0]) == [3]


def test_nothing_is_assumed_of_people_who_are_not_listed() -> None:
    busy = Busy.of(standard_grid(), [taken(person="P-2")], people=["P-1"])
    words, known = busy.free(["P-1", "P-2", "P-3"], online=True)
    assert known.tolist() == [True, True, False]
    assert count_bits(words).tolist() == [72, 71, 72]
    assert busy.person_id == ("P-1", "P-2")
    assert busy.rows(["P-3", "P-2"]).tolist() == [-1, 1]


def test_bits_beyond_one_word_are_found() -> None:
    grid = standard_grid(num_weeks=2)
    words = grid.words([0, 63, 64, 143])
    assert slots_of(words) == [0, 63, 64, 143]
    assert int(count_bits(words)) == 4
    assert count_bits(np.stack([words, grid.words([])])).tolist() == [4, 0]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (AvailabilityState.NOT_IN_BUILDING, [BusyState.NOT_IN_BUILDING]),
        (AvailabilityState.NOT_REACHABLE, [BusyState.NOT_REACHABLE]),
        (AvailabilityState.PREFERRED, [BusyState.PREFERRED]),
        (AvailabilityState.POSSIBLE, []),
    ],
)
def test_what_people_say_of_their_week(state: AvailabilityState, expected: list[BusyState]) -> None:
    said = Availability(person="P-1", weekday=3, week="B", start=time(13, 30), end=time(15), state=state)
    times = availability_times(Roster(availability=(said,)))
    assert [entry.state for entry in times] == expected
    assert all((entry.week, entry.weekday, entry.start_minute, entry.end_minute) == (1, 3, 810, 900) for entry in times)
