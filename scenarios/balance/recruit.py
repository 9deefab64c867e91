"""Which new mentors are worth most, by subject and place: ranked by prices, confirmed by solving again.

One after another: the newcomers that would serve those who have nobody are priced, the most promising are put into the
roster in turn and the round is solved with each; the best stays, and the next is looked for beside him.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.candidates.build import Candidates
from matcher.explain.case import Case, rebuilt
from matcher.explain.findings import NEWCOMER
from matcher.explain.help.concessions import Newcomer, with_newcomers
from matcher.explain.help.recruit import MOST_PROFILES, profiles
from matcher.pairing.certificate import LevelPrices, level_bound
from matcher.plan import Plan
from matcher.plan_ids import item_names, quota_names
from matcher.roster import Roster
from scenarios.balance.options import read_numbers
from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import Materials, build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run
from scenarios.shares import names_of

OPTIONS = {"mentors": 3, "tried": 3}
"""How many are looked for; how many are tried by solving for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A newcomer, the roster with him, and what no plan with him exceeds on each level, the values above kept."""

    newcomer: Newcomer
    roster: Roster
    bounds: tuple[int, ...]


def compute_recruit(run: Run, files: Files) -> Outcome:
    """Return the round as it is, and with one, two … of the best new mentors.

    The first step is "before", each other is named by its number, the subject or topic, and the school. It ends early
    where nobody is left without a mentor, or no newcomer gains anything.

    Raises
    ------
    InputError
        When the inputs or the options have faults.
    """
    wanted = read_numbers(run, OPTIONS)
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
    with watch("plan"):
        plan = pair_people(run, given, policy=given.policy, roster=given.roster)
    steps = [Step(name="before", plan=plan)]
    tried = 0
    for number in range(1, wanted["mentors"] + 1):
        with watch("prices"):
            ranked = priced_newcomers(plan, number)[: wanted["tried"]]
        tried += len(ranked)
        with watch("plan"):
            found = best_of(run, given, plan, ranked)
        if found is None:
            break
        best, plan = found
        steps.append(_step(number, best, steps[-1].plan, plan))
    gained = len(steps[0].plan.unmatched) - len(plan.unmatched)
    return outcome_of(run, steps, watch, {"recruited": len(steps) - 1, "tried": tried, "gained": gained})


def priced_newcomers(plan: Plan, number: int) -> list[Priced]:
    """Return the newcomers that may gain something, the most promising by the prices of the certificate first."""
    case = Case.of(plan)
    found = []
    for newcomer in profiles(case, MOST_PROFILES):
        roster = with_newcomers(plan.roster, {newcomer: f"{NEWCOMER} {number}"}, plan.reference_day)
        round_ = rebuilt(plan, roster)
        bounds = tuple(
            level_bound(round_.problem, prices_with(case, round_, prices), level, plan.certificate.values)
            for level, prices in enumerate(plan.certificate.prices)
        )
        found.append(Priced(newcomer=newcomer, roster=roster, bounds=bounds))
    return sorted(found, key=lambda one: one.bounds, reverse=True)


def prices_with(case: Case, wider: Candidates, prices: LevelPrices) -> LevelPrices:
    """Return the prices of a round for the round with one mentor more.

    Whom and what nobody could help before has no price yet. It gets all that it is worth, so that the newcomer is paid
    for it, within what he can take; any prices give a valid bound.
    """
    problem, size = wider.problem, len(prices.weight)
    was_reached = np.isin(np.arange(problem.num_mentees), case.problem.mentee)
    served = np.where(was_reached, prices.served, np.maximum(0, prices.weight @ problem.served_points[:size]))
    known = dict(zip(case.plan.items, prices.item.tolist(), strict=True))
    worth = np.maximum(0, prices.weight @ problem.item_points[:size]).tolist()
    item = [known.get(name, whole) for name, whole in zip(item_names(wider), worth, strict=True)]
    quota_of = dict(zip(case.plan.quotas, prices.quota.tolist(), strict=True))
    quota = [quota_of.get(name, 0) for name in quota_names(wider)]
    return replace(prices, served=served, item=np.array(item, dtype=np.int64), quota=np.array(quota, dtype=np.int64))


def best_of(run: Run, given: Materials, plan: Plan, ranked: Sequence[Priced]) -> tuple[Priced, Plan] | None:
    """Return the newcomer whose round, solved again, is the best; None where none is better than the present one."""
    best: tuple[Priced, Plan] | None = None
    values = _values(plan)
    for one in ranked:
        found = pair_people(run, given, policy=given.policy, roster=one.roster)
        if _values(found) > values:
            best, values = (one, found), _values(found)
    return best


def _values(plan: Plan) -> tuple[int, ...]:
    return tuple(level.value for level in plan.levels)


def _step(number: int, best: Priced, before: Plan, after: Plan) -> Step:
    """Return the step with what prices allow and solving found on the first level that rises."""
    newcomer = best.newcomer
    what = newcomer.subject or (newcomer.topic.value if newcomer.topic is not None else "any")
    old, new = _values(before), _values(after)
    first = next(at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
    return Step(
        name=f"{number} {what} {names_of(after.roster)[newcomer.organisation]}",
        plan=after,
        extra={
            "level": first,
            "priced": best.bounds[first] - old[first],
            "confirmed": new[first] - old[first],
        },
    )
