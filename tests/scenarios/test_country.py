"""A round of a country: the optimum of the ordinary pairing, proved over all pairs, re-checked by the judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from matcher.candidates.build import build_candidates
from matcher.candidates.country.build import build_country
from matcher.errors import InputError
from matcher.generate.country import generate_country
from matcher.io.policy_toml import read_policy
from matcher.judge.country.check import CountryProof, check_country
from matcher.judge.facts import Facts, Sides
from matcher.outcome import SolveStatus
from matcher.pairing.solve import solve_pairing
from matcher.policy import Policy
from matcher.roster import Contour, Roster
from scenarios.country_round import SolvedCountry, country_figures, proof_as_json, proof_from_json, solve_round
from scenarios.country_shares import country_shares

DAY = date(2026, 9, 1)
POLICY = Path(__file__).parents[2] / "scenarios" / "country" / "policy.toml"


@cache
def policy() -> Policy:
    return read_policy(POLICY)


@cache
def country(num_mentees: int, num_mentors: int, num_municipalities: int, seed: int) -> SolvedCountry:
    roster = generate_country(
        num_mentees=num_mentees,
        num_mentors=num_mentors,
        num_organisations=num_municipalities * 3,
        num_municipalities=num_municipalities,
        seed=seed,
    )
    return solve_round(roster, policy(), DAY)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("num_mentees", "num_mentors", "num_municipalities"), [(200, 100, 60), (120, 90, 5)])
def test_it_is_the_optimum_of_the_ordinary_pairing(
    num_mentees: int, num_mentors: int, num_municipalities: int, seed: int
) -> None:
    found = country(num_mentees, num_mentors, num_municipalities, seed)
    ordinary = solve_pairing(build_candidates(found.roster, policy(), reference_day=DAY).problem)
    assert ordinary.engine == "flow"
    assert ordinary.status is SolveStatus.OPTIMAL
    assert found.country.problem.level_names == tuple(level.name for level in ordinary.levels)
    assert found.result.values == tuple(level.value for level in ordinary.levels)
    assert found.result.is_optimal


def test_the_judge_agrees_and_counts_all_pairs() -> None:
    found = country(200, 100, 60, 1)
    check = found.check()
    assert check.violations == ()
    assert check.is_proved
    assert check.values == found.result.values
    assert check.num_pairs == 200 * 100
    assert check.num_allowed + sum(check.refused.values()) == check.num_pairs
    ordinary = build_candidates(found.roster, policy(), reference_day=DAY)
    assert check.num_allowed == ordinary.problem.num_options


def test_every_pair_counts_as_the_ordinary_candidates_count_it() -> None:
    found = country(200, 100, 60, 2)
    ordinary = build_candidates(found.roster, policy(), reference_day=DAY).problem
    points = found.country.source.points(ordinary.mentor, ordinary.mentee)
    items = found.country.problem.level_names.index("SO-02")
    told = points[[at for at in range(len(points)) if at != items]]
    due = ordinary.points[[at for at in range(len(points)) if at != items]]
    assert (told == due).all()


def test_parts_by_region_add_up_to_the_round() -> None:
    found = country(200, 100, 60, 1)
    figures = country_figures(found, found.check())

    def total(prefix: str) -> float:
        return sum(value for name, value in figures.items() if name.startswith(prefix))

    assert total("region.mentees/") == figures["mentees"]
    assert total("region.served/") == total("contour.region.") == figures["pairs"] == figures["served"]
    assert sum(figures.get(f"contour.{one.value}", 0) for one in Contour) == figures["pairs"]
    assert total("load.after/") == total("load.before/") == figures["mentors"]
    assert figures["contour.federal"] > 0


def test_contours_of_a_country_are_those_of_the_judge() -> None:
    found = country(120, 90, 5, 1)
    pairs = found.proof().pairs
    told = {name: value for name, value in country_shares(found.roster, pairs).items() if name.count(".") == 1}
    facts = Facts.of(found.roster, found.policy, DAY)
    judged = Counter(f"contour.{Sides.of(facts, mentor, mentee).contour.value}" for mentor, mentee in pairs)
    assert {name: value for name, value in told.items() if name.startswith("contour.")} == judged


def broken_price(proof: CountryProof) -> CountryProof:
    dear = max(proof.price, key=lambda id_: proof.price[id_])
    return replace(proof, price={**proof.price, dear: proof.price[dear] - proof.weights[-2] * 2**20})


def one_pair_less(proof: CountryProof) -> CountryProof:
    return replace(proof, pairs=proof.pairs[1:])


def a_pair_exchanged(proof: CountryProof) -> CountryProof:
    (m_1, n_1), (m_2, n_2), *rest = proof.pairs
    return replace(proof, pairs=[(m_2, n_1), (m_1, n_2), *rest])


def too_many_mentees(proof: CountryProof) -> CountryProof:
    mentor = proof.pairs[0][0]
    return replace(proof, pairs=[(mentor, mentee) for _, mentee in proof.pairs])


def equal_weights(proof: CountryProof) -> CountryProof:
    return replace(proof, weights=[1] * len(proof.weights))


def two_mentors(proof: CountryProof) -> CountryProof:
    return replace(proof, pairs=[*proof.pairs, (proof.pairs[1][0], proof.pairs[0][1])])


def a_made_up_lock(proof: CountryProof) -> CountryProof:
    return replace(proof, locks=proof.locks | {proof.pairs[-1]} | {proof.pairs[0]} | {proof.pairs[7]})


@pytest.mark.parametrize(
    "spoil",
    [broken_price, one_pair_less, a_pair_exchanged, too_many_mentees, equal_weights, two_mentors, a_made_up_lock],
)
def test_the_judge_is_not_taken_in(spoil: Callable[[CountryProof], CountryProof]) -> None:
    found = country(200, 100, 60, 1)
    assert not check_country(found.roster, policy(), DAY, spoil(found.proof())).is_proved


def test_a_proof_survives_its_file() -> None:
    proof = country(200, 100, 60, 1).proof()
    back = proof_from_json(proof_as_json(proof))
    assert back.pairs == proof.pairs
    assert back.price == proof.price
    assert back.locks == proof.locks


def test_any_prices_are_a_bound() -> None:
    found = country(200, 100, 60, 1)
    proof = replace(found.proof(), price=dict.fromkeys(found.proof().price, 0))
    assert check_country(found.roster, policy(), DAY, proof).bound >= found.result.value


def several_mentors(roster: Roster, regulation: Policy) -> tuple[Roster, Policy]:
    first, *rest = roster.mentees
    return replace(roster, mentees=(replace(first, max_mentors=2), *rest)), regulation


def fair_shares(roster: Roster, regulation: Policy) -> tuple[Roster, Policy]:
    return roster, replace(regulation, levels=(*regulation.levels, ("SO-12",)))


def all_kinds(roster: Roster, regulation: Policy) -> tuple[Roster, Policy]:
    return roster, replace(regulation, kinds=read_policy("barnaul").kinds)


@pytest.mark.parametrize("change", [several_mentors, fair_shares, all_kinds])
def test_what_binds_several_pairs_is_refused(
    change: Callable[[Roster, Policy], tuple[Roster, Policy]],
) -> None:
    roster, regulation = change(country(200, 100, 60, 1).roster, policy())
    with pytest.raises(InputError):
        build_country(roster, regulation, DAY)
