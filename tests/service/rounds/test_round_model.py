"""A round driven at random, in a size that fits every run; benchmarks/service/round_model.py has more."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.service.rounds.round_model import RoundModel

TestRoundModel = RoundModel.TestCase
TestRoundModel.settings = settings(
    max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
