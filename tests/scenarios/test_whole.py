"""The five regulations: the whole path, and the facts that must hold."""

from __future__ import annotations

import pytest

from scenarios.compute import compute_run
from scenarios.expected import read_expected, surprises
from scenarios.reading import read_scenario
from scenarios.runs import expand
from tests.scenarios.test_reading import REGULATIONS


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(REGULATIONS))
def test_a_whole_round_is_as_good_as_before(name: str) -> None:
    scenario = read_scenario(name)
    (run,) = expand(scenario)
    expected = read_expected(scenario.folder)
    assert expected is not None
    row = compute_run(run, scenario.files).row
    assert [str(message) for message in surprises(row, expected)] == []
