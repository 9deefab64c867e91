"""Contours, load and fair shares: what a municipality may open, raise and share out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.errors import InputError
from matcher.planning import make_plan
from scenarios.balance.contours import compute_contours
from scenarios.balance.fair_shares import compute_fair_shares
from scenarios.balance.levels import beside_points, right_after_served, without
from scenarios.balance.load import compute_load
from scenarios.compute import WAYS
from scenarios.reading import read_scenario
from scenarios.runs import expand
from scenarios.shares import parts_of
from tests.scenarios.balance.small import materials_of, run_of, steps_of

BALANCING = ("contours", "recruit", "load", "fair_shares", "mid_year", "reverse", "speed_fair", "stress")


@pytest.mark.parametrize("name", BALANCING)
def test_every_question_has_a_scenario_with_a_story_and_facts(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.settings.what == name in WAYS
    assert (scenario.folder / "README.md").is_file()
    assert (scenario.folder / "expected.toml").is_file()
    assert expand(scenario)


@pytest.mark.parametrize("seed", [3, 4])
def test_opening_a_contour_never_loses_anybody(seed: int) -> None:
    row = compute_contours(run_of("contours", seed=seed), {}).row
    steps = steps_of(row)
    served = [step["served"] for step in steps.values()]
    assert list(steps) == ["organisation", "municipality", "region"]
    assert served == sorted(served)
    assert row.figures["gained"] == served[-1] - served[0] == sum(one.get("gained", 0) for one in steps.values())
    assert steps["organisation"]["travel_pairs"] == 0
    assert row.violations == 0


def test_schools_alone_get_what_each_gets_by_itself() -> None:
    run = run_of("contours")
    given = materials_of(run)
    alone = steps_of(compute_contours(run, {}).row)["organisation"]
    home = {one.id: one.organisation for one in given.roster.people}
    served = 0
    for school in given.roster.organisations:
        mentors = tuple(one for one in given.roster.mentors if home[one.person] == school.id)
        mentees = tuple(one for one in given.roster.mentees if home[one.person] == school.id)
        locks = tuple(one for one in given.roster.locks if home[one.mentor] == home[one.mentee] == school.id)
        roster = replace(given.roster, mentors=mentors, mentees=mentees, locks=locks)
        plan = make_plan(roster, given.policy, work_limit=400, reference_day=given.reference_day)
        served += len({pair.mentee for pair in plan.pairs})
    assert alone["served"] == served


def test_a_regulation_with_one_contour_opens_nothing() -> None:
    run = run_of("contours")
    one = {**run.policy, "contours": {**run.policy["contours"], "order": ["organisation"]}}
    with pytest.raises(InputError, match="only one contour"):
        compute_contours(replace(run, policy=one), {})


def test_looser_caps_never_lose_anybody() -> None:
    run = run_of("load", mentees=14, mentors=5)

    def coverage(cap: int, groups: int, hours: int) -> float:
        load = {**run.policy["load"], "soft_mentees": 1, "max_individual_mentees": cap}
        load |= {"max_groups_per_mentor": groups, "mentor_hours_per_week": hours}
        row = compute_load(replace(run, policy={**run.policy, "load": load}), {}).row
        assert row.violations == 0
        assert {"load.minutes_most", "load.minutes_mean", "travel.pairs"} <= row.figures.keys()
        return row.figures["coverage"]

    found = [coverage(*caps) for caps in ((1, 0, 1), (1, 0, 2), (2, 0, 2), (2, 1, 2), (3, 1, 3))]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_fairness_first_shares_out_better_and_leaves_nobody_behind() -> None:
    row = compute_fair_shares(run_of("fair_shares", mentees=20, mentors=12, organisations=5), {}).row
    steps = steps_of(row)
    assert list(steps) == ["without", "regulation", "first"]
    assert steps["first"]["above_share"] <= steps["regulation"]["above_share"] <= steps["without"]["above_share"]
    assert steps["first"]["above_share"] < steps["without"]["above_share"]
    assert steps["first"]["served"] == steps["without"]["served"]
    share = parts_of(row.figures, "school.share")
    for way in steps:
        assert parts_of(row.figures, f"school.{way}").keys() == share.keys()
    first = parts_of(row.figures, "school.first")
    assert steps["first"]["above_share"] == sum(max(0, first[school] - share[school]) for school in share)


def test_a_rule_is_weighed_earlier_beside_the_points_or_not_at_all() -> None:
    policy = materials_of(run_of("fair_shares")).policy
    assert right_after_served(policy, "SO-09").levels[:2] == (("SO-01",), ("SO-09",))
    beside = beside_points(policy, "SO-09", 7)
    assert beside.weights["SO-09"] == 7
    assert [level for level in beside.levels if "SO-09" in level] == [
        level for level in beside.levels if "SO-03" in level
    ]
    assert without(policy, "SO-09").weights["SO-09"] == 0
    assert policy.weights["SO-09"] > 0
