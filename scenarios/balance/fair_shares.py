"""Fair shares between schools: what each carries and gets without fairness, by the regulation, and with it first.

The share of an organisation is that of SO-12: its part of the municipality's mentees, by the places of its mentors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from matcher.errors import Fault, InputError
from matcher.explain.case import rebuilt
from matcher.plan import Plan
from matcher.policy import Policy
from matcher.texts import text
from scenarios.balance.levels import right_after_served, without
from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run
from scenarios.shares import names_of

_FAIRNESS = "SO-12"


def compute_fair_shares(run: Run, files: Files) -> Outcome:
    """Return the rounds "without" fairness, by the "regulation", and with fairness "first".

    Figures ``school.share/NAME`` and, by round, ``school.WAY/NAME`` are the pairs a school should carry and carries.

    Raises
    ------
    InputError
        When the inputs have faults, or no organisation has a neighbour to share with.
    """
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
    first = right_after_served(given.policy, _FAIRNESS)
    ways = {"without": without(given.policy, _FAIRNESS), "regulation": given.policy, "first": first}
    plans: dict[str, Plan] = {}
    for name, policy in ways.items():
        with watch("plan"):
            plans[name] = pair_people(run, given, policy=policy, roster=given.roster)
    share = shares(plans["first"], first)
    if not share:
        cure = text("add organisations with mentors in one municipality")
        raise InputError([Fault("roster", text("no organisation has a neighbour to share with"), cure)])
    steps = [Step(name=name, plan=plan, extra=fairness(plan, share)) for name, plan in plans.items()]
    name_of = names_of(given.roster)
    schools = {f"school.share/{name_of[id_]}": float(part) for id_, part in share.items()}
    for way, plan in plans.items():
        carried = given_by(plan)
        schools |= {f"school.{way}/{name_of[id_]}": float(carried[id_]) for id_ in share}
    return outcome_of(run, steps, watch, schools)


def shares(plan: Plan, policy: Policy) -> dict[str, int]:
    """Return how many pairs the mentors of each organisation should carry, of organisations with neighbours."""
    rules = rebuilt(plan, policy=policy).quotas.rules
    return {rule.id: rule.share for rule in rules if rule.scope == "fairness"}


def fairness(plan: Plan, share: Mapping[str, int]) -> dict[str, float]:
    """Return pairs carried above the shares, all together and at most, and the least and most covered organisation."""
    carried, covered = given_by(plan), coverage_of(plan)
    above = [max(0, carried[id_] - part) for id_, part in share.items()]
    return {
        "above_share": sum(above),
        "above_share_most": max(above),
        "coverage_least": min(covered.values()),
        "coverage_most": max(covered.values()),
    }


def given_by(plan: Plan) -> Counter[str]:
    """Return how many pairs and seats the mentors of each organisation carry."""
    home = {one.id: one.organisation for one in plan.roster.people}
    return Counter(home[pair.mentor] or "" for pair in plan.pairs)


def coverage_of(plan: Plan) -> dict[str, float]:
    """Return which part of its mentees has a mentor, in per cent, of every organisation with mentees."""
    home = {one.id: one.organisation or "" for one in plan.roster.people}
    home |= {one.id: one.organisation or "" for one in plan.roster.classes}
    mentees = Counter(home[one.person] for one in plan.roster.mentees)
    served = Counter(home[one] for one in {pair.mentee for pair in plan.pairs})
    return {id_: 100 * served[id_] / count for id_, count in sorted(mentees.items())}
