"""How many sessions the people of an activity could hold at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.judge.schedule.diary import Diary
from matcher.judge.schedule.possible import is_meeting_possible, most_sessions
from matcher.roster import Absence, SessionMode
from matcher.sessions.schedule import ActivityPurpose
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables
from tests.unit.judge.schedule.test_rules import GOOD, PAIR, POLICY, ROSTER, YEAR

SCHOOL_DAYS = range(1, 6)


def diary(*taken: TakenTime, absences: tuple[Absence, ...] = ()) -> Diary:
    roster = replace(ROSTER, absences=absences)
    return Diary.of(GOOD, roster, POLICY, Timetables(people=taken, years={"": YEAR}))


def taken(subject: str, start: int, end: int, state: BusyState = BusyState.LESSON) -> list[TakenTime]:
    return [
        TakenTime(subject=subject, week=None, weekday=day, start_minute=start, end_minute=end, state=state)
        for day in SCHOOL_DAYS
    ]


def test_free_people_meet_in_every_window() -> None:
    assert most_sessions(diary(), PAIR) == 2


def test_two_who_are_never_free_together_do_not_meet() -> None:
    found = diary(*taken("M", 480, 800), *taken("N", 800, 1140))
    assert most_sessions(found, PAIR) == 0
    assert not is_meeting_possible(found, PAIR)


@pytest.mark.parametrize(("gap", "windows"), [(44, 0), (45, 2)])
def test_the_least_length_decides(gap: int, windows: int) -> None:
    assert most_sessions(diary(*taken("M", 480, 800), *taken("N", 800 + gap, 1140)), PAIR) == windows


def test_who_is_not_in_the_building_meets_online() -> None:
    found = diary(*taken("N", 480, 1140, BusyState.NOT_IN_BUILDING))
    assert most_sessions(found, PAIR) == 2
    assert most_sessions(found, replace(PAIR, modes=(SessionMode.IN_PERSON,))) == 0


def test_an_absence_takes_its_windows() -> None:
    away = Absence(person="M", start_day=date(2026, 9, 1), end_day=date(2026, 9, 14))
    assert most_sessions(diary(absences=(away,)), PAIR) == 1


def test_a_lesson_visit_needs_lessons_of_the_mentee_alone() -> None:
    visit = replace(PAIR, purpose=ActivityPurpose.LESSON_VISIT, modes=(SessionMode.IN_PERSON,))
    assert most_sessions(diary(), visit) == 0
    assert most_sessions(diary(*taken("N", 600, 645)), visit) == 2
    assert most_sessions(diary(*taken("N", 600, 645), *taken("M", 610, 655)), visit) == 0
