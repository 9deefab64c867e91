"""The search from a short list finds what the search over everything finds, and says so honestly."""

from __future__ import annotations

import pytest

from matcher.candidates.build import build_candidates
from matcher.generate.roster import PRESETS, generate_roster
from matcher.io.policy_toml import read_policy
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.incumbent import Incumbent, is_valid
from matcher.pairing.integer.solve import solve_exact
from matcher.pairing.integer.wide import WideSearch, solve_wide
from matcher.pairing.problem import PairingProblem


def round_of(policy_id: str, size: str, seed: int) -> PairingProblem:
    roster = generate_roster(**PRESETS[size], seed=seed, policy_id=policy_id)
    return build_candidates(roster, read_policy(policy_id)).problem


@pytest.mark.parametrize(("policy_id", "seed"), [("kalmykia", 3), ("smolensk_school_23", 4), ("dalnerechensk", 5)])
def test_the_short_list_decides_the_levels_of_people_and_requests_as_well_as_everything(
    policy_id: str, seed: int
) -> None:
    problem = round_of(policy_id, "small", seed)
    whole, listed = Incumbent(problem), Incumbent(problem)
    solve_exact(whole, Effort(60.0))
    solve_wide(listed, Effort(60.0))
    headline = problem.headline % problem.num_levels
    assert is_valid(problem, listed.pairing)
    assert listed.values[:headline] == whole.values[:headline]
    # A level that the short list calls settled has the value that the whole search has proved.
    for level in range(problem.num_levels):
        if not listed.is_proved(level) or listed.values[:level] != whole.values[:level]:
            break
        assert listed.values[level] >= whole.values[level]


def test_there_is_a_plan_before_the_search_begins() -> None:
    problem = round_of("kalmykia", "small", 3)
    best = Incumbent(problem)
    search = WideSearch(best, Effort(60.0), 0)
    search.offer_first_plan()
    assert len(best.pairing.option) > problem.num_mentees // 2
    assert is_valid(problem, best.pairing)


def test_a_work_limit_gives_the_same_plan_again() -> None:
    problem = round_of("kalmykia", "small", 3)
    plans = []
    for _ in range(2):
        best = Incumbent(problem)
        solve_wide(best, Effort(float("inf"), 40))
        plans.append(best.pairing.option.tolist())
    assert plans[0] == plans[1]
    assert len(plans[0]) > problem.num_mentees // 2
