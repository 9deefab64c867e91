"""A whole service that is killed, told to end, and robbed of its database: the trials of the benchmark, small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.service.kills import Trial, run_trial
from benchmarks.service.living import Postgres
from benchmarks.service.load import MOST_OPEN

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    postgres = Postgres(tmp_path_factory.mktemp("kills") / "postgres")
    yield postgres
    postgres.end()


def worse_than_busy(trial: Trial) -> int:
    return sum(count for status, count in trial.told.statuses.items() if status >= 500 and status != 503)


@pytest.mark.parametrize(
    ("what", "database", "count"),
    [
        ("kills", "sqlite", 12),
        ("kills", "postgresql", 12),
        ("machines", "postgresql", 3),
        ("ends", "sqlite", 3),
        ("power", "postgresql", 3),
    ],
)
def test_every_promise_is_kept(what: str, database: str, count: int, own_postgres: Postgres, tmp_path: Path) -> None:
    postgres = own_postgres if database == "postgresql" else None
    trial = run_trial(what, database, count, 5.0, 1, tmp_path / "data", postgres)
    assert trial.broken == []
    assert worse_than_busy(trial) == 0
    assert all(seconds <= 30 for seconds in trial.exits)
    assert len(trial.told.runs) >= min(count, MOST_OPEN)  # how many more depends on how fast the machine is
