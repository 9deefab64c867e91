"""Laws of pairing, on random small problems, held against an enumeration of all plans."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchmarks.cpsat import solve_with_cpsat
from matcher.outcome import Proof, SolveStatus
from matcher.pairing.certificate import Certificate, level_bound
from matcher.pairing.flow.form import is_flow
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.solve import solve_pairing
from matcher.pairing.verify import level_values, violations
from tests.brute_force import all_plans, best_values
from tests.strategies_pairing import flow_problems, prices, problems

quick = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
slower = settings(quick, max_examples=40)


@quick
@given(flow_problems())
def test_a_flow_is_solved_as_well_as_by_enumeration_and_proved_by_its_certificate(problem: PairingProblem) -> None:
    assert is_flow(problem)
    result = solve_pairing(problem)
    assert result.engine == "flow"
    assert result.status is SolveStatus.OPTIMAL
    assert result.certificate.values == best_values(problem)
    assert result.certificate.holds(problem)
    assert all(level.proof is Proof.CERTIFICATE and level.bound == level.value for level in result.levels)


@quick
@given(problems())
def test_whatever_is_read_as_a_flow_is_one(problem: PairingProblem) -> None:
    assume(is_flow(problem))
    result = solve_pairing(replace(problem, locked=np.zeros(problem.num_options, dtype=bool)))
    assert result.certificate.values == best_values(problem)
    assert result.certificate.holds(problem)


@quick
@given(problems())
def test_the_judge_agrees_with_the_enumeration(problem: PairingProblem) -> None:
    valid = {plan.options: plan for plan in all_plans(problem)}
    for options, plan in valid.items():
        groups, slots = ([pair[i] for pair in plan.slot_of_group] for i in range(2))
        pairing = Pairing.of(problem, list(options), groups, slots)
        assert {v.rule for v in violations(problem, pairing)} <= {"HR-22"}
        assert level_values(problem, pairing) == plan.values


@quick
@given(problems(), st.data())
def test_the_judge_refuses_what_the_enumeration_refuses(problem: PairingProblem, data: st.DataObject) -> None:
    unlocked = replace(problem, locked=np.zeros(problem.num_options, dtype=bool))
    valid = {plan.options: plan for plan in all_plans(unlocked)}
    chosen = data.draw(st.lists(st.integers(0, max(0, problem.num_options - 1)), unique=True, max_size=4))
    options = tuple(sorted(chosen)) if problem.num_options else ()
    groups = sorted({int(g) for g in problem.group[list(options)] if g >= 0}) if options else []
    slots = [dict(valid[options].slot_of_group)[g] if options in valid else 0 for g in groups]
    found = violations(unlocked, Pairing.of(unlocked, list(options), groups, slots))
    if options in valid:
        assert not found
    elif problem.slots is None or not groups:
        assert found


@quick
@given(problems(max_options=7), st.data())
def test_any_prices_bound_every_plan(problem: PairingProblem, data: st.DataObject) -> None:
    plans = list(all_plans(problem))
    level = data.draw(st.integers(0, problem.num_levels - 1))
    kept = data.draw(st.sampled_from(plans)).values
    threshold = 0
    if problem.worst_off_level is not None:
        most = kept[problem.worst_off_level] if level > problem.worst_off_level else 8
        threshold = data.draw(st.integers(-1, most))
    any_prices = data.draw(prices(problem, level, threshold=threshold))
    best = max(plan.values[level] for plan in plans if plan.values[:level] == kept[:level])
    assert level_bound(problem, any_prices, level, kept) >= best


@quick
@given(flow_problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(problem: PairingProblem, random: object) -> None:
    order = np.arange(problem.num_options)
    random.shuffle(order)  # type: ignore[attr-defined]
    place = np.argsort(order)
    shuffled = replace(
        problem,
        mentor=problem.mentor[order],
        mentee=problem.mentee[order],
        points=problem.points[:, order],
        mentor_minutes=problem.mentor_minutes[order],
        mentee_minutes=problem.mentee_minutes[order],
        locked=problem.locked[order],
        cover_option=place[problem.cover_option],
        quota_option=place[problem.quota_option],
    )
    first, second = solve_pairing(problem), solve_pairing(shuffled)
    assert np.array_equal(np.sort(order[second.pairing.option]), first.pairing.option)
    assert first.certificate.values == second.certificate.values


@quick
@given(flow_problems(plain=True), st.data())
def test_one_more_edge_or_place_never_lowers_the_levels(problem: PairingProblem, data: st.DataObject) -> None:
    before = solve_pairing(problem).certificate.values
    mentor = data.draw(st.integers(0, problem.num_mentors - 1))
    places = problem.max_places.copy()
    places[mentor] += 1
    roomier = replace(problem, max_places=places, max_individual=places)
    assert solve_pairing(roomier).certificate.values >= before
    mentee = data.draw(st.integers(0, problem.num_mentees - 1))
    gain = data.draw(st.lists(st.integers(-3, 9), min_size=problem.num_levels, max_size=problem.num_levels))
    assume(not ((problem.mentor == mentor) & (problem.mentee == mentee)).any())
    richer = replace(
        problem,
        mentor=np.append(problem.mentor, mentor),
        mentee=np.append(problem.mentee, mentee),
        group=np.append(problem.group, -1),
        points=np.column_stack([problem.points, gain]),
        mentor_minutes=np.append(problem.mentor_minutes, 0),
        mentee_minutes=np.append(problem.mentee_minutes, 0),
        locked=np.append(problem.locked, False),
    )
    assert solve_pairing(richer).certificate.values >= before


@quick
@given(flow_problems(), st.data())
def test_wrong_values_are_not_proved(problem: PairingProblem, data: st.DataObject) -> None:
    certificate = solve_pairing(problem).certificate
    level = data.draw(st.integers(0, problem.num_levels - 1))
    values = list(certificate.values)
    values[level] += data.draw(st.sampled_from([-1, 1]))
    assert not Certificate(values=tuple(values), prices=certificate.prices).holds(problem)


@slower
@given(problems())
def test_the_plain_model_of_the_benchmarks_says_the_same_as_the_enumeration(problem: PairingProblem) -> None:
    answer = solve_with_cpsat(problem, workers=1)
    assert answer.proved
    assert answer.values == best_values(problem)
    assert answer.pairing is not None
    assert {v.rule for v in violations(problem, answer.pairing)} <= {"HR-22"}
    assert level_values(problem, answer.pairing) == answer.values


@slower
@given(flow_problems(max_options=16))
def test_a_flow_and_the_plain_model_agree(problem: PairingProblem) -> None:
    assert solve_pairing(problem).certificate.values == solve_with_cpsat(problem, workers=1).values


@slower
@given(problems(max_options=7))
def test_any_problem_is_solved_as_well_as_by_enumeration_and_never_beyond_its_bound(problem: PairingProblem) -> None:
    result = solve_pairing(problem, time_limit=60.0)
    assert result.certificate.values == best_values(problem)
    assert all(level.bound >= level.value for level in result.levels)
    assert {v.rule for v in violations(problem, result.pairing)} <= {"HR-22"}


@quick
@given(flow_problems())
def test_the_price_of_a_level_is_the_best_rate_of_exchange(problem: PairingProblem) -> None:
    result = solve_pairing(problem)
    values = result.certificate.values
    plans = {plan.values for plan in all_plans(problem)}
    for k, level in enumerate(result.levels[:-1]):
        rates = [
            Fraction(v[k + 1] - values[k + 1], values[k] - v[k])
            for v in plans
            if v[:k] == values[:k] and v[k] < values[k]
        ]
        assert level.price == float(max([Fraction(0), *rates]))
    assert result.levels[-1].price is None
