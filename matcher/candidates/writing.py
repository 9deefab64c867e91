"""Writing the pairing problem: items, points on every level, loads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import CONTOURS, BoolArray, IntArray, Words
from matcher.candidates.columns import Columns
from matcher.candidates.criteria import CRITERIA, IDEAL
from matcher.candidates.groups import Groups
from matcher.candidates.levels import Level, item_points, load_costs, served_points, weight_in
from matcher.candidates.locks import Loads
from matcher.candidates.options import COUNTER, REVERSED, Options, opposite_options, redundant_options
from matcher.candidates.pairs import Pairs
from matcher.candidates.quotas import QuotaColumns
from matcher.candidates.tables import GROUP, KindTables
from matcher.pairing.problem import PairingProblem, Steps
from matcher.policy_words import ContourMode
from matcher.roster import Contour

_SAME_KIND = 100
_OTHER_KIND = 80
_ORGANISATION = CONTOURS.index(Contour.ORGANISATION)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Items:
    """What can be covered: ``mentee`` and ``need`` (position among his needs; −1: to be served from inside) per item.

    ``option``, ``item`` list which option covers which item.
    """

    mentee: IntArray
    need: IntArray
    option: IntArray
    item: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Everything the problem is written from."""

    columns: Columns
    tables: KindTables
    pairs: Pairs
    groups: Groups
    options: Options
    items: Items
    quotas: QuotaColumns
    loads: Loads
    levels: tuple[Level, ...]
    slots: Words | None
    previous: IntArray


def build_items(columns: Columns, options: Options, pairs: Pairs) -> Items:
    """Return the needs that some option covers, by mentee; then, where inside mentors go first, an item per mentee.

    The latter is covered by a mentor of the same organisation who could be the first one.
    """
    num, width = columns.num_mentees, columns.needs.width
    covers = [
        ((options.covered >> np.uint64(at)) & np.uint64(1) > 0) for at in range(width)
    ]  # fmt: skip
    option = np.concatenate([np.zeros(0, dtype=np.int64), *(np.flatnonzero(mine) for mine in covers)])
    need = np.repeat(np.arange(width), [int(mine.sum()) for mine in covers])
    code = options.mentee[option] * max(1, width) + need
    if columns.policy.contours.mode is ContourMode.INTERNAL_FIRST:
        inside = np.flatnonzero((pairs.edges.contour[options.edge] == _ORGANISATION) & ~options.extra)
        option = np.r_[option, inside]
        code = np.r_[code, num * max(1, width) + options.mentee[inside]]
    known, item = np.unique(code, return_inverse=True)
    is_inside = known >= num * max(1, width)
    order = np.lexsort((item, option))
    return Items(
        mentee=np.where(is_inside, known - num * max(1, width), known // max(1, width)),
        need=np.where(is_inside, -1, known % max(1, width)),
        option=option[order],
        item=item[order].astype(np.int64),
    )


def write_problem(parts: Parts) -> PairingProblem:
    """Return the pairing problem."""
    columns, options, groups, quotas = parts.columns, parts.options, parts.groups, parts.quotas
    names = tuple(level.name for level in parts.levels)
    worst_off = names.index("worst_off") if "worst_off" in names else None
    loads = parts.loads
    conflicts = opposite_options(options), redundant_options(options, loads.max_mentors)
    has_companion = bool((options.companion >= 0).any())
    return PairingProblem(
        num_mentors=columns.num_mentors,
        num_mentees=columns.num_mentees,
        level_names=names,
        headline=_headline(parts.levels),
        mentor=options.mentor,
        mentee=options.mentee,
        group=options.group,
        points=_points(parts),
        mentor_minutes=options.mentor_minutes,
        mentee_minutes=options.mentee_minutes,
        slots=parts.slots,
        group_mentor=groups.mentor,
        group_theme=groups.theme,
        group_min_size=groups.min_size,
        group_max_size=groups.max_size,
        group_minutes=_group_minutes(parts),
        group_points=np.zeros((len(names), len(groups)), dtype=np.int64),
        max_individual=loads.max_individual,
        max_groups=loads.max_groups,
        max_places=loads.max_individual + loads.max_groups,
        max_minutes=loads.max_minutes,
        load_steps=_load_steps(parts),
        max_mentors=loads.max_mentors,
        max_mentee_minutes=loads.max_mentee_minutes,
        served_points=served_points(columns, parts.levels),
        item_mentee=parts.items.mentee,
        item_points=item_points(columns, parts.levels, parts.items.mentee, parts.items.need),
        cover_option=parts.items.option,
        cover_item=parts.items.item,
        quota_option=quotas.option,
        quota_owner=quotas.owner,
        quota_steps=_quota_steps(parts),
        link_first=options.link_first,
        link_second=options.link_second,
        link_refund_minutes=_refunds(parts),
        link_points=np.zeros((len(names), len(options.link_first)), dtype=np.int64),
        conflict_first=np.concatenate([first for first, _ in conflicts]),
        conflict_second=np.concatenate([second for _, second in conflicts]),
        extra=options.extra if options.extra.any() else None,
        companion=options.companion if has_companion else None,
        worst_off_level=worst_off,
        floor_points=_cover_share(parts) if worst_off is not None else None,
        floor_mentee=_may_be_served(parts) if worst_off is not None else None,
        floor_served_only=True,
        locked=options.locked,
    )


def _headline(levels: tuple[Level, ...]) -> int:
    """Return the level of the criteria, else the last."""
    rules = {rule.rule for rule in CRITERIA}
    return next((at for at, level in enumerate(levels) if rules & set(level.rules)), len(levels) - 1)


def _points(parts: Parts) -> IntArray:
    """Return what every option gains, shape (num_levels, num_options).

    Criteria count as what a pair lacks to the ideal. On their first level a point or two decide between ways that are
    otherwise equal: a reverse pair for new technologies, then kinds in the policy's order; a first mentor before a
    second.
    """
    options, policy = parts.options, parts.columns.policy
    points = np.zeros((len(parts.levels), len(options)), dtype=np.int64)
    is_first = True
    for at, level in enumerate(parts.levels):
        if level.name == "locks":
            points[at] = options.locked
        found = False
        for row, rule in enumerate(CRITERIA):
            weight = weight_in(policy, level, rule.rule)
            found |= rule.rule in level.rules
            if weight:
                points[at] += weight * (parts.pairs.points[row, options.edge].astype(np.int64) - IDEAL)
        if found and is_first:
            points[at] -= _tie_break(parts)
            is_first = False
        points[at] += weight_in(policy, level, "SO-09") * _stability(parts)
    return points


def _tie_break(parts: Parts) -> IntArray:
    options = parts.options
    is_reverse = (options.sort == REVERSED) | (options.sort == COUNTER)
    return np.where(is_reverse, 0, 1 + parts.tables.preference[options.kind]) + options.extra


def _stability(parts: Parts) -> IntArray:
    """Return what keeping a pair of the plan before counts: 100 in the same kind, 80 in another (SO-09)."""
    before = parts.previous[parts.options.edge]
    same = before == parts.options.kind
    return np.where(before < 0, 0, np.where(same, _SAME_KIND, _OTHER_KIND))


def _group_minutes(parts: Parts) -> IntArray:
    """Return what a group costs its mentor: the pattern once, or the hours a running group has agreed on."""
    groups, options = parts.groups, parts.options
    minutes = parts.tables.minutes[GROUP, groups.form] if len(groups) else np.zeros(0, dtype=np.int64)
    fixed = np.flatnonzero(options.locked & (options.group >= 0))
    own = np.zeros(len(groups), dtype=np.int64)
    np.maximum.at(own, options.group[fixed], options.mentee_minutes[fixed])
    return np.where(own > 0, own, minutes)


def _refunds(parts: Parts) -> IntArray:
    """Return what a reverse pair and its counter give back on each side: a quarter (A-31), nothing of agreed hours."""
    options = parts.options
    first, second = options.link_first, options.link_second
    quarter = np.minimum(options.mentee_minutes[first], options.mentee_minutes[second]) // 4
    return np.where(options.locked[first] | options.locked[second], 0, quarter)


def _load_steps(parts: Parts) -> Steps:
    """Return one step for every place of every mentor: least loads, then the balance of SO-07."""
    loads = parts.loads
    most = loads.max_individual + loads.max_groups
    owner = np.repeat(np.arange(len(most)), most)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(most) - most, most)
    cost = load_costs(parts.columns, owner, place)
    points = np.zeros((len(parts.levels), len(owner)), dtype=np.int64)
    for at, level in enumerate(parts.levels):
        if level.name == "least":
            points[at] = place < parts.columns.mentors.min_individual[owner]
        points[at] -= weight_in(parts.columns.policy, level, "SO-07") * cost
    return Steps(owner=owner, width=np.ones(len(owner), dtype=np.int64), points=points)


def _quota_steps(parts: Parts) -> Steps:
    quotas = parts.quotas
    points = np.zeros((len(parts.levels), len(quotas.step_owner)), dtype=np.int64)
    for at, level in enumerate(parts.levels):
        if level.name == "least":
            points[at] = quotas.step_least
        points[at] -= weight_in(parts.columns.policy, level, "SO-12") * quotas.step_cost
    return Steps(owner=quotas.step_owner, width=quotas.step_width, points=points)


def _cover_share(parts: Parts) -> IntArray:
    """Return the covered part of the mentee's needs in percent; an option for a second mentor does not count."""
    options, needs = parts.options, parts.columns.needs
    total = needs.weight.sum(axis=1)
    covered = np.zeros(len(options), dtype=np.int64)
    for at in range(needs.width):
        has = (options.covered >> np.uint64(at)) & np.uint64(1) > 0
        covered += np.where(has, needs.weight[options.mentee, at], 0)
    return np.where(options.extra, 0, IDEAL * covered // np.maximum(1, total[options.mentee]))


def _may_be_served(parts: Parts) -> BoolArray:
    found = np.zeros(parts.columns.num_mentees, dtype=bool)
    found[parts.options.mentee] = True
    return found
