"""Pairs of different regions: mentees who ask for the same are priced together against all mentors.

Mentors stand in the order of their cells (experience and what else counts for SO-08). For what is asked, one vector
over the mentors has all that does not depend on the mentee's experience; its greatest value in every cell, with the
table of SO-08, gives the best of every mentee. So all pairs are priced, though few are ever written down.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.codes import CONTOURS, IntArray
from matcher.candidates.country.near import is_among
from matcher.candidates.country.profiles import Profiles
from matcher.pairing.country.problem import REFUSED, Edges
from matcher.roster import Contour

_FEDERAL = CONTOURS.index(Contour.FEDERAL)
_NEVER = REFUSED // 2
LIST = 64
"""The best mentors of a mentee among whom the first pairs are spread."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ask:
    """Mentees who ask for the same in the same way: ``mentees``, one of whom stands for all in what does not differ."""

    mentees: IntArray
    way: int
    subject: int
    main: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Far:
    """All mentors who are to be had from other regions, in the order of their cells, and what is asked of them."""

    profiles: Profiles
    mentors: IntArray
    cell: IntArray
    cell_begin: IntArray
    cell_code: IntArray
    cover: NDArray[np.uint8]
    cover_main: NDArray[np.bool_]
    asks: list[Ask]
    region_mentor: IntArray
    region_mentee: IntArray
    special: IntArray
    threads: int = 2


def build_far(profiles: Profiles, special: IntArray) -> Far:
    """Return the mentors and the asks; ``special`` are keys of pairs left to others, ascending."""
    columns = profiles.columns
    mentors = np.flatnonzero(profiles.usable_mentor & profiles.accepts[_FEDERAL])
    mentors = mentors[np.argsort(profiles.mentor_cell[mentors], kind="stable")]
    cell = profiles.mentor_cell[mentors]
    code, begin = np.unique(cell, return_index=True)
    return Far(
        profiles=profiles,
        mentors=mentors,
        cell=cell,
        cell_begin=begin,
        cell_code=code,
        cover=columns.needs.cover[:, mentors].astype(np.uint8),
        cover_main=columns.needs.cover_main[:, mentors],
        asks=_asks(profiles),
        region_mentor=columns.places.region[columns.mentors.organisation],
        region_mentee=columns.places.region[columns.mentees.organisation],
        special=special,
    )


def _asks(profiles: Profiles) -> list[Ask]:
    """Return the groups of mentees, those in one way, of one subject and with the same main needs together."""
    needs = profiles.columns.needs
    everyone = np.flatnonzero(profiles.usable_mentee)
    bits = (needs.main_mask[everyone, None] >> np.arange(needs.width, dtype=np.uint64)) & np.uint64(1) > 0
    main = np.sort(np.where(bits, needs.need[everyone], -1), axis=1)
    key = np.concatenate(
        [
            profiles.mentee_way[everyone, None],
            profiles.mentee_subject[everyone, None],
            main,
            needs.need[everyone],
            needs.weight[everyone],
        ],
        axis=1,
    )
    order = np.lexsort(key.T[::-1])
    key, everyone = key[order], everyone[order]
    begin = np.flatnonzero(np.r_[True, (key[1:] != key[:-1]).any(axis=1)]) if len(key) else np.zeros(0, dtype=np.int64)
    end = np.r_[begin[1:], len(key)]
    return [
        Ask(
            mentees=everyone[b:e],
            way=int(key[b, 0]),
            subject=int(key[b, 1]),
            main=tuple(k for k in key[b, 2 : 2 + needs.width].tolist() if k >= 0),
        )
        for b, e in zip(begin.tolist(), end.tolist(), strict=True)
        if (key[b, 2 : 2 + needs.width] >= 0).any()
    ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """What pricing some asks found: mentees with their best net gains, and pairs that pay."""

    best: list[tuple[IntArray, IntArray]]
    edges: list[Edges]


def price_far(far: Far, price: IntArray, worth: IntArray, most: int, *, spread: bool = False) -> tuple[IntArray, Edges]:
    """Return (best net gain of every mentee, up to ``most`` pairs of each worth more than he has).

    ``spread`` takes the pairs from anywhere among the best `LIST`, so that those who ask for the same do not all get
    the same.
    """
    best = np.full(far.profiles.columns.num_mentees, REFUSED, dtype=np.int64)
    parts = _split(far.asks, 8 * far.threads)
    with ThreadPoolExecutor(far.threads) as pool:
        found = list(pool.map(lambda asks: _price_asks(far, asks, price, worth, most, spread), parts))
    for part in found:
        for who, value in part.best:
            best[who] = value
    return best, Edges.joined([edges for part in found for edges in part.edges])


def _split(asks: list[Ask], number: int) -> list[list[Ask]]:
    size = -(-len(asks) // number) if asks else 1
    return [asks[at : at + size] for at in range(0, len(asks), size)]


def _price_asks(far: Far, asks: list[Ask], price: IntArray, worth: IntArray, most: int, spread: bool) -> _Part:
    part = _Part(best=[], edges=[])
    suits = far.profiles.suit
    frame = _Frame.nobody()
    for first in range(0, len(asks), _TABLES):
        some = asks[first : first + _TABLES]
        sums, used = far.profiles.sets_of(np.array([ask.mentees[0] for ask in some]))
        for row, ask in enumerate(some):
            frame = frame if frame.fits(ask) else _frame(far, ask, price)
            if not len(frame.at):
                continue
            net = _net_gains(far, ask, frame, sums[row], used[row])
            top = np.maximum.reduceat(net, frame.begin)
            years = far.profiles.experience[ask.mentees]
            distinct, back = np.unique(years, return_inverse=True)
            best = (top[:, None] + suits[frame.code][:, distinct]).max(axis=0)[back]
            best[best < _NEVER] = REFUSED
            pays = best > worth[ask.mentees]
            for year in np.unique(years[pays]).tolist() if pays.any() else ():
                mine = np.flatnonzero(years == year)
                full = net + suits[far.cell[frame.at], year]
                best[mine] = _take(far, part, ask.mentees[mine], frame.mentors, full, price, worth, most, spread)
            part.best.append((ask.mentees, best))
    return part


_TABLES = 2_000
"""Asks whose sets of needs are worked out at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Frame:
    """Mentors who may for asks of one way, one subject and the same main needs.

    ``at`` are their positions, ``steady`` their gains less prices as far as these asks share them; ``begin`` where
    their cells begin, ``code`` which cells these are.
    """

    key: tuple[int, int, tuple[int, ...]]
    at: IntArray
    mentors: IntArray
    steady: IntArray
    begin: IntArray
    code: IntArray
    scarcest: NDArray[np.int32]

    def fits(self, ask: Ask) -> bool:
        """Return whether the mentors are those of an ask."""
        return self.key == (ask.way, ask.subject, ask.main)

    @classmethod
    def nobody(cls) -> _Frame:
        """Return the frame of no ask."""
        none = np.zeros(0, dtype=np.int64)
        return cls(
            key=(-1, -1, ()), at=none, mentors=none, steady=none, begin=none, code=none, scarcest=none.astype(np.int32)
        )


def _frame(far: Far, ask: Ask, price: IntArray) -> _Frame:
    profiles = far.profiles
    may = far.cover_main[ask.main[0]]
    for need in ask.main[1:]:
        may = may | far.cover_main[need]
    may = may & (profiles.way[ask.way] > REFUSED)[profiles.mentor_way[far.mentors]]
    at = np.flatnonzero(may)
    mentors = far.mentors[at]
    steady = profiles.way[ask.way][profiles.mentor_way[mentors]] - price[mentors] + profiles.usual
    steady += profiles.subject[ask.subject][profiles.mentor_subject[mentors]] + profiles.near[_FEDERAL, mentors]
    begin = np.searchsorted(at, far.cell_begin)
    there = np.diff(np.r_[begin, len(at)]) > 0
    return _Frame(
        key=(ask.way, ask.subject, ask.main),
        at=at,
        mentors=mentors,
        steady=steady,
        begin=begin[there],
        code=far.cell_code[there],
        scarcest=profiles.scarcest_code[mentors].astype(np.int32),
    )


def _net_gains(far: Far, ask: Ask, frame: _Frame, sums: IntArray, used: NDArray[np.float64]) -> IntArray:
    """Return the net gains of the frame's mentors for an ask, all but what experience adds."""
    profiles = far.profiles
    mine = profiles.columns.needs.need[ask.mentees[0]]
    mine = mine[mine >= 0]
    covered = np.take(far.cover[mine[0]], frame.at).astype(np.int32)
    for bit, need in enumerate(mine[1:].tolist(), start=1):
        covered |= np.take(far.cover[need], frame.at).astype(np.int32) << np.int32(bit)
    num_sets, num_scarcest = 1 << len(mine), len(profiles.scarcest)
    table = profiles.spare_gains(profiles.scarcest, used[:num_sets, None]) + sums[:num_sets, None]
    covered *= np.int32(num_scarcest)
    covered += frame.scarcest
    net = np.take(table.ravel(), covered)
    net += frame.steady
    return net


def _take(
    far: Far,
    part: _Part,
    mentees: IntArray,
    mentors: IntArray,
    net: IntArray,
    price: IntArray,
    worth: IntArray,
    most: int,
    spread: bool,
) -> IntArray:
    """Write down pairs that pay, leaving out those of one region and special ones; return the best of the others."""
    best = np.full(len(mentees), REFUSED, dtype=np.int64)
    floor = int(worth[mentees].min())
    everybody = np.flatnonzero(net > floor)
    first = everybody
    if len(everybody) > 16 * LIST:
        first = everybody[np.argpartition(-net[everybody], 16 * LIST)[: 16 * LIST]]
    first = first[np.argsort(-net[first], kind="stable")]
    for row, mentee in enumerate(mentees.tolist()):
        who = _others(far, first[net[first] > worth[mentee]], mentors, mentee)
        if not len(who) and len(first) < len(everybody):
            who = _others(far, everybody[net[everybody] > worth[mentee]], mentors, mentee)
            who = who[np.argsort(-net[who], kind="stable")]
        if not len(who):
            # Nothing is left above what he has: his best among the others is not above it either.
            best[row] = worth[mentee]
            continue
        best[row] = net[who[0]]
        length = min(len(who), LIST) if spread else len(who)
        step = max(1, length // most)
        picks = (mentee * 7919 + np.arange(most) * step) % length if spread else np.arange(min(most, length))
        who = who[np.unique(picks)]
        part.edges.append(
            Edges(mentor=mentors[who], mentee=np.full(len(who), mentee), gain=net[who] + price[mentors[who]])
        )
    return best


def _others(far: Far, who: IntArray, mentors: IntArray, mentee: int) -> IntArray:
    """Return those of ``who`` who are of another region than the mentee and no special pair with him."""
    other = far.region_mentor[mentors[who]] != far.region_mentee[mentee]
    keys = far.profiles.columns.key(mentors[who], np.full(len(who), mentee))
    return who[other & ~is_among(far.special, keys)]
