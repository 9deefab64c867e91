"""Requests nobody foresaw (S12): no fault of the program, nothing undocumented, one line for each entry of the log."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from service.tables.access import Role
from service.web.logs import set_up_logs
from tests.service.quality.fuzzing import Fuzzed, fuzz
from tests.service.quality.world import World

SEED = 20261121


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a running service would have written to its log."""
    written = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    monkeypatch.setattr(sys, "stderr", written)
    set_up_logs("info")
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (Role.CURATOR, "s11"),
        pytest.param(Role.MENTOR, "s11", marks=pytest.mark.slow),
        pytest.param(Role.MUNICIPAL_OPERATOR, "m1", marks=pytest.mark.slow),
        pytest.param(Role.HEAD, "s11", marks=pytest.mark.slow),
        pytest.param(Role.ADMINISTRATOR, "m1", marks=pytest.mark.slow),
    ],
)
def test_nothing_unforeseen_is_answered(sqlite_world: World, log: io.StringIO, role: Role, area: str) -> None:
    found = Fuzzed()
    found.add(fuzz(sqlite_world, role, area, seed=SEED, max_calls=150, num_operations=5))
    found.add(fuzz(sqlite_world, role, area, seed=SEED, max_calls=150, coverage=False, num_operations=40))
    assert found.wrong == {}
    assert found.calls.total() >= 150
    lines = log.getvalue().splitlines()
    assert len(lines) >= found.calls.total()
    for line in lines:
        assert json.loads(line)["event"]


def test_a_fault_of_the_program_is_found(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.routes.areas.cut", lambda *given: 1 / 0)
    found = fuzz(sqlite_world, Role.HEAD, "s11", seed=SEED, max_calls=20, only="GET /api/v1/areas")
    assert any(name.startswith("GET /api/v1/areas") for name in found.wrong)
