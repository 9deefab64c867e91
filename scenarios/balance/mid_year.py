"""Mentors leave in the middle of the year: from the smallest change to a round from nothing, and what that gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matcher.candidates.criteria import IDEAL
from matcher.plan import Plan, pairs_of
from matcher.roster import Lock, LockStatus, MentorStatus, Roster
from scenarios.balance.levels import beside_points, right_after_served
from scenarios.balance.options import read_numbers
from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import Materials, build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run

OPTIONS = {"percent": 10}
"""How many of the mentors leave, in per cent; at least one does. Who, the seed of the run decides."""
WEIGHTS = (10, 1)
"""What keeping a pair weighs beside the points of pairs, between stability first and the regulation."""
_STABILITY = "SO-09"


def compute_mid_year(run: Run, files: Files) -> Outcome:
    """Return the round of autumn and those after mentors left: a curve from the fewest broken pairs to the best pairs.

    "locked": pairs that can go on do; "stable": stability comes right after who has a mentor; "weighed N": it weighs N
    beside the points of pairs; "regulation": where the regulation has it; "cold": a round from nothing. ``broken``
    counts pairs of autumn that could go on and do not, ``kept`` those that do, ``lacks`` the points that all pairs
    together lack to ideal ones.

    Raises
    ------
    InputError
        When the inputs or the options have faults.
    """
    percent = read_numbers(run, OPTIONS)["percent"]
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
    with watch("plan"):
        autumn = pair_people(run, given, policy=given.policy, roster=given.roster)
    gone = leaving(given.roster, percent, run.settings.seed)
    with watch("plan"):
        plans = plans_after(run, given, autumn, gone)
    before = pairs_of(autumn)
    could = {key for key in before if key[0] not in gone}
    steps = [Step(name="autumn", plan=autumn, extra={"lacks": lacks(autumn)})]
    for name, plan in plans.items():
        kept = len(could & pairs_of(plan).keys())
        extra = {"kept": kept, "broken": len(could) - kept, "lacks": lacks(plan)}
        steps.append(Step(name=name, plan=plan, extra=extra))
    return outcome_of(run, steps, watch, {"left": len(gone), "lost": len(before) - len(could)})


def plans_after(run: Run, given: Materials, autumn: Plan, gone: frozenset[str]) -> dict[str, Plan]:
    """Return the rounds after these mentors left, from the one that changes least to a round from nothing."""
    policy, before = given.policy, pairs_of(autumn)
    roster = without_mentors(given.roster, gone)
    ways = {"locked": (policy, locked(roster, autumn, gone))}
    ways["stable"] = (right_after_served(policy, _STABILITY), roster)
    ways |= {f"weighed {weight}": (beside_points(policy, _STABILITY, weight), roster) for weight in WEIGHTS}
    ways["regulation"] = (policy, roster)
    plans = {
        name: pair_people(run, given, policy=rules, roster=people, previous=before)
        for name, (rules, people) in ways.items()
    }
    return {**plans, "cold": pair_people(run, given, policy=policy, roster=roster)}


def lacks(plan: Plan) -> int:
    """Return how many points all pairs together lack to ideal ones."""
    weights = plan.policy.weights
    return sum(sum(IDEAL * weights[rule] - points for rule, points in pair.points.items()) for pair in plan.pairs)


def leaving(roster: Roster, percent: int, seed: int) -> frozenset[str]:
    """Return the mentors who leave, at least one, the same for the same seed."""
    ids = sorted(one.person for one in roster.mentors)
    count = min(len(ids), max(1, round(len(ids) * percent / 100)))
    chosen: Sequence[int] = np.random.default_rng(seed).choice(len(ids), size=count, replace=False).tolist()
    return frozenset(ids[at] for at in chosen)


def without_mentors(roster: Roster, gone: frozenset[str]) -> Roster:
    """Return the roster in which these mentors have left; their fixed pairs go with them."""
    mentors = tuple(
        replace(one, status=MentorStatus.LEFT, min_individual=None) if one.person in gone else one
        for one in roster.mentors
    )
    return replace(roster, mentors=mentors, locks=tuple(one for one in roster.locks if one.mentor not in gone))


def locked(roster: Roster, plan: Plan, gone: frozenset[str]) -> Roster:
    """Return the roster with the pairs and seats of a plan fixed, those of the mentors who left excepted."""
    mine = {(one.mentor, one.mentee) for one in roster.locks}
    locks = tuple(
        Lock(mentor=one.mentor, mentee=one.mentee, form=one.form, kind=one.kind, status=LockStatus.ACTIVE)
        for one in plan.pairs
        if one.mentor not in gone and (one.mentor, one.mentee) not in mine
    )
    return replace(roster, locks=(*roster.locks, *locks))
