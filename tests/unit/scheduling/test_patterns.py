"""Windows: as many as the pattern asks for, of equally many school days."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from matcher.policy_parts import Pattern
from matcher.policy_words import PatternMode, PatternWho
from matcher.scheduling.patterns import Cadence, cadence_of, windows_of

DAYS = [day for day in (date(2025, 9, 1) + timedelta(days=at) for at in range(210)) if day.isoweekday() <= 5]


def pattern(**changes: object) -> Pattern:
    values: dict[str, object] = {
        "minutes": 60,
        "min_minutes": 45,
        "every_days": 14,
        "gap_days": (10, 18),
        "first_month_every_days": 7,
        "who": PatternWho.MENTOR_AND_MENTEE,
        "mode": PatternMode.ANY,
    }
    return Pattern(**{**values, **changes})  # type: ignore[arg-type]


def test_a_fortnight_is_ten_school_days() -> None:
    windows = windows_of(cadence_of(pattern()), DAYS, weekdays=5)
    assert len(windows) == len(DAYS) // 10
    lengths = {sum(window.first_day <= day <= window.last_day for day in DAYS) for window in windows}
    assert lengths == {10}


def test_windows_hold_equally_many_school_days_although_vacations_lie_between() -> None:
    days = [day for day in DAYS if not date(2025, 10, 27) <= day <= date(2025, 11, 4)]
    windows = windows_of(cadence_of(pattern()), days, weekdays=5)
    lengths = [sum(window.first_day <= day <= window.last_day for day in days) for window in windows]
    assert max(lengths) - min(lengths) <= 1
    assert sum(lengths) == len(days)


def test_novices_meet_weekly_in_the_first_month() -> None:
    cadence = cadence_of(pattern(), is_novice=True)
    assert (cadence.first_every_days, cadence.first_gap_days, cadence.gap_days) == (7, 5, 10)
    windows = windows_of(cadence, DAYS, weekdays=5)
    assert [window.first_day for window in windows[:5]] == [
        date(2025, 9, 1) + timedelta(days=7 * at) for at in range(5)
    ]
    assert windows[4].last_day - windows[4].first_day >= timedelta(days=11)


def test_others_do_not() -> None:
    assert cadence_of(pattern()).first_every_days is None


def test_own_hours_take_the_place_of_the_pattern() -> None:
    cadence = cadence_of(pattern(), is_novice=True, hours_per_month=4)
    assert cadence == Cadence(every_days=Fraction(7), gap_days=5)


def test_fewer_own_hours_keep_the_least_gap() -> None:
    assert cadence_of(pattern(), hours_per_month=1) == Cadence(every_days=Fraction(28), gap_days=10)


def test_no_hours_of_their_own_means_no_sessions() -> None:
    assert windows_of(cadence_of(pattern(), hours_per_month=0), DAYS, weekdays=5) == ()


def test_both_directions_of_a_reverse_pair_take_turns() -> None:
    monthly = pattern(every_days=28, gap_days=(14, None), first_month_every_days=None)
    assert cadence_of(monthly).every_days == 28
    assert cadence_of(monthly, both_ways=True) == Cadence(every_days=Fraction(14), gap_days=7)


def test_a_group_instead_of_individual_work_meets_more_often() -> None:
    monthly = pattern(every_days=28, instead_every_days=14, gap_days=(7, None))
    assert cadence_of(monthly).every_days == 28
    assert cadence_of(monthly, instead=True).every_days == 14


@pytest.mark.parametrize(("num_days", "expected"), [(20, 4), (60, 6), (150, 8)])
def test_short_term_keeps_its_number_of_sessions(num_days: int, expected: int) -> None:
    short = pattern(sessions=(4, 8), gap_days=(7, None), first_month_every_days=None)
    assert len(windows_of(cadence_of(short), DAYS[:num_days], weekdays=5)) == expected


def test_a_kind_that_meets_once_has_one_window() -> None:
    once = pattern(every_days=None, sessions=(1, 1), gap_days=None)
    (window,) = windows_of(cadence_of(once), DAYS, weekdays=5)
    assert (window.first_day, window.last_day) == (DAYS[0], DAYS[-1])


def test_vacations_that_may_be_used_belong_to_the_window_before() -> None:
    days = [day for day in DAYS[:60] if not date(2025, 9, 15) <= day <= date(2025, 9, 26)]
    windows = windows_of(cadence_of(pattern()), days, weekdays=5, vacations=True)
    assert windows[0].last_day == windows[1].first_day - timedelta(days=1)


def test_without_school_days_there_are_no_windows() -> None:
    assert windows_of(cadence_of(pattern()), [], weekdays=5) == ()


def test_advice_on_gaps_may_be_dropped() -> None:
    assert cadence_of(pattern(), keeps_gap=False).gap_days == 1
