"""What a move costs: valid plans, exact on flow, never less than no plan can save."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.explain.again.move_price import Moving
from matcher.explain.again.standing import Standing, present_case
from matcher.explain.case import Case
from matcher.explain.questions import Questioned
from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import read_policy
from matcher.plan import Plan
from matcher.planning import make_plan
from tests.unit.explain.plans import plan_of, short_of_maths

POLICIES = ("kalmykia", "dalnerechensk", "barnaul")


def town(policy: str) -> Plan:
    """Return the plan of a small town."""
    roster = generate_roster(
        num_mentees=24, num_mentors=16, num_organisations=4, num_municipalities=1, seed=3, policy_id=policy
    )
    return make_plan(replace(roster, locks=(), consents=()), read_policy(policy), work_limit=1, seed=0)


def now(plan: Plan, **changes: object) -> Moving:
    """Return the round of a plan with nothing, or this, changed by hand."""
    couples = tuple((pair.mentor, pair.mentee) for pair in plan.pairs)
    return Moving(present_case(Case.of(plan), Standing(**{"couples": couples, **changes})))  # type: ignore[arg-type]


def served(plan: Plan) -> tuple[str, str]:
    """Return a (mentor, mentee) of a plan."""
    return plan.pairs[0].mentor, plan.pairs[0].mentee


@pytest.mark.parametrize("policy", POLICIES)
def test_the_round_as_it_stands_is_the_plan_where_nothing_was_changed(policy: str) -> None:
    plan = town(policy)
    case = Case.of(plan)
    present = present_case(case, Standing(couples=tuple((pair.mentor, pair.mentee) for pair in plan.pairs)))
    assert present.case.values == case.values
    assert present.unknown == ()


@pytest.mark.parametrize("policy", POLICIES)
def test_the_plan_found_has_the_pair_and_breaks_no_rule(policy: str) -> None:
    plan = town(policy)
    moving = now(plan)
    num_found = 0
    for pair in plan.pairs[:6]:
        free = [one for one in moving.targets(pair.mentee, pair.mentor) if one.has_way and not one.is_present]
        for target in free[:4]:
            found = moving.price(target.mentor, pair.mentee, pair.mentor)
            if found.effect is None:
                continue
            num_found += 1
            (move,) = [one for one in found.effect.moves if one.mentee == pair.mentee]
            assert target.mentor in move.after
            assert pair.mentor not in move.after
    assert num_found > 6


@pytest.mark.parametrize("policy", POLICIES)
def test_looking_further_never_finds_worse_and_never_claims_more_than_it_found(policy: str) -> None:
    plan = town(policy)
    moving = now(plan)
    num_found = 0
    for pair in plan.pairs[:4]:
        for target in [one for one in moving.targets(pair.mentee, pair.mentor) if one.has_way and not one.is_present][
            :4
        ]:
            quick = moving.price(target.mentor, pair.mentee, pair.mentor)
            thorough = moving.price(target.mentor, pair.mentee, pair.mentor, thorough=True)
            if quick.effect is None or thorough.effect is None:
                continue
            num_found += 1
            worse = {level.name: level for level in quick.effect.levels}
            for level in thorough.effect.levels:
                other = worse.pop(level.name, None)
                if other is None or other.after != level.after:
                    assert level.after > (level.before if other is None else other.after)
                    break
            if thorough.loss is not None:
                assert 0 <= thorough.loss.least <= thorough.loss.most
    assert num_found > 3


def test_on_a_flow_the_price_is_that_of_the_round_solved_again() -> None:
    plan = plan_of(short_of_maths())
    moving = now(plan)
    assert moving.is_flow
    mentor, mentee = next((pair.mentor, pair.mentee) for pair in plan.pairs if pair.mentor == "M-2")
    (alone,) = plan.unmatched
    found = moving.price(mentor, alone, None)
    again = Questioned.of(plan).what_if(mentor, alone).finding.effect
    assert found.is_exact
    assert found.effect is not None
    assert again is not None
    assert found.effect.levels == again.levels
    assert found.effect.no_longer_served == (mentee,)


def test_what_is_forbidden_or_locked_is_said_and_not_priced() -> None:
    plan = plan_of(short_of_maths())
    mentor, mentee = served(plan)
    (alone,) = plan.unmatched
    assert now(plan, forbidden=frozenset({(mentor, alone)})).price(mentor, alone, None).is_forbidden
    other = "M-2" if mentor == "M-1" else "M-1"
    assert now(plan, locked=frozenset({(mentor, mentee)})).price(other, mentee, mentor).is_locked


def test_a_locked_pair_does_not_make_room() -> None:
    plan = plan_of(short_of_maths())
    mentor, mentee = next((pair.mentor, pair.mentee) for pair in plan.pairs if pair.mentor == "M-2")
    (alone,) = plan.unmatched
    assert now(plan, locked=frozenset({(mentor, mentee)})).price(mentor, alone, None).effect is None


def test_a_mentor_whom_a_rule_refuses_is_shown_with_the_rule() -> None:
    plan = plan_of(short_of_maths())
    mentee = plan.pairs[0].mentee
    target = next(one for one in now(plan).targets(mentee, None) if one.mentor == "M-3")
    assert not target.has_way
    assert target.refused
    assert now(plan).price("M-3", mentee, plan.pairs[0].mentor).refused == target.refused
