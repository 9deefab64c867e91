"""The ways to better a plan, each where it is needed."""

from __future__ import annotations

import numpy as np

from matcher.sessions.chains import between_mask, fill_by_chains
from matcher.sessions.count import least_alone
from matcher.sessions.effort import Effort
from matcher.sessions.families import try_orders
from matcher.sessions.layout import build_layout, days_of
from matcher.sessions.neighbourhood import improve_exactly
from matcher.sessions.problem import SessionProblem
from matcher.sessions.renew import renew
from matcher.sessions.search import Search
from matcher.sessions.state import State
from tests.session_problems import problem_of


def blocked() -> SessionProblem:
    """Return two activities where the second has 9:00 only, and the first 9:00 or 10:00."""
    days = np.zeros((4, 10), dtype=np.bool_)
    days[:3, [0, 5]] = True
    return problem_of(choice_days=days)


def search_with_first_at_nine(problem: SessionProblem) -> Search:
    search = Search(build_layout(problem), Effort(60.0, 1_000), *least_alone(problem), 0)
    search.put(0, {0: 1 << 0 | 1 << 5})
    search.put(1, {})
    return search


def test_placing_and_removing_leaves_no_trace() -> None:
    state = State(build_layout(blocked()))
    before = state.usable(1)
    state.place(0, {0: 1 << 0 | 1 << 5})
    assert state.usable(1) == [0, 0]
    assert state.remove(0) == {0: 1 << 0 | 1 << 5}
    assert state.usable(1) == before


def test_a_chain_pushes_sessions_out_of_the_way() -> None:
    search = search_with_first_at_nine(blocked())
    assert fill_by_chains(search, until=1_000)
    assert search.total == (0, 0, 2)


def test_another_order_of_the_family_helps() -> None:
    search = search_with_first_at_nine(blocked())
    assert try_orders(search, [1, 0])
    assert search.total == (0, 0, 2)


def test_renewal_helps() -> None:
    search = search_with_first_at_nine(blocked())
    assert renew(search, until=1_000, steps=50)
    assert search.total == (0, 0, 2)


def test_an_exact_neighbourhood_helps_and_knows_that_it_is_best() -> None:
    search = search_with_first_at_nine(blocked())
    assert improve_exactly(search, [0, 1], seconds=5.0)
    assert search.total == (0, 0, 2)


def test_days_between_two_sessions_keep_their_distance_to_both() -> None:
    after = [(1 << 10) - 1 >> day + 3 << day + 3 for day in range(10)]
    assert days_of(between_mask(after, 0, 8, 10)) == [3, 4, 5]
    assert days_of(between_mask(after, -1, 4, 10)) == [0, 1]
    assert days_of(between_mask(after, 5, 10, 10)) == [8, 9]
