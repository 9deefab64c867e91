"""Bells and years of organisations, in the clock of all timetables."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.school_year import Bell, SchoolYear
from matcher.timetables import Timetables

BELL = Bell(name="1", start_minute=480, end_minute=525, shift=2)
YEAR = SchoolYear(id="y", title="y", first_day=date(2026, 9, 1), last_day=date(2027, 5, 26), bells=(BELL,))
OTHER = SchoolYear(id="o", title="o", first_day=date(2026, 9, 1), last_day=date(2027, 5, 26))


def test_an_organisation_has_its_own_year_or_that_of_all() -> None:
    found = Timetables(years={"": YEAR, "O-1": OTHER})
    assert (found.year_of("O-1").id, found.year_of("O-2").id) == ("o", "y")
    with pytest.raises(KeyError):
        Timetables(years={"O-1": OTHER}).year_of("O-2")


def test_bells_of_the_year_are_brought_to_the_common_clock() -> None:
    found = Timetables(years={"": YEAR}, ahead={"O-2": -420})
    assert found.bells_of("O-1") == (BELL,)
    assert found.bells_of("O-2") == (Bell(name="1", start_minute=60, end_minute=105, shift=2),)


def test_bells_of_a_timetable_are_in_the_common_clock_already() -> None:
    found = Timetables(years={"": YEAR}, ahead={"O-2": -420}, bells={"O-2": (BELL,), "O-3": ()})
    assert found.bells_of("O-2") == (BELL,)
    assert found.bells_of("O-3") == ()
