"""The rules of pairing as rows of the linear model; a row that cannot bind is not written."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.model import Columns, Model, build_columns, level_grid
from matcher.pairing.integer.openings import Openings, openings_of_seats
from matcher.pairing.integer.rows import Rows
from matcher.pairing.problem import NO_LIMIT, PairingProblem

IntArray = NDArray[np.int64]
Entries = list[tuple[IntArray, IntArray, Any]]


def build_model(
    p: PairingProblem, option: IntArray, openings: Openings, *, threshold: int | None = None, relaxed: bool = False
) -> Model:
    """Return the model of ``p`` in which only ``option`` (ascending) and ``openings`` exist.

    ``threshold`` is the least sum of floor points demanded. With ``relaxed`` the rules that the certificate leaves out
    are left out too, so that dual prices of the rows are prices of the certificate.
    """
    columns = build_columns(p, option, openings, guard=threshold is not None)
    rows = Rows()
    _add_mentees(rows, columns)
    _add_mentors(rows, columns)
    _add_groups(rows, columns)
    _add_gains(rows, columns)
    _add_steps(rows, columns)
    if not relaxed:
        _add_between(rows, columns)
    _add_links(rows, columns)
    if threshold is not None:
        _add_floor(rows, columns, threshold)
    matrix, lower, upper = rows.matrix(columns.num_columns)
    network = not rows.has(
        "minute", "mentor_minute", "item", "extra", "lonely_extra", "companion", "conflict", "link_first", "floor"
    ) and _quotas_are_nested(p, option)
    integer = np.zeros(columns.num_columns, dtype=bool)
    integer[columns.of("option")] = not network
    integer[columns.of("opening")] = True
    integer[columns.of("guarded")] = True
    return Model(
        columns=columns,
        integer=integer,
        matrix=matrix,
        row_lower=lower,
        row_upper=upper,
        blocks=rows.blocks,
        is_network=network,
        threshold=threshold,
    )


def _add_mentees(rows: Rows, c: Columns) -> None:
    p, option = c.problem, c.option
    mentee, at = p.mentee[option], c.of("option")
    count = np.bincount(mentee, minlength=p.num_mentees)
    owner = np.flatnonzero(count > p.max_mentors)
    rows.add("mentee", owner, [(mentee, at, 1)], -np.inf, p.max_mentors[owner])
    minutes = p.mentee_minutes[option]
    binding = _may_exceed(mentee, minutes, p.max_mentors, p.max_mentee_minutes)
    entries: Entries = [(mentee, at, minutes)]
    for side in (p.link_first, p.link_second):
        entries.append((p.mentee[side[c.link]], c.of("link"), -p.link_refund_minutes[c.link]))
    rows.add("minute", binding, entries, -np.inf, p.max_mentee_minutes[binding])


def _add_mentors(rows: Rows, c: Columns) -> None:
    p = c.problem
    at = c.of("option")
    alone = p.group[c.option] < 0
    pair, pair_at = p.mentor[c.option][alone], at[alone]
    opener, open_at = p.group_mentor[c.openings.group], c.of("opening")
    pairs = np.bincount(pair, minlength=p.num_mentors)
    groups = np.bincount(p.group_mentor[np.unique(c.openings.group)], minlength=p.num_mentors)
    # The places imply the other two limits where these are no smaller.
    too_many_pairs = (pairs > p.max_individual) & (p.max_individual < p.max_places)
    owner = np.flatnonzero(too_many_pairs)
    rows.add("individual", owner, [(pair, pair_at, 1)], -np.inf, p.max_individual[owner])
    too_many_groups = (groups > p.max_groups) & (p.max_groups < p.max_places)
    owner = np.flatnonzero(too_many_groups)
    rows.add("groups", owner, [(opener, open_at, 1)], -np.inf, p.max_groups[owner])
    most = np.where(too_many_pairs, p.max_individual, pairs) + np.where(too_many_groups, p.max_groups, groups)
    owner = np.flatnonzero(most > p.max_places)
    rows.add("places", owner, [(pair, pair_at, 1), (opener, open_at, 1)], -np.inf, p.max_places[owner])
    minutes, group_minutes = p.mentor_minutes[c.option], p.group_minutes[c.openings.group]
    longest = _longest(pair, minutes[alone], p.max_individual) + _longest(
        p.group_mentor[np.unique(c.openings.group)], p.group_minutes[np.unique(c.openings.group)], p.max_groups
    )
    longest += np.bincount(p.mentor[c.option][~alone], minutes[~alone], p.num_mentors).astype(np.int64)
    owner = np.flatnonzero((longest > p.max_minutes) & (p.max_minutes < NO_LIMIT))
    entries: Entries = [(p.mentor[c.option], at, minutes), (opener, open_at, group_minutes)]
    for side in (p.link_first, p.link_second):
        entries.append((p.mentor[side[c.link]], c.of("link"), -p.link_refund_minutes[c.link]))
    rows.add("mentor_minute", owner, entries, -np.inf, p.max_minutes[owner])


def _longest(person: IntArray, minutes: IntArray, most: IntArray) -> IntArray:
    """Return the sum of each person's ``most`` longest minutes."""
    order = np.lexsort((-minutes, person))
    person, minutes = person[order], minutes[order]
    rank = np.arange(len(order)) - np.searchsorted(person, person)
    kept = rank < most[person]
    return np.bincount(person[kept], minutes[kept], len(most)).astype(np.int64)


def _may_exceed(person: IntArray, minutes: IntArray, most: IntArray, limit: IntArray) -> IntArray:
    return np.flatnonzero((_longest(person, minutes, most) > limit) & (limit < NO_LIMIT))


def _add_groups(rows: Rows, c: Columns) -> None:
    p = c.problem
    seat_at = np.flatnonzero(p.group[c.option] >= 0)
    if not len(seat_at):
        return
    seat = c.option[seat_at]
    group, open_at = c.openings.group, c.of("opening")
    which, member = openings_of_seats(p, seat, c.openings)
    entries: Entries = [(seat, seat_at, 1), (seat[member], open_at[which], -1)]
    rows.add("seat", seat, entries, -np.inf, 0)
    owner = np.unique(group)
    entries = [(p.group[seat], seat_at, 1), (group, open_at, -p.group_min_size[group])]
    rows.add("least", owner, entries, 0, np.inf)
    size = np.bincount(p.group[seat], minlength=p.num_groups)
    entries = [(p.group[seat], seat_at, 1), (group, open_at, -p.group_max_size[group])]
    rows.add("most", owner[size[owner] > p.group_max_size[owner]], entries, -np.inf, 0)
    # One group of a theme, and of it one slot; different slots for the groups of one mentor.
    theme = p.group_mentor[group] * (1 + int(p.group_theme.max(initial=0))) + p.group_theme[group]
    owner, times = np.unique(theme, return_counts=True)
    rows.add("theme", owner[times > 1], [(theme, open_at, 1)], -np.inf, 1)
    if p.slots is not None:
        moment = p.group_mentor[group] * (64 * p.slots.shape[1]) + c.openings.slot
        owner, times = np.unique(moment, return_counts=True)
        rows.add("moment", owner[times > 1], [(moment, open_at, 1)], -np.inf, 1)


def _add_gains(rows: Rows, c: Columns) -> None:
    p, at = c.problem, c.of("option")
    first = np.ones(len(c.option), dtype=bool) if p.extra is None else ~p.extra[c.option]
    mentee = p.mentee[c.option]
    entries: Entries = [(c.served_mentee, c.of("served"), 1), (mentee[first], at[first], -1)]
    rows.add("served", c.served_mentee, entries, -np.inf, 0)
    place = c.place(p.cover_option)
    kept = place >= 0
    entries = [(c.item, c.of("item"), 1), (p.cover_item[kept], place[kept], -1)]
    rows.add("item", c.item, entries, -np.inf, 0)


def _add_steps(rows: Rows, c: Columns) -> None:
    p, at = c.problem, c.of("option")
    alone = p.group[c.option] < 0
    entries: Entries = [
        (p.mentor[c.option][alone], at[alone], 1),
        (p.group_mentor[c.openings.group], c.of("opening"), 1),
        (p.load_steps.owner, c.of("load"), -1),
    ]
    rows.add("load", np.unique(p.load_steps.owner), entries, 0, 0)
    place = c.place(p.quota_option)
    kept = place >= 0
    entries = [(p.quota_owner[kept], place[kept], 1), (p.quota_steps.owner, c.of("quota"), -1)]
    rows.add("quota", np.unique(np.r_[p.quota_owner, p.quota_steps.owner]), entries, 0, 0)


def _add_between(rows: Rows, c: Columns) -> None:
    """Add the rules between two options: one of a couple, conflicts, a first mentor before a second."""
    p, at = c.problem, c.of("option")
    several = p.max_mentors[p.mentee[c.option]] > 1
    couple = (p.mentor[c.option] * p.num_mentees + p.mentee[c.option])[several]
    owner, times = np.unique(couple, return_counts=True)
    rows.add("couple", owner[times > 1], [(couple, at[several], 1)], -np.inf, 1)
    first, second = c.place(p.conflict_first), c.place(p.conflict_second)
    both = np.flatnonzero((first >= 0) & (second >= 0))
    rows.add("conflict", both, [(both, first[both], 1), (both, second[both], 1)], -np.inf, 1)
    if p.companion is not None:
        needing = np.flatnonzero(p.companion[c.option] >= 0)
        place = c.place(p.companion[c.option[needing]])
        there = place >= 0
        entries: Entries = [(needing, needing, 1), (needing[there], place[there], -1)]
        rows.add("companion", needing, entries, -np.inf, 0)
    if p.extra is None:
        return
    # Where being served has a column, one row a mentee: at most the further mentors, and those only beside a first.
    is_extra = p.extra[c.option]
    mentee = p.mentee[c.option]
    owner = np.intersect1d(c.served_mentee, mentee[is_extra])
    further = np.maximum(1, p.max_mentors - 1)
    entries = [(mentee[is_extra], at[is_extra], 1), (c.served_mentee, c.of("served"), -further[c.served_mentee])]
    rows.add("extra", owner, entries, -np.inf, 0)
    _add_lonely_extras(rows, c, np.flatnonzero(is_extra & ~np.isin(mentee, owner)))


def _add_lonely_extras(rows: Rows, c: Columns, extra: IntArray) -> None:
    """Add one row per extra option of mentees without a served column: it needs one of their first options."""
    p, mentee = c.problem, c.problem.mentee[c.option]
    assert p.extra is not None
    later = np.flatnonzero(~p.extra[c.option] & np.isin(mentee, mentee[extra]))
    order = later[np.argsort(mentee[later], kind="stable")]
    begin = np.searchsorted(mentee[order], mentee[extra])
    count = np.searchsorted(mentee[order], mentee[extra], side="right") - begin
    row = np.repeat(np.arange(len(extra)), count)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    entries: Entries = [(np.arange(len(extra)), extra, 1), (row, order[begin[row] + offset], -1)]
    rows.add("lonely_extra", np.arange(len(extra)), entries, -np.inf, 0)


def _add_links(rows: Rows, c: Columns) -> None:
    p, at = c.problem, c.of("link")
    first, second = c.place(p.link_first[c.link]), c.place(p.link_second[c.link])
    index = np.arange(len(c.link))
    rows.add("link_first", index, [(index, at, 1), (index, first, -1)], -np.inf, 0)
    rows.add("link_second", index, [(index, at, 1), (index, second, -1)], -np.inf, 0)
    # A link that costs something cannot be overlooked.
    dear = np.flatnonzero((p.link_points[:, c.link] < 0).any(axis=0))
    entries: Entries = [(dear, first[dear], 1), (dear, second[dear], 1), (dear, at[dear], -1)]
    rows.add("link_both", dear, entries, -np.inf, 1)


def _add_floor(rows: Rows, c: Columns, threshold: int) -> None:
    p, at = c.problem, c.of("option")
    assert p.floor_points is not None
    assert p.floor_mentee is not None
    mentee = p.mentee[c.option]
    grid = level_grid(p.floor_points)
    entries: Entries = [(mentee, at, p.floor_points[c.option] / grid)]
    if not p.floor_served_only:
        rows.add("floor", np.flatnonzero(p.floor_mentee), entries, threshold / grid, np.inf)
        return
    guarded = c.of("guarded")
    rows.add("floor", c.guarded_mentee, [*entries, (c.guarded_mentee, guarded, -threshold / grid)], 0, np.inf)
    if threshold > 0:  # nobody served is worth nothing
        nobody = np.zeros(len(guarded), dtype=np.int64)
        rows.add("somebody", np.zeros(1, dtype=np.int64), [(nobody, guarded, 1)], 1, np.inf)
    index = np.arange(len(c.option))
    inside = np.flatnonzero(p.floor_mentee[mentee])
    place = np.searchsorted(c.guarded_mentee, mentee[inside])
    entries = [(index, at, 1), (inside, guarded[place], -1)]
    rows.add("guard", inside, entries, -np.inf, 0)


def _quotas_are_nested(p: PairingProblem, option: IntArray) -> bool:
    """Return whether the quotas consist of whole mentors, nested in each other: the options then form a network."""
    place = np.zeros(p.num_options, dtype=bool)
    place[option] = True
    kept = place[p.quota_option]
    owner, member = p.quota_owner[kept], p.mentor[p.quota_option[kept]]
    if not len(owner):
        return True
    key, times = np.unique(owner * p.num_mentors + member, return_counts=True)
    quota, mentor = np.divmod(key, p.num_mentors)
    if (times != np.bincount(p.mentor[option], minlength=p.num_mentors)[mentor]).any():
        return False
    size = np.bincount(quota, minlength=p.num_quotas)
    order = np.lexsort((quota, -size[quota], mentor))
    quota, mentor = quota[order], mentor[order]
    same = mentor[1:] == mentor[:-1]
    pairs, shared = np.unique(np.stack([quota[:-1][same], quota[1:][same]]), axis=1, return_counts=True)
    return bool((shared == size[pairs[1]]).all())
