"""What each kind of pair and group plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.roster import (
    Lock,
    LockStatus,
    Mentee,
    MenteeCategory,
    Mentor,
    MentoringForm,
    Person,
    PersonKind,
    SchoolClass,
    SessionMode,
    Travel,
)
from matcher.sessions.schedule import ActivityPurpose
from tests.unit.scheduling.world import FIRST, LAST, World, lesson

IN_PERSON, ONLINE = SessionMode.IN_PERSON, SessionMode.ONLINE


def test_traditional_pairs_meet_every_fortnight_in_the_building() -> None:
    activity = World().pair().activities()["M:N"]
    assert (activity.minutes, activity.min_minutes, activity.gap_days) == (60, 45, 10)
    assert activity.modes == (IN_PERSON, ONLINE)
    assert activity.wanted == 17
    assert activity.windows[0].first_day == FIRST
    assert activity.windows[-1].last_day == LAST


def test_novices_begin_with_a_session_a_week() -> None:
    world = World().change(mentees=(Mentee(person="N", categories=(MenteeCategory.NOVICE,)),)).pair()
    activity = world.activities()["M:N"]
    assert activity.first_gap_days == 5
    assert [window.first_day.day for window in activity.windows[:4]] == [1, 8, 15, 22]


def test_experience_makes_a_novice_too() -> None:
    world = World()
    people = tuple(replace(person, pedagogical_experience_years=1) for person in world.roster.people)
    assert world.change(people=people).pair().activities()["M:N"].first_gap_days == 5


def test_short_term_work_has_a_goal_in_each_of_four_to_eight_sessions() -> None:
    activity = World().pair(kind="short_term").activities()["M:N"]
    assert 4 <= activity.wanted <= 8
    assert activity.goal_in_each
    assert activity.gap_days == 7
    assert activity.windows[-1].last_day <= date(2025, 12, 31)


def test_virtual_pairs_meet_online_only() -> None:
    assert World().pair(kind="virtual").activities()["M:N"].modes == (ONLINE,)


def test_groups_meet_monthly_beside_individual_work() -> None:
    world = World().group("G", "M", "N", "Q").pair("M", "Q")
    activity = world.activities()["G"]
    assert (activity.group, activity.mentees, activity.size) == ("G", ("N", "Q"), 3)
    assert activity.wanted == 8


def test_groups_instead_of_individual_work_meet_every_fortnight() -> None:
    assert World().group("G", "M", "N", "Q").activities()["G"].wanted == 17


def test_a_reverse_pair_meets_monthly() -> None:
    activity = World().pair(kind="reverse").activities()["M:N"]
    assert (activity.both_ways, activity.wanted, activity.gap_days) == (False, 8, 14)


def test_the_two_directions_of_a_reverse_pair_are_one_activity_of_the_younger_mentor() -> None:
    world = World()
    births = {"M": date(1970, 1, 1), "N": date(1999, 1, 1)}
    people = tuple(replace(person, birth_date=births.get(person.id)) for person in world.roster.people)
    world.change(people=people).pair("M", "N", "reverse", counter=True).pair("N", "M", "reverse", counter=True)
    found = world.activities()
    assert list(found) == ["N:M"]
    assert (found["N:M"].both_ways, found["N:M"].wanted) == (True, 17)


def test_situational_pairs_keep_a_reserve() -> None:
    (activity,) = World().pair(kind="situational").activities().values()
    assert (activity.id, activity.purpose) == ("M:N/reserve", ActivityPurpose.RESERVE)
    assert (activity.reserve_minutes, activity.response_days, activity.wanted) == (60, 2, 0)


def test_own_hours_are_the_reserve() -> None:
    world = World().add(locks=(Lock(mentor="M", mentee="N", hours_per_month=1.5),)).pair(kind="situational")
    assert world.activities()["M:N/reserve"].reserve_minutes == 90


def test_aftercare_is_a_quarter_of_a_pair_on_call() -> None:
    world = World("dalnerechensk").add(locks=(Lock(mentor="M", mentee="N", status=LockStatus.AFTERCARE),)).pair()
    activity = world.activities()["M:N/reserve"]
    assert (activity.purpose, activity.reserve_minutes) == (ActivityPurpose.RESERVE, 30)


@pytest.mark.parametrize("kind", ["speed", "flash"])
def test_speed_and_flash_meet_once(kind: str) -> None:
    assert World("dalnerechensk").pair(kind=kind).activities()["M:N"].wanted == 1


def test_lessons_of_teachers_are_visited_monthly() -> None:
    world = World().busy(lesson("N", 1, 0)).pair()
    visit = world.activities()["M:N/visit"]
    assert (visit.purpose, visit.wanted, visit.modes) == (ActivityPurpose.LESSON_VISIT, 8, (IN_PERSON,))


@pytest.mark.parametrize("kind", ["virtual", "situational", "speed"])
def test_work_at_a_distance_or_on_call_has_no_visits(kind: str) -> None:
    assert "M:N/visit" not in World().busy(lesson("N", 1, 0)).pair(kind=kind).activities()


def test_who_teaches_no_lesson_is_not_visited() -> None:
    assert "M:N/visit" not in World().pair().activities()


def test_another_school_is_visited_where_the_way_is_known() -> None:
    world = World().busy(lesson("O", 1, 0)).pair("M", "O")
    assert "M:O/visit" not in world.activities()
    world.add(travel=(Travel(from_site="A", to_site="C", minutes=20),))
    assert "M:O/visit" in world.activities()


def test_who_meets_online_only_is_not_visited_and_that_is_told() -> None:
    world = World().busy(lesson("N", 1, 0), lesson("O", 1, 0)).pair().pair("M", "O")
    world.change(mentors=(Mentor(person="M", modes=(ONLINE,)),))
    found = world.activities()
    assert {"M:N/visit", "M:O/visit"}.isdisjoint(found)
    schedule = world.plan()
    assert not any(one.activity.endswith("/visit") for one in schedule.unplaced)
    assert [str(note) for note in schedule.notes] == [
        "no lesson visits, since the pair does not meet in person (1): M:N",
        "no lesson visits, since the way between the schools is not in the roster (1): M:O",
    ]
    assert World().busy(lesson("N", 1, 0)).pair().plan().notes == ()


def test_across_schools_online_comes_first() -> None:
    world = World().pair("M", "O")
    assert world.activities()["M:O"].modes == (ONLINE,)
    world.add(travel=(Travel(from_site="A", to_site="C", minutes=20),))
    assert world.activities()["M:O"].modes == (ONLINE, IN_PERSON)


def test_people_say_how_they_meet() -> None:
    world = World().change(mentors=(Mentor(person="M", modes=(ONLINE,)),)).pair()
    assert world.activities()["M:N"].modes == (ONLINE,)
    world.change(mentees=(Mentee(person="N", modes=(IN_PERSON,)),))
    assert world.activities()["M:N"].modes == ()


def test_own_hours_override_the_pattern() -> None:
    world = World().add(locks=(Lock(mentor="M", mentee="N", hours_per_month=4),)).pair()
    activity = world.activities()["M:N"]
    assert (activity.wanted, activity.gap_days) == (34, 5)


def test_sessions_are_no_longer_than_the_week_of_the_busiest() -> None:
    world = World().change(mentors=(Mentor(person="M", hours_per_week=0.8),)).pair()
    assert world.activities()["M:N"].minutes == 48


def test_a_running_pair_ends_when_its_term_ends() -> None:
    """HR-16: nine months from the day it began."""
    world = World().add(locks=(Lock(mentor="M", mentee="N", since=date(2025, 4, 10)),)).pair()
    assert world.activities()["M:N"].windows[-1].last_day <= date(2026, 1, 9)


def test_a_pair_begins_when_it_was_agreed_to() -> None:
    world = World().add(locks=(Lock(mentor="M", mentee="N", since=date(2025, 10, 6)),)).pair()
    assert world.activities()["M:N"].windows[0].first_day == date(2025, 10, 6)


def test_a_prolonged_pair_is_a_new_version() -> None:
    """A-07: each version has its own term."""
    lock = Lock(mentor="M", mentee="N", since=date(2024, 9, 1), status=LockStatus.PROLONGED)
    assert World().add(locks=(lock,)).pair().activities()["M:N"].wanted == 17


def test_a_term_that_is_over_plans_nothing() -> None:
    world = World().add(locks=(Lock(mentor="M", mentee="N", since=date(2024, 3, 1)),)).pair()
    assert world.activities()["M:N"].windows == ()


def test_without_bounds_of_the_term_the_pair_goes_on() -> None:
    world = World().add(locks=(Lock(mentor="M", mentee="N", since=date(2024, 3, 1)),)).pair()
    rules = {**world.policy.rules, "HR-16": replace(world.policy.rule("HR-16"), on=False)}
    world.policy = replace(world.policy, rules=rules)
    assert world.activities()["M:N"].wanted == 17


CLASS = SchoolClass(id="9A", organisation="S", grade=9, size=25)


def pupils() -> World:
    pupil = Person(id="P", organisation="S", person_kind=PersonKind.PUPIL, grade=9, school_class="9A")
    return World("dalnerechensk").add(
        people=(pupil,), mentees=(Mentee(person="P"),), classes=(CLASS,)
    )  # fmt: skip


def test_pupils_meet_weekly_for_at_most_a_lesson_and_not_late() -> None:
    activity = pupils().pair("M", "P", form=MentoringForm.TEACHER_PUPIL).activities()["M:P"]
    assert (activity.minutes, activity.gap_days, activity.is_pupils) == (40, 5, True)
    assert activity.latest_minute == 18 * 60
    assert activity.wanted == 34
    assert "M:P/visit" not in pupils().pair("M", "P", form=MentoringForm.TEACHER_PUPIL).activities()


def test_a_class_meets_as_one() -> None:
    world = pupils().add(mentees=(Mentee(person="9A", is_class=True),))
    activity = world.pair("M", "9A", form=MentoringForm.TEACHER_PUPIL).activities()["M:9A"]
    assert (activity.school_class, activity.mentees, activity.size) == ("9A", (), 26)


def test_vacations_are_used_only_where_asked_and_allowed() -> None:
    world = pupils().pair("M", "P", form=MentoringForm.TEACHER_PUPIL).pair()
    assert not any(activity.vacations for activity in world.activities().values())
    asked = world.activities(vacations=True)
    assert asked["M:N"].vacations
    assert not asked["M:P"].vacations
