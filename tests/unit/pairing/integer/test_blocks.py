"""The walk in blocks: halves meet in the best pair, every plan is valid, the best of a small problem is found."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from matcher.pairing.integer import exact
from matcher.pairing.integer.blocks import Blocks, has_only_hours
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.exact import price_level
from matcher.pairing.integer.halves import Choices, build_half, join
from matcher.pairing.integer.highs import Found
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.integer.openings import all_openings, usable_options
from matcher.pairing.integer.programs import level_program
from matcher.pairing.integer.rules import build_model
from matcher.pairing.integer.solve import solve_integer
from matcher.pairing.problem import PairingProblem, with_level
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values, violations
from tests.brute_force import best_values


def hours_problem(seed: int, num_mentors: int, num_mentees: int, share: float, demand: int = 1) -> PairingProblem:
    """Return pairs within hours: first as many as can be, long ones worth more; ``share`` says how scarce hours are."""
    rng = np.random.default_rng(seed)
    hours = rng.integers(5, 40, (num_mentors, num_mentees))
    score = 50 + hours + rng.integers(-8, 9, hours.shape)
    limit = np.full(num_mentors, int(share * demand * hours.sum() / num_mentors**2))
    plain = PairingProblem.from_scores(score, capacity=num_mentees, demand=demand, hours=hours, hours_limit=limit)
    problem = with_level(plain, "cover", 0)
    points = problem.points.copy()
    points[0] = 1
    return replace(problem, points=points)


def walk(problem: PairingProblem, level: int, first: Pairing, seed: int, num_steps: int) -> list[Pairing]:
    """Return the plans of so many steps on one level."""
    usable = usable_options(problem)
    option, openings = np.flatnonzero(usable), all_openings(problem, usable)
    best = Incumbent(problem)
    best.offer(first)
    relaxation = price_level(best, build_model(problem, option, openings, relaxed=True), level, Effort(60))
    assert relaxation is not None
    model = build_model(problem, option, openings)
    program = level_program(model, level, best.values)
    loss = np.zeros(problem.num_options)
    blocks = Blocks(model, program, relaxation.row_price, relaxation.value, loss, seed)
    plans = []
    for _ in range(num_steps):
        found = blocks.step(best.pairing)
        if found is not None:
            plans.append(found)
            best.offer(found)
    return plans


def one_by_one(problem: PairingProblem) -> Pairing:
    """Return a plan that gives every mentee in turn to the mentor with most hours left."""
    left, chosen = problem.max_minutes.copy(), []
    for mentee in range(problem.num_mentees):
        mine = np.flatnonzero(problem.mentee == mentee)
        option = mine[(left[problem.mentor[mine]] - problem.mentor_minutes[mine]).argmax()]
        if left[problem.mentor[option]] >= problem.mentor_minutes[option]:
            left[problem.mentor[option]] -= problem.mentor_minutes[option]
            chosen.append(int(option))
    return Pairing.of(problem, chosen)


def test_halves_meet_in_the_best_pair() -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        mentees = []
        for _ in range(6):
            loss = rng.integers(0, 20, 3) / 2
            mentees.append(Choices(loss=loss - loss.min(), amount=rng.integers(-2, 30, (3, 2))))
        room, price = np.array([60, 70]), np.array([0.5, rng.integers(0, 2)])
        least = np.inf
        for chosen in product(range(3), repeat=6):
            left = room - sum(m.amount[c] for m, c in zip(mentees, chosen, strict=True))
            if (left >= 0).all():
                least = min(least, sum(m.loss[c] for m, c in zip(mentees, chosen, strict=True)) + price @ left)
        one, other = build_half(mentees[:3], 2, 500.0, 10**6), build_half(mentees[3:], 2, 500.0, 10**6)
        pair = join(one, other, room, price, 500.0, rng=rng, heat=0.0)
        if pair is None:
            assert np.isinf(least)
            continue
        chosen = tuple(one.trace(pair[0]) + other.trace(pair[1]))
        left = room - sum(m.amount[c] for m, c in zip(mentees, chosen, strict=True))
        assert (left >= 0).all()
        assert sum(m.loss[c] for m, c in zip(mentees, chosen, strict=True)) + price @ left == pytest.approx(least)


def test_a_half_keeps_what_loses_least() -> None:
    mentees = [Choices(loss=np.array([0.0, 1.0 + k]), amount=np.array([[1], [2]])) for k in range(8)]
    half = build_half(mentees, 1, 100.0, 20)
    every = sorted(sum(c * (1.0 + k) for k, c in enumerate(chosen)) for chosen in product((0, 1), repeat=8))
    assert 10 <= len(half.loss) <= 20
    assert sorted(half.loss.tolist()) == every[: len(half.loss)]


@pytest.mark.parametrize("share", [0.95, 0.6])
def test_every_step_is_a_valid_plan_and_the_best_is_found(share: float) -> None:
    for seed in range(3):
        problem = hours_problem(seed, 3, 8, share)
        table = {(int(m), int(n)): o for o, (m, n) in enumerate(zip(problem.mentor, problem.mentee, strict=True))}
        best, first = (-1, -1), None
        for given in product(range(-1, 3), repeat=8):
            used = np.zeros(3, dtype=np.int64)
            option = [table[m, n] for n, m in enumerate(given) if m >= 0]
            np.add.at(used, problem.mentor[option], problem.mentor_minutes[option])
            if (used <= problem.max_minutes).all():
                values = (len(option), int(problem.points[1, option].sum()))
                if first is None or values[0] > first[0]:
                    first = (values[0], option)
                best = max(best, values)
        assert first is not None
        start = Pairing.of(problem, first[1])
        plans = walk(problem, 1, start, seed, 40)
        assert all(violations(problem, plan) == () for plan in plans)
        assert max(level_values(problem, plan) for plan in [start, *plans]) == best


def test_the_same_seed_takes_the_same_way() -> None:
    problem = hours_problem(5, 4, 20, 0.8)
    one, other, third = (walk(problem, 1, one_by_one(problem), seed, 8) for seed in (1, 1, 2))
    assert [plan.option.tolist() for plan in one] == [plan.option.tolist() for plan in other]
    assert [plan.option.tolist() for plan in one] != [plan.option.tolist() for plan in third]


def test_work_that_a_search_leaves_is_spent_on_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Found(x=None, bound=np.inf, is_proved=False)
    monkeypatch.setattr(exact, "search_free", lambda *_, **__: nothing)
    problem = hours_problem(7, 4, 20, 0.8)
    first = one_by_one(problem)
    answers = [solve_integer(problem, time_limit=0, work_limit=units, hint=first) for units in (40, 40)]
    assert answers[0].pairing.option.tolist() == answers[1].pairing.option.tolist()
    assert violations(problem, answers[0].pairing) == ()
    assert level_values(problem, answers[0].pairing) > level_values(problem, first)


def test_several_mentors_each_agree_with_the_enumeration() -> None:
    for seed in range(6):
        problem = hours_problem(seed, 3, 4, 0.7, demand=2)
        answer = solve_integer(problem, time_limit=60)
        assert level_values(problem, answer.pairing) == best_values(problem)


def test_only_pairs_within_hours_are_walked() -> None:
    problem = hours_problem(1, 3, 8, 0.8)

    def model_of(p: PairingProblem) -> bool:
        usable = usable_options(p)
        return has_only_hours(build_model(p, np.flatnonzero(usable), all_openings(p, usable)))

    assert model_of(problem)
    assert not model_of(replace(problem, max_minutes=np.full(3, 10**6)))
    conflict = np.array([0]), np.array([9])
    assert not model_of(replace(problem, conflict_first=conflict[0], conflict_second=conflict[1]))
