"""The judge and the candidates, two readings of the same requirements, say the same of every pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from matcher.candidates.build import Candidates, build_candidates
from matcher.candidates.options import INDIVIDUAL, SEAT
from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import list_policies, read_policy
from matcher.judge.cases import propose, refusals, seat_refusals
from matcher.judge.categories import tier_of
from matcher.judge.choices import Case, minutes_of
from matcher.judge.facts import Facts
from matcher.judge.verdict import plan_violations
from matcher.plan import make_plan
from matcher.policy import Policy
from matcher.roster import Roster
from tests.acceptance.odd_rosters import DAY, mutual_roster, odd_roster

POLICIES = list_policies()
RosterOf = Callable[[str, int], Roster]


def first_pairs(found: Candidates) -> set[tuple[str, str]]:
    """Return the candidates who may be somebody's first or only mentor."""
    edges, columns = found.pairs.edges, found.columns
    is_first = ~(found.pairs.asks_main & ((edges.covered & edges.covered_main) == 0))
    return {
        (columns.mentor_id[m], columns.mentee_id[n])
        for m, n in zip(edges.mentor[is_first].tolist(), edges.mentee[is_first].tolist(), strict=True)
    }


def differences(roster: Roster, policy: Policy) -> dict[tuple[str, str], list[str]]:
    """Return the pairs on which the two readings differ, with what the judge says."""
    first = first_pairs(build_candidates(roster, policy, reference_day=DAY))
    facts = Facts.of(roster, policy, DAY)
    told = {(m, n): refusals(facts, m, n) for m in facts.mentors for n in facts.mentees}
    return {
        pair: [f"{v.rule} {v.message}" for v in broken] or ["allowed"]
        for pair, broken in told.items()
        if (pair in first) == bool(broken)
    }


@pytest.mark.parametrize("policy_id", POLICIES)
@pytest.mark.parametrize("seed", range(3))
def test_a_pair_is_a_candidate_exactly_where_the_judge_allows_it(policy_id: str, seed: int) -> None:
    roster = generate_roster(
        num_mentees=40, num_mentors=35, num_organisations=9, num_municipalities=2, seed=seed, policy_id=policy_id
    )
    assert differences(roster, read_policy(policy_id)) == {}


@pytest.mark.parametrize("policy_id", POLICIES)
@pytest.mark.parametrize("seed", range(25))
def test_the_two_agree_where_rare_things_happen(policy_id: str, seed: int) -> None:
    assert differences(odd_roster(policy_id, seed), read_policy(policy_id)) == {}


@pytest.mark.parametrize("policy_id", POLICIES)
@pytest.mark.parametrize("seed", range(15))
def test_the_two_agree_where_people_could_mentor_each_other(policy_id: str, seed: int) -> None:
    assert differences(mutual_roster(policy_id, seed), read_policy(policy_id)) == {}


@pytest.mark.parametrize("policy_id", POLICIES)
@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("make_roster", [odd_roster, mutual_roster])
def test_options_are_what_the_judge_makes_of_them(make_roster: RosterOf, policy_id: str, seed: int) -> None:
    """Form, model, kind, distance, minutes, theme and tier, one by one."""
    roster, policy = make_roster(policy_id, seed), read_policy(policy_id)
    found, facts = build_candidates(roster, policy, reference_day=DAY), Facts.of(roster, policy, DAY)
    tiers = {id_: int(found.columns.mentees.tier[at]) for at, id_ in enumerate(found.columns.mentee_id)}
    assert tiers == {id_: tier_of(facts, mentee) for id_, mentee in facts.mentees.items()}
    wrong = {option: said for option in range(len(found.options)) if (said := said_otherwise(found, facts, option))}
    assert wrong == {}


def said_otherwise(found: Candidates, facts: Facts, option: int) -> list[object]:
    """Return what the judge would say of an option otherwise than the candidates do."""
    options = found.options
    pair = found.columns.mentor_id[int(options.mentor[option])], found.columns.mentee_id[int(options.mentee[option])]
    is_seat = bool(options.sort[option] == SEAT)
    case = propose(facts, *pair, seat=is_seat)
    if not isinstance(case, Case):
        return [pair, case]
    case = replace(case, is_locked=bool(options.locked[option]))
    stated: list[object] = [found.form_of(option), found.model_of(option), found.contour_of(option)]
    due: list[object] = [case.form, case.model, case.sides.contour]
    if options.sort[option] in (SEAT, INDIVIDUAL):
        stated += [found.kind_of(option), int(options.mentee_minutes[option])]
        due += [case.kind, minutes_of(case)]
    if is_seat and not options.locked[option] and not case.sides.mentee.is_class:
        theme = found.groups.themes[int(found.groups.theme[int(options.group[option])])]
        broken = seat_refusals(facts, *pair, theme.topic, theme.subject or None)
        due += [v for v in broken if v.rule != "HR-04" or not options.extra[option]]
    return [] if stated == due else [pair, stated, due]


@pytest.mark.parametrize("policy_id", POLICIES)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("make_roster", [odd_roster, mutual_roster])
def test_plans_of_odd_rosters_pass_the_judge(make_roster: RosterOf, policy_id: str, seed: int) -> None:
    plan = make_plan(make_roster(policy_id, seed), read_policy(policy_id), reference_day=DAY, time_limit=20)
    assert [(v.rule, v.subjects, str(v.message)) for v in plan_violations(plan)] == []
