"""Certificates: any prices give a valid bound, good ones a tight one, and wrong ones are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.sessions.certificate import SessionCertificate, SessionPrices, missing_bound, rhythm_bound
from matcher.sessions.problem import NO_LIMIT, SessionProblem
from tests.session_problems import broken_rules, level_values, problem_of, session_problems

SCALE = 12


def every_level(p: SessionProblem) -> set[tuple[int, int]]:
    """Return (missing, rhythm) of every plan there is."""
    fixed = list(zip(p.fixed_choice.tolist(), p.fixed_day.tolist(), strict=True))
    dated = [(int(c), int(d)) for c, d in np.argwhere(p.choice_days)]
    found: set[tuple[int, int]] = set()

    def extend(plan: list[tuple[int, int]], at: int) -> None:
        missing, _, rhythm = level_values(p, [c for c, _ in plan], [d for _, d in plan])
        found.add((missing, rhythm))
        for i in range(at, len(dated)):
            longer = [*plan, dated[i]]
            if not broken_rules(p, [c for c, _ in longer], [d for _, d in longer], sure=len(fixed)):
                extend(longer, i + 1)

    extend(fixed, 0)
    return found


def no_prices(**changes: object) -> SessionPrices:
    values = {name: np.zeros((0, width), dtype=np.int64) for name, width in WIDTHS.items()}
    return replace(SessionPrices(scale=SCALE, **values), **changes)  # type: ignore[arg-type]


WIDTHS = {"meeting": 4, "week": 3, "cell": 3, "wanted": 2}


@st.composite
def prices_of(draw: st.DrawFn, p: SessionProblem) -> SessionPrices:
    """Return prices on many rows of everything."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def rows(*columns: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        number = int(rng.integers(0, 12)) if all(len(column) for column in columns) else 0
        picked = [rng.choice(column, number) if number else np.zeros(0, dtype=np.int64) for column in columns]
        return np.column_stack([*picked, rng.integers(0, SCALE, number)]).astype(np.int64)

    days = np.arange(p.num_days)
    return SessionPrices(
        scale=SCALE,
        meeting=rows(np.arange(p.num_people), days, np.r_[p.slot_start, p.slot_start + 20]),
        week=rows(np.flatnonzero(p.week_minutes != NO_LIMIT), np.unique(p.week)),
        cell=rows(np.arange(len(p.cell_pool)), days),
        wanted=rows(np.arange(p.num_activities)),
        missed=int(rng.integers(0, 3 * SCALE)),
    )


@given(st.data(), session_problems())
@settings(max_examples=150, deadline=None)
def test_any_prices_bound_every_plan(data: st.DataObject, problem: SessionProblem) -> None:
    prices = data.draw(prices_of(problem))
    plans = every_level(problem)
    assert missing_bound(problem, replace(prices, missed=0)) <= min(missing for missing, _ in plans)
    allowed = data.draw(st.sampled_from(sorted({missing for missing, _ in plans})))
    assert rhythm_bound(problem, prices, allowed) <= min(rhythm for missing, rhythm in plans if missing <= allowed)


def one_slot_for_two() -> SessionProblem:
    """Return two activities of one mentor that have nothing but Monday at 9:00, on two Mondays."""
    problem = problem_of()
    days = problem.choice_days.copy()
    days[[1, 3]] = False
    return replace(problem, choice_days=days)


def test_prices_of_the_mentors_time_prove_what_is_missing() -> None:
    meeting = np.array([[0, day, 540, SCALE] for day in (0, 5)], dtype=np.int64)
    certificate = SessionCertificate(level="missing", prices=no_prices(meeting=meeting))
    assert certificate.bound(one_slot_for_two()) == 2
    assert certificate.proves(one_slot_for_two(), 2)
    assert not certificate.proves(one_slot_for_two(), 3)


def test_without_prices_only_what_each_cannot_have_is_proved() -> None:
    assert missing_bound(one_slot_for_two(), no_prices()) == 0
    assert missing_bound(replace(problem_of(), wanted=np.array([3, 2])), no_prices()) == 1


def test_rooms_weeks_and_numbers_wanted_prove_too() -> None:
    problem = one_slot_for_two()
    cell = np.array([[0, day, SCALE] for day in (0, 5)], dtype=np.int64)
    assert missing_bound(problem, no_prices(cell=cell)) == 2
    short = replace(problem_of(), week_minutes=np.array([60, NO_LIMIT, NO_LIMIT]))
    assert missing_bound(short, no_prices(week=np.array([[0, 0, SCALE], [0, 1, SCALE]]))) == 2
    assert missing_bound(replace(problem_of(), wanted=np.array([1, 1])), no_prices(wanted=np.array([[0, SCALE]]))) == 0


def test_rhythm_is_proved_for_plans_that_miss_few_sessions_only() -> None:
    problem = problem_of()
    # The first activity has 9:00 on the first Monday and 10:00 on the second.
    days = problem.choice_days.copy()
    days[0, 5] = days[1, 0] = False
    problem = replace(problem, choice_days=days)
    prices = no_prices(missed=SCALE)
    assert rhythm_bound(problem, prices, 0) == 3
    assert rhythm_bound(problem, prices, 1) == 2
    assert not SessionCertificate(level="rhythm", prices=prices, allowed=1).proves(problem, 3)


def test_three_keys_or_more_are_paid_like_three() -> None:
    days = np.zeros((4, 20), dtype=np.bool_)
    for choice in range(4):
        days[choice, 5 * choice] = True
    problem = problem_of(
        num_days=20,
        wanted=[4],
        weight=[1],
        lead=[0],
        next_day=np.minimum(20, (np.arange(20) // 5 + 1) * 5)[None],
        member_activity=[0],
        member_person=[0],
        slot_weekday=[0] * 4,
        slot_start=[540, 600, 660, 720],
        slot_end=[585, 645, 705, 765],
        slot_rhythm=[0, 1, 2, 3],
        choice_activity=[0] * 4,
        choice_slot=[0, 1, 2, 3],
        choice_days=days,
        choice_cell_start=[0] * 5,
        choice_cell=[],
        cell_size=np.zeros((0, 20)),
        cell_pool=[],
        week=np.arange(20) // 5,
    )
    assert rhythm_bound(problem, no_prices(missed=10 * SCALE), 0) == 3
    assert rhythm_bound(problem, no_prices(missed=SCALE), 2) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"scale": 0},
        {"missed": -1},
        {"meeting": np.array([[0, 0, 540, -1]])},
        {"meeting": np.array([[9, 0, 540, 1]])},
        {"week": np.array([[0, 0, 1]])},
        {"cell": np.array([[0, 99, 1]])},
        {"cell": np.array([[0, 0, 0.5]])},
        {"wanted": np.array([[0, 2**60]])},
    ],
)
def test_prices_that_do_not_belong_are_refused(changes: dict[str, object]) -> None:
    certificate = SessionCertificate(level="missing", prices=no_prices(**changes))
    with pytest.raises(ValueError, match=r"price|exact|scale"):
        certificate.bound(problem_of())
    assert not certificate.proves(problem_of(), 0)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="no level"):
        SessionCertificate(level="cost", prices=no_prices()).bound(problem_of())
