"""A plan kept open by a process: it answers again and again, comes back when killed, and few are open at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlmodel import select

from matcher.explain.again.standing import Standing
from service.errors import Problem
from service.jobs import plan_keeper
from service.jobs.plan_keeper import MOST_OPEN, ask_plan, open_ahead
from service.tables.rounds import PlanFileRow
from tests.service.conftest import House
from tests.service.rounds.conftest import build_case, small_plan


@pytest.fixture(autouse=True)
def as_if_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count the plans here as large ones, and begin with none open."""
    monkeypatch.setattr(plan_keeper, "SMALL_BYTES", 0)
    plan_keeper._KEEPERS.end()
    yield
    plan_keeper._KEEPERS.end()


def row_of(house: House) -> PlanFileRow:
    """Return the plan of a new round."""
    case = build_case(house)
    with house.core.database.reading() as session:
        row = session.exec(select(PlanFileRow).where(PlanFileRow.round_id == case.round_id)).one()
        session.expunge(row)
        return row


def targets(house: House, row: PlanFileRow, mentee: str | None = None) -> list[dict[str, object]]:
    """Ask for the mentors of the first mentee."""
    plan = small_plan()
    standing = Standing(couples=tuple((pair.mentor, pair.mentee) for pair in plan.pairs))
    asked = {"mentee": mentee or plan.pairs[0].mentee, "instead_of": None, "lang": "en", "audience": "curator"}
    found: list[dict[str, object]] = ask_plan(house.core, row, standing, {"ask": "targets", **asked})["targets"]
    return found


def process_of(row: PlanFileRow) -> int:
    """Return the id of the process that has a plan open."""
    return plan_keeper._KEEPERS._open[row.id]._process.pid


def test_one_process_answers_many_questions(sqlite_house: House) -> None:
    row = row_of(sqlite_house)
    first = targets(sqlite_house, row)
    process = process_of(row)
    assert targets(sqlite_house, row) == first
    assert process_of(row) == process
    assert len(first) == 6


def test_a_process_that_was_killed_is_replaced(sqlite_house: House) -> None:
    row = row_of(sqlite_house)
    first = targets(sqlite_house, row)
    process = process_of(row)
    os.kill(process, signal.SIGKILL)
    plan_keeper._KEEPERS._open[row.id]._process.wait()
    assert targets(sqlite_house, row) == first
    assert process_of(row) != process


def test_no_more_than_a_few_are_open_and_the_one_asked_longest_ago_goes(sqlite_house: House) -> None:
    rows = [row_of(sqlite_house) for _ in range(MOST_OPEN + 1)]
    for row in rows:
        targets(sqlite_house, row)
    still = plan_keeper._KEEPERS._open
    assert len(still) == MOST_OPEN
    assert rows[0].id not in still
    assert rows[-1].id in still


def test_somebody_the_plan_does_not_know_is_not_found(sqlite_house: House) -> None:
    row = row_of(sqlite_house)
    with pytest.raises(Problem) as caught:
        targets(sqlite_house, row, "P-unknown")
    assert caught.value.status == 404


def test_a_plan_that_is_looked_at_is_opened_ahead_but_takes_nobodys_place(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at, *asked = [row_of(sqlite_house) for _ in range(MOST_OPEN + 1)]
    open_ahead(sqlite_house.core, looked_at)
    process = process_of(looked_at)
    assert len(targets(sqlite_house, looked_at)) == 6
    assert process_of(looked_at) == process
    for row in asked:
        targets(sqlite_house, row)
    open_ahead(sqlite_house.core, looked_at)
    assert set(plan_keeper._KEEPERS._open) == {row.id for row in asked}
    monkeypatch.setattr(plan_keeper, "RESTING_SECONDS", 0.0)
    open_ahead(sqlite_house.core, looked_at)
    assert looked_at.id in plan_keeper._KEEPERS._open


def test_who_finds_all_busy_waits_and_who_waits_for_one_that_gave_way_gets_another(sqlite_house: House) -> None:
    *rows, one_more = [row_of(sqlite_house) for _ in range(MOST_OPEN + 1)]
    for row in rows:
        targets(sqlite_house, row)
    busy = [plan_keeper._KEEPERS._open[row.id] for row in rows]
    for keeper in busy:
        keeper.lock.acquire()
    with ThreadPoolExecutor(2) as others:
        waiting = [others.submit(targets, sqlite_house, row) for row in (one_more, rows[1])]
        assert not wait(waiting, timeout=0.3).done
        plan_keeper._KEEPERS._open.pop(rows[1].id).end()
        for keeper in busy:
            keeper.lock.release()
        assert [len(one.result(timeout=20)) for one in waiting] == [6, 6]


def test_more_small_plans_than_large_ones_are_open_at_once(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row_of(sqlite_house) for _ in range(MOST_OPEN + 1)]
    monkeypatch.setattr(plan_keeper, "SMALL_BYTES", 2**20)
    for row in rows:
        open_ahead(sqlite_house.core, row)
    assert set(plan_keeper._KEEPERS._open) == {row.id for row in rows}
    monkeypatch.setattr(plan_keeper, "SMALL_BYTES", 0)
    targets(sqlite_house, row_of(sqlite_house))
    assert len(plan_keeper._KEEPERS._open) == MOST_OPEN
