"""The command that explains one meeting of a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from matcher.cli.reading import explain
from matcher.errors import InputError
from matcher.io.plan_json import write_plan_json
from matcher.plan import Plan
from tests.schedules import scheduled_plan


@pytest.fixture(name="plan", scope="module")
def _plan() -> Plan:
    return scheduled_plan()


def test_a_meeting_is_explained_from_the_file(plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan.schedule is not None
    file = tmp_path / "plan.json"
    write_plan_json(plan, file)
    explain(file, session=plan.schedule.sessions[0].id)
    told = capsys.readouterr().out
    assert "Время в отведённые для встречи дни" in told
    assert "14:00–15:00" in told


def test_a_meeting_that_is_not_wanted_is_refused(plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    write_plan_json(plan, file)
    with pytest.raises(InputError) as caught:
        explain(file, session="M-1:N-1/99")
    assert caught.value.faults[0].place == "--session"


def test_without_a_schedule_there_is_nothing_to_say(plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    write_plan_json(replace(plan, schedule=None, timetables=None), file)
    with pytest.raises(InputError):
        explain(file, session="M-1:N-1/1")
