"""Where the real data lie, and an honest count of the tests that wait for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("MATCHER_SOLVE_NICE", "0")  # tests run beside each other wait for their solvers
SHARED = Path(os.environ.get("MATCHER_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data (tests that use it are marked `shared`)."""
    return SHARED / "data"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out tests on real data only where the whole folder is absent."""
    if SHARED.is_dir():
        return
    waiting = [item for item in items if item.get_closest_marker("shared")]
    config.stash[NOT_RUN] = [item.nodeid for item in waiting]
    config.hook.pytest_deselected(items=waiting)
    items[:] = [item for item in items if item not in waiting]


NOT_RUN: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the tests that were not run for want of the real data."""
    waiting = config.stash.get(NOT_RUN, [])
    if waiting:
        terminalreporter.section(f"{len(waiting)} tests on real data not run: no folder {SHARED}")
        for name in waiting:
            terminalreporter.line(name)
