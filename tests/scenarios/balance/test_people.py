"""New mentors, and mentors who leave in the middle of the year."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest

from matcher.errors import InputError
from matcher.explain.help.concessions import with_newcomers
from matcher.plan import pairs_of
from matcher.planning import make_plan
from matcher.roster import MentorStatus
from scenarios.balance.mid_year import compute_mid_year, leaving, locked, without_mentors
from scenarios.balance.options import read_numbers
from scenarios.balance.recruit import compute_recruit, priced_newcomers
from scenarios.balance.steps import pair_people
from tests.scenarios.balance.small import materials_of, run_of, steps_of

LEAVING = {"percent": 25}


def test_a_recruit_gains_what_solving_again_says_and_no_more_than_the_price() -> None:
    run = run_of("recruit", mentees=14, mentors=5, options={"mentors": 2, "tried": 2})
    row = compute_recruit(run, {}).row
    steps = list(steps_of(row).values())
    assert row.violations == 0
    assert row.figures["recruited"] == len(steps) - 1 >= 1
    assert row.figures["gained"] == steps[-1]["served"] - steps[0]["served"]
    for before, after in pairwise(steps):
        assert 0 < after["confirmed"] <= after["priced"]
        assert after["gained"] == after["served"] - before["served"] >= 0


def test_prices_bound_the_round_with_every_newcomer() -> None:
    run = run_of("recruit", mentees=14, mentors=5)
    given = materials_of(run)
    plan = pair_people(run, given, policy=given.policy, roster=given.roster)
    ranked = priced_newcomers(plan, 1)
    assert [one.bounds for one in ranked] == sorted((one.bounds for one in ranked), reverse=True)
    for one in ranked[:2] + ranked[-2:]:
        assert one.roster == with_newcomers(
            plan.roster, {one.newcomer: one.roster.mentors[-1].person}, plan.reference_day
        )
        again = make_plan(one.roster, given.policy, work_limit=400, seed=1, reference_day=given.reference_day)
        old, new = [level.value for level in plan.levels], [level.value for level in again.levels]
        rises = next((at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b), None)
        assert rises is None or old[rises] < new[rises] <= one.bounds[rises]


@pytest.mark.parametrize("seed", [3, 5])
def test_the_smallest_change_breaks_least(seed: int) -> None:
    row = compute_mid_year(run_of("mid_year", seed=seed, options=LEAVING), {}).row
    steps = steps_of(row)
    assert list(steps) == ["autumn", "locked", "stable", "weighed 10", "weighed 1", "regulation", "cold"]
    assert row.violations == 0
    assert steps["locked"]["broken"] == 0
    assert steps["locked"]["broken"] <= steps["stable"]["broken"] <= steps["cold"]["broken"]
    assert steps["stable"]["served"] == steps["regulation"]["served"] == steps["cold"]["served"]
    could = {step["kept"] + step["broken"] for name, step in steps.items() if name != "autumn"}
    assert could == {steps["autumn"]["pairs"] + steps["autumn"]["seats"] - row.figures["lost"]}


def test_who_leaves_hangs_on_the_seed_alone_and_leaves_everything() -> None:
    run = run_of("mid_year")
    given = materials_of(run)
    roster = given.roster
    gone = leaving(roster, 25, 7)
    assert gone == leaving(roster, 25, 7)
    assert len(gone) == 2
    assert len(leaving(roster, 1, 7)) == 1
    after = without_mentors(roster, gone)
    assert {one.person for one in after.mentors if one.status is MentorStatus.LEFT} >= gone
    autumn = pair_people(run, given, policy=given.policy, roster=roster)
    fixed = locked(after, autumn, gone)
    assert {(one.mentor, one.mentee) for one in fixed.locks} == {key for key in pairs_of(autumn) if key[0] not in gone}
    plan = pair_people(run, given, policy=given.policy, roster=fixed)
    assert not gone & {pair.mentor for pair in plan.pairs}


@pytest.mark.parametrize(
    ("options", "message"),
    [({"mentor": 1}, "mentor is unknown"), ({"mentors": 0}, "0 is wrong"), ({"tried": True}, "True is wrong")],
)
def test_options_that_do_not_fit_are_told(options: Mapping[str, int], message: str) -> None:
    run = run_of("recruit", options=dict(options))
    with pytest.raises(InputError, match=message):
        read_numbers(run, {"mentors": 3, "tried": 3})


def test_options_are_all_told_at_once() -> None:
    run = run_of("recruit", options={"mentors": -1, "tries": 2})
    with pytest.raises(InputError) as found:
        compute_recruit(run, {})
    assert [fault.place for fault in found.value.faults] == ["options.tries", "options.mentors"]
    assert read_numbers(run_of("recruit"), {"mentors": 3}) == {"mentors": 3}
    assert read_numbers(run_of("recruit", options={"mentors": 2}), {"mentors": 3}) == {"mentors": 2}
