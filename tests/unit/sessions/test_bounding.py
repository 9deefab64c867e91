"""Bounds beside the search: a fault in them costs no plan."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from matcher.outcome import Proof, SolveStatus
from matcher.sessions.bound import solve as bounds
from matcher.sessions.bounding import Bounds
from matcher.sessions.certificate import SessionCertificate
from matcher.sessions.problem import SessionProblem
from matcher.sessions.solve import solve_sessions
from matcher.sessions.verify import violations
from tests.unit.sessions.test_solve import one_slot

LIMITS: list[dict[str, Any]] = [{"time_limit": 2.0}, {"work_limit": 100}]


def contested() -> SessionProblem:
    """Return two activities of one mentor that have one slot: each could have both days by itself."""
    return one_slot(member_person=[0, 1, 0, 2], lead=[0, 0])


def fail(*_: object, **__: object) -> None:
    raise MemoryError("no room for the prices")


@pytest.mark.parametrize("limits", LIMITS)
def test_a_fault_in_the_bounds_keeps_the_plan(
    limits: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bounds.SessionBounds, "missing", fail)
    with caplog.at_level(logging.ERROR, "matcher"):
        result = solve_sessions(contested(), **limits)
    assert not violations(contested(), result.sessions)
    assert len(result.sessions.day) == 2
    assert "computing them failed" in caplog.text
    assert "no room for the prices" in caplog.text
    # What activities prove by themselves needs no prices.
    missing = result.levels[0]
    assert all(certificate.prices.scale == 1 for certificate in result.certificates)
    assert missing.value == 2
    assert (missing.bound, missing.proof) in ((0, None), (2, Proof.SOLVER))


@pytest.mark.parametrize("limits", LIMITS)
def test_bounds_that_cannot_be_recomputed_are_unknown(
    limits: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(SessionCertificate, "bound", fail)
    with caplog.at_level(logging.ERROR, "matcher"):
        result = solve_sessions(contested(), **limits)
    assert not violations(contested(), result.sessions)
    assert "they are unknown" in caplog.text
    assert result.certificates == ()
    assert all(level.bound is None or level.proof is Proof.SOLVER for level in result.levels[:1])


def test_a_plan_of_unknown_bounds_is_not_called_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds.SessionBounds, "missing", fail)
    monkeypatch.setattr(Bounds, "_certify", fail)
    result = solve_sessions(contested(), work_limit=0)
    assert result.status is SolveStatus.FEASIBLE
    assert [(level.bound, level.proof) for level in result.levels if level.name != "cost"] == [(None, None)] * 2


def test_a_plan_proved_by_search_still_gets_a_proof_that_anyone_can_re_check() -> None:
    result = solve_sessions(contested(), work_limit=5_000)
    assert [level.proof for level in result.levels[:2]] == [Proof.CERTIFICATE] * 2
    assert [certificate.bound(contested()) for certificate in result.certificates] == [2, 1]


def test_without_bounds_there_are_no_certificates() -> None:
    assert solve_sessions(contested(), work_limit=100, with_bounds=False).certificates == ()
