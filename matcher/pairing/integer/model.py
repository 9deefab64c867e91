"""The linear model of a pairing problem, or of a part of it, with all levels kept apart.

Columns, in this order: options, openings (a group in a slot), mentees served, items covered, steps of mentors, steps of
quotas, links, mentees under the floor. Only the first two and the last have to be declared integer: everything else is
then integer in a best solution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.pairing.integer.openings import NO_SLOT, Openings
from matcher.pairing.problem import PairingProblem, Steps
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

KINDS = ("option", "opening", "served", "item", "load", "quota", "link", "guarded")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """What has a column: options and openings, and what they can earn.

    ``gain`` is (num_levels, num_columns). ``folded_mentee`` and ``folded_item`` mark gains that only one chosen option
    can earn: they are counted at the options and have no column.
    """

    problem: PairingProblem
    option: IntArray
    openings: Openings
    served_mentee: IntArray
    item: IntArray
    link: IntArray
    guarded_mentee: IntArray
    folded_mentee: BoolArray
    folded_item: BoolArray
    gain: IntArray
    upper: FloatArray
    first: dict[str, int]

    @property
    def num_columns(self) -> int:
        """Return the number of columns."""
        return len(self.upper)

    def of(self, kind: str) -> IntArray:
        """Return the columns of one kind."""
        after = KINDS.index(kind) + 1
        end = self.first[KINDS[after]] if after < len(KINDS) else self.num_columns
        return np.arange(self.first[kind], end)

    def place(self, option: IntArray) -> IntArray:
        """Return the column of each option, −1 where it has none."""
        if not len(self.option):
            return np.full(len(option), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.option, option), len(self.option) - 1)
        return np.where(self.option[place] == option, place, -1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Rows ``row_lower ≤ matrix @ columns ≤ row_upper`` with ``0 ≤ columns ≤ upper``.

    ``blocks`` gives the rows of each kind: the first row and the people, items or quotas they belong to.
    ``threshold`` is the least sum of floor points that the rows demand.
    """

    columns: Columns
    integer: BoolArray
    matrix: csr_array
    row_lower: FloatArray
    row_upper: FloatArray
    blocks: dict[str, tuple[int, IntArray]]
    is_network: bool
    threshold: int | None


def level_grid(gain: IntArray) -> int:
    """Return the greatest number of which every gain is a multiple."""
    return max(1, int(np.gcd.reduce(gain, initial=0)))


def build_columns(p: PairingProblem, option: IntArray, openings: Openings, *, guard: bool = False) -> Columns:
    """Return the columns of ``option`` (ascending) and ``openings``; ``guard`` adds mentees under the floor."""
    single = p.max_mentors <= 1
    covering = np.isin(p.cover_option, option)
    times = np.bincount(p.cover_item[covering], minlength=p.num_items)
    folded_item = single[p.item_mentee] | (times <= 1)
    served = np.unique(p.mentee[option])
    guarded = served[:0]
    if guard and p.floor_served_only and p.floor_mentee is not None:
        guarded = served[p.floor_mentee[served]]
    served = served[p.served_points[:, served].any(axis=0) & ~single[served]]
    item = np.flatnonzero((times > 0) & ~folded_item & p.item_points.any(axis=0))
    link = np.flatnonzero(np.isin(p.link_first, option) & np.isin(p.link_second, option))
    parts = (
        _option_gain(p, option, single, folded_item),
        p.group_points[:, openings.group],
        p.served_points[:, served],
        p.item_points[:, item],
        p.load_steps.points,
        p.quota_steps.points,
        p.link_points[:, link],
        np.zeros((p.num_levels, len(guarded)), dtype=np.int64),
    )
    size = [part.shape[1] for part in parts]
    begin = np.cumsum([0, *size])
    first = {kind: int(at) for kind, at in zip(KINDS, begin[:-1], strict=True)}
    upper = np.ones(int(begin[-1]))
    upper[first["load"] : first["quota"]] = p.load_steps.width
    upper[first["quota"] : first["link"]] = p.quota_steps.width
    return Columns(
        problem=p,
        option=option,
        openings=openings,
        served_mentee=served,
        item=item,
        link=link,
        guarded_mentee=guarded,
        folded_mentee=single,
        folded_item=folded_item,
        gain=np.concatenate(parts, axis=1),
        upper=upper,
        first=first,
    )


def _option_gain(p: PairingProblem, option: IntArray, single: BoolArray, folded_item: BoolArray) -> IntArray:
    """Return the points of the options with what only they can earn: being served, items."""
    gain = p.points[:, option] + np.where(single[p.mentee[option]], p.served_points[:, p.mentee[option]], 0)
    kept = np.flatnonzero(np.isin(p.cover_option, option) & folded_item[p.cover_item])
    place = np.searchsorted(option, p.cover_option[kept])
    for level in np.flatnonzero(p.item_points.any(axis=1)).tolist():
        np.add.at(gain[level], place, p.item_points[level, p.cover_item[kept]])
    return gain


def column_values(columns: Columns, pairing: Pairing) -> FloatArray | None:
    """Return the value of every column in a valid pairing, None where the pairing uses what has no column."""
    p = columns.problem
    value = np.zeros(columns.num_columns)
    place = columns.place(pairing.option)
    opening = _find_openings(columns, pairing)
    if (place < 0).any() or opening is None:
        return None
    value[place] = 1
    value[opening] = 1
    served = np.unique(pairing.mentee)
    covered = np.unique(p.cover_item[np.isin(p.cover_option, pairing.option)])
    value[columns.of("served")] = np.isin(columns.served_mentee, served)
    value[columns.of("item")] = np.isin(columns.item, covered)
    value[columns.of("guarded")] = np.isin(columns.guarded_mentee, served)
    load = np.bincount(pairing.mentor[pairing.group < 0], minlength=p.num_mentors)
    load += np.bincount(p.group_mentor[pairing.open_group], minlength=p.num_mentors)
    value[columns.of("load")] = _filled(p.load_steps, load)
    members = p.quota_owner[np.isin(p.quota_option, pairing.option)]
    value[columns.of("quota")] = _filled(p.quota_steps, np.bincount(members, minlength=p.num_quotas))
    both = np.isin(p.link_first[columns.link], pairing.option) & np.isin(p.link_second[columns.link], pairing.option)
    value[columns.of("link")] = both
    return value


def _find_openings(columns: Columns, pairing: Pairing) -> IntArray | None:
    openings = columns.openings
    slots = openings.slot if columns.problem.slots is not None else np.full(len(openings), NO_SLOT)
    wanted = pairing.slot if columns.problem.slots is not None else np.full(len(pairing.open_group), NO_SLOT)
    place = {key: at for at, key in enumerate(zip(openings.group.tolist(), slots.tolist(), strict=True))}
    found = [place.get(key, -1) for key in zip(pairing.open_group.tolist(), wanted.tolist(), strict=True)]
    if -1 in found:
        return None
    return columns.first["opening"] + np.array(found, dtype=np.int64)


def _filled(steps: Steps, load: IntArray) -> IntArray:
    """Return how far each step is filled when every owner fills his steps in order."""
    if not len(steps.owner):
        return np.zeros(0, dtype=np.int64)
    before = np.cumsum(steps.width) - steps.width
    before -= before[np.searchsorted(steps.owner, steps.owner)]
    return np.clip(load[steps.owner] - before, 0, steps.width)


def pairing_of(columns: Columns, value: FloatArray) -> Pairing:
    """Return the pairing that these column values choose; openings that nobody sits in stay shut."""
    p = columns.problem
    option = columns.option[value[: len(columns.option)] > 0.5]
    opened = np.flatnonzero(value[columns.of("opening")] > 0.5)
    sat_in = np.isin(columns.openings.group[opened], p.group[option]) | (
        p.group_min_size[columns.openings.group[opened]] == 0
    )
    chosen = columns.openings.pick(opened[sat_in])
    return Pairing.of(p, option, chosen.group, chosen.slot)
