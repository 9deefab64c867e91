"""The whole path on small towns: every plan is judged, what is missing is explained, calls are answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from matcher.judge.schedule.levels import schedule_checks, stated_otherwise
from matcher.judge.schedule.verdict import schedule_violations
from matcher.outcome import SolveStatus
from matcher.plan import Plan
from matcher.policy_words import PatternMode
from matcher.roster import (
    Absence,
    Licence,
    Lock,
    Mentee,
    Mentor,
    MentoringForm,
    Person,
    PersonKind,
    Room,
    SessionMode,
    Site,
    Travel,
)
from matcher.scheduling import place
from matcher.scheduling.reserve import on_demand
from matcher.sessions.schedule import ActivityPurpose, PlannedSession, Schedule, SessionState
from matcher.timegrid import BusyState
from tests.unit.scheduling.world import EVERY_DAY, FIRST, World, lesson, taken

ROOMS = (Room(id="R1", site="A", capacity=2), Room(id="R2", site="A", capacity=9))


def judged(world: World, **options: Any) -> Schedule:
    """Return a plan that keeps all rules."""
    schedule = world.plan(**options)
    plan = SimpleNamespace(
        schedule=schedule, roster=world.roster, policy=world.policy, timetables=world.timetables, pairs=world.pairs,
        groups=world.groups, apart=(),
    )  # fmt: skip
    checks = schedule_checks(cast(Plan, plan))
    assert [str(found.message) for found in (*schedule_violations(cast(Plan, plan)), *stated_otherwise(checks))] == []
    assert all(check.certified_bound is not None for check in checks)
    return schedule


def reasons(schedule: Schedule, activity: str) -> str:
    return " | ".join(str(reason) for one in schedule.unplaced if one.activity == activity for reason in one.reasons)


def of(schedule: Schedule, activity: str) -> list[PlannedSession]:
    return [session for session in schedule.sessions if session.activity == activity]


def town() -> World:
    """All kinds side by side, two sites, rooms and one licence."""
    world = World("dalnerechensk")
    pupil = Person(id="P", organisation="S", site="A", person_kind=PersonKind.PUPIL, grade=9)
    more = tuple(Person(id=f"X{n}", organisation="S", site="AB"[n % 2]) for n in range(8))
    world.add(
        people=(pupil, *more),
        sites=(Site(id="B", organisation="S"),),
        travel=(Travel(from_site="A", to_site="B", minutes=25), Travel(from_site="A", to_site="C", minutes=40)),
        rooms=ROOMS,
        licences=(Licence(id="L", count=1),),
        mentors=tuple(Mentor(person=f"X{n}") for n in range(4)),
        mentees=(Mentee(person="P"), *(Mentee(person=f"X{n}") for n in range(4, 8))),
        absences=(Absence(person="N", start_day=date(2025, 9, 8), end_day=date(2025, 9, 12)),),
    )
    for at, id_ in enumerate(("M", "N", "O", "P", "X0", "X1", "X4", "X5")):
        for day in EVERY_DAY:
            world.busy(*(lesson(id_, day, number) for number in range(7) if (day + number + at) % 3 == 0))
    world.pair("M", "N").pair("M", "O").pair("X0", "X4", "short_term").pair("X0", "X5", "virtual")
    world.pair("X1", "X6", "reverse", counter=True).pair("X6", "X1", "reverse", counter=True)
    world.pair("X2", "X7", "situational").pair("X3", "N", "flash").pair("M", "P", form=MentoringForm.TEACHER_PUPIL)
    return world.group("G", "X3", "X4", "X5", "X6")


def test_a_town_with_all_kinds_keeps_all_rules() -> None:
    schedule = judged(town())
    assert {activity.kind.value for activity in schedule.activities} == {
        "traditional", "short_term", "virtual", "reverse", "situational", "flash", "group",
    }  # fmt: skip
    assert {activity.purpose for activity in schedule.activities} == set(ActivityPurpose)
    assert len(schedule.unplaced) <= 2


def test_ids_numbers_and_checkpoints() -> None:
    schedule = judged(World().pair())
    mine = of(schedule, "M:N")
    assert [session.id for session in mine] == [f"M:N/{n}" for n in range(1, 18)]
    assert schedule.status is SolveStatus.OPTIMAL or schedule.levels[0].value == 0
    marked = [session.number for session in mine if session.checkpoint]
    assert marked in ([6, 12], [7, 12], [6, 11], [7, 13])


def test_a_pair_keeps_its_weekday_hour_and_room() -> None:
    mine = of(judged(World().add(rooms=ROOMS).pair()), "M:N")
    assert len({(session.day.weekday(), session.start_minute, session.room) for session in mine}) == 1


def test_the_directions_of_a_reverse_pair_take_turns() -> None:
    world = World().pair("M", "N", "reverse", counter=True).pair("N", "M", "reverse", counter=True)
    mine = of(judged(world), "M:N")
    assert [session.reversed for session in mine[:4]] == [False, True, False, True]


def test_groups_sit_in_a_room_large_enough() -> None:
    schedule = judged(World().add(rooms=ROOMS).group("G", "M", "N", "Q"))
    assert {session.room for session in schedule.sessions} == {"R2"}


def test_online_sessions_take_licences() -> None:
    schedule = judged(World().add(licences=(Licence(id="L"),)).pair(kind="virtual"))
    assert {session.licence for session in schedule.sessions} == {"L"}


def test_sessions_of_one_person_never_overlap() -> None:
    world = World().busy(*(taken("M", day, 480, 840) for day in range(2, 6)))
    schedule = judged(world.pair("M", "N").pair("M", "Q"))
    times = [(one.day, one.start_minute, one.end_minute) for one in schedule.sessions]
    assert len({session.activity for session in schedule.sessions}) == 2
    assert not any(
        one is not other and one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
        for one in times
        for other in times
    )


def all_week(person: str, state: BusyState = BusyState.NOT_REACHABLE, **changes: Any) -> list[Any]:
    return [taken(person, day, 0, 1440, state, **changes) for day in EVERY_DAY]


def test_people_without_a_common_hour_are_told_so() -> None:
    """HR-17: proved, since nobody could do better."""
    schedule = judged(World().busy(*all_week("N")).pair())
    (missing,) = schedule.unplaced
    assert missing.numbers == tuple(range(1, 18))
    assert missing.is_proved
    assert "no common free time of 45 minutes" in reasons(schedule, "M:N")
    assert "HR-17, A-40" in reasons(schedule, "M:N")


def test_groups_without_a_common_hour_are_told_their_rule() -> None:
    assert "HR-20" in reasons(judged(World().busy(*all_week("N")).group("G", "M", "N", "Q")), "G")


def test_absences_are_named() -> None:
    away = Absence(person="N", start_day=FIRST, end_day=date(2025, 9, 30))
    schedule = judged(World().add(absences=(away,)).pair())
    assert schedule.unplaced[0].numbers == (1, 2)
    assert "sessions 1–2: on all days that suit somebody is away or in an exam: N" in reasons(schedule, "M:N")


def test_a_time_of_the_year_without_common_hours_is_named() -> None:
    busy = all_week("N", last_day=date(2025, 9, 15))
    assert "hold no time when all are free" in reasons(judged(World().busy(*busy).pair()), "M:N")


def test_people_who_accept_no_way_of_meeting_are_told_so() -> None:
    world = World().change(
        mentors=(Mentor(person="M", modes=(SessionMode.ONLINE,)),),
        mentees=(Mentee(person="N", modes=(SessionMode.IN_PERSON,)),),
    )
    assert "no way of meeting" in reasons(judged(world.pair()), "M:N")


def only(person: str, weekday: int, start: int, end: int) -> list[Any]:
    """Return the times that leave a person one hour of the week."""
    others = [entry for entry in all_week(person) if entry.weekday != weekday]
    return [*others, *(taken(person, weekday, *part, BusyState.NOT_REACHABLE) for part in ((0, start), (end, 1440)))]


def test_a_full_room_is_the_reason() -> None:
    """HR-19: one room, one hour a week, two pairs that both need it in every window."""
    world = World().add(rooms=ROOMS[:1], mentors=(Mentor(person="Q"),))
    people = tuple(replace(person, organisation="S") for person in world.roster.people)
    world.change(people=people, mentees=(Mentee(person="N"), Mentee(person="O")))
    world.busy(*only("N", 1, 480, 540), *only("O", 1, 480, 540)).last_day = date(2025, 9, 5)
    schedule = judged(world.pair("M", "N").pair("Q", "O"))
    told = " ".join(reasons(schedule, one.activity) for one in schedule.unplaced)
    assert "all rooms at A are taken then (HR-19" in told
    assert "there are common times only on" in told


def test_a_full_licence_pool_is_the_reason() -> None:
    world = World().add(licences=(Licence(id="L"),), mentors=(Mentor(person="Q"),))
    world.busy(*only("N", 1, 480, 540), *only("O", 1, 480, 540)).last_day = date(2025, 9, 5)
    schedule = judged(world.pair("M", "N", "virtual").pair("Q", "O", "virtual"))
    told = " ".join(reasons(schedule, one.activity) for one in schedule.unplaced)
    assert "all video licences are in use then" in told


def test_a_mentor_at_his_limit_is_the_reason() -> None:
    """HR-06: one hour a week, two pairs that could only meet in the same week."""
    world = World().change(mentors=(Mentor(person="M", hours_per_week=1),))
    busy = [*only("N", 1, 480, 540), *only("Q", 2, 480, 540)]
    world.busy(*busy).last_day = date(2025, 9, 5)
    schedule = judged(world.pair("M", "N").pair("M", "Q"))
    assert len(schedule.sessions) == 1
    told = " ".join(reasons(schedule, one.activity) for one in schedule.unplaced)
    assert "the hours of M in these weeks are used up (HR-06" in told


def test_hours_shorter_than_a_session_are_the_reason() -> None:
    world = World().change(mentors=(Mentor(person="M", hours_per_week=0.5),))
    schedule = judged(world.pair())
    assert schedule.unplaced[0].is_proved
    assert "a session of 45 minutes is longer than M has a week: 30 minutes (HR-06" in reasons(schedule, "M:N")


def test_a_room_too_small_is_the_reason() -> None:
    """HR-19: capacity."""
    schedule = judged(World().add(rooms=ROOMS[:1]).group("G", "M", "N", "Q"))
    world = World().add(rooms=ROOMS[:1]).group("G", "M", "N", "Q")
    world.policy = replace(
        world.policy,
        patterns={
            kind: replace(pattern, mode=PatternMode.IN_PERSON) for kind, pattern in world.policy.patterns.items()
        },
    )
    assert {session.mode for session in schedule.sessions} == {SessionMode.ONLINE}
    assert "no room for 3 people is free at the common times (HR-19" in reasons(judged(world), "G")


def test_another_session_is_the_reason() -> None:
    world = World().busy(*only("N", 1, 480, 540), *only("Q", 1, 480, 540))
    world.last_day = date(2025, 9, 5)
    schedule = judged(world.pair("M", "N").pair("M", "Q"))
    told = " ".join(reasons(schedule, one.activity) for one in schedule.unplaced)
    assert "M has another session then" in told


def test_a_mentor_who_never_can_come_to_a_lesson_is_told_so() -> None:
    busy = [lesson(id_, 1, 0) for id_ in ("M", "N")]
    assert "M is free in no lesson of N" in reasons(judged(World().busy(*busy).pair()), "M:N/visit")


def test_a_term_that_is_over_is_noted() -> None:
    world = World().add(locks=(Lock(mentor="M", mentee="N", since=date(2024, 3, 1)),)).pair()
    (note,) = judged(world).notes
    assert "the term is over" in str(note)


@pytest.mark.parametrize("state", [SessionState.HELD, SessionState.PUBLISHED])
def test_what_is_held_or_published_stays(state: SessionState) -> None:
    world = World().add(rooms=ROOMS).pair()
    first = judged(world)
    before = replace(first, sessions=tuple(replace(session, state=state) for session in first.sessions))
    assert judged(world.pair("M", "Q"), previous=before).sessions[: len(first.sessions)] == before.sessions


def test_a_published_session_that_moves_counts_a_change() -> None:
    world = World().pair()
    first = judged(world)
    before = replace(
        first, sessions=tuple(replace(session, state=SessionState.PUBLISHED) for session in first.sessions)
    )
    day = first.sessions[3].day
    world.add(absences=(Absence(person="N", start_day=day, end_day=day),))
    second = judged(world, previous=before)
    assert [session.sequence for session in second.sessions if session.number == 4] == [1]
    assert sum(session.sequence for session in second.sessions) <= 2
    assert "1 published session cannot stay" in str(second.notes[0])


def on_call() -> World:
    return World().add(rooms=ROOMS[:1], licences=(Licence(id="L"),)).pair(kind="situational")


def test_a_call_is_answered_in_the_first_free_slot() -> None:
    world = on_call().busy(lesson("N", 1, 0), lesson("M", 1, 1))
    schedule = judged(world)
    found = on_demand(schedule, "M:N/reserve", FIRST, world.roster, world.policy, world.timetables)
    assert found is not None
    assert (found.id, found.day, found.start_minute, found.room) == ("M:N/reserve/1", FIRST, 590, "R1")
    assert schedule.reserves[0].share == 1.0


def test_a_call_at_the_weekend_is_answered_on_the_next_school_days() -> None:
    world = on_call()
    call = date(2025, 9, 6)
    found = on_demand(judged(world), "M:N/reserve", call, world.roster, world.policy, world.timetables)
    assert found is not None
    assert found.day == date(2025, 9, 8)


def test_sessions_of_the_schedule_take_the_time_of_a_call() -> None:
    world = on_call().busy(*only("N", 1, 480, 540)).pair("M", "Q")
    schedule = judged(world)
    of_q = replace(of(schedule, "M:Q")[0], day=FIRST, start_minute=480, end_minute=540)
    taken_then = replace(schedule, sessions=(of_q,))
    assert on_demand(schedule, "M:N/reserve", FIRST, world.roster, world.policy, world.timetables) is not None
    assert on_demand(taken_then, "M:N/reserve", FIRST, world.roster, world.policy, world.timetables) is None


def test_a_pair_that_is_free_one_day_a_week_answers_half_of_the_calls() -> None:
    """Two response days before the free Monday and the Monday itself: three days of five."""
    world = on_call().busy(*only("N", 1, 480, 540))
    (reserve,) = judged(world).reserves
    assert 0.5 < reserve.share < 0.7


def test_the_same_input_gives_the_same_plan() -> None:
    first, second = (replace(town().plan(), seconds=0.0) for _ in range(2))
    assert first == second


def test_held_sessions_are_named_in_the_proof_and_published_ones_at_their_hour_stay() -> None:
    world = World().pair()
    first = judged(world)
    held = tuple(
        replace(session, state=SessionState.HELD if session.number < 4 else SessionState.PUBLISHED)
        for session in first.sessions
    )
    second = judged(world, previous=replace(first, sessions=held))
    assert second.held == ("M:N/1", "M:N/2", "M:N/3")
    assert second.sessions == held
    assert [certificate.level for certificate in second.certificates] == ["missing", "rhythm"]


def test_a_session_left_without_a_room_takes_the_proof_of_rhythm_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "furnish", lambda case, sessions, previous: list(sessions[1:]))
    world = World().pair()
    schedule = world.plan()
    levels = {level.name: (level.value, level.bound, level.proof) for level in schedule.levels}
    assert (levels["missing"], levels["rhythm"]) == ((1, 0, None), (1, None, None))
    assert [certificate.level for certificate in schedule.certificates] == ["missing"]
    assert schedule.status is SolveStatus.FEASIBLE
    plan = SimpleNamespace(
        schedule=schedule, roster=world.roster, policy=world.policy, timetables=world.timetables, pairs=world.pairs,
        groups=world.groups, apart=(),
    )  # fmt: skip
    assert list(stated_otherwise(schedule_checks(cast(Plan, plan)))) == []
