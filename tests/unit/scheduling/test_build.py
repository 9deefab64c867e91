"""The problem in arrays: spacing, people, week limits, rooms and licences counted in cells, fixed sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matcher.roster import (
    Licence,
    Mentee,
    Mentor,
    MentoringForm,
    Person,
    PersonKind,
    Room,
    SchoolClass,
    SessionMode,
)
from matcher.scheduling.build import SessionCase
from matcher.sessions.problem import NO_LIMIT
from matcher.sessions.schedule import PlannedSession, SessionState, Window
from tests.unit.scheduling.world import EVERY_DAY, FIRST, World, lesson, meeting, taken

ONLINE = SessionMode.ONLINE
LATER = Window(first_day=date(2025, 9, 15), last_day=date(2025, 9, 26))
TWO = meeting(gap_days=10, windows=(*meeting().windows, LATER))


def test_the_next_session_lies_in_the_next_window_after_the_gap() -> None:
    next_day = World().sessions(TWO).problem.next_day[0]
    assert next_day[0] == 14, "the next window begins"
    assert next_day[11] == 21, "ten days after the twelfth"
    assert next_day[14] == World().sessions(TWO).problem.num_days, "no window follows"


def test_novices_have_a_gap_of_their_own_in_the_first_month() -> None:
    weekly = (Window(first_day=date(2025, 9, day), last_day=date(2025, 9, day + 4)) for day in (1, 8, 15, 22))
    windows = (*weekly, Window(first_day=date(2025, 9, 29), last_day=date(2025, 10, 10)))
    case = World().sessions(meeting(gap_days=10, first_gap_days=5, windows=windows))
    assert case.problem.next_day[0, 4] == 9
    assert case.problem.next_day[0, 25] == 30
    assert case.problem.next_day[0, 28] == case.problem.num_days


def test_who_is_mentor_and_mentee_has_a_limit_of_each_role() -> None:
    world = World().add(mentors=(Mentor(person="N", hours_per_week=1),))
    case = world.sessions(meeting("M", "N"), meeting("N", "Q"))
    limit = dict(zip(case.person_id, case.problem.week_minutes.tolist(), strict=True))
    assert limit == {"M": 180, "N": NO_LIMIT, "Q": 120, "N mentor": 60, "N mentee": 120}
    members = {
        (int(at), case.person_id[person])
        for at, person in zip(case.problem.member_activity, case.problem.member_person, strict=True)
    }
    assert members == {(0, "M"), (0, "N"), (0, "N mentee"), (1, "N"), (1, "N mentor"), (1, "Q")}


def test_without_caps_nobody_has_a_limit() -> None:
    world = World()
    world.policy = replace(
        world.policy, rules={**world.policy.rules, "HR-06": replace(world.policy.rule("HR-06"), on=False)}
    )
    assert set(world.sessions(meeting()).problem.week_minutes.tolist()) == {NO_LIMIT}


def test_pupils_of_a_class_are_at_its_sessions() -> None:
    pupil = Person(id="P", organisation="S", person_kind=PersonKind.PUPIL, grade=9, school_class="9A")
    world = World("dalnerechensk").add(
        people=(pupil,),
        classes=(SchoolClass(id="9A", organisation="S", grade=9),),
        mentees=(Mentee(person="P"), Mentee(person="9A", is_class=True)),
    )
    form = MentoringForm.TEACHER_PUPIL
    case = world.sessions(
        replace(meeting("M", "P", form=form)),
        replace(meeting("Q", form=form), id="Q:9A", mentees=(), school_class="9A"),
    )
    of_class = case.problem.member_person[case.problem.member_activity == 1]
    assert {case.person_id[person] for person in of_class} == {"Q", "9A", "P"}


def sizes(case: SessionCase, weekday: int, start: int, activity: int = 0) -> list[int]:
    """Return the capacities of the cells that a session of an activity at a time would use, on its first day."""
    problem = case.problem
    slot = problem.choice_slot
    (choice, *_) = np.flatnonzero(
        (problem.choice_activity == activity)
        & (problem.slot_weekday[slot] == weekday - 1)
        & (problem.slot_start[slot] == start)
    )
    cells = problem.choice_cell[problem.choice_cell_start[choice] : problem.choice_cell_start[choice + 1]]
    found: list[int] = problem.cell_size[cells, int(problem.choice_days[choice].argmax())].tolist()
    return found


ROOMS = (Room(id="R1", site="A", capacity=2), Room(id="R2", site="A", capacity=9))
THREE = [replace(meeting("M", "N"), id=f"{n}") for n in range(3)]


def test_rooms_are_counted_where_they_could_be_full() -> None:
    case = World().add(rooms=ROOMS).sessions(*THREE)
    assert sizes(case, 1, 480) == [2, 2], "at the start, and when the next hour begins"
    assert not len(World().add(rooms=ROOMS).sessions(*THREE[:2]).problem.cell_pool)


def test_a_site_without_rooms_counts_none() -> None:
    assert not len(World().sessions(*THREE).problem.cell_pool)


def test_large_groups_count_in_all_smaller_classes() -> None:
    group = replace(meeting("M", "N", "Q"), id="G")
    case = World().add(rooms=ROOMS).sessions(*THREE, group, replace(group, id="H"))
    assert set(case.pools) == {"A (2+)", "A (3+)"}
    assert sorted(sizes(case, 1, 480, 3)) == [1, 1, 2, 2]
    assert sizes(case, 1, 480, 0) == [2, 2]


def test_nobody_meets_where_no_room_is_large_enough() -> None:
    small = (Room(id="R1", site="A", capacity=2),)
    assert not World().add(rooms=small).sessions(meeting("M", "N", "Q")).problem.choice_days.any()
    assert World().add(rooms=small).sessions(meeting("M", "N")).problem.choice_days.any()


def test_a_lesson_in_the_room_takes_it() -> None:
    world = World().add(rooms=ROOMS[:1]).room_busy(*(lesson("R1", day, 0) for day in EVERY_DAY))
    problem = world.sessions(meeting()).problem
    assert 480 not in problem.slot_start[problem.choice_slot[problem.choice_days.any(axis=1)]]
    assert 535 in problem.slot_start[problem.choice_slot[problem.choice_days.any(axis=1)]]


def test_one_room_must_be_free_all_through() -> None:
    """Two rooms that are free one after the other hold no session across both hours."""
    world = World().add(rooms=ROOMS)
    world.room_busy(*(taken("R1", d, 480, 510) for d in EVERY_DAY), *(taken("R2", d, 510, 540) for d in EVERY_DAY))
    problem = world.sessions(meeting(min_minutes=60)).problem
    assert 480 not in problem.slot_start[problem.choice_slot[problem.choice_days.any(axis=1)]]


def test_rooms_do_not_count_where_the_rule_is_off() -> None:
    world = World().add(rooms=ROOMS[:1])
    world.policy = replace(
        world.policy, rules={**world.policy.rules, "HR-19": replace(world.policy.rule("HR-19"), on=False)}
    )
    assert world.sessions(meeting("M", "N", "Q")).problem.choice_days.any()


def test_licences_are_one_pool_for_all_schools() -> None:
    world = World().add(licences=(Licence(id="L1", count=1), Licence(id="L2", count=1)))
    online = [replace(one, modes=(ONLINE,)) for one in THREE]
    case = world.sessions(*online)
    assert case.pools == ("licences",)
    assert sizes(case, 1, 480) == [2, 2]


@pytest.mark.parametrize("activity", [meeting(), meeting(modes=(ONLINE,))])
def test_rhythm_is_the_weekday_and_the_start(activity: object) -> None:
    problem = World().busy(lesson("N", 1, 1)).sessions(activity).problem  # type: ignore[arg-type]
    keys = set(zip(problem.slot_weekday.tolist(), problem.slot_start.tolist(), strict=True))
    assert len(set(problem.slot_rhythm.tolist())) == len(keys)


def session(day: date, start: int, number: int = 1, **changes: object) -> PlannedSession:
    values = {"id": f"M:N/{number}", "activity": "M:N", "number": number, "day": day, "start_minute": start}
    return PlannedSession(
        **{**values, "end_minute": start + 60, "mode": SessionMode.IN_PERSON, "site": "A", **changes}  # type: ignore[arg-type]
    )


def test_held_sessions_are_there_even_where_nobody_was_free() -> None:
    held = session(date(2025, 9, 6), 7 * 60, state=SessionState.HELD)
    case = World().add(rooms=(Room(id="R1", site="A", capacity=1),)).sessions(TWO, held=[held])
    (choice,), (day,) = case.problem.fixed_choice, case.problem.fixed_day
    assert day == 5
    assert case.problem.choice_days[choice].nonzero()[0].tolist() == [5]


def test_held_sessions_nearer_than_the_gap_stay() -> None:
    days = (date(2025, 9, 12), date(2025, 9, 15))
    held = [session(day, 480, number, state=SessionState.HELD) for number, day in enumerate(days, start=1)]
    problem = World().sessions(TWO, held=held).problem
    assert problem.next_day[0, 11] == 14


def test_published_sessions_are_hints_while_they_are_possible() -> None:
    possible, lost = session(FIRST, 480), session(date(2025, 9, 15), 480, 2)
    world = World().busy(lesson("N", 1, 0, first_day=date(2025, 9, 10)))
    case = world.sessions(TWO, published=[possible, lost])
    assert case.problem.hint_day.tolist() == [0]
    assert case.problem.move_price.tolist() == [2]
    assert case.lost == (lost,)
