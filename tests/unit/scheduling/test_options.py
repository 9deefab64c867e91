"""Each hard rule on times and places: where it lets people meet, and where it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pytest

from matcher.errors import InputError
from matcher.roster import (
    Absence,
    Availability,
    AvailabilityState,
    Mentee,
    MentoringForm,
    MentoringKind,
    Person,
    PersonKind,
    SchoolClass,
    SessionMode,
    Site,
    Travel,
)
from matcher.school_year import Bell, ExamWindow, SchoolYear, Span
from matcher.sessions.schedule import Activity, ActivityPurpose, Window
from matcher.timegrid import BusyState
from matcher.timetables import Timetables
from tests.unit.scheduling.world import BELLS, EVERY_DAY, FIRST, World, lesson, meeting, taken

IN_PERSON, ONLINE = SessionMode.IN_PERSON, SessionMode.ONLINE
MONDAY = 1
BOTH = meeting(modes=(IN_PERSON, ONLINE))


def monday(world: World, activity: Activity) -> set[tuple[int, int, str]]:
    """Return (start, end, place) of the times on Mondays."""
    return {(start, end, place) for day, start, end, place in world.times(activity) if day == MONDAY}


def starts(world: World, activity: Activity, place: str = "A") -> set[int]:
    return {start for start, _, where in monday(world, activity) if where == place}


def test_sessions_begin_at_bells_and_hourly_after_the_last() -> None:
    bells = {bell.start_minute for bell in BELLS}
    assert starts(World(), meeting()) == bells | {14 * 60 + 30, 15 * 60 + 30, 16 * 60 + 30, 17 * 60 + 30}


def test_without_bells_the_hours_of_the_day_are_used() -> None:
    assert starts(World().in_year(bells=()), meeting()) == {60 * hour for hour in range(8, 19)}


def test_a_lesson_in_the_slot_removes_it() -> None:
    """HR-17."""
    world = World().busy(lesson("N", MONDAY, 2))
    assert BELLS[2].start_minute not in starts(world, meeting())
    assert BELLS[3].start_minute in starts(world, meeting())


def test_a_lesson_of_anybody_counts_in_a_group() -> None:
    """HR-20: all members at one slot."""
    world = World().busy(lesson("M", MONDAY, 0), lesson("N", MONDAY, 2), lesson("Q", MONDAY, 4))
    found = starts(world, meeting("M", "N", "Q"))
    assert found.isdisjoint({BELLS[0].start_minute, BELLS[2].start_minute, BELLS[4].start_minute})
    assert BELLS[5].start_minute in found


def test_a_lesson_in_the_next_hour_shortens_the_session_to_the_bell() -> None:
    world = World().busy(lesson("N", MONDAY, 1))
    first = {(start, end) for start, end, _ in monday(world, meeting()) if start == 480}
    assert first == {(480, 525)}
    free = {(start, end) for start, end, _ in monday(World(), meeting()) if start == 480}
    assert free == {(480, 540)}


def test_a_bell_shorter_than_the_least_length_holds_no_session() -> None:
    world = World().busy(lesson("N", MONDAY, 1))
    assert 480 not in starts(world, meeting(min_minutes=56))
    assert {(s, e) for s, e, _ in monday(world, meeting(min_minutes=50)) if s == 480} == {(480, 530)}


def test_short_and_full_length_share_no_day() -> None:
    world = World().busy(lesson("N", MONDAY, 1, week=0)).in_year(num_weeks=2)
    options = world.options(meeting())
    at = (options.slots.start == 480) & (options.slots.weekday == 0)
    assert sorted(options.slots.end[at].tolist()) == [525, 540]
    assert (options.days[at].sum(axis=0) <= 1).all()


def test_lessons_of_week_a_leave_week_b() -> None:
    world = World().in_year(num_weeks=2)
    for number in range(7):
        for day in EVERY_DAY:
            world.busy(lesson("N", day, number, week=0))
    world.busy(*(taken("N", day, 870, 1140, week=0) for day in EVERY_DAY))
    days = world.days(meeting())
    assert days == {date(2025, 9, 8) + timedelta(days=at) for at in range(5)}


def test_a_timetable_may_change_in_the_course_of_the_year() -> None:
    until = date(2025, 9, 5)
    world = World().busy(*(taken("N", day, 0, 1440, last_day=until) for day in EVERY_DAY))
    assert min(world.days(meeting())) == date(2025, 9, 8)


def test_not_in_the_building_leaves_online() -> None:
    away = [taken("N", day, 0, 1440, BusyState.NOT_IN_BUILDING) for day in EVERY_DAY]
    world = World().busy(*away)
    assert not world.times(meeting())
    assert {place for *_, place in world.times(BOTH)} == {"online"}


def test_not_reachable_leaves_nothing() -> None:
    away = [taken("N", day, 0, 1440, BusyState.NOT_REACHABLE) for day in EVERY_DAY]
    assert not World().busy(*away).times(BOTH)


def test_what_the_roster_says_of_a_week_counts_too() -> None:
    entry = Availability(person="N", weekday=MONDAY, start=time(8), end=time(20), state=AvailabilityState.NOT_REACHABLE)
    assert not monday(World().add(availability=(entry,)), BOTH)


def test_absences_close_days() -> None:
    world = World().add(absences=(Absence(person="N", start_day=FIRST, end_day=date(2025, 9, 10)),))
    assert world.days(meeting()) == {date(2025, 9, 11), date(2025, 9, 12)}


@pytest.mark.parametrize(
    ("exam", "is_taken"),
    [
        ({}, True),
        ({"people": ("N",)}, True),
        ({"people": ("X",)}, False),
        ({"subjects": ("physics",)}, True),
        ({"subjects": ("music",)}, False),
        ({"grades": (9,)}, False),
    ],
)
def test_exams_take_those_they_concern(exam: dict[str, tuple[str, ...]], *, is_taken: bool) -> None:
    world = World()
    people = tuple(replace(p, subjects=("physics",)) if p.id == "N" else p for p in world.roster.people)
    window = ExamWindow(name="e", first_day=FIRST, last_day=date(2025, 9, 12), **exam)  # type: ignore[arg-type]
    assert bool(world.change(people=people).in_year(exams=(window,)).days(meeting())) != is_taken


def test_holidays_weekends_and_vacations_are_closed() -> None:
    activity = meeting(windows=(Window(first_day=date(2025, 10, 20), last_day=date(2025, 11, 9)),))
    days = World().days(activity)
    assert days == {date(2025, 10, 20) + timedelta(days=at) for at in range(5)} | {
        date(2025, 11, 5), date(2025, 11, 6), date(2025, 11, 7),
    }  # fmt: skip


def test_vacations_are_open_to_those_who_may_use_them() -> None:
    activity = meeting(windows=(Window(first_day=date(2025, 10, 25), last_day=date(2025, 11, 2)),), vacations=True)
    assert World().days(activity) == {date(2025, 10, 27) + timedelta(days=at) for at in range(5)}


def test_days_must_be_school_days_of_both_schools() -> None:
    world = World()
    six = replace(world.year, weekdays=6)
    five = replace(world.year, holidays=(Span(name="", first_day=FIRST, last_day=date(2025, 9, 5)),))
    activity = meeting("M", "O", modes=(ONLINE,))

    class Two(World):
        @property
        def timetables(self) -> Timetables:
            return Timetables(years={"S": six, "T": five})

    assert Two().days(activity) == {date(2025, 9, 8) + timedelta(days=at) for at in range(5)}


def test_without_a_school_year_the_fault_is_told() -> None:
    class Yearless(World):
        @property
        def timetables(self) -> Timetables:
            return Timetables()

    with pytest.raises(InputError, match="school year"):
        Yearless().times(meeting())


def test_days_outside_the_windows_are_closed() -> None:
    """HR-16: sessions lie in the term."""
    assert max(World().days(meeting())) == date(2025, 9, 12)


def test_hours_are_those_of_the_school_day() -> None:
    world = World().in_year(day_start_minute=9 * 60, day_end_minute=16 * 60)
    times = monday(world, meeting())
    assert min(start for start, _, _ in times) >= 9 * 60
    assert max(end for _, end, _ in times) <= 16 * 60


def test_hours_of_another_time_zone_count_where_people_meet_online() -> None:
    """The common clock is two hours ahead of school T: its day begins at 10 o'clock of the common clock."""

    class Zones(World):
        @property
        def timetables(self) -> Timetables:
            return Timetables(years={"": self.year}, ahead={"T": 120})

    times = monday(Zones(), meeting("M", "O", modes=(ONLINE,)))
    assert min(start for start, _, _ in times) >= 10 * 60
    assert max(end for _, end, _ in times) <= 19 * 60


def pupil_world() -> World:
    pupil = Person(id="P", organisation="S", person_kind=PersonKind.PUPIL, grade=9, school_class="9A")
    return World("dalnerechensk").add(
        people=(pupil,), mentees=(Mentee(person="P"),), classes=(SchoolClass(id="9A", organisation="S", grade=9),)
    )


def with_pupil(**changes: object) -> Activity:
    values = {"form": MentoringForm.TEACHER_PUPIL, "minutes": 40, "min_minutes": 30, "latest_minute": 18 * 60}
    return meeting("M", "P", **{**values, **changes})


def test_pupils_meet_outside_their_lessons() -> None:
    """HR-18."""
    world = pupil_world().busy(lesson("P", MONDAY, 0))
    assert 480 not in starts(world, with_pupil())
    assert 535 in starts(world, with_pupil())


def test_lessons_of_the_class_are_lessons_of_the_pupil() -> None:
    world = pupil_world().busy(lesson("9A", MONDAY, 0))
    assert 480 not in starts(world, with_pupil())


def test_pupils_do_not_stay_after_the_day_limit() -> None:
    """HR-18."""
    world = pupil_world().busy(lesson("P", MONDAY, 0))
    assert max(end for _, end, _ in monday(world, with_pupil())) <= 18 * 60
    assert max(end for _, end, _ in monday(world, with_pupil(latest_minute=None))) > 18 * 60


def test_pupils_whose_lessons_are_unknown_meet_after_the_first_shift() -> None:
    assert min(starts(pupil_world(), with_pupil())) >= BELLS[-1].end_minute


def test_a_class_meets_outside_its_lessons() -> None:
    world = pupil_world().busy(lesson("9A", MONDAY, 3))
    activity = replace(with_pupil(), mentees=(), school_class="9A")
    assert BELLS[3].start_minute not in starts(world, activity)
    assert BELLS[4].start_minute in starts(world, activity)


def visit() -> Activity:
    values: dict[str, Any] = {"purpose": ActivityPurpose.LESSON_VISIT, "kind": MentoringKind.TRADITIONAL, "minutes": 45}
    return meeting(min_minutes=40, **values)


def test_a_lesson_is_visited_while_it_is_taught() -> None:
    world = World().busy(lesson("N", MONDAY, 2), lesson("N", 3, 4, site="A"))
    assert world.times(visit()) == {(1, 590, 635, "A"), (3, 700, 745, "A")}


def test_the_visitor_must_be_free() -> None:
    world = World().busy(lesson("N", MONDAY, 2), lesson("M", MONDAY, 2))
    assert not world.times(visit())


def test_a_lesson_in_week_b_is_visited_in_week_b() -> None:
    world = World().in_year(num_weeks=2).busy(lesson("N", MONDAY, 2, week=1))
    assert world.days(visit()) == {date(2025, 9, 8)}


def test_double_lessons_are_visited_for_one() -> None:
    assert World().busy(taken("N", MONDAY, 480, 580)).times(visit()) == {(1, 480, 525, "A")}


def two_sites() -> World:
    """School S in two buildings, half an hour apart; N works in B."""
    world = World().add(
        sites=(Site(id="B", organisation="S"),), travel=(Travel(from_site="A", to_site="B", minutes=30),)
    )
    homes = {"M": "A", "N": "B"}
    return world.change(people=tuple(replace(p, site=homes.get(p.id)) for p in world.roster.people))


def test_people_meet_at_any_site_of_their_school() -> None:
    assert {place for *_, place in two_sites().times(meeting())} == {"A", "B"}


def test_travel_removes_the_slots_next_to_a_lesson_elsewhere() -> None:
    """HR-19."""
    world = two_sites().busy(lesson("M", MONDAY, 2, site="A"))
    at_b, at_a = starts(world, meeting(), "B"), starts(world, meeting(), "A")
    assert {BELLS[1].start_minute, BELLS[3].start_minute} <= at_a
    assert at_b.isdisjoint({BELLS[1].start_minute, BELLS[3].start_minute})
    assert {BELLS[0].start_minute, BELLS[4].start_minute} <= at_b


def test_travel_does_not_matter_online_or_where_the_rule_is_off() -> None:
    world = two_sites().busy(lesson("M", MONDAY, 2, site="A"))
    assert BELLS[3].start_minute in starts(world, meeting(modes=(ONLINE,)), "online")
    rules = {**world.policy.rules, "HR-19": replace(world.policy.rule("HR-19"), on=False)}
    world.policy = replace(world.policy, rules=rules)
    assert BELLS[3].start_minute in starts(world, meeting(), "B")


def test_a_site_that_is_named_is_the_only_one() -> None:
    assert {place for *_, place in two_sites().times(meeting(site="B"))} == {"B"}


def test_another_school_is_out_of_the_way_unless_the_way_is_known() -> None:
    activity = meeting("M", "O")
    assert not World().times(activity)
    world = World().add(travel=(Travel(from_site="A", to_site="C", minutes=20),))
    assert {place for *_, place in world.times(activity)} == {"A", "C"}


def test_people_of_one_school_meet_online_only_in_windows_without_a_time_in_the_building() -> None:
    """9.6: in person in one organisation."""
    world = World().pair()
    everywhere = world.activities()["M:N"]
    assert {place for *_, place in world.times(everywhere)} == {"A"}
    gone = [
        taken("N", day, 0, 1440, BusyState.NOT_IN_BUILDING, first_day=date(2025, 9, 1), last_day=date(2025, 9, 12))
        for day in EVERY_DAY
    ]
    options = world.busy(*gone).options(everywhere)
    online = np.flatnonzero(options.days[options.site < 0].any(axis=0)).tolist()
    assert {*online} == {0, 1, 2, 3, 4, 7, 8, 9, 10, 11}


def test_wishes_evenings_and_trips_cost() -> None:
    """SO-11."""
    world = two_sites().busy(taken("M", MONDAY, 480, 600, BusyState.PREFERRED))
    options = world.options(meeting())
    costs = {
        (int(day) + 1, int(start), int(site)): int(cost)
        for day, start, site, cost in zip(
            options.slots.weekday, options.slots.start, options.site, options.cost, strict=True
        )
    }
    in_a = 0
    assert costs[MONDAY, 480, in_a] < costs[2, 480, in_a], "a preferred time is cheaper"
    assert costs[2, 480, in_a] < costs[2, 1050, in_a], "an evening is dearer"
    across = replace(meeting("M", "O"), modes=(IN_PERSON,))
    near = World().add(travel=(Travel(from_site="A", to_site="C", minutes=20),))
    assert min(near.options(across).cost) > min(World().options(meeting()).cost), "a trip is dearer"


def test_a_window_in_the_day_costs() -> None:
    world = World().busy(lesson("M", MONDAY, 0), lesson("N", MONDAY, 0))
    options = world.options(meeting())
    on_monday = options.slots.weekday == 0
    cost = dict(zip(options.slots.start[on_monday].tolist(), options.cost[on_monday].tolist(), strict=True))
    assert cost[BELLS[1].start_minute] < cost[BELLS[4].start_minute]


def test_bells_of_two_shifts_do_not_repeat_a_start() -> None:
    year = SchoolYear(
        id="y", title="", first_day=FIRST, last_day=date(2026, 5, 26),
        bells=(*BELLS, Bell(name="2/1", start_minute=480, end_minute=530, shift=2)),
    )  # fmt: skip
    world = World()
    world.year = year
    assert len([start for start, _, _ in monday(world, meeting()) if start == 480]) == 1
