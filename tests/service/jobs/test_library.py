"""What is used of the job library beyond its public words: it fails here first when a new version has it no more."""

from __future__ import annotations

import inspect
from pathlib import Path

from dbos import DBOS

from service.jobs import library
from service.jobs.solving import MAX_ATTEMPTS


def test_the_library_still_puts_back_the_jobs_of_the_dead() -> None:
    parameters = inspect.signature(DBOS._recover_pending_workflows).parameters
    assert list(parameters) == ["executor_ids"]


def test_its_inside_is_touched_in_one_place() -> None:
    folder = Path(library.__file__).parents[1]
    found = [path.name for path in folder.rglob("*.py") if "DBOS._" in path.read_text(encoding="utf-8")]
    assert found == ["library.py"]


def test_a_job_may_lose_its_worker_as_often_as_its_run_may_begin() -> None:
    assert library.MAX_RECOVERIES == MAX_ATTEMPTS == 20
    decision = Path(library.__file__).parents[2] / "docs" / "decisions" / "0013-the-run-row-is-the-truth.md"
    assert f"MAX_RECOVERIES = {library.MAX_RECOVERIES}" in decision.read_text(encoding="utf-8")
