"""Bounds found by programmes and climbs: never above the best plan, and tight where that is known."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.sessions.bound import linear
from matcher.sessions.bound.ascent import Ascent
from matcher.sessions.bound.missing import MissingPrices
from matcher.sessions.bound.rhythm import RhythmPrices
from matcher.sessions.bound.rows import CELL, MEETING, WANTED, WEEK, build_rows
from matcher.sessions.bound.solve import SessionBounds, bound_missing, bound_rhythm
from matcher.sessions.bound.walks import Walks
from matcher.sessions.problem import SessionProblem
from tests.session_problems import problem_of, session_problems
from tests.unit.sessions.test_certificate import every_level, one_slot_for_two

some = settings(max_examples=60, deadline=None)


@given(session_problems(), st.data())
@some
def test_bounds_are_never_above_the_best_plan(problem: SessionProblem, data: st.DataObject) -> None:
    plans = every_level(problem)
    found = bound_missing(problem, deadline_seconds=5)
    assert found.value <= min(missing for missing, _ in plans)
    assert found.certificate.proves(problem, found.value)
    assert not found.certificate.proves(problem, found.value + 1)
    allowed = data.draw(st.sampled_from(sorted({missing for missing, _ in plans})))
    rhythm = bound_rhythm(problem, missing=allowed, deadline_seconds=1)
    assert rhythm.value <= min(rhythm for missing, rhythm in plans if missing <= allowed)
    assert rhythm.certificate.proves(problem, rhythm.value)


@given(session_problems(), st.integers(0, 2**32 - 1))
@some
def test_prices_in_floating_point_say_what_the_certificate_says(problem: SessionProblem, seed: int) -> None:
    """Where no walk has more sessions than are wanted, that is: else the certificate says more."""
    proved, value = certified_and_floating(problem, seed)
    assert proved >= max(0, int(np.ceil(value - 1e-4)))
    proved, value = certified_and_floating(replace(problem, wanted=problem.wanted + problem.num_days), seed)
    assert proved == max(0, int(np.ceil(value - 1e-4)))


def certified_and_floating(problem: SessionProblem, seed: int) -> tuple[int, float]:
    bounds = SessionBounds(problem)
    rng = np.random.default_rng(seed)
    prices = rng.random(len(bounds.rows.limit)) * (rng.random(len(bounds.rows.limit)) < 0.4)
    missing = MissingPrices(bounds.rows, bounds.walks)
    assert missing.value(prices) == pytest.approx(missing.look(prices)[0])
    value, _ = RhythmPrices(bounds.rows, bounds.walks, 1).look(np.append(prices, 0.7), is_full=True)
    return bounds._proved(np.append(prices, 0.7), 1).value, value


@given(session_problems(), st.integers(0, 2**32 - 1))
@some
def test_slopes_lie_above_the_bound_everywhere(problem: SessionProblem, seed: int) -> None:
    """A bound by prices is concave: no slope is steeper than what is reached elsewhere."""
    rows = build_rows(problem)
    walks = Walks(rows)
    rng = np.random.default_rng(seed)
    here, there = rng.random((2, len(rows.limit) + 1))
    missing = MissingPrices(rows, walks)
    value, slope = missing.look(here[:-1])
    assert missing.value(there[:-1]) <= value + slope @ (there - here)[:-1] + 1e-6
    rhythm = RhythmPrices(rows, walks, 1)
    value, slope = rhythm.look(here, is_full=True)
    assert rhythm.look(there, is_full=True)[0] <= value + slope @ (there - here) + 1e-6


def test_two_activities_that_compete_for_the_mentors_only_hour() -> None:
    assert bound_missing(one_slot_for_two(), deadline_seconds=5).value == 2


def test_a_first_order_method_proves_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "LARGE", 0)
    assert bound_missing(one_slot_for_two(), deadline_seconds=5).value == 2


def test_a_first_order_method_takes_over_where_the_simplex_method_takes_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linear, "_simplex", lambda programme, seconds: None)
    assert bound_missing(one_slot_for_two(), deadline_seconds=5).value == 2


def test_without_a_programme_prices_climb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.sessions.bound.solve.linear_prices", lambda rows, seconds: None)
    assert bound_missing(one_slot_for_two(), deadline_seconds=5).value == 2


def test_the_price_of_a_pool_is_what_one_more_place_adds() -> None:
    # Two mentors, both activities at 9:00 only, one licence on each of two Mondays.
    problem = replace(one_slot_for_two(), member_person=np.array([0, 1, 2, 2]), lead=np.array([0, 2]))
    found = bound_missing(problem, deadline_seconds=5)
    assert found.value == 2
    assert found.pool_price == pytest.approx([2.0])


def test_weights_count() -> None:
    problem = replace(one_slot_for_two(), weight=np.array([3, 5]))
    assert bound_missing(problem, deadline_seconds=5).value == 6


def test_rhythm_of_few_sessions_missing_is_not_less_than_of_many() -> None:
    problem = problem_of()
    days = problem.choice_days.copy()
    days[0, 5] = days[1, 0] = False
    problem = replace(problem, choice_days=days)
    assert [bound_rhythm(problem, missing=m, deadline_seconds=2).value for m in range(5)] == [4, 2, 1, 1, 0]


def test_a_climb_ends_when_told_and_tells_what_it_has() -> None:
    problem = problem_of()
    calls = count()
    found = bound_rhythm(problem, missing=0, deadline_seconds=60, stop=lambda: next(calls) > 1)
    assert found.value <= 2


def test_rows_are_kept_only_where_they_can_be_broken() -> None:
    rows = build_rows(problem_of())
    # The mentor has two activities at each of two times on two days; each room would be wanted twice, too.
    assert np.bincount(rows.kind, minlength=4).tolist() == [4, 0, 4, 0]
    alone = build_rows(replace(problem_of(), member_person=np.array([0, 1, 2, 2]), cell_size=np.full((2, 10), 2)))
    assert len(alone.limit) == 0
    weeks = build_rows(replace(problem_of(), week_minutes=np.array([89, -1, -1])))
    assert weeks.limit[weeks.kind == WEEK].tolist() == [1, 1]
    more = build_rows(replace(problem_of(), wanted=np.array([1, 2])))
    assert rows_of(more, WANTED) == {(0, 0, 0)}
    assert rows_of(rows, MEETING) == {(0, day, minute) for day in (0, 5) for minute in (540, 600)}
    assert rows_of(rows, CELL) == {(cell, day, 0) for cell in (0, 1) for day in (0, 5)}


def rows_of(rows: object, kind: int) -> set[tuple[int, ...]]:
    return set(map(tuple, rows.name[rows.kind == kind].tolist()))  # type: ignore[attr-defined]


def test_an_option_that_uses_more_than_another_is_dominated() -> None:
    problem = problem_of(choice_cell_start=[0, 0, 1, 1, 2], choice_cell=[1, 1])
    problem = replace(problem, member_person=np.array([0, 1, 2, 2]))
    rows = build_rows(problem)
    kept = linear.undominated(rows)
    assert rows.choice[kept].tolist() == [0, 0, 2, 2]


def test_a_climb_finds_the_top_of_a_roof() -> None:
    ascent = Ascent(np.array([5.0, 0.0]), 4.0)
    for _ in range(400):
        x, y = ascent.prices
        value = min(2 * x, 6 - x) - abs(y - 1)
        ascent.note(value)
        slope = np.array([2.0 if 2 * x < 6 - x else -1.0, 1.0 if y < 1 else -1.0])
        if not ascent.move(slope, value):
            break
    assert ascent.best == pytest.approx(4.0, abs=0.02)
    assert ascent.best_prices == pytest.approx([2.0, 1.0], abs=0.02)
