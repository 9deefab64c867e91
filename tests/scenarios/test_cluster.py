"""Many runs on worker processes: each is computed, none is lost, doubled or blamed for its worker's death."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from matcher.errors import InputError
from scenarios import cluster as cluster_module
from scenarios.batch import run_batch
from scenarios.cluster import Job, open_cluster, run_all
from scenarios.compute import compute_run
from scenarios.rows import Row
from scenarios.runs import expand
from scenarios.store import read_rows
from tests.scenarios import work
from tests.scenarios.cases import TINY, made


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with open_cluster(jobs=2) as opened:
        yield opened


def test_every_job_comes_back_once_and_an_error_ends_one_alone(client: Client) -> None:
    jobs = (Job(key=f"job-{n}", argument=n, shared=("added",)) for n in range(12))
    found = {done.key: done for done in run_all(client, work.square, jobs, shared={"added": 100})}
    assert {key: done.value for key, done in found.items() if done.error is None} == {
        f"job-{n}": n * n + 100 for n in range(12) if n != 7
    }
    assert isinstance(found["job-7"].error, ValueError)


def test_jobs_are_taken_only_as_workers_become_free(client: Client) -> None:
    taken: list[int] = []

    def jobs() -> Iterator[Job]:
        for n in range(50):
            taken.append(n)
            yield Job(key=f"lazy-{n}", argument=n if n != 7 else 8)

    stream = run_all(client, work.square, jobs(), most_at_once=3)
    next(stream)
    assert len(taken) <= 5
    stream.close()


def test_a_job_whose_worker_died_is_computed_anew(client: Client, tmp_path: Path) -> None:
    jobs = [
        Job(key="dies", argument=str(tmp_path)),
        *(Job(key=f"beside-{n}", argument=str(tmp_path)) for n in range(3)),
    ]
    found = list(run_all(client, work.die_once, jobs))
    assert sorted(done.key for done in found) == sorted(job.key for job in jobs)
    assert [done.value for done in found] == ["alive"] * 4


def test_a_job_that_kills_every_worker_is_given_up_at_last(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "MOST_DEATHS", 1)
    (found,) = run_all(client, work.die, [Job(key="deadly", argument=0)])
    assert type(found.error).__name__ == "KilledWorker"


def test_an_address_without_a_cluster_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECT_SECONDS", "1s")
    with pytest.raises(InputError, match="no cluster answers"), open_cluster("tcp://127.0.0.1:9"):
        pass


def test_runs_on_a_cluster_of_others_equal_those_computed_here(tmp_path: Path) -> None:
    scenario = made(tmp_path, TINY + '[axes]\n"roster.seed" = { first = 1, last = 3 }\n')
    runs = expand(scenario)
    here = [compute_run(run, scenario.files).row.without_seconds() for run in runs]
    out, seen = tmp_path / "out", list[str]()

    def on_row(row: Row, done: int, total: int) -> None:
        assert (done, total) == (len(seen) + 1, 3)
        seen.append(row.run)

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1") as other:
        rows = run_batch(runs, [scenario.files], out, address=other.scheduler_address, on_row=on_row)
    assert [row.without_seconds() for row in rows] == here
    assert sorted(seen) == sorted(run.name for run in runs)
    assert read_rows(out) == tuple(sorted(rows, key=lambda row: row.run))

    def never(_: Client) -> None:
        raise AssertionError("nothing is left to do")

    assert run_batch(runs, [scenario.files], out, resume=True, on_start=never) == rows
