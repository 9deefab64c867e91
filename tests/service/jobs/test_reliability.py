"""What must hold whatever breaks: poison, deaths, ends, losses of the queue, other people's jobs."""

from __future__ import annotations

import base64
import json
import os
import pickletools
import signal
import sqlite3
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy import text as sql
from sqlmodel import select

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.audit import broken_links
from service.jobs import process, solving
from service.jobs.folders import place_of_work, work_folder
from service.jobs.lease import open_lease
from service.jobs.library import system_url
from service.jobs.port import Outcome, Reason, RunStatus
from service.jobs.queue import QueuedJobs
from service.jobs.retention import remove_old
from service.jobs.solving import MAX_ATTEMPTS, MAX_FAILURES
from service.tables.access import Role
from service.tables.columns import now
from service.tables.rounds import PlanFileRow, Round, Run
from tests.service.conftest import House
from tests.service.jobs import poison
from tests.service.jobs.conftest import ended, working
from tests.service.jobs.made import house_round, new_run, run_of, tiny_roster

POISONED = (sys.executable, str(Path(poison.__file__)))


def with_settings(house: House, **changed: object) -> House:
    core = replace(house.core, settings=house.core.settings.model_copy(update=changed))
    house.core = house.client.app.state.core = core  # type: ignore[attr-defined]
    return house


def test_poison_is_given_up_and_others_are_solved(busy_sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "STOP_SECONDS", 0.3)
    house = with_settings(
        busy_sqlite_house, solve_memory=2**29, solve_grace_seconds=0.2, jobs_per_worker=2, runs_per_area=4
    )
    expected = {poison.SEGV: Reason.CRASHED, poison.MEMORY: Reason.MEMORY, poison.ENDLESS: Reason.TIME}
    round_id = house_round(house)
    limits = {poison.ENDLESS: 0.1}
    bad = {seed: new_run(house.core, round_id, seed=seed, time_limit=limits.get(seed, 20)) for seed in expected}
    good = new_run(house.core, house_round(house, "s12"), time_limit=20)
    also_good = new_run(house.core, round_id, time_limit=20)
    with working(house.core, command=POISONED):
        runs = {seed: ended(house.core, run_id) for seed, run_id in bad.items()}
        assert [ended(house.core, one).outcome for one in (good, also_good)] == [Outcome.PLANNED] * 2
    assert {seed: run.reason for seed, run in runs.items()} == expected
    for run in runs.values():
        assert (run.status, run.outcome, run.attempts) == (RunStatus.FAILED, Outcome.GAVE_UP, MAX_FAILURES)
    shown = house.client.get(f"/api/v1/runs/{bad[poison.SEGV]}", headers=house.headers(Role.CURATOR)).json()
    assert (shown["status"], shown["reason"]) == ("failed", "crashed")
    assert shown["message"].startswith("Расчёт прекращён после 5 попыток: расчёт аварийно прервался")
    assert list(place_of_work(house.core.settings.folder).iterdir()) == []


def test_a_run_that_is_stopped_keeps_the_best(busy_house: House) -> None:
    core, client = busy_house.core, busy_house.client
    curator = busy_house.headers(Role.CURATOR)
    run_id = new_run(core, house_round(busy_house), seed=poison.SLOW, time_limit=5)
    with working(core, command=POISONED):
        until_running(busy_house, run_id)
        shown = client.get(f"/api/v1/runs/{run_id}", headers=curator).json()
        assert (shown["progress"]["value"], shown["progress"]["bound"], shown["progress"]["gap"]) == (1, 2, 1)
        assert client.delete(f"/api/v1/runs/{run_id}", headers=curator).json()["stop_asked"]
        time.sleep(1.0)
        for folder in place_of_work(core.settings.folder).iterdir():
            (folder / "go").touch()
        run = ended(core, run_id)
    assert (run.status, run.outcome) == (RunStatus.CANCELLED, Outcome.PLANNED)
    assert client.get(f"/api/v1/runs/{run_id}/plan", headers=curator).status_code == 200


def until_running(house: House, run_id: str) -> None:
    last = time.monotonic() + 30
    while run_of(house.core, run_id).value is None:
        assert time.monotonic() < last
        time.sleep(0.05)


def test_a_worker_that_ends_hands_back_what_it_does(busy_house: House) -> None:
    core = busy_house.core
    run_id = new_run(core, house_round(busy_house), seed=poison.SLOW, time_limit=5)
    with working(core, command=POISONED):
        until_running(busy_house, run_id)
    run = run_of(core, run_id)
    assert (run.status, run.attempts) == (RunStatus.QUEUED, 0)
    assert core.jobs.result(run_id, 0).status == RunStatus.QUEUED
    with working(core):
        assert ended(core, run_id).outcome == Outcome.PLANNED
    with core.database.reading() as session:
        assert len(session.exec(select(PlanFileRow)).all()) == 1


def test_a_run_is_taken_over_from_a_dead_worker(busy_house: House) -> None:
    core = busy_house.core
    run_id = new_run(core, house_round(busy_house), seed=poison.SLOW, time_limit=5)
    pid = os.fork()
    if pid == 0:  # a worker that dies in the middle
        core.database.engine.dispose(close=False)
        alone = replace(core, jobs=QueuedJobs(core.database))
        with working(alone, command=POISONED):
            time.sleep(600)
        os._exit(0)
    try:
        until_running(busy_house, run_id)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    folders = list(place_of_work(core.settings.folder).iterdir())
    assert len(folders) == 1
    began = time.monotonic()
    with working(core):
        run = ended(core, run_id)
    assert time.monotonic() - began < 30
    assert (run.outcome, run.attempts) == (Outcome.PLANNED, 2)
    assert list(place_of_work(core.settings.folder).iterdir()) == []
    with core.database.reading() as session:
        assert len(session.exec(select(PlanFileRow)).all()) == 1
        assert list(broken_links(session)) == []


@pytest.mark.parametrize("status", [RunStatus.QUEUED, RunStatus.RUNNING])
def test_a_run_the_queue_does_not_know_is_remembered(busy_sqlite_house: House, status: RunStatus) -> None:
    """Its asker died between two writes; or the tables were restored from a backup, the queue was not."""
    core = busy_sqlite_house.core
    run_id = new_run(core, house_round(busy_sqlite_house), queue=False)
    with core.database.writing() as session:
        run = session.get_one(Run, run_id)
        run.created_at, run.status = now() - timedelta(minutes=1), status
        run.attempts = 1 if status == RunStatus.RUNNING else 0
    with working(core):
        run = ended(core, run_id)
    assert (run.outcome, run.attempts) == (Outcome.PLANNED, 2 if status == RunStatus.RUNNING else 1)


def test_what_breaks_outside_the_solver_is_tried_again_and_told(
    busy_sqlite_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    core = busy_sqlite_house.core
    monkeypatch.setattr(solving, "build_inputs", broken_inputs)
    run_id = new_run(core, house_round(busy_sqlite_house))
    with working(core):
        run = ended(core, run_id)
    assert "KeyError" in caplog.text
    assert "Иванова" not in caplog.text
    assert (run.outcome, run.reason, run.attempts) == (Outcome.GAVE_UP, Reason.CRASHED, MAX_FAILURES)


def test_input_that_is_wrong_before_the_solver_is_told(
    busy_sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = busy_sqlite_house.core
    monkeypatch.setattr(solving, "build_inputs", wrong_inputs)
    run_id = new_run(core, house_round(busy_sqlite_house))
    with working(core):
        run = ended(core, run_id)
    assert (run.status, run.outcome, run.attempts) == (RunStatus.FAILED, Outcome.WRONG_INPUT, 1)
    shown = busy_sqlite_house.client.get(f"/api/v1/runs/{run_id}", headers=busy_sqlite_house.headers(Role.CURATOR))
    assert [fault["place"] for fault in shown.json()["faults"]] == ["roster"]


def broken_inputs(*_: object, **__: object) -> None:
    raise KeyError("Иванова Мария")


def wrong_inputs(*_: object, **__: object) -> None:
    raise InputError([Fault("roster", text("there is no such file"))])


def test_areas_have_their_turn_and_no_area_runs_more_than_it_may(busy_sqlite_house: House) -> None:
    house = with_settings(busy_sqlite_house, jobs_per_worker=3, runs_per_area=2)
    core = house.core
    rounds = house_round(house), house_round(house, "s12")
    many = [new_run(core, rounds[0], seed=poison.SLOW) for _ in range(4)]
    one = new_run(core, rounds[1])
    with working(core, command=POISONED):
        assert ended(core, one).outcome == Outcome.PLANNED
        states = [run_of(core, run_id).status for run_id in many]
    assert states.count(RunStatus.RUNNING) <= 2
    assert states.count(RunStatus.QUEUED) >= 2


def test_the_tables_of_the_queue_hold_identifiers_only(busy_house: House) -> None:
    core = busy_house.core
    run_id = new_run(core, house_round(busy_house))
    with working(core):
        ended(core, run_id)
    engine = create_engine(system_url(core.database.url))
    schema = "dbos" if engine.dialect.name == "postgresql" else None
    names = {word for person in tiny_roster().people for word in (person.id, *person.name.split())}
    cells = 0
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names(schema):
            rows = connection.execute(sql(f'SELECT * FROM {"dbos." if schema else ""}"{table}"'))
            for row in rows.mappings():
                for column, cell in row.items():
                    cells += 1
                    assert not is_pickle(cell), (table, column)
                    assert not names & set(str(cell).replace('"', " ").split()), (table, column)
                    if column == "serialization" and cell is not None:
                        assert cell == "portable_json"
        assert cells > 20
        inputs = connection.execute(sql(f"SELECT inputs FROM {'dbos.' if schema else ''}workflow_input")).scalars()
        assert [json.loads(cell)["positionalArgs"] for cell in inputs] == [[run_id]]
    engine.dispose()


def is_pickle(cell: object) -> bool:
    content = cell if isinstance(cell, bytes) else str(cell).encode()
    for candidate in (content, decoded(content)):
        if candidate.startswith(b"\x80"):
            try:
                list(pickletools.genops(candidate))
            except ValueError:
                continue
            return True
    return False


def decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        return b""


def test_is_pickle_sees_pickles() -> None:
    assert is_pickle(b"\x80\x04N.")
    assert is_pickle(base64.b64encode(b"\x80\x04N.").decode())
    assert not is_pickle('{"positionalArgs":[]}')


def test_only_the_holder_of_a_run_ends_it(busy_house: House) -> None:
    from service.jobs.results import Found, end_with

    core = busy_house.core
    run_id = new_run(core, house_round(busy_house), queue=False)
    with core.database.writing() as session:
        run = session.get_one(Run, run_id)
        run.status, run.attempts = RunStatus.RUNNING, 2
    found = Found(outcome=Outcome.NOTHING_PLACED, summary={}, faults=[])
    assert [end_with(core, run_id, attempt, found) for attempt in (1, 2, 2)] == [False, True, False]
    assert run_of(core, run_id).status == RunStatus.SUCCEEDED


def test_nobody_keeps_a_lease_after_dying(any_url: str) -> None:
    mine, other = open_lease(any_url, "mine"), open_lease(any_url, "other")
    assert mine.keep()
    assert other.keep()
    with mine.dead("other") as is_dead:
        assert not is_dead
    other.release()
    with mine.dead("other") as is_dead:
        assert is_dead
    with mine.alone("work") as first, mine.dead("mine") as myself:
        assert first
        assert not myself
    mine.release()


def test_a_lost_lease_is_taken_again(postgres_url: str) -> None:
    mine, other = open_lease(postgres_url, "mine"), open_lease(postgres_url, "other")
    assert mine.keep()
    assert other.keep()
    plain = postgres_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
    assert [mine.keep() for _ in range(2)] == [False, True]
    mine.release()
    other.release()


def test_folders_of_the_dead_are_removed_and_of_the_living_kept(busy_sqlite_house: House) -> None:
    core = busy_sqlite_house.core
    place = place_of_work(core.settings.folder)
    living = open_lease(core.database.url, "living")
    assert living.keep()
    (place / "run.dead").mkdir(parents=True)
    with work_folder(place, "run", "living") as kept:
        assert kept.stat().st_mode & 0o077 == 0
        with working(core):
            assert [path.name for path in place.iterdir()] == ["run.living"]
    living.release()


def test_old_runs_are_removed_but_not_the_plan_of_a_round(busy_sqlite_house: House) -> None:
    core = busy_sqlite_house.core
    round_id = house_round(busy_sqlite_house)
    with working(core):
        old, used = (ended(core, new_run(core, round_id)).id for _ in range(2))
    with core.database.writing() as session:
        for run in session.exec(select(Run)):
            run.ended_at = now() - timedelta(days=core.settings.keep_finished_runs_days + 1)
        assert session.get_one(Round, round_id).plan_id is not None
    jobs = QueuedJobs(core.database)
    file = system_url(core.database.url).removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE workflow_status SET completed_at = completed_at - 1000 * 86400 * 200")
    assert remove_old(core, jobs) == 1
    assert jobs.list() == []
    with core.database.reading() as session:
        assert [run.id for run in session.exec(select(Run))] == [used]
        assert [row.run_id for row in session.exec(select(PlanFileRow))] == [used]
    assert old != used
    jobs.close()


def test_a_job_the_queue_has_given_up_ends_its_run_with_a_reason(busy_sqlite_house: House) -> None:
    core = busy_sqlite_house.core
    run_id = new_run(core, house_round(busy_sqlite_house))
    file = system_url(core.database.url).removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE workflow_status SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED', queue_name = NULL")
    with working(core):
        run = ended(core, run_id)
    assert (run.status, run.outcome, run.reason) == (RunStatus.FAILED, Outcome.GAVE_UP, Reason.WORKER_LOST)
    headers = {**busy_sqlite_house.headers(Role.CURATOR), "Accept-Language": "en"}
    shown = busy_sqlite_house.client.get(f"/api/v1/runs/{run_id}", headers=headers).json()
    assert "the machines that worked on it failed" in shown["message"]


def test_a_worker_that_always_dies_gives_the_run_up(busy_sqlite_house: House) -> None:
    core = busy_sqlite_house.core
    run_id = new_run(core, house_round(busy_sqlite_house))
    with core.database.writing() as session:
        run = session.get_one(Run, run_id)
        run.status, run.attempts = RunStatus.RUNNING, MAX_ATTEMPTS
    with working(core):
        run = ended(core, run_id)
    assert (run.outcome, run.reason, run.attempts) == (Outcome.GAVE_UP, Reason.WORKER_LOST, MAX_ATTEMPTS)
