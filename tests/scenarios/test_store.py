"""Results: each run whole or not there at all, and finished ones known by their inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scenarios import store as store_module
from scenarios.document import ScenarioDocument
from scenarios.outcome import Outcome
from scenarios.rows import IndicatorRow, LevelRow, Row, as_rows, as_table
from scenarios.scenario import Run
from scenarios.store import Store, read_rows

DOCUMENT = ScenarioDocument.model_validate(
    {"title": "", "title_en": "", "policy": "kalmykia", "roster": {"size": "school"}}
)
RUN = Run(name="load[a=1]", scenario="load", digest="d1", settings=DOCUMENT, policy={}, files="f", axes={"a": 1})
ROW = Row(
    run="load[a=1]",
    scenario="load",
    digest="d1",
    axes={"a": 1},
    status="optimal",
    value=-3.0,
    bound=0.0,
    gap=1.0,
    levels=(LevelRow(name="SO-01:1", value=2, bound=3, proof="solver"),),
    session_levels=(LevelRow(name="missing", value=2, bound=None),),
    indicators=(IndicatorRow(period="before", id="I-03", part="", value=None, unit="percent", plan=70.0),),
    figures={"pairs": 2.0},
    seconds={"whole": 0.5},
)


def test_rows_survive_the_table() -> None:
    assert as_rows(as_table([ROW, replace(ROW, run="b", error="no")])) == (ROW, replace(ROW, run="b", error="no"))


def test_a_finished_run_is_known_by_its_inputs(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.finished(RUN) is None
    store.keep(RUN, Outcome(row=ROW, files={"plan.json": b"{}"}))
    assert store.finished(RUN) == ROW
    assert store.finished(replace(RUN, digest="d2")) is None
    assert (store.files_of(RUN) / "plan.json").read_bytes() == b"{}"
    assert read_rows(tmp_path) == (ROW,)


def test_a_run_that_failed_is_tried_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep(RUN, Outcome(row=Row(run=RUN.name, scenario="load", digest="d1", error="no memory")))
    assert store.finished(RUN) is None
    assert [row.error for row in read_rows(tmp_path)] == ["no memory"]


@pytest.mark.parametrize("broken", ["write_table", "as_table"])
def test_a_run_that_is_killed_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    store = Store(tmp_path)
    store.keep(RUN, Outcome(row=ROW, files={"plan.json": b"old"}))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store_module, broken, die)
        with pytest.raises(KeyboardInterrupt):
            store.keep(RUN, Outcome(row=ROW, files={"plan.json": b"new"}))
    store.tidy()
    assert store.finished(RUN) is None
    assert read_rows(tmp_path) == ()
    store.keep(RUN, Outcome(row=ROW, files={"plan.json": b"new"}))
    assert store.finished(RUN) == ROW
    assert [file.name for file in (tmp_path / "files").iterdir()] == [store.files_of(RUN).name]


def test_a_half_file_is_no_result(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep(RUN, Outcome(row=ROW))
    (file,) = (tmp_path / "rows").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert store.finished(RUN) is None
