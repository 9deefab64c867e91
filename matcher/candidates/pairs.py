"""All allowed pairs of a round with their points and common free time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.blocks import Block, each_block
from matcher.candidates.codes import CONTOURS, MODES, BoolArray, IntArray, Points, Words, has_bit
from matcher.candidates.columns import Columns
from matcher.candidates.criteria import CRITERIA, Scene, criterion_points, scarcest_of, scarcity_of
from matcher.candidates.edges import Edges, SideForms, joined
from matcher.candidates.tables import IN_PERSON, INSIDE_IN_PERSON, KindTables
from matcher.policy_words import ContourMode
from matcher.roster import Contour, SessionMode
from matcher.timegrid import Busy

_ORGANISATION = CONTOURS.index(Contour.ORGANISATION)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FreeTime:
    """Free slots of both registers as bit sets (num_people, num_words), in person and online; who is known."""

    mentor_inside: Words
    mentor_online: Words
    mentee_inside: Words
    mentee_online: Words
    mentor_known: BoolArray
    mentee_known: BoolArray

    @property
    def num_words(self) -> int:
        """Return the length of a bit set in words."""
        return int(self.mentor_inside.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Allowed pairs, by mentee and mentor.

    ``lifted`` and ``asks_main`` are as in :class:`matcher.candidates.blocks.Block`; ``points`` is of shape
    (num_criteria, num_pairs), ``common`` (num_pairs, num_words) free slots in common, None where no times are known;
    ``time_known`` says that those of both are. ``refused`` counts refused pairs by requirement, ``num_left_out``
    allowed pairs that were not kept.
    """

    edges: Edges
    lifted: IntArray
    asks_main: BoolArray
    points: Points
    common: Words | None
    time_known: BoolArray
    refused: IntArray
    num_looked_at: int
    num_left_out: int


def free_time(columns: Columns, busy: Busy) -> FreeTime:
    """Return the free slots of mentors and mentees."""
    mentor_inside, mentor_known = busy.free(columns.mentor_id, online=False)
    mentee_inside, mentee_known = busy.free(columns.mentee_id, online=False)
    return FreeTime(
        mentor_inside=mentor_inside,
        mentor_online=busy.free(columns.mentor_id, online=True)[0],
        mentee_inside=mentee_inside,
        mentee_online=busy.free(columns.mentee_id, online=True)[0],
        mentor_known=mentor_known,
        mentee_known=mentee_known,
    )


def build_pairs(
    columns: Columns,
    sides: SideForms,
    tables: KindTables,
    free: FreeTime | None,
    *,
    keep: int | None = None,
    fixed: IntArray | None = None,
) -> Pairs:
    """Return every allowed pair of the round, or with ``keep`` the most promising ones of every mentee.

    Then, of each mentee, stay the ``keep`` best pairs with a first mentor, a quarter as many with a second one, those
    that an override speaks of, and those whose keys are ``fixed``.
    """
    scarcity = scarcity_of(columns.needs.cover, _wanted(columns))
    scarcest = scarcest_of(columns.needs.cover, scarcity)
    blocks: list[Block] = []
    points: list[Points] = []
    common: list[Words] = []
    num_left_out = 0
    for number, block in enumerate(each_block(columns, sides)):
        shared = None if free is None else common_slots(block.edges, tables, free)
        scene = Scene(scarcity=scarcity, scarcest=scarcest, common=shared)
        told = criterion_points(block.edges, scene).astype(np.int16)
        if keep is not None and number > 0:
            stays = _most_promising(block, told, keep)
            stays |= np.isin(block.edges.key, np.zeros(0) if fixed is None else fixed)
            num_left_out += int((~stays).sum())
            block, told = block.take(stays), told[:, stays]
            shared = None if shared is None else shared[stays]
        blocks.append(block)
        points.append(told)
        if shared is not None:
            common.append(shared)
    edges = joined(columns, [block.edges for block in blocks])
    order = np.lexsort((edges.mentor, edges.mentee))
    edges = edges.take(order)
    known = np.zeros(len(edges), dtype=bool)
    if free is not None:
        known = free.mentor_known[edges.mentor] & free.mentee_known[edges.mentee]
    return Pairs(
        edges=edges,
        lifted=np.concatenate([block.lifted for block in blocks])[order],
        asks_main=np.concatenate([block.asks_main for block in blocks])[order],
        points=np.concatenate(points, axis=1)[:, order],
        common=np.concatenate(common)[order] if free is not None else None,
        time_known=known,
        refused=np.sum([block.refused for block in blocks], axis=0),
        num_looked_at=sum(block.num_looked_at for block in blocks),
        num_left_out=num_left_out,
    )


def _most_promising(block: Block, points: Points, keep: int) -> BoolArray:
    """Return the best pairs of each mentee by weighted points: ``keep`` for a first mentor, a quarter for a second.

    Where inside mentors go first, they do so here too.
    """
    edges, policy = block.edges, block.edges.columns.policy
    weights = np.array([policy.weights[rule.rule] for rule in CRITERIA])
    second = block.asks_main & (edges.covered_main == 0)
    outside = (edges.contour != _ORGANISATION) & (policy.contours.mode is ContourMode.INTERNAL_FIRST)
    order = np.lexsort((edges.mentor, -(weights @ points.astype(np.int64)), outside, second, edges.mentee))
    mentee, is_second = edges.mentee[order], second[order]
    kind = 2 * mentee + is_second
    rank = np.arange(len(order)) - np.searchsorted(kind, kind)
    stays = np.zeros(len(order), dtype=bool)
    stays[order] = rank < np.where(is_second, keep // 4, keep)
    return stays


def _wanted(columns: Columns) -> IntArray:
    """Return how many mentees have each need."""
    need = columns.needs.need
    return np.bincount(need[need >= 0], minlength=len(columns.needs.key))


def accept_online(edges: Edges) -> BoolArray:
    """Return whether both accept to meet online."""
    both = edges.columns.mentors.modes[edges.mentor], edges.columns.mentees.modes[edges.mentee]
    online, mixed = MODES.index(SessionMode.ONLINE), MODES.index(SessionMode.MIXED)
    mentor, mentee = (has_bit(side, online) | has_bit(side, mixed) for side in both)
    return mentor & mentee


def common_slots(edges: Edges, tables: KindTables, free: FreeTime) -> Words:
    """Return the free slots both share, shape (num_pairs, num_words).

    Where the kind meets in person (or online is not accepted) these are the slots when both are in the building; where
    there is none of them and online is accepted, and in all other pairs, those when both can be reached.
    """
    mode = np.where(edges.kind >= 0, tables.mode[edges.kind, edges.form], -1)
    columns = edges.columns
    same_place = columns.mentors.organisation[edges.mentor] == columns.mentees.organisation[edges.mentee]
    online = accept_online(edges) & (mode != IN_PERSON)
    inside = ~online | ((mode == INSIDE_IN_PERSON) & same_place)
    in_building = free.mentor_inside[edges.mentor] & free.mentee_inside[edges.mentee]
    reachable = free.mentor_online[edges.mentor] & free.mentee_online[edges.mentee]
    inside &= in_building.any(axis=1) | ~online
    return np.where(inside[:, None], in_building, reachable)


def group_slots(edges: Edges, free: FreeTime) -> Words:
    """Return the slots in which the mentee can come to a group of the mentor: a room, or online where both accept."""
    in_building = free.mentor_inside[edges.mentor] & free.mentee_inside[edges.mentee]
    reachable = free.mentor_online[edges.mentor] & free.mentee_online[edges.mentee]
    return np.where(accept_online(edges)[:, None], reachable, in_building)
