"""The whole way: statuses, objectives, the judge's last word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.outcome import Proof, SolveStatus
from matcher.pairing import solve as solve_module
from matcher.pairing.certificate import LevelPrices
from matcher.pairing.engine import EngineAnswer
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.solve import solve_pairing
from tests.unit.pairing.building import build


def test_a_flow_is_optimal_by_its_certificate() -> None:
    result = solve_pairing(PairingProblem.from_scores([[0.5, 1.25], [2.0, 4.0]]))
    assert (result.status, result.proof, result.engine) == (SolveStatus.OPTIMAL, Proof.CERTIFICATE, "flow")
    assert (result.value, result.bound, result.gap) == (4.5, 4.5, 0.0)
    assert result.pairing.mentor.tolist() == [0, 1]
    assert result.pairing.mentee.tolist() == [0, 1]


def test_an_edge_is_used_once_however_many_are_wanted() -> None:
    result = solve_pairing(PairingProblem.from_scores([[9, 1]], capacity=5, demand=3))
    assert (result.value, len(result.pairing.option)) == (10, 2)


def test_cover_first_prefers_people_to_points() -> None:
    problem = PairingProblem.from_scores([[9, 9], [1, 0]], forbidden=[[0, 0], [0, 1]], capacity=2)
    assert solve_pairing(problem).value == 18
    covered = solve_pairing(problem, objective="cover_first")
    assert (covered.value, covered.levels[0].name, covered.levels[0].value) == (10, "cover", 4)


def test_locks_are_kept_before_points() -> None:
    problem = PairingProblem.from_scores([[9, 1], [1, 9]], locked=[[0, 1], [0, 0]])
    result = solve_pairing(problem)
    assert (result.status, result.value) == (SolveStatus.OPTIMAL, 2)


def test_locks_that_exclude_each_other_are_infeasible_and_the_most_are_kept() -> None:
    problem = PairingProblem.from_scores([[1, 1], [1, 1]], locked=[[1, 1], [0, 1]])
    result = solve_pairing(problem)
    assert result.status is SolveStatus.INFEASIBLE
    assert {level.name: level.value for level in result.levels} == {"locks": 2, "points": 2}
    assert sorted(result.pairing.option.tolist()) == [0, 3]


def test_least_loads_come_before_points() -> None:
    problem = PairingProblem.from_scores([[9, 9], [1, 1]], capacity=2, min_load=[0, 1])
    result = solve_pairing(problem)
    assert (result.status, result.value) == (SolveStatus.OPTIMAL, 10)


@pytest.mark.parametrize("min_load", [[1, 2], [0, 5]])
def test_least_loads_out_of_reach_are_infeasible(min_load: list[int]) -> None:
    problem = PairingProblem.from_scores([[9, 9], [1, 1]], capacity=2, min_load=min_load)
    result = solve_pairing(problem)
    assert result.status is SolveStatus.INFEASIBLE
    assert len(result.pairing.option) == 2


def test_a_lock_nobody_counts_leaves_the_status_unknown() -> None:
    problem = build([(0, 0), (0, 1)], [1, 2], locked=np.array([True, False]))
    assert solve_pairing(problem).status is SolveStatus.UNKNOWN


def test_the_options_are_those_of_the_caller() -> None:
    problem = PairingProblem.from_edges([1, 0, 1, 0], [1, 1, 0, 0], [10, 2, 1, 10])
    result = solve_pairing(problem)
    assert result.pairing.option.tolist() == [0, 3]
    assert result.pairing.mentor.tolist() == [1, 0]


def fake(monkeypatch: pytest.MonkeyPatch, option: list[int], **changes: Any) -> None:
    def engine(problem: PairingProblem, form: object) -> EngineAnswer:
        prices = tuple(LevelPrices.zero(problem, k) for k in range(problem.num_levels))
        proved = (False,) * problem.num_levels
        answer = EngineAnswer(pairing=Pairing.of(problem, option), prices=prices, proved=proved, engine="fake")
        return replace(answer, **changes)

    monkeypatch.setattr(solve_module, "solve_flow", engine)


def test_an_engine_that_breaks_a_rule_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, [0, 1])
    with pytest.raises(AssertionError, match="HR-06"):
        solve_pairing(PairingProblem.from_scores([[1, 1]]))


def test_without_proof_the_result_is_only_feasible(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, [0])
    result = solve_pairing(PairingProblem.from_scores([[1, 3], [0, 2]]))
    assert (result.status, result.proof) == (SolveStatus.FEASIBLE, None)
    assert (result.value, result.bound, result.gap) == (1, 5, 4.0)


def test_a_search_proves_what_the_prices_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, [1], proved=(True,))
    result = solve_pairing(PairingProblem.from_scores([[1, 3], [0, 2]]))
    assert (result.status, result.proof, result.gap) == (SolveStatus.OPTIMAL, Proof.SOLVER, 0.0)
    assert result.bound == 5


def test_a_level_is_not_proved_below_one_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, [0], proved=(False, True))
    result = solve_pairing(PairingProblem.from_scores([[1, 3], [0, 2]]), objective="cover_first")
    assert [level.proof for level in result.levels] == [None, None]
    assert result.status is SolveStatus.FEASIBLE


@pytest.mark.shared
@pytest.mark.parametrize(
    ("size", "objective", "value", "covered"),
    [
        ("large", "total", 34_051, None),
        ("large", "cover_first", 34_048, (500, 500)),
        ("small", "cover_first", 1_997, (49, 50)),
    ],
)
def test_the_civil_service_sample(size: str, objective: Any, value: int, covered: tuple[int, int] | None) -> None:
    from benchmarks.instances import read_mentor_match

    result = solve_pairing(read_mentor_match(size).problem(), objective=objective)
    assert (result.status, result.proof, result.value) == (SolveStatus.OPTIMAL, Proof.CERTIFICATE, value)
    if covered is not None:
        assert (len(np.unique(result.pairing.mentor)), len(np.unique(result.pairing.mentee))) == covered


@pytest.mark.shared
@pytest.mark.parametrize(("year", "total"), [(2015, 1406.25), (2016, 949.50)])
def test_the_reviewer_bids(year: int, total: float) -> None:
    from benchmarks.instances import read_bids

    edges = read_bids(year)
    result = solve_pairing(edges.problem())
    assert (result.status, result.proof) == (SolveStatus.OPTIMAL, Proof.CERTIFICATE)
    assert result.value / edges.unit == total
