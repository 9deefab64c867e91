"""Laws of short sets and smaller rounds, over all plans of tiny problems."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.explain.search.occupancy import Occupancy
from matcher.explain.search.reach import Ways, reach_from
from matcher.explain.search.shortage import build_shortage
from matcher.explain.search.shortage_check import is_covered, is_short_by_count
from matcher.explain.search.trial import Trial
from matcher.explain.search.variants import keep_options, with_companions
from matcher.outcome import Proof
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values, violations
from tests.brute_force import BruteForcePlan, all_plans, best_plans
from tests.strategies_pairing import problems

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pairing_of(problem: PairingProblem, plan: BruteForcePlan) -> Pairing:
    groups = dict(plan.slot_of_group)
    return Pairing.of(problem, list(plan.options), list(groups), list(groups.values()))


@given(problems())
@MANY
def test_no_plan_serves_more_of_a_short_set_than_is_said(problem: PairingProblem) -> None:
    pairing = pairing_of(problem, best_plans(problem)[0])
    state = Occupancy.of(problem, pairing)
    kept = set(np.flatnonzero(problem.locked).tolist())
    plans = [plan for plan in all_plans(problem) if kept <= set(plan.options)]
    for mentee in np.setdiff1d(np.arange(problem.num_mentees), pairing.mentee).tolist():
        reach = reach_from(Ways(state, with_groups=True), mentee)
        if not reach.is_closed or not (reach.mentor_via or reach.quota_via):
            continue
        found = build_shortage(state, [reach])
        assert is_covered(problem, found)
        by_places = sum(found.places) + sum(found.room) <= found.most_served
        if found.proof is Proof.CERTIFICATE and by_places:
            assert is_short_by_count(problem, found)
        inside = set(found.mentees)
        most = max((_served(problem, plan, inside) for plan in plans), default=0)
        assert found.proof is None or most <= found.most_served < len(inside)


def _served(problem: PairingProblem, plan: BruteForcePlan, mentees: set[int]) -> int:
    return len(mentees.intersection(problem.mentee[list(plan.options)].tolist()))


@given(problems(), st.data())
@MANY
def test_a_smaller_round_says_the_same_of_its_plans(problem: PairingProblem, data: st.DataObject) -> None:
    wanted = np.array(
        data.draw(st.lists(st.booleans(), min_size=problem.num_options, max_size=problem.num_options)), dtype=bool
    )
    kept = with_companions(problem, wanted)
    small, old = keep_options(problem, kept), np.flatnonzero(kept)
    for plan in all_plans(small):
        here = pairing_of(small, plan)
        whole = Pairing.of(problem, old[here.option], here.open_group, here.slot)
        assert level_values(problem, whole) == level_values(small, here) == plan.values
        assert {(v.rule, v.message) for v in violations(problem, whole) if v.rule not in ("HR-22", "least")} == set()


@given(problems(), st.data())
@MANY
def test_a_trial_says_of_an_exchange_what_the_whole_round_says(problem: PairingProblem, data: st.DataObject) -> None:
    pairing = pairing_of(problem, data.draw(st.sampled_from(list(all_plans(problem)))))
    if not problem.num_options:
        return
    option = data.draw(st.integers(0, problem.num_options - 1))
    found = Trial(problem, pairing, np.array([option])).outcome([option])
    added = Pairing.of(problem, np.union1d(pairing.option, [option]), pairing.open_group, pairing.slot)
    known = {(v.rule, v.subjects) for v in violations(problem, pairing)}
    is_valid = {(v.rule, v.subjects) for v in violations(problem, added)} <= known
    assert (found is not None) == is_valid
    if found is not None:
        assert found.values == level_values(problem, added)
