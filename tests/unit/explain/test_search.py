"""Reachability, shortages, exchanges and changed problems on small hand-made rounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.explain.search.exchange import chains_of, exchanged, judged
from matcher.explain.search.occupancy import Occupancy
from matcher.explain.search.reach import Ways, reach_from
from matcher.explain.search.shortage import Shortage, build_shortage
from matcher.explain.search.shortage_check import is_short_by_count
from matcher.explain.search.trial import Trial
from matcher.explain.search.variants import keep_options, more_room, wanting, with_most
from matcher.outcome import Proof
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.solve import solve_pairing
from matcher.pairing.verify import level_values, violations
from tests.brute_force import best_values


def mathematics() -> PairingProblem:
    """Seven mentees who can only go to three mentors with five places; an eighth goes elsewhere."""
    mentor = [m for m in range(3) for _ in range(7)] + [3, 3]
    mentee = [n for _ in range(3) for n in range(7)] + [7, 6]
    keep = [k for k, (m, n) in enumerate(zip(mentor, mentee, strict=True)) if (m, n) != (3, 6)]
    return PairingProblem.from_edges(
        np.array(mentor)[keep],
        np.array(mentee)[keep],
        np.ones(len(keep), dtype=int),
        capacity=[2, 2, 1, 1],
    ).with_objective("cover_first")


def shortages(problem: PairingProblem, pairing: Pairing) -> list[Shortage]:
    state = Occupancy.of(problem, pairing)
    alone = np.setdiff1d(np.arange(problem.num_mentees), pairing.mentee)
    return [build_shortage(state, [reach_from(Ways(state), n)]) for n in alone.tolist()]


def test_the_short_set_is_named_and_proved_by_counting() -> None:
    problem = mathematics()
    result = solve_pairing(problem)
    found = shortages(problem, result.pairing)
    assert len(found) == 2
    for shortage in found:
        assert len(shortage.mentees) == 6  # one of the two left out, and the five who have a place
        assert shortage.mentors == (0, 1, 2)
        assert shortage.places == (2, 2, 1)
        assert shortage.most_served == 5
        assert shortage.proof is Proof.CERTIFICATE
        assert is_short_by_count(problem, shortage)


def test_two_left_out_share_one_set() -> None:
    problem = mathematics()
    pairing = solve_pairing(problem).pairing
    state = Occupancy.of(problem, pairing)
    alone = np.setdiff1d(np.arange(problem.num_mentees), pairing.mentee).tolist()
    shortage = build_shortage(state, [reach_from(Ways(state), n) for n in alone])
    assert shortage.mentees == tuple(range(7))
    assert shortage.missing == 2
    assert is_short_by_count(problem, shortage)


@pytest.mark.parametrize("change", ["mentor missing", "too few places", "mentee too many"])
def test_the_judge_refuses_a_wrong_claim(change: str) -> None:
    problem = mathematics()
    shortage = shortages(problem, solve_pairing(problem).pairing)[0]
    wrong = {
        "mentor missing": replace(shortage, mentors=(0, 1), places=(2, 2), most_served=4),
        "too few places": replace(shortage, most_served=4),
        "mentee too many": replace(shortage, mentees=(*shortage.mentees, 7)),
    }[change]
    assert not is_short_by_count(problem, wrong)


def test_places_kept_by_locked_pairs_of_others_are_not_counted() -> None:
    # Mentor 0 has two places; mentee 2 is locked to him and could not be moved.
    problem = PairingProblem.from_edges(
        [0, 0, 0, 1], [0, 1, 2, 2], [1, 1, 1, 1], capacity=[2, 1], locked=[False, False, True, False]
    ).with_objective("cover_first")
    result = solve_pairing(problem)
    (shortage,) = shortages(problem, result.pairing)
    assert shortage.mentees == (0, 1)
    assert shortage.places == (1,)
    assert is_short_by_count(problem, shortage)


def test_a_full_quota_stands_in_the_cut() -> None:
    problem = PairingProblem.from_edges(
        [0, 1, 2], [0, 1, 2], [3, 2, 1], capacity=1, quotas=[([0, 1], 1)]
    ).with_objective("cover_first")
    result = solve_pairing(problem)
    (shortage,) = shortages(problem, result.pairing)
    assert shortage.mentees == (0, 1)
    assert shortage.mentors == ()
    assert shortage.quotas == (0,)
    assert shortage.room == (1,)
    assert is_short_by_count(problem, shortage)


def test_a_chain_of_exchanges_serves_one_more() -> None:
    # 0 holds the only mentor of 1 although another would do.
    problem = PairingProblem.from_edges([0, 0, 1], [0, 1, 0], [5, 5, 1]).with_objective("cover_first")
    pairing = Pairing.of(problem, [0])
    state = Occupancy.of(problem, pairing)
    chains = chains_of(state, reach_from(Ways(state), 1))
    outcome = Trial(problem, pairing, np.arange(problem.num_options)).best(chains)
    assert outcome is not None
    assert sorted(outcome.pairing.mentee.tolist()) == [0, 1]
    assert outcome.values == best_values(problem)


def test_an_exchange_that_breaks_a_rule_is_no_outcome() -> None:
    problem = PairingProblem.from_edges([0, 0], [0, 1], [5, 5])
    assert judged(problem, exchanged(problem, Pairing.of(problem, [0]), [1], [])) is None


def test_a_wanted_pair_comes_before_all_else() -> None:
    problem = PairingProblem.from_scores([[9, 8], [7, 1]])
    free = solve_pairing(problem)
    assert (free.value, free.pairing.mentor.tolist()) == (15, [0, 1])
    forced = solve_pairing(wanting(problem, np.array([0])))
    assert forced.levels[0].value == 1
    assert level_values(problem, Pairing.of(problem, forced.pairing.option)) == (10,)


def test_one_more_quota_binds() -> None:
    problem = PairingProblem.from_scores([[9, 0], [0, 9]])
    limited = with_most(problem, np.array([0, 3]), 1)
    assert solve_pairing(limited).value == 9
    assert violations(limited, Pairing.of(limited, [0, 3]))


def test_one_place_more_serves_one_more() -> None:
    problem = PairingProblem.from_edges([0, 0], [0, 1], [5, 4], capacity=1).with_objective("cover_first")
    wider = more_room(problem, 0, places=1)
    assert solve_pairing(wider).levels[0].value == solve_pairing(problem).levels[0].value + 1
    assert solve_pairing(wider).value == 9


@st.composite
def rounds(draw: st.DrawFn) -> PairingProblem:
    num_mentors, num_mentees = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    cells = [(m, n) for m in range(num_mentors) for n in range(num_mentees)]
    edges = draw(st.lists(st.sampled_from(cells), min_size=1, max_size=12, unique=True))
    score = draw(st.lists(st.integers(0, 9), min_size=len(edges), max_size=len(edges)))
    capacity = draw(st.lists(st.integers(0, 2), min_size=num_mentors, max_size=num_mentors))
    return PairingProblem.from_edges(
        [m for m, _ in edges],
        [n for _, n in edges],
        score,
        num_mentors=num_mentors,
        num_mentees=num_mentees,
        capacity=capacity,
    ).with_objective("cover_first")


@given(rounds())
@settings(max_examples=60, deadline=None)
def test_everybody_left_out_of_a_best_plan_is_in_a_proved_shortage(problem: PairingProblem) -> None:
    # "cover_first" counts mentors too: only mentees matter here.
    served = replace(problem, load_steps=replace(problem.load_steps, points=problem.load_steps.points * 0))
    result = solve_pairing(served)
    for shortage in shortages(served, result.pairing):
        assert shortage.proof is Proof.CERTIFICATE
        assert is_short_by_count(served, shortage)
        assert shortage.missing >= 1


@given(rounds(), st.data())
@settings(max_examples=60, deadline=None)
def test_leaving_options_out_leaves_the_others_as_they_are(problem: PairingProblem, data: st.DataObject) -> None:
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=problem.num_options, max_size=problem.num_options)))
    small = keep_options(problem, kept)
    best = solve_pairing(small)
    old = Pairing.of(problem, np.flatnonzero(kept)[best.pairing.option])
    assert not violations(problem, old)
    assert level_values(problem, old) == level_values(small, best.pairing) == best_values(small)
