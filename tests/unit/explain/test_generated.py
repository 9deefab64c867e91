"""Explanations of made-up municipalities under every regulation: whatever is claimed holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.explain.case import Case
from matcher.explain.findings import Cause, PlanReport
from matcher.explain.help.why_nobody import gather
from matcher.explain.report import explain_plan
from matcher.generate.roster import generate_roster
from matcher.io.plan_json import write_plan_json
from matcher.io.policy_toml import read_policy
from matcher.plan import Plan
from matcher.planning import make_plan
from tests.rosters import DAY

POLICIES = ("barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")


@pytest.fixture(scope="module", params=POLICIES)
def explained(request: pytest.FixtureRequest) -> tuple[Plan, PlanReport]:
    roster = generate_roster(
        num_mentees=24, num_mentors=9, num_organisations=4, num_municipalities=1, seed=3, policy_id=request.param
    )
    plan = make_plan(roster, read_policy(request.param), reference_day=DAY, work_limit=40)
    return plan, explain_plan(plan)


def test_everybody_is_explained_once(explained: tuple[Plan, PlanReport]) -> None:
    plan, report = explained
    assert plan.unmatched
    assert tuple(sorted(reasons.mentee for reasons in report.nobody)) == tuple(sorted(plan.unmatched))
    assert [(r.mentor, r.mentee) for r in report.pairs] == [(p.mentor, p.mentee) for p in plan.pairs]


def test_every_cure_is_a_gain_for_its_mentee(explained: tuple[Plan, PlanReport]) -> None:
    _, report = explained
    cures = [(reasons, cure) for reasons in report.nobody for cure in reasons.cures]
    assert cures
    for reasons, cure in cures:
        assert reasons.mentee in cure.effect.newly_served
        assert cure.effect.is_gain
        assert cure.effect.no_longer_served == ()


def test_every_short_set_leaves_out_as_many_as_it_says(explained: tuple[Plan, PlanReport]) -> None:
    plan, report = explained
    served = {pair.mentee for pair in plan.pairs}
    for found in report.short_sets:
        assert set(found.left_out) <= set(found.mentees) - served
        assert len(served.intersection(found.mentees)) <= found.most_served < len(found.mentees)


def test_a_cause_is_named_for_everybody(explained: tuple[Plan, PlanReport]) -> None:
    _, report = explained
    for reasons in report.nobody:
        assert (reasons.cause is Cause.SHORT) == (reasons.short_set is not None and reasons.held_back is None)
        assert reasons.refused or reasons.num_allowed


def test_the_same_plan_is_explained_in_the_same_way(explained: tuple[Plan, PlanReport]) -> None:
    plan, report = explained
    again = explain_plan(plan)
    assert (again.nobody, again.short_sets, again.recruits) == (report.nobody, report.short_sets, report.recruits)


def test_the_report_goes_into_the_plan_file(explained: tuple[Plan, PlanReport], tmp_path: Path) -> None:
    plan, report = explained
    write_plan_json(plan, tmp_path / "plan.json", report)
    assert '"explanations"' in (tmp_path / "plan.json").read_text(encoding="utf-8")


def test_the_present_pairs_stand_unchanged_in_a_round_with_concessions(explained: tuple[Plan, PlanReport]) -> None:
    plan, _ = explained
    case = Case.of(plan)
    conceded = gather(case, case.unmatched, time_limit=1.0).conceded
    assert conceded is not None
    columns, pairing = conceded.candidates.columns, conceded.before.pairing
    pairs = zip(pairing.mentor.tolist(), pairing.mentee.tolist(), strict=True)
    assert {(columns.mentor_id[m], columns.mentee_id[n]) for m, n in pairs} == set(case.couples)
    assert not conceded.is_new[pairing.option].any()


def test_a_very_large_round_leaves_the_last_tiers_to_be_asked_for(
    explained: tuple[Plan, PlanReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, report = explained
    monkeypatch.setattr("matcher.explain.report._MOST_PAIRS_ASKED", len(plan.roster.mentors))
    short = explain_plan(plan)
    assert len(short.nobody) == 1
    assert len(short.unexplained) == len(report.nobody) - 1
    assert {short.nobody[0].mentee, *short.unexplained} == set(plan.unmatched)
