"""Options of a round: every way in which a mentee can be served, one row each.

An option is an individual pair, a reverse pair (or its counter-assignment, A-31), or a seat in a possible group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import BoolArray, IntArray, Words, has_bit
from matcher.candidates.edges import Edges
from matcher.candidates.groups import Groups
from matcher.candidates.locks import KeptLock
from matcher.candidates.pairs import Pairs
from matcher.candidates.reverse import exchanged, may_be_reverse, may_counter, reverse_needs
from matcher.candidates.second import may_stay, rivals
from matcher.candidates.tables import GROUP, REVERSE, KindTables

SEAT, INDIVIDUAL, REVERSED, COUNTER = range(4)
"""Sorts of options."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Options:
    """One row per option, by mentee, mentor, sort and group.

    ``edge`` is the index of the pair in :class:`matcher.candidates.pairs.Pairs`, ``sort`` one of SEAT, INDIVIDUAL,
    REVERSED, COUNTER; ``group`` −1 except for seats; ``covered`` the needs worked on; ``companion`` the option a
    counter-assignment belongs to (−1); ``link_first``, ``link_second`` list reverse options with their counters.
    ``opposite`` (num_pairs,) is as in :func:`opposite_edges`.
    """

    edge: IntArray
    sort: IntArray
    mentor: IntArray
    mentee: IntArray
    group: IntArray
    kind: IntArray
    form: IntArray
    covered: Words
    extra: BoolArray
    mentor_minutes: IntArray
    mentee_minutes: IntArray
    locked: BoolArray
    companion: IntArray
    link_first: IntArray
    link_second: IntArray
    opposite: IntArray

    def __len__(self) -> int:
        """Return the number of options."""
        return len(self.edge)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """Raw options: the pair, the sort, the kind, the covered needs, the group."""

    edge: IntArray
    sort: IntArray
    kind: IntArray
    covered: Words
    group: IntArray

    def take(self, kept: IntArray) -> _Rows:
        """Return some of the rows."""
        return _Rows(
            edge=self.edge[kept],
            sort=self.sort[kept],
            kind=self.kind[kept],
            covered=self.covered[kept],
            group=self.group[kept],
        )


def build_options(
    pairs: Pairs,
    groups: Groups,
    tables: KindTables,
    locks: tuple[KeptLock, ...],
    may_be_extra: BoolArray,
    max_mentors: IntArray,
) -> tuple[Options, int, int]:
    """Return all options, how many could never be chosen, and how many HR-04 could not be checked for (second.py).

    Running pairs are marked, with their own minutes where they have agreed on them. ``may_be_extra`` (num_pairs,) says
    which pairs may be second ones; an option for a second mentor needs a mentee who may have a first.
    """
    edges = pairs.edges
    opposite = opposite_edges(edges)
    every = _all_rows(pairs, groups, opposite, locks)
    every = every.take(_by_people(edges, every))
    extra = pairs.asks_main[every.edge] & (every.covered & edges.covered_main[every.edge] == 0)
    extra &= ~_is_locked_edge(edges, locks)[every.edge]
    useful = _useful(edges, every, extra, may_be_extra, opposite)
    rows, extra = every.take(useful), extra[useful]
    mentor, mentee, risky = edges.mentor[rows.edge], edges.mentee[rows.edge], extra & _is_risky(rows.sort)
    stays = may_stay(mentor, mentee, rows.covered, extra, risky, max_mentors)
    stays &= _has_reverse(rows, stays, opposite)
    rows, extra = rows.take(np.flatnonzero(stays)), extra[stays]
    minutes = tables.minutes[rows.kind, edges.form[rows.edge]]
    locked = _mark_locks(edges, groups, rows, locks, minutes)
    first, second = _links(rows, opposite)
    companion = np.full(len(rows.edge), -1, dtype=np.int64)
    companion[second] = first
    options = Options(
        edge=rows.edge,
        sort=rows.sort,
        mentor=edges.mentor[rows.edge],
        mentee=edges.mentee[rows.edge],
        group=rows.group,
        kind=rows.kind,
        form=edges.form[rows.edge],
        covered=rows.covered,
        extra=extra,
        mentor_minutes=np.where(rows.sort == SEAT, 0, minutes),
        mentee_minutes=minutes,
        locked=locked,
        companion=companion,
        link_first=first,
        link_second=second,
        opposite=opposite,
    )
    return options, len(every.edge) - len(useful), len(useful) - len(rows.edge)


def _all_rows(pairs: Pairs, groups: Groups, opposite: IntArray, locks: tuple[KeptLock, ...]) -> _Rows:
    """Return seats, individual pairs, reverse pairs and counter-assignments, one sort after the other."""
    edges = pairs.edges
    fixed = _is_locked_edge(edges, tuple(lock for lock in locks if lock.kind == REVERSE))
    new_tech = reverse_needs(edges)
    is_group = edges.columns.mentees.is_class[edges.mentee] & has_bit(edges.kinds, GROUP)
    individual = np.flatnonzero((edges.kind >= 0) & ~is_group)
    reverse = np.flatnonzero(has_bit(edges.kinds, REVERSE) & (may_be_reverse(edges) | fixed))
    counter = _counters(edges, reverse, opposite)
    helped = np.where(fixed, edges.covered, new_tech)
    size = (len(groups.edge), len(individual), len(reverse), len(counter))
    alone = size[1] + size[2] + size[3]
    return _Rows(
        edge=np.concatenate([groups.edge, individual, reverse, counter]),
        sort=np.repeat(np.array([SEAT, INDIVIDUAL, REVERSED, COUNTER]), size),
        kind=np.concatenate([np.full(size[0], GROUP), edges.kind[individual], np.full(size[2] + size[3], REVERSE)]),
        covered=np.concatenate(
            [groups.covered, edges.covered[individual], helped[reverse], (edges.covered & ~new_tech)[counter]]
        ),
        group=np.concatenate([groups.group, np.full(alone, -1)]),
    )


def _by_people(edges: Edges, rows: _Rows) -> IntArray:
    """Return the order by mentee, mentor, sort and group."""
    return np.lexsort((rows.group, rows.sort, edges.mentor[rows.edge], edges.mentee[rows.edge]))


def _useful(edges: Edges, rows: _Rows, extra: BoolArray, may_be_extra: BoolArray, opposite: IntArray) -> IntArray:
    """Return the options that could be chosen: a second mentor needs a first, a counter-assignment its reverse pair."""
    has_first = np.zeros(edges.columns.num_mentees, dtype=bool)
    has_first[edges.mentee[rows.edge[~extra]]] = True
    kept = ~extra | (has_first[edges.mentee[rows.edge]] & may_be_extra[rows.edge])
    return np.flatnonzero(kept & _has_reverse(rows, kept, opposite))


def _has_reverse(rows: _Rows, kept: BoolArray, opposite: IntArray) -> BoolArray:
    """Return which rows are no counter-assignments, or belong to a reverse pair that is kept."""
    reversed_edges = rows.edge[kept & (rows.sort == REVERSED)]
    stands: BoolArray = (rows.sort != COUNTER) | np.isin(opposite[rows.edge], reversed_edges)
    return stands


def _is_risky(sort: IntArray) -> BoolArray:
    """Return the options that something else than their own points may call for."""
    return np.isin(sort, (SEAT, REVERSED))


def _is_locked_edge(edges: Edges, locks: tuple[KeptLock, ...]) -> BoolArray:
    """Return which pairs are fixed."""
    keys = np.array([lock.mentor * edges.columns.num_mentees + lock.mentee for lock in locks], dtype=np.int64)
    return np.isin(edges.key, keys)


def opposite_edges(edges: Edges) -> IntArray:
    """Return per pair the index of the same two people in exchanged roles, −1 where that is no allowed pair."""
    columns = edges.columns
    mentor, mentee = exchanged(columns, edges.mentor, edges.mentee)
    opposite = np.full(len(edges), -1, dtype=np.int64)
    both = np.flatnonzero((mentor >= 0) & (mentee >= 0))
    if not len(both):
        return opposite
    wanted = columns.key(mentor[both], mentee[both])
    order = np.argsort(edges.key[both], kind="stable")
    known = edges.key[both][order]
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    hit = known[at] == wanted
    opposite[both[hit]] = both[order[at[hit]]]
    return opposite


def _counters(edges: Edges, reverse: IntArray, opposite: IntArray) -> IntArray:
    """Return the pairs in which the older of a reverse pair helps the younger with anything but new technologies."""
    back = opposite[reverse]
    back = back[back >= 0]
    return np.sort(back[may_counter(edges.take(back))])


def _links(rows: _Rows, opposite: IntArray) -> tuple[IntArray, IntArray]:
    """Return the reverse options and the counter-assignments that belong to them."""
    counters = np.flatnonzero(rows.sort == COUNTER)
    option_of = {int(rows.edge[at]): at for at in np.flatnonzero(rows.sort == REVERSED).tolist()}
    first = [option_of[int(opposite[rows.edge[at]])] for at in counters.tolist()]
    return np.array(first, dtype=np.int64), counters


def redundant_options(options: Options, max_mentors: IntArray) -> tuple[IntArray, IntArray]:
    """Return the pairs of options that HR-04 does not allow together (:mod:`matcher.candidates.second`)."""
    risky = options.extra & _is_risky(options.sort)
    return rivals(options.mentee, options.covered, options.extra, risky, max_mentors)


def opposite_options(options: Options) -> tuple[IntArray, IntArray]:
    """Return all pairs of options that bring the same two people together in exchanged roles, linked ones left out."""
    ways: dict[int, list[int]] = {}
    concerned = np.flatnonzero(options.opposite[options.edge] >= 0)
    for at in concerned.tolist():
        ways.setdefault(int(options.edge[at]), []).append(at)
    linked = set(zip(options.link_first.tolist(), options.link_second.tolist(), strict=True))
    found = []
    for edge, mine in ways.items():
        back = int(options.opposite[edge])
        if edge < back:
            found += [(a, b) for a in mine for b in ways.get(back, ()) if (a, b) not in linked and (b, a) not in linked]
    table = np.array(found, dtype=np.int64).reshape(len(found), 2)
    return table[:, 0], table[:, 1]


def _mark_locks(edges: Edges, groups: Groups, rows: _Rows, locks: tuple[KeptLock, ...], minutes: IntArray) -> BoolArray:
    """Return which options are fixed, and put the pair's own minutes into ``minutes``, in place."""
    locked = np.zeros(len(rows.edge), dtype=bool)
    fixed = groups.group[groups.is_fixed]
    for lock in locks:
        key = lock.mentor * edges.columns.num_mentees + lock.mentee
        mine = np.flatnonzero(edges.key[rows.edge] == key)
        is_seat = lock.kind == GROUP
        wanted = SEAT if is_seat else REVERSED if lock.kind == REVERSE else INDIVIDUAL
        here = mine[rows.sort[mine] == wanted]
        if is_seat:
            here = here[np.isin(rows.group[here], fixed) | edges.columns.mentees.is_class[lock.mentee]]
        locked[here[:1]] = True
        if lock.minutes is not None:
            minutes[here[:1]] = lock.minutes
    return locked
