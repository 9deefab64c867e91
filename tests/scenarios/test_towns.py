"""Sessions municipality by municipality: nothing is lost, nothing is planned twice, results equal wherever computed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from matcher.generate.country import generate_country
from matcher.io.policy_toml import read_policy
from matcher.policy import Policy
from matcher.roster import Roster
from scenarios.cluster import open_cluster
from scenarios.country_round import solve_round
from scenarios.towns import Effort, Town, TownRosters, TownRow, plan_towns, shares_of, towns_of

POLICY = Path(__file__).parents[2] / "scenarios" / "country" / "policy.toml"
EFFORT = Effort(work_limit=20, time_limit=120.0)


@cache
def policy() -> Policy:
    return read_policy(POLICY)


@cache
def round_() -> tuple[Roster, tuple[tuple[str, str], ...]]:
    roster = generate_country(num_mentees=30, num_mentors=20, num_organisations=12, num_municipalities=4, seed=2)
    return roster, tuple(solve_round(roster, policy(), date(2026, 9, 1)).proof().pairs)


def test_every_pair_is_in_one_municipality_and_no_person_in_two() -> None:
    roster, pairs = round_()
    towns = towns_of(roster, pairs)
    assert sorted(pair for town in towns for pair in town.pairs) == sorted(pairs)
    cut = TownRosters(roster, towns)
    people = Counter(person.id for town in towns for person in cut.of(town).people)
    assert set(people.values()) == {1}


def test_licences_of_all_municipalities_are_those_of_the_country() -> None:
    towns = [Town(name=str(at), pairs=(("m", "n"),) * size) for at, size in enumerate((5, 3, 1))]
    assert shares_of(2, towns) == {"0": 1, "1": 1, "2": 0}
    assert sum(shares_of(17, towns).values()) == 17


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[TownRow], list[TownRow]]:
    """Two municipalities planned, then all of them with what is there already."""
    roster, pairs = round_()
    folder = tmp_path_factory.mktemp("towns")
    with open_cluster(jobs=1) as client:
        first = list(plan_towns(client, roster, policy(), pairs, folder, effort=EFFORT, most=2))
        stamp = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
        again = list(plan_towns(client, roster, policy(), pairs, folder, effort=EFFORT, resume=True))
    assert {path: path.stat().st_mtime_ns for path in stamp} == stamp
    return folder, first, again


def test_what_is_there_is_not_planned_again(planned: tuple[Path, list[TownRow], list[TownRow]]) -> None:
    folder, first, again = planned
    roster, pairs = round_()
    assert len(first) == 2
    assert sorted(row.name for row in again) == sorted(town.name for town in towns_of(roster, pairs))
    assert set(first) <= set(again)
    assert len(list(folder.glob("*.row.json"))) == len(again)


def test_pairs_stay_and_their_sessions_stand_the_judge(planned: tuple[Path, list[TownRow], list[TownRow]]) -> None:
    _, _, again = planned
    assert sum(row.pairs for row in again) == len(round_()[1])
    assert all(row.violations == 0 for row in again)
    assert 0 < sum(row.sessions for row in again) <= sum(row.wanted for row in again)
