"""The eight questions of a municipality as they come with the program: the facts that must hold."""

from __future__ import annotations

import pytest

from scenarios.compute import compute_run
from scenarios.expected import read_expected, surprises
from scenarios.reading import read_scenario
from scenarios.runs import expand
from tests.scenarios.balance.test_sideways import BALANCING


@pytest.mark.slow
@pytest.mark.parametrize("name", BALANCING)
def test_a_question_is_answered_as_well_as_before(name: str) -> None:
    scenario = read_scenario(name)
    expected = read_expected(scenario.folder)
    assert expected is not None
    coverage = []
    for run in expand(scenario):
        row = compute_run(run, scenario.files).row
        assert [str(message) for message in surprises(row, expected)] == []
        coverage.append(row.figures["coverage"])
    assert len(coverage) == 1 or min(coverage) < max(coverage)
