"""Every kind of fact that can stand in the way: it is found, it is needed, and giving way on it places the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.impossible.finding import Grounds
from matcher.impossible.shrink import is_irreducible
from matcher.impossible.unplaced import as_unplaced, find_impossible
from matcher.impossible.world import Scene
from matcher.roster import (
    Absence,
    Licence,
    Mentor,
    MentoringForm,
    Person,
    PersonKind,
    Room,
    SchoolClass,
    SessionMode,
    Site,
    Travel,
)
from matcher.school_year import ExamWindow, Span
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession, Window
from matcher.timegrid import BusyState
from tests.unit.impossible.cases import SECONDS, busy_but, kinds, questions, reasons, scene_of
from tests.unit.scheduling.world import EVERY_DAY, World, meeting, taken

FORTNIGHT = Window(first_day=date(2025, 9, 1), last_day=date(2025, 9, 12))
NEXT = Window(first_day=date(2025, 9, 15), last_day=date(2025, 9, 26))
VACATION = Window(first_day=date(2025, 10, 27), last_day=date(2025, 11, 4))
MONDAY = date(2025, 9, 1)

Case = tuple[Scene, str, set[str]]


def session(activity: str, number: int, day: date, start: int, **more: Any) -> PlannedSession:
    made = PlannedSession(
        id=f"{activity}/{number}", activity=activity, number=number, day=day, start_minute=start,
        end_minute=start + 60, mode=SessionMode.IN_PERSON, site="A",
    )  # fmt: skip
    return replace(made, **more)


def of_lessons() -> Case:
    world = busy_but(busy_but(World(), "M", (1, 480, 600)), "N", (2, 480, 600))
    return scene_of(world, meeting()), "M:N", {"lessons"}


def of_buildings() -> Case:
    world = World().busy(*(taken("N", day, 0, 1440, BusyState.NOT_IN_BUILDING) for day in EVERY_DAY))
    return scene_of(world, meeting()), "M:N", {"not_in_building", "mode"}


def of_reach() -> Case:
    world = World().busy(*(taken("N", day, 0, 1440, BusyState.NOT_REACHABLE) for day in EVERY_DAY))
    return scene_of(world, meeting()), "M:N", {"not_reachable"}


def of_absence() -> Case:
    away = Absence(person="N", start_day=MONDAY, end_day=date(2025, 9, 12))
    return scene_of(World().add(absences=(away,)), meeting(windows=(FORTNIGHT, NEXT))), "M:N", {"absence", "window"}


def of_exam() -> Case:
    exam = ExamWindow(name="ЕГЭ", first_day=MONDAY, last_day=date(2025, 9, 26))
    return scene_of(World().in_year(exams=(exam,)), meeting()), "M:N", {"exam"}


def of_vacation() -> Case:
    return scene_of(World(), meeting(windows=(VACATION,))), "M:N", {"vacation"}


def of_holiday() -> Case:
    world = World().in_year(vacations=(), holidays=(Span(name="", first_day=MONDAY, last_day=date(2025, 9, 12)),))
    return scene_of(world, meeting()), "M:N", {"holiday"}


def of_week_limit() -> Case:
    world = World().change(mentors=(Mentor(person="M", hours_per_week=0.5),))
    return scene_of(world, meeting()), "M:N", {"week_limit", "length"}


def of_rooms() -> Case:
    world = World().add(rooms=(Room(id="R", site="A", capacity=1),))
    return scene_of(world, meeting()), "M:N", {"rooms", "mode"}


def of_licences() -> Case:
    world = World().add(licences=(Licence(id="L", count=0),))
    return scene_of(world, meeting(modes=(SessionMode.ONLINE,))), "M:N", {"licences", "mode"}


def of_mode() -> Case:
    return scene_of(World(), meeting(modes=())), "M:N", {"mode"}


def of_length() -> Case:
    world = World().in_year(bells=(), day_end_minute=520)
    return scene_of(world, meeting()), "M:N", {"length"}


def of_travel() -> Case:
    world = World().add(
        sites=(Site(id="B", organisation="S"),), travel=(Travel(from_site="A", to_site="B", minutes=90),)
    )
    world = busy_but(world, "N", (1, 600, 700))
    world.people = [replace(entry, site="B") for entry in world.people]
    return scene_of(world, meeting(site="A")), "M:N", {"travel", "mode", "lessons"}


def of_pupils() -> Case:
    """Lessons of the class to 14:35, pupils stay until 15:00."""
    world = World().add(
        people=(Person(id="P", organisation="S", person_kind=PersonKind.PUPIL, school_class="6A", grade=6),),
        classes=(SchoolClass(id="6A", organisation="S", grade=6),),
    )
    for day in EVERY_DAY:
        world.busy(taken("6A", day, 480, 875))
    pupil = meeting("M", "P", form=MentoringForm.TEACHER_PUPIL, is_pupils=True, latest_minute=900)
    return scene_of(world, pupil), "M:P", {"lessons", "day_limit"}


def of_unknown_pupils() -> Case:
    """Nothing is known of the pupil: the first shift is over at 14:15, pupils stay until 14:30."""
    world = World().add(
        people=(Person(id="P", organisation="S", person_kind=PersonKind.PUPIL, school_class="6A", grade=6),),
        classes=(SchoolClass(id="6A", organisation="S", grade=6),),
    )
    pupil = meeting("M", "P", form=MentoringForm.TEACHER_PUPIL, is_pupils=True, latest_minute=870)
    return scene_of(world, pupil), "M:P", {"lessons_unknown", "day_limit"}


def of_gap() -> Case:
    """The first session on the last Friday; in the next fortnight all are free on the first Monday only."""
    away = Absence(person="N", start_day=date(2025, 9, 16), end_day=date(2025, 9, 26))
    early = Absence(person="N", start_day=MONDAY, end_day=date(2025, 9, 11))
    world = World().add(absences=(early, away))
    activity = meeting(windows=(FORTNIGHT, NEXT), gap_days=10)
    first = session("M:N", 1, date(2025, 9, 12), 480)
    return scene_of(world, activity, sessions=(first,)), "M:N", {"gap", "session", "absence"}


def of_another_pair() -> Case:
    world = busy_but(World(), "M", (1, 480, 545))
    one_day = (Window(first_day=MONDAY, last_day=MONDAY),)
    two = (meeting("M", "N", windows=one_day), meeting("M", "Q", windows=one_day))
    return scene_of(world, *two, sessions=(session("M:Q", 1, MONDAY, 480),)), "M:N", {"sessions", "lessons"}


def of_days_off() -> Case:
    sunday = Window(first_day=date(2025, 9, 7), last_day=date(2025, 9, 7))
    return scene_of(World(), meeting(windows=(sunday,))), "M:N", {"days_off"}


def of_hours() -> Case:
    world = World().in_year(bells=(), day_start_minute=480, day_end_minute=485)
    return scene_of(world, meeting()), "M:N", {"hours"}


def of_visits() -> Case:
    visit = meeting(purpose=ActivityPurpose.LESSON_VISIT)
    return scene_of(World().busy(taken("N", 1, 480, 490)), visit), "M:N", {"no_lesson_to_visit"}


CASES = [
    of_lessons, of_buildings, of_reach, of_absence, of_exam, of_vacation, of_holiday, of_week_limit, of_rooms,
    of_licences, of_mode, of_length, of_travel, of_pupils, of_unknown_pupils, of_gap, of_another_pair, of_days_off,
    of_hours,
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_fact_is_found_and_nothing_in_vain(case: Callable[[], Case]) -> None:
    scene, id_, expected = case()
    (finding, *_) = reasons(scene, id_)
    assert kinds(finding) == expected
    for question in questions(scene, finding):
        assert is_irreducible(finding.elements, question.is_possible)


def test_a_visit_without_a_lesson_says_so() -> None:
    scene, id_, expected = of_visits()
    (finding,) = reasons(scene, id_)
    assert kinds(finding) == expected


@pytest.mark.parametrize(
    ("case", "element"),
    [
        (of_lessons, "HR-17 M lessons 2"),
        (of_buildings, "9.6 M:N mode"),
        (of_reach, "HR-17 N not_reachable 1"),
        (of_absence, "HR-16 M:N window"),
        (of_exam, "HR-17 S exam ЕГЭ"),
        (of_vacation, "HR-17 vacations"),
        (of_holiday, "HR-17 S holiday"),
        (of_week_limit, "HR-06 M week_limit +1"),
        (of_rooms, "HR-19 A rooms +1"),
        (of_licences, "HR-19 licences +1"),
        (of_mode, "9.6 M:N mode"),
        (of_length, "9.6 M:N length -15"),
        (of_travel, "9.6 M:N mode"),
        (of_pupils, "HR-17 P lessons 1"),
        (of_another_pair, "HR-17 M:Q sessions -1"),
        (of_hours, "HR-17 S hours +60"),
    ],
)
def test_giving_way_on_it_places_the_session(case: Callable[[], Case], element: str) -> None:
    scene, id_, _ = case()
    found = find_impossible(scene, id_, time_limit=SECONDS)
    offered = [concession.element for concession in found.concessions]
    assert any(one.startswith(element) for one in offered), offered
    assert all(concession.gain >= 1 for concession in found.concessions)


def test_a_closer_gap_is_offered() -> None:
    scene, id_, _ = of_gap()
    found = find_impossible(scene, id_, time_limit=SECONDS)
    assert ("HR-21 M:N gap -9", 1) in [(c.element, c.gain) for c in found.concessions]


@pytest.mark.parametrize(("case", "is_proved"), [(of_lessons, True), (of_gap, False), (of_another_pair, False)])
def test_only_facts_alone_prove_that_nobody_can_do_better(case: Callable[[], Case], is_proved: bool) -> None:
    scene, id_, _ = case()
    assert as_unplaced(scene, find_impossible(scene, id_, time_limit=SECONDS)).is_proved is is_proved


def test_other_pairs_are_planned_anew_before_they_are_blamed() -> None:
    scene, id_, _ = of_another_pair()
    (finding,) = reasons(scene, id_)
    assert finding.grounds is Grounds.TOGETHER


def test_a_place_that_was_missed_is_told() -> None:
    scene = scene_of(World(), meeting())
    (finding,) = reasons(scene, "M:N")
    assert finding.grounds is Grounds.OPEN
    found = find_impossible(scene, "M:N", time_limit=SECONDS)
    assert [(c.element, c.gain) for c in found.concessions] == [("M:N again", 1)]


def test_others_that_could_move_are_named() -> None:
    """M:Q sits in the only hour that N has, and could as well have another."""
    world = busy_but(World(), "N", (1, 480, 545))
    one_day = (Window(first_day=MONDAY, last_day=MONDAY),)
    two = (meeting("M", "N", windows=one_day), meeting("M", "Q", windows=one_day))
    scene = scene_of(world, *two, sessions=(session("M:Q", 1, MONDAY, 480),))
    (finding,) = reasons(scene, "M:N")
    assert (finding.grounds, "sessions" in kinds(finding)) == (Grounds.AS_PLANNED, True)
    found = find_impossible(scene, "M:N", time_limit=SECONDS)
    assert ("M:Q moved", 1) in [(c.element, c.gain) for c in found.concessions]


def test_sessions_of_one_reason_are_told_together() -> None:
    activity: Activity = meeting(windows=(FORTNIGHT, NEXT), modes=())
    (finding,) = reasons(scene_of(World(), activity), "M:N")
    assert finding.numbers == (1, 2)


def test_without_time_nothing_is_claimed() -> None:
    scene, id_, _ = of_lessons()
    found = find_impossible(scene, id_, time_limit=0.0)
    assert (found.findings, found.concessions, found.untold) == ((), (), (1,))
