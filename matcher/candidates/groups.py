"""Groups that may be: a mentor, a theme, and everybody whose request on this theme he covers (C-08, HR-07).

A theme is a topic with its subject. A group works in one form; what it covers of a mentee are his requests on the theme
and his gaps in the block of its topic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import BLOCKS, FORMS, TOPICS, BoolArray, IntArray, Words, has_bit
from matcher.candidates.columns import Columns
from matcher.candidates.edges import Edges
from matcher.candidates.tables import GROUP
from matcher.policy import TOPIC_BLOCK
from matcher.roster import Topic

MOST_SEATS = 400_000
"""Seats kept. Beyond, every mentor keeps his most wanted themes; the build report says how many were left out."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Theme:
    """What a group works on; an empty subject is "of any subject"."""

    topic: Topic
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Possible groups and their seats.

    Per group: ``mentor``, ``theme`` (index into ``themes``), ``form``, ``min_size``, ``max_size``. Per seat: ``edge``
    (index of the pair), ``group``, ``covered`` (needs worked on), ``is_fixed`` (he sits there already).
    ``num_groups_left_out``, ``num_seats_left_out`` are those beyond the limit, ``num_without_slot`` the seats of people
    who share no free slot with the mentor.
    """

    themes: tuple[Theme, ...]
    mentor: IntArray
    theme: IntArray
    form: IntArray
    min_size: IntArray
    max_size: IntArray
    edge: IntArray
    group: IntArray
    covered: Words
    is_fixed: BoolArray
    num_groups_left_out: int
    num_seats_left_out: int
    num_without_slot: int

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.mentor)


def build_groups(
    columns: Columns, edges: Edges, slots: Words | None, running: IntArray, *, most_seats: int = MOST_SEATS
) -> Groups:
    """Return all groups that can reach their least size, and those that run already.

    ``slots`` are those of a group for every pair, where known; ``running`` the pairs fixed in a group.
    """
    themes, of_need = _themes(columns)
    seats = _seats(columns, edges, themes, of_need)
    num_without_slot = 0
    if slots is not None:
        has_slot = slots[seats.edge].any(axis=1) | np.isin(seats.edge, running)
        num_without_slot = int((~has_slot).sum())
        seats = seats.take(has_slot)
    seats = _with_running(edges, seats, running, of_other=len(themes) - 1)
    least, most = columns.policy.load.group_size
    number, mentor, code, size = _grouped(edges.mentor[seats.edge], seats.code)
    num_fixed = np.bincount(number[seats.is_fixed], minlength=len(mentor))
    kept, left_groups, left_seats = _within(mentor, size, num_fixed, least, most_seats)
    renumbered = np.cumsum(kept) - 1
    seats, group = seats.take(kept[number]), renumbered[number[kept[number]]]
    mentor, code, num_fixed = mentor[kept], code[kept], num_fixed[kept]
    return Groups(
        themes=themes,
        mentor=mentor,
        theme=code // len(FORMS),
        form=code % len(FORMS),
        min_size=np.where(num_fixed > 0, np.minimum(num_fixed, least), least),
        max_size=np.maximum(num_fixed, most),
        edge=seats.edge,
        group=group,
        covered=seats.covered,
        is_fixed=seats.is_fixed,
        num_groups_left_out=left_groups,
        num_seats_left_out=left_seats,
        num_without_slot=num_without_slot,
    )


def _themes(columns: Columns) -> tuple[tuple[Theme, ...], IntArray]:
    """Return the themes of all requests, and the theme of each need (−1: a gap); "other questions" come last."""
    listed = [None if k.is_gap else Theme(topic=TOPICS[k.topic], subject=k.subject) for k in columns.needs.key]
    other = Theme(topic=Topic.OTHER)
    wanted = {theme for theme in listed if theme is not None} - {other}
    themes = (*sorted(wanted, key=lambda theme: (TOPICS.index(theme.topic), theme.subject)), other)
    place = {theme: at for at, theme in enumerate(themes)}
    return themes, np.array([-1 if theme is None else place[theme] for theme in listed], dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seats:
    """Possible seats, by pair and code: a code is a theme in a form."""

    edge: IntArray
    code: IntArray
    covered: Words
    is_fixed: BoolArray

    def take(self, kept: BoolArray) -> _Seats:
        """Return some of the seats."""
        return _Seats(
            edge=self.edge[kept], code=self.code[kept], covered=self.covered[kept], is_fixed=self.is_fixed[kept]
        )


def _seats(columns: Columns, edges: Edges, themes: tuple[Theme, ...], of_need: IntArray) -> _Seats:
    """Return a seat for every pair and theme the mentee asks for and the mentor covers."""
    may_sit = has_bit(edges.kinds, GROUP) & (columns.mentors.max_groups[edges.mentor] > 0)
    may_sit &= ~columns.mentees.is_class[edges.mentee]
    some, codes, bits = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint64)]
    for at in range(columns.needs.width):
        bit = np.uint64(1 << at)
        here = np.flatnonzero(may_sit & (edges.covered & bit > 0))
        theme = of_need[columns.needs.need[edges.mentee[here], at]]
        here, theme = here[theme >= 0], theme[theme >= 0]
        some.append(here)
        codes.append(theme * len(FORMS) + edges.form[here])
        bits.append(np.full(len(here), bit))
    edge, code, covered = np.concatenate(some), np.concatenate(codes), np.concatenate(bits)
    order = np.lexsort((code, edge))
    edge, code, covered = edge[order], code[order], covered[order]
    if len(edge):
        first = np.flatnonzero(np.r_[True, (np.diff(edge) != 0) | (np.diff(code) != 0)])
        edge, code, covered = edge[first], code[first], np.bitwise_or.reduceat(covered, first)
    covered = covered | _gaps_of_theme(columns, edges, edge, code // len(FORMS), themes)
    return _Seats(edge=edge, code=code, covered=covered, is_fixed=np.zeros(len(edge), dtype=bool))


def _gaps_of_theme(columns: Columns, edges: Edges, edge: IntArray, theme: IntArray, themes: tuple[Theme, ...]) -> Words:
    """Return per seat the covered gaps in the block the theme works on."""
    needs = columns.needs
    blocks = [TOPIC_BLOCK[theme.topic] for theme in themes]
    block = np.array([-1 if found is None else BLOCKS.index(found) for found in blocks], dtype=np.int64)[theme]
    of_need = np.array([key.block if key.is_gap else -2 for key in needs.key] + [-2], dtype=np.int64)
    added = np.zeros(len(edge), dtype=np.uint64)
    for at in range(needs.width):
        same = of_need[needs.need[edges.mentee[edge], at]] == block
        added |= np.where(same, edges.covered[edge] & np.uint64(1 << at), np.uint64(0))
    return added


def _with_running(edges: Edges, seats: _Seats, running: IntArray, *, of_other: int) -> _Seats:
    """Return the seats with exactly one fixed seat for every pair that is fixed in a group.

    All members of a mentor's running group sit on the theme most of them ask for; one who asks for another sits there
    too. Where none of them asks for anything the group is one on other questions.
    """
    if not len(running):
        return seats
    code_of: dict[int, int] = {}
    for mentor in np.unique(edges.mentor[running]).tolist():
        members = running[edges.mentor[running] == mentor]
        found, count = np.unique(seats.code[np.isin(seats.edge, members)], return_counts=True)
        other = of_other * len(FORMS) + int(edges.form[members[0]])
        code_of |= dict.fromkeys(members.tolist(), int(found[np.argmax(count)]) if len(found) else other)
    known = set(zip(seats.edge.tolist(), seats.code.tolist(), strict=True))
    new = [(edge, code) for edge, code in sorted(code_of.items()) if (edge, code) not in known]
    edge = np.r_[seats.edge, np.array([edge for edge, _ in new], dtype=np.int64)]
    code = np.r_[seats.code, np.array([code for _, code in new], dtype=np.int64)]
    covered = np.r_[seats.covered, np.zeros(len(new), dtype=np.uint64)]
    order = np.lexsort((code, edge))
    edge, code = edge[order], code[order]
    is_fixed = np.array([code_of.get(e) == c for e, c in zip(edge.tolist(), code.tolist(), strict=True)], dtype=bool)
    return _Seats(edge=edge, code=code, covered=covered[order], is_fixed=is_fixed)


def _grouped(mentor: IntArray, code: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return (group of every seat, mentor of every group, its code, its number of seats)."""
    width = int(code.max(initial=0)) + 1
    pair, number, size = np.unique(mentor * width + code, return_inverse=True, return_counts=True)
    return number.astype(np.int64), pair // width, pair % width, size.astype(np.int64)


def _within(
    mentor: IntArray, size: IntArray, num_fixed: IntArray, least: int, most_seats: int
) -> tuple[BoolArray, int, int]:
    """Return which groups stay: all that can be filled or run, or each mentor's most wanted ones within the limit."""
    runs = num_fixed > 0
    enough = runs | (size >= least)
    if int(size[enough].sum()) <= most_seats:
        return enough, 0, 0
    order = np.lexsort((-size, ~enough, mentor))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(mentor[order], mentor[order])
    kept = enough
    for most in range(int(rank.max()), 0, -1):
        kept = enough & ((rank < most) | runs)
        if int(size[kept].sum()) <= most_seats:
            break
    left = enough & ~kept
    return kept, int(left.sum()), int(size[left].sum())
