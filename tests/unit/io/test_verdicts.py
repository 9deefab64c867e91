"""How sure a plan is said to be: the best only where every line is proved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.explain.report import explain_plan
from matcher.io.console.plan import print_plan
from matcher.io.sentences.verdicts import schedule_words, status_words
from matcher.outcome import Proof, SolveStatus
from matcher.sessions.schedule import ScheduleLevel
from matcher.texts import say
from tests.schedules import scheduled_plan
from tests.unit.explain.plans import plan_of, short_of_maths


def test_a_plan_is_called_the_best_where_anyone_can_re_check_it() -> None:
    plan = plan_of(short_of_maths())
    assert {level.proof for level in plan.levels} == {Proof.CERTIFICATE}
    assert say(status_words(plan), "ru").startswith("Лучшие из возможных пар")


def test_a_proof_by_search_alone_is_counted_apart() -> None:
    plan = plan_of(short_of_maths())
    *others, last = plan.levels
    searched = replace(plan, levels=(*others, replace(last, bound=last.value + 1, proof=Proof.SOLVER)))
    count = len(plan.levels)
    assert str(status_words(searched)).startswith(f"Of {count} lines about pairs {count - 1} are proved by prices")
    open_ = replace(searched, status=SolveStatus.FEASIBLE, levels=(*others, replace(last, proof=None)))
    assert str(status_words(open_)).startswith(f"Valid. Of {count} lines about pairs {count - 1} are proved;")


def test_each_line_says_how_it_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    plan = plan_of(short_of_maths())
    first, second, *others = plan.levels
    searched = replace(first, bound=first.value + 1, proof=Proof.SOLVER)
    unproved = replace(second, bound=second.value + 3, proof=None)
    print_plan(replace(plan, levels=(searched, unproved, *others)), explain_plan(plan), "ru")
    printed = capsys.readouterr().out
    assert "только перебором: граница шире" in printed
    assert "не доказано: лучше самое большее на 3" in printed


def test_a_schedule_is_the_best_where_each_line_is_proved() -> None:
    schedule = scheduled_plan().schedule
    assert schedule is not None
    proved = ScheduleLevel(name="missing", value=1, bound=1, proof=Proof.CERTIFICATE)
    open_ = ScheduleLevel(name="rhythm", value=4, bound=3)
    best, partly = (schedule_words(replace(schedule, levels=levels)) for levels in ((proved,), (proved, open_)))
    assert best is not None
    assert partly is not None
    assert say(best, "ru") == "Лучший из возможных графиков: доказана каждая строка."
    assert say(partly, "ru") == "График встреч: строк 2, из них доказано 1."
    assert schedule_words(replace(schedule, levels=())) is None
