"""Laws of speed events, on random small ones, held against an enumeration of all schedules."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.speed.certificate import SpeedPrices, level_bounds, total_bound
from matcher.speed.colour import spread_rounds
from matcher.speed.problem import SpeedProblem
from matcher.speed.result import Schedule
from matcher.speed.solve import solve_speed
from matcher.speed.verify import level_values, violations

quick = settings(deadline=None, max_examples=100)
slower = settings(deadline=None, max_examples=40)


@st.composite
def problems(draw: st.DrawFn, most_people: int = 6, most_pairs: int = 36) -> SpeedProblem:
    """Draw a speed problem: any sizes, caps, wants, with and without cover and fill."""
    num_mentors, num_mentees = (draw(st.integers(1, most_people)) for _ in range(2))
    every = list(itertools.product(range(num_mentors), range(num_mentees)))
    pairs = draw(st.lists(st.sampled_from(every), unique=True, max_size=most_pairs))
    num_rounds, fill = draw(st.integers(1, 4)), draw(st.booleans())
    wants = draw(st.lists(st.integers(0 if fill else 1, 9), min_size=len(pairs), max_size=len(pairs)))
    caps = [
        draw(st.lists(st.integers(0, num_rounds + 1), min_size=size, max_size=size))
        for size in (num_mentors, num_mentees)
    ]
    return SpeedProblem(
        num_mentors=num_mentors,
        num_mentees=num_mentees,
        num_rounds=num_rounds,
        num_tables=draw(st.integers(1, most_people)),
        mentor=np.array([a for a, _ in pairs], dtype=np.int64),
        mentee=np.array([b for _, b in pairs], dtype=np.int64),
        want=np.array(wants, dtype=np.int64),
        max_mentor_meetings=np.array(caps[0], dtype=np.int64),
        max_mentee_meetings=np.array(caps[1], dtype=np.int64),
        least=draw(st.integers(0, num_rounds)),
        fill=fill,
    )


@quick
@given(problems())
def test_no_rule_is_ever_broken_and_every_level_is_proved(problem: SpeedProblem) -> None:
    result = solve_speed(problem)
    assert violations(problem, result.schedule) == ()
    values = level_values(problem, result.schedule)
    assert values == tuple(level.value for level in result.levels)
    assert level_bounds(problem, result.prices, values) == values


def all_schedules(problem: SpeedProblem) -> list[Schedule]:
    """Return every schedule that keeps the rules, up to the names of tables: each pair in one round, or in none."""
    found = []
    for rounds in itertools.product(range(-1, problem.num_rounds), repeat=problem.num_pairs):
        held = [(pair, round_) for pair, round_ in enumerate(rounds) if round_ >= 0]
        seats = [sum(r == round_ for _, r in held[:at]) for at, (_, round_) in enumerate(held)]
        schedule = Schedule.of([pair for pair, _ in held], [round_ for _, round_ in held], seats)
        if not violations(problem, schedule):
            found.append(schedule)
    return found


@slower
@given(problems(most_people=3, most_pairs=5))
def test_it_is_as_good_as_the_best_of_all_schedules(problem: SpeedProblem) -> None:
    best = max(level_values(problem, schedule) for schedule in all_schedules(problem))
    assert tuple(level.value for level in solve_speed(problem).levels) == best


@slower
@given(problems(most_people=3, most_pairs=4), st.data())
def test_any_prices_bound_every_schedule(problem: SpeedProblem, data: st.DataObject) -> None:
    def prices(size: int, low: int) -> np.ndarray:
        return np.array(data.draw(st.lists(st.integers(low, 12), min_size=size, max_size=size)), dtype=np.int64)

    drawn = SpeedPrices(
        weight=tuple(data.draw(st.integers(1, 30)) for _ in problem.level_names),
        place=data.draw(st.integers(0, 12)),
        mentor=prices(problem.num_mentors, 0),
        mentee=prices(problem.num_mentees, -12),
    )
    bound = total_bound(problem, drawn)
    for schedule in all_schedules(problem):
        values = level_values(problem, schedule)
        assert sum(weight * value for weight, value in zip(drawn.weight, values, strict=True)) <= bound


@quick
@given(problems(), st.integers(1, 3))
def test_one_table_more_never_hurts(problem: SpeedProblem, more: int) -> None:
    parts = {name: getattr(problem, name) for name in problem.__slots__}
    wider = SpeedProblem(**(parts | {"num_tables": problem.num_tables + more}))
    before, after = ([level.value for level in solve_speed(p).levels] for p in (problem, wider))
    assert after >= before


@quick
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), unique=True), st.integers(0, 3))
def test_rounds_hold_every_meeting_evenly(pairs: list[tuple[int, int]], spare: int) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    num_rounds = max([1, *(side.count(v) for side in (left, right) for v in side)]) + spare
    rounds = spread_rounds(left, right, num_rounds)
    assert len(rounds) == len(pairs)
    for side in (left, right):
        assert len(set(zip(side, rounds, strict=True))) == len(pairs)
    sizes = [rounds.count(r) for r in range(num_rounds)]
    assert max(sizes) - min(sizes) <= 1
