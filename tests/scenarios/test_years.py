"""The round of a country and its year of meetings by the same command: stopped, gone on with, on a cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from distributed import LocalCluster

from matcher.errors import InputError
from scenarios import batch
from scenarios.batch import run_batch
from scenarios.reading import read_scenario
from scenarios.rows import Row
from scenarios.runs import expand
from scenarios.scenario import Scenario
from scenarios.store import Store, read_rows
from scenarios.towns import TownRow
from tests.scenarios.cases import written

COUNTRY = Path(__file__).parents[2] / "scenarios" / "country" / "policy.toml"
CONTENT = f"""\
title = "Год"
title_en = "Year"
what = "country"
policy = "{COUNTRY}"
timetables = "made up"
work_limit = 5

[roster]
mentees = 10
mentors = 8
organisations = 8
municipalities = 4
seed = 2
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return read_scenario(written(tmp_path_factory.mktemp("years"), CONTENT))


def year(scenario: Scenario, out: Path, *, resume: bool = False, address: str | None = None, stop: int = 0) -> Row:
    """Return the row of the year; stop it, as a person would, after so many municipalities."""

    def on_town(_: TownRow, done: int, of: int) -> None:
        seen.append(done)
        assert done <= of
        if len(seen) == stop:
            raise KeyboardInterrupt

    seen: list[int] = []
    runs = expand(scenario)
    return run_batch(runs, [scenario.files], out, address=address, jobs=1, resume=resume, on_town=on_town)[0]


@pytest.fixture(scope="module")
def stopped(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Path, int], Row]:
    """Return the results of a year that was stopped after one municipality and gone on with."""
    out = tmp_path_factory.mktemp("results")
    with pytest.raises(KeyboardInterrupt):
        year(scenario, out, stop=1)
    assert "sessions" not in read_rows(out)[0].figures, "the pairs are kept, the year is not there"
    stamps = {file: file.stat().st_mtime_ns for file in out.glob("towns/*/*.json")}
    return out, stamps, year(scenario, out, resume=True)


@pytest.mark.slow
def test_what_was_planned_before_the_stop_is_not_planned_again(stopped: tuple[Path, dict[Path, int], Row]) -> None:
    out, stamps, row = stopped
    assert len(stamps) == 2, "a plan and its row"
    assert {file: file.stat().st_mtime_ns for file in stamps} == stamps
    assert len(list(out.glob("towns/*/*.row.json"))) == row.figures["towns"] > 1


@pytest.mark.slow
def test_the_row_has_the_meetings_of_all_municipalities(
    scenario: Scenario, stopped: tuple[Path, dict[Path, int], Row]
) -> None:
    out, _, row = stopped
    towns = [json.loads(file.read_bytes()) for file in out.glob("towns/*/*.row.json")]
    assert row.violations == 0
    assert row.figures["pairs"] == sum(town["pairs"] for town in towns)
    assert 0 < row.figures["sessions"] == sum(town["sessions"] for town in towns)
    assert row.figures["sessions"] + row.figures["sessions.missing"] == row.figures["sessions.wanted"]
    (run,) = expand(scenario)
    assert Store(out).finished(run) == row
    assert (Store(out).files_of(run) / "proof.json").is_file()


@pytest.mark.slow
def test_a_cluster_gives_the_same_row(
    scenario: Scenario, stopped: tuple[Path, dict[Path, int], Row], tmp_path: Path
) -> None:
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1") as cluster:
        row = year(scenario, tmp_path, address=cluster.scheduler_address)
    assert row.without_seconds() == stopped[2].without_seconds()


@pytest.mark.slow
def test_a_municipality_that_cannot_be_planned_fails_its_run_alone(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("municipality 00001 could not be planned")

    with monkeypatch.context() as patched:
        patched.setattr(batch, "plan_country_year", fail)
        row = year(scenario, tmp_path)
    assert row.error is not None
    assert "municipality 00001" in row.error
    assert Store(tmp_path).finished(expand(scenario)[0]) is None


def test_timetables_of_a_country_are_made_up(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="made up"):
        read_scenario(written(tmp_path, CONTENT.replace('"made up"', '["maps/S-1.toml"]')))
