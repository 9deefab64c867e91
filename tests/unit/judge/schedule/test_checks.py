"""What the judge says of the values of a schedule, without a solver."""

from __future__ import annotations

from dataclasses import replace

from matcher.judge.schedule.levels import schedule_checks
from matcher.judge.schedule.verdict import schedule_violations
from matcher.roster import Absence
from matcher.sessions.schedule import ScheduleLevel
from tests.schedules import WINDOWS, scheduled_plan


def test_values_are_counted_and_bounds_found_anew() -> None:
    missing, rhythm = schedule_checks(scheduled_plan())
    assert (missing.value, missing.bound, missing.is_best) == (2, 0, False)
    assert (rhythm.value, rhythm.bound, rhythm.is_best) == (2, 2, True)


def test_windows_without_a_common_day_are_proved_missing() -> None:
    plan = scheduled_plan()
    assert plan.schedule is not None
    mentor = plan.schedule.activities[1].mentor
    away = Absence(person=mentor, start_day=WINDOWS[2].first_day, end_day=WINDOWS[3].last_day)
    missing, _ = schedule_checks(replace(plan, roster=replace(plan.roster, absences=(away,))))
    assert missing.is_best


def test_a_value_stated_wrongly_is_a_violation() -> None:
    plan = scheduled_plan()
    assert plan.schedule is not None
    lie = replace(plan.schedule, levels=(ScheduleLevel(name="missing", value=1, bound=0),))
    assert "value" in {found.rule for found in schedule_violations(replace(plan, schedule=lie))}


def test_a_plan_without_meetings_has_nothing_to_check() -> None:
    assert schedule_checks(replace(scheduled_plan(), schedule=None)) == ()
