"""What mentees need – requests and measured gaps – and which mentors cover it (requirements 7.5).

Every different need of the round has one number, so that "who covers it" is one table of needs by mentors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import BLOCKS, TOPICS, BoolArray, IntArray, Words
from matcher.errors import Fault, InputError
from matcher.policy import TOPIC_BLOCK, Policy
from matcher.roster import CompetenceBlock, Deficit, Mentee, Request, Topic
from matcher.texts import text

MOST_NEEDS = 64
"""Needs of one mentee that fit the bit sets."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class NeedKey:
    """One need: a request on a topic (of a subject, or of any), or a gap in a block up to a target level."""

    is_gap: bool
    topic: int = -1
    subject: str = ""
    block: int = -1
    target: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Needs:
    """The needs of a round.

    ``key`` lists the different needs. Per mentee, padded to the most of one mentee (num_mentees, width), the most
    urgent first: ``need`` (−1: none), ``weight`` for SO-02, ``source`` (index among his requests or deficits).
    ``main_mask`` (num_mentees,) has the bits HR-04 asks for, ``reverse_mask`` those of new technologies (HR-08).
    ``cover``, ``cover_main`` (num_needs, num_mentors) say who covers a need, and who does so at the level of HR-04 (one
    object where nothing differs). ``num_unnamed`` counts the requests on topics that do not belong to the policy.
    """

    key: tuple[NeedKey, ...]
    need: IntArray
    weight: IntArray
    source: IntArray
    main_mask: Words
    cover: BoolArray
    cover_main: BoolArray
    reverse_mask: Words
    num_unnamed: int

    @property
    def width(self) -> int:
        """Return the most needs of one mentee."""
        return int(self.need.shape[1])


def request_weight(priority: int) -> int:
    """Return what a covered request counts in SO-02: 3, 2, 1 for priority 1, 2, 3."""
    return max(1, 4 - priority)


def gap_weight(gap: int) -> int:
    """Return what a closed gap counts in SO-02: one level as priority 3, two as priority 2, more as priority 1."""
    return min(3, gap)


def build_needs(mentees: list[Mentee], policy: Policy, covers: Covers) -> Needs:
    """Return the needs of all mentees and who covers them.

    Raises
    ------
    InputError
        When a mentee has more than 64 requests and deficits.
    """
    lists, unnamed = _lists(mentees, policy)
    too_many = [mentee.person for mentee, mine in zip(mentees, lists, strict=True) if len(mine) > MOST_NEEDS]
    if too_many:
        many = text("more than {most} requests and deficits", most=MOST_NEEDS)
        raise InputError([Fault(id_, many, text("leave the most urgent ones")) for id_ in too_many])
    keys = tuple(sorted({key for mine in lists for _, key, _, _ in mine}))
    code = {key: at for at, key in enumerate(keys)}
    shape = (len(mentees), max((len(mine) for mine in lists), default=0))
    need, weight, source = (np.full(shape, fill, dtype=np.int64) for fill in (-1, 0, -1))
    main = np.zeros(len(mentees), dtype=np.uint64)
    for row, mine in enumerate(lists):
        for at, (_, key, count, origin) in enumerate(mine):
            need[row, at], weight[row, at], source[row, at] = code[key], count, origin
        main[row] = _main_bits(mine)
    cover = np.array([covers.at(key, policy.thresholds.min_level) for key in keys], dtype=bool)
    cover = cover.reshape(len(keys), covers.num_mentors)
    rule = policy.rule("HR-04")
    floor = rule.number("min_mentor_level") if rule.on else 0
    least = max(policy.thresholds.min_level, floor)
    cover_main = np.array([covers.at(key, least, floor) for key in keys], dtype=bool).reshape(cover.shape)
    return Needs(
        key=keys,
        need=need,
        weight=weight,
        source=source,
        main_mask=main,
        cover=cover,
        cover_main=cover if np.array_equal(cover, cover_main) else cover_main,
        reverse_mask=np.array([_reverse_bits(mine) for mine in lists], dtype=np.uint64),
        num_unnamed=unnamed,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covers:
    """What mentors offer: ``topics`` (num_mentors,) masks, ``levels`` (num_mentors, num_blocks), subjects as sets."""

    topics: IntArray
    levels: IntArray
    subjects: list[frozenset[str]]

    @property
    def num_mentors(self) -> int:
        """Return the number of mentors."""
        return len(self.topics)

    def at(self, key: NeedKey, min_level: int, gap_level: int = 0) -> BoolArray:
        """Return which mentors cover a need: topic, subject and ``min_level``, or a gap's target (or ``gap_level``)."""
        if key.is_gap:
            closes: BoolArray = self.levels[:, key.block] >= max(key.target, gap_level)
            return closes
        offers: BoolArray = (self.topics >> key.topic) & 1 > 0
        block = TOPIC_BLOCK[TOPICS[key.topic]]
        if block is not None:
            offers &= self.levels[:, BLOCKS.index(block)] >= min_level
        if key.subject:
            offers &= np.array([key.subject in mine for mine in self.subjects], dtype=bool)
        return offers


_Need = tuple[tuple[int, int, int], NeedKey, int, int]


def _lists(mentees: list[Mentee], policy: Policy) -> tuple[list[list[_Need]], int]:
    """Return per mentee (order, key, weight, source), the most urgent first, and how many requests do not count."""
    found, unnamed = [], 0
    for mentee in mentees:
        mine = []
        for at, request in enumerate(mentee.requests):
            if not policy.is_topic_named(request.topic):
                unnamed += 1
                continue
            order = (0, request.priority, at)
            mine.append((order, _request_key(request, policy), request_weight(request.priority), at))
        for at, deficit in enumerate(mentee.deficits):
            if deficit.gap:
                mine.append(((1, -deficit.gap, at), _gap_key(deficit), gap_weight(deficit.gap), at))
        found.append(sorted(mine, key=lambda entry: entry[0]))
    return found, unnamed


def _request_key(request: Request, policy: Policy) -> NeedKey:
    subject = policy.subjects.main(request.subject) if request.subject else ""
    return NeedKey(is_gap=False, topic=TOPICS.index(request.topic), subject=subject)


def _gap_key(deficit: Deficit) -> NeedKey:
    return NeedKey(is_gap=True, block=BLOCKS.index(deficit.competence), target=deficit.target)


def _main_bits(mine: list[_Need]) -> int:
    """Return the bits of HR-04: the requests of priority 1, else the gaps, else the most urgent requests there are."""
    bits = {at: (order, key) for at, (order, key, _, _) in enumerate(mine)}
    first = [at for at, (order, key) in bits.items() if not key.is_gap and order[1] == 1]
    gaps = [at for at, (_, key) in bits.items() if key.is_gap]
    best = min((order[1] for order, key in bits.values() if not key.is_gap), default=None)
    rest = [at for at, (order, key) in bits.items() if not key.is_gap and order[1] == best]
    return sum(1 << at for at in first or gaps or rest)


def _reverse_bits(mine: list[_Need]) -> int:
    return sum(1 << at for at, (_, key, _, _) in enumerate(mine) if _is_new_technology(key))


def _is_new_technology(key: NeedKey) -> bool:
    if key.is_gap:
        return BLOCKS[key.block] is CompetenceBlock.DIGITAL
    return TOPICS[key.topic] is Topic.DIGITAL
