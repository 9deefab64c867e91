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
_SAMPLED, _STEP, _TOP = 4_096, 16, 8
"""Of longer lists a sample tells from where the best begin."""
_MANY = 0.2
"""Where a greater part of the mentors has become cheaper, all are looked at at once."""
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


class FarPricing:
    """Prices all pairs of different regions, again and again, and remembers what it found.

    Where only few mentors have become cheaper since, the best of the others is no better than it was: only the cheaper
    ones are looked at, and all mentors again only for those mentees to whom one of them might now be worth more than
    what they have.
    """

    def __init__(self, far: Far) -> None:
        self._far = far
        self._price: IntArray | None = None
        self._best = np.full(far.profiles.columns.num_mentees, REFUSED, dtype=np.int64)

    def price(self, price: IntArray, worth: IntArray, most: int) -> tuple[IntArray, Edges]:
        """Return (best net gain of every mentee, up to ``most`` pairs of each worth more than he has).

        The best is exact where it exceeds ``worth``, elsewhere perhaps too high, but no higher than ``worth``.
        """
        far = self._far
        cheaper = None if self._price is None else price[far.mentors] < self._price[far.mentors]
        if cheaper is not None and cheaper.mean() > _MANY:
            cheaper = None
        question = _Question(price=price, worth=worth, most=most, cheaper=cheaper, before=self._best)
        best = np.full(len(self._best), REFUSED, dtype=np.int64)
        with ThreadPoolExecutor(far.threads) as pool:
            parts = _split(far.asks, 8 * far.threads)
            found = list(pool.map(lambda asks: _price_asks(far, asks, question), parts))
        for part in found:
            for who, value in part.best:
                best[who] = value
        self._price, self._best = price, best
        return best, Edges.joined([edges for part in found for edges in part.edges])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Question:
    """What is asked of all pairs; ``cheaper`` says of each far mentor whether he costs less than ``before``."""

    price: IntArray
    worth: IntArray
    most: int
    cheaper: NDArray[np.bool_] | None
    before: IntArray


def _split(asks: list[Ask], number: int) -> list[list[Ask]]:
    size = -(-len(asks) // number) if asks else 1
    return [asks[at : at + size] for at in range(0, len(asks), size)]


def _price_asks(far: Far, asks: list[Ask], question: _Question) -> _Part:
    part = _Part(best=[], edges=[])
    frame = cheap = _Frame.nobody()
    for first in range(0, len(asks), _TABLES):
        some = asks[first : first + _TABLES]
        sums, used = far.profiles.sets_of(np.array([ask.mentees[0] for ask in some]))
        for row, ask in enumerate(some):
            worth = question.worth[ask.mentees]
            if question.cheaper is not None:
                cheap = cheap if cheap.fits(ask) else _frame(far, ask, question.price, question.cheaper)
                now = _best_of(far, ask, cheap, _net_gains(far, ask, cheap, sums[row], used[row]))
                now = np.maximum(now, question.before[ask.mentees])
                if (now <= worth).all():
                    part.best.append((ask.mentees, now))
                    continue
            frame = frame if frame.fits(ask) else _frame(far, ask, question.price, None)
            net = _net_gains(far, ask, frame, sums[row], used[row])
            best = _best_of(far, ask, frame, net)
            years = far.profiles.experience[ask.mentees]
            for year in np.unique(years[best > worth]).tolist() if (best > worth).any() else ():
                mine = np.flatnonzero(years == year)
                full = net + far.profiles.suit[far.cell[frame.at], year]
                best[mine] = _take(far, part, ask.mentees[mine], frame.mentors, full, question)
            part.best.append((ask.mentees, best))
    return part


def _best_of(far: Far, ask: Ask, frame: _Frame, net: IntArray) -> IntArray:
    """Return the best net gain of each mentee of an ask, experience counted in."""
    if not len(net):
        return np.full(len(ask.mentees), REFUSED, dtype=np.int64)
    top = np.maximum.reduceat(net, frame.begin)
    years = far.profiles.experience[ask.mentees]
    found: IntArray = (top[:, None] + far.profiles.suit[frame.code][:, years]).max(axis=0)
    return found


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


def _frame(far: Far, ask: Ask, price: IntArray, among: NDArray[np.bool_] | None) -> _Frame:
    """Return the mentors who may for an ask, ``among`` some or all of them."""
    profiles = far.profiles
    may = far.cover_main[ask.main[0]]
    for need in ask.main[1:]:
        may = may | far.cover_main[need]
    may = may & (profiles.way[ask.way] > REFUSED)[profiles.mentor_way[far.mentors]]
    at = np.flatnonzero(may if among is None else may & among)
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
    if not len(frame.at):
        return frame.at
    mine = profiles.columns.needs.need[ask.mentees[0]]
    mine = mine[mine >= 0]
    sets = np.take(far.cover[mine[0]], frame.at)
    for bit, need in enumerate(mine[1:].tolist(), start=1):
        sets |= np.take(far.cover[need], frame.at) << np.uint8(bit)
    covered = sets.astype(np.int32)
    num_sets, num_scarcest = 1 << len(mine), len(profiles.scarcest)
    table = profiles.spare_gains(profiles.scarcest, used[:num_sets, None]) + sums[:num_sets, None]
    covered *= np.int32(num_scarcest)
    covered += frame.scarcest
    net: IntArray = np.take(table.ravel(), covered)
    net += frame.steady
    return net


def _take(far: Far, part: _Part, mentees: IntArray, mentors: IntArray, net: IntArray, question: _Question) -> IntArray:
    """Write down pairs that pay, leaving out those of one region and special ones; return the best of the others.

    They are taken from anywhere among the best `LIST`, so that those who ask for the same do not all get the same.
    """
    price, worth, most = question.price, question.worth, question.most
    best = np.full(len(mentees), REFUSED, dtype=np.int64)
    floor = int(worth[mentees].min())
    first = _first_of(net, floor)
    for row, mentee in enumerate(mentees.tolist()):
        who = _others(far, first[net[first] > worth[mentee]], mentors, mentee)
        if not len(who):
            # Those looked at first were of his region or special ones: look at everybody.
            who = _others(far, np.flatnonzero(net > worth[mentee]), mentors, mentee)
            who = who[np.argsort(-net[who], kind="stable")]
        if not len(who):
            # Nothing is left above what he has: his best among the others is not above it either.
            best[row] = worth[mentee]
            continue
        best[row] = net[who[0]]
        length = min(len(who), LIST)
        picks = (mentee * 7919 + np.arange(most) * max(1, length // most)) % length
        who = who[np.unique(np.append(picks, 0))]
        part.edges.append(
            Edges(mentor=mentors[who], mentee=np.full(len(who), mentee), gain=net[who] + price[mentors[who]])
        )
    return best


def _first_of(net: IntArray, floor: int) -> IntArray:
    """Return who is worth more than ``floor``, the best first; of very many, some of the best with the best one."""
    if len(net) > _SAMPLED:
        sample = net[::_STEP]
        floor = max(floor, int(np.partition(sample, len(sample) - _TOP)[len(sample) - _TOP]) - 1)
    first = np.flatnonzero(net > floor)
    if len(first) > _SAMPLED:
        first = np.append(first[:: len(first) // (_SAMPLED // 4)], np.argmax(net))
    found: IntArray = first[np.argsort(-net[first], kind="stable")]
    return found


def _others(far: Far, who: IntArray, mentors: IntArray, mentee: int) -> IntArray:
    """Return those of ``who`` who are of another region than the mentee and no special pair with him."""
    other = far.region_mentor[mentors[who]] != far.region_mentee[mentee]
    keys = far.profiles.columns.key(mentors[who], np.full(len(who), mentee))
    found: IntArray = who[other & ~is_among(far.special, keys)]
    return found
