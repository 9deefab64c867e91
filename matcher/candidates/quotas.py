"""Hard bounds over many pairs, and fairness between organisations (SO-12), as quotas of the pairing problem.

The policy's quotas count pairs by the mentee's organisation and municipality, and by form. Fairness counts the pairs
that the mentors of an organisation carry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import FORMS, BoolArray, IntArray
from matcher.candidates.columns import Columns
from matcher.candidates.options import Options
from matcher.errors import Fault, InputError
from matcher.pairing.problem import NO_LIMIT
from matcher.texts import text

_UNFAIR = 10
_MOST_UNFAIR = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRule:
    """One quota: what it counts, whose it is, its bounds.

    ``scope`` is "organisation", "municipality", "form" (bounds of the policy) or "fairness", then ``share`` is how many
    pairs the mentors of organisation ``id`` should carry.
    """

    scope: str
    id: str
    least: int = 0
    most: int = NO_LIMIT
    share: int = NO_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuotaColumns:
    """Quotas and their members.

    ``option``, ``owner`` list who counts in which quota; ``step_owner``, ``step_width`` cut every quota into steps with
    ``step_least`` (1: pairs the policy asks for) and ``step_cost`` (unfairness, 0 and up) beside them.
    """

    rules: tuple[QuotaRule, ...]
    option: IntArray
    owner: IntArray
    step_owner: IntArray
    step_width: IntArray
    step_least: IntArray
    step_cost: IntArray


def build_quotas(columns: Columns, options: Options) -> QuotaColumns:
    """Return the policy's quotas, then the fair shares; a seat counts as one pair.

    Raises
    ------
    InputError
        When the policy names an organisation or a municipality that the roster has not.
    """
    rules = policy_rules(columns)
    bounded = [members_of(columns, options.mentee, options.form, rule) for rule in rules]
    lists = [np.flatnonzero(mine) for mine in bounded]
    owners = [np.full(len(mine), at, dtype=np.int64) for at, mine in enumerate(lists)]
    fair, fair_option, fair_owner = _fairness(columns, options)
    everything = [*rules, *fair]
    steps = [(at, *step) for at, rule in enumerate(everything) for step in _steps(rule)]
    table = np.array(steps, dtype=np.int64).reshape(len(steps), 4)
    return QuotaColumns(
        rules=tuple(everything),
        option=np.concatenate([*lists, fair_option]),
        owner=np.concatenate([*owners, fair_owner + len(rules)]),
        step_owner=table[:, 0],
        step_width=table[:, 1],
        step_least=table[:, 2],
        step_cost=table[:, 3],
    )


def policy_rules(columns: Columns) -> list[QuotaRule]:
    """Return the quotas of the policy."""
    quotas = columns.policy.quotas
    known = {
        "organisation": set(columns.places.id),
        "municipality": set(columns.places.municipality_id),
        "form": {form.value for form in FORMS},
    }
    faults, rules = [], []
    for scope in known:
        for quota in getattr(quotas, scope):
            if quota.id not in known[scope]:
                unknown = text("{id} is not in the roster", id=quota.id)
                faults.append(Fault(f"quotas.{scope}", unknown, text("give an id of the roster")))
            most = NO_LIMIT if quota.max is None else quota.max
            rules.append(QuotaRule(scope=scope, id=str(quota.id), least=quota.min or 0, most=most))
    if faults:
        raise InputError(faults)
    return rules


def members_of(columns: Columns, mentee: IntArray, form: IntArray, rule: QuotaRule) -> BoolArray:
    """Return which pairs (by mentee and form) count in a quota of the policy."""
    if rule.scope == "form":
        in_form: BoolArray = form == [word.value for word in FORMS].index(rule.id)
        return in_form
    place = columns.mentees.organisation[mentee]
    if rule.scope == "organisation":
        in_place: BoolArray = place == columns.places.id.index(rule.id)
        return in_place
    towns = [at for at, name in enumerate(columns.places.municipality_id) if name == rule.id]
    return np.isin(columns.places.municipality[place], towns)


def _fairness(columns: Columns, options: Options) -> tuple[list[QuotaRule], IntArray, IntArray]:
    """Return (shares, member options, their share) of organisations with neighbours in their municipality.

    A share is the organisation's part of the municipality's mentees, by the places of its mentors.
    """
    nothing = np.zeros(0, dtype=np.int64)
    weighs = any("SO-12" in level for level in columns.policy.levels) and columns.policy.weights["SO-12"] > 0
    if not weighs or not len(options):
        return [], nothing, nothing
    places, size = columns.places, len(columns.places.id)
    mentors = np.unique(options.mentor)
    capacity = np.bincount(columns.mentors.organisation[mentors], columns.mentors.max_individual[mentors], size)
    town, num_towns = places.municipality, len(places.municipality_id)
    served = columns.mentees.organisation[np.unique(options.mentee)]
    demand = np.bincount(town[served], minlength=num_towns)
    room = np.bincount(town, capacity, num_towns)
    neighbours = np.bincount(town, capacity > 0, num_towns)
    fair = np.flatnonzero((capacity > 0) & (neighbours[town] > 1) & (demand[town] > 0))
    share = np.ceil(demand[town[fair]] * capacity[fair] / room[town[fair]]).astype(np.int64)
    number = np.full(size, -1, dtype=np.int64)
    number[fair] = np.arange(len(fair))
    owner = number[columns.mentors.organisation[options.mentor]]
    members = np.flatnonzero(owner >= 0)
    rules = [
        QuotaRule(scope="fairness", id=places.id[place], share=part)
        for place, part in zip(fair.tolist(), share.tolist(), strict=True)
    ]
    return rules, members, owner[members]


def _steps(rule: QuotaRule) -> list[tuple[int, int, int]]:
    """Return (width, least, cost) from the first pair to the last allowed."""
    ends = sorted({min(end, rule.most) for end in (rule.least, rule.share, 2 * rule.share, rule.most)} - {0})
    begin, steps = 0, []
    for end in ends:
        cost = 0 if end <= rule.share else _UNFAIR if end <= 2 * rule.share else _MOST_UNFAIR
        steps.append((end - begin, int(end <= rule.least), cost))
        begin = end
    return steps or [(0, 0, 0)]
