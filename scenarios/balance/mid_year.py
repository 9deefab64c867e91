"""Mentors leave in the middle of the year: from the smallest change to a round from nothing, and what each step buys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matcher.plan import Plan, pairs_of
from matcher.roster import Lock, LockStatus, MentorStatus, Roster
from scenarios.balance.levels import right_after_served
from scenarios.balance.options import read_numbers
from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run

OPTIONS = {"percent": 10}
"""How many of the mentors leave, in per cent; at least one does. Who, the seed of the run decides."""
_STABILITY = "SO-09"


def compute_mid_year(run: Run, files: Files) -> Outcome:
    """Return the round of autumn and four after mentors left: a curve from the fewest broken pairs to the best pairs.

    "locked": individual pairs that can go on do; "stable": stability comes right after who has a mentor; "regulation":
    where the regulation has it; "cold": a round from nothing. ``broken`` counts pairs of autumn that could go on and do
    not, ``kept`` those that do.

    Raises
    ------
    InputError
        When the inputs or the options have faults.
    """
    percent = read_numbers(run, OPTIONS)["percent"]
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
    policy = given.policy
    with watch("plan"):
        autumn = pair_people(run, given, policy=policy, roster=given.roster)
    gone = leaving(given.roster, percent, run.settings.seed)
    roster, before = without_mentors(given.roster, gone), pairs_of(autumn)
    with watch("plan"):
        plans = {
            "locked": pair_people(run, given, policy=policy, roster=locked(roster, autumn, gone), previous=before),
            "stable": pair_people(
                run, given, policy=right_after_served(policy, _STABILITY), roster=roster, previous=before
            ),
            "regulation": pair_people(run, given, policy=policy, roster=roster, previous=before),
            "cold": pair_people(run, given, policy=policy, roster=roster),
        }
    could = {key for key in before if key[0] not in gone}
    steps = [Step(name="autumn", plan=autumn)]
    for name, plan in plans.items():
        kept = len(could & pairs_of(plan).keys())
        steps.append(Step(name=name, plan=plan, extra={"kept": kept, "broken": len(could) - kept}))
    return outcome_of(run, steps, watch, {"left": len(gone), "lost": len(before) - len(could)})


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
    """Return the roster with the individual pairs of a plan fixed, those of the mentors who left excepted."""
    mine = {(one.mentor, one.mentee) for one in roster.locks}
    locks = tuple(
        Lock(mentor=one.mentor, mentee=one.mentee, form=one.form, kind=one.kind, status=LockStatus.ACTIVE)
        for one in plan.pairs
        if one.group is None and one.mentor not in gone and (one.mentor, one.mentee) not in mine
    )
    return replace(roster, locks=(*roster.locks, *locks))
