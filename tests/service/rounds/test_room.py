"""Room for one more pair: a group is one meeting of its mentor, and one mentor of everybody who sits in it (HR-06)."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.rounds.rules import minutes_taken
from service.tables.rounds import Pair


def pair(mentee: str, *, minutes: int, group: str | None = None, mentor: str = "m") -> Pair:
    columns: dict[str, Any] = dict.fromkeys(("round_id", "area_id", "mentor_area_id", "mentee_area_id"), "a")
    columns |= {"form": "teacher_teacher", "kind": "traditional", "contour": "organisation", "since": date(2026, 9, 1)}
    return Pair(mentor_id=mentor, mentee_id=mentee, minutes=minutes, group_code=group, **columns)


def test_a_group_counts_once_however_many_sit_in_it() -> None:
    seats = [pair(f"n{number}", minutes=120, group="G-1") for number in range(5)]
    assert minutes_taken(seats) == 120
    assert minutes_taken([*seats, pair("other", minutes=90)]) == 210
    assert minutes_taken([*seats, pair("late", minutes=150, group="G-1")]) == 150
    assert minutes_taken([*seats, pair("x", minutes=60, group="G-2")]) == 180


def test_groups_of_one_name_under_two_mentors_are_two_meetings() -> None:
    seats = [pair("n", minutes=120, group="G-1"), pair("n", minutes=60, group="G-1", mentor="other")]
    assert minutes_taken(seats) == 180
